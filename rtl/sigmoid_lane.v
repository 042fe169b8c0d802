// Sigmoid of one lane: table of 2^(16-FRAC_BITS) segments over [0, 16), linear interpolation,
// symmetric about 0. Three registers: align, table, product; the activation is combinational
// behind the third. Input: sum with 12 - shift_i fractional bits.
`default_nettype none
`include "registers.vh"
module sigmoid_lane #(
  parameter ACT_BITS   = 16,
  parameter TABLE_BITS = 9     // address bits; the other 16 - TABLE_BITS interpolate
) (
  input  wire                  clk_i,
  input  wire                  en_i,
  input  wire signed [31:0]    sum_i,
  input  wire signed [5:0]     shift_i,       // left shift that makes Q4.12 of the sum, -12 .. 20
  output wire [ACT_BITS-1:0]   activation_o,  // three cycles after sum_i
  // table load: {rise, value} of a segment
  input  wire                  table_we_i,
  input  wire [TABLE_BITS-1:0] table_addr_i,
  input  wire [27:0]           table_data_i
);
  localparam FRAC_BITS = 16 - TABLE_BITS;
  localparam [ACT_BITS:0] ONE = 1 << ACT_BITS;

  // align
  wire [31:0] magnitude = sum_i[31] ? 32'd0 - sum_i : sum_i;
  wire [4:0]  right = 5'd0 - shift_i[4:0];
  wire [4:0]  left = shift_i[4:0];
  wire [35:0] shifted_left = {20'd0, magnitude[15:0]} << left;
  wire        over_left = |magnitude[31:16] || |shifted_left[35:16];
  wire [32:0] half = 33'd1 << (right - 5'd1);
  wire [32:0] shifted_right = ({1'b0, magnitude} + half) >> right;
  wire [15:0] aligned = shift_i[5] ? (|shifted_right[32:16] ? 16'hffff : shifted_right[15:0])
                                   : (over_left ? 16'hffff : shifted_left[15:0]);
  reg  [15:0] mag1_q;
  reg         neg1_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      mag1_q <= aligned;
      neg1_q <= sum_i[31];
    end
  end

  // table
  reg  [FRAC_BITS-1:0] frac2_q;
  reg                  neg2_q;
  wire [27:0]          entry;
  ram_1r1w #(.WIDTH(28), .ADDR_BITS(TABLE_BITS)) u_table (
    .clk_i   (clk_i),
    .re_i    (en_i),
    .raddr_i (mag1_q[15:FRAC_BITS]),
    .rdata_o (entry),
    .we_i    (table_we_i),
    .waddr_i (table_addr_i),
    .wdata_i (table_data_i)
  );
  always @(posedge clk_i) begin
    if (en_i) begin
      frac2_q <= mag1_q[FRAC_BITS-1:0];
      neg2_q  <= neg1_q;
    end
  end

  // product
  localparam PRODUCT_BITS = 11 + FRAC_BITS;
  wire [PRODUCT_BITS-1:0] product = entry[`DPU_TABLE_RISE] * frac2_q;
  reg  [PRODUCT_BITS-1:0] product3_q;
  reg  [16:0]             base3_q;
  reg                     neg3_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      product3_q <= product;
      base3_q    <= entry[`DPU_TABLE_VALUE];
      neg3_q     <= neg2_q;
    end
  end
  localparam [PRODUCT_BITS-1:0] ROUND = 1 << (FRAC_BITS - 1);
  wire [PRODUCT_BITS-1:0] rounded = (product3_q + ROUND) >> FRAC_BITS;
  wire [16:0] positive = base3_q + {6'd0, rounded[10:0]};
  wire [ACT_BITS:0] value = neg3_q ? ONE - positive[ACT_BITS:0] : positive[ACT_BITS:0];
  assign activation_o = value[ACT_BITS] ? {ACT_BITS{1'b1}} : value[ACT_BITS-1:0];

  // zero by the table's contents
  wire unused = &{1'b0, rounded[PRODUCT_BITS-1:11], positive};
endmodule
`default_nettype wire

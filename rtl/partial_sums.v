// Accumulators of a layer's outputs: a word of LANES sums a cycle. A beat given with add_valid_i is
// added (or subtracted, or put in place of the old sum) a cycle later.
`default_nettype none
module partial_sums #(
  parameter LANES     = 16,
  parameter WORD_BITS = 8
) (
  input  wire                 clk_i,
  input  wire                 rst_ni,
  input  wire                 en_i,
  input  wire                 add_valid_i,
  input  wire                 add_first_i,     // starts the sum anew
  input  wire                 add_negative_i,
  input  wire [WORD_BITS-1:0] word_i,          // of the beat, and of the read
  input  wire [LANES*32-1:0]  add_i,           // a cycle after add_valid_i
  output wire [LANES*32-1:0]  sum_o,           // of word_i, a cycle after
  input  wire                 put_i,           // writes put_data_i, never with a beat on its way
  input  wire [WORD_BITS-1:0] put_word_i,
  input  wire [LANES*32-1:0]  put_data_i
);
  reg                 valid_q, first_q, negative_q;
  reg [WORD_BITS-1:0] word_q;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (en_i) valid_q <= add_valid_i;
  end
  always @(posedge clk_i) begin
    if (en_i) begin
      first_q    <= add_first_i;
      negative_q <= add_negative_i;
      word_q     <= word_i;
    end
  end
  wire [LANES*32-1:0] added;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : gen_lane
      wire [31:0] old = first_q ? 32'd0 : sum_o[l*32 +: 32];
      assign added[l*32 +: 32] = negative_q ? old - add_i[l*32 +: 32] : old + add_i[l*32 +: 32];
    end
  endgenerate
  ram_1r1w #(.WIDTH(LANES * 32), .ADDR_BITS(WORD_BITS)) u_ram (
    .clk_i   (clk_i),
    .re_i    (en_i),
    .raddr_i (word_i),
    .rdata_o (sum_o),
    .we_i    (en_i && (valid_q || put_i)),
    .waddr_i (valid_q ? word_q : put_word_i),
    .wdata_i (valid_q ? added : put_data_i)
  );
endmodule
`default_nettype wire

// Error arithmetic of one lane: times derivative (two registers, saturation behind the second), and
// scaling by the shared exponent, times the rate's mantissa (two registers). The two halves are used
// in different passes.
`default_nettype none
module error_lane #(
  parameter ACT_BITS = 16,
  parameter ERR_BITS = 12
) (
  input  wire                       clk_i,
  input  wire                       en_i,
  // derivative
  input  wire                       keep_i,       // 0: a lane without output gives 0
  input  wire                       derive_i,     // 0: factor 1
  input  wire signed [31:0]         sum_i,
  input  wire [ACT_BITS-1:0]        activation_i,
  output wire signed [31:0]         raw_o,        // two cycles after
  // scaling
  input  wire signed [31:0]         raw_i,
  input  wire signed [5:0]          shift_i,      // right by this, 1 - ERR_BITS + 1 .. 31
  input  wire [11:0]                mantissa_i,
  output reg  signed [ERR_BITS-1:0] scaled_o,     // two cycles after
  output reg  signed [ERR_BITS-1:0] rated_o       // two cycles after
);
  // derivative a (1 - a), rounded half up
  localparam [ACT_BITS:0] ONE = 1 << ACT_BITS;
  localparam [2*ACT_BITS:0] HALF = 1 << (ACT_BITS - 1);
  wire [ACT_BITS:0]   complement = ONE - {1'b0, activation_i};
  wire [2*ACT_BITS:0] square = activation_i * complement + HALF;
  reg  [ACT_BITS-1:0] slope_q;
  reg  signed [31:0]  sum_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      slope_q <= derive_i ? square[2*ACT_BITS-1:ACT_BITS] : {{(ACT_BITS - 1){1'b0}}, 1'b1};
      sum_q   <= keep_i ? sum_i : 32'sd0;
    end
  end
  reg signed [32+ACT_BITS:0] product_q;
  always @(posedge clk_i) begin
    if (en_i) product_q <= sum_q * $signed({1'b0, slope_q});
  end
  wire fits = &product_q[32+ACT_BITS:31] || ~|product_q[32+ACT_BITS:31];
  wire lowest = product_q[32+ACT_BITS] && fits && ~|product_q[30:0];
  assign raw_o = !fits || lowest ? (product_q[32+ACT_BITS] ? -32'sd2147483647 : 32'sd2147483647)
                                 : product_q[31:0];

  // scaling: half away from zero, saturated
  wire [4:0]         right = shift_i[4:0];
  wire [4:0]         left = 5'd0 - shift_i[4:0];
  wire signed [32:0] half = shift_i == 6'sd0 ? 33'sd0 : 33'sd1 <<< (right - 5'd1);
  wire signed [32:0] tie = shift_i != 6'sd0 && raw_i[31] ? -33'sd1 : 33'sd0;
  wire signed [32:0] shifted = ($signed({raw_i[31], raw_i}) + half + tie) >>> right;
  wire signed [ERR_BITS-1:0] widened = raw_i[ERR_BITS-1:0] <<< left;
  wire               bounded = &shifted[32:ERR_BITS-1] || ~|shifted[32:ERR_BITS-1];
  wire               over = !bounded || (shifted[32] && ~|shifted[ERR_BITS-2:0]);
  localparam signed [ERR_BITS-1:0] MAX = {1'b0, {(ERR_BITS - 1){1'b1}}};
  wire signed [ERR_BITS-1:0] limited = over ? (raw_i[31] ? -MAX : MAX) : shifted[ERR_BITS-1:0];
  reg signed [ERR_BITS-1:0] scaled_q;
  always @(posedge clk_i) begin
    if (en_i) scaled_q <= shift_i[5] ? widened : limited;
  end

  // rate: half away from zero
  wire signed [ERR_BITS+12:0] rated = scaled_q * $signed({1'b0, mantissa_i});
  wire signed [ERR_BITS+12:0] rounded =
      rated + $signed({{(ERR_BITS + 1){1'b0}}, rated[ERR_BITS+12] ? 12'd2047 : 12'd2048});
  always @(posedge clk_i) begin
    if (en_i) begin
      rated_o  <= rounded[ERR_BITS+11:12];
      scaled_o <= scaled_q;
    end
  end
  // the bits rounded away, and signs repeated above them
  wire unused = &{1'b0, square, rounded};
endmodule
`default_nettype wire

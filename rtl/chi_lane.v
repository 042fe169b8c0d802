// One lane of the update engine, four registers deep: product, aligned and rounded change, sum,
// pulses and residual.
`default_nettype none
module chi_lane #(
  parameter LAYERS     = 4,
  parameter LAYER_BITS = 2,
  parameter ERR_BITS   = 12,
  parameter DAC_BITS   = 8,
  parameter CHI_BITS   = 16,
  parameter FRAC_BITS  = 13
) (
  input  wire                       clk_i,
  input  wire                       en_i,          // moves the first three registers
  input  wire                       settle_i,      // moves the last
  input  wire [LAYER_BITS-1:0]      layer_i,
  input  wire                       stochastic_i,
  input  wire signed [5:0]          shift_i,       // right by this, -30 .. 30
  input  wire [7:0]                 max_pulses_i,
  input  wire [DAC_BITS-1:0]        code_i,
  input  wire signed [ERR_BITS-1:0] error_i,
  input  wire signed [CHI_BITS-1:0] chi_i,         // with code_i and error_i
  input  wire                       valid2_i,      // a word is in the second stage: its random word is used up
  output reg  signed [CHI_BITS-1:0] residual_o,    // four cycles after
  output reg  signed [8:0]          pulses_o,
  output reg                        saturated_o,
  // generators
  input  wire                       seed_we_i,
  input  wire [LAYER_BITS-1:0]      seed_layer_i,
  input  wire [31:0]                seed_i
);
  localparam PRODUCT_BITS = DAC_BITS + ERR_BITS + 1;
  localparam WIDE_BITS = PRODUCT_BITS + 31;

  reg signed [PRODUCT_BITS-1:0] product1_q;
  reg signed [CHI_BITS-1:0]     chi1_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      product1_q <= $signed({1'b0, code_i}) * error_i;
      chi1_q     <= chi_i;
    end
  end

  // 32-bit xorshift
  reg  [31:0] state_q [0:LAYERS-1];
  wire [31:0] state = state_q[layer_i];
  wire [31:0] step1 = state ^ (state << 13);
  wire [31:0] step2 = step1 ^ (step1 >> 17);
  wire [31:0] random = step2 ^ (step2 << 5);
  always @(posedge clk_i) begin
    if (seed_we_i) state_q[seed_layer_i] <= seed_i;
    else if (en_i && valid2_i) state_q[layer_i] <= random;
  end

  // alignment: right with rounding, or left
  wire [4:0]         right = shift_i[4:0];
  wire [4:0]         left = 5'd0 - shift_i[4:0];
  wire signed [32:0] product33 = {{(33 - PRODUCT_BITS){product1_q[PRODUCT_BITS-1]}}, product1_q};
  wire [31:0]        mask = ~(32'hffffffff << right);
  wire signed [32:0] half = right == 5'd0 ? 33'sd0 : 33'sd1 <<< (right - 5'd1);
  wire signed [32:0] tie = right != 5'd0 && product1_q[PRODUCT_BITS-1] ? -33'sd1 : 33'sd0;
  wire signed [32:0] added = stochastic_i ? $signed({1'b0, random & mask}) : half + tie;
  wire signed [32:0] shifted = (product33 + added) >>> right;
  wire signed [WIDE_BITS-1:0] wide =
      {{31{product1_q[PRODUCT_BITS-1]}}, product1_q} <<< left;
  wire               fits = &wide[WIDE_BITS-1:31] || ~|wide[WIDE_BITS-1:31];
  wire               lowest = wide[WIDE_BITS-1] && fits && ~|wide[30:0];
  wire signed [31:0] limited =
      !fits || lowest ? (wide[WIDE_BITS-1] ? -32'sd2147483647 : 32'sd2147483647) : wide[31:0];
  reg  signed [31:0] delta2_q;
  reg  signed [CHI_BITS-1:0] chi2_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      delta2_q <= shift_i[5] ? limited : shifted[31:0];
      chi2_q   <= chi1_q;
    end
  end

  reg signed [32:0] sum3_q;
  always @(posedge clk_i) begin
    if (en_i) sum3_q <= {{(33 - CHI_BITS){chi2_q[CHI_BITS-1]}}, chi2_q} + {delta2_q[31], delta2_q};
  end

  // threshold toward zero, bound, residual
  wire        negative = sum3_q[32];
  wire [32:0] magnitude = negative ? 33'd0 - sum3_q : sum3_q;
  wire [32:0] crossings = magnitude >> FRAC_BITS;
  wire [7:0]  count = |crossings[32:8] || crossings[7:0] > max_pulses_i ? max_pulses_i
                                                                       : crossings[7:0];
  wire [32:0] paid = {25'd0, count} << FRAC_BITS;
  wire [32:0] rest = magnitude - paid;
  localparam [CHI_BITS-2:0] REST_MAX = {(CHI_BITS - 1){1'b1}};
  wire        over = |rest[32:CHI_BITS-1];
  wire [CHI_BITS-2:0] kept = over ? REST_MAX : rest[CHI_BITS-2:0];
  always @(posedge clk_i) begin
    if (settle_i) begin
      residual_o  <= negative ? -{1'b0, kept} : {1'b0, kept};
      pulses_o    <= negative ? -{1'b0, count} : {1'b0, count};
      saturated_o <= over;
    end
  end
  // a sign repeated
  wire unused = &{1'b0, shifted[32]};
endmodule
`default_nettype wire

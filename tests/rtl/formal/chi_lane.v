// Properties of chi_lane at the reference chip's widths, against the table of widths.
`default_nettype none
module prove_chi_lane (
  input wire               clk_i,
  input wire               stochastic_i,
  input wire signed [5:0]  shift_i,
  input wire [7:0]         max_pulses_i,
  input wire [7:0]         code_i,
  input wire signed [11:0] error_i,
  input wire signed [15:0] chi_i
);
  `include "prove.vh"
  wire signed [15:0] residual;
  wire signed [8:0]  pulses;
  wire               saturated;
  reg                stochastic;
  reg  signed [5:0]  shift;
  reg  [7:0]         max_pulses;
  chi_lane u_lane (
    .clk_i        (clk_i),
    .en_i         (1'b1),
    .settle_i     (1'b1),
    .layer_i      (2'd0),
    .stochastic_i (stochastic),
    .shift_i      (shift),
    .max_pulses_i (max_pulses),
    .code_i       (code_i),
    .error_i      (error_i),
    .chi_i        (chi_i),
    .valid2_i     (1'b1),
    .residual_o   (residual),
    .pulses_o     (pulses),
    .saturated_o  (saturated),
    .seed_we_i    (1'b0),
    .seed_layer_i (2'd0),
    .seed_i       (32'd0)
  );
  // chi and the product of three and four cycles before
  reg signed [20:0] product1, product2, product3, product4;
  reg signed [15:0] chi1, chi2, chi3, chi4;
  reg [2:0]         age = 3'd0;
  always @(posedge clk_i) begin
    if (!rst_n) {stochastic, shift, max_pulses} <= {stochastic_i, shift_i, max_pulses_i};
    if (rst_n && age != 3'd4) age <= age + 3'd1;
    product1 <= $signed({1'b0, code_i}) * error_i;
    {product2, product3, product4} <= {product1, product2, product3};
    {chi1, chi2, chi3, chi4} <= {chi_i, chi1, chi2, chi3};
  end
  wire signed [39:0] paid = pulses * 40'sd8192 + residual;   // 2^FRAC_BITS
  wire signed [39:0] change = paid - chi4;
  wire [20:0]        size = product4[20] ? 21'd0 - product4 : product4;
  wire [39:0]        away = shift == 6'sd0 ? {19'd0, size} : ({19'd0, size} + (40'd1 << (shift[4:0] - 5'd1))) >> shift[4:0];
  wire signed [39:0] nearest = product4[20] ? -$signed(away) : $signed(away);
  wire signed [39:0] floor = $signed({{19{product4[20]}}, product4}) >>> shift[4:0];
  wire               right = shift >= 6'sd0;
  always @* begin
    assume (shift_i >= -6'sd30 && shift_i <= 6'sd30);
    if (age == 3'd4) begin
      bounded: assert (residual >= -16'sd32767);
      counted: assert (pulses <= $signed({1'b0, max_pulses}) && pulses >= -$signed({1'b0, max_pulses}));
      toward_zero: assert (pulses == 9'sd0 || residual == 16'sd0 || pulses[8] == residual[15]);
      threshold: assert (saturated || pulses == $signed({1'b0, max_pulses}) || pulses == -$signed({1'b0, max_pulses}) ||
                         (residual < 16'sd8192 && residual > -16'sd8192));
      nearest_kept: assert (saturated || stochastic || !right || change == nearest);
      random_kept: assert (saturated || !stochastic || !right || change == floor || change == floor + 40'sd1);
    end
  end
endmodule
`default_nettype wire

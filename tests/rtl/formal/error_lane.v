// Properties of error_lane at the reference chip's widths, against the table of widths.
`default_nettype none
module prove_error_lane (
  input wire               clk_i,
  input wire               keep_i,
  input wire               derive_i,
  input wire signed [31:0] sum_i,
  input wire [15:0]        activation_i,
  input wire signed [31:0] raw_i,
  input wire signed [5:0]  shift_i,
  input wire [11:0]        mantissa_i
);
  `include "prove.vh"
  wire signed [31:0] raw;
  wire signed [11:0] scaled, rated;
  error_lane u_lane (
    .clk_i        (clk_i),
    .en_i         (1'b1),
    .keep_i       (keep_i),
    .derive_i     (derive_i),
    .sum_i        (sum_i),
    .activation_i (activation_i),
    .raw_o        (raw),
    .raw_i        (raw_i),
    .shift_i      (shift_i),
    .mantissa_i   (mantissa_i),
    .scaled_o     (scaled),
    .rated_o      (rated)
  );
  reg               kept1, kept2, derived1, derived2;
  reg signed [31:0] sum1, sum2, raw1, raw2;
  reg signed [5:0]  shift1, shift2;
  reg [2:0]         age = 3'd0;
  always @(posedge clk_i) begin
    {kept1, kept2} <= {keep_i, kept1};
    {derived1, derived2} <= {derive_i, derived1};
    {sum1, sum2, raw1, raw2} <= {sum_i, sum1, raw_i, raw1};
    {shift1, shift2} <= {shift_i, shift1};
    if (rst_n && age != 3'd4) age <= age + 3'd1;
  end
  wire [32:0]        size = raw2[31] ? 33'd0 - {1'b1, raw2} : {1'b0, raw2};
  wire [32:0]        away = shift2 == 6'sd0 ? size : (size + (33'd1 << (shift2[4:0] - 5'd1))) >> shift2[4:0];
  wire [10:0]        limited = away > 33'd2047 ? 11'd2047 : away[10:0];
  wire signed [11:0] expected = raw2[31] ? -$signed({1'b0, limited}) : $signed({1'b0, limited});
  wire [11:0]        size_scaled = scaled[11] ? 12'd0 - scaled : scaled;
  always @* begin
    assume (shift_i >= -6'sd10 && shift_i <= 6'sd20);
    assume (raw_i != 32'sh80000000 && sum_i != 32'sh80000000);
    assume (mantissa_i[11]);
    // a left shift comes with magnitudes of which the shared exponent says that they fit
    assume (!shift_i[5] || (raw_i >>> (6'sd11 + shift_i) == 32'sd0) || (raw_i >>> (6'sd11 + shift_i) == -32'sd1));
    if (age == 3'd4) begin
      raw_bounded: assert (raw != 32'sh80000000);
      raw_sign: assert (raw == 32'sd0 || raw[31] == sum2[31]);
      raw_masked: assert (kept2 || raw == 32'sd0);
      raw_kept: assert (derived2 || !kept2 || raw == sum2);
      scaled_nearest: assert (shift2[5] || scaled == expected);
      scaled_bounded: assert (shift2[5] || size_scaled <= 12'd2047);
      rated_sign: assert (rated == 12'sd0 || rated[11] == scaled[11]);
    end
  end
endmodule
`default_nettype wire

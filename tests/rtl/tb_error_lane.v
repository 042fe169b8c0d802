// Bench of error_lane, both halves side by side. A line: {keep, derive, sum 32, activation, raw
// in 32, shift 6, mantissa 12, raw out 32, scaled, rated}. Vectors come with gaps, and the
// registers stop at random; results are due behind the second register and stay while they stand.
// The mantissa belongs to a pass: it is given with the second register's input.
`default_nettype none
module tb_error_lane;
  parameter ACT_BITS = 16;
  parameter ERR_BITS = 12;
  `include "bench.vh"
  localparam BITS = 2 + 32 + ACT_BITS + 32 + 6 + 12 + 32 + 2 * ERR_BITS;

  reg                 en, keep, derive;
  reg  [31:0]         sum, raw_in;
  reg  [ACT_BITS-1:0] activation;
  reg  [5:0]          shift;
  reg  [11:0]         mantissa;
  wire [31:0]         raw;
  wire [ERR_BITS-1:0] scaled, rated;
  error_lane #(.ACT_BITS(ACT_BITS), .ERR_BITS(ERR_BITS)) u_lane (
    .clk_i        (clk),
    .en_i         (en),
    .keep_i       (keep),
    .derive_i     (derive),
    .sum_i        (sum),
    .activation_i (activation),
    .raw_o        (raw),
    .raw_i        (raw_in),
    .shift_i      (shift),
    .mantissa_i   (mantissa),
    .scaled_o     (scaled),
    .rated_o      (rated)
  );

  reg [BITS-1:0]     vectors [0:COUNT-1];
  reg [31:0]         expected_raw;
  reg [ERR_BITS-1:0] expected_scaled, expected_rated;
  integer            next, given;
  integer            at [1:2];            // line in each register; -1: none
  initial begin
    $readmemh("vectors.hex", vectors);
    {at[1], at[2]} = {-32'd1, -32'd1};
    next = 0;
    while (next < COUNT || at[1] >= 0 || at[2] >= 0) begin
      next_cycle;
      en = chance(12);
      {keep, derive, sum, activation, raw_in, shift, mantissa} = random_bits(84 + ACT_BITS);
      given = next < COUNT && chance(14) ? next : -1;
      if (en && given >= 0)
        {keep, derive, sum, activation, raw_in, shift} = vectors[given][BITS-1 -: 72+ACT_BITS];
      if (en && at[1] >= 0) mantissa = vectors[at[1]][32+2*ERR_BITS +: 12];
      settle;
      if (at[2] >= 0) begin
        vector_number = at[2];
        {expected_raw, expected_scaled, expected_rated} = vectors[at[2]];
        check("raw_o", expected_raw, raw);
        check("scaled_o", expected_scaled, scaled);
        check("rated_o", expected_rated, rated);
      end
      if (en) begin
        if (at[2] >= 0) checked = checked + 1;
        {at[2], at[1]} = {at[1], given};
        if (given >= 0) next = next + 1;
      end
    end
    pass;
  end
endmodule
`default_nettype wire

// Bench of chi_lane. A line: {seeding, seed 32, layer, stochastic, shift 6, max_pulses 8, code,
// error, chi, residual, pulses 9, saturated}; seeding lines give a layer's generator its state,
// the others are words. Layer, rounding, shift and bound are those of an update: they change when
// no word is on its way. The registers stop at random; the last takes every word, and stands or
// not when there is none. Results are due behind it and stay while it stands.
`default_nettype none
module tb_chi_lane;
  parameter LAYERS     = 4;
  parameter LAYER_BITS = 2;
  parameter ERR_BITS   = 12;
  parameter DAC_BITS   = 8;
  parameter CHI_BITS   = 16;
  parameter FRAC_BITS  = 13;
  `include "bench.vh"
  localparam UPDATE_BITS = LAYER_BITS + 1 + 6 + 8;
  localparam WORD_BITS = DAC_BITS + ERR_BITS + CHI_BITS;
  localparam RESULT_BITS = CHI_BITS + 9 + 1;
  localparam BITS = 33 + UPDATE_BITS + WORD_BITS + RESULT_BITS;

  reg                   en, settling, seed_we, stochastic, valid2;
  reg  [LAYER_BITS-1:0] layer, seed_layer;
  reg  [5:0]            shift;
  reg  [7:0]            max_pulses;
  reg  [DAC_BITS-1:0]   code;
  reg  [ERR_BITS-1:0]   error;
  reg  [CHI_BITS-1:0]   chi;
  reg  [31:0]           seed;
  wire [CHI_BITS-1:0]   residual;
  wire [8:0]            pulses;
  wire                  saturated;
  chi_lane #(
    .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS),
    .CHI_BITS(CHI_BITS), .FRAC_BITS(FRAC_BITS)
  ) u_lane (
    .clk_i        (clk),
    .en_i         (en),
    .settle_i     (settling),
    .layer_i      (layer),
    .stochastic_i (stochastic),
    .shift_i      (shift),
    .max_pulses_i (max_pulses),
    .code_i       (code),
    .error_i      (error),
    .chi_i        (chi),
    .valid2_i     (valid2),
    .residual_o   (residual),
    .pulses_o     (pulses),
    .saturated_o  (saturated),
    .seed_we_i    (seed_we),
    .seed_layer_i (seed_layer),
    .seed_i       (seed)
  );

  reg [BITS-1:0]        vectors [0:COUNT-1];
  reg [BITS-1:0]        line;
  reg [UPDATE_BITS-1:0] update, next_update;
  reg [CHI_BITS-1:0]    expected_residual;
  reg [8:0]             expected_pulses;
  reg                   expected_saturated, idle, seeding;
  integer               next, given;
  integer               at [1:4];             // line in each register; -1: none
  initial begin
    $readmemh("vectors.hex", vectors);
    {at[1], at[2], at[3], at[4]} = {4{-32'd1}};
    update = {UPDATE_BITS{1'b0}};
    next = 0;
    while (next < COUNT || at[1] >= 0 || at[2] >= 0 || at[3] >= 0 || at[4] >= 0) begin
      next_cycle;
      line = vectors[next < COUNT ? next : 0];
      seeding = line[BITS-1];
      next_update = line[WORD_BITS+RESULT_BITS +: UPDATE_BITS];
      idle = at[1] < 0 && at[2] < 0 && at[3] < 0;
      en = chance(12);
      settling = en && (at[3] >= 0 || chance(8));

      seed_we = 1'b0;
      {seed_layer, seed} = {$random(random_state), $random(random_state)};
      given = -1;
      if (next < COUNT && seeding && idle) begin
        seed_we = 1'b1;
        seed = line[BITS-2 -: 32];
        seed_layer = next_update[UPDATE_BITS-1 -: LAYER_BITS];
        next = next + 1;
      end else if (next < COUNT && !seeding && (idle || next_update == update) && chance(14)) begin
        update = next_update;
        given = next;
      end
      {layer, stochastic, shift, max_pulses} = update;
      {code, error, chi} = {$random(random_state), $random(random_state)};
      if (en && given >= 0) {code, error, chi} = line[RESULT_BITS +: WORD_BITS];
      valid2 = at[1] >= 0;

      settle;
      if (at[4] >= 0) begin
        vector_number = at[4];
        {expected_residual, expected_pulses, expected_saturated} = vectors[at[4]];
        check("residual_o", expected_residual, residual);
        check("pulses_o", expected_pulses, pulses);
        check("saturated_o", expected_saturated, saturated);
      end
      if (settling) begin
        if (at[3] >= 0) checked = checked + 1;
        at[4] = at[3];
      end
      if (en) begin
        {at[3], at[2], at[1]} = {at[2], at[1], given};
        if (given >= 0) next = next + 1;
      end
    end
    pass;
  end
endmodule
`default_nettype wire

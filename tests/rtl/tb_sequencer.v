// Bench of sequencer: order of operations for one to four layers, what starts one, passes,
// exponents, limits of the shift, cycle count, release of the image. The bench plays vector unit
// and update engine.
`default_nettype none
module tb_sequencer;
  parameter LANES    = 8;      // of the bench's common parts only
  parameter ACT_BITS = 16;
  parameter ERR_BITS = 12;
  parameter DAC_BITS = 8;
  localparam LAYER_BITS = 2;

  // fields of an operation (vectors_sequencer.c)
  localparam SECTIONS = 1, OPERATION_WORDS = 22;
  localparam LAST_LAYER = 4, TRAIN = 5, SQUARED = 6, BIPOLAR = 7, RATE = 8, ROW_TILES = 9,
             NEXT_COL_TILES = 10, NEXT_FRAC = 11, ERROR_SHIFT = 12, POSITIVE = 13,
             NEGATIVE = 14, PASSES = 15, POSITIVE_PASSES = 16, TARGET = 17, CODES = 18,
             EXPONENT = 19, SKIP = 20, SHIFT = 21;
  localparam S_IMAGE = 0, S_ADC = 1, S_UNIT = 2, STREAMS = 3;
  localparam FORWARD = 0, ERROR = 1, UPDATE = 2;
  `include "unit.vh"

  reg                   rst_n, image_valid, adc_valid, unit_done;
  reg                   any_positive, any_negative;
  reg  [5:0]            error_shift;
  wire                  release_image, vector_run, error, target, update_run, skip, busy, done,
                        image_done;
  wire [7:0]            passes, positive_passes;
  wire [5:0]            update_shift;
  wire [LAYER_BITS-1:0] layer;
  wire [1:0]            kind;
  wire [31:0]           cycles;
  wire [15:0]           exponent;
  reg  [31:0]           op [0:OPERATION_WORDS-1];
  sequencer #(
    .LAYER_BITS(LAYER_BITS), .ACT_BITS(ACT_BITS), .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS)
  ) u_sequencer (
    .clk_i                (clk),
    .rst_ni               (rst_n),
    .train_i              (op[TRAIN][0]),
    .squared_i            (op[SQUARED][0]),
    .bipolar_i            (op[BIPOLAR][0]),
    .last_layer_i         (op[LAST_LAYER][LAYER_BITS-1:0]),
    .rate_exponent_i      (op[RATE][15:0]),
    .row_tiles_i          (op[ROW_TILES][7:0]),
    .next_col_tiles_i     (op[NEXT_COL_TILES][7:0]),
    .next_backward_frac_i (op[NEXT_FRAC][7:0]),
    .image_valid_i        (image_valid),
    .adc_valid_i          (adc_valid),
    .image_release_o      (release_image),
    .vector_run_o         (vector_run),
    .error_o              (error),
    .target_o             (target),
    .passes_o             (passes),
    .positive_passes_o    (positive_passes),
    .vector_done_i        (unit_done && op[KIND] != UPDATE),
    .error_shift_i        (error_shift),
    .any_positive_i       (any_positive),
    .any_negative_i       (any_negative),
    .update_run_o         (update_run),
    .update_skip_o        (skip),
    .update_shift_o       (update_shift),
    .update_done_i        (unit_done && op[KIND] == UPDATE),
    .busy_o               (busy),
    .layer_o              (layer),
    .done_o               (done),
    .kind_o               (kind),
    .cycles_o             (cycles),
    .exponent_o           (exponent),
    .image_done_o         (image_done)
  );

  reg running, image_held;
  integer i;

  // What the units found in an error is there from the last cycle on; before, anything may be.
  task offer;
    begin
      if (at[OPERATIONS] < stop[OPERATIONS])
        for (i = 0; i < OPERATION_WORDS; i = i + 1) op[i] = v[at[OPERATIONS]+i];
      image_valid = running && at[OPERATIONS] < stop[OPERATIONS] && (image_held || open[S_IMAGE]);
      image_held = image_valid;
      adc_valid = open[S_ADC];
      unit_done = operation_cycles + 1 >= op[CYCLES] && open[S_UNIT];
      error_shift = $random(random_state);
      if (unit_done) error_shift = op[ERROR_SHIFT][5:0];
    end
  endtask

  function [7:0] least(input [7:0] a, input [7:0] b);
    least = a < b ? a : b;
  endfunction

  task check_state;
    reg expected_busy;
    begin
      expected_busy = operation_cycles != 0 || (image_valid && (adc_valid || !op[CODES][0]));
      `EXPECT("kind", 0, running ? op[KIND] : FORWARD, kind);
      `EXPECT("layer", 0, running ? op[LAYER] : 0, layer);
      `EXPECT("error", 0, running && op[KIND] == ERROR, error);
      `EXPECT("busy", 0, expected_busy, busy);
      `EXPECT("vector_run", 0, busy && op[KIND] != UPDATE, vector_run);
      `EXPECT("update_run", 0, busy && op[KIND] == UPDATE, update_run);
      `EXPECT("done", operation_cycles, busy && unit_done, done);
      `EXPECT("image_done", 0, done && last_of_image(0), image_done);
      `EXPECT("image_release", 0, image_done, release_image);
      operation_cycles = operation_cycles + expected_busy;
    end
  endtask

  function last_of_image(input integer unused);
    last_of_image = at[OPERATIONS] + OPERATION_WORDS == stop[OPERATIONS] ||
                    v[at[OPERATIONS]+OPERATION_WORDS+IMAGE] != op[IMAGE];
  endfunction

  task check_operation;
    begin
      if (op[KIND] != UPDATE) `EXPECT("passes", 0, op[PASSES], passes);
      if (op[KIND] == ERROR) begin
        `EXPECT("target", 0, op[TARGET], target);
        `EXPECT("positive_passes", 0, op[POSITIVE_PASSES], least(positive_passes, passes));
      end
      if (op[KIND] == UPDATE) begin
        `EXPECT("update_skip", 0, op[SKIP], skip);
        if (!skip) `EXPECT("update_shift", 0, op[SHIFT], update_shift);
      end
      if (done) `EXPECT("cycles", 0, operation_cycles, cycles);
      if (done && op[KIND] == ERROR) `EXPECT("exponent", 0, op[EXPONENT], exponent);
    end
  endtask

  // The lines that an error drives are known to the operation after it.
  task step_operation;
    if (done) begin
      if (op[KIND] == ERROR) {any_positive, any_negative} = {op[POSITIVE][0], op[NEGATIVE][0]};
      if (image_done) image_held = 1'b0;
      operation_cycles = 0;
      step_record(OPERATIONS, OPERATION_WORDS);
    end
  endtask

  task cycle;
    begin
      next_cycle;
      draw_stalls;
      offer;
      settle;
      check_state;
      if (busy) check_operation;
      step_operation;
    end
  endtask

  task step;
    cycle;
  endtask

  task start;
    {running, image_held} = 2'b10;
  endtask

  task finish;
    begin
      running = 1'b0;
      repeat (4) cycle;
    end
  endtask

  task reset_unit;
    begin
      {rst_n, running, image_held, any_positive, any_negative} = 5'b00000;
      repeat (2) cycle;
      rst_n = 1'b1;
    end
  endtask

  task power_up;
    reset_unit;
  endtask

  initial begin
    $readmemh("vectors.hex", v);
    run_file;
  end
endmodule
`default_nettype wire

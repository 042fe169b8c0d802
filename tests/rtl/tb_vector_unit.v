// Bench of vector_unit: converters, drivers and sequencer around it. Values of the streams, of the
// traces and of the two lists; cycles of an operation, whatever waits.
`default_nettype none
module tb_vector_unit;
  parameter LANES     = 8;
  parameter WORD_BITS = 5;
  parameter ACT_BITS  = 16;
  parameter ERR_BITS  = 12;
  parameter DAC_BITS  = 8;
  localparam LANE_BITS = $clog2(LANES), COUNT_BITS = WORD_BITS + LANE_BITS;
  localparam LAYER_BITS = 2, TILE_BITS = 4, ADDR_BITS = 10, TABLE_BITS = 9;
  localparam CODES_BITS = TILE_BITS + WORD_BITS + LANES * DAC_BITS;
  localparam ERRORS_BITS = TILE_BITS + WORD_BITS + ADDR_BITS + LANES * ERR_BITS;

  // sections (vectors_image.c), lengths of their records, fields of an operation
  localparam ADC = 1, DRIVE = 2, ACT = 3, ERROR = 4, CODES = 5, ERRORS = 6, SECTIONS = 7;
  localparam OPERATION_WORDS = 26, CODES_WORDS = LANES + 2, ERRORS_WORDS = LANES + 3;
  localparam PASSES = 4, POSITIVE_PASSES = 5, TARGET = 6, LAST_LAYER = 7, OUTPUTS = 8, WORDS = 9,
             ACT_BASE = 10, SIGMOID_SHIFT = 11, NEXT_TILE_WORDS = 12, NEXT_COL_TILES = 13,
             COL_TILE_WORDS = 14, CHI_BASE = 15, INPUTS = 16, LABEL = 17, SQUARED = 18,
             BIPOLAR = 19, MANTISSA = 20, SHIFT = 21, POSITIVE = 22, NEGATIVE = 23,
             CODES_COUNT = 24, ERRORS_COUNT = 25;
  localparam S_ADC = 0, S_DRIVE = 1, S_GAP = 2, STREAMS = 3;
  `include "unit.vh"

  reg                       rst_n, run, adc_valid, drive_ready, list_re, table_we;
  reg  [LANES*16-1:0]       adc_data;
  reg  [WORD_BITS-1:0]      list_addr;
  reg  [TABLE_BITS-1:0]     table_addr;
  reg  [27:0]               table_data;
  reg  [31:0]               op [0:OPERATION_WORDS-1];
  wire                      done, frozen, any_positive, any_negative, adc_ready,
                            drive_valid, drive_last, act_valid, err_valid;
  wire [5:0]                error_shift;
  wire [LANES*17-1:0]       drive_data;
  wire [1:0]                drive_user;
  wire [CODES_BITS-1:0]     codes_entry;
  wire [ERRORS_BITS-1:0]    errors_entry;
  wire [WORD_BITS:0]        codes_count, errors_count;
  wire [WORD_BITS-1:0]      act_word, err_word;
  wire [LANES*ACT_BITS-1:0] act;
  wire [LANES*ERR_BITS-1:0] err, rated;
  vector_unit #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .LAYER_BITS(LAYER_BITS),
    .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS), .TABLE_BITS(TABLE_BITS), .ACT_BITS(ACT_BITS),
    .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS)
  ) u_vector (
    .clk_i               (clk),
    .rst_ni              (rst_n),
    .run_i               (run),
    .error_i             (op[KIND][0]),
    .target_i            (op[TARGET][0]),
    .layer_i             (op[LAYER][LAYER_BITS-1:0]),
    .last_layer_i        (op[LAST_LAYER][0]),
    .outputs_i           (op[OUTPUTS][COUNT_BITS-1:0]),
    .words_i             (op[WORDS][WORD_BITS-1:0]),
    .passes_i            (op[PASSES][7:0]),
    .positive_passes_i   (op[POSITIVE_PASSES][7:0]),
    .act_base_i          (op[ACT_BASE][WORD_BITS-1:0]),
    .sigmoid_shift_i     (op[SIGMOID_SHIFT][5:0]),
    .next_tile_words_i   (op[NEXT_TILE_WORDS][WORD_BITS-1:0]),
    .next_col_tiles_i    (op[NEXT_COL_TILES][TILE_BITS-1:0]),
    .col_tile_words_i    (op[COL_TILE_WORDS][WORD_BITS-1:0]),
    .chi_base_i          (op[CHI_BASE][ADDR_BITS-1:0]),
    .chi_rows_i          (op[INPUTS][ADDR_BITS-1:0]),
    .label_i             (op[LABEL][7:0]),
    .squared_i           (op[SQUARED][0]),
    .bipolar_i           (op[BIPOLAR][0]),
    .mantissa_i          (op[MANTISSA][11:0]),
    .done_o              (done),
    .frozen_o            (frozen),
    .error_shift_o       (error_shift),
    .any_positive_o      (any_positive),
    .any_negative_o      (any_negative),
    .s_axis_adc_tvalid_i (adc_valid),
    .s_axis_adc_tready_o (adc_ready),
    .s_axis_adc_tdata_i  (adc_data),
    .m_axis_tvalid_o     (drive_valid),
    .m_axis_tready_i     (drive_ready),
    .m_axis_tdata_o      (drive_data),
    .m_axis_tuser_o      (drive_user),
    .m_axis_tlast_o      (drive_last),
    .codes_re_i          (list_re),
    .codes_layer_i       (op[LAYER][LAYER_BITS-1:0] + 2'd1),
    .codes_addr_i        (list_addr),
    .codes_entry_o       (codes_entry),
    .codes_count_o       (codes_count),
    .errors_re_i         (list_re),
    .errors_bank_i       (op[LAYER][0]),
    .errors_addr_i       (list_addr),
    .errors_entry_o      (errors_entry),
    .errors_count_o      (errors_count),
    .table_we_i          (table_we),
    .table_addr_i        (table_addr),
    .table_data_i        (table_data),
    .trace_act_valid_o   (act_valid),
    .trace_act_word_o    (act_word),
    .trace_act_o         (act),
    .trace_err_valid_o   (err_valid),
    .trace_err_word_o    (err_word),
    .trace_err_o         (err),
    .trace_rated_o       (rated)
  );

  // ---- inputs -----------------------------------------------------------------------------------
  reg     running, adc_held;
  integer beats, stalls;           // of the operation: taken; cycles that something made it wait

  task offer;
    integer i;
    begin
      run = running && at[OPERATIONS] < stop[OPERATIONS] && (operation_cycles != 0 || open[S_GAP]);
      if (run && operation_cycles == 0) begin
        for (i = 0; i < OPERATION_WORDS; i = i + 1) op[i] = v[at[OPERATIONS]+i];
        {beats, stalls} = 0;
      end
      operation_cycles = operation_cycles + run;
      adc_valid = running && at[ADC] < stop[ADC] && (adc_held || open[S_ADC]);
      adc_data = {LANES*16{1'bx}};
      if (adc_valid) for (i = 0; i < LANES; i = i + 1) adc_data[i*16 +: 16] = v[at[ADC]+i];
      drive_ready = open[S_DRIVE];
    end
  endtask

  // ---- outputs ----------------------------------------------------------------------------------
  task check_streams;
    integer left;
    begin
      `EXPECT("frozen", 0, run && drive_valid && !drive_ready, frozen);
      left = op[TARGET][0] ? 0 : op[PASSES] * op[WORDS] - beats;
      `EXPECT("adc_ready", left, run && left != 0 && !frozen, adc_ready);
      if (run && (frozen || (adc_ready && !adc_valid))) stalls = stalls + 1;
      adc_held = adc_valid && !adc_ready;
      if (adc_ready && !adc_valid) waited[S_ADC] = 1'b1;
      if (!run) waited[S_GAP] = 1'b1;
      if (adc_valid && adc_ready) begin
        beats = beats + 1;
        step_record(ADC, LANES);
      end
      if (drive_valid || waiting[S_DRIVE])
        watch("drive", S_DRIVE, drive_valid, drive_ready, {drive_user, drive_last, drive_data});
      if (drive_valid !== 1'b0) begin
        need_record("drive", DRIVE);
        `EXPECT("drive_kind", 0, v[at[DRIVE]+1], drive_user);
        `EXPECT("drive_last", 0, v[at[DRIVE]+2], drive_last);
        compare_lanes("drive", (at[DRIVE] - from[DRIVE]) / (LANES + 3), drive_data, 17,
                      at[DRIVE] + 3);
        if (drive_ready) step_record(DRIVE, LANES + 3);
      end
    end
  endtask

  task check_traces;
    begin
      if (act_valid !== 1'b0) begin
        need_record("act", ACT);
        `EXPECT("act_word", 0, v[at[ACT]], act_word);
        compare_lanes("act", act_word, act, ACT_BITS, at[ACT] + 1);
        step_record(ACT, LANES + 1);
      end
      if (err_valid !== 1'b0) begin
        need_record("error", ERROR);
        `EXPECT("error_word", 0, v[at[ERROR]], err_word);
        compare_lanes("error", err_word, err, ERR_BITS, at[ERROR] + 1);
        compare_lanes("rated", err_word, rated, ERR_BITS, at[ERROR] + 1 + LANES);
        step_record(ERROR, 2 * LANES + 1);
      end
    end
  endtask

  // What an error found: exponent with its last cycle, the lines it drives a cycle later.
  reg       ended;
  reg [7:0] found;
  task check_found;
    begin
      if (ended) `EXPECT("found", 1, found, {error_shift, any_positive, any_negative});
      ended = done && op[KIND][0];
      found = {op[SHIFT][5:0], op[POSITIVE][0], op[NEGATIVE][0]};
      if (ended) `EXPECT("found", 0, found >> 2, error_shift);
    end
  endtask

  reg done_before;                 // in the cycle before
  task step_operation;
    begin
      if (done !== 1'b0) begin
        `EXPECT("done", 0, run, done);
        `EXPECT("cycles", 0, op[CYCLES] + stalls, operation_cycles);
        operation_cycles = 0;
        step_record(OPERATIONS, OPERATION_WORDS);
      end
      done_before = done;
    end
  endtask

  task cycle;
    begin
      next_cycle;
      draw_stalls;
      offer;
      settle;
      check_streams;
      check_traces;
      check_found;
      step_operation;
    end
  endtask

  // ---- lists ------------------------------------------------------------------------------------
  task read_codes;
    integer i;
    begin
      `EXPECT("codes_count", 0, op[CODES_COUNT], codes_count);
      for (i = 0; i < op[CODES_COUNT]; i = i + 1) begin
        list_addr = i;
        cycle;
        next_entry;
        `EXPECT("codes_tile", i, v[at[CODES]], codes_entry[CODES_BITS-1 -: TILE_BITS]);
        `EXPECT("codes_word", i, v[at[CODES]+1], codes_entry[LANES*DAC_BITS +: WORD_BITS]);
        compare_lanes("codes", i, codes_entry[LANES*DAC_BITS-1:0], DAC_BITS, at[CODES] + 2);
        step_record(CODES, CODES_WORDS);
      end
    end
  endtask

  task read_errors;
    integer i;
    begin
      `EXPECT("errors_count", 0, op[ERRORS_COUNT], errors_count);
      for (i = 0; i < op[ERRORS_COUNT]; i = i + 1) begin
        list_addr = i;
        cycle;
        next_entry;
        `EXPECT("errors_tile", i, v[at[ERRORS]], errors_entry[ERRORS_BITS-1 -: TILE_BITS]);
        `EXPECT("errors_word", i, v[at[ERRORS]+1],
                errors_entry[LANES*ERR_BITS+ADDR_BITS +: WORD_BITS]);
        `EXPECT("errors_chi", i, v[at[ERRORS]+2], errors_entry[LANES*ERR_BITS +: ADDR_BITS]);
        compare_lanes("errors", i, errors_entry[LANES*ERR_BITS-1:0], ERR_BITS, at[ERRORS] + 3);
        step_record(ERRORS, ERRORS_WORDS);
      end
    end
  endtask

  // The entry asked for stands behind the rising edge.
  task next_entry;
    begin
      @(posedge clk);
      settle;
    end
  endtask

  // Read behind the operation, but not when operations follow each other without a gap.
  task step;
    begin
      cycle;
      if (done_before && mode != FREE) begin
        running = 1'b0;
        next_entry;
        if (op[KIND][0]) read_errors;
        else if (!op[LAST_LAYER][0]) read_codes;
        running = 1'b1;
      end
    end
  endtask

  // ---- cases ------------------------------------------------------------------------------------
  task start;
    begin
      running = 1'b1;
      if (mode == FREE) {at[CODES], at[ERRORS]} = {stop[CODES], stop[ERRORS]};
    end
  endtask

  task finish;
    repeat (4) cycle;
  endtask

  task reset_unit;
    begin
      {rst_n, running, adc_held, ended} = 4'b0000;
      repeat (2) cycle;
      rst_n = 1'b1;
    end
  endtask

  task power_up;
    integer i;
    begin
      {list_re, list_addr, table_we} = 0;
      reset_unit;
      list_re = 1'b1;
      for (i = 0; i < 1 << TABLE_BITS; i = i + 1) begin
        {table_we, table_addr, table_data} = {1'b1, i[TABLE_BITS-1:0], v[header_at+i][27:0]};
        cycle;
      end
      table_we = 1'b0;
    end
  endtask

  initial begin
    $readmemh("vectors.hex", v);
    run_file;
  end
endmodule
`default_nettype wire

// Bench of update_engine: lists, chi and a queue of commands around it. Values, and the cycle of
// every request, write-back and end, whatever waits.
//
// The reference counts moves of the pipeline. It stands still while a word has to enter the last
// register and the word before it still has commands to send, and while chi owes the word that is
// due. Word i is requested at move 2 + i interval, due a latency later, and enters the last register
// 3 moves after that; the end takes the place of word n.
`default_nettype none
module tb_update_engine;
  parameter LANES     = 8;
  parameter WORD_BITS = 5;
  parameter ACT_BITS  = 16;
  parameter ERR_BITS  = 12;
  parameter DAC_BITS  = 8;
  parameter CHI_BITS  = 16;
  parameter FRAC_BITS = 13;
  localparam LANE_BITS = $clog2(LANES), COUNT_BITS = WORD_BITS + LANE_BITS;
  localparam LAYERS = 4, LAYER_BITS = 2, TILE_BITS = 4, ADDR_BITS = 10;
  localparam SEED_BITS = LAYER_BITS + LANE_BITS;
  localparam CODES_BITS = TILE_BITS + WORD_BITS + LANES * DAC_BITS;
  localparam ERRORS_BITS = TILE_BITS + WORD_BITS + ADDR_BITS + LANES * ERR_BITS;

  // sections (vectors_update.c), lengths of their records, fields of an operation
  localparam CODES = 1, ERRORS = 2, CHI = 3, COMMANDS = 4, SECTIONS = 5;
  localparam OPERATION_WORDS = 14, CODES_WORDS = LANES + 2, ERRORS_WORDS = LANES + 3,
             CHI_WORDS = LANES + 3;
  localparam TILE_BASE = 4, SHIFT = 5, SKIP = 6, STOCHASTIC = 7, MAX_PULSES = 8, INTERVAL = 9,
             LATENCY = 10, CODES_COUNT = 11, ERRORS_COUNT = 12, WORDS = 13;
  localparam S_CHI = 0, S_COMMAND = 1, S_GAP = 2, STREAMS = 3;
  `include "unit.vh"
  `include "chi_memory.vh"

  reg                      rst_n, run, command_ready, seed_we;
  reg  [CODES_BITS-1:0]    codes_entry;
  reg  [ERRORS_BITS-1:0]   errors_entry;
  reg  [SEED_BITS-1:0]     seed_addr;
  reg  [31:0]              seed;
  reg  [31:0]              op [0:OPERATION_WORDS-1];
  wire                     done, command_valid;
  wire [WORD_BITS-1:0]     codes_addr, errors_addr;
  wire [LANES-1:0]         saturated;
  wire [TILE_BITS-1:0]     command_tile;
  wire [COUNT_BITS-1:0]    command_row, command_col;
  wire signed [8:0]        command_pulses;
  update_engine #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS), .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS), .ERR_BITS(ERR_BITS),
    .DAC_BITS(DAC_BITS), .CHI_BITS(CHI_BITS), .FRAC_BITS(FRAC_BITS)
  ) u_update (
    .clk_i            (clk),
    .rst_ni           (rst_n),
    .run_i            (run),
    .skip_i           (op[SKIP][0]),
    .layer_i          (op[LAYER][LAYER_BITS-1:0]),
    .tile_base_i      (op[TILE_BASE][TILE_BITS-1:0]),
    .shift_i          (op[SHIFT][5:0]),
    .stochastic_i     (op[STOCHASTIC][0]),
    .max_pulses_i     (op[MAX_PULSES][7:0]),
    .interval_i       (op[INTERVAL][15:0]),
    .latency_i        (op[LATENCY][3:0]),
    .done_o           (done),
    .codes_addr_o     (codes_addr),
    .codes_entry_i    (codes_entry),
    .codes_count_i    (op[CODES_COUNT][WORD_BITS:0]),
    .errors_addr_o    (errors_addr),
    .errors_entry_i   (errors_entry),
    .errors_count_i   (op[ERRORS_COUNT][WORD_BITS:0]),
    .chi_re_o         (chi_re),
    .chi_raddr_o      (chi_raddr),
    .chi_rvalid_i     (chi_rvalid),
    .chi_rdata_i      (chi_rdata),
    .chi_we_o         (chi_we),
    .chi_waddr_o      (chi_waddr),
    .chi_wdata_o      (chi_wdata),
    .chi_saturated_o  (saturated),
    .command_valid_o  (command_valid),
    .command_ready_i  (command_ready),
    .command_tile_o   (command_tile),
    .command_row_o    (command_row),
    .command_col_o    (command_col),
    .command_pulses_o (command_pulses),
    .seed_we_i        (seed_we),
    .seed_addr_i      (seed_addr),
    .seed_i           (seed)
  );

  // ---- lists: memories that answer a cycle after the address ------------------------------------
  integer              codes_at, errors_at;
  reg  [WORD_BITS-1:0] codes_asked, errors_asked;

  task answer_lists;
    integer l, c, e;
    begin
      c = codes_at + codes_asked * CODES_WORDS;
      e = errors_at + errors_asked * ERRORS_WORDS;
      codes_entry = {CODES_BITS{1'bx}};
      errors_entry = {ERRORS_BITS{1'bx}};
      if (codes_asked < op[CODES_COUNT]) begin
        codes_entry[CODES_BITS-1 -: TILE_BITS+WORD_BITS] =
            {v[c][TILE_BITS-1:0], v[c+1][WORD_BITS-1:0]};
        for (l = 0; l < LANES; l = l + 1) codes_entry[l*DAC_BITS +: DAC_BITS] = v[c+2+l];
      end
      if (errors_asked < op[ERRORS_COUNT]) begin
        errors_entry[ERRORS_BITS-1 -: TILE_BITS+WORD_BITS+ADDR_BITS] =
            {v[e][TILE_BITS-1:0], v[e+1][WORD_BITS-1:0], v[e+2][ADDR_BITS-1:0]};
        for (l = 0; l < LANES; l = l + 1) errors_entry[l*ERR_BITS +: ERR_BITS] = v[e+3+l];
      end
    end
  endtask

  // ---- moves ------------------------------------------------------------------------------------
  integer move, answered, sending, read_at;
  reg     written;             // this cycle

  // Whether word 0 .. count - 1 is at a place that it reaches `after` moves, and which.
  function here(input integer after, input integer count);
    integer i;
    begin
      i = move - after;
      here = i >= 0 && i % op[INTERVAL] == 0 && i / op[INTERVAL] < count;
    end
  endfunction

  task check_moves;
    integer n;
    reg     late, leaves, ends, moves;
    begin
      n = op[WORDS];
      answered = answered + chi_rvalid;
      late = here(2 + op[LATENCY], n) && answered <= (move - 2 - op[LATENCY]) / op[INTERVAL];
      leaves = here(5 + op[LATENCY], n);
      ends = move == 5 + op[LATENCY] + n * op[INTERVAL];
      moves = run && !late && !((leaves || ends) && sending != 0);
      `EXPECT("chi_re", move, moves && here(2, n), chi_re);
      `EXPECT("done", move, moves && ends, done);
      if (chi_re) begin
        `EXPECT("chi_raddr", (read_at - from[CHI]) / CHI_WORDS, v[read_at], chi_raddr);
        read_at = read_at + CHI_WORDS;
      end
      if (late) waited[S_CHI] = 1'b1;
      if (sending != 0 && !command_ready) waited[S_COMMAND] = 1'b1;
      if (!run) waited[S_GAP] = 1'b1;
      written = moves && leaves;
      if (written) sending = v[at[CHI]+LANES+2];
      move = move + moves;
    end
  endtask

  task check_write;
    begin
      `EXPECT("chi_we", move, written, chi_we);
      if (chi_we) begin
        `EXPECT("chi_waddr", (at[CHI] - from[CHI]) / CHI_WORDS, v[at[CHI]], chi_waddr);
        compare_lanes("chi_wdata", chi_waddr, chi_wdata, CHI_BITS, at[CHI] + 1);
        `EXPECT("saturated", chi_waddr, v[at[CHI]+1+LANES], saturated);
        step_record(CHI, CHI_WORDS);
      end
    end
  endtask

  task check_command;
    begin
      `EXPECT("command_valid", sending, sending != 0, command_valid);
      if (command_valid) begin
        need_record("command", COMMANDS);
        `EXPECT("command_tile", 0, v[at[COMMANDS]], command_tile);
        `EXPECT("command_row", 0, v[at[COMMANDS]+1], command_row);
        `EXPECT("command_col", 0, v[at[COMMANDS]+2], command_col);
        `EXPECT("command_pulses", 0, v[at[COMMANDS]+3], command_pulses & 9'h1ff);
        if (command_ready) begin
          sending = sending - 1;
          step_record(COMMANDS, 4);
        end
      end
    end
  endtask

  // ---- operations -------------------------------------------------------------------------------
  reg running;
  task load_operation;
    integer i;
    begin
      run = running && at[OPERATIONS] < stop[OPERATIONS] && (operation_cycles != 0 || open[S_GAP]);
      if (run && operation_cycles == 0) begin
        for (i = 0; i < OPERATION_WORDS; i = i + 1) op[i] = v[at[OPERATIONS]+i];
        move = 0;
        answered = 0;
        codes_at = at[CODES];
        errors_at = at[ERRORS];
        chi_latency = op[LATENCY];
      end
      operation_cycles = operation_cycles + run;
    end
  endtask

  task step_operation;
    if (done) begin
      if (mode == FREE) `EXPECT("cycles", 0, op[CYCLES], operation_cycles);
      at[CODES] = at[CODES] + op[CODES_COUNT] * CODES_WORDS;
      at[ERRORS] = at[ERRORS] + op[ERRORS_COUNT] * ERRORS_WORDS;
      operation_cycles = 0;
      step_record(OPERATIONS, OPERATION_WORDS);
    end
  endtask

  task cycle;
    begin
      next_cycle;
      draw_stalls;
      load_operation;
      answer_lists;
      answer_chi(open[S_CHI]);
      command_ready = open[S_COMMAND];
      settle;
      check_write;
      check_command;
      check_moves;
      step_chi;
      step_operation;
      if (run) {codes_asked, errors_asked} = {codes_addr, errors_addr};
    end
  endtask

  task step;
    cycle;
  endtask

  task start;
    integer i;
    begin
      running = 1'b0;
      for (i = 0; i < LAYERS * LANES; i = i + 1) begin
        {seed_we, seed_addr, seed} = {1'b1, i[SEED_BITS-1:0], v[header_at+i]};
        cycle;
      end
      seed_we = 1'b0;
      load_chi(header_at + LAYERS * LANES);
      read_at = from[CHI];
      running = 1'b1;
    end
  endtask

  task finish;
    repeat (4) cycle;
  endtask

  task reset_unit;
    begin
      {rst_n, running, seed_we, written} = 4'b0000;
      {move, answered, sending} = 0;
      clear_chi_requests;
      repeat (2) cycle;
      rst_n = 1'b1;
    end
  endtask

  task power_up;
    begin
      {codes_asked, errors_asked, codes_at, errors_at, chi_latency} = 0;
      reset_unit;
    end
  endtask

  initial begin
    $readmemh("vectors.hex", v);
    run_file;
  end
endmodule
`default_nettype wire

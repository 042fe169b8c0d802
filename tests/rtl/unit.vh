// Common to the benches of the units; included inside the module, behind its parameters and these:
//   SECTIONS, of a case (vectors_unit.h); section 0 is OPERATIONS, whose records begin with
//   {image, kind, layer, cycles} and have OPERATION_WORDS words;
//   STREAMS, that the bench can make wait.
// The bench has the tasks
//   power_up;     once, with the file's first case open
//   start;        prepares the unit and the bench's own state for the case
//   cycle;        one turn: inputs, comparison, step of the reference
//   step;         cycle, or whatever else may go on during an operation
//   reset_unit;
//   finish;       what is compared behind the last cycle of a case
`include "bench.vh"
`define EXPECT(signal, word, expected, got) \
  if ((got) !== (expected)) mismatch(signal, word, 0, expected, got)
  parameter CASE = "";        // of the vectors: the one case to run

  localparam FREE = 0, BLOCKED = 2, RESET = 3;  // modes (vectors_unit.h); RESET + kind
  localparam OPERATIONS = 0;
  localparam NAME_WORDS = 8, PATIENCE = 3000;
  localparam WIDE = LANES * 32 + 32;            // room for any stream, and a lane more

  reg [31:0] v [0:COUNT-1];
  integer    case_at, mode;
  integer    from [0:SECTIONS-1];               // records of a section: first, next, end
  integer    at   [0:SECTIONS-1];
  integer    stop [0:SECTIONS-1];

  // ---- report -----------------------------------------------------------------------------------
  function [8*4*NAME_WORDS-1:0] case_name(input integer unused);
    integer i;
    for (i = 0; i < NAME_WORDS; i = i + 1)
      case_name[(NAME_WORDS-1-i)*32 +: 32] = v[case_at+1+i];
  endfunction

  // Field of the operation at work; of the last one behind the end.
  function [31:0] operation(input integer field);
    operation = at[OPERATIONS] < stop[OPERATIONS] ? v[at[OPERATIONS]+field]
                                                  : v[stop[OPERATIONS]-OPERATION_WORDS+field];
  endfunction
  localparam IMAGE = 0, KIND = 1, LAYER = 2, CYCLES = 3;

  task mismatch(input [8*24-1:0] signal, input integer word, input integer lane,
                input [31:0] expected, input [31:0] got);
    begin
      $write("FAIL time %0t case %0s mode %0d image %0d kind %0d layer %0d ", $time, case_name(0),
             mode, operation(IMAGE), operation(KIND), operation(LAYER));
      $display("signal %0s word %0d lane %0d expected %0h got %0h", signal, word, lane, expected,
               got);
      $finish(0);
      forever #1000000;
    end
  endtask

  // Lanes of `width` bits against the words from v[base] on.
  task compare_lanes(input [8*24-1:0] signal, input integer word, input [WIDE-1:0] got,
                    input integer width, input integer base);
    integer    l;
    reg [31:0] lane, mask;
    begin
      mask = 32'hffffffff >> (32 - width);
      for (l = 0; l < LANES; l = l + 1) begin
        lane = got[l*width +: 32] & mask;
        if (lane !== v[base+l]) mismatch(signal, word, l, v[base+l], lane);
      end
    end
  endtask

  // Something comes of a section: there has to be a record left.
  task need_record(input [8*24-1:0] signal, input integer section);
    if (at[section] >= stop[section]) mismatch(signal, -1, 0, 0, 1);
  endtask

  task step_record(input integer section, input integer words);
    begin
      at[section] = at[section] + words;
      checked = checked + 1;
    end
  endtask

  // ---- streams: who waits, and that a beat offered stays as it is until it is taken -------------
  reg  [STREAMS-1:0] open;              // this cycle
  reg  [STREAMS-1:0] often;             // is open three times of four in this case, or one of four
  reg  [STREAMS-1:0] waiting;
  reg  [STREAMS-1:0] waited;            // for the stream, once in this case
  reg  [WIDE-1:0]    waiting_data [0:STREAMS-1];

  function [STREAMS-1:0] coins(input integer unused);
    coins = {$random(random_state), $random(random_state)};
  endfunction

  // A stream changes after 8 cycles in the mean; blocked, after 32, and it opens
  // only when something has waited for it.
  task draw_stalls;
    reg [STREAMS-1:0] change;
    begin
      change = coins(0) & coins(0);
      if (mode == BLOCKED) change = change & coins(0) & coins(0);
      open = open & ~change;
      open = open | (change & (coins(0) | (coins(0) & often)) & (coins(0) | often));
      if (mode == BLOCKED) open = open & waited;
      if (mode == FREE) open = {STREAMS{1'b1}};
    end
  endtask

  task watch(input [8*24-1:0] signal, input integer s, input valid, input ready,
             input [WIDE-1:0] data);
    begin
      if (waiting[s] && (valid !== 1'b1 || data !== waiting_data[s]))
        mismatch(signal, -1, 0, 1, valid);
      waiting[s] = valid && !ready;
      if (waiting[s]) begin
        waiting_data[s] = data;
        waited[s] = 1'b1;
      end
    end
  endtask

  // ---- cases ------------------------------------------------------------------------------------
  integer header_at, operation_cycles, reset_operation, reset_cycle, idle, progress;

  task open_case;
    integer s, pos;
    begin
      header_at = case_at + NAME_WORDS + 3;
      pos = header_at + v[header_at-1];
      for (s = 0; s < SECTIONS; s = s + 1) begin
        from[s] = pos + 1;
        at[s] = pos + 1;
        stop[s] = pos + 1 + v[pos];
        pos = stop[s];
      end
      open = {STREAMS{mode != BLOCKED}};
      often = mode == BLOCKED ? 0 : coins(0);
      {waiting, waited} = 0;
      operation_cycles = 0;
      idle = 0;
      progress = 0;
    end
  endtask

  function records_left(input integer unused);
    integer s;
    begin
      records_left = 1'b0;
      for (s = 0; s < SECTIONS; s = s + 1) if (at[s] != stop[s]) records_left = 1'b1;
    end
  endfunction

  task guarded_step;
    begin
      step;
      idle = checked == progress ? idle + 1 : 0;
      progress = checked;
      if (idle > PATIENCE) mismatch("progress", -1, 0, 1, 0);
    end
  endtask

  // In the middle of an operation of the mode's kind.
  task draw_reset;
    begin
      reset_operation = from[OPERATIONS];
      while (v[reset_operation+KIND] != mode - RESET || chance(8)) begin
        reset_operation = reset_operation + OPERATION_WORDS;
        if (reset_operation >= stop[OPERATIONS]) reset_operation = from[OPERATIONS];
      end
      reset_cycle = 1 + below(v[reset_operation+CYCLES] - 1);
    end
  endtask

  task run_case;
    begin
      open_case;
      start;
      if (mode >= RESET) begin
        draw_reset;
        while (at[OPERATIONS] < reset_operation ||
               (at[OPERATIONS] == reset_operation && operation_cycles < reset_cycle)) guarded_step;
        open_case;
        reset_unit;
        start;
      end
      while (records_left(0)) guarded_step;
      finish;
    end
  endtask

  task run_file;
    begin
      case_at = 0;
      mode = FREE;
      open_case;
      power_up;
      while (v[case_at] != 0) begin
        for (mode = 0; mode < 6; mode = mode + 1) if (v[case_at+NAME_WORDS+1][mode]) run_case;
        case_at = case_at + v[case_at];
      end
      pass;
    end
  endtask

// Bench of dpu: image source, converters, drivers and chi around the digital unit, programmed over
// APB. Values of every stream, order of operations, registers; cycles of an operation, exact for
// forward and error whatever waits, for updates when nothing does.
`default_nettype none
module tb_dpu;
  parameter LANES     = 8;
  parameter WORD_BITS = 5;
  parameter ACT_BITS  = 16;
  parameter ERR_BITS  = 12;
  parameter DAC_BITS  = 8;
  parameter CHI_BITS  = 16;
  parameter FRAC_BITS = 13;
  parameter TILES     = 16;    // commands of tiles beyond these are dropped
  localparam LANE_BITS = $clog2(LANES), COUNT_BITS = WORD_BITS + LANE_BITS;
  localparam LAYERS = 4, LAYER_BITS = 2, TILE_BITS = 4, ADDR_BITS = 10;
  localparam TABLE_BITS = 9, DEPTH_BITS = 6, COMMAND_BITS = 2 * COUNT_BITS + 9;

  // sections (vectors_image.c), lengths of their records
  localparam IMAGES = 1, CODES = 2, ADC = 3, DRIVE = 4, ACT = 5, ERROR = 6, CHI = 7, COMMANDS = 8;
  localparam SECTIONS = 9, OPERATION_WORDS = 6, CHI_WORDS = LANES + 3;
  localparam PASSES = 4, EXPONENT = 5;     // fields of an operation
  // streams
  localparam S_IMAGE = 0, S_CODES = 1, S_ADC = 2, S_DRIVE = 3, S_CHI = 4, S_PULSE = 5;
  localparam STREAMS = S_PULSE + TILES;
  `include "unit.vh"
  `include "chi_memory.vh"
  localparam NO_KIND = 3;

  reg                           rst_n;
  reg                           psel, penable, pwrite;
  reg  [15:0]                   paddr;
  reg  [31:0]                   pwdata;
  wire [31:0]                   prdata;
  wire                          pready, pslverr, irq;
  reg                           image_valid, codes_ready, adc_valid, drive_ready;
  wire                          image_ready, codes_valid, codes_last, adc_ready;
  reg  [LANES*8-1:0]            image_data;
  reg  [7:0]                    image_user;
  wire [LANES*DAC_BITS-1:0]     codes_data;
  reg  [LANES*16-1:0]           adc_data;
  wire                          drive_valid, drive_last;
  wire [LANES*17-1:0]           drive_data;
  wire [LAYER_BITS+1:0]         drive_user;
  wire [TILES-1:0]              pulse_valid;
  reg  [TILES-1:0]              pulse_ready;
  wire [TILES*COMMAND_BITS-1:0] pulse_data;
  wire                          done, busy, frozen, act_valid, err_valid, command;
  wire [1:0]                    kind;
  wire [LAYER_BITS-1:0]         layer;
  wire [31:0]                   cycles;
  wire [15:0]                   exponent;
  wire [WORD_BITS-1:0]          act_word, err_word;
  wire [LANES*ACT_BITS-1:0]     act;
  wire [LANES*ERR_BITS-1:0]     err, rated;
  wire [LANES-1:0]              saturated;
  wire [TILE_BITS-1:0]          command_tile;
  dpu #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS), .TILES(TILES), .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS),
    .TABLE_BITS(TABLE_BITS), .ACT_BITS(ACT_BITS), .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS),
    .CHI_BITS(CHI_BITS), .FRAC_BITS(FRAC_BITS), .DEPTH_BITS(DEPTH_BITS)
  ) u_dpu (
    .clk_i                 (clk),
    .rst_ni                (rst_n),
    .psel_i                (psel),
    .penable_i             (penable),
    .pwrite_i              (pwrite),
    .paddr_i               (paddr),
    .pwdata_i              (pwdata),
    .prdata_o              (prdata),
    .pready_o              (pready),
    .pslverr_o             (pslverr),
    .irq_o                 (irq),
    .s_axis_image_tvalid_i (image_valid),
    .s_axis_image_tready_o (image_ready),
    .s_axis_image_tdata_i  (image_data),
    .s_axis_image_tuser_i  (image_user),
    .m_axis_image_tvalid_o (codes_valid),
    .m_axis_image_tready_i (codes_ready),
    .m_axis_image_tdata_o  (codes_data),
    .m_axis_image_tlast_o  (codes_last),
    .s_axis_adc_tvalid_i   (adc_valid),
    .s_axis_adc_tready_o   (adc_ready),
    .s_axis_adc_tdata_i    (adc_data),
    .m_axis_drive_tvalid_o (drive_valid),
    .m_axis_drive_tready_i (drive_ready),
    .m_axis_drive_tdata_o  (drive_data),
    .m_axis_drive_tuser_o  (drive_user),
    .m_axis_drive_tlast_o  (drive_last),
    .m_axis_pulse_tvalid_o (pulse_valid),
    .m_axis_pulse_tready_i (pulse_ready),
    .m_axis_pulse_tdata_o  (pulse_data),
    .chi_re_o              (chi_re),
    .chi_raddr_o           (chi_raddr),
    .chi_rvalid_i          (chi_rvalid),
    .chi_rdata_i           (chi_rdata),
    .chi_we_o              (chi_we),
    .chi_waddr_o           (chi_waddr),
    .chi_wdata_o           (chi_wdata),
    .trace_done_o          (done),
    .trace_kind_o          (kind),
    .trace_layer_o         (layer),
    .trace_cycles_o        (cycles),
    .trace_exponent_o      (exponent),
    .trace_busy_o          (busy),
    .trace_frozen_o        (frozen),
    .trace_act_valid_o     (act_valid),
    .trace_act_word_o      (act_word),
    .trace_act_o           (act),
    .trace_err_valid_o     (err_valid),
    .trace_err_word_o      (err_word),
    .trace_err_o           (err),
    .trace_rated_o         (rated),
    .trace_saturated_o     (saturated),
    .trace_command_o       (command),
    .trace_command_tile_o  (command_tile)
  );

  // ---- registers --------------------------------------------------------------------------------
  localparam [15:0] ID = 16'h00, CONTROL = 16'h04, RATE = 16'h08, UPDATE = 16'h0c, QUEUE = 16'h10,
                    STATUS = 16'h14, IMAGE_COUNT = 16'h18, INTERRUPT = 16'h1c, LAYER0 = 16'h100,
                    TABLE = 16'h1000, SEEDS = 16'h2000;
  localparam LAYER_END = LAYER0 + LAYERS * 32;
  reg [31:0] held [0:127];     // what was written, 0 .. 0x1fc
  reg        interrupt, no_tile, no_image;
  integer    images_done;

  function known(input [15:0] address);
    known = address[1:0] == 0 && (address < 16'h20 || (address >= LAYER0 && address < LAYER_END) ||
                                  (address >= TABLE && address < 16'h4000));
  endfunction

  function [31:0] register(input [15:0] address);
    case (address)
      ID:          register = 32'h4d434101;
      STATUS:      register = {14'd0, no_tile, no_image, {(12 - LAYER_BITS){1'b0}}, layer, kind, frozen, busy};
      IMAGE_COUNT: register = images_done;
      INTERRUPT:   register = interrupt;
      default:     register = address < 16'h200 && known(address) ? held[address[8:2]] : 32'd0;
    endcase
  endfunction

  task check_registers;
    reg access;
    begin
      access = psel && penable;
      `EXPECT("pready", 0, 1, pready);
      `EXPECT("pslverr", paddr, access && !known(paddr), pslverr);
      `EXPECT("irq", 0, interrupt && held[CONTROL>>2][5], irq);
      if (paddr == STATUS && prdata[17]) no_tile = 1'b1; // of that only `finish` knows
      if ((access && !pwrite && known(paddr)) || paddr == STATUS)
        `EXPECT("prdata", paddr, register(paddr), prdata);
      if (image_done) begin
        interrupt = 1'b1;
        images_done = images_done + 1;
      end
      if (access && pwrite && known(paddr)) begin
        if (paddr < 16'h200) held[paddr[8:2]] = pwdata;
        if (paddr == INTERRUPT) interrupt = image_done;
      end
    end
  endtask

  task forget_registers;
    integer i;
    begin
      for (i = 0; i < 128; i = i + 1) held[i] = 32'd0;
      held[RATE>>2] = 32'h00000800;
      held[UPDATE>>2] = 32'h01010001;
      held[QUEUE>>2] = 32'd1;
      {interrupt, no_tile} = 2'b00;
      images_done = 0;
    end
  endtask

  // What the next cycle has on the bus; at rest the status is watched.
  localparam [50:0] AT_REST = {3'b000, STATUS, 32'd0};
  reg [50:0] bus;
  task apb(input write, input [15:0] address, input [31:0] data);
    begin
      bus = {1'b1, 1'b0, write, address, data};
      cycle;
      bus = {1'b1, 1'b1, write, address, data};
      cycle;
      bus = AT_REST;
    end
  endtask

  task read_back;
    integer a;
    begin
      for (a = 0; a < 16'h20; a = a + 4) apb(0, a, 0);
      for (a = LAYER0; a < LAYER_END; a = a + 4) apb(0, a, 0);
    end
  endtask

  // Outside the map, not aligned; windows, which give 0; read-only registers, which stay.
  task read_strange;
    begin
      apb(0, 16'h20, 0);
      apb(1, CONTROL + 2, 32'hffffffff);
      apb(1, LAYER0 + 1, 32'hffffffff);
      apb(1, LAYER_END, 32'hffffffff);
      apb(0, 16'h0200, 0);
      apb(0, TABLE, 0);
      apb(0, SEEDS, 0);
      apb(1, 16'h4000, 32'hffffffff);
      apb(1, ID, 32'hffffffff);
      apb(1, STATUS, 32'hffffffff);
      apb(1, IMAGE_COUNT, 32'hffffffff);
    end
  endtask

  // ---- image ------------------------------------------------------------------------------------
  reg     running, image_held, adc_held;
  integer images_loaded, images_out;       // of the case: all in, all done
  reg     image_begun;                     // a beat of its codes was offered

  task offer_image;
    integer l;
    begin
      image_valid = running && at[IMAGES] < stop[IMAGES] && (image_held || open[S_IMAGE]);
      image_data = {LANES*8{1'bx}};
      image_user = 8'hxx;
      if (image_valid) begin
        image_user = v[at[IMAGES]];
        for (l = 0; l < LANES; l = l + 1) image_data[l*8 +: 8] = v[at[IMAGES]+1+l];
      end
      codes_ready = open[S_CODES];
      no_image = !image_begun && images_loaded == images_out;
    end
  endtask

  task check_image;
    reg closed;
    begin
      closed = !held[CONTROL>>2][0] || images_loaded - images_out == 2;
      if (closed) `EXPECT("image_ready", 0, 0, image_ready);
      if (closed) `EXPECT("codes_valid", 0, 0, codes_valid);
      if (!closed && !image_valid) waited[S_IMAGE] = 1'b1;
      if (codes_valid || waiting[S_CODES])
        watch("codes", S_CODES, codes_valid, codes_ready, {codes_last, codes_data});
      if (codes_valid !== 1'b0) begin
        need_record("codes", CODES);
        `EXPECT("codes_last", at[CODES], v[at[CODES]], codes_last);
        compare_lanes("codes", (at[CODES] - from[CODES]) / (LANES + 1), codes_data, DAC_BITS,
                      at[CODES] + 1);
      end
      image_held = image_valid && image_ready !== 1'b1;
      if (image_valid && !image_held) step_record(IMAGES, LANES + 1);
      image_begun = (image_begun || codes_valid) && !(codes_valid && codes_ready && codes_last);
      if (codes_valid && codes_ready) begin
        images_loaded = images_loaded + codes_last;
        step_record(CODES, LANES + 1);
      end
    end
  endtask

  // ---- operations -------------------------------------------------------------------------------
  integer stalls, next_operation;
  reg     image_done;
  task check_operation;
    reg     expected_busy;
    integer n;
    begin
      n = operation_cycles + 1;
      expected_busy = operation_cycles != 0 || (images_loaded > images_out &&
                                                (operation(PASSES) == 0 || adc_valid));
      `EXPECT("busy", 0, expected_busy, busy);
      `EXPECT("frozen", 0, busy && drive_valid && !drive_ready, frozen);
      `EXPECT("kind", 0, at[OPERATIONS] < stop[OPERATIONS] ? operation(KIND) : 0, kind);
      `EXPECT("layer", 0, at[OPERATIONS] < stop[OPERATIONS] ? operation(LAYER) : 0, layer);
      if (busy && ((adc_ready && !adc_valid) || frozen)) stalls = stalls + 1;
      `EXPECT("done", n, done && busy, done);
      if (done) begin
        `EXPECT("cycles", 0, n, cycles);
        if (kind == 2 && mode != FREE && n > operation(CYCLES)) stalls = n - operation(CYCLES);
        `EXPECT("cycles", 1, operation(CYCLES) + stalls, cycles);
        if (kind == 1) `EXPECT("exponent", 0, operation(EXPONENT), exponent);
      end
      next_operation = at[OPERATIONS] + OPERATION_WORDS;
      image_done = done && (next_operation == stop[OPERATIONS] ||
                            v[next_operation+IMAGE] != operation(IMAGE));
      operation_cycles = expected_busy ? n : 0;
    end
  endtask

  task step_operation;
    if (done) begin
      if (image_done) images_out = images_out + 1;
      stalls = 0;
      operation_cycles = 0;
      step_record(OPERATIONS, OPERATION_WORDS);
    end
  endtask

  // ---- forward and error ------------------------------------------------------------------------
  task offer_adc;
    integer l;
    begin
      adc_valid = running && at[ADC] < stop[ADC] && (adc_held || open[S_ADC]);
      adc_data = {LANES*16{1'bx}};
      if (adc_valid) for (l = 0; l < LANES; l = l + 1) adc_data[l*16 +: 16] = v[at[ADC]+l];
      drive_ready = open[S_DRIVE];
    end
  endtask

  task check_vector;
    begin
      `EXPECT("adc_ready", 0, busy && operation(PASSES) != 0 && adc_ready, adc_ready);
      adc_held = adc_valid && !adc_ready;
      if (operation(PASSES) != 0 && !adc_valid) waited[S_ADC] = 1'b1;
      if (adc_valid && adc_ready) step_record(ADC, LANES);
      if (drive_valid || waiting[S_DRIVE])
        watch("drive", S_DRIVE, drive_valid, drive_ready, {drive_user, drive_last, drive_data});
      if (drive_valid !== 1'b0) begin
        need_record("drive", DRIVE);
        `EXPECT("drive_layer", at[DRIVE], v[at[DRIVE]], drive_user >> 2);
        `EXPECT("drive_kind", at[DRIVE], v[at[DRIVE]+1], drive_user[1:0]);
        `EXPECT("drive_last", at[DRIVE], v[at[DRIVE]+2], drive_last);
        compare_lanes("drive", (at[DRIVE] - from[DRIVE]) / (LANES + 3), drive_data, 17,
                      at[DRIVE] + 3);
        if (drive_ready) step_record(DRIVE, LANES + 3);
      end
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

  // ---- update -----------------------------------------------------------------------------------
  integer           read_at;
  integer           queued [0:TILES-1];      // commands in a tile's queue
  reg   [TILES-1:0] filled;                  // queued is not 0
  reg               full;                    // some queue was
  reg               dropped;                 // a command, since reset: no such tile
  integer           command_at [0:TILES-1];  // the next of a tile

  task check_chi;
    begin
      if (chi_re !== 1'b0) begin
        if (read_at >= stop[CHI]) mismatch("chi_re", -1, 0, 0, chi_re);
        `EXPECT("chi_raddr", 0, v[read_at], chi_raddr);
        read_at = read_at + CHI_WORDS;
      end
      if (chi_we !== 1'b0) begin
        need_record("chi_we", CHI);
        `EXPECT("chi_waddr", 0, v[at[CHI]], chi_waddr);
        compare_lanes("chi_wdata", chi_waddr, chi_wdata, CHI_BITS, at[CHI] + 1);
        `EXPECT("saturated", chi_waddr, v[at[CHI]+1+LANES], saturated);
        step_record(CHI, CHI_WORDS);
      end
      if (!chi_rvalid && answers < requests && due[answers%PENDING] <= now) waited[S_CHI] = 1'b1;
      step_chi;
    end
  endtask

  task check_pulse(input integer t);
    begin
      while (v[command_at[t]] != t) command_at[t] = command_at[t] + 4;
      `EXPECT("pulse", t, command_of(command_at[t]), pulse_data[t*COMMAND_BITS +: COMMAND_BITS]);
      watch("pulse", S_PULSE + t, 1'b1, pulse_ready[t], pulse_data[t*COMMAND_BITS +: COMMAND_BITS]);
      if (pulse_ready[t]) begin
        command_at[t] = command_at[t] + 4;
        queued[t] = queued[t] - 1;
      end
      filled[t] = queued[t] != 0;
    end
  endtask

  function [COMMAND_BITS-1:0] command_of(input integer record);
    command_of = {v[record+3][8:0], v[record+1][COUNT_BITS-1:0], v[record+2][COUNT_BITS-1:0]};
  endfunction

  task drop_commands;
    while (at[COMMANDS] < stop[COMMANDS] && v[at[COMMANDS]] >= TILES) begin
      dropped = 1'b1;
      step_record(COMMANDS, 4);
    end
  endtask

  task check_commands;
    integer t;
    begin
      drop_commands;
      if (command !== 1'b0) begin
        need_record("command", COMMANDS);
        `EXPECT("command_tile", at[COMMANDS], v[at[COMMANDS]], command_tile);
        queued[command_tile] = queued[command_tile] + 1;
        if (queued[command_tile] == held[QUEUE>>2][DEPTH_BITS:0]) full = 1'b1;
        if (queued[command_tile] > held[QUEUE>>2][DEPTH_BITS:0])
          mismatch("queue", command_tile, 0, held[QUEUE>>2][DEPTH_BITS:0], queued[command_tile]);
        filled[command_tile] = 1'b1;
        step_record(COMMANDS, 4);
      end
      `EXPECT("pulse_valid", 0, filled, pulse_valid);
      if (filled != 0) for (t = 0; t < TILES; t = t + 1) if (filled[t]) check_pulse(t);
    end
  endtask

  // ---- a cycle ----------------------------------------------------------------------------------
  wire [7:0] handshakes = {image_ready, codes_valid, adc_ready, drive_valid, chi_re, chi_we, done,
                           command};
  task cycle;
    begin
      next_cycle;
      {psel, penable, pwrite, paddr, pwdata} = bus;
      draw_stalls;
      offer_image;
      offer_adc;
      answer_chi(open[S_CHI]);
      pulse_ready = open[S_PULSE +: TILES];
      settle;
      if (^handshakes === 1'bx) mismatch("handshakes", 0, 0, 0, handshakes);
      check_vector;
      check_chi;
      check_commands;
      check_operation;
      check_image;
      check_registers;
      step_operation;
    end
  endtask

  task step;
    if (mode == FREE || !chance(1)) cycle;
    else if (chance(8)) apb(0, 4 * below(8), 0);
    else if (chance(8)) apb(0, LAYER0 + 4 * below(LAYERS * 8), 0);
    else apb(1, INTERRUPT, 0);
  endtask

  task start;
    integer i;
    begin
      {images_loaded, images_out} = 0;
      stalls = 0;
      read_at = from[CHI];
      for (i = 0; i < TILES; i = i + 1) command_at[i] = from[COMMANDS];
      {image_held, adc_held, full} = 3'b000;
      apb(1, CONTROL, v[header_at]);
      running = 1'b1;
      apb(1, RATE, v[header_at+1]);
      apb(1, UPDATE, v[header_at+2]);
      apb(1, QUEUE, v[header_at+3]);
      for (i = 0; i < LAYERS * 8; i = i + 1) apb(1, LAYER0 + 4 * i, v[header_at+4+i]);
      for (i = 0; i < LAYERS * LANES; i = i + 1) apb(1, SEEDS + 4 * i, v[header_at+4+LAYERS*8+i]);
      load_chi(header_at + 4 + LAYERS * (8 + LANES));
      clear_chi_requests;
      chi_latency = held[UPDATE>>2][19:16];
      if (mode == FREE) read_back;
      apb(1, CONTROL, v[header_at] | 1);
    end
  endtask

  // Commands that still wait in queues; then nothing more may come. Blocked, everything has waited.
  task finish;
    begin
      while (filled != 0) cycle;
      if (mode == BLOCKED && !(&waited[S_PULSE-1:0] && |waited[STREAMS-1:S_PULSE] && full))
        mismatch("waited", full, 0, 0, waited);
      apb(0, IMAGE_COUNT, 0);
      apb(0, INTERRUPT, 0);
      apb(1, INTERRUPT, 0);
      apb(0, INTERRUPT, 0);
      `EXPECT("no_tile", 0, dropped, no_tile);
      running = 1'b0;
    end
  endtask

  task reset_unit;
    integer t;
    begin
      rst_n = 1'b0;
      running = 1'b0;
      bus = AT_REST;
      forget_registers;
      clear_chi_requests;
      {images_loaded, images_out, stalls} = 0;
      {image_begun, dropped} = 2'b00;
      for (t = 0; t < TILES; t = t + 1) queued[t] = 0;
      filled = {TILES{1'b0}};
      repeat (2) cycle;
      rst_n = 1'b1;
      cycle;
    end
  endtask

  task power_up;
    integer i;
    begin
      reset_unit;
      read_back;
      read_strange;
      for (i = 0; i < 1 << TABLE_BITS; i = i + 1) apb(1, TABLE + 4 * i, v[header_at+i]);
    end
  endtask

  initial begin
    $readmemh("vectors.hex", v);
    run_file;
  end
endmodule
`default_nettype wire

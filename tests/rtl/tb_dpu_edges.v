// Bench of dpu at its edges: settings outside the documented ranges, and CONTROL.ENABLE cleared at
// any time. One layer of 8 pixels and 2 outputs learns; its bias is a beat of its own. What a good
// image gives is known beforehand: 9 commands of rows 0 .. 8, as many words of chi. After each
// attempt that is what has to come.
`default_nettype none
module tb_dpu_edges;
  localparam LANES = 2, WORD_BITS = 7, COUNT_BITS = 8, TILES = 3, TILE_BITS = 2, ADDR_BITS = 10;
  localparam DEPTH_BITS = 2, COMMAND_BITS = 2 * COUNT_BITS + 9, ROWS = 9;
  localparam PATIENCE = 1000;
  `include "bench.vh"
  localparam [15:0] CONTROL = 16'h04, RATE = 16'h08, UPDATE = 16'h0c, QUEUE = 16'h10,
                    STATUS = 16'h14, IMAGE_COUNT = 16'h18, LAYER0 = 16'h100, TABLE = 16'h1000;
  localparam IDLE = 16, NO_TILE = 17;     // bits of STATUS
  localparam [31:0] UPDATE_GOOD = 32'h01010001, QUEUE_GOOD = 32'd4;

  reg                           rst_n, psel, penable, pwrite;
  reg  [15:0]                   paddr;
  reg  [31:0]                   pwdata;
  wire [31:0]                   prdata;
  wire                          pslverr;
  reg                           image_valid, codes_ready, adc_valid;
  reg  [TILES-1:0]              pulse_ready;
  wire                          image_ready, codes_valid, codes_last, adc_ready, drive_last;
  wire [TILES-1:0]              pulse_valid;
  wire [TILES*COMMAND_BITS-1:0] pulse_data;
  wire [LANES*8-1:0]            codes_data;
  wire                          chi_re, chi_we;
  wire [ADDR_BITS-1:0]          chi_raddr, chi_waddr;
  reg  [4:0]                    asked;     // answers of chi on their way
  reg  [3:0]                    latency;
  wire                          chi_rvalid = asked[latency-1];
  dpu #(
    .LANES(LANES), .LANE_BITS(1), .WORD_BITS(WORD_BITS), .LAYERS(2), .LAYER_BITS(1), .TILES(TILES),
    .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS), .ACT_BITS(8), .ERR_BITS(8), .DAC_BITS(8),
    .CHI_BITS(8), .FRAC_BITS(0), .DEPTH_BITS(DEPTH_BITS)
  ) u_dpu (
    .clk_i                 (clk),
    .rst_ni                (rst_n),
    .psel_i                (psel),
    .penable_i             (penable),
    .pwrite_i              (pwrite),
    .paddr_i               (paddr),
    .pwdata_i              (pwdata),
    .prdata_o              (prdata),
    .pready_o              (),
    .pslverr_o             (pslverr),
    .irq_o                 (),
    .s_axis_image_tvalid_i (image_valid),
    .s_axis_image_tready_o (image_ready),
    .s_axis_image_tdata_i  ({LANES{8'hff}}),
    .s_axis_image_tuser_i  (8'd0),
    .m_axis_image_tvalid_o (codes_valid),
    .m_axis_image_tready_i (codes_ready),
    .m_axis_image_tdata_o  (codes_data),
    .m_axis_image_tlast_o  (codes_last),
    .s_axis_adc_tvalid_i   (adc_valid),
    .s_axis_adc_tready_o   (adc_ready),
    .s_axis_adc_tdata_i    ({LANES{16'd0}}),
    .m_axis_drive_tvalid_o (),
    .m_axis_drive_tready_i (1'b1),
    .m_axis_drive_tdata_o  (),
    .m_axis_drive_tuser_o  (),
    .m_axis_drive_tlast_o  (drive_last),
    .m_axis_pulse_tvalid_o (pulse_valid),
    .m_axis_pulse_tready_i (pulse_ready),
    .m_axis_pulse_tdata_o  (pulse_data),
    .chi_re_o              (chi_re),
    .chi_raddr_o           (chi_raddr),
    .chi_rvalid_i          (chi_rvalid),
    .chi_rdata_i           ({LANES{8'd0}}),
    .chi_we_o              (chi_we),
    .chi_waddr_o           (chi_waddr),
    .chi_wdata_o           (),
    .trace_done_o          (),
    .trace_kind_o          (),
    .trace_layer_o         (),
    .trace_cycles_o        (),
    .trace_exponent_o      (),
    .trace_busy_o          (),
    .trace_frozen_o        (),
    .trace_act_valid_o     (),
    .trace_act_word_o      (),
    .trace_act_o           (),
    .trace_err_valid_o     (),
    .trace_err_word_o      (),
    .trace_err_o           (),
    .trace_rated_o         (),
    .trace_saturated_o     (),
    .trace_command_o       (),
    .trace_command_tile_o  ()
  );

  // ---- a cycle ----------------------------------------------------------------------------------
  integer beats, codes, commands, reads, writes;
  wire [COMMAND_BITS-1:0] command = pulse_data[COMMAND_BITS-1:0];
  reg  [LANES*8:0]        code_held;
  reg                     code_waits, was_image_ready;

  task cycle;
    begin
      settle;
      if (code_waits) check("codes_valid held", 1, codes_valid);
      if (code_waits) check("codes held", code_held, {codes_last, codes_data});
      code_waits = codes_valid && !codes_ready;
      code_held = {codes_last, codes_data};
      was_image_ready = image_ready;
      if (codes_valid && codes_ready) begin
        check("codes_last", codes == ROWS / 2, codes_last);
        codes = codes_last ? 0 : codes + 1;
      end
      if (image_valid && image_ready) beats = beats + 1;
      if (pulse_valid[0] && pulse_ready[0]) begin
        check("row of a command", commands, command[COUNT_BITS +: COUNT_BITS]);
        commands = commands + 1;
      end
      if (chi_re) check("chi_raddr", reads, chi_raddr);
      if (chi_we) check("chi_waddr", writes, chi_waddr);
      reads = reads + (chi_re === 1'b1);
      writes = writes + (chi_we === 1'b1);
      checked = checked + 1;
      asked = {asked[3:0], chi_re === 1'b1};
      next_cycle;
    end
  endtask

  reg        refused;
  reg [31:0] read_data;
  task apb(input write, input [15:0] address, input [31:0] data);
    begin
      {psel, penable, pwrite, paddr, pwdata} = {1'b1, 1'b0, write, address, data};
      cycle;
      penable = 1'b1;
      settle;
      {refused, read_data} = {pslverr, prdata};
      cycle;
      {psel, penable} = 2'b00;
    end
  endtask

  task check_status(input [8*24-1:0] name, input integer bit, input expected);
    begin
      apb(0, STATUS, 0);
      check(name, expected, read_data[bit]);
    end
  endtask

  // ---- images -----------------------------------------------------------------------------------
  // Pixels until the image is in.
  task load_image;
    begin
      beats = 0;
      image_valid = 1'b1;
      while (beats < 4) cycle;
      image_valid = 1'b0;
      while (codes != 0) cycle;
    end
  endtask

  // To the end of the image that is in; drivers take commands from cycle `slow` on.
  task learn(input integer slow);
    integer n, first;
    begin
      {commands, reads, writes} = 0;
      apb(0, IMAGE_COUNT, 0);
      first = read_data;
      n = 0;
      while (read_data == first || pulse_valid[0] !== 1'b0) begin
        pulse_ready = {TILES{n >= slow}};
        apb(0, IMAGE_COUNT, 0);
        n = n + 2;
        if (n > PATIENCE) fail("cycles of an image", PATIENCE, n);
      end
    end
  endtask

  task learn_good(input integer slow);
    begin
      load_image;
      learn(slow);
      check("commands", ROWS, commands);
      check("reads of chi", ROWS, reads);
      check("writes of chi", ROWS, writes);
    end
  endtask

  task start(input [1:0] tile_base);
    begin
      rst_n = 1'b0;
      {psel, penable, pwrite, paddr, pwdata, image_valid, code_waits} = 53'd0;
      {adc_valid, codes_ready, latency, asked} = {1'b1, 1'b1, 4'd1, 5'd0};
      {beats, codes, commands, reads, writes} = 0;
      pulse_ready = {TILES{1'b1}};
      next_cycle;
      rst_n = 1'b1;
      for (beats = 0; beats < 512; beats = beats + 1) apb(1, TABLE + 4 * beats, 32'd0);
      apb(1, LAYER0, ROWS);
      apb(1, LAYER0 + 4, 32'h00010002);      // one word of 2 outputs
      apb(1, LAYER0 + 8, 32'h00010001);
      apb(1, LAYER0 + 20, {30'd0, tile_base});
      apb(1, RATE, 32'h00000800);
      apb(1, UPDATE, UPDATE_GOOD);
      apb(1, QUEUE, QUEUE_GOOD);
      check_status("STATUS.IDLE", IDLE, 1'b1);
      apb(1, CONTROL, 32'h00000003);
    end
  endtask

  // A setting that the unit cannot obey: the setting before stays in force.
  task attempt(input [15:0] address, input [31:0] data, input [31:0] good, input integer slow);
    begin
      vector_number = data;
      apb(1, address, data);
      latency = address == UPDATE && !refused ? data[19:16] : 4'd1;
      if (latency == 4'd0) latency = 4'd1;
      learn_good(slow);
      apb(1, address, data);
      check("PSLVERR", 1, refused);
      apb(0, address, 0);
      check("register", good, read_data);
    end
  endtask

  // ENABLE cleared while beat `at` of the codes waits, or with the first pixel still to come.
  task disable_at(input integer at);
    begin
      vector_number = at;
      image_valid = 1'b1;
      while (codes != at) cycle;
      codes_ready = 1'b0;
      repeat (2) cycle;
      apb(1, CONTROL, 32'h00000002);
      check_status("STATUS.IDLE", IDLE, 1'b0);
      codes_ready = 1'b1;
      while (codes != 0 || code_waits) cycle;
      cycle;                                  // the pixels of the next image are offered
      check("image_ready", 0, was_image_ready);
      check("codes_valid", 0, codes_valid);
      learn(0);
      check("commands", ROWS, commands);
      check_status("STATUS.IDLE", IDLE, 1'b1);
      image_valid = 1'b0;
      apb(1, CONTROL, 32'h00000003);
    end
  endtask

  initial begin
    start(2'd0);
    learn_good(0);
    learn_good(100);
    attempt(QUEUE, 32'd5, QUEUE_GOOD, 100);   // deeper than the memory
    attempt(QUEUE, 32'd0, QUEUE_GOOD, 0);     // nothing would pass
    attempt(QUEUE, 32'd9, QUEUE_GOOD, 100);   // its low bits alone would do
    attempt(UPDATE, 32'h01010000, UPDATE_GOOD, 0);
    attempt(UPDATE, 32'h01000001, UPDATE_GOOD, 0);
    attempt(UPDATE, 32'h01050001, UPDATE_GOOD, 0);  // five reads on their way
    for (vector_number = 0; vector_number < 5; vector_number = vector_number + 1)
      disable_at(vector_number);

    start(2'd3);                              // no such tile
    check_status("STATUS.NO_TILE", NO_TILE, 1'b0);
    load_image;
    learn(0);
    check("commands", 0, commands);
    check("pulse_valid", 0, pulse_valid);
    check("writes of chi", ROWS, writes);
    check_status("STATUS.NO_TILE", NO_TILE, 1'b1);
    start(2'd0);
    check_status("STATUS.NO_TILE", NO_TILE, 1'b0);
    learn_good(0);
    pass;
  end
endmodule
`default_nettype wire

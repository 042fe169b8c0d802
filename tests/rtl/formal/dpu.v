// Properties of the whole unit: 2 lanes, 2 layers of 1 to 3 inputs and outputs, 2 tiles, any settings that the registers accept.
`default_nettype none
`include "registers.vh"
`include "few_words.vh"
`include "any_settings.vh"
module prove_dpu (
  input wire        clk_i,
  input wire        image_valid_i,
  input wire [15:0] image_i,
  input wire [7:0]  label_i,
  input wire        image_ready_i,
  input wire        adc_valid_i,
  input wire [31:0] adc_i,
  input wire        drive_ready_i,
  input wire [1:0]  pulse_ready_i,
  input wire        answer_i,
  input wire [15:0] chi_i
);
  `include "prove.vh"
  wire        image_taken, image_valid, image_last, adc_ready, drive_valid, drive_last, done, busy, re, we, command;
  wire [3:0]  image_codes;
  wire [33:0] drive;
  wire [2:0]  drive_user;
  wire [1:0]  pulse_valid, kind;
  wire [49:0] pulse;
  wire [8:0]  raddr, waddr;
  wire [15:0] wdata;
  wire        layer;
  dpu #(
    .LANES(2), .LANE_BITS(1), .WORD_BITS(7), .LAYERS(2), .LAYER_BITS(1), .TILES(2), .TILE_BITS(1), .ADDR_BITS(9), .TABLE_BITS(2),
    .ACT_BITS(8), .ERR_BITS(8), .DAC_BITS(2), .CHI_BITS(8), .FRAC_BITS(2), .DEPTH_BITS(1)
  ) u_dpu (
    .clk_i                 (clk_i),
    .rst_ni                (rst_n),
    .psel_i                (1'b0),
    .penable_i             (1'b0),
    .pwrite_i              (1'b0),
    .paddr_i               (16'd0),
    .pwdata_i              (32'd0),
    .s_axis_image_tvalid_i (image_valid_i),
    .s_axis_image_tready_o (image_taken),
    .s_axis_image_tdata_i  (image_i),
    .s_axis_image_tuser_i  (label_i),
    .m_axis_image_tvalid_o (image_valid),
    .m_axis_image_tready_i (image_ready_i),
    .m_axis_image_tdata_o  (image_codes),
    .m_axis_image_tlast_o  (image_last),
    .s_axis_adc_tvalid_i   (adc_valid_i),
    .s_axis_adc_tready_o   (adc_ready),
    .s_axis_adc_tdata_i    (adc_i),
    .m_axis_drive_tvalid_o (drive_valid),
    .m_axis_drive_tready_i (drive_ready_i),
    .m_axis_drive_tdata_o  (drive),
    .m_axis_drive_tuser_o  (drive_user),
    .m_axis_drive_tlast_o  (drive_last),
    .m_axis_pulse_tvalid_o (pulse_valid),
    .m_axis_pulse_tready_i (pulse_ready_i),
    .m_axis_pulse_tdata_o  (pulse),
    .chi_re_o              (re),
    .chi_raddr_o           (raddr),
    .chi_rvalid_i          (answer_i && owed != 3'd0),
    .chi_rdata_i           (chi_i),
    .chi_we_o              (we),
    .chi_waddr_o           (waddr),
    .chi_wdata_o           (wdata),
    .trace_done_o          (done),
    .trace_kind_o          (kind),
    .trace_layer_o         (layer),
    .trace_busy_o          (busy),
    .trace_command_o       (command)
  );
  reg  [2:0]  owed = 3'd0;               // reads of chi, an answer a cycle after at the earliest
  reg         image_held = 1'b0, adc_held = 1'b0, out_held = 1'b0, drive_held = 1'b0;
  reg  [1:0]  pulse_held = 2'd0;
  reg  [23:0] image_was;
  reg  [31:0] adc_was;
  reg  [4:0]  out_was;
  reg  [37:0] drive_was;
  reg  [49:0] pulse_was;
  always @(posedge clk_i) begin
    owed <= rst_n ? owed + {2'd0, re} - {2'd0, answer_i && owed != 3'd0} : 3'd0;
    image_held <= rst_n && image_valid_i && !image_taken;
    image_was <= {image_i, label_i};
    adc_held <= rst_n && adc_valid_i && !adc_ready;
    adc_was <= adc_i;
    out_held <= rst_n && image_valid && !image_ready_i;
    out_was <= {image_last, image_codes};
    drive_held <= rst_n && drive_valid && !drive_ready_i;
    drive_was <= {drive_last, drive_user, drive};
    pulse_held <= rst_n ? pulse_valid & ~pulse_ready_i : 2'd0;
    pulse_was <= pulse;
  end
  wire reads = adc_ready || drive_valid, updates = re || we || command;
  always @* begin
    assume (!image_held || (image_valid_i && {image_i, label_i} == image_was));
    assume (!adc_held || (adc_valid_i && adc_i == adc_was));
    if (rst_n) begin
      image_stable: assert (!out_held || (image_valid && {image_last, image_codes} == out_was));
      drive_stable: assert (!drive_held || (drive_valid && {drive_last, drive_user, drive} == drive_was));
      pulse_stable: assert ((!pulse_held[0] || (pulse_valid[0] && pulse[24:0] == pulse_was[24:0])) &&
                            (!pulse_held[1] || (pulse_valid[1] && pulse[49:25] == pulse_was[49:25])));
      one_works:    assert (!(reads && updates) && (!reads || (busy && kind != 2'd2)) && (!updates || (busy && kind == 2'd2)));
    end
  end
endmodule
`default_nettype wire

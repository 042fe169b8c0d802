// Digital processing unit: converter codes in, DAC codes and pulse commands out, chi beside it.
// Blocks, register map, cycles: docs/reference/rtl.md. Widths and roundings: docs/reference/digital-unit.md.
`default_nettype none
`include "registers.vh"
module dpu #(
  parameter LANES      = 16,  // a power of two
  parameter LANE_BITS  = 4,
  parameter WORD_BITS  = 8,   // words of LANES in a layer: inputs, bias included, and outputs
  parameter LAYERS     = 4,
  parameter LAYER_BITS = 2,
  parameter TILES      = 16,
  parameter TILE_BITS  = 4,
  parameter ADDR_BITS  = 16,  // of chi, in words of LANES
  parameter TABLE_BITS = 9,
  parameter ACT_BITS   = 16,
  parameter ERR_BITS   = 12,
  parameter DAC_BITS   = 8,
  parameter CHI_BITS   = 16,
  parameter FRAC_BITS  = 13,
  parameter DEPTH_BITS = 6,   // of a tile's command queue
  parameter COUNT_BITS = WORD_BITS + LANE_BITS,
  parameter COMMAND_BITS = 2 * COUNT_BITS + 9
) (
  input  wire                          clk_i,
  input  wire                          rst_ni,
  // registers (APB)
  input  wire                          psel_i,
  input  wire                          penable_i,
  input  wire                          pwrite_i,
  input  wire [15:0]                   paddr_i,
  input  wire [31:0]                   pwdata_i,
  output wire [31:0]                   prdata_o,
  output wire                          pready_o,
  output wire                          pslverr_o,
  output wire                          irq_o,
  // image in, its codes out (AXI4-Stream)
  input  wire                          s_axis_image_tvalid_i,
  output wire                          s_axis_image_tready_o,
  input  wire [LANES*8-1:0]            s_axis_image_tdata_i,
  input  wire [7:0]                    s_axis_image_tuser_i,   // label, with the last beat
  output wire                          m_axis_image_tvalid_o,
  input  wire                          m_axis_image_tready_i,
  output wire [LANES*DAC_BITS-1:0]     m_axis_image_tdata_o,
  output wire                          m_axis_image_tlast_o,
  // converter codes in
  input  wire                          s_axis_adc_tvalid_i,
  output wire                          s_axis_adc_tready_o,
  input  wire [LANES*16-1:0]           s_axis_adc_tdata_i,
  // codes to drive and activations out
  output wire                          m_axis_drive_tvalid_o,
  input  wire                          m_axis_drive_tready_i,
  output wire [LANES*17-1:0]           m_axis_drive_tdata_o,
  output wire [LAYER_BITS+1:0]         m_axis_drive_tuser_o,   // {layer, kind}
  output wire                          m_axis_drive_tlast_o,
  // pulse commands out, a stream a tile: {pulses, row, column}
  output wire [TILES-1:0]              m_axis_pulse_tvalid_o,
  input  wire [TILES-1:0]              m_axis_pulse_tready_i,
  output wire [TILES*COMMAND_BITS-1:0] m_axis_pulse_tdata_o,
  // chi
  output wire                          chi_re_o,
  output wire [ADDR_BITS-1:0]          chi_raddr_o,
  input  wire                          chi_rvalid_i,
  input  wire [LANES*CHI_BITS-1:0]     chi_rdata_i,
  output wire                          chi_we_o,
  output wire [ADDR_BITS-1:0]          chi_waddr_o,
  output wire [LANES*CHI_BITS-1:0]     chi_wdata_o,
  // trace: what a cosimulation compares
  output wire                          trace_done_o,
  output wire [1:0]                    trace_kind_o,
  output wire [LAYER_BITS-1:0]         trace_layer_o,
  output wire [31:0]                   trace_cycles_o,
  output wire signed [15:0]            trace_exponent_o,
  output wire                          trace_busy_o,
  output wire                          trace_frozen_o,
  output wire                          trace_act_valid_o,
  output wire [WORD_BITS-1:0]          trace_act_word_o,
  output wire [LANES*ACT_BITS-1:0]     trace_act_o,
  output wire                          trace_err_valid_o,
  output wire [WORD_BITS-1:0]          trace_err_word_o,
  output wire [LANES*ERR_BITS-1:0]     trace_err_o,
  output wire [LANES*ERR_BITS-1:0]     trace_rated_o,
  output wire [LANES-1:0]              trace_saturated_o,
  output wire                          trace_command_o,        // a queue takes a command
  output wire [TILE_BITS-1:0]          trace_command_tile_o
);
  localparam SEED_BITS = LAYER_BITS + LANE_BITS;
  localparam CODES_BITS = TILE_BITS + WORD_BITS + LANES * DAC_BITS;
  localparam ERRORS_BITS = TILE_BITS + WORD_BITS + ADDR_BITS + LANES * ERR_BITS;
  localparam DESCRIPTOR_BITS = 8 * `DPU_LAYER_STRIDE;

  // ---- registers -------------------------------------------------------------------------------
  wire [31:0]           control, rate, update, queue;
  reg  [31:0]           status;
  wire [LAYERS*DESCRIPTOR_BITS-1:0] layers;
  wire                  table_we, seed_we;
  wire [TABLE_BITS-1:0] table_addr;
  wire [SEED_BITS-1:0]  seed_addr;
  wire                  image_done, busy, idle;
  reg                   no_tile_q;
  wire [LAYER_BITS-1:0] layer;
  wire [1:0]            kind;
  wire enable = control[`DPU_CONTROL_ENABLE];
  wire train = control[`DPU_CONTROL_TRAIN];
  wire squared = control[`DPU_CONTROL_SQUARED];
  wire stochastic = control[`DPU_CONTROL_STOCHASTIC];
  wire bipolar = control[`DPU_CONTROL_BIPOLAR];
  wire [LAYER_BITS-1:0] last_layer = control[`DPU_CONTROL_LAST_LAYER];
  always @* begin
    status = 32'd0;
    status[`DPU_STATUS_BUSY]   = busy;
    status[`DPU_STATUS_FROZEN] = trace_frozen_o;
    status[`DPU_STATUS_KIND]   = kind;
    status[`DPU_STATUS_LAYER]  = layer;
    status[`DPU_STATUS_IDLE]   = idle;
    status[`DPU_STATUS_NO_TILE] = no_tile_q;
  end
  registers #(
    .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .TABLE_BITS(TABLE_BITS), .SEED_BITS(SEED_BITS),
    .DEPTH_BITS(DEPTH_BITS)
  ) u_registers (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .psel_i       (psel_i),
    .penable_i    (penable_i),
    .pwrite_i     (pwrite_i),
    .paddr_i      (paddr_i),
    .pwdata_i     (pwdata_i),
    .prdata_o     (prdata_o),
    .pready_o     (pready_o),
    .pslverr_o    (pslverr_o),
    .control_o    (control),
    .rate_o       (rate),
    .update_o     (update),
    .queue_o      (queue),
    .layers_o     (layers),
    .status_i     (status),
    .image_done_i (image_done),
    .irq_o        (irq_o),
    .table_we_o   (table_we),
    .table_addr_o (table_addr),
    .seed_we_o    (seed_we),
    .seed_addr_o  (seed_addr)
  );

  // descriptors of the layer at work, and of the one after it
  wire [LAYER_BITS-1:0] after = layer + 1'b1;
  wire [DESCRIPTOR_BITS-1:0] here = layers[layer*DESCRIPTOR_BITS +: DESCRIPTOR_BITS];
  wire [DESCRIPTOR_BITS-1:0] next = layers[after*DESCRIPTOR_BITS +: DESCRIPTOR_BITS];
  wire [DESCRIPTOR_BITS-1:0] first = layers[DESCRIPTOR_BITS-1:0];
  wire [7:0] next_col_tiles = next[`DPU_LAYER_COL_TILES];
  wire [7:0] first_col_tiles = first[`DPU_LAYER_COL_TILES];
  // reserved bits of registers
  wire unused = &{1'b0, control, rate, update, queue, here, next, first, first_col_tiles};

  // ---- image -----------------------------------------------------------------------------------
  wire                  image_valid, image_release;
  wire [7:0]            label;
  wire [WORD_BITS-1:0]  codes_addr, errors_addr;
  wire [CODES_BITS-1:0] image_entry, hidden_entry;
  wire [WORD_BITS:0]    image_count, hidden_count;
  wire                  update_run;
  image_loader #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .TILE_BITS(TILE_BITS),
    .ACT_BITS(ACT_BITS), .DAC_BITS(DAC_BITS)
  ) u_image (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .enable_i        (enable),
    .idle_o          (idle),
    .pixels_i        (first[`DPU_LAYER_INPUTS] - 1'b1),
    .tile_words_i    (first[`DPU_LAYER_ROW_TILE_WORDS]),
    .col_tiles_i     (first_col_tiles[TILE_BITS-1:0]),
    .s_axis_tvalid_i (s_axis_image_tvalid_i),
    .s_axis_tready_o (s_axis_image_tready_o),
    .s_axis_tdata_i  (s_axis_image_tdata_i),
    .s_axis_tuser_i  (s_axis_image_tuser_i),
    .m_axis_tvalid_o (m_axis_image_tvalid_o),
    .m_axis_tready_i (m_axis_image_tready_i),
    .m_axis_tdata_o  (m_axis_image_tdata_o),
    .m_axis_tlast_o  (m_axis_image_tlast_o),
    .image_valid_o   (image_valid),
    .label_o         (label),
    .release_i       (image_release),
    .list_re_i       (update_run),
    .list_addr_i     (codes_addr),
    .list_entry_o    (image_entry),
    .list_count_o    (image_count)
  );

  // ---- order -------------------------------------------------------------------------------------
  wire              vector_run, vector_done, error, target;
  wire [7:0]        passes, positive_passes;
  wire              any_positive, any_negative;
  wire signed [5:0] error_shift, update_shift;
  wire              update_skip, update_done;
  sequencer #(
    .LAYER_BITS(LAYER_BITS), .ACT_BITS(ACT_BITS), .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS)
  ) u_sequencer (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .train_i              (train),
    .squared_i            (squared),
    .bipolar_i            (bipolar),
    .last_layer_i         (last_layer),
    .rate_exponent_i      (rate[`DPU_RATE_EXPONENT]),
    .row_tiles_i          (here[`DPU_LAYER_ROW_TILES]),
    .next_col_tiles_i     (next_col_tiles),
    .next_backward_frac_i (next[`DPU_LAYER_BACKWARD_FRAC]),
    .image_valid_i        (image_valid),
    .adc_valid_i          (s_axis_adc_tvalid_i),
    .image_release_o      (image_release),
    .vector_run_o         (vector_run),
    .error_o              (error),
    .target_o             (target),
    .passes_o             (passes),
    .positive_passes_o    (positive_passes),
    .vector_done_i        (vector_done),
    .error_shift_i        (error_shift),
    .any_positive_i       (any_positive),
    .any_negative_i       (any_negative),
    .update_run_o         (update_run),
    .update_skip_o        (update_skip),
    .update_shift_o       (update_shift),
    .update_done_i        (update_done),
    .busy_o               (busy),
    .layer_o              (layer),
    .done_o               (trace_done_o),
    .kind_o               (kind),
    .cycles_o             (trace_cycles_o),
    .exponent_o           (trace_exponent_o),
    .image_done_o         (image_done)
  );
  assign trace_kind_o  = kind;
  assign trace_layer_o = layer;
  assign trace_busy_o  = busy;

  // ---- forward and error ---------------------------------------------------------------------------
  wire [1:0]             drive_kind;
  wire [ERRORS_BITS-1:0] errors_entry;
  wire [WORD_BITS:0]     errors_count;
  vector_unit #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .LAYER_BITS(LAYER_BITS),
    .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS), .TABLE_BITS(TABLE_BITS), .ACT_BITS(ACT_BITS),
    .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS)
  ) u_vector (
    .clk_i               (clk_i),
    .rst_ni              (rst_ni),
    .run_i               (vector_run),
    .error_i             (error),
    .target_i            (target),
    .layer_i             (layer),
    .last_layer_i        (layer == last_layer),
    .outputs_i           (here[`DPU_LAYER_OUTPUTS]),
    .words_i             (here[`DPU_LAYER_WORDS]),
    .passes_i            (passes),
    .positive_passes_i   (positive_passes),
    .act_base_i          (here[`DPU_LAYER_ACT_BASE]),
    .sigmoid_shift_i     (here[`DPU_LAYER_SIGMOID_SHIFT]),
    .next_tile_words_i   (next[`DPU_LAYER_ROW_TILE_WORDS]),
    .next_col_tiles_i    (next_col_tiles[TILE_BITS-1:0]),
    .col_tile_words_i    (here[`DPU_LAYER_COL_TILE_WORDS]),
    .chi_base_i          (here[`DPU_LAYER_CHI_BASE]),
    .chi_rows_i          ({{(ADDR_BITS - COUNT_BITS){1'b0}}, here[`DPU_LAYER_INPUTS]}),
    .label_i             (label),
    .squared_i           (squared),
    .bipolar_i           (bipolar),
    .mantissa_i          (rate[`DPU_RATE_MANTISSA]),
    .done_o              (vector_done),
    .frozen_o            (trace_frozen_o),
    .error_shift_o       (error_shift),
    .any_positive_o      (any_positive),
    .any_negative_o      (any_negative),
    .s_axis_adc_tvalid_i (s_axis_adc_tvalid_i),
    .s_axis_adc_tready_o (s_axis_adc_tready_o),
    .s_axis_adc_tdata_i  (s_axis_adc_tdata_i),
    .m_axis_tvalid_o     (m_axis_drive_tvalid_o),
    .m_axis_tready_i     (m_axis_drive_tready_i),
    .m_axis_tdata_o      (m_axis_drive_tdata_o),
    .m_axis_tuser_o      (drive_kind),
    .m_axis_tlast_o      (m_axis_drive_tlast_o),
    .codes_re_i          (update_run),
    .codes_layer_i       (layer),
    .codes_addr_i        (codes_addr),
    .codes_entry_o       (hidden_entry),
    .codes_count_o       (hidden_count),
    .errors_re_i         (update_run),
    .errors_bank_i       (layer[0]),
    .errors_addr_i       (errors_addr),
    .errors_entry_o      (errors_entry),
    .errors_count_o      (errors_count),
    .table_we_i          (table_we),
    .table_addr_i        (table_addr),
    .table_data_i        (pwdata_i[27:0]),
    .trace_act_valid_o   (trace_act_valid_o),
    .trace_act_word_o    (trace_act_word_o),
    .trace_act_o         (trace_act_o),
    .trace_err_valid_o   (trace_err_valid_o),
    .trace_err_word_o    (trace_err_word_o),
    .trace_err_o         (trace_err_o),
    .trace_rated_o       (trace_rated_o)
  );
  assign m_axis_drive_tuser_o = {layer, drive_kind};

  // ---- update ----------------------------------------------------------------------------------------
  wire                   input_layer = layer == {LAYER_BITS{1'b0}};
  wire                   command_valid;
  wire [TILE_BITS-1:0]   command_tile;
  wire [COUNT_BITS-1:0]  command_row, command_col;
  wire signed [8:0]      command_pulses;
  wire [TILES-1:0]       queue_ready;
  // a command of a tile that is not there goes nowhere
  localparam [(1<<TILE_BITS)-1:0] BEYOND = {(1 << TILE_BITS){1'b1}} << TILES;
  wire                   beyond = BEYOND[command_tile];
  wire                   command_ready = beyond || queue_ready[command_tile];
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) no_tile_q <= 1'b0;
    else if (command_valid && beyond) no_tile_q <= 1'b1;
  end
  update_engine #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS), .TILE_BITS(TILE_BITS), .ADDR_BITS(ADDR_BITS), .ERR_BITS(ERR_BITS),
    .DAC_BITS(DAC_BITS), .CHI_BITS(CHI_BITS), .FRAC_BITS(FRAC_BITS)
  ) u_update (
    .clk_i            (clk_i),
    .rst_ni           (rst_ni),
    .run_i            (update_run),
    .skip_i           (update_skip),
    .layer_i          (layer),
    .tile_base_i      (here[`DPU_LAYER_TILE_BASE]),
    .shift_i          (update_shift),
    .stochastic_i     (stochastic),
    .max_pulses_i     (update[`DPU_UPDATE_MAX_PULSES]),
    .interval_i       (update[`DPU_UPDATE_INTERVAL]),
    .latency_i        (update[`DPU_UPDATE_LATENCY]),
    .done_o           (update_done),
    .codes_addr_o     (codes_addr),
    .codes_entry_i    (input_layer ? image_entry : hidden_entry),
    .codes_count_i    (input_layer ? image_count : hidden_count),
    .errors_addr_o    (errors_addr),
    .errors_entry_i   (errors_entry),
    .errors_count_i   (errors_count),
    .chi_re_o         (chi_re_o),
    .chi_raddr_o      (chi_raddr_o),
    .chi_rvalid_i     (chi_rvalid_i),
    .chi_rdata_i      (chi_rdata_i),
    .chi_we_o         (chi_we_o),
    .chi_waddr_o      (chi_waddr_o),
    .chi_wdata_o      (chi_wdata_o),
    .chi_saturated_o  (trace_saturated_o),
    .command_valid_o  (command_valid),
    .command_ready_i  (command_ready),
    .command_tile_o   (command_tile),
    .command_row_o    (command_row),
    .command_col_o    (command_col),
    .command_pulses_o (command_pulses),
    .seed_we_i        (seed_we),
    .seed_addr_i      (seed_addr),
    .seed_i           (pwdata_i)
  );
  assign trace_command_o      = command_valid && command_ready && !beyond;
  assign trace_command_tile_o = command_tile;

  genvar t;
  generate
    for (t = 0; t < TILES; t = t + 1) begin : gen_queue
      localparam [TILE_BITS-1:0] TILE = t;
      pulse_fifo #(.WIDTH(COMMAND_BITS), .DEPTH_BITS(DEPTH_BITS)) u_queue (
        .clk_i   (clk_i),
        .rst_ni  (rst_ni),
        .limit_i (queue[`DPU_QUEUE_PLACES]),
        .valid_i (command_valid && command_tile == TILE),
        .ready_o (queue_ready[t]),
        .data_i  ({command_pulses, command_row, command_col}),
        .valid_o (m_axis_pulse_tvalid_o[t]),
        .ready_i (m_axis_pulse_tready_i[t]),
        .data_o  (m_axis_pulse_tdata_o[t*COMMAND_BITS +: COMMAND_BITS])
      );
    end
  endgenerate
endmodule
`default_nettype wire

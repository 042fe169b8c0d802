// Forward and error operations: partial sums, then sigmoid; or error, derivative, shared exponent
// and scaling. A word of LANES a cycle; a full output stream freezes everything.
//
// forward: passes_i x words of ADC codes, words of sigmoid, 6 cycles.
// error:   passes_i x words (ADC codes, or target - activation), words of derivative, 3 cycles,
//          words of scaling, 3 cycles.
`default_nettype none
module vector_unit #(
  parameter LANES       = 16,
  parameter LANE_BITS   = 4,
  parameter WORD_BITS   = 8,
  parameter LAYER_BITS  = 2,
  parameter TILE_BITS   = 6,
  parameter ADDR_BITS   = 16,  // of chi
  parameter TABLE_BITS  = 9,
  parameter ACT_BITS    = 16,
  parameter ERR_BITS    = 12,
  parameter DAC_BITS    = 8,
  parameter COUNT_BITS  = WORD_BITS + LANE_BITS,
  parameter CODES_BITS  = TILE_BITS + WORD_BITS + LANES * DAC_BITS,
  parameter ERRORS_BITS = TILE_BITS + WORD_BITS + ADDR_BITS + LANES * ERR_BITS
) (
  input  wire                      clk_i,
  input  wire                      rst_ni,
  // operation: held from the first cycle to done_o
  input  wire                      run_i,
  input  wire                      error_i,        // 0: forward
  input  wire                      target_i,       // error of the output layer
  input  wire [LAYER_BITS-1:0]     layer_i,
  input  wire                      last_layer_i,
  input  wire [COUNT_BITS-1:0]     outputs_i,
  input  wire [WORD_BITS-1:0]      words_i,        // of the outputs, >= 1
  input  wire [7:0]                passes_i,
  input  wire [7:0]                positive_passes_i, // the passes after these are subtracted
  input  wire [WORD_BITS-1:0]      act_base_i,     // in the memory of activations
  input  wire signed [5:0]         sigmoid_shift_i,
  input  wire [WORD_BITS-1:0]      next_tile_words_i, // of the next layer: words of a row tile
  input  wire [TILE_BITS-1:0]      next_col_tiles_i,
  input  wire [WORD_BITS-1:0]      col_tile_words_i,  // of this layer: words of a column tile
  input  wire [ADDR_BITS-1:0]      chi_base_i,
  input  wire [ADDR_BITS-1:0]      chi_rows_i,     // chi words of a column word: the layer's inputs
  input  wire [7:0]                label_i,
  input  wire                      squared_i,
  input  wire                      bipolar_i,
  input  wire [11:0]               mantissa_i,
  output wire                      done_o,         // in the last cycle
  output wire                      frozen_o,
  // error: what the operation found; the shift holds from done_o on, the drives from the cycle
  // after it
  output wire signed [5:0]         error_shift_o,
  output reg                       any_positive_o, // some line is driven; positive: or bipolar
  output reg                       any_negative_o,
  // converter codes, sign-extended
  input  wire                      s_axis_adc_tvalid_i,
  output wire                      s_axis_adc_tready_o,
  input  wire [LANES*16-1:0]       s_axis_adc_tdata_i,
  // codes to drive, sign and magnitude, or activations of the last layer
  output wire                      m_axis_tvalid_o,
  input  wire                      m_axis_tready_i,
  output wire [LANES*17-1:0]       m_axis_tdata_o,
  output wire [1:0]                m_axis_tuser_o, // 0 codes forward, 1 codes backward, 2 activations
  output wire                      m_axis_tlast_o,
  // lists for the update engine
  input  wire                      codes_re_i,
  input  wire [LAYER_BITS-1:0]     codes_layer_i,
  input  wire [WORD_BITS-1:0]      codes_addr_i,
  output wire [CODES_BITS-1:0]     codes_entry_o,
  output wire [WORD_BITS:0]        codes_count_o,
  input  wire                      errors_re_i,
  input  wire                      errors_bank_i,
  input  wire [WORD_BITS-1:0]      errors_addr_i,
  output wire [ERRORS_BITS-1:0]    errors_entry_o,
  output wire [WORD_BITS:0]        errors_count_o,
  // table load
  input  wire                      table_we_i,
  input  wire [TABLE_BITS-1:0]     table_addr_i,
  input  wire [27:0]               table_data_i,
  // trace
  output wire                      trace_act_valid_o,
  output wire [WORD_BITS-1:0]      trace_act_word_o,
  output wire [LANES*ACT_BITS-1:0] trace_act_o,
  output wire                      trace_err_valid_o,
  output wire [WORD_BITS-1:0]      trace_err_word_o,
  output wire [LANES*ERR_BITS-1:0] trace_err_o,
  output wire [LANES*ERR_BITS-1:0] trace_rated_o
);
  localparam [WORD_BITS-1:0] WORD0 = {WORD_BITS{1'b0}};

  // ---- control ---------------------------------------------------------------------------------
  localparam [2:0] ACC = 3'd0, SIGMOID = 3'd1, DERIVE = 3'd2, GAP = 3'd3, SCALE = 3'd4, DRAIN = 3'd5;
  reg  [2:0]           state_q;
  reg  [WORD_BITS-1:0] word_q;
  reg  [7:0]           pass_q;
  reg  [1:0]           gap_q;
  wire [2:0] state = state_q == ACC && passes_i == 8'd0 ? DERIVE : state_q;
  wire last_word = word_q + 1'b1 == words_i;
  wire en;
  wire issue_acc = run_i && state == ACC && (target_i || s_axis_adc_tvalid_i);
  wire issue_sig = run_i && state == SIGMOID;
  wire issue_der = run_i && state == DERIVE;
  wire issue_scl = run_i && state == SCALE;
  wire issue = issue_acc || issue_sig || issue_der || issue_scl;
  assign s_axis_adc_tready_o = run_i && state == ACC && !target_i && en;
  assign frozen_o = run_i && !en;

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= ACC;
      word_q  <= WORD0;
      pass_q  <= 8'd0;
      gap_q   <= 2'd0;
    end else if (en) begin
      if (issue) word_q <= last_word ? WORD0 : word_q + 1'b1;
      gap_q <= state_q == GAP ? gap_q + 2'd1 : 2'd0;
      if (issue && last_word) begin
        case (state)
          ACC: begin
            pass_q <= pass_q + 8'd1;
            if (pass_q + 8'd1 == passes_i) state_q <= error_i ? DERIVE : SIGMOID;
          end
          DERIVE:  state_q <= GAP;
          default: state_q <= DRAIN;
        endcase
      end else if (issue_der) begin
        state_q <= DERIVE;
      end
      if (state_q == GAP && gap_q == 2'd2) state_q <= SCALE;
      if (done_o) begin
        state_q <= ACC;
        pass_q  <= 8'd0;
      end
    end
  end

  // ---- pipeline tags: forward 6 deep, derivative 3, scaling 3 ------------------------------------
  reg [5:1]           sig_q;   // valid
  reg [6:1]           sig_last_q;
  reg [3:1]           der_q;
  reg [3:1]           scl_q;
  reg [3:1]           scl_last_q;
  reg [WORD_BITS-1:0] w1_q, w2_q, w3_q, w4_q, w5_q;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sig_q      <= 5'd0;
      sig_last_q <= 6'd0;
      der_q      <= 3'd0;
      scl_q      <= 3'd0;
      scl_last_q <= 3'd0;
    end else if (en) begin
      sig_q      <= {sig_q[4:1], issue_sig};
      sig_last_q <= {sig_last_q[5:1], issue_sig && last_word};
      der_q      <= {der_q[2:1], issue_der};
      scl_q      <= {scl_q[2:1], issue_scl};
      scl_last_q <= {scl_last_q[2:1], issue_scl && last_word};
    end
  end
  always @(posedge clk_i) begin
    if (en) begin
      w1_q <= word_q;
      w2_q <= w1_q;
      w3_q <= w2_q;
      w4_q <= w3_q;
      w5_q <= w4_q;
    end
  end
  assign done_o = en && (sig_last_q[6] || scl_last_q[3]);
  // lanes hold still while nothing is in them
  wire en_sigmoid = en && |sig_q[4:1];
  wire en_error = en && (|der_q[2:1] || |scl_q[2:1]);

  // ---- memories ----------------------------------------------------------------------------------
  wire [LANES*32-1:0]       sums;
  wire [LANES*32-1:0]       raw;      // derivative's result
  wire [LANES*ACT_BITS-1:0] acts;     // read
  wire [LANES*ACT_BITS-1:0] act;      // of the sigmoid, padding zero
  wire [LANES*32-1:0]       addend;
  reg  [LANES*16-1:0]       adc_q;
  always @(posedge clk_i) if (en) adc_q <= s_axis_adc_tdata_i;

  partial_sums #(.LANES(LANES), .WORD_BITS(WORD_BITS)) u_sums (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .en_i           (en),
    .add_valid_i    (issue_acc),
    .add_first_i    (pass_q == 8'd0),
    .add_negative_i (error_i && pass_q >= positive_passes_i),
    .word_i         (word_q),
    .add_i          (addend),
    .sum_o          (sums),
    .put_i          (der_q[3]),
    .put_word_i     (w3_q),
    .put_data_i     (raw)
  );
  ram_1r1w #(.WIDTH(LANES * ACT_BITS), .ADDR_BITS(WORD_BITS)) u_acts (
    .clk_i   (clk_i),
    .re_i    (en),
    .raddr_i (act_base_i + word_q),
    .rdata_o (acts),
    .we_i    (en && sig_q[5]),
    .waddr_i (act_base_i + w5_q),
    .wdata_i (act)
  );

  // ---- shared exponent -----------------------------------------------------------------------------
  shared_exponent #(.LANES(LANES), .ERR_BITS(ERR_BITS)) u_exponent (
    .clk_i   (clk_i),
    .en_i    (en),
    .clear_i (issue_der && word_q == WORD0),
    .valid_i (der_q[3]),
    .raw_i   (raw),
    .shift_o (error_shift_o)
  );
  reg signed [5:0] shift_q;
  always @(posedge clk_i) if (en) shift_q <= error_shift_o;

  // ---- lanes -----------------------------------------------------------------------------------------
  wire [LANES*ERR_BITS-1:0] rated, scaled;
  wire [LANES*17-1:0]       act_codes, err_codes;
  wire [LANES*DAC_BITS-1:0] act_list;
  wire [LANES-1:0]          drives_positive, drives_negative;
  localparam [ACT_BITS:0]   ONE = 1 << ACT_BITS;
  localparam [COUNT_BITS-1:0] LANE_MASK = ~({COUNT_BITS{1'b1}} << LANE_BITS);
  wire [COUNT_BITS-1:0] first1 = {{(COUNT_BITS - WORD_BITS){1'b0}}, w1_q} << LANE_BITS;
  wire [COUNT_BITS-1:0] first5 = {{(COUNT_BITS - WORD_BITS){1'b0}}, w5_q} << LANE_BITS;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : gen_lane
      localparam [COUNT_BITS-1:0] LANE = l;
      // target - activation, or the converter's code
      wire [ACT_BITS-1:0] act_read = acts[l*ACT_BITS +: ACT_BITS];
      wire                is_label = (first1 | LANE) == {{(COUNT_BITS - 8){1'b0}}, label_i};
      wire [ACT_BITS:0]   aim = is_label ? ONE : {(ACT_BITS + 1){1'b0}};
      assign addend[l*32 +: 32] = target_i
          ? {{(31 - ACT_BITS){1'b0}}, aim} - {{(32 - ACT_BITS){1'b0}}, act_read}
          : {{16{adc_q[l*16+15]}}, adc_q[l*16 +: 16]};

      // sigmoid
      wire [ACT_BITS-1:0] activation;
      wire [ACT_BITS-1:0] active;
      reg  [ACT_BITS-1:0] act5_q;
      sigmoid_lane #(.ACT_BITS(ACT_BITS), .TABLE_BITS(TABLE_BITS)) u_sigmoid (
        .clk_i        (clk_i),
        .en_i         (en_sigmoid),
        .sum_i        (sums[l*32 +: 32]),
        .shift_i      (sigmoid_shift_i),
        .activation_o (activation),
        .table_we_i   (table_we_i),
        .table_addr_i (table_addr_i),
        .table_data_i (table_data_i)
      );
      always @(posedge clk_i) if (en_sigmoid) act5_q <= activation;
      assign active = (first5 | LANE) < outputs_i ? act5_q : {ACT_BITS{1'b0}};
      assign act[l*ACT_BITS +: ACT_BITS] = active;
      wire [DAC_BITS-1:0] code;
      dac_code #(.IN_BITS(ACT_BITS), .OUT_BITS(DAC_BITS)) u_code (.value_i(active), .code_o(code));
      // stage 5: the word; stage 6: the word that holds nothing but the bias
      wire bias5 = sig_q[5] && (first5 | LANE) == outputs_i;
      wire bias6 = !sig_q[5] && LANE == {COUNT_BITS{1'b0}};
      assign act_list[l*DAC_BITS +: DAC_BITS] =
          bias5 || bias6 ? {DAC_BITS{1'b1}} : (sig_q[5] ? code : {DAC_BITS{1'b0}});
      assign act_codes[l*17 +: 17] = last_layer_i
          ? {{(17 - ACT_BITS){1'b0}}, active}
          : {{(17 - DAC_BITS){1'b0}}, act_list[l*DAC_BITS +: DAC_BITS]};

      // errors
      error_lane #(.ACT_BITS(ACT_BITS), .ERR_BITS(ERR_BITS)) u_error (
        .clk_i        (clk_i),
        .en_i         (en_error),
        .keep_i       ((first1 | LANE) < outputs_i),
        .derive_i     (!target_i || squared_i),
        .sum_i        (passes_i == 8'd0 ? 32'd0 : sums[l*32 +: 32]),
        .activation_i (act_read),
        .raw_o        (raw[l*32 +: 32]),
        .raw_i        (sums[l*32 +: 32]),
        .shift_i      (shift_q),
        .mantissa_i   (mantissa_i),
        .scaled_o     (scaled[l*ERR_BITS +: ERR_BITS]),
        .rated_o      (rated[l*ERR_BITS +: ERR_BITS])
      );
      wire                sign = scaled[l*ERR_BITS+ERR_BITS-1];
      wire [ERR_BITS-2:0] value = scaled[l*ERR_BITS +: ERR_BITS-1];
      wire [ERR_BITS-2:0] magnitude = sign ? {(ERR_BITS - 1){1'b0}} - value : value;
      wire [DAC_BITS-1:0] unipolar;
      dac_code #(.IN_BITS(ERR_BITS - 1), .OUT_BITS(DAC_BITS)) u_two_phase (
        .value_i (magnitude),
        .code_o  (unipolar)
      );
      wire [DAC_BITS-1:0] driven;
      if (DAC_BITS > 1) begin : gen_bipolar
        wire [DAC_BITS-2:0] half_scale;
        dac_code #(.IN_BITS(ERR_BITS - 1), .OUT_BITS(DAC_BITS - 1)) u_bipolar (
          .value_i (magnitude),
          .code_o  (half_scale)
        );
        assign driven = bipolar_i ? {1'b0, half_scale} : unipolar;
      end else begin : gen_two_phase
        assign driven = unipolar;
      end
      assign drives_positive[l] = |driven && (!sign || bipolar_i);
      assign drives_negative[l] = |driven && sign && !bipolar_i;
      assign err_codes[l*17 +: 17] = {sign, {(16 - DAC_BITS){1'b0}}, driven};
    end
  endgenerate

  // ---- output stream ----------------------------------------------------------------------------------
  wire bias_alone = (outputs_i & LANE_MASK) == {COUNT_BITS{1'b0}} && !last_layer_i;
  wire out_sig5 = sig_q[5];
  wire out_sig6 = sig_last_q[6] && bias_alone;
  wire out_scl = scl_q[3] && layer_i != {LAYER_BITS{1'b0}};
  assign m_axis_tvalid_o = out_sig5 || out_sig6 || out_scl;
  assign m_axis_tdata_o  = out_scl ? err_codes : act_codes;
  assign m_axis_tuser_o  = out_scl ? 2'd1 : (last_layer_i ? 2'd2 : 2'd0);
  assign m_axis_tlast_o  = out_scl ? scl_last_q[3] : out_sig6 || (sig_last_q[5] && !bias_alone);
  assign en = !m_axis_tvalid_o || m_axis_tready_i;

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      any_positive_o <= 1'b0;
      any_negative_o <= 1'b0;
    end else if (en) begin
      if (state_q == GAP && gap_q == 2'd1) begin // the passes follow from the operation before
        any_positive_o <= 1'b0;
        any_negative_o <= 1'b0;
      end else if (scl_q[3]) begin
        any_positive_o <= any_positive_o || |drives_positive;
        any_negative_o <= any_negative_o || |drives_negative;
      end
    end
  end

  // ---- lists ---------------------------------------------------------------------------------------------
  // rows of the next layer
  reg [WORD_BITS-1:0] in_tile_q;
  reg [TILE_BITS-1:0] tile_q;
  wire                listed = (out_sig5 || out_sig6) && !last_layer_i;
  wire [WORD_BITS-1:0] list_word = out_sig5 ? w5_q : words_i;
  wire                list_first = out_sig5 && w5_q == WORD0;
  wire [WORD_BITS-1:0] in_tile = list_first ? WORD0 : in_tile_q;
  wire [TILE_BITS-1:0] tile = list_first ? {TILE_BITS{1'b0}} : tile_q;
  always @(posedge clk_i) begin
    if (en && listed) begin
      in_tile_q <= in_tile + 1'b1 == next_tile_words_i ? WORD0 : in_tile + 1'b1;
      tile_q    <= in_tile + 1'b1 == next_tile_words_i ? tile + next_col_tiles_i : tile;
    end
  end
  word_list #(.WIDTH(CODES_BITS), .ADDR_BITS(WORD_BITS), .BANK_BITS(LAYER_BITS)) u_codes (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .first_i  (en && listed && list_first),
    .append_i (en && listed && |act_list),
    .wbank_i  (layer_i + 1'b1),
    .entry_i  ({tile, list_word, act_list}),
    .re_i     (codes_re_i),
    .rbank_i  (codes_layer_i),
    .raddr_i  (codes_addr_i),
    .entry_o  (codes_entry_o),
    .count_o  (codes_count_o)
  );

  // columns of this layer
  reg [WORD_BITS-1:0] in_col_q;
  reg [TILE_BITS-1:0] col_tile_q;
  reg [ADDR_BITS-1:0] chi_q;
  wire                 err_first = w3_q == WORD0;
  wire [WORD_BITS-1:0] in_col = err_first ? WORD0 : in_col_q;
  wire [TILE_BITS-1:0] col_tile = err_first ? {TILE_BITS{1'b0}} : col_tile_q;
  wire [ADDR_BITS-1:0] chi = err_first ? chi_base_i : chi_q;
  always @(posedge clk_i) begin
    if (en && scl_q[3]) begin
      in_col_q   <= in_col + 1'b1 == col_tile_words_i ? WORD0 : in_col + 1'b1;
      col_tile_q <= in_col + 1'b1 == col_tile_words_i ? col_tile + 1'b1 : col_tile;
      chi_q      <= chi + chi_rows_i;
    end
  end
  word_list #(.WIDTH(ERRORS_BITS), .ADDR_BITS(WORD_BITS), .BANK_BITS(1)) u_errors (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .first_i  (en && scl_q[3] && err_first),
    .append_i (en && scl_q[3] && |rated),
    .wbank_i  (layer_i[0]),
    .entry_i  ({col_tile, w3_q, chi, rated}),
    .re_i     (errors_re_i),
    .rbank_i  (errors_bank_i),
    .raddr_i  (errors_addr_i),
    .entry_o  (errors_entry_o),
    .count_o  (errors_count_o)
  );

  assign trace_act_valid_o = en && sig_q[5];
  assign trace_act_word_o  = w5_q;
  assign trace_act_o       = act;
  assign trace_err_valid_o = en && scl_q[3];
  assign trace_err_word_o  = w3_q;
  assign trace_err_o       = scaled;
  assign trace_rated_o     = rated;
endmodule
`default_nettype wire

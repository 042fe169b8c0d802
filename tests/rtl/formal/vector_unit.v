// Properties of vector_unit: 2 lanes, operations of 1 to 3 words and 0 to 3 passes, both streams at will.
`default_nettype none
`include "few_words.vh"
module prove_vector_unit (
  input wire        clk_i,
  input wire        go_i,
  input wire        error_i,
  input wire        target_i,
  input wire        last_i,
  input wire        layer_i,
  input wire [2:0]  outputs_i,
  input wire [1:0]  passes_i,
  input wire [1:0]  positive_i,
  input wire [5:0]  shift_i,
  input wire [1:0]  label_i,
  input wire        squared_i,
  input wire        bipolar_i,
  input wire        valid_i,
  input wire [31:0] data_i,
  input wire        ready_i
);
  `include "prove.vh"
  // an operation, and what it is, stays until it is done
  reg         run_q = 1'b0;
  reg         error, target, last, layer, squared, bipolar;
  reg  [2:0]  outputs;
  reg  [1:0]  passes, positive, label;
  reg  [5:0]  shift;
  wire        done, frozen, s_ready, m_valid, m_last, any_positive, any_negative;
  wire [5:0]  error_shift;
  wire [33:0] m_data;
  wire [1:0]  m_user;
  wire [1:0]  words = outputs[2:1] + {1'b0, outputs[0]};
  vector_unit #(
    .LANES(2), .LANE_BITS(1), .WORD_BITS(7), .LAYER_BITS(1), .TILE_BITS(1), .ADDR_BITS(9), .TABLE_BITS(2), .ACT_BITS(8),
    .ERR_BITS(8), .DAC_BITS(2)
  ) u_vector (
    .clk_i               (clk_i),
    .rst_ni              (rst_n),
    .run_i               (run_q),
    .error_i             (error),
    .target_i            (target),
    .layer_i             (layer),
    .last_layer_i        (last),
    .outputs_i           ({5'd0, outputs}),
    .words_i             ({5'd0, words}),
    .passes_i            ({6'd0, passes}),
    .positive_passes_i   ({6'd0, positive}),
    .act_base_i          (7'd0),
    .sigmoid_shift_i     (shift),
    .next_tile_words_i   (7'd0),
    .next_col_tiles_i    (1'b0),
    .col_tile_words_i    (7'd0),
    .chi_base_i          (9'd0),
    .chi_rows_i          (9'd3),
    .label_i             ({6'd0, label}),
    .squared_i           (squared),
    .bipolar_i           (bipolar),
    .mantissa_i          (12'd2048),
    .done_o              (done),
    .frozen_o            (frozen),
    .error_shift_o       (error_shift),
    .any_positive_o      (any_positive),
    .any_negative_o      (any_negative),
    .s_axis_adc_tvalid_i (valid_i),
    .s_axis_adc_tready_o (s_ready),
    .s_axis_adc_tdata_i  (data_i),
    .m_axis_tvalid_o     (m_valid),
    .m_axis_tready_i     (ready_i),
    .m_axis_tdata_o      (m_data),
    .m_axis_tuser_o      (m_user),
    .m_axis_tlast_o      (m_last),
    .codes_re_i          (1'b0),
    .codes_layer_i       (!layer),
    .codes_addr_i        (7'd0),
    .codes_entry_o       (),
    .codes_count_o       (),
    .errors_re_i         (1'b0),
    .errors_bank_i       (layer),
    .errors_addr_i       (7'd0),
    .errors_entry_o      (),
    .errors_count_o      (),
    .table_we_i          (1'b0),
    .table_addr_i        (2'd0),
    .table_data_i        (28'd0),
    .trace_act_valid_o   (),
    .trace_act_word_o    (),
    .trace_act_o         (),
    .trace_err_valid_o   (),
    .trace_err_word_o    (),
    .trace_err_o         (),
    .trace_rated_o       ()
  );
  wire       taken = valid_i && s_ready, left = m_valid && ready_i;
  reg        held = 1'b0;
  reg [36:0] was;
  reg        told = 1'b0, plus = 1'b0, minus = 1'b0;  // of an error that is done: a line driven up, down
  wire       up = (|m_data[15:0] && (bipolar || !m_data[16])) || (|m_data[32:17] && (bipolar || !m_data[33]));
  wire       down = !bipolar && ((|m_data[15:0] && m_data[16]) || (|m_data[32:17] && m_data[33]));
  reg [5:0]  cycle = 6'd1;                // of the operation, those of a wait not counted
  reg [3:0]  in = 4'd0, out = 4'd0;
  wire [3:0] words4 = {2'd0, words};
  wire [5:0] words6 = {4'd0, words};
  wire [5:0] summed = words6 * {4'd0, passes};
  wire [5:0] formula = summed + (error ? words6 + words6 : words6) + 6'd6;
  wire [3:0] beats = !error ? words4 + {3'd0, !last && !outputs[0]} : layer ? words4 : 4'd0;
  wire [3:0] in_after = in + {3'd0, taken}, out_after = out + {3'd0, left};
  wire       waits = frozen || (s_ready && !valid_i);
  always @(posedge clk_i) begin
    if (!run_q || done) begin
      run_q <= rst_n && go_i;
      {error, target, last, layer, squared, bipolar} <= {error_i, target_i, last_i, layer_i, squared_i, bipolar_i};
      {outputs, passes, positive, label, shift} <= {outputs_i, passes_i, positive_i, label_i, shift_i};
    end
    held <= rst_n && m_valid && !ready_i;
    was <= {m_last, m_user, m_data};
    cycle <= !run_q || done ? 6'd1 : cycle + {5'd0, !waits};
    in <= !run_q || done ? 4'd0 : in_after;
    if (left) {plus, minus} <= out == 4'd0 ? {up, down} : {plus || up, minus || down};
    told <= run_q && done && error && layer;
    out <= !run_q || done ? 4'd0 : out_after;
  end
  always @* begin
    assume (outputs_i != 3'd0 && outputs_i != 3'd7);
    assume (error_i || passes_i != 2'd0);
    assume (!target_i || (error_i && passes_i == 2'd1));
    assume ($signed(shift_i) >= -6'sd12 && $signed(shift_i) <= 6'sd20);
    if (rst_n) begin
      stable:   assert (!held || (m_valid && {m_last, m_user, m_data} == was));
      cycles:   assert (!run_q || done == (cycle == formula && !waits));
      summed_all: assert (!(run_q && done) || in_after == (target ? 4'd0 : summed[3:0]));
      given:    assert (!(run_q && done) || out_after == beats);
      complete: assert (!m_valid || m_last == (out == beats - 4'd1));
      silent:   assert (run_q || (!m_valid && !s_ready && !done));
      driven:   assert (!told || (any_positive == plus && any_negative == minus));
      kinds:    assert (!m_valid || m_user == (error ? 2'd1 : last ? 2'd2 : 2'd0));
    end
  end
endmodule
`default_nettype wire

// Properties of sequencer: one to four layers, units that end when they like.
`default_nettype none
module prove_sequencer (
  input wire        clk_i,
  input wire        train_i,
  input wire        squared_i,
  input wire        bipolar_i,
  input wire [1:0]  last_layer_i,
  input wire [15:0] rate_exponent_i,
  input wire [7:0]  row_tiles_i,
  input wire [7:0]  next_col_tiles_i,
  input wire [7:0]  next_backward_frac_i,
  input wire        image_valid_i,
  input wire        adc_valid_i,
  input wire        end_i,
  input wire [5:0]  error_shift_i,
  input wire        any_positive_i,
  input wire        any_negative_i
);
  `include "prove.vh"
  reg         train, bipolar, positive, negative;
  reg  [1:0]  last;
  wire        image_release, vector_run, error, target, update_run, skip, busy, done, image_done;
  wire [7:0]  passes, positive_passes;
  wire [5:0]  shift;
  wire [1:0]  layer, kind;
  wire [31:0] cycles;
  wire [15:0] exponent;
  sequencer u_sequencer (
    .clk_i                (clk_i),
    .rst_ni               (rst_n),
    .train_i              (train),
    .squared_i            (squared_i),
    .bipolar_i            (bipolar),
    .last_layer_i         (last),
    .rate_exponent_i      (rate_exponent_i),
    .row_tiles_i          (row_tiles_i),
    .next_col_tiles_i     (next_col_tiles_i),
    .next_backward_frac_i (next_backward_frac_i),
    .image_valid_i        (image_valid_i),
    .adc_valid_i          (adc_valid_i),
    .image_release_o      (image_release),
    .vector_run_o         (vector_run),
    .error_o              (error),
    .target_o             (target),
    .passes_o             (passes),
    .positive_passes_o    (positive_passes),
    .vector_done_i        (end_i),
    .error_shift_i        (error_shift_i),
    .any_positive_i       (positive),
    .any_negative_i       (negative),
    .update_run_o         (update_run),
    .update_skip_o        (skip),
    .update_shift_o       (shift),
    .update_done_i        (end_i),
    .busy_o               (busy),
    .layer_o              (layer),
    .done_o               (done),
    .kind_o               (kind),
    .cycles_o             (cycles),
    .exponent_o           (exponent),
    .image_done_o         (image_done)
  );
  // What operation `turn` of an image is.
  reg  [3:0] turn = 4'd0;
  wire [3:0] n = {2'd0, last};
  wire [3:0] later = turn - n - 4'd2;             // behind the last layer's error
  wire       forward = turn <= n, first_error = turn == n + 4'd1, last_update = train && turn == 4'd3 * n + 4'd2;
  wire       is_error = !forward && (first_error || (!last_update && !later[0]));
  wire [3:0] at = forward ? turn : first_error ? n : last_update ? 4'd0 : later[0] ? n - later[3:1] : n - 4'd1 - later[3:1];
  wire       image_ends = train ? last_update : turn == n;
  wire       reads = forward || (is_error && !first_error && next_col_tiles_i != 8'd0 && (positive || (negative && !bipolar)));
  reg         begun = 1'b0;
  reg  [31:0] cycle = 32'd1;

  // The exponents as the table of widths has them: every layer keeps its own.
  reg  signed [15:0] exponents [0:3];
  wire signed [15:0] error_shift16 = {{10{error_shift_i[5]}}, error_shift_i};
  wire signed [15:0] frac16 = {{8{next_backward_frac_i[7]}}, next_backward_frac_i};
  wire signed [15:0] above = exponents[at[1:0] + 2'd1];
  wire signed [15:0] of_errors = error_shift16 + (first_error ? (squared_i ? -16'sd32 : -16'sd16) : above + 16'sd11 - frac16 - 16'sd16);
  wire signed [15:0] of_update = 16'sd8 - 16'sd12 - $signed(rate_exponent_i) - exponents[at[1:0]];
  wire               left_out = of_update > 16'sd30;
  wire        [5:0]  limited = of_update < -16'sd30 ? -6'sd30 : of_update[5:0];
  always @(posedge clk_i) begin
    if (!rst_n) {train, bipolar, last} <= {train_i, bipolar_i, last_layer_i};
    if (!rst_n || (done && error)) {positive, negative} <= {any_positive_i, any_negative_i};
    if (rst_n) begin
      if (done) turn <= image_ends ? 4'd0 : turn + 4'd1;
      if (done && is_error) exponents[at[1:0]] <= of_errors;
      begun <= busy && !done;
      cycle <= done ? 32'd1 : cycle + {31'd0, busy};
    end
  end
  always @* begin
    assume (row_tiles_i != 8'd0 && next_col_tiles_i[7] == 1'b0);
    assume (!begun || image_valid_i);
    if (rst_n) begin
      order:   assert (layer == at[1:0] && kind == (forward ? 2'd0 : is_error ? 2'd1 : 2'd2));
      ends:    assert (image_done == (done && image_ends) && image_release == image_done);
      one_runs: assert (busy == (vector_run || update_run) && !(vector_run && update_run) && done == (busy && end_i));
      starts:  assert (busy == (begun || (image_valid_i && (!reads || adc_valid_i))));
      cycles_counted: assert (!done || cycles == cycle);
      exponents_kept: assert (!is_error || $signed(exponent) == of_errors);
      shifts:  assert (forward || is_error || (skip == left_out && (skip || (shift == limited && $signed(shift) <= 6'sd30 &&
                                                                          $signed(shift) >= -6'sd30))));
    end
  end
endmodule
`default_nettype wire

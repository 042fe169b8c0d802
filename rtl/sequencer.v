// Order of an image's operations, their layer's descriptor, and the exponents of errors.
//
//   forward 0 .. n; error n; for l = n .. 1: error l - 1, update l; update 0
//
// An operation that needs converter codes starts with their first beat, any other in the cycle after
// the one before.
`default_nettype none
module sequencer #(
  parameter LAYER_BITS = 2,
  parameter ACT_BITS   = 16,
  parameter ERR_BITS   = 12,
  parameter DAC_BITS   = 8
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  train_i,
  input  wire                  squared_i,
  input  wire                  bipolar_i,
  input  wire [LAYER_BITS-1:0] last_layer_i,
  input  wire signed [15:0]    rate_exponent_i,
  // of layer_o, and of the layer after it
  input  wire [7:0]            row_tiles_i,
  input  wire [7:0]            next_col_tiles_i,
  input  wire signed [7:0]     next_backward_frac_i,
  // streams and lists
  input  wire                  image_valid_i,
  input  wire                  adc_valid_i,
  output wire                  image_release_o,
  // vector unit
  output wire                  vector_run_o,
  output wire                  error_o,
  output wire                  target_o,
  output wire [7:0]            passes_o,
  output wire [7:0]            positive_passes_o,
  input  wire                  vector_done_i,
  input  wire signed [5:0]     error_shift_i,
  input  wire                  any_positive_i,
  input  wire                  any_negative_i,
  // update engine
  output wire                  update_run_o,
  output wire                  update_skip_o,
  output wire signed [5:0]     update_shift_o,
  input  wire                  update_done_i,
  // state
  output wire                  busy_o,
  output wire [LAYER_BITS-1:0] layer_o,
  output wire                  done_o,     // an operation's last cycle
  output wire [1:0]            kind_o,     // 0 forward, 1 error, 2 update
  output wire [31:0]           cycles_o,   // of the operation, with done_o
  output wire signed [15:0]    exponent_o, // of the layer's errors, with done_o of error
  output wire                  image_done_o
);
  localparam [1:0] FORWARD = 2'd0, ERROR = 2'd1, UPDATE = 2'd2;
  localparam [LAYER_BITS-1:0] LAYER0 = {LAYER_BITS{1'b0}};
  reg  [1:0]            kind_q;
  reg  [LAYER_BITS-1:0] layer_q;
  reg                   started_q;
  reg  [31:0]           cycles_q;
  reg  signed [15:0]    exponent0_q, exponent1_q; // by the layer's lowest bit

  assign kind_o   = kind_q;
  assign layer_o  = layer_q;
  assign error_o  = kind_q == ERROR;
  assign target_o = error_o && layer_q == last_layer_i;

  wire [7:0] reads = bipolar_i ? {7'd0, any_positive_i}
                               : {7'd0, any_positive_i} + {7'd0, any_negative_i};
  assign passes_o = !error_o ? row_tiles_i
                             : (target_o ? 8'd1 : (reads[1] ? next_col_tiles_i << 1
                                                            : (reads[0] ? next_col_tiles_i : 8'd0)));
  assign positive_passes_o = target_o || bipolar_i ? 8'hff : (any_positive_i ? next_col_tiles_i : 8'd0);

  wire needs_codes = kind_q == FORWARD || (error_o && !target_o && passes_o != 8'd0);
  wire ready = started_q || ((!needs_codes || adc_valid_i) && image_valid_i);
  assign vector_run_o = ready && kind_q != UPDATE;
  assign update_run_o = ready && kind_q == UPDATE;
  assign busy_o = ready;
  assign done_o = (vector_run_o && vector_done_i) || (update_run_o && update_done_i);
  assign cycles_o = cycles_q + 32'd1;

  wire last_forward = kind_q == FORWARD && layer_q == last_layer_i;
  assign image_done_o = done_o && ((last_forward && !train_i) || (kind_q == UPDATE && layer_q == LAYER0));
  assign image_release_o = image_done_o;

  // exponents
  wire signed [15:0] above = layer_q[0] ? exponent0_q : exponent1_q;
  // verilator lint_off WIDTH
  // (32-bit parameters, a constant that fits)
  localparam signed [15:0] ACT = ACT_BITS;
  localparam signed [15:0] GAIN = ERR_BITS - 1 - ACT_BITS;
  // verilator lint_on WIDTH
  wire signed [15:0] raw = target_o ? (squared_i ? -ACT - ACT : -ACT)
                                    : above + GAIN - {{8{next_backward_frac_i[7]}}, next_backward_frac_i};
  assign exponent_o = raw + {{10{error_shift_i[5]}}, error_shift_i};
  // verilator lint_off WIDTH
  // (32-bit parameters, a constant that fits)
  localparam signed [15:0] ALIGN = DAC_BITS - 12;
  // verilator lint_on WIDTH
  wire signed [15:0] shift = ALIGN - rate_exponent_i - (layer_q[0] ? exponent1_q : exponent0_q);
  assign update_skip_o  = shift > 16'sd30;
  assign update_shift_o = shift < -16'sd30 ? -6'sd30 : shift[5:0];

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      kind_q      <= FORWARD;
      layer_q     <= LAYER0;
      started_q   <= 1'b0;
      cycles_q    <= 32'd0;
      exponent0_q <= 16'sd0;
      exponent1_q <= 16'sd0;
    end else begin
      started_q <= ready && !done_o;
      cycles_q  <= done_o ? 32'd0 : cycles_q + {31'd0, ready};
      if (done_o && error_o && layer_q[0]) exponent1_q <= exponent_o;
      if (done_o && error_o && !layer_q[0]) exponent0_q <= exponent_o;
      if (done_o) begin
        case (kind_q)
          FORWARD: begin
            if (!last_forward) layer_q <= layer_q + 1'b1;
            else if (train_i)  kind_q <= ERROR;
            else               layer_q <= LAYER0;
          end
          ERROR: begin
            if (!target_o)              {kind_q, layer_q} <= {UPDATE, layer_q + 1'b1};
            else if (layer_q == LAYER0) kind_q <= UPDATE;
            else                        layer_q <= layer_q - 1'b1;
          end
          default: begin
            if (layer_q == LAYER0)             kind_q <= FORWARD;
            else if (layer_q == LAYER0 + 1'b1) layer_q <= LAYER0;
            else                               {kind_q, layer_q} <= {ERROR, layer_q - 1'b1 - 1'b1};
          end
        endcase
      end
    end
  end
  wire unused = &{1'b0, reads[7:2]};
endmodule
`default_nettype wire

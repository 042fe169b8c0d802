// Properties of pulse_fifo: 4 places, a limit that may change in every cycle.
`default_nettype none
module prove_pulse_fifo (
  input wire       clk_i,
  input wire       valid_i,
  input wire       ready_i,
  input wire [1:0] data_i,
  input wire [2:0] limit_i,
  input wire       mark_i
);
  `include "prove.vh"
  wire       ready, valid;
  wire [1:0] data;
  pulse_fifo #(.WIDTH(2), .DEPTH_BITS(2)) u_fifo (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .limit_i (limit_i),
    .valid_i (valid_i),
    .ready_o (ready),
    .data_i  (data_i),
    .valid_o (valid),
    .ready_i (ready_i),
    .data_o  (data)
  );
  wire push = valid_i && ready, pop = valid && ready_i;

  // One command is followed: how many leave before it.
  reg       waits = 1'b0, offered = 1'b0, gone = 1'b0;
  reg [1:0] kept, held;
  reg [3:0] inside = 4'd0, before;
  wire      take = mark_i && push && !waits && !gone;
  wire      turn = waits ? before == 4'd0 : take && inside == 4'd0;
  always @(posedge clk_i) if (rst_n) begin
    inside <= inside + push - pop;
    if (take) kept <= data_i;
    if (waits && pop) before <= before - 4'd1;
    if (take) before <= inside - pop;
    waits <= (waits || take) && !(turn && pop);
    gone <= gone || (turn && pop);
    offered <= valid && !ready_i;
    held <= data;
  end
  always @* begin
    assume (limit_i >= 3'd1 && limit_i <= 3'd4);
    if (rst_n) begin
      stable:  assert (!offered || (valid && data == held));
      ordered: assert (!(turn && valid) || data == (take ? data_i : kept));
      filled:  assert (inside <= 4'd4 && valid == (inside != 4'd0 || push));
      open:    assert (ready == (inside < {1'b0, limit_i}));
    end
  end
endmodule
`default_nettype wire

// Queue of pulse commands before one tile's drivers. Falls through when empty. Full at limit_i.
`default_nettype none
module pulse_fifo #(
  parameter WIDTH      = 32,
  parameter DEPTH_BITS = 4
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire [DEPTH_BITS:0] limit_i,   // 1 .. 2^DEPTH_BITS
  input  wire                valid_i,
  output wire                ready_o,
  input  wire [WIDTH-1:0]    data_i,
  output wire                valid_o,
  input  wire                ready_i,
  output wire [WIDTH-1:0]    data_o
);
  reg  [WIDTH-1:0]      mem_q [0:(1<<DEPTH_BITS)-1];
  reg  [DEPTH_BITS-1:0] write_q, read_q;
  reg  [DEPTH_BITS:0]   count_q;
  wire empty = count_q == {(DEPTH_BITS + 1){1'b0}};
  assign ready_o = count_q < limit_i;
  assign valid_o = !empty || (valid_i && ready_o);
  assign data_o  = empty ? data_i : mem_q[read_q];
  wire push = valid_i && ready_o && !(empty && ready_i);
  wire pop  = !empty && ready_i;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_q <= {DEPTH_BITS{1'b0}};
      read_q  <= {DEPTH_BITS{1'b0}};
      count_q <= {(DEPTH_BITS + 1){1'b0}};
    end else begin
      if (push) write_q <= write_q + 1'b1;
      if (pop) read_q <= read_q + 1'b1;
      if (push && !pop) count_q <= count_q + 1'b1;
      if (pop && !push) count_q <= count_q - 1'b1;
    end
  end
  always @(posedge clk_i) if (push) mem_q[write_q] <= data_i;
endmodule
`default_nettype wire

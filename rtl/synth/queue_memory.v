// Memory of a pulse queue: written with the clock, read at once. Stands for the array inside of
// pulse_fifo, so that synthesis leaves it out like ram_1r1w.
`default_nettype none
module queue_memory #(
  parameter WIDTH     = 8,
  parameter ADDR_BITS = 4
) (
  input  wire                 clk_i,
  input  wire [ADDR_BITS-1:0] raddr_i,
  output wire [WIDTH-1:0]     rdata_o,
  input  wire                 we_i,
  input  wire [ADDR_BITS-1:0] waddr_i,
  input  wire [WIDTH-1:0]     wdata_i
);
  reg [WIDTH-1:0] mem_q [0:(1<<ADDR_BITS)-1];
  assign rdata_o = mem_q[raddr_i];
  always @(posedge clk_i) if (we_i) mem_q[waddr_i] <= wdata_i;
endmodule
`default_nettype wire

// Synchronous memory, one read and one write port. A read of the word being written gives the new
// word. Synthesis replaces it by a memory macro (see synth/).
`default_nettype none
module ram_1r1w #(
  parameter WIDTH     = 8,
  parameter ADDR_BITS = 4
) (
  input  wire                 clk_i,
  input  wire                 re_i,
  input  wire [ADDR_BITS-1:0] raddr_i,
  output reg  [WIDTH-1:0]     rdata_o,   // held until the next read
  input  wire                 we_i,
  input  wire [ADDR_BITS-1:0] waddr_i,
  input  wire [WIDTH-1:0]     wdata_i
);
  reg [WIDTH-1:0] mem_q [0:(1<<ADDR_BITS)-1];

  always @(posedge clk_i) begin
    if (we_i) mem_q[waddr_i] <= wdata_i;
    if (re_i) rdata_o <= (we_i && waddr_i == raddr_i) ? wdata_i : mem_q[raddr_i];
  end
endmodule
`default_nettype wire

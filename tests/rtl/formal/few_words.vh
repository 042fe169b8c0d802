// In place of ram_1r1w: the same with 4 words, for blocks of which few words are used though addresses are wide.
module ram_1r1w #(
  parameter WIDTH     = 28,
  parameter ADDR_BITS = 9
) (
  input  wire                 clk_i,
  input  wire                 re_i,
  input  wire [ADDR_BITS-1:0] raddr_i,
  output reg  [WIDTH-1:0]     rdata_o,
  input  wire                 we_i,
  input  wire [ADDR_BITS-1:0] waddr_i,
  input  wire [WIDTH-1:0]     wdata_i
);
  reg [WIDTH-1:0] word_q [0:3];
  always @(posedge clk_i) begin
    if (we_i) word_q[waddr_i[1:0]] <= wdata_i;
    if (re_i) rdata_o <= we_i && waddr_i[1:0] == raddr_i[1:0] ? wdata_i : word_q[raddr_i[1:0]];
  end
endmodule

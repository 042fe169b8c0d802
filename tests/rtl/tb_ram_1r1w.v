// Bench of ram_1r1w against an array: random reads and writes, half of them of the same word.
`default_nettype none
module tb_ram_1r1w;
  parameter WIDTH     = 8;
  parameter ADDR_BITS = 4;
  parameter CYCLES    = 4000;
  `include "bench.vh"

  reg                  re, we;
  reg  [ADDR_BITS-1:0] raddr, waddr;
  reg  [WIDTH-1:0]     wdata;
  wire [WIDTH-1:0]     rdata;
  ram_1r1w #(.WIDTH(WIDTH), .ADDR_BITS(ADDR_BITS)) u_ram (
    .clk_i   (clk),
    .re_i    (re),
    .raddr_i (raddr),
    .rdata_o (rdata),
    .we_i    (we),
    .waddr_i (waddr),
    .wdata_i (wdata)
  );

  reg [WIDTH-1:0] memory [0:(1<<ADDR_BITS)-1];
  reg [WIDTH-1:0] expected;
  reg             read_once;
  integer         i;
  initial begin
    read_once = 1'b0;
    for (i = 0; i < (1 << ADDR_BITS) + CYCLES; i = i + 1) begin
      next_cycle;
      waddr = i;                                   // every word first
      we = i < (1 << ADDR_BITS) || chance(8);
      if (i >= (1 << ADDR_BITS)) waddr = $random(random_state);
      re = i >= (1 << ADDR_BITS) && chance(8);
      raddr = chance(8) ? waddr : $random(random_state);
      wdata = random_bits(WIDTH);
      settle;
      if (read_once) begin
        check("rdata_o", expected, rdata);
        checked = checked + 1;
      end
      if (we) memory[waddr] = wdata;
      if (re) expected = memory[raddr];
      read_once = read_once || re;
      vector_number = i;
    end
    pass;
  end
endmodule
`default_nettype wire

// techmap: an array with one write port and one unclocked read port becomes a queue_memory. The
// parameters are those of yosys' $mem_v2.
(* techmap_celltype = "$mem_v2" *)
module queue_memory_map #(
  parameter MEMID = "", parameter SIZE = 2, parameter OFFSET = 0, parameter ABITS = 1,
  parameter WIDTH = 1, parameter INIT = 0,
  parameter RD_PORTS = 1, parameter RD_CLK_ENABLE = 0, parameter RD_CLK_POLARITY = 0,
  parameter RD_TRANSPARENCY_MASK = 0, parameter RD_COLLISION_X_MASK = 0,
  parameter RD_WIDE_CONTINUATION = 0, parameter RD_CE_OVER_SRST = 0, parameter RD_ARST_VALUE = 0,
  parameter RD_SRST_VALUE = 0, parameter RD_INIT_VALUE = 0,
  parameter WR_PORTS = 1, parameter WR_CLK_ENABLE = 1, parameter WR_CLK_POLARITY = 1,
  parameter WR_PRIORITY_MASK = 0, parameter WR_WIDE_CONTINUATION = 0
) (
  input  [RD_PORTS-1:0]       RD_CLK, RD_EN, RD_ARST, RD_SRST,
  input  [RD_PORTS*ABITS-1:0] RD_ADDR,
  output [RD_PORTS*WIDTH-1:0] RD_DATA,
  input  [WR_PORTS-1:0]       WR_CLK,
  input  [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA,
  input  [WR_PORTS*ABITS-1:0] WR_ADDR
);
  wire _TECHMAP_FAIL_ = RD_PORTS != 1 || WR_PORTS != 1 || RD_CLK_ENABLE != 0
                     || WR_CLK_ENABLE != 1 || WR_CLK_POLARITY != 1 || SIZE != 1 << ABITS
                     || OFFSET != 0;
  queue_memory #(.WIDTH(WIDTH), .ADDR_BITS(ABITS)) _TECHMAP_REPLACE_ (
    .clk_i   (WR_CLK),
    .raddr_i (RD_ADDR),
    .rdata_o (RD_DATA),
    .we_i    (WR_EN[0]),   // one enable for all bits: pulse_fifo writes whole commands
    .waddr_i (WR_ADDR),
    .wdata_i (WR_DATA)
  );
endmodule

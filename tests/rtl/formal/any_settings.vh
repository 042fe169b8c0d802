// In place of registers: settings that stay, any that a program may write for layers of at most 3 lines and one tile each way.
module registers #(
  parameter LAYERS     = 2,
  parameter LAYER_BITS = 1,
  parameter TABLE_BITS = 2,
  parameter SEED_BITS  = 2,
  parameter DEPTH_BITS = 1
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  psel_i,
  input  wire                  penable_i,
  input  wire                  pwrite_i,
  input  wire [15:0]           paddr_i,
  input  wire [31:0]           pwdata_i,
  output wire [31:0]           prdata_o,
  output wire                  pready_o,
  output wire                  pslverr_o,
  output wire [31:0]           control_o,
  output wire [31:0]           rate_o,
  output wire [31:0]           update_o,
  output wire [31:0]           queue_o,
  output reg  [LAYERS*8*`DPU_LAYER_STRIDE-1:0] layers_o,
  input  wire [31:0]           status_i,
  input  wire                  image_done_i,
  output wire                  irq_o,
  output wire                  table_we_o,
  output wire [TABLE_BITS-1:0] table_addr_o,
  output wire                  seed_we_o,
  output wire [SEED_BITS-1:0]  seed_addr_o
);
  (* anyconst *) reg [4:0]  flags;
  (* anyconst *) reg        last;
  (* anyconst *) reg [27:0] rate;
  (* anyconst *) reg [1:0]  interval, latency;
  (* anyconst *) reg [7:0]  pulses;
  (* anyconst *) reg [1:0]  lines0, lines1, lines2;  // inputs of layer 0 with bias, its outputs, those of layer 1
  assign control_o = {15'd0, last, 11'd0, flags};
  assign rate_o    = {rate[27:12], 4'd0, 1'b1, rate[10:0]};
  assign update_o  = {pulses, 6'd0, latency, 14'd0, interval};
  assign queue_o   = 32'd2;
  always @* begin
    layers_o = {LAYERS*8*`DPU_LAYER_STRIDE{1'b0}};
    layers_o[31:0] = {30'd0, lines0};
    layers_o[63:32] = {14'd0, &lines1, ~&lines1, 14'd0, lines1};
    layers_o[95:64] = 32'h00010001;
    layers_o[256 +: 32] = {30'd0, lines1} + 32'd1;
    layers_o[288 +: 32] = {14'd0, &lines2, ~&lines2, 14'd0, lines2};
    layers_o[320 +: 32] = 32'h00010001;
    layers_o[384 +: 32] = 32'd8;
    layers_o[416 +: 32] = 32'h00020001;
    assume (lines0[1] && lines1 != 2'd0 && lines2 != 2'd0 && interval != 2'd0 && latency != 2'd0);
  end
  assign {prdata_o, pready_o, pslverr_o, irq_o, table_we_o, seed_we_o} = {32'd0, 1'b1, 4'd0};
  assign table_addr_o = {TABLE_BITS{1'b0}};
  assign seed_addr_o = {SEED_BITS{1'b0}};
endmodule

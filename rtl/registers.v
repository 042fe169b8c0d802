// Registers behind APB (32-bit words, no wait states): control, descriptors of the layers, and the
// write-only windows of the sigmoid table and the generators' seeds. Map: registers.vh. A setting
// that the unit cannot obey is an error, and the one before it stays.
`default_nettype none
`include "registers.vh"
module registers #(
  parameter LAYERS     = 4,
  parameter LAYER_BITS = 2,
  parameter TABLE_BITS = 9,
  parameter SEED_BITS  = 6,
  parameter DEPTH_BITS = 6,
  parameter ID         = `DPU_ID_RESET
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  psel_i,
  input  wire                  penable_i,
  input  wire                  pwrite_i,
  input  wire [15:0]           paddr_i,
  input  wire [31:0]           pwdata_i,
  output reg  [31:0]           prdata_o,
  output wire                  pready_o,
  output wire                  pslverr_o,
  output reg  [31:0]           control_o,
  output reg  [31:0]           rate_o,
  output reg  [31:0]           update_o,
  output reg  [31:0]           queue_o,
  output wire [LAYERS*8*`DPU_LAYER_STRIDE-1:0] layers_o,
  input  wire [31:0]           status_i,
  input  wire                  image_done_i,
  output wire                  irq_o,
  output wire                  table_we_o,
  output wire [TABLE_BITS-1:0] table_addr_o,
  output wire                  seed_we_o,
  output wire [SEED_BITS-1:0]  seed_addr_o
);
  localparam WORDS = LAYERS * `DPU_LAYER_STRIDE / 4;
  reg  [31:0] layer_q [0:WORDS-1];
  reg  [31:0] images_q;
  reg         irq_q;
  wire        access = psel_i && penable_i;
  wire        write = access && pwrite_i;
  wire        at_global = paddr_i[15:8] == 8'h00;
  wire        at_layer = (paddr_i & 16'hff00) == `DPU_LAYER;
  wire        at_table = (paddr_i & 16'hf000) == `DPU_TABLE;
  wire        at_seed = (paddr_i & 16'he000) == `DPU_SEED;
  wire [15:0] address = {11'd0, paddr_i[4:2], 2'd0};
  wire [LAYER_BITS+2:0] layer_word = paddr_i[LAYER_BITS+4:2];
  wire        known = at_global ? paddr_i[7:0] < 8'h20
                                : (at_layer ? {24'd0, paddr_i[7:0]} < WORDS * 4
                                            : at_table || at_seed);
  // a queue has 1 .. 2^DEPTH_BITS places; reads of chi are a cycle apart at least, take one at
  // least, and 4 at most are on their way
  localparam [31:0] PLACES = 1 << DEPTH_BITS;
  wire [15:0] interval = pwdata_i[`DPU_UPDATE_INTERVAL];
  wire [3:0]  latency = pwdata_i[`DPU_UPDATE_LATENCY];
  wire        queue_fits = pwdata_i != 32'd0 && pwdata_i <= PLACES;
  wire        update_fits = latency != 4'd0 && {14'd0, latency} <= {interval, 2'd0};
  wire        fits = address == `DPU_QUEUE ? queue_fits : address != `DPU_UPDATE || update_fits;
  assign pready_o  = 1'b1;
  assign pslverr_o = access && (!known || paddr_i[1:0] != 2'd0 || (pwrite_i && at_global && !fits));
  integer i;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      control_o <= `DPU_CONTROL_RESET;
      rate_o    <= `DPU_RATE_RESET;
      update_o  <= `DPU_UPDATE_RESET;
      queue_o   <= `DPU_QUEUE_RESET;
      images_q  <= `DPU_IMAGES_RESET;
      irq_q     <= 1'b0;
      for (i = 0; i < WORDS; i = i + 1) layer_q[i] <= `DPU_LAYER_RESET;
    end else begin
      if (image_done_i) begin
        images_q <= images_q + 32'd1;
        irq_q    <= 1'b1;
      end
      if (write && !pslverr_o && at_global) begin
        case (address)
          `DPU_CONTROL: control_o <= pwdata_i;
          `DPU_RATE:    rate_o    <= pwdata_i;
          `DPU_UPDATE:  update_o  <= pwdata_i;
          `DPU_QUEUE:   queue_o   <= pwdata_i;
          `DPU_IRQ:     irq_q     <= image_done_i;
          default: ;
        endcase
      end
      if (write && !pslverr_o && at_layer) layer_q[layer_word] <= pwdata_i;
    end
  end
  wire [31:0] layer_data = layer_q[layer_word];
  always @* begin
    prdata_o = 32'd0;
    if (at_layer) prdata_o = layer_data;
    else if (at_global) begin
      case (address)
        `DPU_ID:      prdata_o = ID;
        `DPU_CONTROL: prdata_o = control_o;
        `DPU_RATE:    prdata_o = rate_o;
        `DPU_UPDATE:  prdata_o = update_o;
        `DPU_QUEUE:   prdata_o = queue_o;
        `DPU_STATUS:  prdata_o = status_i;
        `DPU_IMAGES:  prdata_o = images_q;
        `DPU_IRQ:     prdata_o[`DPU_IRQ_DONE] = irq_q;
        default: ;
      endcase
    end
  end
  genvar w;
  generate
    for (w = 0; w < WORDS; w = w + 1) begin : gen_word
      assign layers_o[w*32 +: 32] = layer_q[w];
    end
  endgenerate
  assign irq_o        = irq_q && control_o[`DPU_CONTROL_INTERRUPT];
  assign table_we_o   = write && !pslverr_o && at_table;
  assign table_addr_o = paddr_i[TABLE_BITS+1:2];
  assign seed_we_o    = write && !pslverr_o && at_seed;
  assign seed_addr_o  = paddr_i[SEED_BITS+1:2];
endmodule
`default_nettype wire

// Registers behind APB (32-bit words, no wait states): control, descriptors of the layers, and the
// write-only windows of the sigmoid table and the generators' seeds. Map: docs/09-rtl.md.
`default_nettype none
module registers #(
  parameter LAYERS     = 4,
  parameter LAYER_BITS = 2,
  parameter TABLE_BITS = 9,
  parameter SEED_BITS  = 6,
  parameter ID         = 32'h4d434101
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
  output wire [LAYERS*256-1:0] layers_o,   // 8 words a layer
  input  wire [31:0]           status_i,
  input  wire                  image_done_i,
  output wire                  irq_o,
  output wire                  table_we_o,
  output wire [TABLE_BITS-1:0] table_addr_o,
  output wire                  seed_we_o,
  output wire [SEED_BITS-1:0]  seed_addr_o
);
  localparam WORDS = LAYERS * 8;
  reg  [31:0] layer_q [0:WORDS-1];
  reg  [31:0] images_q;
  reg         irq_q;
  wire        access = psel_i && penable_i;
  wire        write = access && pwrite_i;
  wire        at_global = paddr_i[15:8] == 8'h00;
  wire        at_layer = paddr_i[15:8] == 8'h01;
  wire [LAYER_BITS+2:0] layer_word = paddr_i[LAYER_BITS+4:2];
  wire        known = at_global ? paddr_i[7:0] < 8'h20
                                : (at_layer ? {24'd0, paddr_i[7:0]} < WORDS * 4
                                            : paddr_i[15:12] == 4'h1 || paddr_i[15:13] == 3'h1);
  assign pready_o  = 1'b1;
  assign pslverr_o = access && (!known || paddr_i[1:0] != 2'd0);
  integer i;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      control_o <= 32'd0;
      rate_o    <= 32'h00000800;
      update_o  <= 32'h01010001;
      queue_o   <= 32'd1;
      images_q  <= 32'd0;
      irq_q     <= 1'b0;
      for (i = 0; i < WORDS; i = i + 1) layer_q[i] <= 32'd0;
    end else begin
      if (image_done_i) begin
        images_q <= images_q + 32'd1;
        irq_q    <= 1'b1;
      end
      if (write && !pslverr_o && at_global) begin
        case (paddr_i[4:2])
          3'd1: control_o <= pwdata_i;
          3'd2: rate_o    <= pwdata_i;
          3'd3: update_o  <= pwdata_i;
          3'd4: queue_o   <= pwdata_i;
          3'd7: irq_q     <= image_done_i;
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
      case (paddr_i[4:2])
        3'd0: prdata_o = ID;
        3'd1: prdata_o = control_o;
        3'd2: prdata_o = rate_o;
        3'd3: prdata_o = update_o;
        3'd4: prdata_o = queue_o;
        3'd5: prdata_o = status_i;
        3'd6: prdata_o = images_q;
        3'd7: prdata_o = {31'd0, irq_q};
      endcase
    end
  end
  genvar w;
  generate
    for (w = 0; w < WORDS; w = w + 1) begin : gen_word
      assign layers_o[w*32 +: 32] = layer_q[w];
    end
  endgenerate
  assign irq_o        = irq_q && control_o[5];
  assign table_we_o   = write && !pslverr_o && paddr_i[15:12] == 4'h1;
  assign table_addr_o = paddr_i[TABLE_BITS+1:2];
  assign seed_we_o    = write && !pslverr_o && paddr_i[15:13] == 3'h1;
  assign seed_addr_o  = paddr_i[SEED_BITS+1:2];
endmodule
`default_nettype wire

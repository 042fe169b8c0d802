// Properties of registers: whatever is on the bus, one word of the map is followed.
`default_nettype none
module prove_registers (
  input wire        clk_i,
  input wire        psel_i,
  input wire        penable_i,
  input wire        pwrite_i,
  input wire [15:0] paddr_i,
  input wire [31:0] pwdata_i,
  input wire [31:0] status_i,
  input wire        image_done_i,
  input wire [15:0] place_i
);
  `include "prove.vh"
  wire [31:0]  prdata, control, rate, update, queue;
  wire [511:0] layers;
  wire         pready, pslverr, irq, table_we, seed_we;
  wire [1:0]   table_addr, seed_addr;
  registers #(.LAYERS(2), .LAYER_BITS(1), .TABLE_BITS(2), .SEED_BITS(2), .DEPTH_BITS(2)) u_registers (
    .clk_i        (clk_i),
    .rst_ni       (rst_n),
    .psel_i       (psel_i),
    .penable_i    (penable_i),
    .pwrite_i     (pwrite_i),
    .paddr_i      (paddr_i),
    .pwdata_i     (pwdata_i),
    .prdata_o     (prdata),
    .pready_o     (pready),
    .pslverr_o    (pslverr),
    .control_o    (control),
    .rate_o       (rate),
    .update_o     (update),
    .queue_o      (queue),
    .layers_o     (layers),
    .status_i     (status_i),
    .image_done_i (image_done_i),
    .irq_o        (irq),
    .table_we_o   (table_we),
    .table_addr_o (table_addr),
    .seed_we_o    (seed_we),
    .seed_addr_o  (seed_addr)
  );
  wire access = psel_i && penable_i;
  wire in_map = paddr_i[1:0] == 2'd0 && (paddr_i <= 16'h001c || (paddr_i >= 16'h0100 && paddr_i <= 16'h013c) ||
                                         (paddr_i >= 16'h1000 && paddr_i <= 16'h3fff));
  wire obeyed = paddr_i == 16'h0010 ? pwdata_i >= 32'd1 && pwdata_i <= 32'd4
              : paddr_i != 16'h000c || (pwdata_i[15:0] != 16'd0 && pwdata_i[19:16] != 4'd0 &&
                                        {16'd0, pwdata_i[19:16]} <= {2'd0, pwdata_i[15:0], 2'd0});
  wire written = access && pwrite_i && in_map && obeyed;

  reg [15:0]  place;     // a word that is written and read: 4 .. 10, 100 .. 13c
  reg [31:0]  kept;
  wire        is_place = (place >= 16'h0004 && place <= 16'h0010) || (place >= 16'h0100 && place <= 16'h013c);
  reg [639:0] before;
  wire [639:0] all = {control, rate, update, queue, layers};
  reg         touched = 1'b1;
  reg         raised = 1'b0;
  reg  [31:0] images = 32'd0;
  always @(posedge clk_i) begin
    if (!rst_n) begin
      place <= place_i;
      kept <= place_i == 16'h0008 ? 32'h00000800 : place_i == 16'h000c ? 32'h01010001
            : place_i == 16'h0010 ? 32'd1 : 32'd0;
    end else if (written && paddr_i == place) kept <= pwdata_i;
    before <= all;
    touched <= !rst_n || (written && ((paddr_i >= 16'h0004 && paddr_i <= 16'h0010) || paddr_i[15:8] == 8'd1));
    images <= rst_n ? images + {31'd0, image_done_i} : 32'd0;
    raised <= rst_n && (image_done_i || (raised && !(written && paddr_i == 16'h001c)));
  end
  always @* if (rst_n) begin
    ready:    assert (pready);
    error:    assert (pslverr == (access && (!in_map || (pwrite_i && !obeyed))));
    readback: assert (!(access && !pwrite_i && is_place && place[1:0] == 2'd0 && paddr_i == place) || prdata == kept);
    quiet:    assert (touched || all == before);
    in_range: assert (queue >= 32'd1 && queue <= 32'd4 && update[15:0] != 16'd0 && update[19:16] != 4'd0 &&
                      {16'd0, update[19:16]} <= {2'd0, update[15:0], 2'd0});
    windows:  assert (table_we == (written && paddr_i[15:12] == 4'd1) && seed_we == (written && paddr_i[15:13] == 3'd1));
    told:     assert (!(access && !pwrite_i) || ((paddr_i != 16'h0000 || prdata == 32'h4d434101) &&
                                                (paddr_i != 16'h0014 || prdata == status_i) && (paddr_i != 16'h0018 || prdata == images) &&
                                                (paddr_i != 16'h001c || prdata == {31'd0, raised})));
    interrupt: assert (irq == (raised && control[5]));
  end
endmodule
`default_nettype wire

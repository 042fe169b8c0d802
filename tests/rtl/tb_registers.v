// Bench of registers: random APB transfers to registers, windows and addresses that are neither,
// half of them repeating an address; images that end at any time; resets. Map, in bytes:
//   000 identity, read only          010 queue
//   004 control                      014 status, read only
//   008 rate                         018 images done, read only
//   00c update                       01c interrupt, cleared by any write
//   100 + 20 l: 8 words of layer l   1000 - 1fff sigmoid table   2000 - 3fff seeds, both write only
// All other addresses, and those that are no multiple of 4, are errors without effect; so are places
// of a queue, interval and latency outside their ranges.
`default_nettype none
module tb_registers;
  parameter LAYERS     = 4;
  parameter LAYER_BITS = 2;
  parameter DEPTH_BITS = 6;
  parameter TRANSFERS  = 6000;
  `include "bench.vh"
  localparam TABLE_BITS = 9;
  localparam SEED_BITS  = 6;
  localparam WORDS      = LAYERS * 8;
  localparam ID         = 32'h4d434101;

  reg                   rst_n, psel, penable, pwrite, image_done;
  reg  [15:0]           paddr;
  reg  [31:0]           pwdata, status;
  wire [31:0]           prdata, control, rate, update, queue;
  wire                  pready, pslverr, irq, table_we, seed_we;
  wire [LAYERS*256-1:0] layers;
  wire [TABLE_BITS-1:0] table_addr;
  wire [SEED_BITS-1:0]  seed_addr;
  registers #(
    .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .TABLE_BITS(TABLE_BITS), .SEED_BITS(SEED_BITS),
    .DEPTH_BITS(DEPTH_BITS)
  ) u_registers (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .psel_i       (psel),
    .penable_i    (penable),
    .pwrite_i     (pwrite),
    .paddr_i      (paddr),
    .pwdata_i     (pwdata),
    .prdata_o     (prdata),
    .pready_o     (pready),
    .pslverr_o    (pslverr),
    .control_o    (control),
    .rate_o       (rate),
    .update_o     (update),
    .queue_o      (queue),
    .layers_o     (layers),
    .status_i     (status),
    .image_done_i (image_done),
    .irq_o        (irq),
    .table_we_o   (table_we),
    .table_addr_o (table_addr),
    .seed_we_o    (seed_we),
    .seed_addr_o  (seed_addr)
  );

  reg [31:0]           global [0:7];          // as they are to be read, but for the status
  reg [LAYERS*256-1:0] layer_words;
  reg                  access, writing, is_global, is_layer, is_table, is_seed, was_reset, fits;
  integer              layer_word, i;

  task clear_reference;
    begin
      for (i = 0; i < 8; i = i + 1) global[i] = 32'd0;
      global[0] = ID;
      global[2] = 32'h00000800;
      global[3] = 32'h01010001;
      global[4] = 32'd1;
      layer_words = {LAYERS * 256{1'b0}};
    end
  endtask

  task choose_address;
    begin
      case (below(8))
        0, 1: paddr = 4 * below(10);
        2, 3: paddr = 16'h0100 + 4 * below(WORDS + 2);
        4: paddr = 16'h1000 + 4 * below(1 << TABLE_BITS);
        5: paddr = 16'h2000 + 4 * below(2048);
        6: paddr = 16'h1000 * below(6) - 4 * below(2);    // the windows' edges
        7: paddr = $random(random_state);
      endcase
      if (below(20) == 0) paddr = paddr ^ below(4);
    end
  endtask

  // Half of the settings that have a range are drawn about its ends.
  integer interval;
  task choose_data;
    begin
      pwdata = $random(random_state);
      if (paddr == 16'h0010 && chance(8)) pwdata = below(2) * (1 << DEPTH_BITS) + below(3) - below(2);
      if (paddr == 16'h000c && chance(8)) begin
        interval = below(4);
        pwdata[15:0] = interval;
        pwdata[19:16] = 4 * interval + below(2);
      end
    end
  endtask

  // One cycle of the bus as it is driven: outputs, then what the edge does.
  task cycle;
    begin
      rst_n = below(500) != 0;
      if (!rst_n) clear_reference;
      image_done = rst_n && chance(penable && paddr == 16'h001c ? 8 : 1);
      was_reset = was_reset || !rst_n;
      status = $random(random_state);
      settle;
      access = psel && penable;
      is_global = paddr < 16'h0020 && paddr[1:0] == 2'd0;
      is_layer = paddr >= 16'h0100 && paddr < 16'h0100 + 4 * WORDS && paddr[1:0] == 2'd0;
      is_table = paddr >= 16'h1000 && paddr < 16'h2000 && paddr[1:0] == 2'd0;
      is_seed = paddr >= 16'h2000 && paddr < 16'h4000 && paddr[1:0] == 2'd0;
      layer_word = (paddr - 16'h0100) / 4;
      fits = 1'b1;
      if (paddr == 16'h000c)
        fits = pwdata[15:0] > 0 && pwdata[19:16] > 0 && pwdata[19:16] <= 4 * pwdata[15:0];
      if (paddr == 16'h0010) fits = pwdata >= 1 && pwdata <= (1 << DEPTH_BITS);
      writing = access && pwrite && fits;

      check("pready_o", 1, pready);
      check("pslverr_o", access && (!(is_global || is_layer || is_table || is_seed) || pwrite && !fits),
            pslverr);
      if (access && !pwrite && is_global)
        check("prdata_o", paddr == 16'h0014 ? status : global[paddr/4], prdata);
      if (access && !pwrite && is_layer)
        check("prdata_o", layer_words[layer_word*32 +: 32], prdata);
      if (access && !pwrite && (is_table || is_seed)) check("prdata_o", 0, prdata);
      check("control_o", global[1], control);
      check("rate_o", global[2], rate);
      check("update_o", global[3], update);
      check("queue_o", global[4], queue);
      for (i = 0; i < LAYERS; i = i + 1)
        check("layers_o", layer_words[i*256 +: 256], layers[i*256 +: 256]);
      check("irq_o", global[7][0] && global[1][5], irq);
      check("table_we_o", writing && is_table, table_we);
      check("seed_we_o", writing && is_seed, seed_we);
      if (table_we) check("table_addr_o", paddr[TABLE_BITS+1:2], table_addr);
      if (seed_we) check("seed_addr_o", paddr[SEED_BITS+1:2], seed_addr);

      if (rst_n && writing && is_layer) layer_words[layer_word*32 +: 32] = pwdata;
      if (rst_n && writing && is_global && paddr >= 16'h0004 && paddr <= 16'h0010)
        global[paddr/4] = pwdata;
      if (rst_n && writing && paddr == 16'h001c) global[7] = 32'd0;
      if (image_done) begin
        global[6] = global[6] + 1;
        global[7] = 32'd1;
      end
      next_cycle;
    end
  endtask

  initial begin
    {rst_n, psel, penable, pwrite, was_reset, paddr} = 21'd0;
    clear_reference;
    next_cycle;
    for (vector_number = 0; vector_number < TRANSFERS; vector_number = vector_number + 1) begin
      if (chance(8)) choose_address;
      choose_data;
      pwrite = chance(8);
      if (was_reset && chance(8)) {pwrite, paddr} = {1'b0, 16'h001c}; // before an image ends
      was_reset = 1'b0;
      psel = 1'b1;
      cycle;
      penable = 1'b1;
      cycle;
      {psel, penable} = 2'b00;
      if (chance(4)) begin                    // an idle bus, whatever its wires
        {pwrite, penable} = $random(random_state);
        cycle;
        penable = 1'b0;
      end
      checked = checked + 1;
    end
    pass;
  end
endmodule
`default_nettype wire

// Bench of image_loader. A line is a word of codes: {pixels, tile_words, col_tiles, the word
// takes a beat of pixels, last word, label 8, pixels of each lane, row tile, code of each lane},
// last lane first. The label that counts is that of an image's last beat. The bench feeds images
// with gaps and back-pressure, reads each finished image's list, frees it after a while, switches
// the block off at any time, which keeps the next image out and no other, and resets it: the image
// being loaded then starts again.
`default_nettype none
module tb_image_loader;
  parameter LANES     = 16;
  parameter LANE_BITS = 4;
  parameter WORD_BITS = 8;
  parameter TILE_BITS = 6;
  parameter ACT_BITS  = 16;
  parameter DAC_BITS  = 8;
  `include "bench.vh"
  localparam CODES_BITS = LANES * DAC_BITS;
  localparam ENTRY_BITS = TILE_BITS + WORD_BITS + CODES_BITS;
  localparam GEOMETRY_BITS = WORD_BITS + LANE_BITS + WORD_BITS + TILE_BITS;
  localparam BITS = GEOMETRY_BITS + 2 + 8 + LANES * 8 + TILE_BITS + CODES_BITS;
  localparam PLACES = 1 << WORD_BITS;

  reg                            rst_n, enable, release_it, list_re, begun;
  wire                           idle;
  reg  [WORD_BITS+LANE_BITS-1:0] pixels;
  reg  [WORD_BITS-1:0]           tile_words, list_addr;
  reg  [TILE_BITS-1:0]           col_tiles;
  reg                            s_valid, m_ready;
  reg  [LANES*8-1:0]             s_data;
  reg  [7:0]                     s_user;
  wire                           s_ready, m_valid, m_last, image_valid;
  wire [CODES_BITS-1:0]          m_data;
  wire [7:0]                     label;
  wire [ENTRY_BITS-1:0]          list_entry;
  wire [WORD_BITS:0]             list_count;
  image_loader #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WORD_BITS(WORD_BITS), .TILE_BITS(TILE_BITS),
    .ACT_BITS(ACT_BITS), .DAC_BITS(DAC_BITS)
  ) u_loader (
    .clk_i           (clk),
    .rst_ni          (rst_n),
    .enable_i        (enable),
    .idle_o          (idle),
    .pixels_i        (pixels),
    .tile_words_i    (tile_words),
    .col_tiles_i     (col_tiles),
    .s_axis_tvalid_i (s_valid),
    .s_axis_tready_o (s_ready),
    .s_axis_tdata_i  (s_data),
    .s_axis_tuser_i  (s_user),
    .m_axis_tvalid_o (m_valid),
    .m_axis_tready_i (m_ready),
    .m_axis_tdata_o  (m_data),
    .m_axis_tlast_o  (m_last),
    .image_valid_o   (image_valid),
    .label_o         (label),
    .release_i       (release_it),
    .list_re_i       (list_re),
    .list_addr_i     (list_addr),
    .list_entry_o    (list_entry),
    .list_count_o    (list_count)
  );

  // ---- what is being loaded ---------------------------------------------------------------------
  reg [BITS-1:0]       vectors [0:COUNT-1];
  integer              line, first_line;      // the next word, and the first of its image
  reg                  takes_beat, last_word, s_taken, started;
  reg [7:0]            last_label;
  reg [TILE_BITS-1:0]  row_tile;
  reg [CODES_BITS-1:0] codes;

  // The beat offered: of this word, or of the next image when this word is a bias alone.
  task offer_beat;
    reg [BITS-1:0] v;
    begin
      v = vectors[line];
      takes_beat = v[BITS-GEOMETRY_BITS-1];
      {pixels, tile_words, col_tiles} = v[BITS-1 -: GEOMETRY_BITS];
      last_word = v[BITS-GEOMETRY_BITS-2];
      {row_tile, codes} = v;
      if (!takes_beat) v = vectors[line + 1 < COUNT ? line + 1 : line];
      if (!s_valid || s_taken) begin
        s_valid = chance(12);
        s_user = v[LANES*8+TILE_BITS+CODES_BITS +: 8];
        s_data = v[TILE_BITS+CODES_BITS +: LANES*8];
      end
    end
  endtask

  task check_streams;
    begin
      check("m_axis_tvalid_o", (enable || begun) && !full[wbank] && (!takes_beat || s_valid), m_valid);
      check("s_axis_tready_o", (enable || begun) && !full[wbank] && takes_beat && m_ready, s_ready);
      if (m_valid) begin
        check("m_axis_tdata_o", codes, m_data);
        check("m_axis_tlast_o", last_word, m_last);
      end
    end
  endtask

  // ---- finished images: two banks ---------------------------------------------------------------
  reg [ENTRY_BITS-1:0] entries [0:2*PLACES-1];
  integer              count [0:1];
  reg [7:0]            labels [0:1];
  reg [1:0]            full;
  reg                  wbank, rbank, was_read;
  reg [ENTRY_BITS-1:0] expected_entry;
  integer              at;                    // next entry to be read

  task step_loading;
    begin
      if (s_valid && s_ready) last_label = s_user;
      if (line == first_line) count[wbank] = 0;
      if (codes != {CODES_BITS{1'b0}}) begin
        entries[wbank*PLACES+count[wbank]] = {row_tile, line[WORD_BITS-1:0] -
                                              first_line[WORD_BITS-1:0], codes};
        count[wbank] = count[wbank] + 1;
      end
      line = line + 1;
      checked = checked + 1;
      if (last_word) begin
        labels[wbank] = last_label;
        full[wbank] = 1'b1;
        wbank = !wbank;
        first_line = line;
      end
    end
  endtask

  task check_image;
    begin
      check("image_valid_o", full[rbank], image_valid);
      check("idle_o", full == 2'b00 && !begun, idle);
      if (full[rbank]) begin
        check("label_o", labels[rbank], label);
        check("list_count_o", count[rbank], list_count);
      end
      if (was_read) check("list_entry_o", expected_entry, list_entry);
    end
  endtask

  task reset_reference;
    begin
      {full, wbank, rbank, s_valid, begun} = 6'd0;
      line = first_line;
      at = 0;
      settle;
      check("image_valid_o", 0, image_valid);
      check("m_axis_tvalid_o", 0, m_valid);
      check("list_count_o", 0, list_count);
    end
  endtask

  initial begin
    $readmemh("vectors.hex", vectors);
    {rst_n, started, s_taken, was_read, enable} = 5'b00000;
    line = 0;
    first_line = 0;
    m_ready = 1'b0;
    release_it = 1'b0;
    s_valid = 1'b0;
    {pixels, tile_words, col_tiles} = vectors[0][BITS-1 -: GEOMETRY_BITS];
    while (line < COUNT || full != 2'b00) begin
      next_cycle;
      vector_number = line;
      rst_n = started && below(1500) != 0 || line == COUNT;
      started = 1'b1;
      if (!rst_n) begin
        s_valid = 1'b0;
        reset_reference;
      end
      if (line < COUNT && rst_n) offer_beat;
      if (line == COUNT) s_valid = 1'b0;
      m_ready = chance(12);
      enable = line < COUNT && chance(line == first_line ? 4 : 8);
      list_re = full[rbank] && chance(12);
      list_addr = at < count[rbank] ? at : 0;
      release_it = full[rbank] && at >= count[rbank] && chance(2);
      settle;
      check_image;
      if (line < COUNT && rst_n) begin
        check_streams;
        m_ready = !m_ready;
        settle;
        check_streams;
      end

      if (list_re) begin
        expected_entry = entries[rbank*PLACES+list_addr];
        was_read = 1'b1;
        at = at + 1;
      end
      s_taken = s_valid && s_ready;
      begun = rst_n && (begun || m_valid) && !(m_valid && m_ready && last_word);
      if (release_it) begin
        full[rbank] = 1'b0;
        rbank = !rbank;
        at = 0;
      end
      if (m_valid && m_ready && rst_n) step_loading;
    end
    pass;
  end
endmodule
`default_nettype wire

// Input image: pixels in, DAC codes of the first layer out, bias row appended, and the list of words
// that the first layer's update will need. Two banks, so that the next image loads while the one
// before is still learnt from. An image that has begun is finished, whatever becomes of enable_i.
`default_nettype none
module image_loader #(
  parameter LANES     = 16,
  parameter LANE_BITS = 4,
  parameter WORD_BITS = 8,
  parameter TILE_BITS = 6,
  parameter ACT_BITS  = 16,
  parameter DAC_BITS  = 8,
  parameter ENTRY_BITS = TILE_BITS + WORD_BITS + LANES * DAC_BITS
) (
  input  wire                           clk_i,
  input  wire                           rst_ni,
  input  wire                           enable_i,           // images may begin
  output wire                           idle_o,             // none is in, none has begun
  input  wire [WORD_BITS+LANE_BITS-1:0] pixels_i,           // inputs without bias, >= 1
  input  wire [WORD_BITS-1:0]           tile_words_i,       // words of a row tile; 0: never reached
  input  wire [TILE_BITS-1:0]           col_tiles_i,
  // pixels of LANES bytes a beat; the label comes with the last
  input  wire                           s_axis_tvalid_i,
  output wire                           s_axis_tready_o,
  input  wire [LANES*8-1:0]             s_axis_tdata_i,
  input  wire [7:0]                     s_axis_tuser_i,
  // codes for the first layer's DAC bank
  output wire                           m_axis_tvalid_o,
  input  wire                           m_axis_tready_i,
  output wire [LANES*DAC_BITS-1:0]      m_axis_tdata_o,
  output wire                           m_axis_tlast_o,
  // the image being learnt from
  output wire                           image_valid_o,
  output wire [7:0]                     label_o,
  input  wire                           release_i,
  input  wire                           list_re_i,
  input  wire [WORD_BITS-1:0]           list_addr_i,
  output wire [ENTRY_BITS-1:0]          list_entry_o,       // {first tile of the row, word, codes}
  output wire [WORD_BITS:0]             list_count_o
);
  reg                 wbank_q, rbank_q;
  reg  [1:0]          full_q;
  reg                 open_q;               // a beat was offered, the last one not yet taken
  reg  [7:0]          label0_q, label1_q;
  reg  [WORD_BITS-1:0] word_q, in_tile_q;
  reg  [TILE_BITS-1:0] tile_q;

  localparam COUNT_BITS = WORD_BITS + LANE_BITS;
  localparam [COUNT_BITS-1:0] LANE_MASK = ~({COUNT_BITS{1'b1}} << LANE_BITS);
  wire [WORD_BITS-1:0]  bias_word = pixels_i[COUNT_BITS-1:LANE_BITS];
  wire [COUNT_BITS-1:0] bias_lane = pixels_i & LANE_MASK;
  wire at_bias = word_q == bias_word;
  wire bias_only = at_bias && bias_lane == {COUNT_BITS{1'b0}};
  wire free = (enable_i || open_q) && !full_q[wbank_q];
  assign idle_o = full_q == 2'b00 && !open_q;

  assign m_axis_tvalid_o = free && (bias_only || s_axis_tvalid_i);
  assign s_axis_tready_o = free && !bias_only && m_axis_tready_i;
  assign m_axis_tlast_o  = at_bias;
  wire fire = m_axis_tvalid_o && m_axis_tready_i;

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : gen_lane
      localparam [COUNT_BITS-1:0] LANE = l;
      wire [ACT_BITS-1:0] level;
      wire [DAC_BITS-1:0] code;
      if (ACT_BITS > 8) begin : gen_wide
        assign level = {s_axis_tdata_i[l*8 +: 8], {(ACT_BITS - 8){1'b0}}};
      end else begin : gen_byte
        assign level = s_axis_tdata_i[l*8 +: 8];
      end
      dac_code #(.IN_BITS(ACT_BITS), .OUT_BITS(DAC_BITS)) u_code (.value_i(level), .code_o(code));
      // verilator lint_off CMPCONST
      // (never true of the last lane)
      assign m_axis_tdata_o[l*DAC_BITS +: DAC_BITS] =
          !at_bias || bias_lane > LANE ? code
                                       : (LANE == bias_lane ? {DAC_BITS{1'b1}} : {DAC_BITS{1'b0}});
      // verilator lint_on CMPCONST
    end
  endgenerate

  wire tile_end = in_tile_q + 1'b1 == tile_words_i;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wbank_q   <= 1'b0;
      rbank_q   <= 1'b0;
      full_q    <= 2'b00;
      open_q    <= 1'b0;
      word_q    <= {WORD_BITS{1'b0}};
      in_tile_q <= {WORD_BITS{1'b0}};
      tile_q    <= {TILE_BITS{1'b0}};
      label0_q  <= 8'd0;
      label1_q  <= 8'd0;
    end else begin
      open_q <= (open_q || m_axis_tvalid_o) && !(fire && at_bias);
      if (s_axis_tvalid_i && s_axis_tready_o) begin
        if (wbank_q) label1_q <= s_axis_tuser_i;
        else         label0_q <= s_axis_tuser_i;
      end
      if (fire && at_bias) begin
        word_q    <= {WORD_BITS{1'b0}};
        in_tile_q <= {WORD_BITS{1'b0}};
        tile_q    <= {TILE_BITS{1'b0}};
        wbank_q   <= !wbank_q;
        full_q[wbank_q] <= 1'b1;
      end else if (fire) begin
        word_q    <= word_q + 1'b1;
        in_tile_q <= tile_end ? {WORD_BITS{1'b0}} : in_tile_q + 1'b1;
        if (tile_end) tile_q <= tile_q + col_tiles_i;
      end
      if (release_i) begin
        rbank_q         <= !rbank_q;
        full_q[rbank_q] <= 1'b0;
      end
    end
  end
  assign image_valid_o = full_q[rbank_q];
  assign label_o = rbank_q ? label1_q : label0_q;

  word_list #(.WIDTH(ENTRY_BITS), .ADDR_BITS(WORD_BITS), .BANK_BITS(1)) u_list (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .first_i  (fire && word_q == {WORD_BITS{1'b0}}),
    .append_i (fire && |m_axis_tdata_o),
    .wbank_i  (wbank_q),
    .entry_i  ({tile_q, word_q, m_axis_tdata_o}),
    .re_i     (list_re_i),
    .rbank_i  (rbank_q),
    .raddr_i  (list_addr_i),
    .entry_o  (list_entry_o),
    .count_o  (list_count_o)
  );
endmodule
`default_nettype wire

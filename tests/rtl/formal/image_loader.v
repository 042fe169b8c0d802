// Properties of image_loader: 2 lanes, images of 1 to 7 pixels, enable_i and both streams at will.
`default_nettype none
module prove_image_loader (
  input wire        clk_i,
  input wire        enable_i,
  input wire [2:0]  pixels_i,
  input wire        valid_i,
  input wire [15:0] data_i,
  input wire [7:0]  label_i,
  input wire        ready_i,
  input wire        release_i
);
  `include "prove.vh"
  reg  [2:0] pixels;
  wire       idle, s_ready, m_valid, m_last, image_valid;
  wire [3:0] m_data;
  wire [7:0] label;
  wire [6:0] entry;
  wire [2:0] count;
  image_loader #(.LANES(2), .LANE_BITS(1), .WORD_BITS(2), .TILE_BITS(1), .ACT_BITS(8), .DAC_BITS(2)) u_loader (
    .clk_i           (clk_i),
    .rst_ni          (rst_n),
    .enable_i        (enable_i),
    .idle_o          (idle),
    .pixels_i        (pixels),
    .tile_words_i    (2'd0),
    .col_tiles_i     (1'd0),
    .s_axis_tvalid_i (valid_i),
    .s_axis_tready_o (s_ready),
    .s_axis_tdata_i  (data_i),
    .s_axis_tuser_i  (label_i),
    .m_axis_tvalid_o (m_valid),
    .m_axis_tready_i (ready_i),
    .m_axis_tdata_o  (m_data),
    .m_axis_tlast_o  (m_last),
    .image_valid_o   (image_valid),
    .label_o         (label),
    .release_i       (release_i),
    .list_re_i       (1'b0),
    .list_addr_i     (2'd0),
    .list_entry_o    (entry),
    .list_count_o    (count)
  );
  wire       fire = m_valid && ready_i, taken = valid_i && s_ready;
  reg        begun = 1'b0, s_held = 1'b0, m_held = 1'b0;
  reg [2:0]  beat = 3'd0;           // of the image
  reg [1:0]  inside = 2'd0;         // images
  reg [23:0] s_was;
  reg [4:0]  m_was;
  reg [7:0]  newest, oldest, last;  // labels of the images inside, and of the last beat
  wire [2:0] beats = {1'b0, pixels[2:1]} + 3'd1;
  wire       alone = !pixels[0] && beat == beats - 3'd1;
  wire [7:0] label_now = taken ? label_i : last;
  always @(posedge clk_i) begin
    if (!rst_n) pixels <= pixels_i;
    s_held <= rst_n && valid_i && !s_ready;
    s_was <= {data_i, label_i};
    m_held <= rst_n && m_valid && !ready_i;
    m_was <= {m_last, m_data};
    if (rst_n) begin
      begun <= (begun || m_valid) && !(fire && m_last);
      if (fire) beat <= m_last ? 3'd0 : beat + 3'd1;
      inside <= inside + (fire && m_last) - release_i;
      last <= label_now;
      if (fire && m_last) newest <= label_now;
      if (fire && m_last && (inside == 2'd0 || (inside == 2'd1 && release_i))) oldest <= label_now;
      else if (release_i) oldest <= newest;
    end
  end
  always @* begin
    assume (pixels_i != 3'd0);
    assume (!s_held || (valid_i && {data_i, label_i} == s_was));
    assume (!release_i || image_valid);
    if (rst_n) begin
      stable:   assert (!m_held || (m_valid && {m_last, m_data} == m_was));
      boundary: assert (enable_i || begun || (!m_valid && !s_ready));
      complete: assert (!m_valid || m_last == (beat == beats - 3'd1));
      together: assert (alone ? !taken : taken == fire);
      progress: assert (!((enable_i || begun) && inside != 2'd2 && (valid_i || alone) && ready_i) || fire);
      banks:    assert (image_valid == (inside != 2'd0) && inside != 2'd3 && !(inside == 2'd2 && fire));
      safe:     assert (idle == (inside == 2'd0 && !begun));
      labels:   assert (inside == 2'd0 || label == oldest);
    end
  end
endmodule
`default_nettype wire

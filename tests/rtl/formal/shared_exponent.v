// Properties of shared_exponent: 2 lanes, ERR_BITS 12; the largest magnitude is followed.
`default_nettype none
module prove_shared_exponent (
  input wire        clk_i,
  input wire        en_i,
  input wire        clear_i,
  input wire        valid_i,
  input wire [63:0] raw_i,
  input wire        mark_i,
  input wire        lane_i
);
  `include "prove.vh"
  wire [5:0] shift;
  shared_exponent #(.LANES(2), .ERR_BITS(12)) u_exponent (
    .clk_i   (clk_i),
    .en_i    (en_i),
    .clear_i (clear_i),
    .valid_i (valid_i),
    .raw_i   (raw_i),
    .shift_o (shift)
  );
  wire [31:0] raw = lane_i ? raw_i[63:32] : raw_i[31:0];
  wire [31:0] magnitude = raw[31] ? 32'd0 - raw : raw;
  wire [31:0] other = lane_i ? raw_i[31:0] : raw_i[63:32];
  wire [31:0] other_magnitude = other[31] ? 32'd0 - other : other;
  reg         fresh = 1'b0;        // nothing but what was cleared and added is inside
  reg  [31:0] marked = 32'd0;      // one of the errors inside
  reg         lone = 1'b0;         // all others are 0
  always @(posedge clk_i) if (rst_n && en_i) begin
    if (clear_i) {fresh, marked, lone} <= {1'b1, 32'd0, 1'b1};
    else if (valid_i) begin
      if (mark_i && marked == 32'd0) marked <= magnitude;
      lone <= lone && other_magnitude == 32'd0 && (magnitude == 32'd0 || (mark_i && marked == 32'd0));
    end
  end
  wire signed [6:0] bits = $signed({shift[5], shift}) + 7'sd11;   // of the largest magnitude
  always @* begin
    assume (raw_i[31:0] != 32'h80000000 && raw_i[63:32] != 32'h80000000);
    if (rst_n && fresh) begin
      fits:   assert (marked == 32'd0 || (marked >> bits[5:0]) == 32'd0);
      tight:  assert (!lone || marked == 32'd0 || (marked >> (bits[5:0] - 6'd1)) == 32'd1);
    end
  end
endmodule
`default_nettype wire

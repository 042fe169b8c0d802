// Search for the shared exponent: OR of the magnitudes (below 2^31) of all lanes and words; its bit length less
// ERR_BITS - 1 is the shift.
`default_nettype none
module shared_exponent #(
  parameter LANES    = 16,
  parameter ERR_BITS = 12
) (
  input  wire                clk_i,
  input  wire                en_i,
  input  wire                clear_i,
  input  wire                valid_i,
  input  wire [LANES*32-1:0] raw_i,
  output wire signed [5:0]   shift_o  // 0 when no error is other than 0
);
  reg [30:0] word_or;
  reg [30:0] magnitude;
  integer    l;
  always @* begin
    word_or = 31'd0;
    magnitude = 31'd0;
    for (l = 0; l < LANES; l = l + 1) begin
      magnitude = raw_i[l*32+31] ? 31'd0 - raw_i[l*32 +: 31] : raw_i[l*32 +: 31];
      word_or = word_or | magnitude;
    end
  end
  reg [30:0] all_q;
  always @(posedge clk_i) begin
    if (en_i) begin
      if (clear_i) all_q <= 31'd0;
      else if (valid_i) all_q <= all_q | word_or;
    end
  end
  reg [5:0] length;
  integer   b;
  always @* begin
    length = 6'd0;
    for (b = 0; b < 31; b = b + 1) if (all_q[b]) length = b[5:0] + 6'd1;
  end
  // verilator lint_off WIDTH
  // (32-bit parameters, a constant that fits)
  localparam [5:0] KEPT = ERR_BITS - 1;
  // verilator lint_on WIDTH
  assign shift_o = |all_q ? length - KEPT : 6'd0;
endmodule
`default_nettype wire

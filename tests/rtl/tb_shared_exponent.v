// Bench of shared_exponent. A line: {clear, valid, raw of each lane, last lane first, shift 6};
// the shift as it is after the line. The register stops at random, whatever is offered.
`default_nettype none
module tb_shared_exponent;
  parameter LANES    = 16;
  parameter ERR_BITS = 12;
  `include "bench.vh"
  localparam BITS = 2 + LANES * 32 + 6;

  reg                 en, clear, valid;
  reg  [LANES*32-1:0] raw;
  wire [5:0]          shift;
  shared_exponent #(.LANES(LANES), .ERR_BITS(ERR_BITS)) u_exponent (
    .clk_i   (clk),
    .en_i    (en),
    .clear_i (clear),
    .valid_i (valid),
    .raw_i   (raw),
    .shift_o (shift)
  );

  reg [BITS-1:0] vectors [0:COUNT-1];
  reg [5:0]      expected_shift;
  integer        next;
  initial begin
    $readmemh("vectors.hex", vectors);
    next = 0;
    while (checked < COUNT) begin
      next_cycle;
      en = next < COUNT && chance(12);
      {clear, valid} = $random(random_state);
      raw = random_bits(LANES * 32);
      if (en) {clear, valid, raw} = vectors[next][BITS-1 -: BITS-6];
      settle;
      if (next > 0) begin
        vector_number = next - 1;
        expected_shift = vectors[next-1];
        check("shift_o", expected_shift, shift);
        checked = next;
      end
      if (en) next = next + 1;
    end
    pass;
  end
endmodule
`default_nettype wire

// Bench of word_list against arrays: lists started anew with and without a first entry, filled to
// the last place, read while they grow, and emptied by resets.
`default_nettype none
module tb_word_list;
  parameter WIDTH     = 32;
  parameter ADDR_BITS = 4;
  parameter BANK_BITS = 1;
  parameter CYCLES    = 10000;
  `include "bench.vh"
  localparam BANKS = 1 << BANK_BITS;
  localparam PLACES = 1 << ADDR_BITS;

  reg                  rst_n, first, append, re;
  reg  [BANK_BITS-1:0] wbank, rbank;
  reg  [ADDR_BITS-1:0] raddr;
  reg  [WIDTH-1:0]     entry_in;
  wire [WIDTH-1:0]     entry_out;
  wire [ADDR_BITS:0]   count;
  word_list #(.WIDTH(WIDTH), .ADDR_BITS(ADDR_BITS), .BANK_BITS(BANK_BITS)) u_list (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .first_i  (first),
    .append_i (append),
    .wbank_i  (wbank),
    .entry_i  (entry_in),
    .re_i     (re),
    .rbank_i  (rbank),
    .raddr_i  (raddr),
    .entry_o  (entry_out),
    .count_o  (count)
  );

  reg [WIDTH-1:0] list [0:BANKS*PLACES-1];
  integer         length [0:BANKS-1];
  reg [WIDTH-1:0] expected;
  reg             read_once;
  integer         b, after;
  initial begin
    rst_n = 1'b0;
    read_once = 1'b0;
    for (b = 0; b < BANKS; b = b + 1) length[b] = 0;
    for (vector_number = 0; vector_number < CYCLES; vector_number = vector_number + 1) begin
      next_cycle;
      rst_n = vector_number > 1 && below(500) != 0;
      wbank = chance(1) ? $random(random_state) : wbank;
      rbank = $random(random_state);
      if (vector_number < 2) wbank = 0;
      if (!rst_n) for (b = 0; b < BANKS; b = b + 1) length[b] = 0;
      settle;                               // counts are 0 at once
      first = below(2 * PLACES) == 0;
      append = (first || length[wbank] < PLACES) && chance(12);
      if (!rst_n) {first, append} = 2'b00;
      entry_in = random_bits(WIDTH);
      after = append ? (first ? 0 : length[wbank]) + 1 : first ? 0 : length[wbank];
      // a place of the list, the one just being filled included
      b = rbank == wbank ? after : length[rbank];
      re = rst_n && b > 0 && chance(12);
      raddr = b > 0 && re ? (chance(4) ? b - 1 : below(b)) : $random(random_state);
      settle;
      check("count_o", length[rbank], count);
      if (read_once) check("entry_o", expected, entry_out);
      checked = checked + 1;

      if (append) list[wbank * PLACES + after - 1] = entry_in;
      length[wbank] = after;
      if (re) expected = list[rbank * PLACES + raddr];
      read_once = read_once || re;
    end
    pass;
  end
endmodule
`default_nettype wire

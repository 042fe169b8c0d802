// Properties of word_list: 2 banks of 4 entries; one entry is followed.
`default_nettype none
module prove_word_list (
  input wire       clk_i,
  input wire       first_i,
  input wire       append_i,
  input wire       wbank_i,
  input wire [1:0] entry_i,
  input wire       re_i,
  input wire       rbank_i,
  input wire [1:0] raddr_i,
  input wire       bank_i,
  input wire [1:0] place_i
);
  `include "prove.vh"
  wire [1:0] entry;
  wire [2:0] count;
  word_list #(.WIDTH(2), .ADDR_BITS(2), .BANK_BITS(1)) u_list (
    .clk_i    (clk_i),
    .rst_ni   (rst_n),
    .first_i  (first_i),
    .append_i (append_i),
    .wbank_i  (wbank_i),
    .entry_i  (entry_i),
    .re_i     (re_i),
    .rbank_i  (rbank_i),
    .raddr_i  (raddr_i),
    .entry_o  (entry),
    .count_o  (count)
  );
  reg        bank;
  reg  [1:0] place, kept, expected;
  reg  [2:0] entries = 3'd0;       // of the bank
  reg        known = 1'b0, asked = 1'b0;
  wire       here = wbank_i == bank;
  wire [2:0] at = first_i ? 3'd0 : entries;
  wire       put = here && append_i && at == {1'b0, place};
  always @(posedge clk_i) begin
    if (!rst_n) {bank, place} <= {bank_i, place_i};
    else begin
      if (here && (first_i || append_i)) entries <= at + {2'd0, append_i};
      if (put) {known, kept} <= {1'b1, entry_i};
      asked <= re_i ? rbank_i == bank && raddr_i == place && (known || put) : asked;
      if (re_i) expected <= put ? entry_i : kept;
    end
  end
  always @* begin
    assume (!append_i || first_i || !here || entries != 3'd4);
    if (rst_n) begin
      counted: assert (rbank_i != bank || count == entries);
      listed:  assert (!asked || entry == expected);
    end
  end
endmodule
`default_nettype wire

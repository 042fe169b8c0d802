// Properties of partial_sums: one lane, 2 words; one word is followed.
`default_nettype none
module prove_partial_sums (
  input wire        clk_i,
  input wire        en_i,
  input wire        valid_i,
  input wire        first_i,
  input wire        negative_i,
  input wire        word_i,
  input wire [31:0] add_i,
  input wire        put_i,
  input wire        put_word_i,
  input wire [31:0] put_data_i,
  input wire        place_i
);
  `include "prove.vh"
  wire [31:0] sum;
  partial_sums #(.LANES(1), .WORD_BITS(1)) u_sums (
    .clk_i          (clk_i),
    .rst_ni         (rst_n),
    .en_i           (en_i),
    .add_valid_i    (valid_i),
    .add_first_i    (first_i),
    .add_negative_i (negative_i),
    .word_i         (word_i),
    .add_i          (add_i),
    .sum_o          (sum),
    .put_i          (put_i),
    .put_word_i     (put_word_i),
    .put_data_i     (put_data_i)
  );
  reg         place, word, first, negative, coming = 1'b0, known = 1'b0, asked = 1'b0;
  reg  [31:0] kept, expected;
  wire        here = coming && word == place;
  wire [31:0] after = (first ? 32'd0 : kept) + (negative ? ~add_i + 32'd1 : add_i);
  wire        put = put_i && put_word_i == place;
  wire [31:0] value = here ? after : put ? put_data_i : kept;
  wire        knows = here ? first || known : put || known;
  always @(posedge clk_i) begin
    if (!rst_n) place <= place_i;
    else if (en_i) begin
      {coming, word, first, negative} <= {valid_i, word_i, first_i, negative_i};
      {known, kept} <= {knows, value};
      {asked, expected} <= {word_i == place && knows, value};
    end
  end
  always @* begin
    assume (!(put_i && coming));
    if (rst_n) begin
      summed: assert (!asked || sum == expected);
    end
  end
endmodule
`default_nettype wire

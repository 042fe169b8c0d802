// Bench of partial_sums against an array: beats that add, subtract and start anew, on one word
// time and again; whole words put in place; stalls; resets that lose the beat on its way.
`default_nettype none
module tb_partial_sums;
  parameter LANES     = 16;
  parameter WORD_BITS = 3;
  parameter CYCLES    = 3000;
  `include "bench.vh"
  localparam WORDS = 1 << WORD_BITS;

  reg                  rst_n, en, add_valid, add_first, add_negative, put;
  reg  [WORD_BITS-1:0] word, put_word;
  reg  [LANES*32-1:0]  add, put_data;
  wire [LANES*32-1:0]  sum;
  partial_sums #(.LANES(LANES), .WORD_BITS(WORD_BITS)) u_sums (
    .clk_i          (clk),
    .rst_ni         (rst_n),
    .en_i           (en),
    .add_valid_i    (add_valid),
    .add_first_i    (add_first),
    .add_negative_i (add_negative),
    .word_i         (word),
    .add_i          (add),
    .sum_o          (sum),
    .put_i          (put),
    .put_word_i     (put_word),
    .put_data_i     (put_data)
  );

  reg [LANES*32-1:0]  sums [0:WORDS-1];
  reg [LANES*32-1:0]  expected;
  reg [31:0]          old, change;
  reg                 beat, first, negative, read_once;   // the beat on its way
  reg [WORD_BITS-1:0] beat_word;
  integer             l;
  initial begin
    {rst_n, beat, read_once} = 3'b000;
    for (vector_number = 0; vector_number < WORDS + CYCLES; vector_number = vector_number + 1) begin
      next_cycle;
      rst_n = below(200) != 0;
      if (!rst_n) beat = 1'b0;
      en = chance(12);
      {add_first, add_negative} = $random(random_state);
      word = chance(8) ? word : $random(random_state);
      add_valid = rst_n && chance(10);
      add = random_bits(LANES * 32);
      put = !beat && chance(4);
      put_word = chance(8) ? word : $random(random_state);
      put_data = random_bits(LANES * 32);
      if (vector_number < WORDS) begin                    // every word first
        {en, add_valid, put} = 3'b101;
        put_word = vector_number;
        word = put_word;
      end
      settle;
      if (read_once) check("sum_o", expected, sum);
      checked = checked + 1;

      if (en) begin
        for (l = 0; beat && l < LANES; l = l + 1) begin
          old = first ? 32'd0 : sums[beat_word][l*32 +: 32];
          change = add[l*32 +: 32];
          sums[beat_word][l*32 +: 32] = negative ? old - change : old + change;
        end
        if (put) sums[put_word] = put_data;
        expected = sums[word];
        read_once = 1'b1;
        {beat, first, negative, beat_word} = {add_valid, add_first, add_negative, word};
      end
    end
    pass;
  end
endmodule
`default_nettype wire

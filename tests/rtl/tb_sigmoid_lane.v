// Bench of sigmoid_lane. Lines: the 512 words of the table, {rise 11, value 17} in the low bits;
// then {sum 32, shift 6, activation}. Sums come with gaps, and the registers stop at random; an
// activation is due behind the third register and stays while they stand.
`default_nettype none
module tb_sigmoid_lane;
  parameter ACT_BITS = 16;
  `include "bench.vh"
  localparam TABLE_BITS = 9;
  localparam ENTRIES = 1 << TABLE_BITS;

  reg                   en, table_we;
  reg  [31:0]           sum;
  reg  [5:0]            shift;
  reg  [TABLE_BITS-1:0] table_addr;
  reg  [27:0]           table_data;
  wire [ACT_BITS-1:0]   activation;
  sigmoid_lane #(.ACT_BITS(ACT_BITS), .TABLE_BITS(TABLE_BITS)) u_lane (
    .clk_i        (clk),
    .en_i         (en),
    .sum_i        (sum),
    .shift_i      (shift),
    .activation_o (activation),
    .table_we_i   (table_we),
    .table_addr_i (table_addr),
    .table_data_i (table_data)
  );

  reg [38+ACT_BITS-1:0] vectors [0:COUNT-1];
  reg [ACT_BITS-1:0]    expected;
  integer               next, given;
  integer               at [1:3];         // line in each register; 0: none
  initial begin
    $readmemh("vectors.hex", vectors);
    {at[1], at[2], at[3]} = {32'd0, 32'd0, 32'd0};
    next = 0;
    while (next < COUNT || at[1] != 0 || at[2] != 0 || at[3] != 0) begin
      next_cycle;
      en = chance(12);
      {sum, shift} = {$random(random_state), $random(random_state)};
      table_we = next < ENTRIES;
      table_addr = table_we ? next : $random(random_state);
      table_data = table_we ? vectors[next][27:0] : $random(random_state);
      given = 0;
      if (!table_we && next < COUNT && chance(14)) begin
        given = next;
        if (en) {sum, shift} = vectors[next][ACT_BITS +: 38];
      end
      settle;
      if (at[3] != 0) begin
        vector_number = at[3];
        expected = vectors[at[3]];
        check("activation_o", expected, activation);
      end
      if (table_we) next = next + 1;
      if (en) begin
        if (at[3] != 0) checked = checked + 1;
        {at[3], at[2], at[1]} = {at[2], at[1], given};
        if (given != 0) next = next + 1;
      end
    end
    pass;
  end
endmodule
`default_nettype wire

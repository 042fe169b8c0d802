// Properties of sigmoid_lane at 8 bits and 4 segments, for any table between half of full scale and full scale that rises by
// at most 3 a segment.
`default_nettype none
module prove_sigmoid_lane (
  input wire               clk_i,
  input wire [27:0]        entry_i,
  input wire signed [5:0]  shift_i,
  input wire signed [31:0] sum_i,
  input wire signed [31:0] other_i
);
  `include "prove.vh"
  reg  [2:0]  age = 3'd0;          // the table is loaded in cycles 0 to 3
  wire        load = rst_n && !age[2];
  reg  signed [5:0] shift;
  wire [7:0]  code, other;
  sigmoid_lane #(.ACT_BITS(8), .TABLE_BITS(2)) u_lane (
    .clk_i        (clk_i),
    .en_i         (1'b1),
    .sum_i        (sum_i),
    .shift_i      (shift),
    .activation_o (code),
    .table_we_i   (load),
    .table_addr_i (age[1:0]),
    .table_data_i (entry_i)
  );
  sigmoid_lane #(.ACT_BITS(8), .TABLE_BITS(2)) u_other (
    .clk_i        (clk_i),
    .en_i         (1'b1),
    .sum_i        (other_i),
    .shift_i      (shift),
    .activation_o (other),
    .table_we_i   (load),
    .table_addr_i (age[1:0]),
    .table_data_i (entry_i)
  );
  reg  [27:0]        segment [0:3];
  reg  [16:0]        level;              // where the next segment begins
  wire [16:0]        level_after = entry_i[16:0] + {6'd0, entry_i[27:17]};
  reg  signed [31:0] x1, x2, x, y1, y2, y;
  always @(posedge clk_i) begin
    if (!rst_n) shift <= shift_i;
    if (rst_n && age != 3'd7) age <= age + 3'd1;
    if (load) begin
      segment[age[1:0]] <= entry_i;
      level <= level_after;
    end
    {x1, x2, x} <= {sum_i, x1, x2};
    {y1, y2, y} <= {other_i, y1, y2};
  end
  // the table of widths: align to Q4.12, half up; interpolate, half up
  wire [51:0] size = x[31] ? {20'd0, 32'd0 - x} : {20'd0, x};
  wire [4:0]  right = 5'd0 - shift[4:0];
  wire [51:0] exact = shift[5] ? (size + (52'd1 << (right - 5'd1))) >> right : size << shift[4:0];
  wire [15:0] m = |exact[51:16] ? 16'hffff : exact[15:0];
  wire [27:0] here = segment[m[15:14]];
  wire [24:0] rise = here[27:17] * m[13:0];
  wire [16:0] sum = here[16:0] + ((rise + 25'd8192) >> 14);
  wire [16:0] value = x[31] ? 17'd256 - sum : sum;
  always @* begin
    assume (shift_i >= -6'sd12 && shift_i <= 6'sd20);
    assume (!load || ((age == 3'd0 ? entry_i[16:0] >= 17'd128 && entry_i[16:0] < 17'd256 : entry_i[16:0] == level) && level_after <= 17'd256 &&
                     entry_i[27:19] == 9'd0));
    if (age == 3'd7) begin
      interpolated: assert (code == (value > 17'd255 ? 8'd255 : value[7:0]));
      half:         assert (x[31] ? code <= 8'd128 : code >= 8'd128);
      symmetric:    assert (x != -y || x[31] == y[31] || {1'b0, code} + {1'b0, other} == 9'd256 ||
                            (code == 8'd255 && other == 8'd0) || (code == 8'd0 && other == 8'd255));
      monotone:     assert (x > y || code <= other);
    end
  end
endmodule
`default_nettype wire

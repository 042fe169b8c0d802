// An adder and a product alone, to see how far the scaled library is from published figures.
`default_nettype none
module arithmetic (
  input  wire        clk_i,   // of the replay; there is no register
  input  wire [31:0] a_i,
  input  wire [31:0] b_i,
  output wire [31:0] sum_o,
  output wire [31:0] product_o
);
  adder u_adder (.a_i(a_i), .b_i(b_i), .sum_o(sum_o));
  product u_product (.a_i(a_i[15:0]), .b_i(b_i[15:0]), .product_o(product_o));
  wire unused = &{1'b0, clk_i};
endmodule
`default_nettype wire

// 16 x 16 bit product, combinational.
`default_nettype none
module product (
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  output wire [31:0] product_o
);
  assign product_o = a_i * b_i;
endmodule
`default_nettype wire

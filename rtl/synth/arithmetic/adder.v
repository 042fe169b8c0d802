// 32-bit sum, combinational.
`default_nettype none
module adder (
  input  wire [31:0] a_i,
  input  wire [31:0] b_i,
  output wire [31:0] sum_o
);
  assign sum_o = a_i + b_i;
endmodule
`default_nettype wire

// Random operands for arithmetic.v; +waveform=FILE for energy.c.
`timescale 1ns / 1ps
`default_nettype none
module replay;
  reg         clk_i = 1'b0;
  reg  [3:0]  window = 4'd1;
  reg  [31:0] a, b;
  wire [31:0] sum, product;
  arithmetic u_dut (.clk_i(clk_i), .a_i(a), .b_i(b), .sum_o(sum), .product_o(product));

  integer cycle, differences;
  reg [8*1024-1:0] path;
  initial begin
    if ($value$plusargs("waveform=%s", path)) begin
      $dumpfile(path);
      $dumpvars(1, replay.clk_i, replay.window);
      $dumpvars(0, u_dut);
    end
    differences = 0;
    for (cycle = 0; cycle < 1000; cycle = cycle + 1) begin
      a = $random;
      b = $random;
      #5 if (sum !== a + b || product !== a[15:0] * b[15:0]) differences = differences + 1;
      clk_i = 1'b1;
      #5 clk_i = 1'b0;
    end
    if (differences == 0) $display("equal: %0d cycles", cycle);
    $finish;
  end
endmodule
`default_nettype wire

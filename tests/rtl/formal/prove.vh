  // Reset in the first cycle; registers that it leaves alone begin with anything.
  reg rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

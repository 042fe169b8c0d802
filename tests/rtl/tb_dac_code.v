// Bench of dac_code: every value. A line: {value, code}.
`default_nettype none
module tb_dac_code;
  parameter IN_BITS  = 16;
  parameter OUT_BITS = 8;
  `include "bench.vh"

  reg  [IN_BITS-1:0]  value;
  reg  [OUT_BITS-1:0] expected;
  wire [OUT_BITS-1:0] code;
  dac_code #(.IN_BITS(IN_BITS), .OUT_BITS(OUT_BITS)) u_code (.value_i(value), .code_o(code));

  reg [IN_BITS+OUT_BITS-1:0] vectors [0:COUNT-1];
  initial begin
    $readmemh("vectors.hex", vectors);
    for (vector_number = 0; vector_number < COUNT; vector_number = vector_number + 1) begin
      {value, expected} = vectors[vector_number];
      settle;
      check("code_o", expected, code);
      checked = checked + 1;
    end
    pass;
  end
endmodule
`default_nettype wire

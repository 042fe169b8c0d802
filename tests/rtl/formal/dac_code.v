// Properties of dac_code at the widths of activations and of errors.
`default_nettype none
module prove_dac_code (
  input wire        clk_i,
  input wire [15:0] value_i,
  input wire [15:0] other_i
);
  `include "prove.vh"
  wire [7:0] code, other, error_code;
  dac_code #(.IN_BITS(16), .OUT_BITS(8)) u_code (.value_i(value_i), .code_o(code));
  dac_code #(.IN_BITS(16), .OUT_BITS(8)) u_other (.value_i(other_i), .code_o(other));
  dac_code #(.IN_BITS(11), .OUT_BITS(8)) u_error (.value_i(value_i[10:0]), .code_o(error_code));
  wire [16:0] half_up = ({1'b0, value_i} + 17'd128) / 17'd256;
  wire [11:0] error_up = ({1'b0, value_i[10:0]} + 12'd4) / 12'd8;
  always @* begin
    saturates: assert (code == (half_up > 17'd255 ? 8'd255 : half_up[7:0]));
    error_saturates: assert (error_code == (error_up > 12'd255 ? 8'd255 : error_up[7:0]));
    monotone: assert (value_i > other_i || code <= other);
  end
endmodule
`default_nettype wire

// DAC code of a magnitude: its top bits, rounded half up, saturated. Combinational.
`default_nettype none
module dac_code #(
  parameter IN_BITS  = 16,
  parameter OUT_BITS = 8
) (
  input  wire [IN_BITS-1:0]  value_i,
  output wire [OUT_BITS-1:0] code_o
);
  generate
    if (IN_BITS > OUT_BITS) begin : gen_round
      localparam [IN_BITS:0] HALF = 1 << (IN_BITS - OUT_BITS - 1);
      wire [IN_BITS:0]  rounded = {1'b0, value_i} + HALF;
      wire [OUT_BITS:0] top = rounded[IN_BITS:IN_BITS-OUT_BITS];
      assign code_o = top[OUT_BITS] ? {OUT_BITS{1'b1}} : top[OUT_BITS-1:0];
      // the bits rounded away
      wire unused = &{1'b0, rounded[IN_BITS-OUT_BITS-1:0]};
    end else if (IN_BITS == OUT_BITS) begin : gen_same
      assign code_o = value_i;
    end else begin : gen_widen
      assign code_o = {value_i, {(OUT_BITS - IN_BITS){1'b0}}};
    end
  endgenerate
endmodule
`default_nettype wire

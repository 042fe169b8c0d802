// Properties of ram_1r1w: 4 words, one is followed.
`default_nettype none
module prove_ram_1r1w (
  input wire       clk_i,
  input wire       re_i,
  input wire [1:0] raddr_i,
  input wire       we_i,
  input wire [1:0] waddr_i,
  input wire [1:0] wdata_i,
  input wire [1:0] place_i
);
  `include "prove.vh"
  wire [1:0] rdata;
  ram_1r1w #(.WIDTH(2), .ADDR_BITS(2)) u_ram (
    .clk_i   (clk_i),
    .re_i    (re_i),
    .raddr_i (raddr_i),
    .rdata_o (rdata),
    .we_i    (we_i),
    .waddr_i (waddr_i),
    .wdata_i (wdata_i)
  );
  reg  [1:0] place, kept, expected;
  reg        known = 1'b0, asked = 1'b0;
  wire       put = rst_n && we_i && waddr_i == place;
  always @(posedge clk_i) begin
    if (!rst_n) place <= place_i;
    if (put) {known, kept} <= {1'b1, wdata_i};
    if (rst_n && re_i) {asked, expected} <= {raddr_i == place && (known || put), put ? wdata_i : kept};
  end
  always @* if (rst_n) begin
    newest: assert (!asked || rdata == expected);
  end
endmodule
`default_nettype wire

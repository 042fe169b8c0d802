// Lists of the words that have something other than zeros, so that an update skips the rest at no
// cost. One bank a list; words are appended in order; first_i starts a bank anew, with or without
// append_i.
`default_nettype none
module word_list #(
  parameter WIDTH     = 32,  // of an entry
  parameter ADDR_BITS = 8,   // of a bank
  parameter BANK_BITS = 1
) (
  input  wire                 clk_i,
  input  wire                 rst_ni,
  input  wire                 first_i,
  input  wire                 append_i,
  input  wire [BANK_BITS-1:0] wbank_i,
  input  wire [WIDTH-1:0]     entry_i,
  input  wire                 re_i,
  input  wire [BANK_BITS-1:0] rbank_i,
  input  wire [ADDR_BITS-1:0] raddr_i,
  output wire [WIDTH-1:0]     entry_o,  // a cycle after re_i
  output wire [ADDR_BITS:0]   count_o   // of rbank_i
);
  localparam BANKS = 1 << BANK_BITS;
  reg  [ADDR_BITS:0] count_q [0:BANKS-1];
  wire [ADDR_BITS:0] at = first_i ? {(ADDR_BITS + 1){1'b0}} : count_q[wbank_i];
  integer b;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (b = 0; b < BANKS; b = b + 1) count_q[b] <= {(ADDR_BITS + 1){1'b0}};
    end else if (first_i || append_i) begin
      count_q[wbank_i] <= at + {{ADDR_BITS{1'b0}}, append_i};
    end
  end
  assign count_o = count_q[rbank_i];
  ram_1r1w #(.WIDTH(WIDTH), .ADDR_BITS(BANK_BITS + ADDR_BITS)) u_ram (
    .clk_i   (clk_i),
    .re_i    (re_i),
    .raddr_i ({rbank_i, raddr_i}),
    .rdata_o (entry_o),
    .we_i    (append_i),
    .waddr_i ({wbank_i, at[ADDR_BITS-1:0]}),
    .wdata_i (entry_i)
  );
endmodule
`default_nettype wire

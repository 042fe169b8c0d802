// List of the words that have something other than zeros, so that an update skips the rest at no
// cost. Two banks; words are appended in order while `append_i`, empty ones only counted.
// `first_i` starts a bank anew.
`default_nettype none
module word_list #(
  parameter WIDTH     = 32,  // of an entry
  parameter ADDR_BITS = 8    // of a bank
) (
  input  wire                 clk_i,
  input  wire                 rst_ni,
  input  wire                 first_i,     // with or without append_i: empties the bank
  input  wire                 append_i,
  input  wire                 wbank_i,
  input  wire [WIDTH-1:0]     entry_i,
  input  wire                 re_i,
  input  wire                 rbank_i,
  input  wire [ADDR_BITS-1:0] raddr_i,
  output wire [WIDTH-1:0]     entry_o,
  output wire [ADDR_BITS:0]   count_o      // of rbank_i
);
  reg  [ADDR_BITS:0] count0_q, count1_q;
  wire [ADDR_BITS:0] at = first_i ? {(ADDR_BITS + 1){1'b0}} : (wbank_i ? count1_q : count0_q);
  wire [ADDR_BITS:0] next = at + {{ADDR_BITS{1'b0}}, append_i};
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count0_q <= {(ADDR_BITS + 1){1'b0}};
      count1_q <= {(ADDR_BITS + 1){1'b0}};
    end else if (first_i || append_i) begin
      if (wbank_i) count1_q <= next;
      else         count0_q <= next;
    end
  end
  assign count_o = rbank_i ? count1_q : count0_q;
  ram_1r1w #(.WIDTH(WIDTH), .ADDR_BITS(ADDR_BITS + 1)) u_ram (
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

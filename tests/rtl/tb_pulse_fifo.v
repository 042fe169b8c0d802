// Bench of pulse_fifo against an array: random traffic of changing density, resets, another limit
// after each. The stream in obeys AXI4-Stream, the stream out must; neither valid_o nor ready_o
// may depend on ready_i.
`default_nettype none
module tb_pulse_fifo;
  parameter WIDTH      = 32;
  parameter DEPTH_BITS = 4;
  parameter CYCLES     = 10000;
  `include "bench.vh"
  localparam DEPTH = 1 << DEPTH_BITS;

  reg                 rst_n, valid_in, ready_in;
  reg  [DEPTH_BITS:0] limit;
  reg  [WIDTH-1:0]    data_in;
  wire                ready_out, valid_out;
  wire [WIDTH-1:0]    data_out;
  pulse_fifo #(.WIDTH(WIDTH), .DEPTH_BITS(DEPTH_BITS)) u_fifo (
    .clk_i   (clk),
    .rst_ni  (rst_n),
    .limit_i (limit),
    .valid_i (valid_in),
    .ready_o (ready_out),
    .data_i  (data_in),
    .valid_o (valid_out),
    .ready_i (ready_in),
    .data_o  (data_out)
  );

  reg [WIDTH-1:0] queue [0:CYCLES-1];   // every word ever taken
  reg [WIDTH-1:0] held;                 // offered and not taken
  reg             holding, accepted;
  integer         taken, given, waiting, offers, takes;

  task compare;
    begin
      check("ready_o", waiting < limit, ready_out);
      check("valid_o", waiting > 0 || valid_in && waiting < limit, valid_out);
      if (valid_out) check("data_o", waiting > 0 ? queue[given] : data_in, data_out);
    end
  endtask

  initial begin
    {rst_n, valid_in, holding, accepted} = 4'b0000;
    taken = 0;
    given = 0;
    for (vector_number = 0; vector_number < CYCLES; vector_number = vector_number + 1) begin
      next_cycle;
      if (vector_number % 64 == 0) begin
        offers = 4 + below(10);
        takes = 4 + below(10);
      end
      rst_n = vector_number > 1 && below(200) != 0;
      if (!rst_n) begin
        {valid_in, holding} = 2'b00;
        given = taken;
        limit = below(DEPTH + 1);       // 0: nothing passes
      end else if (!valid_in || accepted) begin
        valid_in = chance(offers);
        data_in = random_bits(WIDTH);
      end
      waiting = taken - given;
      ready_in = chance(takes);
      settle;
      compare;
      ready_in = !ready_in;
      settle;
      compare;
      if (holding) check("data_o held", held, data_out);
      checked = checked + 1;

      holding = valid_out && !ready_in;
      held = data_out;
      if (valid_out && ready_in) given = given + 1;
      accepted = valid_in && ready_out;
      if (accepted) begin
        queue[taken] = data_in;
        taken = taken + 1;
      end
    end
    pass;
  end
endmodule
`default_nettype wire

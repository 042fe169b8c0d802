// Common to the benches; included inside the module, behind its parameters.
//
// A bench is one process. A turn of its loop is a cycle: `next_cycle` waits for the falling edge,
// inputs are set, `settle` lets them pass through combinational logic, outputs are compared, and the
// reference takes the step that the RTL will take at the rising edge.
  parameter SEED       = 1;
  parameter COUNT      = 1;       // lines of vectors.hex
  parameter MAX_CYCLES = 200000;
  localparam CHECK_BITS = 1024;

  reg     clk = 1'b0;
  integer random_state = SEED;
  integer vector_number = 0;      // of the vector compared; for the report
  integer checked = 0;            // vectors compared

  always #5 clk = !clk;

  initial begin
    repeat (MAX_CYCLES) @(posedge clk);
    fail("end of bench", 1, 0);
  end

  task next_cycle;
    @(negedge clk);
  endtask

  task settle;
    #1;
  endtask

  task fail(input [8*24-1:0] signal, input [CHECK_BITS-1:0] expected, input [CHECK_BITS-1:0] got);
    begin
      $display("FAIL time %0t vector %0d signal %0s expected %0h got %0h", $time, vector_number,
               signal, expected, got);
      $finish(0);
      forever #1000000;           // nothing more is printed
    end
  endtask

  // An X differs from everything, and so does an X that is expected.
  task check(input [8*24-1:0] signal, input [CHECK_BITS-1:0] expected, input [CHECK_BITS-1:0] got);
    if (got !== expected || ^expected === 1'bx) fail(signal, expected, got);
  endtask

  task pass;
    begin
      $display("PASS %0d vectors", checked);
      $finish(0);
      forever #1000000;
    end
  endtask

  // True in n of 16 calls.
  function chance(input integer n);
    chance = ({$random(random_state)} & 15) < n;
  endfunction

  // Uniform in 0 .. n - 1.
  function integer below(input integer n);
    below = {$random(random_state)} % n;
  endfunction

  // At least so many random bits, in the low bits.
  function [CHECK_BITS-1:0] random_bits(input integer bits);
    integer i;
    begin
      random_bits = 0;
      for (i = 0; i < bits; i = i + 32) random_bits[i +: 32] = $random(random_state);
    end
  endfunction

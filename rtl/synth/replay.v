// Replays recorded cycles on the netlist of the digital unit and compares every output in every
// cycle. +vectors=FILE from stimulus.c; +waveform=FILE for energy.c.
`timescale 1ns / 1ps
`default_nettype none
module replay;
  reg clk_i = 1'b0;
  reg compare;
`include "ports.vh"

  // What a cycle is spent on. Seen at the clock edge, after the cycle's inputs have settled.
  localparam [3:0] SET_UP = 4'd0, WAIT = 4'd1, IMAGE = 4'd2, SUMS = 4'd3, SIGMOID = 4'd4,
                   OUTPUT_ERROR = 4'd5, HIDDEN_SUMS = 4'd6, HIDDEN_ERROR = 4'd7, UPDATE = 4'd8;
  wire codes = s_axis_adc_tvalid_i && s_axis_adc_tready_o;
  wire pixels = s_axis_image_tvalid_i && s_axis_image_tready_o;
  reg [3:0] window = SET_UP;
  task classify;
    if (!compare) window = SET_UP;
    else if (!trace_busy_o) window = pixels ? IMAGE : WAIT;
    else if (trace_kind_o == 2'd0) window = codes ? SUMS : SIGMOID;
    else if (trace_kind_o == 2'd2) window = UPDATE;
    else if (trace_layer_o == LAST_LAYER) window = OUTPUT_ERROR;
    else window = codes ? HIDDEN_SUMS : HIDDEN_ERROR;
  endtask

  integer file, cycle, differences;
  reg [8*1024-1:0] path;
  initial begin
    if (!$value$plusargs("vectors=%s", path)) $finish;
    file = $fopen(path, "r");
    if ($value$plusargs("waveform=%s", path)) begin
      $dumpfile(path);
      $dumpvars(1, replay.clk_i, replay.window);
      $dumpvars(0, u_dut);
    end
    cycle = 0;
    differences = 0;
    while ($fscanf(file, "%b %b %b\n", compare, given, expected) == 3) begin
      #5 classify;
      if (compare) begin
        cycle = cycle + 1;
        if (differs && differences < 10) begin
          differences = differences + 1;
          $display("cycle %0d differs:", cycle);
          show_differences;
        end
      end
      clk_i = 1'b1;
      #5 clk_i = 1'b0;
    end
    if (differences == 0 && cycle > 0) $display("equal: %0d cycles", cycle);
    $finish;
  end
endmodule
`default_nettype wire

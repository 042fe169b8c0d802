// Properties of update_engine: 2 lanes, lists of up to 2 words, a memory that answers in time or late, queues at will.
`default_nettype none
module prove_update_engine (
  input wire        clk_i,
  input wire        go_i,
  input wire        skip_i,
  input wire [1:0]  codes_count_i,
  input wire [1:0]  errors_count_i,
  input wire [15:0] lists_i,
  input wire [5:0]  shift_i,
  input wire [7:0]  max_pulses_i,
  input wire [1:0]  interval_i,
  input wire [2:0]  latency_i,
  input wire        prompt_i,
  input wire        answer_i,
  input wire [7:0]  data_i,
  input wire        ready_i
);
  `include "prove.vh"
  reg         run = 1'b0, skip, prompt;
  reg  [1:0]  codes_count, errors_count, interval;
  reg  [2:0]  latency;
  reg  [5:0]  shift;
  reg  [7:0]  max_pulses;
  reg  [3:0]  code0, code1;                // two listed words, 2 lanes of 2 bits
  reg  [3:0]  error0, error1;
  reg  [3:0]  code_entry, error_entry;
  reg         code_at, error_at;
  wire        done, chi_re, chi_we, command_valid;
  wire [0:0]  codes_addr, errors_addr;
  wire [3:0]  raddr, waddr;
  wire [0:0]  tile;
  wire [1:0]  row, col, saturated;
  wire [8:0]  pulses;
  wire [7:0]  wdata;
  wire        rvalid;
  update_engine #(
    .LANES(2), .LANE_BITS(1), .WORD_BITS(1), .LAYERS(2), .LAYER_BITS(1), .TILE_BITS(1), .ADDR_BITS(4), .ERR_BITS(2), .DAC_BITS(2),
    .CHI_BITS(4), .FRAC_BITS(1)
  ) u_update (
    .clk_i            (clk_i),
    .rst_ni           (rst_n),
    .run_i            (run),
    .skip_i           (skip),
    .layer_i          (1'b0),
    .tile_base_i      (1'b0),
    .shift_i          (shift),
    .stochastic_i     (1'b0),
    .max_pulses_i     (max_pulses),
    .interval_i       ({14'd0, interval}),
    .latency_i        ({1'b0, latency}),
    .done_o           (done),
    .codes_addr_o     (codes_addr),
    .codes_entry_i    ({1'b0, code_at, code_entry}),
    .codes_count_i    (codes_count),
    .errors_addr_o    (errors_addr),
    .errors_entry_i   ({1'b0, error_at, 1'b0, error_at, 2'b00, error_entry}),
    .errors_count_i   (errors_count),
    .chi_re_o         (chi_re),
    .chi_raddr_o      (raddr),
    .chi_rvalid_i     (rvalid),
    .chi_rdata_i      (data_i),
    .chi_we_o         (chi_we),
    .chi_waddr_o      (waddr),
    .chi_wdata_o      (wdata),
    .chi_saturated_o  (saturated),
    .command_valid_o  (command_valid),
    .command_ready_i  (ready_i),
    .command_tile_o   (tile),
    .command_row_o    (row),
    .command_col_o    (col),
    .command_pulses_o (pulses),
    .seed_we_i        (1'b0),
    .seed_addr_i      (2'd0),
    .seed_i           (32'd0)
  );
  // the memory: latency cycles after the request, or later, in order
  reg  [7:0] asked = 8'd0;          // bit i: i + 1 cycles ago
  reg  [2:0] owed = 3'd0;           // answers that are due
  wire       due = asked[latency - 3'd1];
  assign rvalid = (due || owed != 3'd0) && (prompt || answer_i);

  wire [2:0] rows = {2'd0, |code0[1:0]} + {2'd0, |code0[3:2]} + (codes_count[1] ? {2'd0, |code1[1:0]} + {2'd0, |code1[3:2]} : 3'd0);
  wire [3:0] words = skip || codes_count == 2'd0 ? 4'd0 : {1'b0, rows} * {2'd0, errors_count};
  reg  [3:0] reads = 4'd0, writes = 4'd0;
  wire [3:0] reads_after = reads + {3'd0, chi_re}, writes_after = writes + {3'd0, chi_we};
  reg  [2:0] pending = 3'd0;        // asked and not answered
  // where every product crosses, and nothing else does, the commands of a word are its errors that are not 0
  wire       crossing = $signed(shift) == -6'sd30 && max_pulses != 8'd0 && !skip && codes_count != 2'd0;
  wire [2:0] columns = errors_count == 2'd0 ? 3'd0 : {2'd0, |error0[1:0]} + {2'd0, |error0[3:2]} +
                       (errors_count[1] ? {2'd0, |error1[1:0]} + {2'd0, |error1[3:2]} : 3'd0);
  wire       below = (data_i[3:1] == 3'd0 || data_i[3:0] == 4'hf) && (data_i[7:5] == 3'd0 || data_i[7:4] == 4'hf);
  reg        small = 1'b1;          // every chi was below epsilon
  reg  [4:0] commands = 5'd0;
  wire [4:0] commands_after = commands + {4'd0, command_valid && ready_i};
  reg  [6:0] cycle = 7'd1;
  // at least an interval a word, or 2 for its commands
  wire [6:0] fixed = 7'd6 + {4'd0, latency};
  wire [6:0] least = fixed + {3'd0, words} * {5'd0, interval};
  wire [6:0] most = fixed + {3'd0, words} * {5'd0, interval < 2'd2 ? 2'd2 : interval};
  reg        held = 1'b0;
  reg [13:0] was;
  // of two words listed in the right places all addresses are different: each is asked once, written once and never again
  reg [15:0] asked_of = 16'd0, written = 16'd0;
  always @(posedge clk_i) begin
    if (!run || done) begin
      run <= rst_n && go_i;
      {skip, prompt, codes_count, errors_count, interval, latency, shift, max_pulses} <=
          {skip_i, prompt_i, codes_count_i, errors_count_i, interval_i, latency_i, shift_i, max_pulses_i};
      {code0, code1, error0, error1} <= lists_i;
    end
    if (run) begin
      code_at <= codes_addr;
      code_entry <= codes_addr ? code1 : code0;
      error_at <= errors_addr;
      error_entry <= errors_addr ? error1 : error0;
    end
    asked <= !run || done ? 8'd0 : {asked[6:0], chi_re};
    owed <= rst_n ? owed + {2'd0, due} - {2'd0, rvalid} : 3'd0;
    pending <= rst_n ? pending + {2'd0, chi_re} - {2'd0, rvalid} : 3'd0;
    small <= !run || done || (small && (!rvalid || below));
    commands <= !run || done ? 5'd0 : commands_after;
    held <= rst_n && command_valid && !ready_i;
    was <= {tile, row, col, pulses};
    reads <= !run || done ? 4'd0 : reads_after;
    writes <= !run || done ? 4'd0 : writes_after;
    cycle <= !run || done ? 7'd1 : cycle + 7'd1;
    asked_of <= !run || done ? 16'd0 : asked_of | {15'd0, chi_re} << raddr;
    written <= !run || done ? 16'd0 : written | {15'd0, chi_we} << waddr;
  end
  always @* begin
    assume (interval_i != 2'd0 && latency_i != 3'd0 && {1'b0, latency_i} <= {interval_i, 2'd0});
    assume (codes_count_i <= 2'd2 && errors_count_i <= 2'd2);
    assume (lists_i[15:12] != 4'd0 && lists_i[11:8] != 4'd0 && lists_i[7:4] != 4'd0 && lists_i[3:0] != 4'd0);
    assume ($signed(shift_i) >= -6'sd30 && $signed(shift_i) <= 6'sd30);
    assume (!run || !prompt || ready_i);
    if (rst_n) begin
      stable:  assert (!held || (command_valid && {tile, row, col, pulses} == was));
      named:   assert (!command_valid || pulses != 9'd0);
      asked_once: assert (!chi_re || (!asked_of[raddr]));
      written_once: assert (!chi_we || (asked_of[waddr] && !written[waddr]));
      all:     assert (!(run && done) || (reads_after == words && writes_after == words));
      few:     assert (pending <= 3'd4);
      paid:    assert (!(run && done && crossing && small) || commands_after == {2'd0, rows} * {2'd0, columns});
      silent:  assert (run || !(chi_re || chi_we || command_valid || done));
      cycles:  assert (!(run && done && prompt) || (cycle >= least && cycle <= most && (max_pulses != 8'd0 || cycle == least)));
      ends:    assert (!(run && prompt) || cycle <= most);
    end
  end
endmodule
`default_nettype wire

// Weight update: outer product of the listed codes and errors into chi, LANES words a cycle, rows
// outside, column words inside; threshold, pulse commands, residual.
//
// Cycles: 2 to fetch; interval_i a word, or as many as it has commands, or as its commands wait;
// latency_i + 4 to drain. All before the last register moves as a whole (`advance`), so that a wait
// for a word's commands shifts every later word by as much.
`default_nettype none
module update_engine #(
  parameter LANES       = 16,
  parameter LANE_BITS   = 4,
  parameter WORD_BITS   = 8,
  parameter LAYERS      = 4,
  parameter LAYER_BITS  = 2,
  parameter TILE_BITS   = 6,
  parameter ADDR_BITS   = 16,
  parameter ERR_BITS    = 12,
  parameter DAC_BITS    = 8,
  parameter CHI_BITS    = 16,
  parameter FRAC_BITS   = 13,
  parameter COUNT_BITS  = WORD_BITS + LANE_BITS,
  parameter CODES_BITS  = TILE_BITS + WORD_BITS + LANES * DAC_BITS,
  parameter ERRORS_BITS = TILE_BITS + WORD_BITS + ADDR_BITS + LANES * ERR_BITS,
  parameter SEED_BITS   = LAYER_BITS + LANE_BITS
) (
  input  wire                      clk_i,
  input  wire                      rst_ni,
  input  wire                      run_i,       // held from the first cycle to done_o
  input  wire                      skip_i,      // the shift is beyond any rounding step
  input  wire [LAYER_BITS-1:0]     layer_i,
  input  wire [TILE_BITS-1:0]      tile_base_i,
  input  wire signed [5:0]         shift_i,
  input  wire                      stochastic_i,
  input  wire [7:0]                max_pulses_i,
  input  wire [15:0]               interval_i,  // 1 ..
  input  wire [3:0]                latency_i,   // of chi, 1 .. 15, at most 4 reads on their way
  output wire                      done_o,      // in the last cycle
  // lists
  output wire [WORD_BITS-1:0]      codes_addr_o,
  input  wire [CODES_BITS-1:0]     codes_entry_i,
  input  wire [WORD_BITS:0]        codes_count_i,
  output wire [WORD_BITS-1:0]      errors_addr_o,
  input  wire [ERRORS_BITS-1:0]    errors_entry_i,
  input  wire [WORD_BITS:0]        errors_count_i,
  // chi
  output wire                      chi_re_o,
  output wire [ADDR_BITS-1:0]      chi_raddr_o,
  input  wire                      chi_rvalid_i, // latency_i cycles after chi_re_o, in order
  input  wire [LANES*CHI_BITS-1:0] chi_rdata_i,
  output wire                      chi_we_o,
  output wire [ADDR_BITS-1:0]      chi_waddr_o,
  output wire [LANES*CHI_BITS-1:0] chi_wdata_o,
  output wire [LANES-1:0]          chi_saturated_o, // with chi_we_o
  // commands
  output wire                      command_valid_o,
  input  wire                      command_ready_i,
  output wire [TILE_BITS-1:0]      command_tile_o,
  output wire [COUNT_BITS-1:0]     command_row_o,
  output wire [COUNT_BITS-1:0]     command_col_o,
  output reg  signed [8:0]         command_pulses_o,
  // generators
  input  wire                      seed_we_i,
  input  wire [SEED_BITS-1:0]      seed_addr_i,   // {layer, lane}
  input  wire [31:0]               seed_i
);
  wire advance, settle, sending;

  // ---- rows: the set bits of one listed word after the other -------------------------------------
  reg  [1:0]                fill_q;    // 2: filled
  reg  [WORD_BITS:0]        fetched_q; // list entries taken
  reg  [LANES*DAC_BITS-1:0] codes_q;
  reg  [WORD_BITS-1:0]      code_word_q;
  reg  [TILE_BITS-1:0]      row_tile_q;
  reg  [LANES-1:0]          left_q;    // rows of the word still to come
  reg  [LANES-1:0]          fetched_rows;
  reg  [COUNT_BITS-1:0]     row_lane;
  reg  [DAC_BITS-1:0]       code;
  integer l;
  always @* begin
    row_lane = {COUNT_BITS{1'b0}};
    code = {DAC_BITS{1'b0}};
    for (l = LANES - 1; l >= 0; l = l - 1) begin
      fetched_rows[l] = |codes_entry_i[l*DAC_BITS +: DAC_BITS];
      if (left_q[l]) begin
        row_lane = l[COUNT_BITS-1:0];
        code = codes_q[l*DAC_BITS +: DAC_BITS];
      end
    end
  end
  wire [LANES-1:0] left_after = left_q & (left_q - 1'b1);

  reg  [WORD_BITS:0] chunk_q;
  reg  [15:0]        interval_q;
  reg                ended_q;
  wire filled = fill_q == 2'd2;
  wire turn = run_i && filled && advance && interval_q == 16'd0;
  wire work = |left_q && errors_count_i != {(WORD_BITS + 1){1'b0}} && !skip_i;
  wire request = turn && work;
  wire ending = turn && !work && !ended_q;
  wire last_chunk = chunk_q + 1'b1 == errors_count_i;
  wire row_done = request && last_chunk;
  wire word_done = fill_q == 2'd1 || (row_done && left_after == {LANES{1'b0}});
  wire more = fetched_q != codes_count_i;
  wire take = run_i && word_done && more;
  wire [WORD_BITS:0] next_fetch = fetched_q + {{WORD_BITS{1'b0}}, take};
  assign codes_addr_o = next_fetch[WORD_BITS-1:0];
  wire [WORD_BITS:0] next_chunk = last_chunk ? {(WORD_BITS + 1){1'b0}} : chunk_q + 1'b1;
  wire [WORD_BITS:0] this_chunk = request ? next_chunk : chunk_q;
  assign errors_addr_o = this_chunk[WORD_BITS-1:0];

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fill_q     <= 2'd0;
      fetched_q  <= {(WORD_BITS + 1){1'b0}};
      left_q     <= {LANES{1'b0}};
      chunk_q    <= {(WORD_BITS + 1){1'b0}};
      interval_q <= 16'd0;
      ended_q    <= 1'b0;
    end else if (done_o) begin
      fill_q     <= 2'd0;
      fetched_q  <= {(WORD_BITS + 1){1'b0}};
      left_q     <= {LANES{1'b0}};
      chunk_q    <= {(WORD_BITS + 1){1'b0}};
      ended_q    <= 1'b0;
    end else if (run_i) begin
      if (!filled) fill_q <= fill_q + 2'd1;
      fetched_q <= next_fetch;
      chunk_q   <= this_chunk;
      if (take) left_q <= fetched_rows;
      else if (row_done) left_q <= left_after;
      if (request) interval_q <= interval_i - 16'd1;
      else if (advance && interval_q != 16'd0) interval_q <= interval_q - 16'd1;
      if (ending) ended_q <= 1'b1;
    end
  end
  always @(posedge clk_i) begin
    if (take) {row_tile_q, code_word_q, codes_q} <= codes_entry_i;
  end

  wire [TILE_BITS-1:0]      col_tile;
  wire [WORD_BITS-1:0]      col_word;
  wire [ADDR_BITS-1:0]      chi_base;
  wire [LANES*ERR_BITS-1:0] errors;
  assign {col_tile, col_word, chi_base, errors} = errors_entry_i;
  wire [COUNT_BITS-1:0] row = {{(COUNT_BITS - WORD_BITS){1'b0}}, code_word_q} << LANE_BITS | row_lane;
  assign chi_re_o    = request;
  assign chi_raddr_o = chi_base + {{(ADDR_BITS - COUNT_BITS){1'b0}}, row};

  // ---- words on their way to memory: what they are, and when they are due ----------------------------
  localparam PLACE_BITS = TILE_BITS + COUNT_BITS + WORD_BITS + ADDR_BITS;
  localparam TAG_BITS = PLACE_BITS + DAC_BITS + LANES * ERR_BITS;
  reg  [TAG_BITS-1:0]       tag_q  [0:3];
  reg  [LANES*CHI_BITS-1:0] data_q [0:3];
  reg  [1:0]  tag_write_q, tag_read_q, data_write_q;
  reg  [2:0]  held_q;       // responses that wait in data_q
  reg  [14:0] due_q, end_q; // bit i: requested i + 1 moves ago
  wire [3:0]  tap = latency_i - 4'd1;
  wire due = due_q[tap];
  wire due_end = end_q[tap];
  wire answered = held_q != 3'd0 || chi_rvalid_i;
  wire consume = advance && due;
  wire keep = chi_rvalid_i && !(consume && held_q == 3'd0);
  wire release_one = consume && held_q != 3'd0;
  wire [TAG_BITS-1:0]       tag = tag_q[tag_read_q];
  wire [LANES*CHI_BITS-1:0] data = held_q != 3'd0 ? data_q[tag_read_q] : chi_rdata_i;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tag_write_q  <= 2'd0;
      tag_read_q   <= 2'd0;
      data_write_q <= 2'd0;
      held_q       <= 3'd0;
      due_q        <= 15'd0;
      end_q        <= 15'd0;
    end else begin
      if (request) tag_write_q <= tag_write_q + 2'd1;
      if (consume) tag_read_q <= tag_read_q + 2'd1;
      if (chi_rvalid_i) data_write_q <= data_write_q + 2'd1;
      if (keep && !release_one) held_q <= held_q + 3'd1;
      if (release_one && !keep) held_q <= held_q - 3'd1;
      if (advance) begin
        due_q <= {due_q[13:0], request};
        end_q <= {end_q[13:0], ending};
      end
      if (done_o) {due_q, end_q} <= 30'd0; // bits beyond the tap, which may move
    end
  end
  always @(posedge clk_i) begin
    if (request) tag_q[tag_write_q] <= {row_tile_q + col_tile + tile_base_i, row, col_word,
                                        chi_raddr_o, code, errors};
    if (chi_rvalid_i) data_q[data_write_q] <= chi_rdata_i;
  end

  // ---- lanes: product, change, sum, settle -------------------------------------------------------------
  reg [4:1]            valid_q;
  reg [3:1]            last_q;
  reg [PLACE_BITS-1:0] place1_q, place2_q, place3_q, place4_q;
  reg [LANES-1:0]      sent_q;
  reg                  fresh_q;  // first cycle of a word in the last register
  wire [LANES-1:0]     crossed;
  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q   <= 4'd0;
      last_q    <= 3'd0;
      fresh_q   <= 1'b0;
      sent_q    <= {LANES{1'b0}};
    end else begin
      if (advance) begin
        valid_q[3:1] <= {valid_q[2:1], due};
        last_q       <= done_o ? 3'd0 : {last_q[2:1], due_end};
      end
      if (settle) valid_q[4] <= 1'b1;
      else if (!sending) valid_q[4] <= 1'b0;
      if (settle) sent_q <= {LANES{1'b0}};
      else if (command_valid_o && command_ready_i) sent_q <= sent_q | (crossed & ~(crossed - 1'b1));
      fresh_q <= settle;
    end
  end
  always @(posedge clk_i) begin
    if (advance) begin
      place1_q <= tag[TAG_BITS-1 -: PLACE_BITS];
      place2_q <= place1_q;
      place3_q <= place2_q;
    end
    if (settle) place4_q <= place3_q;
  end
  assign done_o = advance && last_q[3];

  wire en_lanes = advance && (due || |valid_q[2:1]);
  wire [LANES*9-1:0] pulses;
  localparam [SEED_BITS-1:0] LANE_MASK = ~({SEED_BITS{1'b1}} << LANE_BITS);
  genvar g;
  generate
    for (g = 0; g < LANES; g = g + 1) begin : gen_lane
      localparam [SEED_BITS-1:0] LANE = g;
      chi_lane #(
        .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .ERR_BITS(ERR_BITS), .DAC_BITS(DAC_BITS),
        .CHI_BITS(CHI_BITS), .FRAC_BITS(FRAC_BITS)
      ) u_lane (
        .clk_i        (clk_i),
        .en_i         (en_lanes),
        .settle_i     (settle),
        .layer_i      (layer_i),
        .stochastic_i (stochastic_i),
        .shift_i      (shift_i),
        .max_pulses_i (max_pulses_i),
        .code_i       (tag[LANES*ERR_BITS +: DAC_BITS]),
        .error_i      (tag[g*ERR_BITS +: ERR_BITS]),
        .chi_i        (data[g*CHI_BITS +: CHI_BITS]),
        .valid2_i     (valid_q[1]),
        .residual_o   (chi_wdata_o[g*CHI_BITS +: CHI_BITS]),
        .pulses_o     (pulses[g*9 +: 9]),
        .saturated_o  (chi_saturated_o[g]),
        .seed_we_i    (seed_we_i && (seed_addr_i & LANE_MASK) == LANE),
        .seed_layer_i (seed_addr_i[SEED_BITS-1:LANE_BITS]),
        .seed_i       (seed_i)
      );
      assign crossed[g] = valid_q[4] && |pulses[g*9 +: 9] && !sent_q[g];
    end
  endgenerate

  // ---- write-back and commands, lowest lane first ---------------------------------------------------
  wire [WORD_BITS-1:0] command_word;
  reg  [COUNT_BITS-1:0] command_lane;
  assign {command_tile_o, command_row_o, command_word, chi_waddr_o} = place4_q;
  assign chi_we_o = fresh_q;
  always @* begin
    command_lane = {COUNT_BITS{1'b0}};
    command_pulses_o = 9'sd0;
    for (l = LANES - 1; l >= 0; l = l - 1) begin
      if (crossed[l]) begin
        command_lane = l[COUNT_BITS-1:0];
        command_pulses_o = pulses[l*9 +: 9];
      end
    end
  end
  assign command_valid_o = |crossed;
  assign command_col_o   = {{(COUNT_BITS - WORD_BITS){1'b0}}, command_word} << LANE_BITS | command_lane;
  wire only_one = (crossed & (crossed - 1'b1)) == {LANES{1'b0}};
  assign sending = command_valid_o && !(command_ready_i && only_one); // more than this cycle
  assign advance = !(sending && (valid_q[3] || last_q[3])) && !(due && !answered);
  assign settle  = advance && valid_q[3];
endmodule
`default_nettype wire

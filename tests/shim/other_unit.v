// A second digital unit, for `mcasim cosim --rtl ... --top other_unit --no-cycles`: the ports and values of rtl/dpu.v from another
// description, which shares nothing with it. Written from docs/reference/digital-unit.md (arithmetic) and docs/reference/rtl.md
// (streams, order, registers), a table row or sentence after the other, to be read beside them. One machine does one thing in a
// cycle; one image at a time; numbers of 64 bits, signed, cut to their width only where they are kept. No trace ports.
`default_nettype none
/* verilator lint_off WIDTH */ // the numbers of 64 bits, and of 32 that count
/* verilator lint_off BLKSEQ */ // one block, read from top to bottom
module other_unit #(
  parameter LANES      = 16,
  parameter LANE_BITS  = 4,
  parameter WORD_BITS  = 8,
  parameter LAYER_BITS = 2,
  parameter TILES      = 16,
  parameter TILE_BITS  = 4,
  parameter ADDR_BITS  = 16,
  parameter ACT_BITS   = 16,
  parameter ERR_BITS   = 12,
  parameter DAC_BITS   = 8,
  parameter CHI_BITS   = 16,
  parameter FRAC_BITS  = 13,
  parameter DEPTH_BITS = 6
) (
  input  wire                      clk_i,
  input  wire                      rst_ni,
  input  wire                      psel_i,
  input  wire                      penable_i,
  input  wire                      pwrite_i,
  input  wire [15:0]               paddr_i,
  input  wire [31:0]               pwdata_i,
  output reg  [31:0]               prdata_o,
  output wire                      pready_o,
  output wire                      pslverr_o,
  output wire                      irq_o,
  input  wire                      s_axis_image_tvalid_i,
  output wire                      s_axis_image_tready_o,
  input  wire [LANES*8-1:0]        s_axis_image_tdata_i,
  input  wire [7:0]                s_axis_image_tuser_i,
  output wire                      m_axis_image_tvalid_o,
  input  wire                      m_axis_image_tready_i,
  output reg  [LANES*DAC_BITS-1:0] m_axis_image_tdata_o,
  output wire                      m_axis_image_tlast_o,
  input  wire                      s_axis_adc_tvalid_i,
  output wire                      s_axis_adc_tready_o,
  input  wire [LANES*16-1:0]       s_axis_adc_tdata_i,
  output wire                      m_axis_drive_tvalid_o,
  input  wire                      m_axis_drive_tready_i,
  output reg  [LANES*17-1:0]       m_axis_drive_tdata_o,
  output wire [LAYER_BITS+1:0]     m_axis_drive_tuser_o,
  output wire                      m_axis_drive_tlast_o,
  output reg  [TILES-1:0]          m_axis_pulse_tvalid_o,
  input  wire [TILES-1:0]          m_axis_pulse_tready_i,
  output reg  [TILES*(2*(WORD_BITS+LANE_BITS)+9)-1:0] m_axis_pulse_tdata_o,
  output wire                      chi_re_o,
  output wire [ADDR_BITS-1:0]      chi_raddr_o,
  input  wire                      chi_rvalid_i,
  input  wire [LANES*CHI_BITS-1:0] chi_rdata_i,
  output wire                      chi_we_o,
  output wire [ADDR_BITS-1:0]      chi_waddr_o,
  output reg  [LANES*CHI_BITS-1:0] chi_wdata_o
);
  localparam LAYERS  = 1 << LAYER_BITS;
  localparam LINES   = LANES << WORD_BITS; // of a layer, at most
  localparam COUNT   = WORD_BITS + LANE_BITS;
  localparam COMMAND = 2 * COUNT + 9;
  localparam PLACES  = 1 << DEPTH_BITS;

  localparam [1:0] FORWARD = 0, ERROR = 1, UPDATE = 2; // STATUS.KIND

  localparam [3:0] PIXELS = 0,  // takes a beat of the image
                   CODES  = 1,  // gives a word of its codes
                   BEGIN  = 2,  // an operation
                   SUM    = 3,  // adds a beat of converter codes
                   ACTIVE = 4,  // makes a word of activations
                   RAW    = 5,  // of raw errors
                   SCALE  = 6,  // of errors
                   DRIVE  = 7,  // gives a word to drive
                   SEEK   = 8,  // looks for a word of chi to serve
                   ASK    = 9,  // reads it
                   CHANGE = 10, // makes the new word, and pulses
                   SEND   = 11, // a lane's command
                   WRITE  = 12; // the new word

  // ---------------------------------------------------------------- arithmetic

  // v / 2^shift, to nearest, halves away from zero; v 2^-shift where shift is negative
  function signed [63:0] half_away(input signed [63:0] v, input signed [31:0] shift);
    reg signed [63:0] half;
    begin
      half = shift > 0 ? 64'sd1 <<< (shift - 1) : 64'sd0;
      if (shift <= 0) half_away = v <<< -shift;
      else if (v < 0) half_away = -((half - v) >>> shift);
      else half_away = (v + half) >>> shift;
    end
  endfunction

  // at most 2^bits - 1, and no less than the negative of that
  function signed [63:0] bounded(input signed [63:0] v, input signed [31:0] bits);
    reg signed [63:0] most;
    begin
      most = (64'sd1 <<< bits) - 64'sd1;
      bounded = v > most ? most : v < -most ? -most : v;
    end
  endfunction

  function signed [63:0] magnitude(input signed [63:0] v);
    magnitude = v < 0 ? -v : v;
  endfunction

  // "DAC code", "error to DAC": the top `to` of `from` bits
  function signed [63:0] dac_code(input signed [63:0] m, input signed [31:0] from, input signed [31:0] to);
    dac_code = bounded(half_away(m, from - to), to);
  endfunction

  // "sigmoid input" and "sigmoid"
  function signed [63:0] sigmoid(input signed [63:0] sum, input signed [31:0] shift);
    reg signed [63:0] m, start, rise, part, y;
    begin
      m = half_away(magnitude(sum), -shift);
      if (m > 64'sd65535) m = 64'sd65535;
      start = table_value[m[15:7]];
      rise = table_rise[m[15:7]];
      part = m[6:0];
      y = start + ((rise * part + 64'sd64) >>> 7);
      if (sum < 0) y = (64'sd1 <<< ACT_BITS) - y;
      sigmoid = bounded(y, ACT_BITS);
    end
  endfunction

  // "derivative of the sigmoid"
  function signed [63:0] slope(input signed [63:0] a);
    slope = (a * ((64'sd1 <<< ACT_BITS) - a) + (64'sd1 <<< (ACT_BITS - 1))) >>> ACT_BITS;
  endfunction

  // "alignment"; u is a random word
  function signed [63:0] aligned(input signed [63:0] product, input signed [31:0] s, input [31:0] u);
    reg signed [63:0] low;
    begin
      low = s > 0 ? u & ((32'd1 << s) - 32'd1) : 32'd0;
      if (s <= 0) aligned = product <<< (s < -30 ? 30 : -s);
      else if (stochastic) aligned = (product + low) >>> s;
      else aligned = half_away(product, s);
      aligned = bounded(aligned, 31);
    end
  endfunction

  function [31:0] field(input [31:0] word_of, input integer low, input integer bits);
    field = word_of >> low & ((32'd1 << bits) - 32'd1);
  endfunction

  function [31:0] xorshift(input [31:0] v);
    begin
      xorshift = v ^ v << 13;
      xorshift = xorshift ^ xorshift >> 17;
      xorshift = xorshift ^ xorshift << 5;
    end
  endfunction

  // ---------------------------------------------------------------- what is kept
  reg [31:0] control, rate, update, queue, images;
  reg        irq, no_tile;
  reg [31:0] descriptor [0:8*LAYERS-1];
  reg [16:0] table_value [0:511];
  reg [10:0] table_rise [0:511];
  reg [31:0] generator [0:LAYERS*LANES-1];

  // by layer and line
  reg        [DAC_BITS-1:0] code       [0:LAYERS*LINES-1]; // of the layer's rows
  reg        [ACT_BITS-1:0] activation [0:LAYERS*LINES-1];
  reg signed [ERR_BITS-1:0] rated      [0:LAYERS*LINES-1];
  reg signed [31:0]         exponent   [0:LAYERS-1]; // of its errors
  reg signed [31:0]         sum        [0:LINES-1];  // then the raw errors

  reg [COMMAND-1:0]  command [0:TILES*PLACES-1]; // queues
  reg [DEPTH_BITS:0] waiting [0:TILES-1];
  reg [DEPTH_BITS-1:0] first [0:TILES-1];

  reg [3:0]            state;
  reg [1:0]            kind;
  reg [31:0]           layer, pass, word, row, lane; // word: of what the state works on
  reg [7:0]            label;
  reg                  admitted;         // an image was offered while they are accepted
  reg                  is_up, is_down;   // codes that the last errors drive
  reg [31:0]           bits_seen;        // OR of magnitudes
  reg signed [31:0]    error_shift;
  reg signed [8:0]     pulses [0:LANES-1];
  reg [15:0]           interval;         // cycles until a read may come

  // ---------------------------------------------------------------- registers in words
  wire                  enable     = control[0];
  wire                  train      = control[1];
  wire                  squared    = control[2];
  wire                  stochastic = control[3];
  wire                  bipolar    = control[4];
  wire [31:0]           last       = field(control, 16, LAYER_BITS);
  wire signed [63:0]    max_pulses = field(update, 24, 8);
  wire signed [63:0]    mantissa   = field(rate, 0, 12);
  wire signed [31:0]    rate_exponent = $signed(rate[31:16]);

  wire [31:0] first_inputs    = field(descriptor[0], 0, COUNT);
  wire [31:0] inputs          = field(descriptor[8*layer], 0, COUNT);
  wire [31:0] outputs         = field(descriptor[8*layer+1], 0, COUNT);
  wire [31:0] words           = field(descriptor[8*layer+1], 16, WORD_BITS);
  wire [31:0] row_tiles       = field(descriptor[8*layer+2], 0, 8);
  wire [31:0] col_tiles       = field(descriptor[8*layer+2], 16, 8);
  wire [31:0] row_tile_words  = field(descriptor[8*layer+3], 0, WORD_BITS);
  wire [31:0] col_tile_words  = field(descriptor[8*layer+3], 16, WORD_BITS);
  wire [31:0] chi_base        = descriptor[8*layer+4];
  wire [31:0] tile_base       = field(descriptor[8*layer+5], 0, TILE_BITS);
  wire [31:0] above           = (layer + 1) % LAYERS;
  wire [31:0] col_tiles_above = field(descriptor[8*above+2], 16, 8);
  wire signed [31:0] sigmoid_shift = $signed(descriptor[8*layer+6][5:0]);
  wire signed [31:0] backward_frac = $signed(descriptor[8*above+6][15:8]);

  // an operation's passes of converter codes, and those of them that are added
  wire [31:0] passes = kind == FORWARD ? row_tiles : layer == last ? 0 : ((is_up ? 1 : 0) + (is_down ? 1 : 0)) * col_tiles_above;
  wire [31:0] added  = kind == FORWARD ? row_tiles : is_up ? col_tiles_above : 0;

  wire        is_bias_driven = kind == FORWARD && layer != last;
  wire [31:0] drive_words    = ((is_bias_driven ? outputs + 1 : outputs) + LANES - 1) / LANES;
  wire [31:0] image_words    = (first_inputs + LANES - 1) / LANES;
  wire [31:0] pixel_words    = (first_inputs - 1 + LANES - 1) / LANES;

  wire signed [31:0] drive_bits   = bipolar ? DAC_BITS - 1 : DAC_BITS;
  wire signed [31:0] raw_exponent = layer == last ? (squared ? -2 * ACT_BITS : -ACT_BITS)
                                                  : exponent[above] + ERR_BITS - 1 - backward_frac - ACT_BITS;
  wire signed [31:0] update_shift = DAC_BITS - 12 - rate_exponent - exponent[layer];

  // ---------------------------------------------------------------- ports
  assign s_axis_image_tready_o = state == PIXELS && (word != 0 || enable || admitted);
  assign m_axis_image_tvalid_o = state == CODES;
  assign m_axis_image_tlast_o  = word + 1 == image_words;
  assign s_axis_adc_tready_o   = state == SUM;
  assign m_axis_drive_tvalid_o = state == DRIVE;
  assign m_axis_drive_tuser_o  = {layer[LAYER_BITS-1:0], kind == ERROR ? 2'd1 : layer == last ? 2'd2 : 2'd0};
  assign m_axis_drive_tlast_o  = word + 1 == drive_words;
  wire [ADDR_BITS-1:0] chi_address = chi_base + word * inputs + row;
  assign chi_re_o    = state == ASK && interval == 0;
  assign chi_raddr_o = chi_address;
  assign chi_we_o    = state == WRITE;
  assign chi_waddr_o = chi_address;

  integer t;
  always @* begin
    for (t = 0; t < TILES; t = t + 1) begin
      m_axis_pulse_tvalid_o[t] = waiting[t] != 0;
      m_axis_pulse_tdata_o[t*COMMAND +: COMMAND] = command[t * PLACES + first[t]];
    end
  end

  // ---------------------------------------------------------------- APB: addresses and resets as on the page
  wire [31:0] address       = {16'd0, paddr_i};
  wire        is_descriptor = address >= 32'h0100 && address < 32'h0100 + 32 * LAYERS;
  wire        is_table      = address >= 32'h1000 && address < 32'h2000;
  wire        is_seed       = address >= 32'h2000 && address < 32'h4000;
  wire        is_known      = address[1:0] == 0 && (address < 32'h0020 || is_descriptor || is_table || is_seed);
  wire        is_refused    = pwrite_i && ((address == 32'h000c && (pwdata_i[15:0] == 0 || pwdata_i[19:16] == 0
                                                                    || pwdata_i[19:16] > 4 * pwdata_i[15:0]))
                                           || (address == 32'h0010 && (pwdata_i == 0 || pwdata_i > PLACES)));
  wire        is_written    = psel_i && penable_i && pwrite_i && is_known && !is_refused;
  wire        is_waiting    = state == PIXELS || state == CODES || (state == SUM && pass == 0 && word == 0);
  wire        is_idle       = state == PIXELS && word == 0 && !admitted;
  assign pready_o  = 1'b1;
  assign pslverr_o = psel_i && penable_i && (!is_known || is_refused);
  assign irq_o     = irq && control[5];
  always @* begin
    case (address)
      32'h0000: prdata_o = 32'h4d434101;
      32'h0004: prdata_o = control;
      32'h0008: prdata_o = rate;
      32'h000c: prdata_o = update;
      32'h0010: prdata_o = queue;
      32'h0014: prdata_o = {14'd0, no_tile, is_idle, 8'd0, layer[3:0], kind,
                            state == DRIVE && !m_axis_drive_tready_i, !is_waiting};
      32'h0018: prdata_o = images;
      32'h001c: prdata_o = {31'd0, irq};
      default:  prdata_o = is_descriptor ? descriptor[(address - 32'h0100) / 4] : 32'd0;
    endcase
  end

  task write_register;
    begin
      case (address)
        32'h0004: control = pwdata_i;
        32'h0008: rate = pwdata_i;
        32'h000c: update = pwdata_i;
        32'h0010: queue = pwdata_i;
        32'h001c: irq = 1'b0;
        default: ;
      endcase
      if (is_descriptor) descriptor[(address - 32'h0100) / 4] = pwdata_i;
      if (is_table) table_value[address[10:2]] = pwdata_i[16:0];
      if (is_table) table_rise[address[10:2]] = pwdata_i[27:17];
      if (is_seed) generator[(address - 32'h2000) / 4 % (LAYERS * LANES)] = pwdata_i;
    end
  endtask

  // ---------------------------------------------------------------- steps, each of a cycle
  integer            l, line, at, from, tile;
  reg signed [63:0]  v, e, c;
  reg                is_any;

  task go(input [3:0] to);
    begin
      state = to;
      word = 0;
    end
  endtask

  task next_operation(input [1:0] of_kind, input [31:0] of_layer);
    begin
      kind = of_kind;
      layer = of_layer;
      go(BEGIN);
    end
  endtask

  task end_image;
    begin
      images = images + 1;
      irq = 1'b1;
      kind = FORWARD;
      layer = 0;
      go(PIXELS);
    end
  endtask

  // "Order"
  task end_operation;
    case (kind)
      FORWARD:
        if (layer != last) next_operation(FORWARD, layer + 1);
        else if (train) next_operation(ERROR, layer);
        else end_image;
      ERROR:
        if (layer != last) next_operation(UPDATE, layer + 1);
        else if (layer != 0) next_operation(ERROR, layer - 1);
        else next_operation(UPDATE, 0);
      default:
        if (layer == 0) end_image;
        else if (layer == 1) next_operation(UPDATE, 0);
        else next_operation(ERROR, layer - 2);
    endcase
  endtask

  // Pixels are codes of 8 bits. The bias line's code is the highest.
  task take_pixels;
    begin
      for (l = 0; l < LANES; l = l + 1) begin
        line = word * LANES + l;
        c = 0;
        if (line < first_inputs - 1) c = dac_code(s_axis_image_tdata_i[8*l +: 8], 8, DAC_BITS);
        else if (line == first_inputs - 1) c = (64'sd1 <<< DAC_BITS) - 1;
        code[line] = c[DAC_BITS-1:0];
        m_axis_image_tdata_o[DAC_BITS*l +: DAC_BITS] = c[DAC_BITS-1:0];
      end
      label = s_axis_image_tuser_i;
      admitted = word + 1 < pixel_words;
      state = CODES;
    end
  endtask

  // When the pixels fill their last beat, the bias has a word of its own.
  task give_codes;
    begin
      word = word + 1;
      if (word == image_words) next_operation(FORWARD, 0);
      else if (word < pixel_words) state = PIXELS;
      else begin
        m_axis_image_tdata_o = 0;
        m_axis_image_tdata_o[DAC_BITS-1:0] = {DAC_BITS{1'b1}};
        code[word * LANES] = {DAC_BITS{1'b1}};
      end
    end
  endtask

  task begin_operation;
    begin
      pass = 0;
      row = 0;
      bits_seen = 0;
      if (kind == UPDATE) go(SEEK);
      else go(passes > 0 ? SUM : RAW);
    end
  endtask

  task add_beat;
    begin
      for (l = 0; l < LANES; l = l + 1) begin
        at = word * LANES + l;
        v = $signed(s_axis_adc_tdata_i[16*l +: 16]);
        if (pass >= added) v = -v;
        if (pass != 0) v = v + sum[at];
        sum[at] = v[31:0];
      end
      word = word + 1;
      if (word == words) begin
        word = 0;
        pass = pass + 1;
      end
      if (pass == passes) go(kind == FORWARD ? ACTIVE : RAW);
    end
  endtask

  // Activations, and the codes of the next layer's rows
  task activate;
    begin
      for (l = 0; l < LANES; l = l + 1) begin
        line = word * LANES + l;
        at = layer * LINES + line;
        v = 0;
        c = 0;
        if (line < outputs) begin
          v = sigmoid(sum[line], sigmoid_shift);
          c = dac_code(v, ACT_BITS, DAC_BITS);
          activation[at] = v[ACT_BITS-1:0];
        end else if (line == outputs) c = (64'sd1 <<< DAC_BITS) - 1;
        if (layer != last) code[at + LINES] = c[DAC_BITS-1:0];
        m_axis_drive_tdata_o[17*l +: 17] = layer != last ? c[16:0] : v[16:0];
      end
      state = DRIVE;
    end
  endtask

  // "output error" and "hidden raw error"; the shared exponent's shift behind the last word
  task make_raw;
    begin
      for (l = 0; l < LANES; l = l + 1) begin
        line = word * LANES + l;
        at = layer * LINES + line;
        c = activation[at];
        if (layer == last) v = (line == label ? 64'sd1 <<< ACT_BITS : 64'sd0) - c;
        else v = passes == 0 ? 64'sd0 : sum[line];
        if (layer != last || squared) v = v * slope(c);
        v = line < outputs ? bounded(v, 31) : 64'sd0;
        sum[line] = v[31:0];
        v = magnitude(v);
        bits_seen = bits_seen | v[31:0];
      end
      word = word + 1;
      if (word == words) begin
        error_shift = 1 - ERR_BITS;
        for (l = 0; l < 32; l = l + 1) if (bits_seen[l]) error_shift = l + 2 - ERR_BITS;
        exponent[layer] = raw_exponent + error_shift;
        is_up = 1'b0;
        is_down = 1'b0;
        go(SCALE);
      end
    end
  endtask

  // "error", "rated error", "error to DAC"
  task scale;
    begin
      for (l = 0; l < LANES; l = l + 1) begin
        line = word * LANES + l;
        at = layer * LINES + line;
        e = bounded(half_away(sum[line], error_shift), ERR_BITS - 1);
        v = half_away(e * mantissa, 12);
        rated[at] = v[ERR_BITS-1:0];
        c = dac_code(magnitude(e), ERR_BITS - 1, drive_bits);
        m_axis_drive_tdata_o[17*l +: 17] = {e < 0 && c != 0, c[15:0]};
        is_up = is_up || (c != 0 && (e > 0 || bipolar));
        is_down = is_down || (c != 0 && e < 0 && !bipolar);
      end
      if (layer != 0) state = DRIVE;
      else next_word_to_drive;
    end
  endtask

  task next_word_to_drive;
    begin
      word = word + 1;
      if (word == drive_words) end_operation;
      else state = kind == FORWARD ? ACTIVE : SCALE;
    end
  endtask

  task next_word_to_serve;
    begin
      state = SEEK;
      word = word + 1;
      if (word == words) begin
        word = 0;
        row = row + 1;
      end
    end
  endtask

  // Rows whose code is not 0; their words with a rated error that is not 0
  task seek;
    begin
      is_any = 1'b0;
      at = layer * LINES;
      for (l = 0; l < LANES; l = l + 1) is_any = is_any || rated[at + word * LANES + l] != 0;
      if (row == inputs || update_shift > 30) end_operation;
      else if (code[at + row] == 0) row = row + 1;
      else if (is_any) state = ASK;
      else next_word_to_serve;
    end
  endtask

  // "product", "alignment", "chi"
  task change;
    begin
      is_any = 1'b0;
      for (l = 0; l < LANES; l = l + 1) begin
        at = layer * LINES + word * LANES + l;
        from = layer * LANES + l;
        generator[from] = xorshift(generator[from]);
        c = code[layer * LINES + row];
        e = rated[at];
        v = $signed(chi_rdata_i[CHI_BITS*l +: CHI_BITS]) + aligned(c * e, update_shift, generator[from]);
        c = magnitude(v) >>> FRAC_BITS;
        if (c > max_pulses) c = max_pulses;
        if (v < 0) c = -c;
        pulses[l] = c[8:0];
        is_any = is_any || c != 0;
        v = bounded(v - (c <<< FRAC_BITS), CHI_BITS - 1);
        chi_wdata_o[CHI_BITS*l +: CHI_BITS] = v[CHI_BITS-1:0];
      end
      lane = 0;
      state = is_any ? SEND : WRITE;
    end
  endtask

  // To the queue of the tile; with one tile the words of a tile are 0
  task send;
    begin
      line = word * LANES + lane;
      tile = tile_base + (row_tiles > 1 ? row / LANES / row_tile_words : 0) * col_tiles
             + (col_tiles > 1 ? word / col_tile_words : 0);
      tile = tile % (1 << TILE_BITS);
      is_any = pulses[lane] != 0;
      if (is_any && tile >= TILES) no_tile = 1'b1;
      if (is_any && tile < TILES && waiting[tile] < queue) begin
        at = (first[tile] + waiting[tile]) % PLACES;
        command[tile * PLACES + at] = {pulses[lane], row[COUNT-1:0], line[COUNT-1:0]};
        waiting[tile] = waiting[tile] + 1;
        is_any = 1'b0;
      end
      if (!is_any || tile >= TILES) begin
        lane = lane + 1;
        if (lane == LANES) state = WRITE;
      end
    end
  endtask

  // ---------------------------------------------------------------- the machine
  // what the ports showed before the edge
  reg             is_taken, is_asked;
  reg [TILES-1:0] is_leaving;
  integer         i;

  task work;
    case (state)
      PIXELS:  if (is_taken) take_pixels;
      CODES:   if (m_axis_image_tready_i) give_codes;
      BEGIN:   begin_operation;
      SUM:     if (s_axis_adc_tvalid_i) add_beat;
      ACTIVE:  activate;
      RAW:     make_raw;
      SCALE:   scale;
      DRIVE:   if (m_axis_drive_tready_i) next_word_to_drive;
      SEEK:    seek;
      ASK:     if (is_asked) state = CHANGE;
      CHANGE:  if (chi_rvalid_i) change;
      SEND:    send;
      default: next_word_to_serve; // WRITE
    endcase
  endtask

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      control = 0;
      rate = 32'h00000800;
      update = 32'h01010001;
      queue = 1;
      images = 0;
      irq = 1'b0;
      no_tile = 1'b0;
      for (i = 0; i < 8 * LAYERS; i = i + 1) descriptor[i] = 0;
      for (i = 0; i < TILES; i = i + 1) waiting[i] = 0;
      for (i = 0; i < TILES; i = i + 1) first[i] = 0;
      state = PIXELS;
      kind = FORWARD;
      layer = 0;
      word = 0;
      admitted = 1'b0;
      interval = 0;
    end else begin
      is_taken = s_axis_image_tvalid_i && s_axis_image_tready_o;
      is_asked = chi_re_o;
      is_leaving = m_axis_pulse_tvalid_o & m_axis_pulse_tready_i;
      interval = is_asked ? update[15:0] - 1 : interval != 0 ? interval - 1 : 0;
      if (s_axis_image_tvalid_i && enable) admitted = 1'b1;
      if (is_written) write_register;
      work;
      for (i = 0; i < TILES; i = i + 1) begin
        if (is_leaving[i]) begin
          first[i] = first[i] + 1;
          waiting[i] = waiting[i] - 1;
        end
      end
    end
  end
endmodule
`default_nettype wire

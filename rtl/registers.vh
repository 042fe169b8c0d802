// Registers of the digital unit: where they stand, what a reset leaves in them, and their fields by name.
//
// This is the one definition. The RTL includes it; registers.awk checks it and makes of it the C header that
// shim/rtl packs registers with, the tables of docs/reference/rtl.md, SystemRDL and IP-XACT
// (docs/reference/registers.md). The head of registers.awk says what a line means.
`ifndef DPU_REGISTERS_VH
`define DPU_REGISTERS_VH

`define DPU_MOST_LAYER_BITS       3
`define DPU_MOST_TILE_BITS        8
`define DPU_MOST_WORD_BITS        15
`define DPU_MOST_COUNT_BITS       16
`define DPU_MOST_ADDR_BITS        32
`define DPU_MOST_DEPTH_BITS       31

`define DPU_ID                    16'h0000  // c
`define DPU_ID_RESET              32'h4d434101
`define DPU_ID_VALUE              0 +: 32  // "MCA", version 1

`define DPU_CONTROL               16'h0004  // rw
`define DPU_CONTROL_RESET         32'd0
`define DPU_CONTROL_ENABLE        0 +: 1  // images are accepted
`define DPU_CONTROL_TRAIN         1 +: 1  // 0: forward only
`define DPU_CONTROL_SQUARED       2 +: 1  // squared error (`train.loss`)
`define DPU_CONTROL_STOCHASTIC    3 +: 1  // stochastic rounding (`dpu.rounding`)
`define DPU_CONTROL_BIPOLAR       4 +: 1  // bipolar drive (`dac.drive`)
`define DPU_CONTROL_INTERRUPT     5 +: 1  // interrupt enable
`define DPU_CONTROL_LAST_LAYER    16 +: LAYER_BITS  // number of the last layer

`define DPU_RATE                  16'h0008  // rw; learning rate x 2^FRAC_BITS / (`train.batch` x epsilon), nearest mantissa x 2^exponent
`define DPU_RATE_RESET            32'h00000800
`define DPU_RATE_MANTISSA         0 +: 12  // 2048 .. 4095
`define DPU_RATE_EXPONENT         16 +: 16  // signed

`define DPU_UPDATE                16'h000c  // rw
`define DPU_UPDATE_RESET          32'h01010001
`define DPU_UPDATE_INTERVAL       0 +: 16  // cycles between reads of chi, 1 ..; at least a quarter of LATENCY
`define DPU_UPDATE_LATENCY        16 +: 4  // cycles of a read of chi, 1 .. 15 (`chi.access_cycles`)
`define DPU_UPDATE_MAX_PULSES     24 +: 8  // most pulses of a command (`transfer.max_pulses`)

`define DPU_QUEUE                 16'h0010  // rw
`define DPU_QUEUE_RESET           32'd1
`define DPU_QUEUE_PLACES          0 +: DEPTH_BITS+1  // places of a queue, 1 .. 2^DEPTH_BITS (`transfer.fifo_depth`); the bits above are 0

`define DPU_STATUS                16'h0014  // r
`define DPU_STATUS_BUSY           0 +: 1  // an operation runs
`define DPU_STATUS_FROZEN         1 +: 1  // the drive stream is not taken
`define DPU_STATUS_KIND           2 +: 2  // operation at work or next: 0 forward, 1 error, 2 update
`define DPU_STATUS_LAYER          4 +: LAYER_BITS  // its layer
`define DPU_STATUS_IDLE           16 +: 1  // no image is in, none has begun: with ENABLE 0 everything may be written
`define DPU_STATUS_NO_TILE        17 +: 1  // since reset a command named a tile beyond TILES; such commands are dropped

`define DPU_IMAGES                16'h0018  // r
`define DPU_IMAGES_RESET          32'd0
`define DPU_IMAGES_COUNT          0 +: 32  // images done

`define DPU_IRQ                   16'h001c  // rwc; any write clears it, unless another image is done in that cycle
`define DPU_IRQ_RESET             32'd0
`define DPU_IRQ_DONE              0 +: 1  // an image is done

`define DPU_LAYER                 16'h0100  // rw; [l]; descriptor of layer l, 8 words
`define DPU_LAYER_STRIDE          32
`define DPU_LAYER_COUNT           8
`define DPU_LAYER_RESET           32'd0
`define DPU_LAYER_INPUTS          32*0+0 +: COUNT_BITS  // inputs, bias row included
`define DPU_LAYER_OUTPUTS         32*1+0 +: COUNT_BITS  // outputs
`define DPU_LAYER_WORDS           32*1+16 +: WORD_BITS  // words of the outputs, ceil(outputs / LANES)
`define DPU_LAYER_ROW_TILES       32*2+0 +: 8  // row tiles
`define DPU_LAYER_COL_TILES       32*2+16 +: 8  // column tiles
`define DPU_LAYER_ROW_TILE_WORDS  32*3+0 +: WORD_BITS  // words of a row tile, `tile.rows` / LANES; 0 with one row tile
`define DPU_LAYER_COL_TILE_WORDS  32*3+16 +: WORD_BITS  // words of a column tile, `tile.cols` / LANES; 0 with one
`define DPU_LAYER_CHI_BASE        32*4+0 +: ADDR_BITS  // first word of the layer in chi
`define DPU_LAYER_TILE_BASE       32*5+0 +: TILE_BITS  // first tile; tile = first + row tile x column tiles + column tile
`define DPU_LAYER_ACT_BASE        32*5+16 +: WORD_BITS  // first word in the memory of activations
`define DPU_LAYER_SIGMOID_SHIFT   32*6+0 +: 6  // signed: 12 - fractional bits of the ADC step, -12 .. 20
`define DPU_LAYER_BACKWARD_FRAC   32*6+8 +: 8  // signed: fractional bits of the backward ADC step

`define DPU_TABLE                 16'h1000  // w; [i]; segment i of the sigmoid, i = 0 .. 511
`define DPU_TABLE_STRIDE          4
`define DPU_TABLE_COUNT           512
`define DPU_TABLE_VALUE           0 +: 17  // T[i]
`define DPU_TABLE_RISE            17 +: 11  // T[i+1] - T[i]

`define DPU_SEED                  16'h2000  // w; [(l LANES + k)]; generator of layer l, lane k
`define DPU_SEED_STRIDE           4
`define DPU_SEED_COUNT            512
`define DPU_SEED_STATE            0 +: 32  // not 0

`endif

// Registers of the chip as a SystemC module, behind its sockets `host` and `host64`.
//
// This is the one definition. The build makes of it mca_chip_registers.hpp, which mca_chip.hpp includes, a C header,
// SystemRDL and IP-XACT (docs/reference/registers.md). The head of rtl/registers.awk says what a line means.
`ifndef CHIP_REGISTERS_VH
`define CHIP_REGISTERS_VH

`define CHIP_ID                   32'h00000000  // c
`define CHIP_ID_RESET             32'h4d434153
`define CHIP_ID_VALUE             0 +: 32  // "MCAS"

`define CHIP_CONTROL              32'h00000004  // w; one of its bits, or FETCH with TRAIN or INFER; takes as long as the chip cannot do it
`define CHIP_CONTROL_TRAIN        0 +: 1  // learn from the image in the window
`define CHIP_CONTROL_INFER        1 +: 1  // classify it
`define CHIP_CONTROL_END_BATCH    2 +: 1  // end a mini-batch early; waits until the chip is idle
`define CHIP_CONTROL_FETCH        3 +: 1  // with one of the first two: the image that lies at SOURCE, read by `memory` in one burst of INPUTS bytes. The write returns at once; images queue up
`define CHIP_CONTROL_RESET        4 +: 1  // as the signal of that name

`define CHIP_STATUS               32'h00000008  // r
`define CHIP_STATUS_READY         0 +: 1  // an image can be started from the window, without waiting
`define CHIP_STATUS_BUSY          1 +: 1  // an image is on the chip
`define CHIP_STATUS_FAILED        2 +: 1  // the oldest result is of an image that the memory did not give: it has a number and nothing else
`define CHIP_STATUS_RESULTS       16 +: 16  // results that wait

`define CHIP_IRQ                  32'h0000000c  // r
`define CHIP_IRQ_RESET            32'd0
`define CHIP_IRQ_WAITING          0 +: 1  // a result waits, as `irq` tells

`define CHIP_LABEL                32'h00000010  // rw
`define CHIP_LABEL_RESET          32'd0
`define CHIP_LABEL_CLASS          0 +: 32  // class of the image in the window; of an inference, the one that its loss is told of

`define CHIP_BATCH                32'h00000014  // rw; at first the scenario's `train.batch`
`define CHIP_BATCH_IMAGES         0 +: 32  // images of a mini-batch, which RATE sets; 1 where a layer is digital

`define CHIP_RATE                 32'h00000018  // rw; ends a mini-batch and waits until the chip is idle
`define CHIP_RATE_BITS            64
`define CHIP_RATE_VALUE           0 +: 64  // learning rate, an IEEE double; NaN until it is written, unless from a scenario

`define CHIP_NUMBER               32'h00000020  // r; this, the next two and the activations can be read while a result waits
`define CHIP_NUMBER_BITS          64
`define CHIP_NUMBER_IMAGE         0 +: 64  // of the oldest result that waits, images counted from 0, over resets too

`define CHIP_PREDICTED            32'h00000028  // r
`define CHIP_PREDICTED_CLASS      0 +: 32  // its class

`define CHIP_LOSS                 32'h00000030  // r
`define CHIP_LOSS_BITS            64
`define CHIP_LOSS_VALUE           0 +: 64  // its loss, an IEEE double

`define CHIP_NEXT                 32'h00000038  // w; any write: that result is done with. `irq` has fallen when the write returns, if it was the last. While 16 wait or are on their way, starts are refused
`define CHIP_NEXT_ANY             0 +: 32  // without a meaning

`define CHIP_INPUTS               32'h00000040  // c
`define CHIP_INPUTS_PIXELS        0 +: 32  // pixels of an image

`define CHIP_OUTPUTS              32'h00000044  // c
`define CHIP_OUTPUTS_CLASSES      0 +: 32  // classes

`define CHIP_SOURCE               32'h00000048  // rw
`define CHIP_SOURCE_BITS          64
`define CHIP_SOURCE_RESET         32'd0
`define CHIP_SOURCE_PLACE         0 +: 64  // where an image to fetch lies in the memory of `memory`

`define CHIP_PIXELS               32'h00100000  // rw; of the image to start, INPUTS bytes
`define CHIP_PIXELS_WINDOW        15728640

`define CHIP_ACTIVATIONS          32'h01000000  // r; of the oldest result, OUTPUTS words of 32 bits: codes of `dpu.activation_bits`, or IEEE singles with `dpu.arithmetic: float`
`define CHIP_ACTIVATIONS_WINDOW   4194304

`endif

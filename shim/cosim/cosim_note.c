/* What the waveform's scope `cosim` is told of a cycle. */
#include <string.h>

#include "shim/cosim/cosim_state.h"

enum { LOADING = 3 }; /* behind the kinds of operation */

void mca__cosim_note_begin(struct mca_cosim *cosim) {
    (void)mca__cosim_note_show(cosim);
    cosim->note = (struct mca_dpu_rtl_note){
        .cycle = cosim->now,
        .image = cosim->image,
        .operation = cosim->is_loading ? LOADING : (uint32_t)cosim->kind,
        .layer = cosim->layer,
        .operation_cycle = cosim->op_clock,
        .compared = "",
        .row = -1,
        .column = -1,
        .expected = cosim->note.expected,
        .got = cosim->note.got,
        .expected_lanes = cosim->expected_lanes,
        .got_lanes = cosim->got_lanes,
    };
}

void mca__cosim_note_value(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                           int64_t expected, int64_t got) {
    cosim->note.compared = what;
    cosim->note.row = row;
    cosim->note.column = col;
    cosim->note.expected = expected;
    cosim->note.got = got;
}

void mca__cosim_note_word(struct mca_cosim *cosim, const char *what, int64_t row, int64_t first_col,
                          const int32_t *expected, const int32_t *got) {
    mca__cosim_note_value(cosim, what, row, first_col, expected[0], got[0]);
    memcpy(cosim->expected_lanes, expected, cosim->lanes * sizeof *expected);
    memcpy(cosim->got_lanes, got, cosim->lanes * sizeof *got);
}

uint64_t mca__cosim_note_show(struct mca_cosim *cosim) {
    return cosim->port.in.dump && cosim->note.compared
               ? mca_dpu_rtl_note(cosim->port.rtl, &cosim->note)
               : UINT64_MAX;
}

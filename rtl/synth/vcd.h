/*
 * Reader of value change dumps (IEEE 1364, 18), as Verilator and Icarus Verilog write them: calls
 * back for every variable of the header, every change, and every step of time.
 */
#ifndef MCA_SYNTH_VCD_H
#define MCA_SYNTH_VCD_H

#include <stdint.h>
#include <stdio.h>

struct vcd_handler {
    void *user;
    /* A variable. `scope` is its path, levels separated by '/'. Several may share an id. */
    void (*variable)(void *user, const char *scope, const char *name, uint32_t bits, uint32_t id);
    /* The new value, most significant bit first; leading bits may be left out. */
    void (*change)(void *user, uint32_t id, const char *value);
    /* All changes of the time before are through. Called once more at the end. */
    void (*settled)(void *user);
};

/* 0, or -1 when the file is not a dump. */
int vcd_read(FILE *file, const struct vcd_handler *handler);

#endif

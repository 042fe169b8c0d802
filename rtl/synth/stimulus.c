/*
 * From the waveform of a cosimulation (mcasim cosim --vcd) to a replay on the netlist: each cycle's
 * inputs of the digital unit and the outputs that the RTL showed.
 *
 *     stimulus PORTS VECTORS < WAVEFORM
 *
 * PORTS     Verilog for replay.v: the unit, its ports, the concatenations of all inputs (but the
 *           clock) and of all outputs, and a task that shows which of these differ
 * VECTORS   a line a cycle: whether to compare, inputs, outputs in binary
 *
 * The waveform starts when registers, sigmoid table and seeds are written already, so writes of
 * what it shows in them (the table: docs/reference/digital-unit.md) come first. They are not
 * compared.
 */
#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vcd.h"

enum { SIGNALS_MAX = 4096, NAME_BYTES = 64, BITS_MAX = 8192 };

/* Registers, see docs/reference/rtl.md. */
enum { REG_GLOBAL = 0x00, REG_LAYER = 0x100, REG_TABLE = 0x1000, REG_SEED = 0x2000 };

enum place { INPUT, OUTPUT, INNER, SEED, PLACES };

struct signal {
    char name[NAME_BYTES];
    uint32_t bits;
    uint32_t id;
};

struct recorder {
    struct signal signals[PLACES][SIGNALS_MAX];
    uint32_t counts[PLACES];
    char **values; /* by id */
    uint32_t id_count;
    FILE *vectors;
    int started; /* set-up is written */
};

static void *checked(void *memory) {
    if (!memory) {
        errx(1, "out of memory");
    }
    return memory;
}

static int ends_with(const char *text, const char *end) {
    const size_t length = strlen(text);
    const size_t tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Ports stand in the outermost scope; clock, parameters and registers in the module below it. */
static int place_of(const char *scope, const char *name) {
    if (strcmp(scope, "dpu") == 0) {
        if (strcmp(name, "clk_i") == 0) {
            return -1;
        }
        return ends_with(name, "_o") ? OUTPUT : INPUT;
    }
    if (strcmp(scope, "dpu/dpu") == 0) {
        return INNER;
    }
    return ends_with(scope, "/u_lane") && strncmp(name, "state_q[", 8) == 0 ? SEED : -1;
}

static void take_variable(void *user, const char *scope, const char *name, uint32_t bits,
                          uint32_t id) {
    struct recorder *r = user;
    const int place = place_of(scope, name);
    if (place < 0) {
        return;
    }
    if (r->counts[place] == SIGNALS_MAX || strlen(name) >= NAME_BYTES || bits > BITS_MAX) {
        errx(1, "too many or too wide: %s", name);
    }
    struct signal *signal = &r->signals[place][r->counts[place]++];
    *signal = (struct signal){.bits = bits, .id = id};
    strcpy(signal->name, name);
    if (place == SEED) { /* dpu/dpu/u_update/gen_lane[5]/u_lane: state_q[1] */
        (void)snprintf(signal->name, NAME_BYTES, "%s%s", name, strrchr(scope, '['));
    }
    if (id >= r->id_count) {
        r->values = checked(realloc(r->values, (id + 1) * sizeof *r->values));
        memset(r->values + r->id_count, 0, (id + 1 - r->id_count) * sizeof *r->values);
        r->id_count = id + 1;
    }
    if (!r->values[id]) {
        r->values[id] = checked(malloc(bits + 1));
        memset(r->values[id], '0', bits);
        r->values[id][bits] = '\0';
    }
}

static void take_change(void *user, uint32_t id, const char *value) {
    struct recorder *r = user;
    if (id < r->id_count && r->values[id]) {
        const size_t bits = strlen(r->values[id]);
        const size_t given = strlen(value);
        memset(r->values[id], '0', bits - given);
        memcpy(r->values[id] + bits - given, value, given);
    }
}

/* The low 32 bits from bit `first` on. */
static uint32_t bits_from(const char *value, uint32_t first) {
    const uint32_t length = (uint32_t)strlen(value);
    uint32_t word = 0;
    for (uint32_t b = 0; b < 32 && first + b < length; ++b) {
        word |= (uint32_t)(value[length - 1 - first - b] == '1') << b;
    }
    return word;
}

static const char *value_of(const struct recorder *r, enum place place, const char *name) {
    for (uint32_t i = 0; i < r->counts[place]; ++i) {
        if (strcmp(r->signals[place][i].name, name) == 0) {
            return r->values[r->signals[place][i].id];
        }
    }
    errx(1, "not in the waveform: %s", name);
}

static uint32_t inner(const struct recorder *r, const char *name) {
    return bits_from(value_of(r, INNER, name), 0);
}

static void write_ports(const struct recorder *r, FILE *file) {
    for (enum place place = INPUT; place <= OUTPUT; ++place) {
        const char *side = place == INPUT ? "given" : "expected";
        uint32_t total = 0;
        for (uint32_t i = 0; i < r->counts[place]; ++i) {
            const struct signal *port = &r->signals[place][i];
            (void)fprintf(file, "wire [%u:0] %s;\n", port->bits - 1, port->name);
            total += port->bits;
        }
        (void)fprintf(file, "reg [%u:0] %s;\n", total - 1, side);
        (void)fputs(place == INPUT ? "assign " : "wire differs = expected !== ", file);
        for (uint32_t i = 0; i < r->counts[place]; ++i) {
            (void)fprintf(file, "%c%s", i ? ',' : '{', r->signals[place][i].name);
        }
        (void)fputs(place == INPUT ? "} = given;\n" : "};\n", file);
    }
    (void)fprintf(file, "localparam LAST_LAYER = %u;\n",
                  inner(r, "control") >> 16 & (inner(r, "LAYERS") - 1));
    (void)fputs("dpu u_dut (.clk_i(clk_i)", file);
    for (enum place place = INPUT; place <= OUTPUT; ++place) {
        for (uint32_t i = 0; i < r->counts[place]; ++i) {
            const char *name = r->signals[place][i].name;
            (void)fprintf(file, ", .%s(%s)", name, name);
        }
    }
    (void)fputs(");\ntask show_differences;\nbegin\n", file);
    uint32_t last = 0;
    for (uint32_t i = r->counts[OUTPUT]; i > 0; --i) {
        const struct signal *port = &r->signals[OUTPUT][i - 1];
        (void)fprintf(file,
                      "if (%s !== expected[%u:%u]) $display(\"  %s: %%h, expected %%h\", %s, "
                      "expected[%u:%u]);\n",
                      port->name, last + port->bits - 1, last, port->name, port->name,
                      last + port->bits - 1, last);
        last += port->bits;
    }
    (void)fputs("end\nendtask\n", file);
}

static void write_cycle(const struct recorder *r) {
    (void)fputc('1', r->vectors);
    for (enum place place = INPUT; place <= OUTPUT; ++place) {
        (void)fputc(' ', r->vectors);
        for (uint32_t i = 0; i < r->counts[place]; ++i) {
            (void)fputs(r->values[r->signals[place][i].id], r->vectors);
        }
    }
    (void)fputc('\n', r->vectors);
}

/* A cycle that is not compared; inputs other than these are 0. */
struct apb {
    const char *name;
    uint32_t value;
};

static void write_apb(const struct recorder *r, const struct apb *inputs, size_t count) {
    (void)fputs("0 ", r->vectors);
    for (uint32_t i = 0; i < r->counts[INPUT]; ++i) {
        const struct signal *port = &r->signals[INPUT][i];
        uint32_t value = 0;
        for (size_t k = 0; k < count; ++k) {
            value = strcmp(port->name, inputs[k].name) == 0 ? inputs[k].value : value;
        }
        for (uint32_t b = port->bits; b > 0; --b) {
            (void)fputc(b <= 32 && value >> (b - 1) & 1 ? '1' : '0', r->vectors);
        }
    }
    (void)fputs(" 0\n", r->vectors);
}

static void write_register(const struct recorder *r, uint32_t address, uint32_t data) {
    for (uint32_t enable = 0; enable < 2; ++enable) {
        const struct apb inputs[] = {{"rst_ni", 1},        {"psel_i", 1},
                                     {"pwrite_i", 1},      {"penable_i", enable},
                                     {"paddr_i", address}, {"pwdata_i", data}};
        write_apb(r, inputs, sizeof inputs / sizeof inputs[0]);
    }
}

static void write_set_up(const struct recorder *r) {
    const uint32_t act_bits = inner(r, "ACT_BITS");
    const uint32_t segments = 1u << inner(r, "TABLE_BITS");
    const uint32_t lanes = inner(r, "LANES");
    const char *layers = value_of(r, INNER, "layers");
    for (int i = 0; i < 3; ++i) {
        write_apb(r, NULL, 0); /* in reset */
    }
    uint32_t low = 1u << (act_bits - 1);
    for (uint32_t i = 0; i < segments; ++i) {
        const double y = 1.0 / (1.0 + exp((i + 1) / -32.0));
        const uint32_t high = (uint32_t)lround(ldexp(y, (int)act_bits));
        write_register(r, REG_TABLE + 4 * i, low | (high - low) << 17);
        low = high;
    }
    for (uint32_t w = 0; w < 8 * inner(r, "LAYERS"); ++w) {
        write_register(r, REG_LAYER + 4 * w, bits_from(layers, 32 * w));
    }
    for (uint32_t i = 0; i < r->counts[SEED]; ++i) {
        const struct signal *seed = &r->signals[SEED][i];
        uint32_t layer, lane;
        if (sscanf(seed->name, "state_q[%u][%u]", &layer, &lane) == 2) {
            write_register(r, REG_SEED + 4 * (layer * lanes + lane),
                           bits_from(r->values[seed->id], 0));
        }
    }
    /* control, which starts the unit, last */
    write_register(r, REG_GLOBAL + 8, inner(r, "rate"));
    write_register(r, REG_GLOBAL + 12, inner(r, "update"));
    write_register(r, REG_GLOBAL + 16, inner(r, "queue"));
    write_register(r, REG_GLOBAL + 4, inner(r, "control"));
}

/* A cycle shows itself before its edge. */
static void take_settled(void *user) {
    struct recorder *r = user;
    if (inner(r, "clk_i") != 0) {
        return;
    }
    if (!r->started) {
        write_set_up(r);
        r->started = 1;
    }
    write_cycle(r);
}

static FILE *opened(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) {
        errx(1, "cannot write %s", path);
    }
    return file;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        errx(1, "usage: stimulus PORTS VECTORS < WAVEFORM");
    }
    struct recorder *r = checked(calloc(1, sizeof *r));
    FILE *ports = opened(argv[1]);
    r->vectors = opened(argv[2]);
    const struct vcd_handler handler = {r, take_variable, take_change, take_settled};
    if (vcd_read(stdin, &handler) != 0 || !r->started) {
        errx(1, "not a waveform of the digital unit");
    }
    write_ports(r, ports);
    if (fclose(ports) != 0 || fclose(r->vectors) != 0) {
        errx(1, "cannot write %s", argv[2]);
    }
    return 0;
}

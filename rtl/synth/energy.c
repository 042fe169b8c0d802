/*
 * Energy by window and group of cells, from the waveform of a replay and the energies of a
 * transition of every cell:
 *
 *     energy CELLS < WAVEFORM
 *
 * CELLS      a line a cell: path, group, energy of a transition of its output and of its data input
 *            (0 but for registers) in femtojoules, anything
 * WAVEFORM   as replay.v writes it; pins of cells are called Y, Q and D
 *
 * Prints for every window of replay.v `cycles WINDOW COUNT`, and `energy WINDOW GROUP FEMTOJOULES`
 * for every group. A cycle is the arrival of its inputs and the clock edge after it; each time a
 * pin counts once if it ends where it did not begin, whatever it did in between.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "vcd.h"

enum { GROUPS_MAX = 64, WINDOWS_MAX = 16, PATH_BYTES = 256 };

struct cell {
    char *path;
    uint32_t group;
    double output_fj, data_fj;
};

/* What a change of a net costs. */
struct share {
    uint32_t group;
    double energy_fj;
    struct share *next;
};

struct net {
    char value, settled; /* '0', '1', or unknown */
    int queued;
    struct share *shares;
};

struct meter {
    struct cell *cells;
    size_t cell_count;
    char *groups[GROUPS_MAX];
    uint32_t group_count;
    struct net *nets; /* by id */
    size_t net_count;
    uint32_t *changed; /* nets of this instant */
    size_t changed_count, changed_capacity;
    uint32_t clock, window; /* ids */
    unsigned window_value, clock_before;
    double cycle_fj[GROUPS_MAX]; /* not yet assigned to a window */
    double energy_fj[WINDOWS_MAX][GROUPS_MAX];
    unsigned long cycles[WINDOWS_MAX];
};

static void *checked(void *memory) {
    if (!memory) {
        errx(1, "out of memory");
    }
    return memory;
}

static uint32_t group_of(struct meter *m, const char *name) {
    for (uint32_t g = 0; g < m->group_count; ++g) {
        if (strcmp(m->groups[g], name) == 0) {
            return g;
        }
    }
    if (m->group_count == GROUPS_MAX) {
        errx(1, "too many groups");
    }
    m->groups[m->group_count] = checked(strdup(name));
    return m->group_count++;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct cell *)a)->path, ((const struct cell *)b)->path);
}

static void read_cells(struct meter *m, const char *path) {
    FILE *file = fopen(path, "r");
    char name[PATH_BYTES], group[PATH_BYTES];
    double output_fj, data_fj;
    size_t capacity = 0;
    if (!file) {
        errx(1, "cannot read the cells");
    }
    while (fscanf(file, "%255s %255s %lf %lf%*[^\n]", name, group, &output_fj, &data_fj) == 4) {
        if (m->cell_count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            m->cells = checked(realloc(m->cells, capacity * sizeof *m->cells));
        }
        m->cells[m->cell_count++] =
            (struct cell){checked(strdup(name)), group_of(m, group), output_fj, data_fj};
    }
    (void)fclose(file);
    qsort(m->cells, m->cell_count, sizeof *m->cells, by_path);
}

static struct net *net_of(struct meter *m, uint32_t id) {
    if (id >= m->net_count) {
        const size_t count = 2 * (size_t)id + 1024;
        m->nets = checked(realloc(m->nets, count * sizeof *m->nets));
        memset(m->nets + m->net_count, 0, (count - m->net_count) * sizeof *m->nets);
        m->net_count = count;
    }
    return &m->nets[id];
}

static void take_variable(void *user, const char *scope, const char *name, uint32_t bits,
                          uint32_t id) {
    static const char UNIT[] = "replay/u_dut/";
    struct meter *m = user;
    (void)bits;
    if (strcmp(scope, "replay") == 0) {
        if (strcmp(name, "clk_i") == 0) {
            m->clock = id;
        } else if (strcmp(name, "window") == 0) {
            m->window = id;
        }
    }
    const int data = strcmp(name, "D") == 0;
    if (strncmp(scope, UNIT, sizeof UNIT - 1) != 0 ||
        (!data && strcmp(name, "Y") != 0 && strcmp(name, "Q") != 0)) {
        return;
    }
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s", scope + sizeof UNIT - 1);
    const struct cell key = {.path = path};
    const struct cell *cell = bsearch(&key, m->cells, m->cell_count, sizeof *m->cells, by_path);
    const double energy_fj = cell ? (data ? cell->data_fj : cell->output_fj) : 0.0;
    if (energy_fj != 0.0) {
        struct net *net = net_of(m, id);
        struct share *share = checked(malloc(sizeof *share));
        *share = (struct share){cell->group, energy_fj, net->shares};
        net->shares = share;
    }
}

static void take_change(void *user, uint32_t id, const char *value) {
    struct meter *m = user;
    struct net *net = net_of(m, id);
    if (id == m->window) {
        m->window_value = (unsigned)strtoul(value, NULL, 2);
    }
    net->value = value[0];
    if ((net->shares || id == m->clock) && !net->queued) {
        if (m->changed_count == m->changed_capacity) {
            m->changed_capacity = 2 * m->changed_capacity + 1024;
            m->changed = checked(realloc(m->changed, m->changed_capacity * sizeof *m->changed));
        }
        m->changed[m->changed_count++] = id;
        net->queued = 1;
    }
}

static void count_changes(struct meter *m) {
    for (size_t i = 0; i < m->changed_count; ++i) {
        struct net *net = &m->nets[m->changed[i]];
        const int moved = (net->settled == '0' && net->value == '1') ||
                          (net->settled == '1' && net->value == '0');
        for (const struct share *share = moved ? net->shares : NULL; share; share = share->next) {
            m->cycle_fj[share->group] += share->energy_fj;
        }
        net->settled = net->value;
        net->queued = 0;
    }
    m->changed_count = 0;
}

static void take_settled(void *user) {
    struct meter *m = user;
    count_changes(m);
    const unsigned clock = net_of(m, m->clock)->value == '1';
    if (clock && !m->clock_before) {
        if (m->window_value >= WINDOWS_MAX) {
            errx(1, "no such window");
        }
        ++m->cycles[m->window_value];
        for (uint32_t g = 0; g < m->group_count; ++g) {
            m->energy_fj[m->window_value][g] += m->cycle_fj[g];
            m->cycle_fj[g] = 0.0;
        }
    }
    m->clock_before = clock;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        errx(1, "usage: energy CELLS < WAVEFORM");
    }
    struct meter *m = checked(calloc(1, sizeof *m));
    read_cells(m, argv[1]);
    const struct vcd_handler handler = {m, take_variable, take_change, take_settled};
    if (vcd_read(stdin, &handler) != 0) {
        errx(1, "not a waveform");
    }
    for (unsigned w = 0; w < WINDOWS_MAX; ++w) {
        if (m->cycles[w] > 0) {
            (void)printf("cycles %u %lu\n", w, m->cycles[w]);
            for (uint32_t g = 0; g < m->group_count; ++g) {
                (void)printf("energy %u %s %.6g\n", w, m->groups[g], m->energy_fj[w][g]);
            }
        }
    }
    return 0;
}

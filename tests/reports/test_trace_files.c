/* trace.json and trace.vcd of a small chip against its ledger and timeline. */
#include "mca_fixture.h"
#include "mca_test.h"

#include <jansson.h>
#include <unistd.h>

#include "reports/trace/files.h"

/* How many blocks the library itself still gets; below 0 all. The linker puts this malloc in the
 * place of the C library's. */
static int blocks_left = -1;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
    if (blocks_left == 0) {
        return NULL;
    }
    blocks_left -= blocks_left > 0;
    return __real_malloc(size);
}

enum { IMAGES = 40, FIRST = 7, LAST = 31, TRACKS_MAX = 64 };

static const struct mca_u32_list WIDTHS = {3, {60, 40, 10}};

struct traced {
    struct mca_chip *chip;
    struct mca_trace trace;
    struct mca_ledger before[IMAGES + 1]; /* [i]: before image i + 1 */
    uint64_t frontier_ps;                 /* after image LAST */
    uint64_t held_ps[TRACKS_MAX];         /* by tid, from trace.json */
    char dir[32];
    json_t *root;
};

/* Trains, traces LAST - FIRST + 1 images, writes both files and reads trace.json. */
static struct traced *run(const struct mca_chip_config *config, uint32_t batch) {
    struct traced *t = calloc(1, sizeof *t);
    struct mca_error error;
    struct mca_image_outcome outcome;
    uint8_t pixels[60];
    assert_int_equal(mca_chip_create(&t->chip, config, &error), MCA_OK);
    mca_chip_set_rate(t->chip, 0.3, batch);
    mca_trace_init(&t->trace, FIRST, LAST);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        t->before[i] = mca_chip_ledger(t->chip);
        const uint32_t label = mca_fixture_image(60, 10, i, pixels);
        mca_trace_next_image(&t->trace, t->chip);
        assert_int_equal(mca_chip_train_image(t->chip, pixels, label, &outcome, &error), MCA_OK);
        t->frontier_ps = i + 1 == LAST ? mca_chip_time_ps(t->chip) : t->frontier_ps;
    }
    t->before[IMAGES] = mca_chip_ledger(t->chip);
    assert_int_equal(mca_trace_check(&t->trace, &error), MCA_OK);
    (void)strcpy(t->dir, "/tmp/mca-trace-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    const struct mca_trace_report report = {"a \"small\" one", mca_chip_config_of(t->chip),
                                            &t->trace, 255};
    assert_int_equal(mca_report_write_trace(&report, t->dir, &error), MCA_OK);
    char path[64];
    json_error_t fault;
    (void)snprintf(path, sizeof path, "%s/trace.json", t->dir);
    t->root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    if (!t->root) {
        fail_msg("%s:%d: %s", path, fault.line, fault.text);
    }
    return t;
}

static void end(struct traced *t) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/trace.json", t->dir);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/trace.vcd", t->dir);
    (void)unlink(path);
    (void)rmdir(t->dir);
    json_decref(t->root);
    mca_trace_deinit(&t->trace);
    mca_chip_destroy(t->chip);
    free(t);
}

static const char *text(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static uint64_t whole(const json_t *object, const char *key) {
    assert_true(json_is_integer(json_object_get(object, key)));
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* Microseconds with six decimals: below 2^53 ps the nearest double gives the picoseconds back. */
static uint64_t ps(const json_t *event, const char *key) {
    assert_true(json_is_real(json_object_get(event, key)));
    return (uint64_t)llround(json_real_value(json_object_get(event, key)) * 1e6);
}

static int number_of(const char *name, int count, const char *(*name_of)(int)) {
    for (int i = 0; i < count; ++i) {
        if (strcmp(name, name_of(i)) == 0) {
            return i;
        }
    }
    fail_msg("%s is unknown", name);
    return 0;
}

static const char *phase_name(int p) {
    return mca_phase_name((enum mca_phase)p);
}

static const char *resource_name(int r) {
    return mca_resource_name((enum mca_resource)r);
}

/* What the file says the chip did for an image equals what the ledger gained over it. */
static void check_busy_times(const struct traced *t) {
    uint64_t busy[IMAGES + 1][MCA_PHASE_COUNT][MCA_RESOURCE_COUNT] = {{{0}}};
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(t->root, "traceEvents"), i, e) {
        if (strcmp(text(e, "ph"), "B") == 0) {
            const json_t *args = json_object_get(e, "args");
            const uint64_t image = whole(args, "image");
            assert_true(image >= FIRST && image <= LAST);
            busy[image][number_of(text(args, "phase"), MCA_PHASE_COUNT, phase_name)]
                [number_of(text(args, "resource"), MCA_RESOURCE_COUNT, resource_name)] +=
                whole(args, "busy_ps");
        }
    }
    for (int image = FIRST; image <= LAST; ++image) {
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
                assert_int_equal(busy[image][p][r], t->before[image].busy_ps[p][r] -
                                                        t->before[image - 1].busy_ps[p][r]);
            }
        }
    }
}

/* What a reader makes of a time that takes whole nanoseconds. */
static uint64_t ns(const json_t *event) {
    return (uint64_t)llround(json_real_value(json_object_get(event, "ts")) * 1e3);
}

/* Operations of a unit follow one another, also in whole nanoseconds: a begin, its end, the next
 * begin. The last of all ends at the frontier. */
static void check_tracks(struct traced *t) {
    const json_t *open[TRACKS_MAX] = {NULL};
    uint64_t free_ps[TRACKS_MAX] = {0};
    uint64_t free_ns[TRACKS_MAX] = {0};
    int named[TRACKS_MAX] = {0};
    uint64_t last_ps = 0;
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(t->root, "traceEvents"), i, e) {
        const int is_name = strcmp(text(e, "name"), "thread_name") == 0;
        const int is_begin = strcmp(text(e, "ph"), "B") == 0;
        assert_string_not_equal(text(e, "ph"), "X");
        if (!is_name && !is_begin && strcmp(text(e, "ph"), "E") != 0) {
            continue;
        }
        const uint64_t tid = whole(e, "tid");
        assert_true(tid < TRACKS_MAX);
        named[tid] |= is_name;
        if (!is_name) {
            assert_true(named[tid]);
            assert_true(ps(e, "ts") >= free_ps[tid] && ns(e) >= free_ns[tid]);
            assert_true(is_begin == !open[tid]);
            if (!is_begin) {
                assert_string_equal(text(e, "name"), text(open[tid], "name"));
                t->held_ps[tid] += ps(e, "ts") - ps(open[tid], "ts");
            }
            open[tid] = is_begin ? e : NULL;
            free_ps[tid] = ps(e, "ts");
            free_ns[tid] = ns(e);
            last_ps = free_ps[tid] > last_ps ? free_ps[tid] : last_ps;
        }
    }
    assert_int_equal(last_ps, t->frontier_ps);
    for (int tid = 0; tid < TRACKS_MAX; ++tid) {
        assert_null(open[tid]);
    }
}

/* A queue never holds more than it can, and is empty at the end. */
static void check_queues(const struct traced *t, uint32_t depth) {
    uint64_t most = 0;
    uint64_t waiting[2] = {0, 0};
    uint64_t at_ps[2] = {0, 0};
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(t->root, "traceEvents"), i, e) {
        unsigned layer;
        if (strcmp(text(e, "ph"), "C") == 0) {
            assert_int_equal(sscanf(text(e, "name"), "queue of tile 0 of layer %u", &layer), 1);
            assert_true(ps(e, "ts") > at_ps[layer]);
            at_ps[layer] = ps(e, "ts");
            waiting[layer] = whole(json_object_get(e, "args"), "commands");
            most = waiting[layer] > most ? waiting[layer] : most;
        }
    }
    assert_int_equal(waiting[0], 0);
    assert_int_equal(waiting[1], 0);
    assert_true(most > 0 && most <= depth);
}

static void check_instants(const struct traced *t) {
    uint64_t begins = 0;
    uint64_t ends = 0;
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(t->root, "traceEvents"), i, e) {
        if (strcmp(text(e, "ph"), "i") == 0) {
            const int is_end = strstr(text(e, "name"), "ends") != NULL;
            const uint64_t image = whole(json_object_get(e, "args"), "image");
            assert_int_equal(image, FIRST + (is_end ? ends++ : begins++));
        }
    }
    assert_int_equal(begins, LAST - FIRST + 1);
    assert_int_equal(ends, LAST - FIRST + 1);
}

/* A reader of VCD that knows the variables are in the order of the tracks, a bit and a phase each:
 * bits are 1 as long as trace.json says that the unit is held; a phase is z while they are 0. */
struct vcd {
    uint64_t now_ps;
    uint64_t since_ps[TRACKS_MAX];
    uint64_t held_ps[TRACKS_MAX];
    int bit[TRACKS_MAX];
    int is_idle[TRACKS_MAX];
};

static void read_vcd_line(struct vcd *v, const char *line) {
    char value[40];
    char id;
    unsigned long long time;
    if (sscanf(line, "#%llu", &time) == 1) {
        assert_true(time >= v->now_ps);
        for (int t = 0; t < TRACKS_MAX; ++t) {
            assert_true(v->now_ps == 0 || v->bit[t] != v->is_idle[t]);
        }
        v->now_ps = time;
    } else if (sscanf(line, "b%39s %c", value, &id) == 2) {
        const int variable = id - '!';
        if (strlen(value) <= 3) { /* not a queue */
            assert_int_equal(variable % 2, 1);
            v->is_idle[variable / 2] = value[0] == 'z';
        }
    } else if (line[0] == '0' || line[0] == '1') {
        const int track = (line[1] - '!') / 2;
        assert_int_equal((line[1] - '!') % 2, 0);
        v->held_ps[track] += v->bit[track] ? v->now_ps - v->since_ps[track] : 0;
        v->bit[track] = line[0] == '1';
        v->since_ps[track] = v->now_ps;
    } else {
        assert_int_equal(line[0], '$');
    }
}

static void check_vcd(const struct traced *t) {
    char path[64];
    char line[200];
    struct vcd vcd = {0};
    int has_timescale = 0;
    for (int i = 0; i < TRACKS_MAX; ++i) {
        vcd.is_idle[i] = 1;
    }
    (void)snprintf(path, sizeof path, "%s/trace.vcd", t->dir);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        has_timescale |= strcmp(line, "$timescale 1 ps $end\n") == 0;
        read_vcd_line(&vcd, line);
    }
    assert_int_equal(fclose(file), 0);
    assert_true(has_timescale);
    assert_int_equal(vcd.now_ps, t->frontier_ps);
    for (int i = 0; i + 1 < TRACKS_MAX; ++i) {
        assert_int_equal(vcd.bit[i], 0);
        assert_int_equal(vcd.held_ps[i], t->held_ps[i + 1]);
    }
}

/* Any VCD: its declarations, and what its variables are at a time. */
enum { VARIABLES_MAX = 128 };

struct variable {
    char id[8];
    char name[64];
    unsigned width;
    unsigned long long value; /* of changes without z */
};

struct waveform {
    uint32_t count;
    struct variable variables[VARIABLES_MAX];
    unsigned long long now_ps;
};

static struct variable *variable_of(struct waveform *w, const char *id) {
    for (uint32_t i = 0; i < w->count; ++i) {
        if (strcmp(w->variables[i].id, id) == 0) {
            return &w->variables[i];
        }
    }
    return NULL;
}

static void declare(struct waveform *w, const char *line) {
    struct variable *v = &w->variables[w->count];
    assert_true(w->count < VARIABLES_MAX);
    assert_int_equal(sscanf(line, "$var wire %u %7s %63s", &v->width, v->id, v->name), 3);
    assert_null(variable_of(w, v->id));
    for (uint32_t i = 0; i < w->count; ++i) {
        assert_string_not_equal(w->variables[i].name, v->name);
    }
    ++w->count;
}

/* Each change is of a variable that was declared, in as many bits. */
static void take_change(struct waveform *w, const char *line) {
    char bits[40];
    char id[8];
    if (line[0] != 'b') {
        assert_int_equal(sscanf(line, "%1[01]%7s", bits, id), 2);
    } else {
        assert_int_equal(sscanf(line, "b%39s %7s", bits, id), 2);
    }
    struct variable *v = variable_of(w, id);
    if (!v) {
        fail_msg("'%s' was not declared", id);
        return;
    }
    if (strcmp(bits, "z") != 0) {
        assert_int_equal(strlen(bits), v->width);
        v->value = strtoull(bits, NULL, 2);
    }
}

/* Commands of a tile that wait at a time: a queue has taken them, and their pulses have not begun.
 */
static uint64_t waiting_at(const struct mca_trace *trace, unsigned layer, unsigned tile,
                           uint64_t at_ps) {
    uint64_t waiting = 0;
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca_operation *o = &trace->events[i].operation;
        const struct mca_occupation *held = &trace->events[i].occupation;
        waiting += o->resource == MCA_RESOURCE_PROGRAM && o->layer == layer && o->unit == tile &&
                   held->queued_ps <= at_ps && held->start_ps > at_ps;
    }
    return waiting;
}

/* Returns the most that wait in one of the queues. */
static uint64_t check_waiting(const struct waveform *w, const struct mca_trace *trace) {
    uint64_t most = 0;
    for (uint32_t i = 0; i < w->count; ++i) {
        unsigned layer;
        unsigned tile;
        if (sscanf(w->variables[i].name, "queue_layer%u_tile%u", &layer, &tile) == 2) {
            const uint64_t waiting = waiting_at(trace, layer, tile, w->now_ps);
            assert_int_equal(w->variables[i].value, waiting);
            most = waiting > most ? waiting : most;
        }
    }
    return most;
}

static uint32_t queues_of(const struct waveform *w) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->count; ++i) {
        count += strncmp(w->variables[i].name, "queue_", 6) == 0;
    }
    return count;
}

/* Queues in which a command ever waits. */
static uint32_t used_queues(const struct mca_trace *trace) {
    uint32_t used[2] = {0}; /* a bit a tile */
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca_operation *o = &trace->events[i].operation;
        const struct mca_occupation *held = &trace->events[i].occupation;
        if (o->resource == MCA_RESOURCE_PROGRAM && held->start_ps > held->queued_ps) {
            assert_true(o->layer < 2 && o->unit < 6);
            used[o->layer] |= 1u << o->unit;
        }
    }
    return (uint32_t)(__builtin_popcount(used[0]) + __builtin_popcount(used[1]));
}

/* 61 x 40 and 41 x 10 weights on tiles of 32 x 16: six queues and two. At every time that the file
 * has, each holds the commands that were taken and have not begun. Returns how many queues. */
static uint32_t check_queues_of_waveform(uint64_t set_pulse_ps) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 0.05;
    config.timing.set_pulse_ps = set_pulse_ps;
    config.refresh.every_images = 0;
    config.tile.rows = 32;
    config.tile.cols = 16;
    struct traced *t = run(&config, 1);
    struct waveform *w = calloc(1, sizeof *w);
    char path[64];
    char line[200];
    uint64_t most = 0;
    (void)snprintf(path, sizeof path, "%s/trace.vcd", t->dir);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "$var ", 5) == 0) {
            declare(w, line);
        } else if (line[0] == '#') {
            const uint64_t waiting = w->now_ps ? check_waiting(w, &t->trace) : 0;
            most = waiting > most ? waiting : most;
            w->now_ps = strtoull(line + 1, NULL, 10);
        } else if (line[0] != '$') {
            take_change(w, line);
        }
    }
    (void)check_waiting(w, &t->trace);
    assert_int_equal(fclose(file), 0);
    assert_true(most > 0 && most <= config.transfer.fifo_depth);
    const uint32_t queues = queues_of(w);
    assert_int_equal(queues, used_queues(&t->trace));
    free(w);
    end(t);
    return queues;
}

/* Also where pulses are so short that hardly a command waits, and most leave no change behind. */
static void test_trace_files_queues_of_the_waveform(void **state) {
    (void)state;
    assert_int_equal(check_queues_of_waveform(60000), 6 + 2);
    const uint32_t queues = check_queues_of_waveform(600);
    assert_true(queues > 0 && queues <= 6 + 2);
}

static void check(const struct mca_chip_config *config, uint32_t batch) {
    struct traced *t = run(config, batch);
    check_busy_times(t);
    check_tracks(t);
    check_queues(t, config->transfer.fifo_depth);
    check_instants(t);
    check_vcd(t);
    end(t);
}

static struct mca_chip_config pulsing(void) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 0.05; /* many pulses */
    config.refresh.every_images = 10;
    config.refresh.high_us = 1.0;
    return config;
}

static void test_trace_files_agree_with_the_ledger(void **state) {
    (void)state;
    const struct mca_chip_config config = pulsing();
    check(&config, 1);
}

static void test_trace_files_of_mini_batches(void **state) {
    (void)state;
    const struct mca_chip_config config = pulsing();
    check(&config, 8); /* neither FIRST nor LAST ends one */
}

/* A full queue stalls the digital unit, which is held but not busy; edges fall between picoseconds;
 * nothing takes the image port's time. */
static void test_trace_files_of_stalls_and_odd_clocks(void **state) {
    (void)state;
    struct mca_chip_config config = pulsing();
    config.transfer.fifo_depth = 1;
    config.transfer.drivers = 3;
    config.dpu.clock_hz = 777777777;
    config.timing.image_load_ps_per_byte = 0;
    config.adc.share = 4;
    check(&config, 1);
}

/* The chip does the same, watched or not. */
static void test_trace_files_change_nothing(void **state) {
    (void)state;
    const struct mca_chip_config config = pulsing();
    struct traced *t = run(&config, 1);
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.3, 1);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        uint8_t pixels[60];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(60, 10, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    assert_memory_equal(&ledger, &t->before[IMAGES], sizeof ledger);
    assert_int_equal(mca_chip_time_ps(chip), mca_chip_time_ps(t->chip));
    mca_chip_destroy(chip);
    end(t);
}

/* What cannot be held is told, not left out. */
static void test_trace_files_refuse_too_many_operations(void **state) {
    (void)state;
    struct mca_trace trace;
    struct mca_error error;
    const struct mca_operation operation = {MCA_RESOURCE_DPU, MCA_PHASE_ERROR, 0, 0, "error"};
    const struct mca_occupation occupation = {0, 1, 1, 0, 0};
    mca_trace_init(&trace, 1, 2);
    trace.probe.occupied(trace.probe.user, &operation, &occupation);
    assert_int_equal(trace.count, 1);
    trace.count = MCA_TRACE_OPERATIONS_MAX - 1;
    trace.capacity = MCA_TRACE_OPERATIONS_MAX;
    trace.events = realloc(trace.events, trace.capacity * sizeof *trace.events);
    assert_non_null(trace.events);
    trace.probe.occupied(trace.probe.user, &operation, &occupation);
    assert_int_equal(mca_trace_check(&trace, &error), MCA_OK);
    trace.probe.occupied(trace.probe.user, &operation, &occupation);
    assert_int_equal(trace.count, MCA_TRACE_OPERATIONS_MAX);
    assert_int_equal(mca_trace_check(&trace, &error), MCA_FAILED);
    assert_string_equal(error.message,
                        "--trace: images 1-2 have more than 4000000 operations; trace fewer");
    mca_trace_deinit(&trace);
}

/* The report's own picture is cut, and says by how much. */
static void test_trace_files_cut_what_nobody_asked_for(void **state) {
    (void)state;
    struct mca_trace trace;
    struct mca_error error;
    const struct mca_operation operation = {MCA_RESOURCE_DPU, MCA_PHASE_ERROR, 0, 0, "error"};
    const struct mca_occupation occupation = {0, 1, 1, 0, 0};
    mca_trace_init_cut(&trace, 7, 3);
    assert_int_equal(trace.first, 7);
    assert_int_equal(trace.last, 7);
    for (uint64_t i = 0; i < 8; ++i) {
        trace.probe.occupied(trace.probe.user, &operation, &occupation);
        assert_int_equal(trace.count, i < 3 ? i + 1 : 3);
        assert_int_equal(trace.left_out, i < 3 ? 0 : i - 2);
        assert_int_equal(mca_trace_check(&trace, &error), MCA_OK);
    }
    mca_trace_deinit(&trace);
}

static void assert_out_of_memory(enum mca_status status, const struct mca_error *error) {
    assert_int_equal(status, MCA_FAILED);
    assert_non_null(strstr(error->message, "memory"));
}

/* Whichever block is missing: no file is taken for whole. */
static void test_trace_files_need_memory(void **state) {
    (void)state;
    enum { BLOCKS_OF_PLAN = 3, BLOCKS_OF_VCD = 2 };
    const struct mca_chip_config config = pulsing();
    struct traced *t = run(&config, 1);
    const struct mca_trace_report report = {"small", mca_chip_config_of(t->chip), &t->trace, 255};
    struct mca__trace_plan plan;
    struct mca_error error;
    FILE *out = tmpfile();
    assert_non_null(out);
    for (int given = 0; given < BLOCKS_OF_PLAN; ++given) {
        blocks_left = given;
        assert_out_of_memory(mca__trace_plan_init(&plan, &report, &error), &error);
    }
    blocks_left = BLOCKS_OF_PLAN;
    assert_int_equal(mca__trace_plan_init(&plan, &report, &error), MCA_OK);
    for (int given = 0; given < BLOCKS_OF_VCD; ++given) {
        blocks_left = given;
        assert_out_of_memory(mca__trace_write_vcd(&plan, out, &error), &error);
    }
    blocks_left = BLOCKS_OF_VCD;
    assert_int_equal(mca__trace_write_vcd(&plan, out, &error), MCA_OK);
    blocks_left = -1;
    mca__trace_plan_deinit(&plan);
    assert_int_equal(fclose(out), 0);
    end(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace_files_agree_with_the_ledger),
        cmocka_unit_test(test_trace_files_of_mini_batches),
        cmocka_unit_test(test_trace_files_of_stalls_and_odd_clocks),
        cmocka_unit_test(test_trace_files_queues_of_the_waveform),
        cmocka_unit_test(test_trace_files_change_nothing),
        cmocka_unit_test(test_trace_files_refuse_too_many_operations),
        cmocka_unit_test(test_trace_files_cut_what_nobody_asked_for),
        cmocka_unit_test(test_trace_files_need_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

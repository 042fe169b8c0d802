/* Thousands of reads of a layer in one image: trace.json and trace.vcd have each of them. */
#include "mca_fixture.h"
#include "mca_test.h"

#include <jansson.h>
#include <unistd.h>

#include "reports/trace/files.h"

enum { PIXELS = 1023, READS = 2 * (PIXELS + 1) };

static char *file_text(const char *dir, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 23);
    assert_true(fread(text, 1, (1 << 23) - 1, file) > 0);
    assert_true(feof(file));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(unlink(path), 0);
    return text;
}

/* Reads of the refresh in trace.json: each after the one before, busy times as the ledger says. */
static void check_json(const char *text, const struct mca_ledger *ledger) {
    json_error_t fault;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    size_t i;
    json_t *e;
    uint64_t reads = 0;
    uint64_t busy_ps = 0;
    double last = -1.0;
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "traceEvents"), i, e) {
        const json_t *args = json_object_get(e, "args");
        if (strcmp(json_string_value(json_object_get(e, "ph")), "B") != 0 ||
            strcmp(json_string_value(json_object_get(args, "resource")), "tile") != 0 ||
            strcmp(json_string_value(json_object_get(args, "phase")), "refresh") != 0) {
            continue;
        }
        assert_true(json_real_value(json_object_get(e, "ts")) > last);
        last = json_real_value(json_object_get(e, "ts"));
        busy_ps += (uint64_t)json_integer_value(json_object_get(args, "busy_ps"));
        ++reads;
    }
    assert_int_equal(reads, READS);
    assert_int_equal(busy_ps, ledger->busy_ps[MCA_PHASE_REFRESH][MCA_RESOURCE_TILE]);
    json_decref(root);
}

/* Rising edges of the tile in trace.vcd: those of the refresh, and of the image's one read. */
static void check_vcd(const char *text) {
    char id[8];
    const char *tile = strstr(text, " tile_layer0 $end");
    assert_non_null(tile);
    while (tile[-1] != ' ') {
        --tile;
    }
    assert_int_equal(sscanf(tile, "%7s", id), 1);
    char edge[16];
    (void)snprintf(edge, sizeof edge, "\n1%s\n", id);
    uint32_t edges = 0;
    for (const char *at = strstr(text, edge); at; at = strstr(at + 1, edge)) {
        ++edges;
    }
    assert_int_equal(edges, READS + 1);
}

/* A refresh drives each row of a tile of 1,024 rows twice. */
static void test_trace_reads_are_all_there(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {2, {PIXELS, 4}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_chip *chip;
    struct mca_trace trace;
    struct mca_error error;
    struct mca_image_outcome outcome;
    static uint8_t pixels[PIXELS];
    char dir[] = "/tmp/mca-trace-XXXXXX";
    config.tile.rows = PIXELS + 1;
    config.refresh.every_images = 1;
    config.timing.dac_load_ps = 5000; /* longer than what settles: reads do not touch */
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    mca_trace_init(&trace, 1, 1);
    mca_trace_next_image(&trace, chip);
    assert_int_equal(mca_chip_train_image(chip, pixels, 0, &outcome, &error), MCA_OK);
    assert_int_equal(mca_trace_check(&trace, &error), MCA_OK);
    assert_non_null(mkdtemp(dir));
    const struct mca_trace_report report = {"reads", mca_chip_config_of(chip), &trace, 255};
    assert_int_equal(mca_report_write_trace(&report, dir, &error), MCA_OK);
    char *json = file_text(dir, "trace.json");
    char *vcd = file_text(dir, "trace.vcd");
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    check_json(json, &ledger);
    check_vcd(vcd);
    free(json);
    free(vcd);
    assert_int_equal(rmdir(dir), 0);
    mca_trace_deinit(&trace);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace_reads_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

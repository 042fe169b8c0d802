/* The network that `mcasim check` prints: every figure as counted by hand, lines that fit. */
#include "mca_test.h"

#include "reports/tables/tables.h"
#include "scenario/load.h"

static char *table_of(const char *const *assignments) {
    static struct mca_scenario scenario;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(mca_scenario_defaults(&scenario, NULL, NULL), MCA_OK);
    for (; *assignments; ++assignments) {
        assert_int_equal(mca_scenario_set(&scenario, NULL, *assignments, "test", NULL), MCA_OK);
    }
    mca_report_print_network(stream, &scenario.chip);
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* Rows are kernel^2 channels + 1; 401 and 513 lines take two and three tiles of 256. */
static void test_network_table_of_lenet(void **state) {
    (void)state;
    static const char *const sets[] = {
        "network.layers=[conv2d: {filters: 16, kernel: 5}, max_pool: {kernel: 2}, conv2d: "
        "{filters: 32, kernel: 5}, avg_pool: {kernel: 2}, dense: {units: 128}, dense: {units: "
        "10}]",
        NULL};
    char *text = table_of(sets);
    assert_string_equal(
        text,
        "# layer kind          output             matrix                   tiles      weights "
        "reads "
        "an image\n"
        "# input               1 x 28 x 28\n"
        "# 0     conv2d        16 x 24 x 24       26 x 16                      1          416      "
        "      576\n"
        "# 1     max_pool      16 x 12 x 12\n"
        "# 2     conv2d        32 x 8 x 8         401 x 32                     2       12,832      "
        "       64\n"
        "# 3     avg_pool      32 x 4 x 4\n"
        "# 4     dense         128                513 x 128                    3       65,664      "
        "        1\n"
        "# 5     dense         10                 129 x 10                     1        1,290      "
        "        1\n"
        "# total                                                               7       80,202      "
        "      642\n"
        /* twice 14,998 activations with bias lines' of 16 bits, 11,402 errors of 12 and 2,304
         * choices of 2; 14,080 sums of 32 */
        "# 151,670 bytes of buffers, for all that is kept for the way back, of two images\n");
    free(text);
}

/* Codes with a sign are driven twice, also behind a pool, but not with a bipolar drive, and never
 * to a digital layer. */
static void test_network_table_of_signed_codes(void **state) {
    (void)state;
    static const char layers[] =
        "network.layers=[conv2d: {filters: 2, kernel: 5, activation: tanh}, max_pool: {kernel: 2}, "
        "conv2d: {filters: 3, kernel: 5, activation: identity}, dense: {units: 20, activation: "
        "tanh, digital: true}, dense: {units: 10}]";
    static const char *const two_phase[] = {layers, NULL};
    static const char *const bipolar[] = {layers, "dac.drive=bipolar", NULL};
    /* 24 x 24, then 8 x 8 positions */
    static const char *const wanted[2][5] = {
        {"52            576\n", "153            128\n", "3,860              1\n",
         "210              2\n", "4,275            707\n"},
        {"52            576\n", "153             64\n", "3,860              1\n",
         "210              1\n", "4,275            642\n"}};
    for (int is_bipolar = 0; is_bipolar < 2; ++is_bipolar) {
        char *text = table_of(is_bipolar ? bipolar : two_phase);
        for (int i = 0; i < 5; ++i) {
            if (!strstr(text, wanted[is_bipolar][i])) {
                fail_msg("no %sin\n%s", wanted[is_bipolar][i], text);
            }
        }
        free(text);
    }
}

/* Widths, as they are and as wide as they can be on the smallest tiles. */
static void test_network_table_of_widths(void **state) {
    (void)state;
    static const char *const sets[] = {NULL};
    static const char *const wide[] = {"network.layers=[999, 999999, 1]", "tile.rows=2",
                                       "tile.cols=2", NULL};
    char *text = table_of(sets);
    assert_non_null(strstr(text, "# input               784\n"));
    assert_non_null(strstr(text, "250                785 x 250                    4      196,250"));
    assert_non_null(strstr(text, "10                 251 x 10                     1        2,510"));
    assert_non_null(strstr(text, "5      198,760              2\n"));
    free(text);
    text = table_of(wide);
    for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
        const size_t length = strcspn(line, "\n");
        assert_true(length <= 100 && line[0] == '#' && line[length - 1] != ' ');
    }
    assert_non_null(strstr(text, " 1000 x 999999 ")); /* 1000 rows / 2, 999999 columns / 2 */
    assert_non_null(strstr(text, " 250,000,000  999,999,000 "));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_table_of_lenet),
        cmocka_unit_test(test_network_table_of_signed_codes),
        cmocka_unit_test(test_network_table_of_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Shards of a sweep, from the option and from the variables of Slurm and Open MPI. */
#include "mca_test.h"

#include "sweep/shard.h"

static void test_sweep_shard_option(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t index, count; /* count 0: refused */
    } cases[] = {{"1/1", 0, 1},
                 {"1/4", 0, 4},
                 {"4/4", 3, 4},
                 {"07/10", 6, 10},
                 {"1000000/1000000", 999999, 1000000},
                 {"1/1000000", 0, 1000000},
                 {"1/1000001", 0, 0},
                 {"00000001/1", 0, 0},
                 {"5/4", 0, 0},
                 {"0/4", 0, 0},
                 {"1/0", 0, 0},
                 {"/4", 0, 0},
                 {"1/", 0, 0},
                 {"1", 0, 0},
                 {"", 0, 0},
                 {"x1/4", 0, 0},
                 {"1x/4", 0, 0},
                 {"1/4x", 0, 0},
                 {"1/4/4", 0, 0},
                 {"-1/4", 0, 0},
                 {"1/-4", 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct mca_sweep_shard shard = {77, 77, NULL};
        struct mca_error error;
        const enum mca_status status =
            mca_sweep_shard_parse(&shard, "sweep", cases[i].text, &error);
        if (cases[i].count > 0) {
            assert_int_equal(status, MCA_OK);
            assert_int_equal(shard.index, cases[i].index);
            assert_int_equal(shard.count, cases[i].count);
            assert_string_equal(shard.origin, "--shard");
        } else {
            char wanted[128];
            (void)snprintf(wanted, sizeof wanted, "--shard: '%s' is not I/N with 1 <= I <= N",
                           cases[i].text);
            assert_int_equal(status, MCA_INVALID);
            assert_non_null(strstr(error.message, wanted));
        }
    }
}

enum { ID, COUNT, MIN, STEP, RANK, SIZE, VARIABLES };

static const char *const NAMES[VARIABLES] = {"SLURM_ARRAY_TASK_ID",  "SLURM_ARRAY_TASK_COUNT",
                                             "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP",
                                             "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"};

static enum mca_status from_environment(const char *const values[VARIABLES],
                                        struct mca_sweep_shard *shard, struct mca_error *error) {
    for (int v = 0; v < VARIABLES; ++v) {
        assert_int_equal(values[v] ? setenv(NAMES[v], values[v], 1) : unsetenv(NAMES[v]), 0);
    }
    *shard = (struct mca_sweep_shard){77, 77, "none"};
    const enum mca_status status = mca_sweep_shard_from_environment(shard, error);
    for (int v = 0; v < VARIABLES; ++v) {
        (void)unsetenv(NAMES[v]);
    }
    return status;
}

static void test_sweep_shard_variables(void **state) {
    (void)state;
    static const char slurm[] = "SLURM_ARRAY_TASK_ID";
    static const char ranks[] = "OMPI_COMM_WORLD_RANK";
    static const char both[] = "SLURM_ARRAY_TASK_ID and OMPI_COMM_WORLD_RANK";
    static const struct {
        const char *values[VARIABLES];
        uint32_t index, count;
        const char *origin;
    } cases[] = {{{NULL}, 0, 1, NULL},
                 {{"", "", "", "", "", ""}, 0, 1, NULL},
                 {{NULL, "8", "3"}, 0, 1, NULL}, /* no task of an array */
                 {{"5"}, 0, 1, NULL},
                 {{"3", "4"}, 3, 4, slurm},
                 {{"0", "4", "0", "1"}, 0, 4, slurm},
                 {{"12", "3", "10"}, 2, 3, slurm},
                 {{"14", "3", "10", "2"}, 2, 3, slurm},
                 {{"12", "3", "10", "0"}, 2, 3, slurm},
                 {{"13", "3", "10", "3"}, 1, 3, slurm},
                 {{NULL, NULL, NULL, NULL, "0", "1"}, 0, 1, ranks},
                 {{NULL, NULL, NULL, NULL, "6", "7"}, 6, 7, ranks},
                 {{NULL, NULL, NULL, NULL, "5", "0"}, 0, 1, NULL},
                 {{NULL, NULL, NULL, NULL, "999999", "1000000"}, 999999, 1000000, ranks},
                 {{"14", "3", "10", "2", "4", "5"}, 14, 15, both},
                 {{"1", "4", NULL, NULL, "0", "250000"}, 250000, 1000000, both},
                 {{"000000003", "000000004"}, 3, 4, slurm}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct mca_sweep_shard shard;
        struct mca_error error;
        if (from_environment(cases[i].values, &shard, &error) != MCA_OK) {
            fail_msg("%zu: %s", i, error.message);
        }
        assert_int_equal(shard.index, cases[i].index);
        assert_int_equal(shard.count, cases[i].count);
        if (cases[i].origin) {
            assert_string_equal(shard.origin, cases[i].origin);
        } else {
            assert_null(shard.origin);
        }
    }
}

static void test_sweep_shard_refuses_variables(void **state) {
    (void)state;
    static const struct {
        const char *values[VARIABLES];
        const char *message;
    } cases[] = {
        {{"x"}, "SLURM_ARRAY_TASK_ID: 'x' is not a whole number"},
        {{"3", "4 "}, "SLURM_ARRAY_TASK_COUNT: '4 ' is not a whole number"},
        {{"3", "4", "-1"}, "SLURM_ARRAY_TASK_MIN: '-1' is not a whole number"},
        {{"3", "4", "0", "1234567890"},
         "SLURM_ARRAY_TASK_STEP: '1234567890' is not a whole number"},
        {{"4", "4"},
         "SLURM_ARRAY_TASK_ID: 4 does not count from SLURM_ARRAY_TASK_MIN 0 to "
         "SLURM_ARRAY_TASK_COUNT 4; use an array without gaps, or --shard"},
        {{"9", "4", "10"},
         "SLURM_ARRAY_TASK_ID: 9 does not count from SLURM_ARRAY_TASK_MIN 10 to "
         "SLURM_ARRAY_TASK_COUNT 4; use an array without gaps, or --shard"},
        {{"13", "4", "10", "2"},
         "SLURM_ARRAY_TASK_ID: 13 does not count from SLURM_ARRAY_TASK_MIN 10 to "
         "SLURM_ARRAY_TASK_COUNT 4; use an array without gaps, or --shard"},
        {{NULL, NULL, NULL, NULL, "7", "7"},
         "OMPI_COMM_WORLD_RANK: 7 of OMPI_COMM_WORLD_SIZE 7 cannot be"},
        {{NULL, NULL, NULL, NULL, "1", "1000001"},
         "OMPI_COMM_WORLD_RANK: 1 of OMPI_COMM_WORLD_SIZE 1000001 cannot be"},
        {{"1", "4", NULL, NULL, "0", "250001"},
         "OMPI_COMM_WORLD_RANK: 0 of OMPI_COMM_WORLD_SIZE 250001 cannot be"},
        {{NULL, NULL, NULL, NULL, "a", "7"}, "OMPI_COMM_WORLD_RANK: 'a' is not a whole number"},
        {{NULL, NULL, NULL, NULL, "1", "b"}, "OMPI_COMM_WORLD_SIZE: 'b' is not a whole number"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct mca_sweep_shard shard;
        struct mca_error error;
        assert_int_equal(from_environment(cases[i].values, &shard, &error), MCA_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sweep_shard_option),
                                       cmocka_unit_test(test_sweep_shard_variables),
                                       cmocka_unit_test(test_sweep_shard_refuses_variables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

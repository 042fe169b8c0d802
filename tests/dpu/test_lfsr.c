/* Jumps of the lanes' generators against as many single steps. */
#include "dpu/lfsr.h"
#include "mca_test.h"

/* What the blocks of a jump make of a state, bit by bit. */
static uint32_t jumped(const struct mca_lfsr_jump *jump, uint32_t state) {
    uint32_t later = 0;
    for (uint32_t to = 0; to < 4; ++to) {
        for (uint32_t turn = 0; turn < 4; ++turn) {
            const uint64_t block = jump->block[turn][to][0];
            const uint32_t byte = state >> (8 * ((to + turn) % 4)) & 0xff;
            assert_int_equal(jump->block[turn][to][1], block);
            for (uint32_t i = 0; i < 8; ++i) {
                const uint32_t row = (uint32_t)(block >> (8 * (7 - i))) & 0xff;
                later ^= (uint32_t)__builtin_parity(row & byte) << (8 * to + i);
            }
        }
    }
    return later;
}

static void test_lfsr_jumps_are_many_steps(void **state) {
    (void)state;
    enum { COUNT = 200 };
    static struct mca_lfsr_jump jumps[COUNT];
    static const uint32_t starts[] = {1, 0x80000000u, 0xffffffffu, 0x12345678u, 2463534242u};
    mca_lfsr_jumps(jumps, COUNT);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; ++i) {
        uint32_t s = starts[i];
        for (uint32_t steps = 0; steps < COUNT; ++steps) {
            assert_int_equal(jumped(&jumps[steps], starts[i]), s);
            s = mca_lfsr_next(s);
        }
    }
}

/* Marsaglia's paper gives this value after the seed 2463534242. */
static void test_lfsr_known_answer(void **state) {
    (void)state;
    assert_int_equal(mca_lfsr_next(2463534242u), 723471715u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lfsr_jumps_are_many_steps),
        cmocka_unit_test(test_lfsr_known_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

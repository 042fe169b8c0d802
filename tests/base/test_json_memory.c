/* What jansson gets where memory is short: blocks of a reserve, each its own, until it is used up.
 * The linker sends the library's allocations through here. */
#include "base/json_memory.h"
#include "base/json_reader.h"

#include "mca_test.h"

#include <jansson.h>
#include <stdalign.h>
#include <sys/wait.h>
#include <unistd.h>

static int is_short;
static int before_short; /* blocks that are still given */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
    if (is_short && before_short == 0) {
        return NULL;
    }
    before_short -= before_short > 0;
    return __real_malloc(size);
}

enum { BLOCKS = 300, SIZE_MAX_BYTES = 257 };

static void test_json_memory_blocks_are_apart(void **state) {
    (void)state;
    json_malloc_t take;
    json_free_t back;
    unsigned char *blocks[BLOCKS];
    mca_json_use_reserve();
    json_get_alloc_funcs(&take, &back);
    is_short = 1;
    for (size_t i = 0; i < BLOCKS; ++i) {
        blocks[i] = take(i % SIZE_MAX_BYTES);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        memset(blocks[i], (int)(i % 251), i % SIZE_MAX_BYTES);
    }
    is_short = 0;
    assert_int_equal(mca_json_shortages(), BLOCKS);
    for (size_t i = 0; i < BLOCKS; ++i) {
        for (size_t k = 0; k < i % SIZE_MAX_BYTES; ++k) {
            assert_int_equal(blocks[i][k], i % 251);
        }
    }
    for (size_t i = 0; i < BLOCKS; ++i) {
        back(blocks[i]); /* not to the C library, which would end the process */
    }
    mca_json_give_back(take(10)); /* its own again */
    assert_int_equal(mca_json_shortages(), BLOCKS);
}

/* What jansson read from the reserve is not taken: the run would go on without memory. */
static void test_json_memory_short_while_a_file_is_read(void **state) {
    (void)state;
    struct mca_error error;
    json_t *root;
    char name[] = "/tmp/mca-json-XXXXXX";
    const int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, "{\"a\": [1, 2, 3]}", 16), 16);
    (void)close(file);
    before_short = 1; /* the text */
    is_short = 1;
    const enum mca_status status = mca__json_load(name, "file", &root, &error);
    is_short = 0;
    (void)unlink(name);
    assert_int_equal(status, MCA_FAILED);
}

/* 1 MiB is given, not more: then the process ends with one line. */
static void test_json_memory_ends_with_the_reserve(void **state) {
    (void)state;
    enum { PIECE = 1 << 10 };
    int line[2];
    int count[2];
    char told[64] = "";
    char marks[2048];
    int status;
    assert_int_equal(pipe(line) | pipe(count), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        json_malloc_t take;
        json_get_alloc_funcs(&take, NULL);
        is_short = 1;
        (void)dup2(line[1], STDERR_FILENO);
        for (int i = 0; i < 1100; ++i) {
            memset(take(PIECE - 1), 7, PIECE - 1);
            (void)!write(count[1], "x", 1);
        }
        _exit(0);
    }
    (void)close(line[1]);
    (void)close(count[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(read(line[0], told, sizeof told - 1) > 0);
    assert_string_equal(told, "out of memory: JSON\n");
    const ssize_t taken = read(count[0], marks, sizeof marks);
    assert_in_range(taken, 700, 1024); /* the test before took some */
    (void)close(line[0]);
    (void)close(count[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_memory_blocks_are_apart),
        cmocka_unit_test(test_json_memory_short_while_a_file_is_read),
        cmocka_unit_test(test_json_memory_ends_with_the_reserve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

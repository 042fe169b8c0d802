/* The hash that a sweep keeps of weights from outside: of names and contents, and of nothing else.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "base/remove_tree.h"
#include "mca_test.h"
#include "run/sums.h"

static char root[] = "/tmp/mca-sum-XXXXXX";

static const char *path_of(const char *name) {
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static uint64_t sum_of(const char *name) {
    uint64_t hash;
    struct mca_error error;
    if (mca_weights_sum(path_of(name), &hash, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    return hash;
}

static void test_weights_sum_is_of_names_and_contents(void **state) {
    (void)state;
    struct mca_error error;
    uint64_t hash;
    uint64_t seen[8];
    assert_non_null(mkdtemp(root));
    assert_int_equal(mkdir(path_of("w"), 0777), 0);
    assert_int_equal(mca_weights_sum(path_of("w"), &hash, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "/w: no .npy file is in it"));
    assert_int_equal(mca_weights_sum(path_of("none"), &hash, &error), MCA_SYSTEM);
    write_text("w/b.npy", "two");
    seen[0] = sum_of("w");
    write_text("w/a.npy", "one");
    seen[1] = sum_of("w");
    write_text("w/a.npy", "two");
    write_text("w/b.npy", "one");
    seen[2] = sum_of("w"); /* contents changed over */
    write_text("w/a.npy", "one!");
    seen[3] = sum_of("w"); /* the first alone */
    write_text("w/a.npy", "two");
    write_text("w/b.npy", "one!");
    seen[4] = sum_of("w"); /* the last alone */
    write_text("w/c.npy", "one!");
    assert_int_equal(unlink(path_of("w/b.npy")), 0);
    seen[5] = sum_of("w"); /* a name alone */
    write_text("file", "two");
    seen[6] = sum_of("file");
    write_text("file", "one");
    seen[7] = sum_of("file");
    for (size_t i = 0; i < 8; ++i) {
        for (size_t k = 0; k < i; ++k) {
            assert_true(seen[i] != seen[k]);
        }
    }
    /* what is no array does not count, nor which was written first */
    write_text("w/notes.txt", "any");
    assert_true(sum_of("w") == seen[5]);
    assert_int_equal(unlink(path_of("w/c.npy")), 0);
    assert_int_equal(unlink(path_of("w/a.npy")), 0);
    write_text("w/a.npy", "one");
    write_text("w/b.npy", "two");
    assert_true(sum_of("w") == seen[1]);
    assert_int_equal(mca_remove_tree(root), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_sum_is_of_names_and_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What must be on the disk is synced, all of it, or the failure is told. The calls are watched by
 * way of the linker. */
#include "base/durable_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mca_test.h"

static int syncs;
static int fdopendir_fails;
static int readdir_fails_after; /* 0: never */

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd) {
    ++syncs;
    return __real_fsync(fd);
}

DIR *__real_fdopendir(int fd);
DIR *__wrap_fdopendir(int fd);
DIR *__wrap_fdopendir(int fd) {
    if (fdopendir_fails) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_fdopendir(fd);
}

struct dirent *__real_readdir(DIR *stream);
struct dirent *__wrap_readdir(DIR *stream);
struct dirent *__wrap_readdir(DIR *stream) {
    if (readdir_fails_after > 0 && --readdir_fails_after == 0) {
        errno = EIO;
        return NULL;
    }
    return __real_readdir(stream);
}

static void make_file(const char *path) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

/* How many descriptors are open. */
static int open_descriptors(void) {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void test_durable_file_syncs_a_whole_tree(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-durable-XXXXXX";
    char a[64];
    char below[64];
    char b[64];
    struct mca_error error;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(a, sizeof a, "%s/a", dir);
    (void)snprintf(below, sizeof below, "%s/below", dir);
    (void)snprintf(b, sizeof b, "%s/below/b", dir);
    make_file(a);
    assert_int_equal(mkdir(below, 0777), 0);
    make_file(b);
    const int before = open_descriptors();
    syncs = 0;
    assert_int_equal(mca_sync_tree(dir, &error), MCA_OK);
    assert_int_equal(syncs, 4); /* two files, two directories */
    /* a directory that cannot be listed is not taken for an empty one */
    fdopendir_fails = 1; /* for memory */
    assert_int_equal(mca_sync_tree(dir, &error), MCA_FAILED);
    fdopendir_fails = 0;
    for (int after = 1; after <= 4; ++after) {
        readdir_fails_after = after;
        assert_int_equal(mca_sync_tree(dir, &error), MCA_SYSTEM);
    }
    readdir_fails_after = 0;
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(unlink(b), 0);
    assert_int_equal(rmdir(below), 0);
    assert_int_equal(unlink(a), 0);
    assert_int_equal(rmdir(dir), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durable_file_syncs_a_whole_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

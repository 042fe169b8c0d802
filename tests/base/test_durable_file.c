/* What must be on the disk is synced, all of it, or the failure is told. The calls are watched by
 * way of the linker. */
#include "base/durable_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/out_file.h"
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

static int directories_are_closed; /* may be entered, not read */
static int file_system_syncs;
static int names_taken; /* by somebody else, before one is free */
static char last_opened[512];

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode) {
    const size_t length = strlen(path);
    if (directories_are_closed && length > 2 && strcmp(path + length - 2, "/.") == 0) {
        errno = directories_are_closed;
        return -1;
    }
    if (flags & O_CREAT) {
        assert_true((flags & O_EXCL) && (flags & O_NOFOLLOW));
        assert_string_not_equal(path, last_opened);
        (void)snprintf(last_opened, sizeof last_opened, "%s", path);
        if (names_taken > 0) {
            --names_taken;
            errno = EEXIST;
            return -1;
        }
    }
    return __real_open(path, flags, mode);
}

int __real_syncfs(int fd);
int __wrap_syncfs(int fd);
int __wrap_syncfs(int fd) {
    ++file_system_syncs;
    return __real_syncfs(fd);
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

/* What stands in the file, "" where there is none. */
static void read_file(const char *path, char text[64]) {
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (file) {
        text[fread(text, 1, 63, file)] = '\0';
        assert_int_equal(fclose(file), 0);
    }
}

static int entries_of(const char *dir) {
    DIR *stream = opendir(dir);
    int count = 0;
    assert_non_null(stream);
    while (readdir(stream)) {
        ++count;
    }
    assert_int_equal(closedir(stream), 0);
    return count - 2; /* "." and ".." */
}

static void test_durable_file_gives_a_new_file_its_name_when_it_is_whole(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-durable-XXXXXX";
    char path[64];
    char text[64];
    struct mca_error error;
    struct mca_new_file file;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/a", dir);
    names_taken = 3;
    assert_int_equal(mca_new_file_open(&file, path, &error), MCA_OK);
    (void)fputs("one", file.file);
    read_file(path, text);
    assert_string_equal(text, "");
    syncs = 0;
    assert_int_equal(mca_new_file_end(&file, MCA_OK, &error), MCA_OK);
    assert_int_equal(syncs, 2); /* itself, its directory */
    read_file(path, text);
    assert_string_equal(text, "one");
    /* what was not written to its end leaves the old one, and nothing else */
    assert_int_equal(mca_new_file_open(&file, path, &error), MCA_OK);
    (void)fputs("two", file.file);
    assert_int_equal(mca_new_file_end(&file, MCA_FAILED, &error), MCA_FAILED);
    read_file(path, text);
    assert_string_equal(text, "one");
    assert_int_equal(entries_of(dir), 1);
    names_taken = 1000; /* there is an end to trying */
    assert_int_equal(mca_new_file_open(&file, path, &error), MCA_SYSTEM);
    names_taken = 0;
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
}

static void test_durable_file_syncs_what_is_in_a_closed_directory(void **state) {
    (void)state;
    char path[] = "/tmp/mca-durable-XXXXXX";
    struct mca_error error;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    const int before = open_descriptors();
    directories_are_closed = EACCES;
    file_system_syncs = 0;
    assert_int_equal(mca_sync_parent(path, &error), MCA_OK);
    assert_int_equal(file_system_syncs, 1);
    directories_are_closed = ENOMEM; /* no other failure is taken for that one */
    assert_int_equal(mca_sync_parent(path, &error), MCA_FAILED);
    directories_are_closed = EIO;
    assert_int_equal(mca_sync_parent(path, &error), MCA_SYSTEM);
    directories_are_closed = 0;
    assert_int_equal(file_system_syncs, 1);
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(unlink(path), 0);
}

/* Written past the stream's buffer, the data fail at once, and the end has nothing left to fail. */
/* No name is cut short to fit. */
static void test_out_file_refuses_a_path_that_is_too_long(void **state) {
    (void)state;
    struct mca_out_file out;
    struct mca_error error;
    char dir[sizeof out.path];
    memset(dir, 'x', sizeof dir);
    for (size_t i = 9; i < sizeof dir; i += 10) {
        dir[i] = '/';
    }
    dir[sizeof dir - sizeof "/name"] = 0; /* a character too many */
    assert_int_equal(mca_out_open(&out, dir, "name.", &error), MCA_SYSTEM);
    assert_string_equal(error.message, "name.: the directory's path is too long");
    assert_int_equal(mca_out_open(&out, dir, "name", &error), MCA_SYSTEM); /* as long as can be */
    assert_int_equal(strncmp(error.message, dir, 100), 0);
}

static void test_out_file_tells_why_an_early_write_failed(void **state) {
    (void)state;
    static char data[1 << 16];
    struct mca_out_file out;
    struct mca_error error;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    assert_int_equal(mca_out_open(&out, "/dev", "full", &error), MCA_OK);
    assert_true(fwrite(data, 1, sizeof data, out.file) < sizeof data);
    assert_int_equal(mca_out_close(&out, &error), MCA_SYSTEM);
    assert_string_equal(error.message, "/dev/full: cannot be written: No space left on device");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durable_file_syncs_a_whole_tree),
        cmocka_unit_test(test_durable_file_gives_a_new_file_its_name_when_it_is_whole),
        cmocka_unit_test(test_durable_file_syncs_what_is_in_a_closed_directory),
        cmocka_unit_test(test_out_file_refuses_a_path_that_is_too_long),
        cmocka_unit_test(test_out_file_tells_why_an_early_write_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

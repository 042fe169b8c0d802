/* Component libraries as files, for tests: the reference one's text, and temporary ones. */
#ifndef MCA_TESTS_COST_LIBRARY_FILES_H
#define MCA_TESTS_COST_LIBRARY_FILES_H

#include <unistd.h>

#include "cost/component_library.h"
#include "cost/cost_test.h"

#define LIBRARIES_DIR MCA_TEST_SOURCE_DIR "/scenarios/components"

/* Bytes of a file, with a zero after them; to be freed. */
static inline char *read_text(const char *path) {
    enum { SIZE = 1 << 17 };
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("%s cannot be opened", path);
    }
    char *text = calloc(1, SIZE);
    assert_non_null(text);
    assert_true(fread(text, 1, SIZE - 1, file) < SIZE - 1);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* A temporary file, named by its template, with these bytes. */
static inline void write_temporary(char *path, const char *bytes, size_t size) {
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(close(fd), 0);
}

/* DIR/NAME with this text; its path into `path`. */
static inline void write_in(const char *dir, const char *name, const char *text, char path[64]) {
    (void)snprintf(path, 64, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Loads a library that must load. */
static inline struct mca_component_library loaded(const char *name) {
    struct mca_component_library library;
    struct mca_error error = {""};
    if (mca_component_library_load(&library, name, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    return library;
}

/* Names are looked up in the source tree, whatever the caller's environment says. */
static inline int forget_components_dir(void **state) {
    (void)state;
    return unsetenv("MCA_COMPONENTS_DIR");
}

#endif

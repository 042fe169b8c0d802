#define _GNU_SOURCE /* dladdr */
#include "base/data_places.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

/* What dladdr is asked about: it lies in the program or, if there is one, in the shared library. */
static const char in_this_object = 0;

/* Adds a folder that is not there yet; an existing one by its name without links. */
static void add(struct mca_data_places *places, const char *dir) {
    char real[PATH_MAX];
    const char *name = realpath(dir, real) ? real : dir;
    if (strlen(name) >= MCA_DATA_PLACE_SIZE) {
        return;
    }
    for (int i = 0; i < places->count; ++i) {
        if (strcmp(places->dirs[i], name) == 0) {
            return;
        }
    }
    memcpy(places->dirs[places->count++], name, strlen(name) + 1);
}

/* 1 where `file` is the running program: libmca is then linked with it. */
static int is_program(const char *file) {
    char own[PATH_MAX];
    char program[PATH_MAX];
    return realpath(file, own) && realpath("/proc/self/exe", program) && strcmp(own, program) == 0;
}

/* Adds "FOLDER OF FILE/relative", steps of "../" taken from the name: the folder need not exist. */
static void add_seen_from(struct mca_data_places *places, const char *file, const char *relative) {
    char path[PATH_MAX];
    if (!realpath(file, path)) {
        return;
    }
    char *slash = strrchr(path, '/');
    while (slash && strncmp(relative, "../", 3) == 0) {
        *slash = '\0';
        relative += 3;
        slash = strrchr(path, '/');
    }
    if (!slash) {
        return;
    }
    char dir[MCA_DATA_PLACE_SIZE];
    *slash = '\0';
    const int length = snprintf(dir, sizeof dir, "%s/%s", path, relative);
    if (length > 0 && (size_t)length < sizeof dir) {
        add(places, dir);
    }
}

void mca_data_places(struct mca_data_places *places) {
    Dl_info here;
    const char *told = getenv("MCA_DATA_DIR");
    places->count = 0;
    if (told && told[0]) {
        add(places, told);
    }
    if (dladdr(&in_this_object, &here) != 0 && here.dli_fname && !is_program(here.dli_fname)) {
        add_seen_from(places, here.dli_fname, MCA_DATA_FROM_LIBRARY);
    }
    add_seen_from(places, "/proc/self/exe", MCA_DATA_FROM_PROGRAM);
    add(places, MCA_CONFIGURED_DATA_DIR);
}

const char *mca_data_places_text(const struct mca_data_places *places, const char *below,
                                 char *text, size_t size) {
    text[0] = '\0';
    for (int i = 0; i < places->count; ++i) {
        const char *between = i == 0 ? "" : i + 1 < places->count ? ", " : " or ";
        mca_text_add(text, size, "%s%s/%s", between, places->dirs[i], below);
    }
    return text;
}

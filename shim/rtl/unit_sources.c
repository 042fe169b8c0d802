#include "shim/rtl/unit_sources.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_input.h"

/* Lists that name lists. */
enum { DEPTH_MAX = 16 };

void mca__dpu_unit_hash_text(XXH3_state_t *hash, const char *text) {
    (void)XXH3_128bits_update(hash, text, strlen(text) + 1);
}

enum mca_status mca__dpu_unit_hash_file(XXH3_state_t *hash, const char *path,
                                        struct mca_error *error) {
    char bytes[16384];
    FILE *file;
    MCA_TRY(mca_open_regular(path, &file, error));
    size_t count;
    uint64_t size = 0;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0) {
        (void)XXH3_128bits_update(hash, bytes, count);
        size += count;
    }
    (void)XXH3_128bits_update(hash, &size, sizeof size);
    const enum mca_status status = ferror(file) ? mca_fail_errno(error, "%s", path) : MCA_OK;
    (void)fclose(file);
    return status;
}

/* What a design reads: not the waveforms and folders that lie beside it, nor an editor's files. */
static int is_of_design(const struct dirent *entry) {
    static const char *const SUFFIXES[] = {".v",   ".sv",  ".vh",  ".svh",
                                           ".inc", ".mem", ".hex", ".dat"};
    const char *dot = entry->d_name[0] == '.' ? NULL : strrchr(entry->d_name, '.');
    for (size_t i = 0; dot && i < sizeof SUFFIXES / sizeof SUFFIXES[0]; ++i) {
        if (strcmp(dot, SUFFIXES[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* In the order of bytes, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static enum mca_status hash_folder(XXH3_state_t *hash, const char *path, struct mca_error *error) {
    struct dirent **entries;
    errno = 0;
    const int count = scandir(path, &entries, is_of_design, by_name);
    if (count < 0) {
        return mca_fail_errno(error, "%s", path);
    }
    enum mca_status status = MCA_OK;
    for (int i = 0; i < count; ++i) {
        char file[MCA_PATH_SIZE];
        (void)snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (status == MCA_OK && is_file(file)) {
            mca__dpu_unit_hash_text(hash, entries[i]->d_name);
            status = mca__dpu_unit_hash_file(hash, file, error);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* A list's words, and where its names count from. What its words do not name is Verilator's to
 * tell: it knows comments, quotes and variables, whose text is hashed with the list. */
struct list {
    XXH3_state_t *hash;
    char folder[MCA_PATH_SIZE]; /* with the slash, or empty */
    int depth;
    int is_list_next;   /* the word before was -f or -F */
    int is_from_here;   /* it was -f: names in that list count from the working directory */
    int is_folder_next; /* -y */
};

static enum mca_status hash_list(XXH3_state_t *hash, const char *path, int is_from_here, int depth,
                                 struct mca_error *error);

static void place(const struct list *list, const char *name, char path[MCA_PATH_SIZE]) {
    (void)snprintf(path, MCA_PATH_SIZE, "%s%s", name[0] == '/' ? "" : list->folder, name);
}

static enum mca_status hash_named_folder(struct list *list, const char *name,
                                         struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    place(list, name, path);
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? hash_folder(list->hash, path, error)
                                                           : MCA_OK;
}

/* +incdir+A+B */
static enum mca_status hash_incdirs(struct list *list, char *names, struct mca_error *error) {
    char *rest = names;
    for (char *name = strtok_r(names, "+", &rest); name; name = strtok_r(NULL, "+", &rest)) {
        MCA_TRY(hash_named_folder(list, name, error));
    }
    return MCA_OK;
}

static enum mca_status hash_word(struct list *list, char *word, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    const int is_list = list->is_list_next;
    const int is_from_here = list->is_from_here;
    const int is_folder = list->is_folder_next;
    list->is_list_next = strcmp(word, "-f") == 0 || strcmp(word, "-F") == 0;
    list->is_from_here = strcmp(word, "-f") == 0;
    list->is_folder_next = strcmp(word, "-y") == 0;
    if (is_folder) {
        return hash_named_folder(list, word, error);
    }
    if (strncmp(word, "+incdir+", 8) == 0) {
        return hash_incdirs(list, word + 8, error);
    }
    if (strncmp(word, "-I", 2) == 0) {
        return hash_named_folder(list, word + 2, error);
    }
    if (word[0] == '-' || word[0] == '+') {
        return MCA_OK; /* what it says is in the list's own bytes */
    }
    place(list, word, path);
    if (!is_file(path)) {
        return MCA_OK;
    }
    return is_list ? hash_list(list->hash, path, is_from_here, list->depth + 1, error)
                   : mca__dpu_unit_hash_file(list->hash, path, error);
}

/* The words of a line; Verilator's comments are // and # with a space behind. */
static enum mca_status hash_line(struct list *list, char *line, struct mca_error *error) {
    char *rest = line;
    for (char *word = strtok_r(line, " \t\r\n", &rest); word;
         word = strtok_r(NULL, " \t\r\n", &rest)) {
        if (strncmp(word, "//", 2) == 0 || word[0] == '#') {
            break;
        }
        MCA_TRY(hash_word(list, word, error));
    }
    return MCA_OK;
}

static enum mca_status hash_list(XXH3_state_t *hash, const char *path, int is_from_here, int depth,
                                 struct mca_error *error) {
    struct list list = {.hash = hash, .depth = depth};
    const char *slash = strrchr(path, '/');
    if (depth > DEPTH_MAX) {
        return mca_fail(error, MCA_INVALID, "%s: lists that name one another", path);
    }
    (void)snprintf(list.folder, sizeof list.folder, "%.*s",
                   slash && !is_from_here ? (int)(slash - path) + 1 : 0, path);
    MCA_TRY(mca__dpu_unit_hash_file(hash, path, error));
    FILE *file;
    MCA_TRY(mca_open_regular(path, &file, error));
    char *line = NULL;
    size_t size = 0;
    enum mca_status status = MCA_OK;
    while (status == MCA_OK && getline(&line, &size, file) >= 0) {
        struct mca_error reason;
        status = hash_line(&list, line, &reason);
        if (status != MCA_OK) {
            (void)mca_fail(error, status, "%s: %s", path, reason.message);
        }
    }
    free(line);
    (void)fclose(file);
    return status;
}

enum mca_status mca__dpu_unit_hash_rtl(XXH3_state_t *hash, const char *path,
                                       struct mca_error *error) {
    struct stat info;
    if (stat(path, &info) != 0) {
        return mca_fail_errno(error, "%s", path);
    }
    if (S_ISDIR(info.st_mode)) {
        return hash_folder(hash, path, error);
    }
    const char *dot = strrchr(path, '.');
    if (dot && (strcmp(dot, ".v") == 0 || strcmp(dot, ".sv") == 0)) {
        return mca_fail(error, MCA_INVALID,
                        "%s: a folder of Verilog, or a list of its files, is needed", path);
    }
    return hash_list(hash, path, 0, 0, error);
}

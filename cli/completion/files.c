/* Files and folders as candidates: those that a command can do something with, and folders on the
 * way to others. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shipped.h"
#include "cli/completion/line.h"
#include "run/finished_run.h"

enum { PATH_SIZE = 4096, NAME_SIZE = 256 };

/* What a file or folder is for the command; NULL where it is nothing. */
typedef const char *is_wanted_fn(const char *path, int is_folder);

static int ends_in(const char *path, const char *end) {
    const size_t length = strlen(path);
    return length > strlen(end) && strcmp(path + length - strlen(end), end) == 0;
}

static const char *is_file(const char *path, int is_folder) {
    (void)path;
    return is_folder ? NULL : "file";
}

static const char *is_folder_alone(const char *path, int is_folder) {
    (void)path;
    (void)is_folder;
    return NULL; /* and every folder leads on */
}

static const char *is_yaml(const char *path, int is_folder) {
    return !is_folder && (ends_in(path, ".yaml") || ends_in(path, ".yml")) ? "file" : NULL;
}

static const char *is_npz(const char *path, int is_folder) {
    return !is_folder && ends_in(path, ".npz") ? "weights" : NULL;
}

static int has(const char *folder, const char *name) {
    char path[PATH_SIZE + NAME_SIZE];
    struct stat about;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static const char *is_run(const char *path, int is_folder) {
    return is_folder && has(path, "summary.json") && has(path, "ledger.json") ? "finished run"
                                                                              : NULL;
}

static const char *is_run_or_sweep(const char *path, int is_folder) {
    return is_folder && mca_is_sweep(path) ? "sweep" : is_run(path, is_folder);
}

static const char *is_run_or_scenario(const char *path, int is_folder) {
    return is_folder ? is_run(path, is_folder) : is_yaml(path, is_folder);
}

/* The folder that a part of a path stands in, "" for this one; a home directory in full. */
static void folder_of(const char *part, size_t length, char folder[PATH_SIZE]) {
    const char *home = getenv("HOME");
    const int is_home = home && length >= 2 && strncmp(part, "~/", 2) == 0;
    (void)snprintf(folder, PATH_SIZE, "%s%.*s", is_home ? home : "", (int)length - is_home,
                   part + is_home);
}

static void put_entry(const struct cli__line *line, const char *folder, const char *name,
                      is_wanted_fn *is_wanted) {
    char path[PATH_SIZE + NAME_SIZE];
    struct stat about;
    (void)snprintf(path, sizeof path, "%s%s", folder, name);
    if (stat(path, &about) != 0) {
        return;
    }
    const int is_folder = S_ISDIR(about.st_mode);
    const char *what = is_wanted(path, is_folder);
    if (what || is_folder) {
        cli__put(line, name, what ? "" : "/", what ? what : "folder");
    }
}

static void put_paths(const struct cli__line *line, is_wanted_fn *is_wanted) {
    const char *slash = strrchr(line->part, '/');
    const size_t length = slash ? (size_t)(slash - line->part) + 1 : 0;
    const struct cli__line within = cli__line_from(line, length);
    char folder[PATH_SIZE];
    struct dirent **entries;
    folder_of(line->part, length, folder);
    const int count = scandir(folder[0] ? folder : ".", &entries, NULL, alphasort);
    for (int i = 0; i < count; ++i) {
        const char *name = entries[i]->d_name;
        if (name[0] != '.' || (within.part[0] == '.' && name[strspn(name, ".")] != '\0')) {
            put_entry(&within, folder, name, is_wanted);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

/* Names of files that come with the program. */
static void put_names(const struct cli__line *line, enum mca_shipped kind, const char *what) {
    struct mca_names names;
    struct mca_error ignored;
    if (mca_shipped_names(kind, &names, &ignored) != MCA_OK) {
        return;
    }
    for (size_t i = 0; i < names.count; ++i) {
        cli__put(line, names.names[i], "", what);
    }
    mca_names_deinit(&names);
}

void cli__put_files(const struct cli__line *line) {
    put_paths(line, is_file);
}

void cli__put_folders(const struct cli__line *line) {
    put_paths(line, is_folder_alone);
}

void cli__put_sweeps(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_SWEEP, "sweep");
    put_paths(line, is_yaml);
}

void cli__put_searches(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_SEARCH, "search");
    put_paths(line, is_yaml);
}

void cli__put_weights(const struct cli__line *line) {
    put_paths(line, is_npz);
}

void cli__put_runs(const struct cli__line *line) {
    put_paths(line, strcmp(line->command->name, "report") == 0 ? is_run_or_sweep : is_run);
}

void cli__put_runs_and_scenarios(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_SCENARIO, "scenario");
    put_paths(line, is_run_or_scenario);
}

void cli__put_scenarios(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_SCENARIO, "scenario");
    put_paths(line, is_yaml);
}

void cli__put_libraries(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_LIBRARY, "component library");
    put_paths(line, is_yaml);
}

void cli__put_shipped(const struct cli__line *line) {
    put_names(line, MCA_SHIPPED_SCENARIO, "scenario");
    put_names(line, MCA_SHIPPED_SWEEP, "sweep");
    put_names(line, MCA_SHIPPED_SEARCH, "search");
    put_names(line, MCA_SHIPPED_LIBRARY, "component library");
}

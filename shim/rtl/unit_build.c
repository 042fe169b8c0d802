#define _GNU_SOURCE /* pipe2 */
#include "shim/rtl/unit_build.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/data_places.h"
#include "shim/rtl/unit_sources.h"

extern char **environ;

static const char *const WAVEFORMS[] = {"none", "vcd", "fst"};

/* Of dpu.v; those that follow from others included. */
enum { PARAMETERS = 14, PARAMETER_SIZE = 32 };

static uint32_t log2_of(uint32_t power) {
    uint32_t bits = 0;
    while (power >> bits > 1) {
        ++bits;
    }
    return bits;
}

static void name_parameters(const struct mca_dpu_rtl_set *set,
                            char text[PARAMETERS][PARAMETER_SIZE]) {
    const struct {
        const char *name;
        uint32_t value;
    } parameters[PARAMETERS] = {
        {"LANES", set->lanes},           {"LANE_BITS", log2_of(set->lanes)},
        {"WORD_BITS", set->word_bits},   {"LAYERS", (uint32_t)1 << set->layer_bits},
        {"LAYER_BITS", set->layer_bits}, {"TILES", (uint32_t)1 << set->tile_bits},
        {"TILE_BITS", set->tile_bits},   {"ADDR_BITS", set->addr_bits},
        {"ACT_BITS", set->act_bits},     {"ERR_BITS", set->err_bits},
        {"DAC_BITS", set->dac_bits},     {"CHI_BITS", set->chi_bits},
        {"FRAC_BITS", set->frac_bits},   {"DEPTH_BITS", set->depth_bits},
    };
    for (size_t i = 0; i < PARAMETERS; ++i) {
        (void)snprintf(text[i], PARAMETER_SIZE, "%s=%" PRIu32, parameters[i].name,
                       parameters[i].value);
    }
}

static const char *top_of(const struct mca__dpu_unit_recipe *recipe) {
    return recipe->wanted->source.top ? recipe->wanted->source.top : "dpu";
}

/* Where the file `inside` of the installed folder `name` is. */
static enum mca_status find_folder(const char *name, const char *inside, char path[MCA_PATH_SIZE],
                                   struct mca_error *error) {
    struct mca_data_places places;
    mca_data_places(&places);
    for (int i = 0; i < places.count; ++i) {
        char file[MCA_DATA_PLACE_SIZE + 64];
        (void)snprintf(file, sizeof file, "%s/%s/%s", places.dirs[i], name, inside);
        if (access(file, R_OK) == 0 && strlen(places.dirs[i]) + strlen(name) + 2 < MCA_PATH_SIZE) {
            path[0] = '\0';
            mca_text_add(path, MCA_PATH_SIZE, "%s/%s", places.dirs[i], name);
            return MCA_OK;
        }
    }
    char searched[512];
    return mca_fail(error, MCA_SYSTEM, "no %s/%s in %s", name, inside,
                    mca_data_places_text(&places, name, searched, sizeof searched));
}

enum mca_status mca__dpu_unit_recipe_init(struct mca__dpu_unit_recipe *recipe,
                                          const struct mca_dpu_rtl_wanted *wanted,
                                          struct mca_error *error) {
    recipe->wanted = wanted;
    if (wanted->source.path && !wanted->source.path[0]) {
        return mca_fail(error, MCA_INVALID, "--rtl: no name of a folder or a list of files");
    }
    if (wanted->source.top && !wanted->source.top[0]) {
        return mca_fail(error, MCA_INVALID, "--top: no name of a module");
    }
    MCA_TRY(find_folder("unit", "verilate", recipe->tools, error));
    if (!wanted->source.path) {
        return find_folder("rtl", "dpu.v", recipe->rtl, error);
    }
    /* the build works elsewhere, so that the name has to be one from the root */
    char *real = realpath(wanted->source.path, NULL);
    if (!real) {
        return mca_fail_errno(error, "%s", wanted->source.path);
    }
    recipe->rtl[0] = '\0';
    mca_text_add(recipe->rtl, sizeof recipe->rtl, "%s", real);
    free(real);
    return MCA_OK;
}

/* A file by its name, size and time of change: programs are not asked for their version. */
static int hash_identity(XXH3_state_t *hash, const char *path) {
    struct stat info;
    char text[128];
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return 0;
    }
    (void)snprintf(text, sizeof text, "%jd %jd.%09ld", (intmax_t)info.st_size,
                   (intmax_t)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    mca__dpu_unit_hash_text(hash, path);
    mca__dpu_unit_hash_text(hash, text);
    return 1;
}

/* The program that `command` begins with, found as a shell does. */
static void hash_program(XXH3_state_t *hash, const char *command) {
    const char *path = getenv("PATH");
    const int length = (int)strcspn(command, " ");
    char file[MCA_PATH_SIZE];
    char real[PATH_MAX];
    mca__dpu_unit_hash_text(hash, command);
    path = memchr(command, '/', (size_t)length) ? "" : path ? path : "/usr/bin:/bin";
    for (;;) {
        const int folder = (int)strcspn(path, ":");
        file[0] = '\0';
        mca_text_add(file, sizeof file, "%.*s%s%.*s", folder, path, folder > 0 ? "/" : "", length,
                     command);
        if (access(file, X_OK) == 0 && realpath(file, real) && hash_identity(hash, real)) {
            /* Verilator's own program stands beside the one that is called */
            file[0] = '\0';
            mca_text_add(file, sizeof file, "%s_bin", real);
            (void)hash_identity(hash, file);
            return;
        }
        if (path[folder] == '\0') {
            return;
        }
        path += folder + 1;
    }
}

static const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && value[0] ? value : otherwise;
}

static enum mca_status hash_all(XXH3_state_t *hash, const struct mca__dpu_unit_recipe *recipe,
                                struct mca_error *error) {
    static const char *const TOOLS[] = {"verilate", "ports.txt", "verilated_unit.cpp",
                                        "waveform.hpp", "dpu_unit.h"};
    char parameters[PARAMETERS][PARAMETER_SIZE];
    name_parameters(&recipe->wanted->set, parameters);
    for (size_t i = 0; i < PARAMETERS; ++i) {
        mca__dpu_unit_hash_text(hash, parameters[i]);
    }
    mca__dpu_unit_hash_text(hash, WAVEFORMS[recipe->wanted->waveform]);
    mca__dpu_unit_hash_text(hash, top_of(recipe));
    /* where it counts, the unit finds the folder when it ends */
    mca__dpu_unit_hash_text(hash, variable("MCA_RTL_COVERAGE_DIR", "")[0] ? "coverage" : "");
    /* what the unit says names the place of the user's files */
    mca__dpu_unit_hash_text(hash, recipe->wanted->source.path ? recipe->rtl : "");
    hash_program(hash, variable("VERILATOR", "verilator"));
    hash_program(hash, variable("CXX", "c++"));
    for (size_t i = 0; i < sizeof TOOLS / sizeof TOOLS[0]; ++i) {
        char path[MCA_PATH_SIZE + 32];
        (void)snprintf(path, sizeof path, "%s/%s", recipe->tools, TOOLS[i]);
        MCA_TRY(mca__dpu_unit_hash_file(hash, path, error));
    }
    return mca__dpu_unit_hash_rtl(hash, recipe->rtl, error);
}

enum mca_status mca__dpu_unit_key(const struct mca__dpu_unit_recipe *recipe,
                                  char key[MCA_UNIT_KEY_SIZE], struct mca_error *error) {
    XXH3_state_t *hash = XXH3_createState();
    if (!hash) {
        return mca_fail_memory(error, "digital unit");
    }
    (void)XXH3_128bits_reset(hash);
    const enum mca_status status = hash_all(hash, recipe, error);
    const XXH128_hash_t sum = XXH3_128bits_digest(hash);
    (void)snprintf(key, MCA_UNIT_KEY_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)sum.high64,
                   (uint64_t)sum.low64);
    (void)XXH3_freeState(hash);
    return status;
}

/* What a process says on its standard output, as far as there is room, until it ends or has to. */
static enum mca_status hear(int fd, pid_t process, const struct mca_observer *observer, char *text,
                            size_t size) {
    enum mca_status stopped = MCA_OK;
    size_t length = 0;
    for (;;) {
        char bytes[512];
        struct pollfd waits = {.fd = fd, .events = POLLIN};
        if (poll(&waits, 1, 100) <= 0) {
            const int stop = stopped == MCA_OK ? mca_observer_stop(observer) : 0;
            if (stop) {
                stopped = (enum mca_status)stop;
                (void)kill(-process, SIGTERM);
            }
            continue;
        }
        const ssize_t got = read(fd, bytes, sizeof bytes);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        for (ssize_t i = 0; i < got && length + 1 < size; ++i) {
            text[length++] = bytes[i];
        }
    }
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return stopped;
}

static int spawn(char *const *arguments, int output, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int number = posix_spawn_file_actions_init(&actions);
    if (number != 0) {
        return number;
    }
    number = posix_spawnattr_init(&attributes);
    if (number == 0) {
        /* a group of its own, so that all of it can be ended */
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        number = posix_spawn_file_actions_adddup2(&actions, output, 1);
        number = number ? number
                        : posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        number = number
                     ? number
                     : posix_spawn(process, "/bin/sh", &actions, &attributes, arguments, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return number;
}

/* Runs a program; `status` gets its exit status, or -1, and `text` the first line that it says. */
static enum mca_status run(char *const *arguments, const struct mca_observer *observer, int *status,
                           char *text, size_t size, struct mca_error *error) {
    int ends[2];
    pid_t process;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return mca_fail_errno(error, "digital unit");
    }
    errno = spawn(arguments, ends[1], &process);
    const enum mca_status spawned = errno ? mca_fail_errno(error, "/bin/sh") : MCA_OK;
    (void)close(ends[1]);
    enum mca_status stopped = MCA_OK;
    enum mca_status waited = MCA_OK;
    if (spawned == MCA_OK) {
        int raw = -1; /* neither of an end nor of a signal */
        stopped = hear(ends[0], process, observer, text, size);
        pid_t ended;
        while ((ended = waitpid(process, &raw, 0)) < 0 && errno == EINTR) {
        }
        if (ended < 0) { /* as where the caller ignores the ends of children */
            waited = mca_fail_errno(error, "/bin/sh");
        }
        *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
        if (ended > 0 && WIFSIGNALED(raw)) {
            (void)snprintf(text, size, "/bin/sh: ended by signal %d", WTERMSIG(raw));
        }
    }
    (void)close(ends[0]);
    if (stopped != MCA_OK) {
        return mca_fail(error, stopped, "interrupted");
    }
    return spawned != MCA_OK ? spawned : waited;
}

enum mca_status mca__dpu_unit_build(const struct mca__dpu_unit_recipe *recipe, const char *folder,
                                    const char *object, const struct mca_observer *observer,
                                    struct mca_error *error) {
    char parameters[PARAMETERS][PARAMETER_SIZE];
    char script[MCA_PATH_SIZE + 32];
    char reason[512];
    int exit_status = -1;
    (void)snprintf(script, sizeof script, "%s/verilate", recipe->tools);
    name_parameters(&recipe->wanted->set, parameters);
    const char *arguments[8 + PARAMETERS] = {
        "sh",        script,        folder, object, WAVEFORMS[recipe->wanted->waveform],
        recipe->rtl, top_of(recipe)};
    for (size_t i = 0; i < PARAMETERS; ++i) {
        arguments[7 + i] = parameters[i];
    }
    MCA_TRY(run((char *const *)(uintptr_t)arguments, observer, &exit_status, reason, sizeof reason,
                error));
    if (exit_status == 0) {
        return MCA_OK;
    }
    return mca_fail(error,
                    exit_status == 2   ? MCA_INVALID
                    : exit_status == 3 ? MCA_SYSTEM
                                       : MCA_FAILED,
                    "%s", reason[0] ? reason : "the digital unit could not be built");
}

#include "base/shipped.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/suggest.h"

static const char YAML[] = ".yaml";

static const struct {
    const char *what;
    const char *folder;
} KINDS[MCA_SHIPPED_KINDS] = {
    [MCA_SHIPPED_SCENARIO] = {"scenario", "scenarios"},
    [MCA_SHIPPED_SWEEP] = {"sweep", "scenarios/sweeps"},
    [MCA_SHIPPED_LIBRARY] = {"component library", "scenarios/components"},
    [MCA_SHIPPED_SEARCH] = {"search", "scenarios/optimise"},
};

void mca_shipped_folders(enum mca_shipped kind, struct mca_shipped_folders *folders) {
    struct mca_data_places places;
    const char *own = kind == MCA_SHIPPED_LIBRARY ? getenv("MCA_COMPONENTS_DIR") : NULL;
    folders->count = 0;
    if (own && own[0] && strlen(own) < sizeof folders->dirs[0]) {
        (void)snprintf(folders->dirs[folders->count++], sizeof folders->dirs[0], "%s", own);
    }
    mca_data_places(&places);
    for (int i = 0; i < places.count; ++i) {
        (void)snprintf(folders->dirs[folders->count++], sizeof folders->dirs[0], "%s/%s",
                       places.dirs[i], KINDS[kind].folder);
    }
}

static int find(enum mca_shipped kind, const char *name, char *path, size_t size) {
    struct mca_shipped_folders folders;
    mca_shipped_folders(kind, &folders);
    for (int i = 0; i < folders.count; ++i) {
        const int length = snprintf(path, size, "%s/%s%s", folders.dirs[i], name, YAML);
        if (length > 0 && (size_t)length < size && access(path, R_OK) == 0) {
            return 1;
        }
    }
    return 0;
}

enum mca_status mca_shipped_path(enum mca_shipped kind, const char *name, char *path, size_t size,
                                 struct mca_error *error) {
    struct mca_data_places places;
    char searched[MCA_ERROR_SIZE];
    if (find(kind, name, path, size)) {
        return MCA_OK;
    }
    mca_data_places(&places);
    return mca_fail(error, MCA_SYSTEM, "%s %s: no %s.yaml in %s", KINDS[kind].what, name, name,
                    mca_data_places_text(&places, KINDS[kind].folder, searched, sizeof searched));
}

/* A file that can be opened, or one of which the system will say why not. */
static int is_there(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 ? !S_ISDIR(about.st_mode) : errno != ENOENT;
}

int mca_shipped_or_path(enum mca_shipped kind, const char *text, const char *beside, char *path,
                        size_t size) {
    const char *slash = beside && text[0] != '/' ? strrchr(beside, '/') : NULL;
    const int length = snprintf(path, size, "%.*s%s", slash ? (int)(slash - beside) + 1 : 0,
                                slash ? beside : "", text);
    if (length < 0 || (size_t)length >= size) {
        return 0;
    }
    char shipped[MCA_PATH_SIZE];
    if (text[0] && !strchr(text, '/') && !is_there(path) &&
        find(kind, text, shipped, sizeof shipped) && strlen(shipped) < size) {
        memcpy(path, shipped, strlen(shipped) + 1);
    }
    return 1;
}

/* "NAME" of NAME.yaml; 0 of another file. */
static int take_ending(char *name) {
    const size_t length = strlen(name);
    const size_t ending = sizeof YAML - 1;
    if (length <= ending || name[0] == '.' || strcmp(name + length - ending, YAML) != 0) {
        return 0;
    }
    name[length - ending] = '\0';
    return 1;
}

static int add(struct mca_names *names, const char *name) {
    for (size_t i = 0; i < names->count; ++i) {
        if (strcmp(names->names[i], name) == 0) {
            return 1;
        }
    }
    char **more = realloc(names->names, (names->count + 1) * sizeof *more);
    names->names = more ? more : names->names;
    char *copy = more ? strdup(name) : NULL;
    if (copy) {
        names->names[names->count++] = copy;
    }
    return copy != NULL;
}

/* A folder that cannot be read has none. */
static int add_folder(struct mca_names *names, const char *dir) {
    DIR *folder = opendir(dir);
    int fits = 1;
    while (folder && fits) {
        const struct dirent *entry = readdir(folder);
        char name[sizeof entry->d_name];
        if (!entry) {
            break;
        }
        memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
        fits = !take_ending(name) || add(names, name);
    }
    if (folder) {
        (void)closedir(folder);
    }
    return fits;
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

enum mca_status mca_shipped_names(enum mca_shipped kind, struct mca_names *names,
                                  struct mca_error *error) {
    struct mca_shipped_folders folders;
    int fits = 1;
    *names = (struct mca_names){0};
    mca_shipped_folders(kind, &folders);
    for (int i = 0; i < folders.count && fits; ++i) {
        fits = add_folder(names, folders.dirs[i]);
    }
    if (!fits) {
        mca_names_deinit(names);
        return mca_fail_memory(error, "names of files");
    }
    if (names->count > 0) {
        qsort(names->names, names->count, sizeof *names->names, by_name);
    }
    return MCA_OK;
}

void mca_names_deinit(struct mca_names *names) {
    for (size_t i = 0; i < names->count; ++i) {
        free(names->names[i]);
    }
    free(names->names);
    *names = (struct mca_names){0};
}

/* Files beside the one that is not there, by the path that leads to them. */
static void offer_beside(struct mca_suggestions *suggestions, const char *path,
                         const char *written) {
    const char *slash = strrchr(path, '/');
    const int length = slash ? (int)(slash - path) + 1 : 0;
    char dir[MCA_PATH_SIZE];
    char shown[MCA_PATH_SIZE + MCA_SUGGESTION_SIZE];
    struct mca_names names = {0};
    (void)snprintf(dir, sizeof dir, "%.*s", length ? length : 1, length ? path : ".");
    if (add_folder(&names, dir)) {
        for (size_t i = 0; i < names.count; ++i) {
            (void)snprintf(shown, sizeof shown, "%.*s%s%s", length, path, names.names[i], YAML);
            mca_suggestions_take(suggestions, shown, mca_name_rank(written, names.names[i]));
        }
    }
    mca_names_deinit(&names);
}

static void offer_shipped(struct mca_suggestions *suggestions, enum mca_shipped kind,
                          const char *written) {
    struct mca_names names;
    struct mca_error ignored;
    if (mca_shipped_names(kind, &names, &ignored) == MCA_OK) {
        for (size_t i = 0; i < names.count; ++i) {
            mca_suggestions_offer(suggestions, written, names.names[i]);
        }
        mca_names_deinit(&names);
    }
}

void mca_shipped_suggest(enum mca_shipped kind, const char *path, struct mca_error *error) {
    struct mca_suggestions suggestions;
    struct stat about;
    const char *slash = strrchr(path, '/');
    char written[MCA_SUGGESTION_SIZE];
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    if (!error || stat(path, &about) == 0 || errno != ENOENT) {
        return;
    }
    (void)snprintf(written, sizeof written, "%.150s", slash ? slash + 1 : path);
    const int is_name = !take_ending(written) && !slash;
    mca_suggestions_init(&suggestions);
    offer_beside(&suggestions, path, written);
    offer_shipped(&suggestions, kind, written);
    mca_suggestions_text(&suggestions, "; did you mean ", "?", text);
    mca_text_add(error->message, sizeof error->message, "%s",
                 text[0] || !is_name ? text : "; 'mcasim scenarios' lists names");
    mca_text_tame(error->message, '?');
}

#include "cost/component_library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/data_places.h"
#include "base/file_input.h"
#include "base/shipped.h"
#include "base/yaml_input.h"
#include "cost/library_keys.h"
#include "cost/library_yaml.h"
#include "cost/scaling.h"

enum { PATH_SIZE = 4352, FILE_SIZE_MAX = 1 << 20, NAME_SIZE = 96 };

/* Sections of the file that hold figures, and where they say which. */
static const char *const SECTIONS[] = {"energy", "blocks", "timing"};

enum { SECTION_COUNT = sizeof SECTIONS / sizeof SECTIONS[0] };

static enum mca_status load_file(struct mca_component_library *library, const char *name,
                                 const char *beside, int depth, struct mca_error *error);

/* Number of the first figure whose name is `where` and, behind that, `end`: '\0' for a figure's own
 * name "SECTION.REST", '.' for that of a block. MCA_FIGURE_COUNT for none. */
static uint32_t figure_named(const char *where, char end) {
    char name[NAME_SIZE];
    const size_t length = strlen(where);
    uint32_t i = 0;
    for (; i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        mca_figure_name(i, name, sizeof name);
        if (strncmp(name, where, length) == 0 && name[length] == end) {
            break;
        }
    }
    return i;
}

/* The entries of a section or, one level deeper, the figures of a block. */
static enum mca_status read_entries(const struct mca__library_reader *reader,
                                    const yaml_node_t *node, const char *where, int depth) {
    MCA_TRY(mca__yaml_check_mapping(reader, node, where));
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const yaml_node_t *value = yaml_document_get_node(reader->document, p->value);
        char place[2 * NAME_SIZE];
        (void)snprintf(place, sizeof place, "%s.%.64s", where, mca__yaml_key(reader, p));
        const int dotted = strchr(mca__yaml_key(reader, p), '.') != NULL;
        const uint32_t figure = dotted ? (uint32_t)MCA_FIGURE_COUNT : figure_named(place, '\0');
        if (figure < (uint32_t)MCA_FIGURE_COUNT) {
            MCA_TRY(mca__yaml_figure(reader, value, place, figure));
        } else if (depth == 0 && !dotted && figure_named(place, '.') < (uint32_t)MCA_FIGURE_COUNT) {
            MCA_TRY(read_entries(reader, value, place, 1));
        } else {
            return mca__yaml_fault(
                reader, yaml_document_get_node(reader->document, p->key), "%s: unknown entry; %s",
                place, depth ? "allowed: static, area" : "`mcasim components` lists the names");
        }
    }
    return MCA_OK;
}

static enum mca_status read_cause(const struct mca__library_reader *reader,
                                  const yaml_node_pair_t *pair) {
    struct mca_component_library *library = reader->library;
    const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
    const yaml_node_t *node = yaml_document_get_node(reader->document, pair->value);
    char place[2 * NAME_SIZE];
    (void)snprintf(place, sizeof place, "causes.%.64s", mca__yaml_key(reader, pair));
    struct mca_cause cause = {.factor = 0.0};
    MCA_TRY(mca__yaml_text(reader, key, place, &cause.name));
    MCA_TRY(mca__yaml_check_mapping(reader, node, place));
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const yaml_node_t *value = yaml_document_get_node(reader->document, p->value);
        const char *name = mca__yaml_key(reader, p);
        const int is_down = strcmp(name, "factor_down") == 0;
        if (is_down || strcmp(name, "factor") == 0) {
            char where[3 * NAME_SIZE];
            (void)snprintf(where, sizeof where, "%s.%s", place, name);
            MCA_TRY(mca__yaml_number(reader, value, where, 1.0, 1000.0,
                                     is_down ? &cause.factor_down : &cause.factor));
        } else if (strcmp(name, "note") == 0) {
            MCA_TRY(mca__yaml_text(reader, value, place, &cause.note));
        } else {
            return mca__yaml_fault(reader, value,
                                   "%s.%.64s: unknown key; allowed: factor, factor_down, note",
                                   place, name);
        }
    }
    if (cause.factor == 0.0 || !cause.note) {
        return mca__yaml_fault(reader, key, "%s: %s is missing", place,
                               cause.note ? "factor" : "note");
    }
    uint32_t i = 0; /* a cause of the base library is stated anew, or one is added */
    while (i < library->cause_count && strcmp(library->causes[i].name, cause.name) != 0) {
        ++i;
    }
    if (i == (uint32_t)MCA_CAUSES_MAX) {
        return mca__yaml_fault(reader, key, "%s: more than %d causes", place, MCA_CAUSES_MAX);
    }
    library->causes[i] = cause;
    library->cause_count = i == library->cause_count ? i + 1 : library->cause_count;
    return MCA_OK;
}

static enum mca_status read_all_causes(const struct mca__library_reader *reader,
                                       const yaml_node_t *root) {
    const yaml_node_t *node = mca__yaml_find(reader, root, "causes");
    if (!node) {
        return MCA_OK;
    }
    MCA_TRY(mca__yaml_check_mapping(reader, node, "causes"));
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        MCA_TRY(read_cause(reader, p));
    }
    return MCA_OK;
}

const struct mca_library_section mca_library_sections[] = {
    {"name", "of the library", 0.0, 0.0},
    {"about", "a paragraph: what it describes", 0.0, 0.0},
    {"base", "a library, by name or path, from which comes what is not stated here", 0.0, 0.0},
    {"node_nm", "technology node that figures are scaled to, nm", MCA_SCALING_NODE_MIN_NM,
     MCA_SCALING_NODE_MAX_NM},
    {"voltage_v", "supply that they are scaled to, V", 0.3, 5.0},
    {"sources", "a place for anchors: texts that `source` refers to", 0.0, 0.0},
    {"causes", "of error that several figures share", 0.0, 0.0},
    {"energy", "of one action of each component", 0.0, 0.0},
    {"blocks", "static power and area of one instance of each", 0.0, 0.0},
    {"timing", "of memory", 0.0, 0.0},
    {NULL, NULL, 0.0, 0.0}};

/* The key of that name, or the last one. */
static const struct mca_library_section *section_of(const char *key) {
    const struct mca_library_section *section = mca_library_sections;
    while (section->name && strcmp(section->name, key) != 0) {
        ++section;
    }
    return section;
}

static int is_top_key(const char *key) {
    return section_of(key)->name != NULL;
}

/* A name may lead to any file that the user can read: where none of its keys is a library's, it is
 * none, and nothing of it is shown. */
static enum mca_status refuse_foreign(const struct mca__library_reader *reader,
                                      const yaml_node_t *root) {
    if (root->type != YAML_MAPPING_NODE) {
        return MCA_OK; /* refused for that, without its text */
    }
    const yaml_node_pair_t *p = root->data.mapping.pairs.start;
    int known = p == root->data.mapping.pairs.top;
    for (; p < root->data.mapping.pairs.top && !known; ++p) {
        known = is_top_key(mca__yaml_key(reader, p));
    }
    return known ? MCA_OK
                 : mca__yaml_fault(reader, root,
                                   "not a component library: none of its keys is one's");
}

static enum mca_status check_top_keys(const struct mca__library_reader *reader,
                                      const yaml_node_t *root) {
    MCA_TRY(refuse_foreign(reader, root));
    MCA_TRY(mca__yaml_check_mapping(reader, root, ""));
    for (const yaml_node_pair_t *p = root->data.mapping.pairs.start;
         p < root->data.mapping.pairs.top; ++p) {
        const char *key = mca__yaml_key(reader, p);
        if (!is_top_key(key)) {
            return mca__yaml_fault(reader, yaml_document_get_node(reader->document, p->key),
                                   "%.64s: unknown key; allowed: name, about, base, node_nm, "
                                   "voltage_v, sources, causes, energy, blocks, timing",
                                   key);
        }
    }
    const yaml_node_t *sources = mca__yaml_find(reader, root, "sources");
    return sources ? mca__yaml_check_mapping(reader, sources, "sources") : MCA_OK;
}

/* Name and paragraph; node and supply, which a base library may have given. */
static enum mca_status read_head(const struct mca__library_reader *reader,
                                 const yaml_node_t *root) {
    struct mca_component_library *library = reader->library;
    const struct {
        const char *key;
        const char **text; /* or */
        double *number;
    } head[] = {{"name", &library->name, NULL},
                {"about", &library->about, NULL},
                {"node_nm", NULL, &library->node_nm},
                {"voltage_v", NULL, &library->voltage_v}};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; ++i) {
        const yaml_node_t *node = mca__yaml_find(reader, root, head[i].key);
        if (!node && (head[i].text || *head[i].number == 0.0)) {
            return mca__yaml_fault(reader, root, "%s is missing", head[i].key);
        }
        if (node && head[i].text) {
            MCA_TRY(mca__yaml_text(reader, node, head[i].key, head[i].text));
        } else if (node) {
            const struct mca_library_section *section = section_of(head[i].key);
            MCA_TRY(mca__yaml_number(reader, node, head[i].key, section->low, section->high,
                                     head[i].number));
        }
    }
    return MCA_OK;
}

/* Every figure must be there: stated here or by a library that this one is based on. */
static enum mca_status check_complete(const struct mca__library_reader *reader,
                                      const yaml_node_t *root) {
    for (uint32_t i = 0; i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        if (reader->library->figures[i].source) {
            continue;
        }
        char name[NAME_SIZE];
        char section[NAME_SIZE];
        mca_figure_name(i, name, sizeof name);
        (void)snprintf(section, sizeof section, "%.*s", (int)strcspn(name, "."), name);
        const yaml_node_t *node = mca__yaml_find(reader, root, section);
        return mca__yaml_fault(reader, node ? node : root, "%s is missing", name);
    }
    return MCA_OK;
}

/* The step of technology scaling of one figure. */
static enum mca_status scale_figure(const struct mca__library_reader *reader, uint32_t index) {
    const struct mca_component_library *library = reader->library;
    struct mca_figure *figure = &reader->library->figures[index];
    char name[NAME_SIZE];
    mca_figure_name(index, name, sizeof name);
    figure->scale = 1.0;
    if (figure->scaled) {
        if (figure->node_nm < MCA_SCALING_NODE_MIN_NM ||
            figure->node_nm > MCA_SCALING_NODE_MAX_NM) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%s:%u: %s.node_nm: %g cannot be scaled; allowed: %g .. %g",
                            figure->path, figure->line, name, figure->node_nm,
                            MCA_SCALING_NODE_MIN_NM, MCA_SCALING_NODE_MAX_NM);
        }
        const double from_v = figure->voltage_v;
        const enum mca_quantity quantity = mca_figure_quantity(index);
        figure->scale =
            quantity == MCA_QUANTITY_AREA ? mca_scale_area(figure->node_nm, library->node_nm)
            : quantity == MCA_QUANTITY_TIME
                ? mca_scale_delay(figure->node_nm, library->node_nm)
                : mca_scale_energy(figure->node_nm, from_v, library->node_nm, library->voltage_v);
        if (figure->scale == 0.0) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%s:%u: %s: no scaling from %g nm at %g V to %g nm at %g V",
                            figure->path, figure->line, name, figure->node_nm, from_v,
                            library->node_nm, library->voltage_v);
        }
    }
    figure->value = figure->published * figure->times * figure->scale;
    figure->at_energy_scaled_j = figure->at_energy_j;
    if (figure->scaled && figure->law == MCA_LAW_CONVERSION) {
        figure->at_energy_scaled_j *= mca_scale_energy(figure->node_nm, figure->voltage_v,
                                                       library->node_nm, library->voltage_v);
    }
    return MCA_OK;
}

static enum mca_status read_base(const struct mca__library_reader *reader, const yaml_node_t *root,
                                 int depth) {
    enum { DEPTH_MAX = 8 };
    const yaml_node_t *node = mca__yaml_find(reader, root, "base");
    if (!node) {
        return MCA_OK;
    }
    const char *path = reader->library->path;
    const char *name = NULL;
    MCA_TRY(mca__yaml_text(reader, node, "base", &name));
    if (depth == DEPTH_MAX) {
        return mca__yaml_fault(reader, node, "base: more than %d libraries on top of each other",
                               DEPTH_MAX);
    }
    MCA_TRY(load_file(reader->library, name, path, depth + 1, reader->error));
    reader->library->path = path;
    return MCA_OK;
}

/* Top level: what the file itself says, on top of its base; `sources` is a place for anchors. */
static enum mca_status read_root(const struct mca__library_reader *reader, const yaml_node_t *root,
                                 int depth) {
    MCA_TRY(check_top_keys(reader, root));
    MCA_TRY(read_base(reader, root, depth));
    MCA_TRY(read_head(reader, root));
    MCA_TRY(read_all_causes(reader, root));
    for (int s = 0; s < SECTION_COUNT; ++s) {
        const yaml_node_t *node = mca__yaml_find(reader, root, SECTIONS[s]);
        if (node) {
            MCA_TRY(read_entries(reader, node, SECTIONS[s], 0));
        }
    }
    MCA_TRY(check_complete(reader, root));
    for (uint32_t i = 0; depth == 0 && i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        MCA_TRY(scale_figure(reader, i));
    }
    return MCA_OK;
}

static enum mca_status read_bytes(const char *bytes, size_t size, int depth,
                                  struct mca_component_library *library, struct mca_error *error) {
    yaml_document_t document;
    const char *path = library->path;
    MCA_TRY(mca_yaml_parse(&document, path, bytes, size, error));
    const struct mca__library_reader reader = {path, &document, library, error};
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    const enum mca_status status =
        root ? read_root(&reader, root, depth)
             : mca_fail(error, MCA_INVALID, "%s:1: the file holds no component library", path);
    yaml_document_delete(&document);
    return status;
}

/* Length of a first line that tells editors of the schema, which is none of the library's. */
static size_t schema_line(const char *bytes, size_t size) {
    static const char start[] = "# yaml-language-server:";
    const int is_there = size >= sizeof start && strncmp(bytes, start, sizeof start - 1) == 0;
    const char *end = is_there ? memchr(bytes, '\n', size) : NULL;
    return end ? (size_t)(end - bytes) + 1 : 0;
}

static enum mca_status read_file(FILE *file, int depth, struct mca_component_library *library,
                                 struct mca_error *error) {
    const char *path = library->path;
    char *bytes = malloc(FILE_SIZE_MAX + 1);
    if (!bytes) {
        return mca_fail_memory(error, "component library");
    }
    const size_t size = fread(bytes, 1, FILE_SIZE_MAX + 1, file);
    enum mca_status status;
    if (ferror(file)) {
        status = mca_fail_errno(error, "%s: cannot be read", path);
    } else if (size > FILE_SIZE_MAX) {
        status =
            mca_fail(error, MCA_INVALID, "%s:1: longer than the %d bytes that a library may be",
                     path, FILE_SIZE_MAX);
    } else {
        const size_t first = schema_line(bytes, size);
        library->hash = XXH3_64bits_withSeed(bytes + first, size - first, library->hash);
        status = read_bytes(bytes, size, depth, library, error);
    }
    free(bytes);
    return status;
}

static int ends_in_yaml(const char *name) {
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

/* Opens DIR/NAME.yaml if it is there: *file stays NULL, which is no error, where it is not. */
static enum mca_status open_in(const char *dir, const char *name, char path[PATH_SIZE], FILE **file,
                               struct mca_error *error) {
    const int length = snprintf(path, PATH_SIZE, "%s/%s.yaml", dir, name);
    if (length >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return mca_fail_errno(error, "component library \"%.128s\"", name);
    }
    const enum mca_status status = mca_open_regular(path, file, error);
    return status != MCA_OK && (errno == ENOENT || errno == ENOTDIR) ? MCA_OK : status;
}

/* Opens the library of that name: the user's own folder is looked at before the installed one. */
static enum mca_status open_named(const char *name, char path[PATH_SIZE], FILE **file,
                                  struct mca_error *error) {
    struct mca_data_places places;
    struct mca_shipped_folders folders;
    *file = NULL;
    mca_shipped_folders(MCA_SHIPPED_LIBRARY, &folders);
    for (int i = 0; !*file && i < folders.count; ++i) {
        MCA_TRY(open_in(folders.dirs[i], name, path, file, error));
    }
    if (*file) {
        return MCA_OK;
    }
    char searched[MCA_ERROR_SIZE];
    mca_data_places(&places);
    (void)mca_fail(
        error, MCA_SYSTEM,
        "component library \"%.128s\": no %.128s.yaml in $MCA_COMPONENTS_DIR, %s; "
        "a path with a slash or .yaml names a file",
        name, name,
        mca_data_places_text(&places, "scenarios/components", searched, sizeof searched));
    mca_shipped_suggest(MCA_SHIPPED_LIBRARY, name, error);
    return MCA_SYSTEM;
}

/* Opens the library that `name` means and gives its path; paths are taken beside the file `beside`,
 * or as they are where it is NULL. */
static enum mca_status open_library(const char *name, const char *beside, char path[PATH_SIZE],
                                    FILE **file, struct mca_error *error) {
    if (*name == '\0') {
        return mca_fail(error, MCA_INVALID, "component library: the name is empty");
    }
    if (strchr(name, '/') || ends_in_yaml(name)) {
        const char *slash = beside && *name != '/' ? strrchr(beside, '/') : NULL;
        (void)snprintf(path, PATH_SIZE, "%.*s%s", slash ? (int)(slash - beside) + 1 : 0,
                       slash ? beside : "", name);
        const enum mca_status status = mca_open_regular(path, file, error);
        if (status != MCA_OK) {
            mca_shipped_suggest(MCA_SHIPPED_LIBRARY, path, error);
        }
        return status;
    }
    return open_named(name, path, file, error);
}

static enum mca_status load_file(struct mca_component_library *library, const char *name,
                                 const char *beside, int depth, struct mca_error *error) {
    char path[PATH_SIZE];
    FILE *file = NULL;
    MCA_TRY(open_library(name, beside, path, &file, error));
    char *kept_path = mca_arena_alloc(&library->arena, strlen(path) + 1, 1);
    library->path = kept_path ? strcpy(kept_path, path) : NULL;
    const enum mca_status status = kept_path ? read_file(file, depth, library, error)
                                             : mca_fail_memory(error, "component library");
    (void)fclose(file);
    return status;
}

enum mca_status mca_component_library_load(struct mca_component_library *library, const char *name,
                                           struct mca_error *error) {
    struct mca_component_library *loaded = calloc(1, sizeof *loaded);
    if (!loaded) {
        return mca_fail_memory(error, "component library");
    }
    const enum mca_status status = load_file(loaded, name, NULL, 0, error);
    if (status == MCA_OK) {
        *library = *loaded;
    } else {
        mca_arena_deinit(&loaded->arena);
    }
    free(loaded);
    return status;
}

void mca_component_library_deinit(struct mca_component_library *library) {
    mca_arena_deinit(&library->arena);
    *library = (struct mca_component_library){0};
}

#include "cost/component_library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "cost/library_yaml.h"

enum { PATH_SIZE = 4352, FILE_SIZE_MAX = 1 << 20, NAME_SIZE = 96 };

/* A section of named entries, all of which must be there and nothing else. */
struct section {
    const char *name;
    int count;
    const char *(*entry_name)(int index);
    enum mca_status (*read)(const struct mca__library_reader *reader, const yaml_node_t *node,
                            const char *where, struct mca_component_library *library, int index);
};

static const char *energy_name(int index) {
    return mca_component_name((enum mca_component)index);
}

static const char *baseline_name(int index) {
    return mca_baseline_action_name((enum mca_baseline_action)index);
}

static const char *block_name(int index) {
    return mca_block_name((enum mca_block)index);
}

static enum mca_status read_energy(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *where,
                                   struct mca_component_library *library, int index) {
    return mca__yaml_figure(reader, node, where, MCA__ENERGY_J, &library->energy_j[index]);
}

static enum mca_status read_baseline(const struct mca__library_reader *reader,
                                     const yaml_node_t *node, const char *where,
                                     struct mca_component_library *library, int index) {
    return mca__yaml_figure(reader, node, where, MCA__ENERGY_J, &library->baseline_j[index]);
}

static enum mca_status read_block(const struct mca__library_reader *reader, const yaml_node_t *node,
                                  const char *where, struct mca_component_library *library,
                                  int index) {
    struct mca_block_figures *block = &library->blocks[index];
    const yaml_node_t *parts[2];
    static const char *const names[2] = {"static", "area"};
    MCA_TRY(mca__yaml_check_mapping(reader, node, where));
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const char *key = mca__yaml_key(reader, p);
        if (strcmp(key, names[0]) != 0 && strcmp(key, names[1]) != 0) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%s:%u: %s.%.64s: unknown key; allowed: static, area", reader->path,
                            mca__yaml_line(yaml_document_get_node(reader->document, p->key)), where,
                            key);
        }
    }
    for (int i = 0; i < 2; ++i) {
        parts[i] = mca__yaml_find(reader, node, names[i]);
        if (!parts[i]) {
            return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: %s is missing", reader->path,
                            mca__yaml_line(node), where, names[i]);
        }
    }
    char place[NAME_SIZE];
    (void)snprintf(place, sizeof place, "%s.static", where);
    MCA_TRY(mca__yaml_figure(reader, parts[0], place, MCA__POWER_W, &block->static_w));
    (void)snprintf(place, sizeof place, "%s.area", where);
    return mca__yaml_figure(reader, parts[1], place, MCA__AREA_UM2, &block->area_um2);
}

static const struct section SECTIONS[] = {
    {"energy", MCA_COMPONENT_COUNT, energy_name, read_energy},
    {"baseline", MCA_BASELINE_ACTION_COUNT, baseline_name, read_baseline},
    {"blocks", MCA_BLOCK_COUNT, block_name, read_block},
};

enum { SECTION_COUNT = sizeof SECTIONS / sizeof SECTIONS[0] };

static int is_entry(const struct section *section, const char *name) {
    for (int i = 0; i < section->count; ++i) {
        if (strcmp(section->entry_name(i), name) == 0) {
            return 1;
        }
    }
    return 0;
}

static enum mca_status read_section(const struct mca__library_reader *reader,
                                    const struct section *section, const yaml_node_t *root,
                                    struct mca_component_library *library) {
    const yaml_node_t *node = mca__yaml_find(reader, root, section->name);
    if (!node) {
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: section %s is missing", reader->path,
                        mca__yaml_line(root), section->name);
    }
    MCA_TRY(mca__yaml_check_mapping(reader, node, section->name));
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const char *key = mca__yaml_key(reader, p);
        if (!is_entry(section, key)) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%s:%u: %s.%.64s: unknown entry; `mcasim components` lists the names",
                            reader->path,
                            mca__yaml_line(yaml_document_get_node(reader->document, p->key)),
                            section->name, key);
        }
    }
    for (int i = 0; i < section->count; ++i) {
        const yaml_node_t *entry = mca__yaml_find(reader, node, section->entry_name(i));
        char where[NAME_SIZE];
        (void)snprintf(where, sizeof where, "%s.%s", section->name, section->entry_name(i));
        if (!entry) {
            return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s is missing", reader->path,
                            mca__yaml_line(node), where);
        }
        MCA_TRY(section->read(reader, entry, where, library, i));
    }
    return MCA_OK;
}

/* Top level: name, about, the sections, and `sources`, a place for YAML anchors. */
static enum mca_status read_root(const struct mca__library_reader *reader, const yaml_node_t *root,
                                 struct mca_component_library *library) {
    MCA_TRY(mca__yaml_check_mapping(reader, root, ""));
    for (const yaml_node_pair_t *p = root->data.mapping.pairs.start;
         p < root->data.mapping.pairs.top; ++p) {
        const char *key = mca__yaml_key(reader, p);
        int known =
            strcmp(key, "name") == 0 || strcmp(key, "about") == 0 || strcmp(key, "sources") == 0;
        for (int s = 0; s < SECTION_COUNT; ++s) {
            known = known || strcmp(key, SECTIONS[s].name) == 0;
        }
        if (!known) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%s:%u: %.64s: unknown key; allowed: name, about, sources, energy, "
                            "baseline, blocks",
                            reader->path,
                            mca__yaml_line(yaml_document_get_node(reader->document, p->key)), key);
        }
    }
    const char **texts[2] = {&library->name, &library->about};
    static const char *const names[2] = {"name", "about"};
    for (int i = 0; i < 2; ++i) {
        const yaml_node_t *node = mca__yaml_find(reader, root, names[i]);
        if (!node) {
            return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s is missing", reader->path,
                            mca__yaml_line(root), names[i]);
        }
        MCA_TRY(mca__yaml_text(reader, node, names[i], texts[i]));
    }
    for (int s = 0; s < SECTION_COUNT; ++s) {
        MCA_TRY(read_section(reader, &SECTIONS[s], root, library));
    }
    return MCA_OK;
}

static enum mca_status read_bytes(const char *path, const unsigned char *bytes, size_t size,
                                  struct mca_component_library *library, struct mca_error *error) {
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser)) {
        return mca_fail_memory(error, "component library");
    }
    yaml_parser_set_input_string(&parser, bytes, size);
    if (!yaml_parser_load(&parser, &document)) {
        const enum mca_status status = mca_fail(error, MCA_INVALID, "%s:%u: not YAML: %s", path,
                                                (unsigned)parser.problem_mark.line + 1,
                                                parser.problem ? parser.problem : "unreadable");
        yaml_parser_delete(&parser);
        return status;
    }
    const struct mca__library_reader reader = {path, &document, &library->arena, error};
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    const enum mca_status status =
        root ? read_root(&reader, root, library)
             : mca_fail(error, MCA_INVALID, "%s:1: the file holds no component library", path);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    return status;
}

static enum mca_status read_file(FILE *file, const char *path,
                                 struct mca_component_library *library, struct mca_error *error) {
    unsigned char *bytes = malloc(FILE_SIZE_MAX + 1);
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
        library->hash = XXH3_64bits(bytes, size);
        status = read_bytes(path, bytes, size, library, error);
    }
    free(bytes);
    return status;
}

static int ends_in_yaml(const char *name) {
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

/* Opens the library that `name` means and gives its path. */
static enum mca_status open_library(const char *name, char path[PATH_SIZE], FILE **file,
                                    struct mca_error *error) {
    if (*name == '\0') {
        return mca_fail(error, MCA_INVALID, "component library: the name is empty");
    }
    if (strchr(name, '/') || ends_in_yaml(name)) {
        (void)snprintf(path, PATH_SIZE, "%s", name);
        *file = fopen(path, "rb");
        return *file ? MCA_OK : mca_fail_errno(error, "%s: cannot be opened", path);
    }
    const char *dirs[] = {getenv("MCA_COMPONENTS_DIR"), MCA_SOURCE_COMPONENTS_DIR,
                          MCA_INSTALLED_COMPONENTS_DIR};
    for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; ++i) {
        if (!dirs[i] || *dirs[i] == '\0') {
            continue;
        }
        (void)snprintf(path, PATH_SIZE, "%s/%s.yaml", dirs[i], name);
        *file = fopen(path, "rb");
        if (*file) {
            return MCA_OK;
        }
        if (errno != ENOENT && errno != ENOTDIR) {
            return mca_fail_errno(error, "%s: cannot be opened", path);
        }
    }
    return mca_fail(
        error, MCA_SYSTEM,
        "component library \"%.128s\": no %.128s.yaml in $MCA_COMPONENTS_DIR, %s or %s; "
        "a path with a slash or .yaml names a file",
        name, name, MCA_SOURCE_COMPONENTS_DIR, MCA_INSTALLED_COMPONENTS_DIR);
}

enum mca_status mca_component_library_load(struct mca_component_library *library, const char *name,
                                           struct mca_error *error) {
    struct mca_component_library loaded = {0};
    char path[PATH_SIZE];
    FILE *file = NULL;
    MCA_TRY(open_library(name, path, &file, error));
    char *kept_path = mca_arena_alloc(&loaded.arena, strlen(path) + 1, 1);
    enum mca_status status = MCA_FAILED;
    if (kept_path) {
        memcpy(kept_path, path, strlen(path) + 1);
        loaded.path = kept_path;
        status = read_file(file, path, &loaded, error);
    } else {
        status = mca_fail_memory(error, "component library");
    }
    (void)fclose(file);
    if (status != MCA_OK) {
        mca_arena_deinit(&loaded.arena);
        return status;
    }
    *library = loaded;
    return MCA_OK;
}

void mca_component_library_deinit(struct mca_component_library *library) {
    mca_arena_deinit(&library->arena);
    *library = (struct mca_component_library){0};
}

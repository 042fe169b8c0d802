#include "train/weight_source.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#include "base/file_input.h"
#include "train/npy_header.h"

enum { PATH_SIZE = 4352, HEADER_BYTES_MAX = 12 + 4096 /* of an .npy that npy_header.c takes */ };

/* Larger numbers are no weights, and their sums and products would not stay finite. */
static const double REAL_MAX = 1e9;

static const char SUFFIX[] = ".npy";

void mca__array_shape_text(const struct mca_data_array *array, char text[MCA_ARRAY_SHAPE_SIZE]) {
    size_t at = 0;
    text[at++] = '(';
    for (uint32_t d = 0; d < array->dimensions; ++d) {
        at += (size_t)snprintf(text + at, MCA_ARRAY_SHAPE_SIZE - at, "%s%" PRIu64,
                               d > 0 ? ", " : "", array->sizes[d]);
    }
    (void)snprintf(text + at, MCA_ARRAY_SHAPE_SIZE - at, array->dimensions == 1 ? ",)" : ")");
}

/* --- names */

/* Batch normalisation would be left out silently. */
static enum mca_status check_norm(const struct mca_weight_source *source, const char *name,
                                  struct mca_error *error) {
    static const char *const ENDS[] = {"running_mean", "running_var", "num_batches_tracked"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; ++i) {
        const size_t end = strlen(ENDS[i]);
        if (length >= end && strcmp(name + length - end, ENDS[i]) == 0) {
            return mca_fail(error, MCA_INVALID,
                            "%.400s: '%.128s' is of a batch normalisation, which no layer here is; "
                            "fold it into the layer before it",
                            source->path, name);
        }
    }
    return MCA_OK;
}

/* The name of an array, from that of its file. */
static enum mca_status take_name(const struct mca_weight_source *source, const char *file,
                                 struct mca_weight_array *array, struct mca_error *error) {
    const size_t length = strlen(file);
    const size_t end = sizeof SUFFIX - 1;
    for (const char *c = file; *c; ++c) {
        if ((unsigned char)*c < ' ' || *c == '\x7f') {
            return mca_fail(error, MCA_INVALID, "%.400s: '%.200s': control characters in a name",
                            source->path, file);
        }
    }
    if (strchr(file, '/') || strchr(file, '\\')) {
        return mca_fail(
            error, MCA_INVALID,
            "%.400s: '%.200s' is a path, expected the name of an array; this is no .npz "
            "of plain weights",
            source->path, file);
    }
    if (length <= end || strcmp(file + length - end, SUFFIX) != 0) {
        return mca_fail(error, MCA_INVALID, "%.400s: '%.200s' is no .npy array", source->path,
                        file);
    }
    if (length - end >= MCA_WEIGHT_NAME_SIZE) {
        return mca_fail(error, MCA_INVALID, "%.400s: '%.60s...': a name of more than %d bytes",
                        source->path, file, MCA_WEIGHT_NAME_SIZE - 1);
    }
    memcpy(array->name, file, length - end);
    array->name[length - end] = '\0';
    return check_norm(source, array->name, error);
}

static enum mca_status check_count(const struct mca_weight_source *source, int64_t count,
                                   struct mca_error *error) {
    if (count == 0) {
        return mca_fail(error, MCA_INVALID, "%.400s: no array in it", source->path);
    }
    return count > MCA_WEIGHT_ARRAYS_MAX
               ? mca_fail(error, MCA_INVALID, "%.400s: %" PRId64 " arrays, expected at most %d",
                          source->path, count, MCA_WEIGHT_ARRAYS_MAX)
               : MCA_OK;
}

static enum mca_status take_room(struct mca_weight_source *source, int64_t count,
                                 struct mca_error *error) {
    MCA_TRY(check_count(source, count, error));
    source->arrays = calloc((size_t)count, sizeof *source->arrays);
    return source->arrays ? MCA_OK : mca_fail_memory(error, "weights");
}

/* --- archives */

/* What libzip says of a file that it does not take. */
static enum mca_status refuse_zip(const char *path, const char *name, zip_error_t *reason,
                                  struct mca_error *error) {
    if (zip_error_code_zip(reason) == ZIP_ER_MEMORY) {
        return mca_fail_memory(error, "weights");
    }
    if (zip_error_system_type(reason) == ZIP_ET_SYS && zip_error_code_system(reason) != 0) {
        errno = zip_error_code_system(reason);
        return mca_fail_errno(error, "%.400s", path);
    }
    if (zip_error_code_zip(reason) == ZIP_ER_EXISTS) {
        return mca_fail(error, MCA_INVALID, "%.400s: two entries have one name", path);
    }
    return mca_fail(error, MCA_INVALID, "%.400s: %s%.128s%s%.200s", path, name ? "'" : "",
                    name ? name : "", name ? "': " : "not an .npz: ", zip_error_strerror(reason));
}

static enum mca_status open_archive(struct mca_weight_source *source, struct mca_error *error) {
    FILE *file;
    zip_error_t reason;
    MCA_TRY(mca_open_regular(source->path, &file, error));
    zip_error_init(&reason);
    errno = 0; /* libzip takes short memory for a file that is no zip */
    zip_source_t *bytes = zip_source_filep_create(file, 0, 0, &reason);
    if (!bytes) {
        (void)fclose(file);
    } else {
        source->archive = zip_open_from_source(bytes, ZIP_RDONLY | ZIP_CHECKCONS, &reason);
    }
    const enum mca_status status = source->archive ? MCA_OK
                                   : errno == ENOMEM
                                       ? mca_fail_memory(error, "weights")
                                       : refuse_zip(source->path, NULL, &reason, error);
    if (bytes && !source->archive) {
        zip_source_free(bytes);
    }
    zip_error_fini(&reason);
    return status;
}

static enum mca_status check_entry(const struct mca_weight_source *source, const zip_stat_t *entry,
                                   const char *name, struct mca_error *error) {
    const zip_uint64_t known = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((entry->valid & known) != known) {
        return mca_fail(error, MCA_INVALID, "%.400s: '%.128s': damaged entry", source->path, name);
    }
    if (entry->encryption_method != ZIP_EM_NONE) {
        return mca_fail(error, MCA_INVALID, "%.400s: '%.128s' is encrypted", source->path, name);
    }
    return entry->comp_method == ZIP_CM_STORE || entry->comp_method == ZIP_CM_DEFLATE
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%.400s: '%.128s': compressed by method %u, expected stored or deflated",
                          source->path, name, (unsigned)entry->comp_method);
}

static enum mca_status list_archive(struct mca_weight_source *source, struct mca_error *error) {
    const int64_t count = zip_get_num_entries(source->archive, 0);
    MCA_TRY(take_room(source, count, error));
    for (int64_t i = 0; i < count; ++i) {
        struct mca_weight_array *array = &source->arrays[i];
        zip_stat_t entry;
        zip_stat_init(&entry);
        if (zip_stat_index(source->archive, (zip_uint64_t)i, 0, &entry) != 0 || !entry.name) {
            return refuse_zip(source->path, "entry", zip_get_error(source->archive), error);
        }
        MCA_TRY(take_name(source, entry.name, array, error));
        MCA_TRY(check_entry(source, &entry, array->name, error));
        array->entry = (uint64_t)i;
        array->file_bytes = entry.size;
        ++source->count;
    }
    return MCA_OK;
}

/* The first `count` bytes of an entry; where they are all of it, that it ends there, and rightly.
 */
static enum mca_status inflate_entry(const struct mca_weight_source *source,
                                     const struct mca_weight_array *array, void *bytes,
                                     uint64_t count, struct mca_error *error) {
    uint8_t beyond;
    zip_file_t *file = zip_fopen_index(source->archive, array->entry, 0);
    if (!file) {
        return refuse_zip(source->path, array->name, zip_get_error(source->archive), error);
    }
    const zip_int64_t got = zip_fread(file, bytes, count);
    enum mca_status status = MCA_OK;
    if (got < 0 || (count == array->file_bytes && zip_fread(file, &beyond, 1) < 0)) {
        status = refuse_zip(source->path, array->name, zip_file_get_error(file), error);
    } else if ((uint64_t)got < count) {
        status =
            mca_fail(error, MCA_INVALID,
                     "%.400s: '%.128s': truncated: %" PRId64 " bytes, the archive states %" PRIu64,
                     source->path, array->name, (int64_t)got, array->file_bytes);
    }
    (void)zip_fclose(file);
    return status;
}

/* --- directories */

static int is_array(const struct dirent *entry) {
    const size_t length = strlen(entry->d_name);
    return length >= sizeof SUFFIX && strcmp(entry->d_name + length - 4, SUFFIX) == 0 &&
           entry->d_name[0] != '.';
}

/* Numbers in names count by their value: of as many digits as both have, without zeros before. */
static int compare_names(const char *a, const char *b) {
    static const char DIGITS[] = "0123456789";
    while (*a && *a == *b && !strchr(DIGITS, *a)) {
        ++a;
        ++b;
    }
    if (*a && *b && strchr(DIGITS, *a) && strchr(DIGITS, *b)) {
        a += strspn(a, "0");
        b += strspn(b, "0");
        const size_t of_a = strspn(a, DIGITS);
        const size_t of_b = strspn(b, DIGITS);
        const int order = of_a != of_b ? (of_a < of_b ? -1 : 1) : strncmp(a, b, of_a);
        return order != 0 ? order : compare_names(a + of_a, b + of_b);
    }
    return (unsigned char)*a - (unsigned char)*b;
}

static int by_name(const void *a, const void *b) {
    const struct mca_weight_array *first = a;
    const struct mca_weight_array *second = b;
    const int order = compare_names(first->name, second->name);
    return order != 0 ? order : strcmp(first->name, second->name);
}

static enum mca_status list_directory(struct mca_weight_source *source, struct mca_error *error) {
    struct dirent **entries;
    const int count = scandir(source->path, &entries, is_array, alphasort);
    if (count < 0) {
        return mca_fail_errno(error, "%s", source->path);
    }
    enum mca_status status = take_room(source, count, error);
    for (int i = 0; i < count; ++i) {
        if (status == MCA_OK) {
            status = take_name(source, entries[i]->d_name, &source->arrays[i], error);
            ++source->count;
        }
        free(entries[i]);
    }
    free(entries);
    if (status == MCA_OK) {
        qsort(source->arrays, source->count, sizeof *source->arrays, by_name);
    }
    return status;
}

/* --- arrays */

/* An .npy that is open. */
struct open_array {
    char path[PATH_SIZE];
    struct mca_data_file file;
    struct mca_memory_file content; /* of an archive's */
    int is_open;
};

/* Opens an array of which `bytes` at most are wanted. */
static enum mca_status open_array(struct open_array *open, const struct mca_weight_source *source,
                                  const struct mca_weight_array *array, uint64_t bytes,
                                  struct mca_error *error) {
    (void)snprintf(open->path, sizeof open->path,
                   source->archive ? "%.4096s: %s" : "%.4096s/%s.npy", source->path, array->name);
    if (source->archive) {
        const uint64_t count = array->file_bytes < bytes ? array->file_bytes : bytes;
        open->content =
            (struct mca_memory_file){malloc(count ? count : 1), count, array->file_bytes};
        if (!open->content.bytes) {
            return mca_fail_memory(error, "weights");
        }
        MCA_TRY(inflate_entry(source, array, open->content.bytes, count, error));
    }
    open->is_open = 1;
    return source->archive
               ? mca__data_file_open_memory(&open->file, open->path, &open->content, error)
               : mca__data_file_open(&open->file, open->path, error);
}

static void close_array(struct open_array *open) {
    if (open->is_open) {
        mca__data_file_close(&open->file);
    }
    free(open->content.bytes);
    free(open);
}

/* What its header says, held against the length of the file. */
static enum mca_status check_header(const struct open_array *open, struct mca_data_array *header,
                                    struct mca_error *error) {
    static const uint64_t MOST = (uint64_t)1 << 48; /* whose bytes can be counted */
    char text[MCA_ARRAY_SHAPE_SIZE];
    mca__array_shape_text(header, text);
    if (header->type.kind != MCA_ELEMENT_FLOAT) {
        mca__element_type_text(&header->type, text);
        return mca_fail(error, MCA_INVALID, "%.700s: elements are %s, expected floats", open->path,
                        text);
    }
    if (open->file.is_gzip) {
        return mca_fail(error, MCA_INVALID, "%.700s: gzip, expected a plain .npy", open->path);
    }
    header->elements = 1;
    for (uint32_t d = 0; d < header->dimensions; ++d) {
        if (header->sizes[d] == 0) {
            return mca_fail(error, MCA_INVALID, "%.700s: %s: no elements", open->path, text);
        }
        if (header->sizes[d] > MOST / header->elements) {
            return mca_fail(error, MCA_INVALID, "%.700s: %s: no layer has so many weights",
                            open->path, text);
        }
        header->elements *= header->sizes[d];
    }
    return mca__array_check_length(&open->file, header, error);
}

static enum mca_status read_header(const struct mca_weight_source *source,
                                   struct mca_weight_array *array, struct mca_error *error) {
    struct open_array *open = calloc(1, sizeof *open);
    if (!open) {
        return mca_fail_memory(error, "weights");
    }
    enum mca_status status = open_array(open, source, array, HEADER_BYTES_MAX, error);
    if (status == MCA_OK) {
        status = mca__npy_header_any_order(&open->file, &array->header, error);
    }
    if (status == MCA_OK) {
        status = check_header(open, &array->header, error);
    }
    close_array(open);
    return status;
}

/* Where element `at` of the file stands in C order. */
static uint64_t place_of(const struct mca_data_array *header, uint64_t at) {
    uint64_t place = 0;
    uint64_t step = header->elements;
    for (uint32_t d = 0; header->is_fortran && d < header->dimensions; ++d) {
        step /= header->sizes[d];
        place += at % header->sizes[d] * step;
        at /= header->sizes[d];
    }
    return header->is_fortran ? place : at;
}

static enum mca_status read_elements(struct open_array *open, const struct mca_data_array *header,
                                     double *elements, struct mca_error *error) {
    enum { CHUNK = 512 };
    uint8_t chunk[CHUNK * MCA_ELEMENT_BYTES_MAX];
    for (uint64_t done = 0; done < header->elements;) {
        const uint64_t left = header->elements - done;
        const uint64_t count = left < CHUNK ? left : CHUNK;
        MCA_TRY(mca__array_read(&open->file, header, count, chunk, error));
        for (uint64_t i = 0; i < count; ++i, ++done) {
            const double value = mca__element_value(&header->type, chunk + i * header->type.bytes);
            if (!(fabs(value) <= REAL_MAX)) {
                return mca_fail(error, MCA_INVALID,
                                "%.700s: element %" PRIu64 " is %g, expected a number within +-%g",
                                open->path, place_of(header, done), value, REAL_MAX);
            }
            elements[place_of(header, done)] = value;
        }
    }
    return mca__array_end(&open->file, header, error);
}

enum mca_status mca__weight_source_read(const struct mca_weight_source *source, uint32_t array,
                                        double *elements, struct mca_error *error) {
    const struct mca_weight_array *of = &source->arrays[array];
    struct open_array *open = calloc(1, sizeof *open);
    struct mca_data_array header;
    if (!open) {
        return mca_fail_memory(error, "weights");
    }
    enum mca_status status = open_array(open, source, of, of->file_bytes, error);
    if (status == MCA_OK) {
        status = mca__npy_header_any_order(&open->file, &header, error);
    }
    if (status == MCA_OK) {
        status = check_header(open, &header, error);
    }
    if (status == MCA_OK && header.elements != of->header.elements) {
        status = mca_fail(error, MCA_INVALID, "%.700s: changed while it was read", open->path);
    }
    if (status == MCA_OK) {
        status = read_elements(open, &header, elements, error);
    }
    close_array(open);
    return status;
}

/* --- sources */

static enum mca_status open_source(struct mca_weight_source *source, struct mca_error *error) {
    struct stat status;
    if (stat(source->path, &status) == 0 && S_ISDIR(status.st_mode)) {
        MCA_TRY(list_directory(source, error));
    } else {
        MCA_TRY(open_archive(source, error));
        MCA_TRY(list_archive(source, error));
    }
    for (uint32_t i = 0; i < source->count; ++i) {
        MCA_TRY(read_header(source, &source->arrays[i], error));
    }
    return MCA_OK;
}

enum mca_status mca__weight_source_open(struct mca_weight_source *source, const char *path,
                                        struct mca_error *error) {
    *source = (struct mca_weight_source){.path = path};
    const enum mca_status status = open_source(source, error);
    if (status != MCA_OK) {
        mca__weight_source_close(source);
    }
    return status;
}

void mca__weight_source_close(struct mca_weight_source *source) {
    if (source->archive) {
        zip_discard(source->archive);
    }
    free(source->arrays);
    *source = (struct mca_weight_source){0};
}

#include "train/image_files.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ELEMENTS = 8192 };

static enum mca_status check_size(const char *path, const char *what, uint64_t found, uint64_t most,
                                  struct mca_error *error) {
    if (found < 1 || found > most) {
        return mca_fail(error, MCA_INVALID, "%s: %s %" PRIu64 ", expected 1 .. %" PRIu64, path,
                        what, found, most);
    }
    return MCA_OK;
}

/* Rows, columns and channels as the file has them, within their limits. */
static enum mca_status image_size(const char *path, const struct mca_data_array *array,
                                  const struct mca_file_rules *rules, struct mca_image_set *set,
                                  struct mca_error *error) {
    const uint64_t *sizes = array->sizes + 1;
    const int is_flat = array->dimensions == 2;
    const int first = rules->is_channels_first && array->dimensions == 4;
    const uint64_t rows = is_flat ? 1 : sizes[first];
    const uint64_t cols = is_flat ? 1 : sizes[first + 1];
    const uint64_t channels = is_flat                  ? sizes[0]
                              : array->dimensions == 3 ? 1
                                                       : sizes[first ? 0 : 2];
    MCA_TRY(check_size(path, "rows", rows, MCA_IMAGE_SIDE_MAX, error));
    MCA_TRY(check_size(path, "columns", cols, MCA_IMAGE_SIDE_MAX, error));
    MCA_TRY(check_size(path, is_flat ? "values of an image" : "channels", channels,
                       is_flat ? MCA_IMAGE_VALUES_MAX : MCA_IMAGE_CHANNELS_MAX, error));
    MCA_TRY(check_size(path, "values of an image", rows * cols * channels, MCA_IMAGE_VALUES_MAX,
                       error));
    if (is_flat && rules->is_transposed) {
        return mca_fail(error, MCA_INVALID, "%s: flat images have no rows to transpose", path);
    }
    set->rows = (uint32_t)rows;
    set->cols = (uint32_t)cols;
    set->channels = (uint32_t)channels;
    return MCA_OK;
}

static enum mca_status check_images(const struct mca_data_file *file, struct mca_data_array *array,
                                    const struct mca_file_rules *rules, struct mca_image_set *set,
                                    struct mca_error *error) {
    if (array->dimensions < 2) {
        return mca_fail(error, MCA_INVALID,
                        "%s: an array of one dimension, expected two (flat images), three or four",
                        file->path);
    }
    MCA_TRY(check_size(file->path, "number of images", array->sizes[0], MCA_IMAGES_MAX, error));
    set->count = (uint32_t)array->sizes[0];
    MCA_TRY(image_size(file->path, array, rules, set, error));
    array->elements = array->sizes[0] * mca_image_values(set);
    if (array->elements > MCA_IMAGE_BYTES_MAX) {
        char size[MCA_IMAGE_SIZE_TEXT];
        mca_image_size_text(set, size);
        return mca_fail(error, MCA_INVALID,
                        "%s: %" PRIu32 " images of %s are %" PRIu64 " bytes, expected at most "
                        "%" PRIu64,
                        file->path, set->count, size, array->elements, MCA_IMAGE_BYTES_MAX);
    }
    return mca__array_check_length(file, array, error);
}

/* A file of images that is open, and what it states. */
struct image_file {
    struct mca_data_file file;
    struct mca_data_array array;
    struct mca_image_set set; /* without pixels */
    uint8_t chunk[CHUNK_ELEMENTS * MCA_ELEMENT_BYTES_MAX];
};

static enum mca_status open_images(struct image_file *images, const char *path,
                                   const struct mca_file_rules *rules, struct mca_error *error) {
    images->set = (struct mca_image_set){0};
    MCA_TRY(mca__data_file_open(&images->file, path, error));
    MCA_TRY(rules->header(&images->file, &images->array, error));
    return check_images(&images->file, &images->array, rules, &images->set, error);
}

/* The codes' range, where they are not the values themselves. */
static enum mca_status choose_range(const struct image_file *images,
                                    const struct mca_file_rules *rules, double *low, double *high,
                                    struct mca_error *error) {
    const struct mca_element_type *type = &images->array.type;
    char text[40];
    mca__element_type_text(type, text);
    *low = rules->low;
    *high = rules->high;
    if (rules->normalise == MCA_NORMALISE_NONE &&
        (type->kind != MCA_ELEMENT_UNSIGNED || type->bytes != 1)) {
        return mca_fail(error, MCA_INVALID,
                        "%s: images of %s; dataset.normalise must say how they become codes 0 .. "
                        "255: type, extremes or range",
                        images->file.path, text);
    }
    if (rules->normalise == MCA_NORMALISE_TYPE) {
        if (type->kind == MCA_ELEMENT_FLOAT) {
            return mca_fail(error, MCA_INVALID,
                            "%s: images of %s; dataset.normalise type is for integers, use range "
                            "or extremes",
                            images->file.path, text);
        }
        *low = mca__element_low(type);
        *high = mca__element_high(type);
    }
    return MCA_OK;
}

/* Reads the values after the first `done` into the chunk: how many, all of them finite. */
static enum mca_status read_chunk(struct image_file *images, uint64_t done, uint64_t *count,
                                  struct mca_error *error) {
    const struct mca_element_type *type = &images->array.type;
    const uint64_t left = images->array.elements - done;
    *count = left < CHUNK_ELEMENTS ? left : CHUNK_ELEMENTS;
    MCA_TRY(mca__array_read(&images->file, &images->array, *count, images->chunk, error));
    for (uint64_t i = 0; i < *count; ++i) {
        const double value = mca__element_value(type, images->chunk + i * type->bytes);
        if (!isfinite(value)) {
            return mca_fail(error, MCA_INVALID,
                            "%s: value %" PRIu64 " is %s, expected a finite number",
                            images->file.path, done + i, isnan(value) ? "NaN" : "infinite");
        }
    }
    return MCA_OK;
}

/* Reads the values piece by piece and makes them codes. */
static enum mca_status read_codes(struct image_file *images, double low, double high,
                                  uint64_t *clipped, struct mca_error *error) {
    const struct mca_element_type *type = &images->array.type;
    const double scale = 255.0 / (high - low);
    for (uint64_t done = 0; done < images->array.elements;) {
        uint64_t count;
        MCA_TRY(read_chunk(images, done, &count, error));
        for (uint64_t i = 0; i < count; ++i) {
            const double value = mca__element_value(type, images->chunk + i * type->bytes);
            const int is_beyond = value < low || value > high;
            *clipped += (uint64_t)is_beyond;
            images->set.pixels[done + i] = value <= low ? 0
                                           : value >= high
                                               ? 255
                                               : (uint8_t)floor((value - low) * scale + 0.5);
        }
        done += count;
    }
    return MCA_OK;
}

enum mca_status mca__reorder_images(struct mca_image_set *set, int is_channels_first,
                                    int is_transposed, struct mca_error *error) {
    const size_t values = mca_image_values(set);
    const size_t rows = set->rows; /* of the file */
    const size_t cols = set->cols;
    const size_t channels = set->channels;
    uint8_t *image = malloc(values);
    if (!image) {
        return mca_fail_memory(error, "order of pixels");
    }
    set->rows = (uint32_t)(is_transposed ? cols : rows);
    set->cols = (uint32_t)(is_transposed ? rows : cols);
    for (uint32_t n = 0; n < set->count; ++n) {
        uint8_t *out = set->pixels + n * values;
        memcpy(image, out, values);
        for (size_t y = 0; y < set->rows; ++y) {
            for (size_t x = 0; x < set->cols; ++x) {
                const size_t place = is_transposed ? x * cols + y : y * cols + x;
                for (size_t c = 0; c < channels; ++c) {
                    *out++ =
                        image[is_channels_first ? c * rows * cols + place : place * channels + c];
                }
            }
        }
    }
    free(image);
    return MCA_OK;
}

/* The content of a file whose header has been read, into memory of its own. */
static enum mca_status read_pixels(struct image_file *images, const struct mca_file_rules *rules,
                                   uint64_t *clipped, struct mca_error *error) {
    struct mca_image_set *set = &images->set;
    double low;
    double high;
    MCA_TRY(choose_range(images, rules, &low, &high, error));
    set->pixels = malloc((size_t)images->array.elements);
    if (!set->pixels) {
        return mca_fail(error, MCA_FAILED, "%s: out of memory: %" PRIu64 " bytes",
                        images->file.path, images->array.elements);
    }
    MCA_TRY(rules->normalise == MCA_NORMALISE_NONE
                ? mca__array_read(&images->file, &images->array, images->array.elements,
                                  set->pixels, error)
                : read_codes(images, low, high, clipped, error));
    MCA_TRY(mca__array_end(&images->file, &images->array, error));
    const int is_first = rules->is_channels_first && images->array.dimensions == 4;
    return is_first || rules->is_transposed
               ? mca__reorder_images(set, is_first, rules->is_transposed, error)
               : MCA_OK;
}

enum mca_status mca_read_images(const char *path, const struct mca_file_rules *rules,
                                struct mca_image_set *set, uint64_t *clipped,
                                struct mca_error *error) {
    struct image_file images;
    uint64_t beyond = 0;
    enum mca_status status = open_images(&images, path, rules, error);
    if (status == MCA_OK) {
        status = read_pixels(&images, rules, &beyond, error);
    }
    mca__data_file_close(&images.file);
    if (status != MCA_OK) {
        mca_image_set_deinit(&images.set);
        return status;
    }
    *set = images.set;
    if (clipped) {
        *clipped = beyond;
    }
    return MCA_OK;
}

/* The extremes of what stands in an open file. */
static enum mca_status find_extremes(struct image_file *images, double *low, double *high,
                                     struct mca_error *error) {
    const struct mca_element_type *type = &images->array.type;
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (uint64_t done = 0; done < images->array.elements;) {
        uint64_t count;
        MCA_TRY(read_chunk(images, done, &count, error));
        for (uint64_t i = 0; i < count; ++i) {
            const double value = mca__element_value(type, images->chunk + i * type->bytes);
            *low = value < *low ? value : *low;
            *high = value > *high ? value : *high;
        }
        done += count;
    }
    return *low < *high && isfinite(*high - *low)
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s: values from %g to %g; dataset.normalise extremes needs two that lie "
                          "less than the largest double apart",
                          images->file.path, *low, *high);
}

enum mca_status mca_read_extremes(const char *path, const struct mca_file_rules *rules, double *low,
                                  double *high, struct mca_error *error) {
    struct image_file images;
    enum mca_status status = open_images(&images, path, rules, error);
    if (status == MCA_OK) {
        status = find_extremes(&images, low, high, error);
    }
    mca__data_file_close(&images.file);
    return status;
}

static enum mca_status check_labels(const struct mca_data_file *file, struct mca_data_array *array,
                                    struct mca_error *error) {
    const int is_column = array->dimensions == 2 && array->sizes[1] == 1;
    if (array->dimensions != 1 && !is_column) {
        return mca_fail(error, MCA_INVALID,
                        "%s: labels of %" PRIu32 " dimensions, expected one label an image",
                        file->path, array->dimensions);
    }
    if (array->type.kind == MCA_ELEMENT_FLOAT) {
        return mca_fail(error, MCA_INVALID, "%s: labels are floats, expected integers", file->path);
    }
    MCA_TRY(check_size(file->path, "number of labels", array->sizes[0], MCA_IMAGES_MAX, error));
    array->elements = array->sizes[0];
    return mca__array_check_length(file, array, error);
}

static enum mca_status read_labels(struct mca_data_file *file, const struct mca_data_array *array,
                                   const struct mca_label_map *map, uint8_t *labels,
                                   struct mca_error *error) {
    uint8_t chunk[CHUNK_ELEMENTS * MCA_ELEMENT_BYTES_MAX];
    for (uint64_t done = 0; done < array->elements;) {
        const uint64_t left = array->elements - done;
        const uint64_t count = left < CHUNK_ELEMENTS ? left : CHUNK_ELEMENTS;
        MCA_TRY(mca__array_read(file, array, count, chunk, error));
        for (uint64_t i = 0; i < count; ++i) {
            const double label = mca__element_value(&array->type, chunk + i * array->type.bytes);
            if (label < 0 || label >= MCA_LABELS_MAX) {
                return mca_fail(error, MCA_INVALID,
                                "%s: label %" PRIu64 " is %.0f, expected 0 .. %d", file->path,
                                done + i, label, MCA_LABELS_MAX - 1);
            }
            labels[done + i] = map->to[(uint8_t)label];
        }
        done += count;
    }
    return mca__array_end(file, array, error);
}

/* Labels of an open file, into memory of their own; *labels is the caller's in any case. */
static enum mca_status take_labels(struct mca_data_file *file, const struct mca_file_rules *rules,
                                   uint8_t **labels, uint32_t *count, struct mca_error *error) {
    struct mca_data_array array;
    MCA_TRY(rules->header(file, &array, error));
    MCA_TRY(check_labels(file, &array, error));
    *labels = malloc((size_t)array.elements);
    if (!*labels) {
        return mca_fail(error, MCA_FAILED, "%s: out of memory: %" PRIu64 " bytes", file->path,
                        array.elements);
    }
    *count = (uint32_t)array.elements;
    return read_labels(file, &array, &rules->map, *labels, error);
}

enum mca_status mca_read_labels(const char *path, const struct mca_file_rules *rules,
                                uint8_t **labels, uint32_t *count, struct mca_error *error) {
    struct mca_data_file file;
    uint8_t *read = NULL;
    uint32_t found = 0;
    enum mca_status status = mca__data_file_open(&file, path, error);
    if (status == MCA_OK) {
        status = take_labels(&file, rules, &read, &found, error);
    }
    mca__data_file_close(&file);
    if (status != MCA_OK) {
        free(read);
        return status;
    }
    *labels = read;
    *count = found;
    return MCA_OK;
}

enum mca_status mca_read_set(const char *images_path, const char *labels_path,
                             const struct mca_file_rules *rules, struct mca_image_set *set,
                             uint64_t *clipped, struct mca_error *error) {
    struct mca_image_set read = {0};
    uint32_t labels = 0;
    MCA_TRY(mca_read_images(images_path, rules, &read, clipped, error));
    enum mca_status status = mca_read_labels(labels_path, rules, &read.labels, &labels, error);
    if (status == MCA_OK && labels != read.count) {
        status = mca_fail(error, MCA_INVALID,
                          "%s: %" PRIu32 " labels found, expected %" PRIu32 ", the images of %s",
                          labels_path, labels, read.count, images_path);
    }
    if (status != MCA_OK) {
        mca_image_set_deinit(&read);
        return status;
    }
    *set = read;
    return MCA_OK;
}

#include "train/npy_header.h"

#include <inttypes.h>
#include <string.h>

enum {
    PREFIX = 8,      /* magic, version */
    TEXT_MAX = 4096, /* of the header; NumPy needs more only for records of many fields */
    WORD_MAX = 24
};

/* The Python dictionary in a header, read from left to right. */
struct reader {
    const char *path;
    const char *at;
    const char *end;
    struct mca_error *error;
};

static enum mca_status damaged(const struct reader *r, const char *what) {
    return mca_fail(r->error, MCA_INVALID, "%s: damaged .npy header: %s", r->path, what);
}

static void skip_blanks(struct reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t')) {
        ++r->at;
    }
}

/* Steps over `sign` where it is next. */
static int takes(struct reader *r, char sign) {
    skip_blanks(r);
    const int is_next = r->at < r->end && *r->at == sign;
    r->at += is_next;
    return is_next;
}

static enum mca_status read_text(struct reader *r, char word[WORD_MAX]) {
    size_t length = 0;
    skip_blanks(r);
    const char quote = r->at < r->end ? *r->at : '\0';
    if (quote != '\'' && quote != '"') {
        return damaged(r, "a text in quotes is missing");
    }
    for (++r->at; r->at < r->end && *r->at != quote; ++r->at) {
        if (length + 1 == WORD_MAX || *r->at < ' ' || *r->at > '~') {
            return damaged(r, "a text that no array has");
        }
        word[length++] = *r->at;
    }
    word[length] = '\0';
    return takes(r, quote) ? MCA_OK : damaged(r, "a text without its end");
}

/* 'descr': the order of bytes, the kind, the bytes of an element. */
static enum mca_status read_type(struct reader *r, struct mca_element_type *type) {
    char word[WORD_MAX];
    MCA_TRY(read_text(r, word));
    const char *const known[] = {"b1", "u1", "i1", "u2", "i2", "u4",
                                 "i4", "u8", "i8", "f2", "f4", "f8"};
    const int has_order = word[0] != '\0' && strchr("<>|=", word[0]) != NULL;
    const char *rest = word + has_order;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        /* one byte has no order, several must have one that does not depend on the machine */
        if (strcmp(rest, known[i]) == 0 && (rest[1] == '1' || word[0] == '<' || word[0] == '>')) {
            type->kind = rest[0] == 'f'   ? MCA_ELEMENT_FLOAT
                         : rest[0] == 'i' ? MCA_ELEMENT_SIGNED
                                          : MCA_ELEMENT_UNSIGNED;
            type->bytes = (uint32_t)(rest[1] - '0');
            type->is_little = word[0] == '<';
            return MCA_OK;
        }
    }
    return mca_fail(r->error, MCA_INVALID,
                    "%s: elements of type '%s'; integers (u1 to u8, i1 to i8), b1, f2, f4 and f8 "
                    "are read",
                    r->path, word);
}

static enum mca_status read_size(struct reader *r, uint64_t *size) {
    const char *start = r->at;
    *size = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; ++r->at) {
        if (r->at - start == 18) {
            return damaged(r, "a size of more than 18 digits");
        }
        *size = *size * 10 + (uint64_t)(*r->at - '0');
    }
    return r->at > start ? MCA_OK : damaged(r, "a size is missing");
}

static enum mca_status read_shape(struct reader *r, struct mca_data_array *array) {
    if (!takes(r, '(')) {
        return damaged(r, "'shape' is no tuple");
    }
    while (!takes(r, ')')) {
        if (array->dimensions == MCA_ARRAY_DIMENSIONS_MAX) {
            return mca_fail(r->error, MCA_INVALID, "%s: more than %d dimensions", r->path,
                            MCA_ARRAY_DIMENSIONS_MAX);
        }
        MCA_TRY(read_size(r, &array->sizes[array->dimensions++]));
        if (!takes(r, ',') && (r->at == r->end || *r->at != ')')) {
            return damaged(r, "'shape' is no tuple of sizes");
        }
    }
    return array->dimensions > 0
               ? MCA_OK
               : mca_fail(r->error, MCA_INVALID, "%s: a single number, not an array", r->path);
}

static enum mca_status read_order(struct reader *r, int *is_fortran) {
    static const char *const words[] = {"False", "True"};
    skip_blanks(r);
    for (int i = 0; i < 2; ++i) {
        const size_t length = strlen(words[i]);
        if ((size_t)(r->end - r->at) >= length && memcmp(r->at, words[i], length) == 0) {
            r->at += length;
            *is_fortran = i;
            return MCA_OK;
        }
    }
    return damaged(r, "'fortran_order' is neither True nor False");
}

static enum mca_status read_entries(struct reader *r, struct mca_data_array *array) {
    static const char *const names[] = {"descr", "fortran_order", "shape"};
    unsigned seen = 0;
    while (!takes(r, '}')) {
        char name[WORD_MAX];
        unsigned which = 0;
        MCA_TRY(read_text(r, name));
        while (which < 3 && strcmp(name, names[which]) != 0) {
            ++which;
        }
        if (which == 3 || (seen >> which & 1) != 0 || !takes(r, ':')) {
            return damaged(r, "expected 'descr', 'fortran_order' and 'shape', once each");
        }
        seen |= 1u << which;
        MCA_TRY(which == 0   ? read_type(r, &array->type)
                : which == 1 ? read_order(r, &array->is_fortran)
                             : read_shape(r, array));
        if (!takes(r, ',') && (r->at == r->end || *r->at != '}')) {
            return damaged(r, "no comma between two entries");
        }
    }
    skip_blanks(r);
    return seen == 7 && r->at == r->end
               ? MCA_OK
               : damaged(r, "expected 'descr', 'fortran_order' and 'shape', and no more");
}

enum mca_status mca__npy_header_any_order(struct mca_data_file *file, struct mca_data_array *array,
                                          struct mca_error *error) {
    uint8_t prefix[PREFIX + 4];
    uint8_t text[TEXT_MAX];
    MCA_TRY(mca__data_file_header(file, ".npy", prefix, PREFIX, error));
    const unsigned version = prefix[6];
    if (memcmp(prefix, "\x93NUMPY", 6) != 0 || version < 1 || version > 3 || prefix[7] != 0) {
        return mca_fail(error, MCA_INVALID, "%s: not a .npy file of format 1.0, 2.0 or 3.0",
                        file->path);
    }
    const uint32_t words = version == 1 ? 2 : 4; /* of the length, little-endian */
    uint64_t length = 0;
    MCA_TRY(mca__data_file_header(file, ".npy", prefix + PREFIX, words, error));
    for (uint32_t i = 0; i < words; ++i) {
        length |= (uint64_t)prefix[PREFIX + i] << (8 * i);
    }
    if (length > TEXT_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "%s: .npy header of %" PRIu64 " bytes, expected at most %d", file->path,
                        length, TEXT_MAX);
    }
    MCA_TRY(mca__data_file_header(file, ".npy", text, length, error));
    *array = (struct mca_data_array){.header_bytes = PREFIX + words + length};
    struct reader reader = {file->path, (const char *)text, (const char *)text + length, error};
    if (!takes(&reader, '{')) {
        return damaged(&reader, "no dictionary");
    }
    return read_entries(&reader, array);
}

enum mca_status mca__npy_header(struct mca_data_file *file, struct mca_data_array *array,
                                struct mca_error *error) {
    MCA_TRY(mca__npy_header_any_order(file, array, error));
    return array->is_fortran && array->dimensions > 1
               ? mca_fail(error, MCA_INVALID,
                          "%s: the array is in Fortran order; save numpy.ascontiguousarray(array)",
                          file->path)
               : MCA_OK;
}

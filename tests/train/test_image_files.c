/*
 * Images and labels from IDX and NumPy files: hand-made files of every type and shape read back by
 * closed forms, and what is refused.
 */
#include "train/image_files.h"

#include <math.h>

#include "idx_files.h"
#include "train/idx.h"
#include "train/npy_header.h"

static char directory[64];
static char path[128];
static struct bytes file;
static struct mca_error error;
static struct mca_file_rules rules;

static int setup(void **state) {
    (void)state;
    make_directory(directory);
    (void)snprintf(path, sizeof path, "%s/data", directory);
    rules = (struct mca_file_rules){.header = mca__idx_header};
    return mca_label_map_parse("", &rules.map, &error) == MCA_OK ? 0 : 1;
}

static int teardown(void **state) {
    (void)state;
    remove_directory(directory);
    return 0;
}

static void assert_message(const char *part) {
    if (!strstr(error.message, part) || strchr(error.message, '\n')) {
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
    }
}

/* Appends the `size` lowest bytes of a word, the most significant first or last. */
static void append_bytes(uint64_t word, uint32_t size, int is_little) {
    for (uint32_t i = 0; i < size; ++i) {
        const uint8_t byte = (uint8_t)(word >> (8 * (is_little ? i : size - 1 - i)));
        append(&file, &byte, 1);
    }
}

static uint64_t bits_of(double value, char kind, uint32_t size) {
    uint64_t bits = 0;
    if (kind == 'f' && size == 4) {
        const float narrow = (float)value;
        uint32_t word;
        memcpy(&word, &narrow, sizeof word);
        bits = word;
    } else if (kind == 'f') {
        memcpy(&bits, &value, sizeof bits);
    } else {
        bits = value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value;
    }
    return bits;
}

static void begin_idx(uint8_t type, uint32_t dimensions, const uint32_t *sizes) {
    file.count = 0;
    append_word(&file, (uint32_t)type << 8 | dimensions);
    for (uint32_t i = 0; i < dimensions; ++i) {
        append_word(&file, sizes[i]);
    }
}

static void begin_npy_text(int version, const char *text) {
    const uint8_t prefix[] = {0x93, 'N', 'U', 'M', 'P', 'Y', (uint8_t)version, 0};
    file.count = 0;
    append(&file, prefix, sizeof prefix);
    append_bytes(strlen(text) + 1, version == 1 ? 2 : 4, 1);
    append(&file, text, strlen(text));
    append(&file, "\n", 1);
}

static void begin_npy(int version, const char *type, const char *shape) {
    char text[200];
    (void)snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                   type, shape);
    begin_npy_text(version, text);
}

static enum mca_status read_images(struct mca_image_set *set, uint64_t *clipped) {
    write_file(path, file.data, file.count);
    *set = (struct mca_image_set){0};
    const enum mca_status status = mca_read_images(path, &rules, set, clipped, &error);
    if (status != MCA_OK) {
        assert_null(set->pixels);
    }
    return status;
}

static void must_read(struct mca_image_set *set) {
    uint64_t clipped;
    if (read_images(set, &clipped) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

static void assert_refused(const char *part) {
    struct mca_image_set set;
    uint64_t clipped;
    assert_int_equal(read_images(&set, &clipped), MCA_INVALID);
    assert_message(part);
}

static const struct {
    uint8_t idx; /* 0: IDX has no such type */
    char kind;
    uint32_t bytes;
    double low;
    double high;
} types[] = {{0x08, 'u', 1, 0, 255},          {0x09, 'i', 1, -128, 127},
             {0x0b, 'i', 2, -32768, 32767},   {0x0c, 'i', 4, -2147483648.0, 2147483647},
             {0x00, 'u', 2, 0, 65535},        {0x00, 'u', 4, 0, 4294967295.0},
             {0x00, 'i', 8, -0x1p63, 0x1p63}, {0x00, 'u', 8, 0, 0x1p64},
             {0x0d, 'f', 4, -1e3, 1e3},       {0x0e, 'f', 8, -1e300, 1e300}};

enum { TYPES = sizeof types / sizeof types[0], SAMPLES = 6 };

/* Sample k of a type: k fifths of the way from its low end to its high end. Code 51 k. */
static double sample(size_t t, uint32_t k) {
    const double value = types[t].low + (types[t].high - types[t].low) * k / (SAMPLES - 1);
    return types[t].kind == 'f' ? value : floor(value + 0.5);
}

static uint64_t sample_bits(size_t t, uint32_t k) {
    if (types[t].bytes == 8 && types[t].kind != 'f' && k == SAMPLES - 1) {
        return types[t].kind == 'u' ? UINT64_MAX : INT64_MAX;
    }
    return bits_of(sample(t, k), types[t].kind, types[t].bytes);
}

static void append_samples(size_t t, int is_little) {
    for (uint32_t k = 0; k < SAMPLES; ++k) {
        append_bytes(sample_bits(t, k), types[t].bytes, is_little);
    }
}

static void assert_fifths(const struct mca_image_set *set) {
    for (uint32_t k = 0; k < SAMPLES; ++k) {
        assert_int_equal(set->pixels[k], 51 * k);
    }
}

/* The codes of a type's whole range are the same whatever the type, in both formats, all versions
 * and both orders of bytes. */
static void test_image_files_reads_every_type(void **state) {
    (void)state;
    static const uint32_t sizes[3] = {1, 2, 3};
    for (size_t t = 0; t < TYPES; ++t) {
        const int is_float = types[t].kind == 'f';
        struct mca_image_set set;
        rules.normalise = is_float ? MCA_NORMALISE_RANGE : MCA_NORMALISE_TYPE;
        rules.low = types[t].low;
        rules.high = types[t].high;
        if (types[t].idx) {
            rules.header = mca__idx_header;
            begin_idx(types[t].idx, 3, sizes);
            append_samples(t, 0);
            must_read(&set);
            assert_fifths(&set);
            mca_image_set_deinit(&set);
        }
        rules.header = mca__npy_header;
        /* one byte has no order: it can be left out, or said to be none */
        static const char *const orders[] = {">", "<", ">", "<", ">", "<", "|", ""};
        for (int form = 0; form < (types[t].bytes == 1 ? 8 : 6); ++form) {
            char type[8];
            const int is_little = form % 2;
            (void)snprintf(type, sizeof type, "%s%c%u", orders[form], types[t].kind,
                           types[t].bytes);
            begin_npy(1 + form / 2 % 3, type, "(1, 2, 3)");
            append_samples(t, is_little);
            must_read(&set);
            assert_fifths(&set);
            mca_image_set_deinit(&set);
        }
    }
}

/* floor((v - low) / (high - low) 255 + 0.5), by hand, and values beyond the range. */
static void test_image_files_range_rounds_and_clips(void **state) {
    (void)state;
    static const double values[] = {-1.0, -0.5, 0.0, 0.5, 1.0, 2.0};
    static const uint8_t codes[] = {0, 0, 85, 170, 255, 255}; /* of -0.5 .. 1: 255 / 1.5 = 170 */
    static const uint32_t sizes[2] = {2, 3};
    struct mca_image_set set;
    uint64_t clipped;
    begin_idx(0x0e, 2, sizes);
    for (int i = 0; i < 6; ++i) {
        append_bytes(bits_of(values[i], 'f', 8), 8, 0);
    }
    rules.normalise = MCA_NORMALISE_RANGE;
    rules.low = -0.5;
    rules.high = 1.0;
    assert_int_equal(read_images(&set, &clipped), MCA_OK);
    assert_memory_equal(set.pixels, codes, 6);
    assert_int_equal(clipped, 2);
    assert_int_equal(set.count, 2); /* flat images */
    assert_int_equal(set.rows, 1);
    assert_int_equal(set.cols, 1);
    assert_int_equal(set.channels, 3);
    mca_image_set_deinit(&set);
    double low;
    double high;
    assert_int_equal(mca_read_extremes(path, &rules, &low, &high, &error), MCA_OK);
    assert_true(low == -1.0 && high == 2.0);
    rules.low = low;
    rules.high = high;
    must_read(&set);
    assert_int_equal(set.pixels[0], 0);
    assert_int_equal(set.pixels[1], 43); /* 0.5 / 3 x 255 = 42.5 */
    assert_int_equal(set.pixels[5], 255);
    mca_image_set_deinit(&set);
}

/* Where value v of image n stands that has row y, column x and channel c, in each layout. */
static void test_image_files_orders_of_dimensions(void **state) {
    (void)state;
    enum { COUNT = 2, ROWS = 3, COLS = 4, CHANNELS = 2 };
    for (int form = 0; form < 4; ++form) {
        const int is_first = form & 1;
        const int is_transposed = form >> 1;
        const uint32_t sizes[4] = {COUNT, is_first ? CHANNELS : ROWS, is_first ? ROWS : COLS,
                                   is_first ? COLS : CHANNELS};
        struct mca_image_set set;
        rules.is_channels_first = is_first;
        rules.is_transposed = is_transposed;
        begin_idx(0x08, 4, sizes);
        for (uint32_t i = 0; i < COUNT * ROWS * COLS * CHANNELS; ++i) {
            append_bytes(i, 1, 0);
        }
        must_read(&set);
        assert_int_equal(set.rows, is_transposed ? COLS : ROWS);
        assert_int_equal(set.cols, is_transposed ? ROWS : COLS);
        assert_int_equal(set.channels, CHANNELS);
        const uint8_t *pixel = set.pixels;
        for (uint32_t n = 0; n < COUNT; ++n) {
            for (uint32_t y = 0; y < set.rows; ++y) {
                for (uint32_t x = 0; x < set.cols; ++x) {
                    for (uint32_t c = 0; c < CHANNELS; ++c) {
                        const uint32_t r = is_transposed ? x : y; /* of the file */
                        const uint32_t k = is_transposed ? y : x;
                        const uint32_t wanted =
                            n * ROWS * COLS * CHANNELS +
                            (is_first ? (c * ROWS + r) * COLS + k : (r * COLS + k) * CHANNELS + c);
                        assert_int_equal(*pixel++, wanted);
                    }
                }
            }
        }
        mca_image_set_deinit(&set);
    }
    /* gray images: transposed alone, the order of channels counts for nothing */
    struct mca_image_set set;
    make_images(&file, 2, 3, 4);
    must_read(&set); /* both are set still */
    for (uint32_t i = 0; i < 12; ++i) {
        assert_int_equal(set.pixels[i], test_pixel(i % 3 * 4 + i / 3));
    }
    mca_image_set_deinit(&set);
    static const uint32_t flat[2] = {2, 3};
    begin_idx(0x08, 2, flat);
    append(&file, "abcdef", 6);
    assert_refused("flat images have no rows to transpose");
}

static enum mca_status read_labels(uint8_t **labels, uint32_t *count) {
    write_file(path, file.data, file.count);
    *labels = NULL;
    return mca_read_labels(path, &rules, labels, count, &error);
}

static void test_image_files_reads_labels_of_any_integer(void **state) {
    (void)state;
    static const uint8_t wanted[] = {3, 0, 255};
    for (size_t t = 0; t < TYPES; ++t) {
        char type[8];
        uint8_t *labels;
        uint32_t count;
        if (types[t].kind == 'f' || types[t].low == -128) {
            continue; /* no float, and 255 is none of those of a signed byte */
        }
        (void)snprintf(type, sizeof type, ">%c%u", types[t].kind, types[t].bytes);
        for (int is_column = 0; is_column < 2; ++is_column) {
            rules.header = mca__npy_header;
            begin_npy(1, type, is_column ? "(3, 1)" : "(3,)");
            for (int i = 0; i < 3; ++i) {
                append_bytes(wanted[i], types[t].bytes, 0);
            }
            assert_int_equal(read_labels(&labels, &count), MCA_OK);
            assert_int_equal(count, 3);
            assert_memory_equal(labels, wanted, 3);
            free(labels);
        }
    }
}

static void test_image_files_refuses_labels(void **state) {
    (void)state;
    static const uint32_t sizes[] = {2, 2};
    static const struct {
        uint8_t type;
        uint32_t dimensions;
        uint32_t bytes;
        int64_t second;
        const char *message;
    } cases[] = {{0x0c, 1, 4, 256, "label 1 is 256, expected 0 .. 255"},
                 {0x0c, 1, 4, -1, "label 1 is -1, expected 0 .. 255"},
                 {0x09, 1, 1, -128, "label 1 is -128"},
                 {0x0d, 1, 4, 0, "labels are floats"},
                 {0x08, 2, 2, 0, "labels of 2 dimensions"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        uint8_t *labels;
        uint32_t count;
        begin_idx(cases[i].type, cases[i].dimensions, sizes);
        append_bytes(7, cases[i].bytes, 0);
        append_bytes((uint64_t)cases[i].second, cases[i].bytes, 0);
        assert_int_equal(read_labels(&labels, &count), MCA_INVALID);
        assert_null(labels);
        assert_message(cases[i].message);
    }
}

static void test_image_files_refuses_values(void **state) {
    (void)state;
    static const uint32_t sizes[3] = {1, 1, 2};
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (int i = 0; i < 3; ++i) {
        double low;
        double high;
        begin_idx(0x0e, 3, sizes);
        append_bytes(bits_of(0.5, 'f', 8), 8, 0);
        append_bytes(bits_of(bad[i], 'f', 8), 8, 0);
        rules.normalise = MCA_NORMALISE_RANGE;
        rules.low = 0;
        rules.high = 1;
        assert_refused(i == 0 ? "value 1 is NaN" : "value 1 is infinite");
        assert_int_equal(mca_read_extremes(path, &rules, &low, &high, &error), MCA_INVALID);
        assert_message(i == 0 ? "value 1 is NaN" : "value 1 is infinite");
        rules.normalise = MCA_NORMALISE_TYPE;
        assert_refused("dataset.normalise type is for integers");
        rules.normalise = MCA_NORMALISE_NONE;
        assert_refused("64-bit floats; dataset.normalise must say how");
    }
    double low;
    double high;
    begin_idx(0x08, 3, sizes);
    append(&file, "aa", 2);
    write_file(path, file.data, file.count);
    assert_int_equal(mca_read_extremes(path, &rules, &low, &high, &error), MCA_INVALID);
    assert_message("values from 97 to 97");
    begin_idx(0x09, 3, sizes);
    append(&file, "aa", 2);
    assert_refused("8-bit signed integers; dataset.normalise must say how");
}

static void test_image_files_refuses_sizes(void **state) {
    (void)state;
    static const struct {
        uint32_t dimensions;
        uint32_t sizes[4];
        const char *message;
    } cases[] = {{2, {1, 16777217}, "values of an image 16777217, expected 1 .. 16777216"},
                 {2, {3, 0}, "values of an image 0"},
                 {4, {1, 4, 4, 0}, "channels 0, expected 1 .. 4096"},
                 {4, {1, 4, 4, 4097}, "channels 4097"},
                 {4, {1, 1024, 1024, 17}, "values of an image 17825792"},
                 {4, {100000000, 1024, 1024, 16}, "expected at most 17179869184"},
                 {4, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, "number of images"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        begin_idx(0x08, cases[i].dimensions, cases[i].sizes);
        assert_refused(cases[i].message);
    }
}

static void test_image_files_refuses_npy_headers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 3), }", "Fortran order"},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': (1, 2, 3), }", "type '<f3'"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2, 3), }", "type '<c8'"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1, 2, 3), }", "type '|O'"},
        {"{'descr': 'u2', 'fortran_order': False, 'shape': (1, 2, 3), }", "type 'u2'"},
        {"{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (1, 2, 3), }",
         "a text in quotes is missing"},
        {"{'descr': '|u1', 'fortran_order': Maybe, 'shape': (1, 2, 3), }", "fortran_order"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, -2, 3), }", "a size is missing"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': [1, 2, 3], }", "no tuple"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "a single number"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1), }",
         "more than 4 dimensions"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000000000, 2), }",
         "more than 18 digits"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999999999, 2), }",
         "number of images 999999999999999999"},
        {"{'descr': '|u1', 'fortran_order': False, }", "and no more"},
        {"{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }",
         "once each"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), 'more': 1}", "once each"},
        {"{'descr': '|u1' 'fortran_order': False, 'shape': (1, 2)}", "no comma"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2)} x", "and no more"},
        {"('descr')", "no dictionary"},
        {"{'descr': '|u1", "a text that no array has"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2", "no tuple of sizes"}};
    rules.header = mca__npy_header;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        begin_npy_text(1, cases[i].text);
        append(&file, "abcdef", 6);
        assert_refused(cases[i].message);
    }
    /* the longest that is read, and it ends in the midst */
    static char longest[4096];
    (void)snprintf(longest, sizeof longest, "%-4095s",
                   "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3)");
    begin_npy_text(1, longest);
    append(&file, "}bcdef", 6);
    assert_refused("no comma");
    begin_npy(4, "|u1", "(1, 2, 3)");
    assert_refused("not a .npy file of format 1.0, 2.0 or 3.0");
    make_images(&file, 1, 2, 3);
    assert_refused("not a .npy file");
    begin_npy(2, "|u1", "(1, 2, 3)");
    file.data[8] = 1;
    file.data[9] = 0x10;
    assert_refused(".npy header of 4097 bytes, expected at most 4096");
    begin_npy(1, "|u1", "(1, 2, 3)");
    append(&file, "abcdef", 6);
    const size_t whole = file.count;
    for (file.count = 0; file.count < whole; ++file.count) {
        assert_refused("truncated");
    }
    append(&file, "g", 1);
    assert_refused("too long");
}

/* Quotes, blanks and the last comma are NumPy's choice. */
static void test_image_files_takes_other_spellings(void **state) {
    (void)state;
    struct mca_image_set set;
    rules.header = mca__npy_header;
    begin_npy_text(1, "{\"shape\":(1,2,3),\"fortran_order\":False,\"descr\":\"|u1\"}   ");
    append(&file, "abcdef", 6);
    must_read(&set);
    assert_memory_equal(set.pixels, "abcdef", 6);
    mca_image_set_deinit(&set);
}

static void test_label_map_merges_and_moves(void **state) {
    (void)state;
    struct mca_label_map map;
    assert_int_equal(mca_label_map_parse("1-26:0-25", &map, &error), MCA_OK);
    for (int i = 1; i <= 26; ++i) {
        assert_int_equal(map.to[i], i - 1);
    }
    assert_int_equal(map.to[0], 0);
    assert_int_equal(map.to[27], 27);
    assert_int_equal(mca_label_map_parse("0-4:0, 5-9:1,255:2", &map, &error), MCA_OK);
    for (int i = 0; i < 10; ++i) {
        assert_int_equal(map.to[i], i / 5);
    }
    assert_int_equal(map.to[255], 2);
    assert_int_equal(mca_label_map_parse("97-99:10-12", &map, &error), MCA_OK);
    for (int i = 0; i < 3; ++i) {
        assert_int_equal(map.to[97 + i], 10 + i);
    }
    static const char *const wrong[] = {"x",     "1",     "1:",       ":1",           "256:1",
                                        "1:256", "2-1:0", "1-2:3-5",  "1:2,",         "1:2 3:4",
                                        "1:2-3", "-1:2",  "1:2,,3:4", "99999999999:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        if (mca_label_map_parse(wrong[i], &map, &error) != MCA_INVALID) {
            fail_msg("%s is taken", wrong[i]);
        }
        assert_message("is not OLD:NEW");
    }
    assert_int_equal(mca_label_map_parse("1-3:0,3:1", &map, &error), MCA_INVALID);
    assert_message("label 3 is mapped twice");
}

static void test_image_files_map_applies_to_labels(void **state) {
    (void)state;
    uint8_t *labels;
    uint32_t count;
    make_labels(&file, 12, 10);
    assert_int_equal(mca_label_map_parse("0-4:0,5-9:1", &rules.map, &error), MCA_OK);
    assert_int_equal(read_labels(&labels, &count), MCA_OK);
    for (uint32_t i = 0; i < 12; ++i) {
        assert_int_equal(labels[i], i % 10 / 5);
    }
    free(labels);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_image_files_reads_every_type),
        TEST(test_image_files_range_rounds_and_clips),
        TEST(test_image_files_orders_of_dimensions),
        TEST(test_image_files_reads_labels_of_any_integer),
        TEST(test_image_files_refuses_labels),
        TEST(test_image_files_refuses_values),
        TEST(test_image_files_refuses_sizes),
        TEST(test_image_files_refuses_npy_headers),
        TEST(test_image_files_takes_other_spellings),
        TEST(test_label_map_merges_and_moves),
        TEST(test_image_files_map_applies_to_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

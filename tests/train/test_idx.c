/* IDX files: round trips, and every way in which a file can lie about itself. */
#include "train/idx.h"

#include "train/image_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include "idx_files.h"

/* Largest block that the library itself asked for since this was set to 0; the linker puts this
 * malloc in the place of the C library's (-Wl,--wrap=malloc). */
static size_t largest_block;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
    largest_block = size > largest_block ? size : largest_block;
    return __real_malloc(size);
}

static char directory[64];
static char path[128];
static struct bytes file;
static struct bytes packed;
static struct mca_error error;

static int setup(void **state) {
    (void)state;
    make_directory(directory);
    (void)snprintf(path, sizeof path, "%s/data", directory);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    remove_directory(directory);
    return 0;
}

/* Bytes as they are. */
static struct mca_file_rules rules_of_bytes(void) {
    struct mca_file_rules rules = {.header = mca__idx_header};
    assert_int_equal(mca_label_map_parse("", &rules.map, &error), MCA_OK);
    return rules;
}

static enum mca_status images_of(const char *from, struct mca_image_set *set) {
    const struct mca_file_rules rules = rules_of_bytes();
    return mca_read_images(from, &rules, set, NULL, &error);
}

static enum mca_status labels_of(const char *from, uint8_t **labels, uint32_t *count) {
    const struct mca_file_rules rules = rules_of_bytes();
    return mca_read_labels(from, &rules, labels, count, &error);
}

/* Status of reading `bytes` as images; the set is checked and freed when they are accepted. */
static enum mca_status read_images(const void *bytes, size_t count) {
    struct mca_image_set set = {0};
    write_file(path, bytes, count);
    error.message[0] = '\0';
    const enum mca_status status = images_of(path, &set);
    if (status == MCA_OK) {
        for (size_t i = 0; i < (size_t)set.count * set.rows * set.cols; ++i) {
            assert_int_equal(set.pixels[i], test_pixel(i));
        }
    } else {
        assert_null(set.pixels);
        assert_non_null(strstr(error.message, path));
    }
    mca_image_set_deinit(&set);
    return status;
}

static enum mca_status read_labels(const void *bytes, size_t count) {
    uint8_t *labels = NULL;
    uint32_t found = 0;
    write_file(path, bytes, count);
    const enum mca_status status = labels_of(path, &labels, &found);
    free(labels);
    return status;
}

static void assert_message(const char *part) {
    if (!strstr(error.message, part)) {
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
    }
}

static void test_idx_reads_plain_and_gzip_alike(void **state) {
    (void)state;
    make_images(&file, 7, 5, 3);
    compress_gzip(&file, &packed);
    const struct bytes *forms[] = {&file, &packed};
    for (int form = 0; form < 2; ++form) {
        struct mca_image_set set;
        write_file(path, forms[form]->data, forms[form]->count);
        assert_int_equal(images_of(path, &set), MCA_OK);
        assert_int_equal(set.count, 7);
        assert_int_equal(set.rows, 5);
        assert_int_equal(set.cols, 3);
        assert_int_equal(set.channels, 1);
        assert_null(set.labels);
        assert_memory_equal(set.pixels, file.data + 16, (size_t)7 * 5 * 3);
        mca_image_set_deinit(&set);
        assert_null(set.pixels);
    }
}

static void test_idx_reads_labels(void **state) {
    (void)state;
    make_labels(&file, 300, 256);
    compress_gzip(&file, &packed);
    const struct bytes *forms[] = {&file, &packed};
    for (int form = 0; form < 2; ++form) {
        uint8_t *labels;
        uint32_t count;
        write_file(path, forms[form]->data, forms[form]->count);
        assert_int_equal(labels_of(path, &labels, &count), MCA_OK);
        assert_int_equal(count, 300);
        assert_memory_equal(labels, file.data + 8, 300);
        free(labels);
    }
}

/* RFC 1952: a gzip file is a sequence of members. */
static void test_idx_reads_gzip_in_several_members(void **state) {
    (void)state;
    static struct bytes part;
    static struct bytes member;
    make_images(&file, 4, 4, 4);
    packed.count = 0;
    for (size_t start = 0; start < file.count; start += 10) {
        part.count = 0;
        append(&part, file.data + start, file.count - start < 10 ? file.count - start : 10);
        compress_gzip(&part, &member);
        append(&packed, member.data, member.count);
    }
    assert_int_equal(read_images(packed.data, packed.count), MCA_OK);
}

static void test_idx_missing_or_unreadable_is_system(void **state) {
    (void)state;
    struct mca_image_set set = {0};
    char missing[160];
    (void)snprintf(missing, sizeof missing, "%s/missing", directory);
    assert_int_equal(images_of(missing, &set), MCA_SYSTEM);
    assert_message(missing);
    assert_message("No such file");
    assert_int_equal(images_of(directory, &set), MCA_SYSTEM);
    assert_message(directory);
    assert_int_equal(mkfifo(missing, 0600), 0);
    assert_int_equal(images_of(missing, &set), MCA_SYSTEM);
    assert_message("not a regular file");
    if (geteuid() != 0) {
        make_images(&file, 1, 2, 2);
        write_file(path, file.data, file.count);
        assert_int_equal(chmod(path, 0), 0);
        assert_int_equal(images_of(path, &set), MCA_SYSTEM);
        assert_message("Permission denied");
    }
}

static void test_idx_every_truncation_is_invalid(void **state) {
    (void)state;
    make_images(&file, 3, 4, 4);
    compress_gzip(&file, &packed);
    for (size_t length = 0; length < file.count; ++length) {
        assert_int_equal(read_images(file.data, length), MCA_INVALID);
        assert_message("truncated");
    }
    for (size_t length = 0; length < packed.count; ++length) {
        assert_int_equal(read_images(packed.data, length), MCA_INVALID);
        assert_message("truncated");
    }
}

static void test_idx_too_long_is_invalid(void **state) {
    (void)state;
    make_images(&file, 3, 4, 4);
    append(&file, "", 1);
    assert_int_equal(read_images(file.data, file.count), MCA_INVALID);
    assert_message("65 bytes found, its header states 64");
    compress_gzip(&file, &packed);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
    assert_message("too long");
    make_labels(&file, 9, 3);
    append(&file, "", 1);
    assert_int_equal(read_labels(file.data, file.count), MCA_INVALID);
}

static void test_idx_short_gzip_content_is_invalid(void **state) {
    (void)state;
    make_images(&file, 3, 4, 4);
    file.count -= 1;
    compress_gzip(&file, &packed);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
    assert_message("ends before the 64 bytes that its header states");
}

static void test_idx_trailing_bytes_after_gzip_are_invalid(void **state) {
    (void)state;
    static const uint8_t nothing[512] = {0};
    make_images(&file, 3, 4, 4);
    compress_gzip(&file, &packed);
    const size_t whole = packed.count;
    append(&packed, "x", 1);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
    assert_message("trailing");
    packed.count = whole;
    append(&packed, nothing, sizeof nothing);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
    packed.count = whole;
    append(&packed, "\x1fgarbage", 8);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
}

/* A flipped bit is either found or harmless (gzip's time stamp, for one); read_images sees that
 * accepted content is unchanged. */
static void test_idx_no_flipped_bit_changes_gzip_content(void **state) {
    (void)state;
    size_t refused = 0;
    make_images(&file, 3, 4, 4);
    compress_gzip(&file, &packed);
    for (size_t bit = 0; bit < 8 * packed.count; ++bit) {
        packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const enum mca_status status = read_images(packed.data, packed.count);
        assert_true(status == MCA_OK || status == MCA_INVALID);
        refused += status == MCA_INVALID;
        packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    /* all but time stamp (4 bytes), extra flags, system, and some of the flags */
    assert_true(refused >= 8 * (packed.count - 7));
}

static void test_idx_wrong_magic_is_invalid(void **state) {
    (void)state;
    make_labels(&file, 20, 10);
    assert_int_equal(read_images(file.data, file.count), MCA_INVALID);
    assert_message("an array of one dimension, expected two (flat images), three or four");
    make_images(&file, 2, 4, 4);
    assert_int_equal(read_labels(file.data, file.count), MCA_INVALID);
    assert_message("labels of 3 dimensions");
    static const uint8_t wrong[][4] = {{0, 0, 8, 0},    {0, 0, 8, 5}, {0, 0, 0x0a, 3},
                                       {0, 0, 0x0f, 3}, {1, 0, 8, 3}, {0, 1, 8, 3}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        memcpy(file.data, wrong[i], 4);
        assert_int_equal(read_images(file.data, file.count), MCA_INVALID);
        assert_message("magic number 0x");
    }
    static const char text[] = "<html>404 Not Found</html>";
    assert_int_equal(read_images(text, sizeof text), MCA_INVALID);
    assert_message("magic");
}

static void test_idx_dimensions_out_of_range_are_invalid(void **state) {
    (void)state;
    static const struct {
        uint32_t sizes[3];
        const char *message;
    } cases[] = {
        {{0, 4, 4}, "number of images 0, expected 1 .. 100000000"},
        {{100000001, 1, 1}, "number of images 100000001"},
        {{0xffffffff, 0xffffffff, 0xffffffff}, "number of images 4294967295"},
        {{1, 0, 4}, "rows 0, expected 1 .. 1024"},
        {{1, 1025, 4}, "rows 1025"},
        {{1, 0x01020304, 4}, "rows 16909060"},
        {{1, 4, 0}, "columns 0, expected 1 .. 1024"},
        {{1, 4, 0x80000000}, "columns 2147483648"},
        {{16385, 1024, 1024}, "expected at most 17179869184"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        make_images(&file, 1, 4, 4);
        file.count = 4;
        for (int k = 0; k < 3; ++k) {
            append_word(&file, cases[i].sizes[k]);
        }
        assert_int_equal(read_images(file.data, file.count), MCA_INVALID);
        assert_message(cases[i].message);
    }
    make_labels(&file, 1, 1);
    file.count = 4;
    append_word(&file, 0);
    assert_int_equal(read_labels(file.data, file.count), MCA_INVALID);
    assert_message("number of labels 0");
}

/* Dimensions within their limits that the file cannot hold: refused before memory is taken. */
static void test_idx_stated_size_is_not_allocated(void **state) {
    (void)state;
    make_images(&file, 1, 8, 8);
    file.count = 4;
    append_word(&file, 16384);
    append_word(&file, 1024);
    append_word(&file, 1024);
    largest_block = 0;
    assert_int_equal(read_images(file.data, file.count), MCA_INVALID);
    assert_message("17179869200");
    compress_gzip(&file, &packed);
    assert_int_equal(read_images(packed.data, packed.count), MCA_INVALID);
    assert_int_equal(largest_block, 0);
    make_images(&file, 3, 8, 8); /* the wrapper is in place: an honest file takes what it needs */
    assert_int_equal(read_images(file.data, file.count), MCA_OK);
    assert_int_equal(largest_block, 3 * 8 * 8);
}

/* Deflate's best, zeros, stays below the bound that the reader believes. */
static void test_idx_reads_highly_compressed_zeros(void **state) {
    (void)state;
    struct mca_image_set set;
    char target[192];
    (void)snprintf(target, sizeof target, "%s/zeros.gz", directory);
    gzFile out = gzopen(target, "wb9");
    assert_non_null(out);
    static uint8_t block[FILE_BUFFER];
    file.count = 0;
    append_word(&file, 0x803);
    append_word(&file, 128);
    append_word(&file, 512);
    append_word(&file, 128);
    assert_int_equal(gzwrite(out, file.data, (unsigned)file.count), file.count);
    for (int i = 0; i < 128; ++i) {
        assert_int_equal(gzwrite(out, block, sizeof block), sizeof block);
    }
    assert_int_equal(gzclose(out), Z_OK);
    assert_int_equal(images_of(target, &set), MCA_OK);
    assert_int_equal(set.count, 128);
    assert_int_equal(set.pixels[128 * 512 * 128 - 1], 0);
    mca_image_set_deinit(&set);
}

static void test_idx_set_needs_as_many_labels_as_images(void **state) {
    (void)state;
    const struct mca_file_rules rules = rules_of_bytes();
    char labels_path[160];
    struct mca_image_set set = {0};
    (void)snprintf(labels_path, sizeof labels_path, "%s/labels", directory);
    make_images(&file, 6, 2, 2);
    write_file(path, file.data, file.count);
    for (uint32_t count = 5; count <= 7; ++count) {
        make_labels(&file, count, 3);
        write_file(labels_path, file.data, file.count);
        const enum mca_status status = mca_read_set(path, labels_path, &rules, &set, NULL, &error);
        assert_int_equal(status, count == 6 ? MCA_OK : MCA_INVALID);
        if (status == MCA_OK) {
            assert_int_equal(set.labels[5], 2);
            mca_image_set_deinit(&set);
        } else {
            assert_null(set.pixels);
            assert_message(path);
            assert_message(labels_path);
            assert_message(count == 5 ? "5 labels found, expected 6"
                                      : "7 labels found, expected 6");
        }
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_idx_reads_plain_and_gzip_alike),
        TEST(test_idx_reads_labels),
        TEST(test_idx_reads_gzip_in_several_members),
        TEST(test_idx_missing_or_unreadable_is_system),
        TEST(test_idx_every_truncation_is_invalid),
        TEST(test_idx_too_long_is_invalid),
        TEST(test_idx_short_gzip_content_is_invalid),
        TEST(test_idx_trailing_bytes_after_gzip_are_invalid),
        TEST(test_idx_no_flipped_bit_changes_gzip_content),
        TEST(test_idx_wrong_magic_is_invalid),
        TEST(test_idx_dimensions_out_of_range_are_invalid),
        TEST(test_idx_stated_size_is_not_allocated),
        TEST(test_idx_reads_highly_compressed_zeros),
        TEST(test_idx_set_needs_as_many_labels_as_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

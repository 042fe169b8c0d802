#include "base/arena.h"

#include "base/memory_text.h"
#include "base/npy.h"
#include "base/observer.h"
#include "base/parallel.h"
#include "base/status.h"
#include "mca_test.h"

#include <errno.h>
#include <unistd.h>

static void test_base_blocks_are_zeroed_aligned_and_apart(void **state) {
    (void)state;
    struct mca_arena arena = {0};
    unsigned char *blocks[50];
    for (size_t i = 0; i < 50; ++i) {
        blocks[i] = mca_arena_alloc(&arena, i * 7, 3);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % MCA_ALIGNMENT, 0);
        for (size_t k = 0; k < i * 21; ++k) {
            assert_int_equal(blocks[i][k], 0);
        }
        memset(blocks[i], (int)i + 1, i * 21);
    }
    for (size_t i = 0; i < 50; ++i) {
        for (size_t k = 0; k < i * 21; ++k) {
            assert_int_equal(blocks[i][k], i + 1);
        }
    }
    mca_arena_deinit(&arena);
    assert_null(arena.blocks);
}

static void test_base_refuses_what_overflows(void **state) {
    (void)state;
    struct mca_arena arena = {0};
    assert_null(mca_arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_null(mca_arena_alloc(&arena, SIZE_MAX, 1));
    mca_arena_deinit(&arena);
}

static void test_base_status_messages_stay_one_line(void **state) {
    (void)state;
    struct mca_error error;
    assert_int_equal(mca_fail(&error, MCA_INVALID, "a\nb\tc %d", 5), MCA_INVALID);
    assert_string_equal(error.message, "a?b?c 5");
    errno = ENOENT;
    assert_int_equal(mca_fail_errno(&error, "%s", "x.yaml"), MCA_SYSTEM);
    assert_string_equal(error.message, "x.yaml: No such file or directory");
    assert_int_equal(mca_fail(NULL, MCA_FAILED, "unheard"), MCA_FAILED);
}

static void test_base_text_is_added_as_far_as_there_is_room(void **state) {
    (void)state;
    char text[8] = "ab";
    mca_text_add(text, sizeof text, "%d", 34);
    assert_string_equal(text, "ab34");
    mca_text_add(text, sizeof text, "%s", "567890");
    assert_string_equal(text, "ab34567");
    mca_text_add(text, sizeof text, "more");
    assert_string_equal(text, "ab34567");
}

struct heard {
    int count;
    char line[2 * MCA_PATH_SIZE];
};

static void hear(void *user, const char *line) {
    struct heard *heard = user;
    ++heard->count;
    (void)snprintf(heard->line, sizeof heard->line, "%s", line);
}

/* A path of full length is told whole; what is longer than that and an error is cut off. */
static void test_base_notices_are_put_together(void **state) {
    (void)state;
    struct heard heard = {0};
    const struct mca_observer observer = {.user = &heard, .notice = hear};
    const struct mca_observer deaf = {.notice = NULL};
    char path[2 * MCA_PATH_SIZE];
    mca_observer_tell(&observer, "%s: %d of %u", "a.yaml", -1, 7u);
    assert_string_equal(heard.line, "a.yaml: -1 of 7");
    memset(path, 'p', sizeof path);
    path[sizeof path - 1] = '\0';
    mca_observer_tell(&observer, "%.*s: on", MCA_PATH_SIZE - 1, path);
    assert_int_equal(strlen(heard.line), MCA_PATH_SIZE - 1 + 4);
    mca_observer_tell(&observer, "%s", path);
    assert_int_equal(strlen(heard.line), MCA_PATH_SIZE + MCA_ERROR_SIZE - 1);
    mca_observer_tell(&deaf, "%d", 1);
    mca_observer_tell(NULL, "%d", 1);
    assert_int_equal(heard.count, 3);
}

static void mark(void *user, uint32_t thread, uint64_t item) {
    (void)thread;
    ((uint32_t *)user)[item] += (uint32_t)item + 1;
}

static void test_base_text_is_tamed(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *tame;
    } rows[] = {{"", ""},
                {"plain \xc3\xa9 \xe2\x82\xac", "plain \xc3\xa9 \xe2\x82\xac"}, /* e acute, euro */
                {"\033[1m\r\n\x7f", "?[1m???"},
                {"\xc2\x9b\xc2\xa0", "??\xc2\xa0"}, /* CSI, no-break space */
                {"\xe2\x80\xae\xe2\x80\xaf\xe2\x81\xa7", "???\xe2\x80\xaf???"}, /* directions */
                {"\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa",
                 "\xe2\x81\xa5??????\xe2\x81\xaa"}, /* the first and the last of them */
                {"\xc2", "\xc2"},
                {"\xe2\x80", "\xe2\x80"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        char text[32];
        (void)snprintf(text, sizeof text, "%s", rows[i].text);
        mca_text_tame(text, '?');
        assert_string_equal(text, rows[i].tame);
    }
}

static void test_base_parallel_for_does_each_item_once(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads < 9; ++threads) {
        uint32_t items[100 + 9] = {0};
        mca_parallel_for(threads, 100, mark, items);
        for (uint32_t i = 0; i < 100 + 9; ++i) { /* and none beyond */
            assert_int_equal(items[i], i < 100 ? i + 1 : 0);
        }
    }
}

struct pieces {
    size_t size;  /* of the whole text */
    size_t piece; /* most of it at once */
};

static void print_pieces(FILE *out, const void *what) {
    const struct pieces *p = what;
    char piece[1 << 15];
    for (size_t at = 0; at < p->size;) {
        const size_t length = p->size - at < p->piece ? p->size - at : p->piece;
        for (size_t i = 0; i < length; ++i) {
            piece[i] = (char)('a' + (at + i) % 23);
        }
        (void)fwrite(piece, 1, length, out);
        at += length;
    }
}

/* A text is whole or it is printed again with more room, wherever in a piece the room ends. */
static void test_base_text_in_memory_is_whole(void **state) {
    (void)state;
    static const int rooms[] = {1 << 14, 1 << 16, 1 << 18};
    static const int over[] = {-4097, -2, -1, 0, 1, 2, 36, 1023, 4095, 4096, 4097, 9999, 1 << 15};
    static const size_t pieces[] = {1, 37, 4096, 5000, 1 << 15};
    for (size_t p = 0; p < 5; ++p) {
        for (size_t r = 0; r < 3; ++r) {
            for (size_t o = 0; o < sizeof over / sizeof over[0]; ++o) {
                const size_t size = (size_t)(rooms[r] + over[o]);
                const struct pieces what = {size, pieces[p]};
                char *text;
                size_t got;
                assert_int_equal(mca_print_to_memory(print_pieces, &what, &text, &got, NULL),
                                 MCA_OK);
                assert_int_equal(got, size);
                assert_int_equal(strlen(text), size);
                for (size_t i = 0; i < size; ++i) {
                    assert_int_equal(text[i], 'a' + i % 23);
                }
                free(text);
            }
        }
    }
}

/* Changes a byte's last bit, or changes it back. */
static void damage(const char *path, long place) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, place, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, place, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    assert_int_equal(fclose(file), 0);
}

static void test_base_npy_round_trip_and_refusals(void **state) {
    (void)state;
    char path[] = "/tmp/mca_npy_XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    (void)close(handle);
    uint16_t data[3][8];
    uint16_t back[3][8] = {{0}};
    for (int i = 0; i < 24; ++i) {
        data[i / 8][i % 8] = (uint16_t)(i * 2731);
    }
    struct mca_npy array = {"<u2", 2, 3, 5};
    struct mca_error error;
    assert_int_equal(mca_npy_write(path, &array, data, 8, &error), MCA_OK);
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_OK);
    for (int r = 0; r < 3; ++r) {
        assert_memory_equal(back[r], data[r], 5 * sizeof(uint16_t));
    }
    for (int i = 0; i < 128; ++i) { /* any byte of the header that is another */
        damage(path, i);
        assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_INVALID);
        damage(path, i);
    }
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_OK);
    array.cols = 6;
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_INVALID);
    array = (struct mca_npy){"<i2", 2, 3, 5};
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_INVALID);
    assert_int_equal(truncate(path, 140), 0);
    array.type = "<u2";
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_INVALID);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mca_npy_read(path, &array, back, 8, &error), MCA_SYSTEM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_blocks_are_zeroed_aligned_and_apart),
        cmocka_unit_test(test_base_refuses_what_overflows),
        cmocka_unit_test(test_base_status_messages_stay_one_line),
        cmocka_unit_test(test_base_text_is_added_as_far_as_there_is_room),
        cmocka_unit_test(test_base_notices_are_put_together),
        cmocka_unit_test(test_base_text_is_tamed),
        cmocka_unit_test(test_base_parallel_for_does_each_item_once),
        cmocka_unit_test(test_base_text_in_memory_is_whole),
        cmocka_unit_test(test_base_npy_round_trip_and_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

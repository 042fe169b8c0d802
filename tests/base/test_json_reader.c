/* Values of JSON files: each kind is taken as it is written, and any other refused by file and key,
 * the first of them alone. */
#include "base/json_reader.h"
#include "base/json_writer.h"

#include "mca_test.h"

static const char TEXT[] =
    "{\"object\": {\"a\": 1}, \"text\": \"some\\u0007thing\", \"count\": 4294967295, \"large\": "
    "4294967296, \"below\": -1, \"number\": 2.5, \"null\": null, \"hash\": \"00000000000000ff\", "
    "\"short\": \"0000000000000ff\", \"upper\": \"00000000000000FF\"}";

enum kind { OBJECT, COUNT, SMALL_COUNT, CHARACTERS, NUMBER, HASH, KINDS };

static const char *const WANTED[KINDS] = {
    "an object", "a whole number, 0 or more", "a whole number, 0 or more",
    "text",      "a number or null",          "16 hexadecimal digits"};

static void read_as(struct mca__json_reader *reader, const json_t *parent, const char *key,
                    enum kind kind) {
    char *text = NULL;
    switch (kind) {
    case OBJECT:
        (void)mca__json_object_at(reader, parent, key);
        break;
    case COUNT:
        (void)mca__json_count_at(reader, parent, key);
        break;
    case SMALL_COUNT:
        (void)mca__json_small_count_at(reader, parent, key);
        break;
    case CHARACTERS:
        text = mca__json_text_at(reader, parent, key);
        free(text);
        break;
    case NUMBER:
        (void)mca__json_number_at(reader, parent, key);
        break;
    case HASH:
    case KINDS:
    default:
        (void)mca__json_hash_at(reader, parent, key);
        break;
    }
}

static void test_json_reader_takes_what_is_written(void **state) {
    (void)state;
    struct mca_error error;
    json_t *root = json_loads(TEXT, 0, NULL);
    struct mca__json_reader reader = {"file", &error, MCA_OK};
    const json_t *object = mca__json_object_at(&reader, root, "object");
    assert_int_equal(mca__json_count_at(&reader, object, "a"), 1);
    assert_int_equal(mca__json_count_at(&reader, root, "large"), UINT32_MAX + UINT64_C(1));
    assert_int_equal(mca__json_small_count_at(&reader, root, "count"), UINT32_MAX);
    char *text = mca__json_text_at(&reader, root, "text");
    assert_string_equal(text, "some?thing");
    free(text);
    assert_near(mca__json_number_at(&reader, root, "number"), 2.5, 0.0);
    assert_near(mca__json_number_at(&reader, object, "a"), 1.0, 0.0);
    assert_true(isnan(mca__json_number_at(&reader, root, "null")));
    assert_int_equal(mca__json_hash_at(&reader, root, "hash"), 255);
    assert_int_equal(reader.status, MCA_OK);
    json_decref(root);
}

static void refused(const json_t *root, const char *key, enum kind kind, const char *wanted) {
    char message[128];
    struct mca_error error;
    struct mca__json_reader reader = {"file", &error, MCA_OK};
    read_as(&reader, root, key, kind);
    assert_int_equal(reader.status, MCA_INVALID);
    (void)snprintf(message, sizeof message, "file: %s: expected %s", key, wanted);
    assert_string_equal(error.message, message);
    read_as(&reader, root, "missing", kind == OBJECT ? COUNT : OBJECT);
    assert_string_equal(error.message, message);
}

static void test_json_reader_refuses_other_kinds(void **state) {
    (void)state;
    static const char *const keys[] = {"object", "text", "count", "below", "number",
                                       "null",   "hash", "short", "upper", "missing"};
    static const char *const taken[KINDS] = {
        "object", "count", "count", "text hash short upper", "count below number null", "hash"};
    json_t *root = json_loads(TEXT, 0, NULL);
    for (int kind = 0; kind < KINDS; ++kind) {
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; ++k) {
            if (!strstr(taken[kind], keys[k])) {
                refused(root, keys[k], (enum kind)kind, WANTED[kind]);
            }
        }
        refused(NULL, "a", (enum kind)kind, WANTED[kind]);
    }
    refused(root, "large", SMALL_COUNT, "a whole number below 2^32");
    json_decref(root);
}

/* A text that is no UTF-8 is kept but for its bytes beyond ASCII; one that is, whole. */
static void test_json_writer_keeps_any_text(void **state) {
    (void)state;
    struct mca__json json;
    mca__json_init(&json);
    mca__json_text(&json, json.root, "damaged", "a\x7f\x80\xff\xc3z");
    mca__json_text(&json, json.root, "whole", "a\u00b5z");
    mca__json_text(&json, json.root, "none", NULL);
    assert_false(json.failed);
    assert_string_equal(json_string_value(json_object_get(json.root, "damaged")), "a\x7f???z");
    assert_string_equal(json_string_value(json_object_get(json.root, "whole")), "a\u00b5z");
    assert_true(json_is_null(json_object_get(json.root, "none")));
    json_decref(json.root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_reader_takes_what_is_written),
        cmocka_unit_test(test_json_reader_refuses_other_kinds),
        cmocka_unit_test(test_json_writer_keeps_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

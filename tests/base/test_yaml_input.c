#include "base/yaml_input.h"

#include <stdlib.h>
#include <string.h>

#include "mca_test.h"

/* The key that a comparison of all pairs finds, and the one before it. */
static int find_by_pairs(char keys[][8], int count, int *first) {
    for (int again = 0; again < count; ++again) {
        for (*first = 0; *first < again; ++*first) {
            if (strcmp(keys[*first], keys[again]) == 0) {
                return again;
            }
        }
    }
    return -1;
}

static void expect_duplicate(char keys[][8], int count) {
    char text[4096];
    size_t used = 0;
    for (int i = 0; i < count; ++i) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s: 1\n", keys[i]);
    }
    yaml_document_t document;
    struct mca_error error;
    assert_int_equal(mca_yaml_parse(&document, "x.yaml", text, used, &error), MCA_OK);
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    const yaml_node_t *again;
    const yaml_node_t *before;
    assert_int_equal(mca_yaml_find_duplicate(&document, root, &again, &before, &error), MCA_OK);
    int first;
    const int found = find_by_pairs(keys, count, &first);
    if (found < 0) {
        assert_null(again);
        assert_null(before);
    } else {
        assert_int_equal(mca_yaml_line(again), found + 1);
        assert_int_equal(mca_yaml_line(before), first + 1);
    }
    yaml_document_delete(&document);
}

static void test_yaml_input_finds_the_first_duplicate(void **state) {
    (void)state;
    uint32_t random = 1;
    int with = 0;
    for (int round = 0; round < 2000; ++round) {
        char keys[64][8];
        const int count = 1 + round % 64;
        for (int i = 0; i < count; ++i) {
            random = random * 1664525u + 1013904223u;
            (void)snprintf(keys[i], sizeof keys[i], "k%u", (random >> 16) % 2000u);
        }
        int first;
        with += find_by_pairs(keys, count, &first) >= 0;
        expect_duplicate(keys, count);
    }
    assert_in_range(with, 200, 1800); /* both kinds are there */
}

/* Keys that are no names are left to those who know what they should be. */
static void test_yaml_input_passes_over_other_keys(void **state) {
    (void)state;
    static const char text[] = "[1]: 1\n[1]: 2\na: 3\n'a': 4\n";
    yaml_document_t document;
    struct mca_error error;
    assert_int_equal(mca_yaml_parse(&document, "x.yaml", text, sizeof text - 1, &error), MCA_OK);
    const yaml_node_t *again;
    const yaml_node_t *first;
    assert_int_equal(mca_yaml_find_duplicate(&document, yaml_document_get_root_node(&document),
                                             &again, &first, &error),
                     MCA_OK);
    assert_int_equal(mca_yaml_line(again), 4);
    assert_int_equal(mca_yaml_line(first), 3);
    yaml_document_delete(&document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yaml_input_finds_the_first_duplicate),
        cmocka_unit_test(test_yaml_input_passes_over_other_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

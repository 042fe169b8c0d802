/*
 * schema_cases DIR COUNT: COUNT random scenarios, valid-N.yaml, which load, and as many with one
 * fault each, fault-N.yaml, which are refused. What does not load, or is not refused, is printed,
 * and the exit status is 1.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/layer_kind.h"
#include "scenario/layer_keys.h"
#include "scenario/load.h"
#include "scenario/random_value.h"

enum { DRAWS = 4096 }; /* of a file */

/* A file's random numbers, in order. */
struct draws {
    uint64_t next;
};

static uint64_t draw(struct draws *draws) {
    return mca_test_word(draws->next++, 0);
}

static const char *leaf_of(const struct mca_key *key) {
    const size_t length = mca_key_section_length(key);
    return key->name + length + (length > 0);
}

/* --- valid ones */

static void put_layer(FILE *out, struct draws *draws) {
    const struct mca_layer_kind *kind =
        mca_layer_kind_of((unsigned)(draw(draws) % MCA_LAYER_TYPE_COUNT));
    const char *between = "{";
    (void)fprintf(out, "    - %s: ", kind->name);
    for (size_t i = 0; i < mca_layer_key_count(kind); ++i) {
        const struct mca_key *key = mca_layer_key_at(kind, i);
        if (!mca_layer_key_default(kind, key) || draw(draws) % 2 == 0) {
            (void)fprintf(out, "%s%s: ", between, key->name);
            if (key->word && draw(draws) % 3 == 0) {
                (void)fputs(key->word, out);
            } else {
                mca_test_put_random_value(out, key, draw(draws));
            }
            between = ", ";
        }
    }
    (void)fputs(between[0] == '{' ? "\n" : "}\n", out);
}

static void put_value(FILE *out, const struct mca_key *key, struct draws *draws) {
    if (key->type == MCA_KEY_LAYERS && draw(draws) % 2 == 0) {
        (void)fputc('\n', out);
        for (uint64_t n = draw(draws) % 6 + 1; n > 0; --n) {
            put_layer(out, draws);
        }
        return;
    }
    if (key->word && draw(draws) % 3 == 0) {
        (void)fputs(key->word, out);
    } else {
        mca_test_put_random_value(out, key, draw(draws));
    }
    (void)fputc('\n', out);
}

/* About a quarter of all keys, but none of the section `but`. */
static void put_keys(FILE *out, struct draws *draws, const struct mca_key *but) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const char *section = "";
    for (size_t i = 0; i < count; ++i) {
        const size_t length = mca_key_section_length(&keys[i]);
        const int is_same = but && mca_key_section_length(but) == length &&
                            strncmp(but->name, keys[i].name, length + 1) == 0;
        if (is_same || draw(draws) % 4 != 0 || (but && length == 0)) {
            continue;
        }
        if (length > 0 && strncmp(section, keys[i].name, length + 1) != 0) {
            section = keys[i].name;
            (void)fprintf(out, "%.*s:\n", (int)length, section);
        }
        (void)fprintf(out, "%s%s: ", length > 0 ? "  " : "", leaf_of(&keys[i]));
        put_value(out, &keys[i], draws);
    }
}

/* --- faults */

static int is_whole(const struct mca_key *key) {
    return key->type == MCA_KEY_U32 || key->type == MCA_KEY_U64;
}

static int is_number(const struct mca_key *key) {
    return is_whole(key) || key->type == MCA_KEY_F64 || key->type == MCA_KEY_EXPONENT;
}

static int is_list(const struct mca_key *key) {
    return key->type == MCA_KEY_F64_LIST || key->type == MCA_KEY_SHAPE ||
           key->type == MCA_KEY_LAYERS;
}

/* A value that the key does not take; 0 where no fault of that kind is possible. */
typedef int fault_fn(const struct mca_key *key, char text[256]);

static int wrong_type(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "%s", is_number(key) || is_list(key) ? "'words'" : "[a, b]");
    return 1;
}

static int no_value(const struct mca_key *key, char text[256]) {
    (void)key;
    (void)snprintf(text, 256, "~");
    return 1;
}

static int mapping(const struct mca_key *key, char text[256]) {
    (void)key;
    (void)snprintf(text, 256, "{value: 1}");
    return 1;
}

static int above(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "%.0f", 2.0 * fabs(key->max) + 1.0);
    return is_number(key);
}

static int below(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "%.17g", key->above_min ? key->min : key->min - fabs(key->min) - 1.0);
    return is_number(key);
}

static int fraction(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "%.17g", key->type == MCA_KEY_EXPONENT ? 0.3 : ceil(key->min) + 0.5);
    return (is_whole(key) && key->max > 2.0) || key->type == MCA_KEY_EXPONENT;
}

static int other_choice(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "no-such");
    return key->choices != NULL;
}

static int long_list(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]");
    return is_list(key);
}

static int short_list(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "%s", key->min_items == 3 ? "[3, 3]" : "[3]");
    return is_list(key) && key->min_items > 1;
}

static int wrong_element(const struct mca_key *key, char text[256]) {
    (void)snprintf(text, 256, "[3, %.17g, 3]", key->min - 1.0);
    return is_list(key);
}

static fault_fn *const FAULTS[] = {wrong_type, no_value,     mapping,   above,      below,
                                   fraction,   other_choice, long_list, short_list, wrong_element};

/* Of whole lines. */
static const char *const LINES[] = {
    "no_such_section: {bits: 3}\n",
    "no_such_key: 3\n",
    "chi: 3\n",
    "chi: [3]\n",
    "chi: {no_such: 3}\n",
    "chi: {Bits: 16}\n",
    "chi.bits: 16\n",
    "base: [a.yaml]\n",
    "network: {layers: [no_such_kind: {units: 3}]}\n",
    "network: {layers: [dense: {}]}\n",
    "network: {layers: [dense: ]}\n",
    "network: {layers: [dense: {units: 3, no_such: 1}]}\n",
    "network: {layers: [dense: {units: 0}]}\n",
    "network: {layers: [dense: {units: 3, activation: no-such}]}\n",
    "network: {layers: [dense: {units: 3, rate_factor: 3}]}\n",
    "network: {layers: [{dense: {units: 3}, max_pool: {kernel: 2}}]}\n",
    "network: {layers: [conv2d: {filters: 3, kernel: 65}]}\n",
    "network: {layers: [conv2d: {filters: 3}]}\n",
    "network: {layers: [max_pool: {kernel: 2, activation: relu}]}\n",
    "network: {layers: [784, dense: {units: 3}]}\n",
    "network: {layers: [dense: [3]]}\n",
    "network: {layers: {dense: {units: 3}}}\n",
    "network: {layers: []}\n"};

enum {
    LINE_COUNT = sizeof LINES / sizeof LINES[0],
    FAULT_COUNT = sizeof FAULTS / sizeof FAULTS[0]
};

/* The first files have a fault of LINES each, the others one in a random key. */
static void put_fault(FILE *out, uint32_t number, struct draws *draws) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    char text[256];
    if (number < (uint32_t)LINE_COUNT) {
        (void)fputs(LINES[number], out);
        return;
    }
    const struct mca_key *key;
    fault_fn *fault;
    do {
        key = &keys[draw(draws) % count];
        fault = FAULTS[draw(draws) % FAULT_COUNT];
    } while (mca_key_section_length(key) == 0 || !fault(key, text));
    put_keys(out, draws, key);
    (void)fprintf(out, "%.*s:\n  %s: %s\n", (int)mca_key_section_length(key), key->name,
                  leaf_of(key), text);
}

/* --- files */

static int write_case(const char *dir, uint32_t number, int is_fault) {
    static struct mca_scenario scenario;
    struct draws draws = {((uint64_t)number * 2 + (uint64_t)is_fault) * DRAWS};
    char path[4096];
    struct mca_error error = {""};
    (void)snprintf(path, sizeof path, "%s/%s-%u.yaml", dir, is_fault ? "fault" : "valid", number);
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return 1;
    }
    if (is_fault) {
        put_fault(out, number, &draws);
    } else {
        put_keys(out, &draws, NULL);
    }
    if (fclose(out) != 0) {
        perror(path);
        return 1;
    }
    const enum mca_status status = mca_scenario_load(&scenario, NULL, path, &error);
    if (status != (is_fault ? MCA_INVALID : MCA_OK)) {
        (void)printf("%s: status %d: %s\n", path, (int)status, error.message);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    int failed = argc != 3;
    const uint32_t count = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    for (uint32_t i = 0; i < count; ++i) {
        failed |= write_case(argv[1], i, 0) | write_case(argv[1], i, 1);
    }
    return failed;
}

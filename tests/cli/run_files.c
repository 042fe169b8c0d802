/*
 * For tests of finished runs: `seal DIR` gives a run whose files a test has edited the checksums
 * that they have now; `flip FILE N` turns over bit N, counted from the first, modulo their number;
 * `json FILE` asks whether a file is JSON.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/sums.h"

static int seal(const char *dir) {
    char path[4352];
    struct mca_error error;
    struct mca__json json;
    mca__json_init(&json);
    json_decref(json.root);
    (void)snprintf(path, sizeof path, "%s/summary.json", dir);
    json.root = json_load_file(path, 0, NULL);
    if (!json.root) {
        (void)fprintf(stderr, "%s: no JSON\n", path);
        return 1;
    }
    (void)json_object_del(json.root, "files");
    (void)json_object_del(json.root, "checksum");
    if (mca_run_summary_write(&json, dir, &error) != MCA_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    return 0;
}

static int flip(const char *path, uint64_t bit) {
    FILE *file = fopen(path, "r+b");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        return 1;
    }
    const long at = (long)(bit / 8 % (uint64_t)ftell(file));
    (void)fseek(file, at, SEEK_SET);
    const int byte = fgetc(file);
    (void)fseek(file, at, SEEK_SET);
    const int failed = fputc(byte ^ 1 << bit % 8, file) == EOF;
    return fclose(file) != 0 || failed;
}

static int is_json(const char *path) {
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    const int found = root != NULL;
    json_decref(root);
    return found;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "seal") == 0) {
        return seal(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "json") == 0) {
        return !is_json(argv[2]);
    }
    return argc == 4 && strcmp(argv[1], "flip") == 0 ? flip(argv[2], strtoull(argv[3], NULL, 10))
                                                     : 2;
}

/* write_colours DIR TRAIN TEST: the first images of synthetic-colour, of its default seed, as four
 * IDX files named as MNIST's, so that other programs train on them too. */
#include <stdio.h>
#include <stdlib.h>

#include "train/synthetic_colour.h"

static void put_word(FILE *file, uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        (void)fputc((int)(word >> shift & 255), file);
    }
}

static FILE *create(const char *folder, const char *half, const char *name) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s-%s-ubyte", folder, half, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        exit(3);
    }
    return file;
}

static void write_half(const char *folder, enum mca_synthetic_half half, uint32_t count) {
    static const char *const halves[] = {"train", "t10k"};
    FILE *images = create(folder, halves[half], "images-idx4");
    FILE *labels = create(folder, halves[half], "labels-idx1");
    put_word(images, 0x0804); /* bytes in four dimensions */
    put_word(images, count);
    put_word(images, MCA_COLOUR_SIDE);
    put_word(images, MCA_COLOUR_SIDE);
    put_word(images, MCA_COLOUR_CHANNELS);
    put_word(labels, 0x0801);
    put_word(labels, count);
    for (uint32_t i = 0; i < count; ++i) {
        uint8_t pixels[MCA_COLOUR_VALUES];
        (void)fputc(mca_synthetic_colour.draw(1, half, i, pixels), labels);
        (void)fwrite(pixels, 1, sizeof pixels, images);
    }
    if (fclose(images) != 0 || fclose(labels) != 0) {
        perror(folder);
        exit(3);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        (void)fprintf(stderr, "Usage: write_colours DIR TRAIN TEST\n");
        return 2;
    }
    write_half(argv[1], MCA_SYNTHETIC_TRAIN, (uint32_t)strtoul(argv[2], NULL, 10));
    write_half(argv[1], MCA_SYNTHETIC_TEST, (uint32_t)strtoul(argv[3], NULL, 10));
    return 0;
}

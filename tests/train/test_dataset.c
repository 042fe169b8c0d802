/* Data sets: where MNIST is looked for, what is refused, what a loaded set says of itself. */
#include "train/dataset.h"

#include "idx_files.h"

#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static const char *const names[4] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                     "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

static char directory[64];     /* a checkout is at directory/checkout, the working directory */
static char given_place[8192]; /* $MNIST_DIR that the test was started with, absolute, or "" */
static char start[4096];
static char last_notice[1024];
static int notices;
static struct bytes file;
static struct bytes packed;
static struct mca_error error;

static void keep_notice(void *user, const char *line) {
    (void)user;
    ++notices;
    (void)snprintf(last_notice, sizeof last_notice, "%s", line);
}

static const struct mca_observer observer = {NULL, keep_notice, NULL, NULL};

static int setup(void **state) {
    (void)state;
    make_directory(directory);
    assert_int_equal(chdir(directory), 0);
    assert_int_equal(mkdir("checkout", 0700), 0);
    assert_int_equal(chdir("checkout"), 0);
    assert_int_equal(unsetenv("MNIST_DIR"), 0);
    assert_int_equal(unsetenv("FASHION_MNIST_DIR"), 0);
    assert_int_equal(unsetenv("CIFAR10_DIR"), 0);
    notices = 0;
    last_notice[0] = '\0';
    error.message[0] = '\0';
    return 0;
}

static int teardown(void **state) {
    (void)state;
    assert_int_equal(chdir(start), 0);
    remove_directory(directory);
    return 0;
}

/* Writes one of the four files, as .gz when `gzip`. */
static void write_part(const char *place, int part, uint32_t count, uint32_t side, int gzip) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s%s", place, names[part], gzip ? ".gz" : "");
    if (part % 2 == 0) {
        make_images(&file, count, side, side);
    } else {
        make_labels(&file, count, 10);
    }
    compress_gzip(&file, &packed);
    write_file(path, gzip ? packed.data : file.data, gzip ? packed.count : file.count);
}

/* A small MNIST of `count` training and 3 test images; `gzip` as bits, one a file. */
static void write_mnist(const char *place, uint32_t count, unsigned gzip) {
    char command[256];
    (void)snprintf(command, sizeof command, "mkdir -p '%s'", place);
    assert_int_equal(system(command), 0);
    for (int part = 0; part < 4; ++part) {
        write_part(place, part, part < 2 ? count : 3, 28, (int)(gzip >> part & 1));
    }
}

static struct mca_dataset_config config_of(enum mca_dataset_name name) {
    struct mca_dataset_config config = {
        .name = name, .synthetic_train = 30, .synthetic_test = 20, .synthetic_seed = 1};
    return config;
}

static enum mca_status load(struct mca_dataset *dataset, enum mca_dataset_name name,
                            const char *data_dir) {
    const struct mca_dataset_config config = config_of(name);
    *dataset = (struct mca_dataset){0};
    const enum mca_status status = mca_dataset_load(dataset, &config, data_dir, &observer, &error);
    if (status != MCA_OK) {
        assert_null(dataset->train.pixels);
        assert_true(error.message[0] != '\0');
    }
    return status;
}

static void assert_loads_mnist(enum mca_dataset_name name, const char *data_dir, uint32_t count) {
    struct mca_dataset dataset;
    if (load(&dataset, name, data_dir) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(dataset.name, "mnist");
    assert_int_equal(dataset.train.count, count);
    assert_int_equal(dataset.test.count, 3);
    assert_int_equal(dataset.inputs, 784);
    assert_int_equal(notices, 0);
    mca_dataset_deinit(&dataset);
    assert_null(dataset.train.pixels);
}

static void assert_refused(enum mca_dataset_name name, const char *data_dir, enum mca_status status,
                           const char *part) {
    struct mca_dataset dataset;
    assert_int_equal(load(&dataset, name, data_dir), status);
    if (!strstr(error.message, part)) {
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
    }
}

static void test_dataset_auto_falls_back_with_a_notice(void **state) {
    (void)state;
    struct mca_dataset dataset;
    assert_int_equal(setenv("MNIST_DIR", "/nowhere/at/all", 1), 0);
    assert_int_equal(load(&dataset, MCA_DATASET_AUTO, NULL), MCA_OK);
    assert_string_equal(dataset.name, "synthetic-digits");
    assert_int_equal(dataset.train.count, 30);
    assert_int_equal(dataset.test.count, 20);
    assert_int_equal(dataset.inputs, 784);
    assert_int_equal(dataset.classes, 10);
    assert_int_equal(notices, 1);
    assert_non_null(strstr(last_notice, "synthetic-digits"));
    assert_non_null(strstr(last_notice, "/nowhere/at/all, data/mnist ("));
    assert_null(strchr(last_notice, '\n'));
    mca_dataset_deinit(&dataset);
}

/* Each place is taken before those that were filled earlier. */
static void test_dataset_mnist_search_order(void **state) {
    (void)state;
    const enum mca_dataset_name both[] = {MCA_DATASET_AUTO, MCA_DATASET_MNIST};
    for (int i = 0; i < 2; ++i) {
        const uint32_t base = 11 + 10 * (uint32_t)i;
        assert_int_equal(unsetenv("MNIST_DIR"), 0);
        assert_int_equal(system("rm -rf data ../shared env given"), 0);
        /* folders outside the working directory are nobody's business */
        write_mnist("../shared/mnist", base, 0);
        if (both[i] == MCA_DATASET_MNIST) {
            assert_refused(MCA_DATASET_MNIST, NULL, MCA_SYSTEM, "data/mnist");
        }
        write_mnist("data/mnist", base + 1, 0);
        assert_loads_mnist(both[i], NULL, base + 1);
        write_mnist("env", base + 2, 0);
        assert_loads_mnist(both[i], NULL, base + 1);
        assert_int_equal(setenv("MNIST_DIR", "env", 1), 0);
        assert_loads_mnist(both[i], NULL, base + 2);
        write_mnist("given", base + 3, 0);
        assert_loads_mnist(both[i], "given", base + 3);
        assert_int_equal(setenv("MNIST_DIR", "", 1), 0);
        assert_loads_mnist(both[i], NULL, base + 1);
    }
}

static void test_dataset_mnist_mixes_plain_and_gzip(void **state) {
    (void)state;
    for (unsigned gzip = 0; gzip < 16; ++gzip) {
        assert_int_equal(system("rm -rf data"), 0);
        write_mnist("data/mnist", 12, gzip);
        assert_loads_mnist(MCA_DATASET_MNIST, NULL, 12);
    }
}

/* A directory that was asked for is the only one, for auto too. */
static void test_dataset_given_directory_without_files_is_an_error(void **state) {
    (void)state;
    write_mnist("data/mnist", 10, 0);
    assert_int_equal(mkdir("empty", 0700), 0);
    assert_refused(MCA_DATASET_MNIST, "empty", MCA_SYSTEM, "train-images-idx3-ubyte");
    assert_refused(MCA_DATASET_AUTO, "empty", MCA_SYSTEM, "t10k-labels-idx1-ubyte");
    assert_refused(MCA_DATASET_AUTO, "no/such/place", MCA_SYSTEM, "no/such/place");
    assert_refused(MCA_DATASET_AUTO, "", MCA_INVALID, "data directory");
}

static void test_dataset_mnist_not_found_is_an_error(void **state) {
    (void)state;
    assert_refused(MCA_DATASET_MNIST, NULL, MCA_SYSTEM, "data/mnist");
    assert_int_equal(notices, 0);
}

static void test_dataset_one_missing_file_is_named(void **state) {
    (void)state;
    for (int part = 0; part < 4; ++part) {
        char path[256];
        write_mnist("data/mnist", 10, 0);
        (void)snprintf(path, sizeof path, "data/mnist/%s", names[part]);
        assert_int_equal(unlink(path), 0);
        assert_refused(MCA_DATASET_AUTO, NULL, MCA_SYSTEM, names[part]);
        assert_refused(MCA_DATASET_MNIST, "data/mnist", MCA_SYSTEM, names[part]);
    }
}

/* Damage is told, never replaced by the next place or by synthetic images. */
static void test_dataset_damaged_files_are_an_error(void **state) {
    (void)state;
    write_mnist("elsewhere", 10, 0);
    write_mnist("data/mnist", 10, 15);
    write_file("data/mnist/t10k-images-idx3-ubyte.gz", "\x1f\x8b\x08", 3);
    assert_refused(MCA_DATASET_AUTO, NULL, MCA_INVALID, "data/mnist/t10k-images-idx3-ubyte.gz");
    write_mnist("data/mnist", 10, 15);
    write_part("data/mnist", 1, 9, 28, 1);
    assert_refused(MCA_DATASET_AUTO, NULL, MCA_INVALID, "9 labels found, expected 10");
}

static void test_dataset_mnist_must_look_like_mnist(void **state) {
    (void)state;
    write_mnist("data/mnist", 11, 0);
    make_labels(&file, 11, 11);
    write_file("data/mnist/train-labels-idx1-ubyte", file.data, file.count);
    assert_refused(MCA_DATASET_MNIST, NULL, MCA_INVALID, "label 10 is 10");
    write_mnist("data/mnist", 11, 0);
    write_part("data/mnist", 0, 11, 20, 0);
    assert_refused(MCA_DATASET_MNIST, NULL, MCA_INVALID, "28 x 28 found, expected 20 x 20");
    write_part("data/mnist", 2, 3, 20, 0);
    assert_refused(MCA_DATASET_MNIST, NULL, MCA_INVALID, "20 x 20 found, MNIST's are 28 x 28");
    /* one side alone is not enough */
    make_images(&file, 11, 28, 20);
    write_file("data/mnist/train-images-idx3-ubyte", file.data, file.count);
    make_images(&file, 3, 28, 20);
    write_file("data/mnist/t10k-images-idx3-ubyte", file.data, file.count);
    assert_refused(MCA_DATASET_MNIST, NULL, MCA_INVALID, "28 x 20 found, MNIST's are 28 x 28");
}

/* IDX files of another size and number of classes, wherever they are. */
static struct mca_dataset_config write_idx(uint32_t train_rows, uint32_t test_rows) {
    struct mca_dataset_config config = config_of(MCA_DATASET_IDX);
    (void)strcpy(config.train_images, "a.gz");
    (void)strcpy(config.train_labels, "b");
    (void)strcpy(config.test_images, "c");
    (void)strcpy(config.test_labels, "d");
    make_images(&file, 50, train_rows, 9);
    compress_gzip(&file, &packed);
    write_file("a.gz", packed.data, packed.count);
    make_labels(&file, 50, 26);
    write_file("b", file.data, file.count);
    make_images(&file, 40, test_rows, 9);
    write_file("c", file.data, file.count);
    make_labels(&file, 40, 33);
    write_file("d", file.data, file.count);
    return config;
}

static void test_dataset_idx_takes_any_size_and_classes(void **state) {
    (void)state;
    struct mca_dataset_config config = write_idx(6, 6);
    struct mca_dataset dataset;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_OK);
    assert_string_equal(dataset.name, "idx");
    assert_int_equal(dataset.inputs, 54);
    assert_int_equal(dataset.classes, 33); /* the test set's largest label is 32 */
    assert_int_equal(dataset.train.count, 50);
    assert_int_equal(dataset.test.count, 40);
    assert_int_equal(dataset.test.labels[39], 6);
    assert_int_equal(notices, 0);
    mca_dataset_deinit(&dataset);
    assert_int_equal(mca_dataset_load(&dataset, &config, "data", &observer, &error), MCA_OK);
    assert_int_equal(notices, 1); /* the directory is not used */
    mca_dataset_deinit(&dataset);
}

static void test_dataset_idx_refuses_what_does_not_fit(void **state) {
    (void)state;
    struct mca_dataset dataset;
    struct mca_dataset_config config = write_idx(6, 7);
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "7 x 9 found, expected 6 x 9"));
    config.test_labels[0] = '\0';
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "dataset.test_labels"));
    config = config_of(MCA_DATASET_IDX);
    config.name = 99;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_INVALID);
}

/* As large as the network, labels in turn; without a network there is none. */
static void test_dataset_bright_is_as_large_as_asked(void **state) {
    (void)state;
    struct mca_dataset dataset;
    struct mca_dataset_config config = config_of(MCA_DATASET_BRIGHT);
    config.bright_values = 255;
    config.bright_classes = 3;
    config.synthetic_train = 7;
    config.synthetic_test = 2;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_OK);
    assert_string_equal(dataset.name, "bright");
    assert_int_equal(dataset.inputs, 255);
    assert_int_equal(dataset.classes, 3);
    assert_int_equal(dataset.train.count, 7);
    assert_int_equal(dataset.test.count, 2);
    for (uint32_t i = 0; i < 7; ++i) {
        assert_int_equal(dataset.train.labels[i], i % 3);
    }
    for (uint32_t p = 0; p < 7 * 255; ++p) {
        assert_int_equal(dataset.train.pixels[p], 255);
    }
    mca_dataset_deinit(&dataset);
    config.bright_values = 0;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_INVALID);
    assert_string_equal(error.message, "bright: images of 0 values asked for, expected at least 1");
    config.bright_values = 5;
    config.synthetic_test = 0;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_INVALID);
    assert_string_equal(error.message, "bright: 0 images asked for, expected at least 1");
}

static uint64_t hash_of(const struct mca_dataset_config *config) {
    struct mca_dataset dataset;
    assert_int_equal(mca_dataset_load(&dataset, config, NULL, NULL, &error), MCA_OK);
    const uint64_t hash = dataset.hash;
    mca_dataset_deinit(&dataset);
    return hash;
}

static void append_little(struct bytes *bytes, uint32_t word) {
    for (int i = 0; i < 4; ++i) {
        const uint8_t byte = (uint8_t)(word >> 8 * i);
        append(bytes, &byte, 1);
    }
}

/* The hash is that of the content, in one piece: sizes, pixels, labels of both sets. */
static void test_dataset_hash_is_of_the_content(void **state) {
    (void)state;
    static struct bytes whole;
    struct mca_dataset_config config = write_idx(6, 6);
    const uint32_t counts[2] = {50, 40};
    const uint32_t classes[2] = {26, 33};
    whole.count = 0;
    for (int s = 0; s < 2; ++s) {
        append_little(&whole, counts[s]);
        append_little(&whole, 6);
        append_little(&whole, 9);
        make_images(&file, counts[s], 6, 9);
        append(&whole, file.data + 16, file.count - 16);
        make_labels(&file, counts[s], classes[s]);
        append(&whole, file.data + 8, file.count - 8);
    }
    const uint64_t hash = hash_of(&config);
    assert_true(hash == XXH3_64bits(whole.data, whole.count));
    make_images(&file, 50, 6, 9); /* plain in place of gzip: the same content */
    write_file("a.gz", file.data, file.count);
    assert_true(hash == hash_of(&config));
    file.data[file.count - 1] ^= 1;
    write_file("a.gz", file.data, file.count);
    assert_true(hash != hash_of(&config));
}

static void test_dataset_synthetic_depends_on_its_seed(void **state) {
    (void)state;
    struct mca_dataset_config config = config_of(MCA_DATASET_SYNTHETIC_DIGITS);
    const uint64_t hash = hash_of(&config);
    assert_true(hash == hash_of(&config));
    config.synthetic_seed = 2;
    assert_true(hash != hash_of(&config));
    config.synthetic_seed = 1;
    config.synthetic_test = 0;
    struct mca_dataset dataset;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, NULL, &error), MCA_INVALID);
}

/* Fashion-MNIST: its own variable and places; MNIST's are not its. */
static void test_dataset_fashion_mnist_has_places_of_its_own(void **state) {
    (void)state;
    struct mca_dataset dataset;
    assert_int_equal(setenv("MNIST_DIR", "mnist", 1), 0);
    write_mnist("mnist", 10, 0);
    write_mnist("data/mnist", 10, 0);
    write_mnist("data/fashion-mnist", 12, 0);
    assert_int_equal(load(&dataset, MCA_DATASET_FASHION_MNIST, NULL), MCA_OK);
    assert_string_equal(dataset.name, "fashion-mnist");
    assert_int_equal(dataset.train.count, 12);
    mca_dataset_deinit(&dataset);
    write_mnist("fashion", 13, 15);
    assert_int_equal(setenv("FASHION_MNIST_DIR", "fashion", 1), 0);
    assert_int_equal(load(&dataset, MCA_DATASET_FASHION_MNIST, NULL), MCA_OK);
    assert_int_equal(dataset.train.count, 13);
    mca_dataset_deinit(&dataset);
    write_mnist("given", 14, 0);
    assert_int_equal(load(&dataset, MCA_DATASET_FASHION_MNIST, "given"), MCA_OK);
    assert_int_equal(dataset.train.count, 14);
    mca_dataset_deinit(&dataset);
    assert_refused(MCA_DATASET_FASHION_MNIST, "data", MCA_SYSTEM, "Fashion-MNIST not found there");
    make_labels(&file, 12, 11);
    write_file("fashion/train-labels-idx1-ubyte", file.data, file.count);
    make_images(&file, 12, 28, 28);
    write_file("fashion/train-images-idx3-ubyte", file.data, file.count);
    assert_refused(MCA_DATASET_FASHION_MNIST, NULL, MCA_INVALID, "Fashion-MNIST's are 0 .. 9");
}

/* The package's own files, where they are installed: 6,000 of each class, first labels 9 and 9; and
 * under MNIST's name they are refused. */
static void test_dataset_reads_the_real_fashion_mnist(void **state) {
    (void)state;
    static const char place[] = "/usr/share/datasets/fashion-mnist";
    struct mca_dataset dataset;
    int counts[10] = {0};
    if (access(place, R_OK) != 0) {
        const char *ci = getenv("CI");
        (void)puts("not run: in part: no Fashion-MNIST; tools/setup --tests installs it");
        assert_false(ci && strcmp(ci, "true") == 0);
        skip();
    }
    assert_int_equal(load(&dataset, MCA_DATASET_FASHION_MNIST, NULL), MCA_OK);
    assert_int_equal(dataset.train.count, 60000);
    assert_int_equal(dataset.test.count, 10000);
    assert_int_equal(dataset.train.labels[0], 9);
    assert_int_equal(dataset.test.labels[0], 9);
    for (uint32_t i = 0; i < 60000; ++i) {
        ++counts[dataset.train.labels[i]];
    }
    for (int c = 0; c < 10; ++c) {
        assert_int_equal(counts[c], 6000);
    }
    mca_dataset_deinit(&dataset);
    assert_refused(MCA_DATASET_MNIST, place, MCA_INVALID,
                   "dataset.name: mnist found, but the files are those of fashion-mnist");
    assert_refused(MCA_DATASET_AUTO, place, MCA_INVALID, "those of fashion-mnist");
}

enum { CIFAR_RECORD = 3073 };

/* Value of CIFAR-10's made-up record: of its number, channel, row and column. */
static uint8_t cifar_value(uint32_t record, uint32_t c, uint32_t y, uint32_t x) {
    return (uint8_t)(record * 89 + c * 71 + y * 7 + x * 3);
}

/* A file of `count` records from number `first` on, labels number % 10. */
static void write_cifar(const char *name, uint32_t first, uint32_t count) {
    char path[256];
    file.count = 0;
    for (uint32_t n = first; n < first + count; ++n) {
        const uint8_t label = (uint8_t)(n % 10);
        append(&file, &label, 1);
        for (uint32_t c = 0; c < 3; ++c) {
            for (uint32_t i = 0; i < 1024; ++i) {
                const uint8_t value = cifar_value(n, c, i / 32, i % 32);
                append(&file, &value, 1);
            }
        }
    }
    (void)snprintf(path, sizeof path, "data/cifar-10-batches-bin/%s", name);
    write_file(path, file.data, file.count);
}

static void write_cifar_set(void) {
    char name[32];
    assert_int_equal(system("mkdir -p data/cifar-10-batches-bin"), 0);
    for (uint32_t i = 0; i < 5; ++i) { /* 1, 2, .. 5 records */
        (void)snprintf(name, sizeof name, "data_batch_%u.bin", i + 1);
        write_cifar(name, i * (i + 1) / 2, i + 1);
    }
    write_cifar("test_batch.bin", 100, 4);
}

static void test_dataset_cifar10_is_put_channels_last(void **state) {
    (void)state;
    struct mca_dataset dataset;
    write_cifar_set();
    if (load(&dataset, MCA_DATASET_CIFAR10, NULL) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(dataset.name, "cifar10");
    assert_int_equal(dataset.inputs, 3072);
    assert_int_equal(dataset.classes, 10);
    assert_int_equal(dataset.train.count, 15);
    assert_int_equal(dataset.test.count, 4);
    const struct mca_image_set *sets[] = {&dataset.train, &dataset.test};
    for (uint32_t s = 0; s < 2; ++s) {
        const uint8_t *pixel = sets[s]->pixels;
        for (uint32_t i = 0; i < sets[s]->count; ++i) {
            assert_int_equal(sets[s]->labels[i], i % 10);
            for (uint32_t k = 0; k < 3072; ++k) {
                assert_int_equal(*pixel++, cifar_value(100 * s + i, k % 3, k / 96, k / 3 % 32));
            }
        }
    }
    const struct mca_shape shape = mca_dataset_shape_of_name(MCA_DATASET_CIFAR10);
    assert_int_equal(shape.channels, dataset.train.channels);
    assert_int_equal(shape.height, dataset.train.rows);
    assert_int_equal(shape.width, dataset.train.cols);
    mca_dataset_deinit(&dataset);
}

static void test_dataset_cifar10_refuses_damage(void **state) {
    (void)state;
    static const char test_batch[] = "data/cifar-10-batches-bin/test_batch.bin";
    write_cifar_set();
    file.data[CIFAR_RECORD] = 10;
    write_file(test_batch, file.data, file.count);
    assert_refused(MCA_DATASET_CIFAR10, NULL, MCA_INVALID, "label of record 1 is 10");
    file.data[CIFAR_RECORD] = 9;
    write_file(test_batch, file.data, file.count - 1);
    assert_refused(MCA_DATASET_CIFAR10, NULL, MCA_INVALID, "expected a multiple of 3073");
    write_file(test_batch, "", 0);
    assert_refused(MCA_DATASET_CIFAR10, NULL, MCA_INVALID, "test_batch.bin: 0 bytes found");
    assert_int_equal(unlink(test_batch), 0);
    assert_refused(MCA_DATASET_CIFAR10, NULL, MCA_SYSTEM,
                   "test_batch.bin is missing, 5 of CIFAR-10's 6 files are there");
    assert_refused(MCA_DATASET_CIFAR10, "data", MCA_SYSTEM,
                   "CIFAR-10 not found there, expected data_batch_1.bin, data_batch_2.bin");
    assert_int_equal(system("rm -r data"), 0);
    assert_refused(MCA_DATASET_CIFAR10, NULL, MCA_SYSTEM, "$CIFAR10_DIR");
}

/* Results of files carry the given label; the size of images is known from names of sets alone. */
static void test_dataset_label_names_files(void **state) {
    (void)state;
    struct mca_dataset dataset;
    struct mca_dataset_config config = write_idx(6, 6);
    (void)strcpy(config.label, "letters");
    (void)strcpy(config.label_map, "0-25:0,26-32:1");
    config.transpose = 1;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, NULL, &error), MCA_OK);
    (void)strcpy(config.label, "changed"); /* the data set has its own */
    assert_string_equal(dataset.name, "letters");
    assert_int_equal(dataset.classes, 2);
    assert_int_equal(dataset.train.rows, 9);
    assert_int_equal(dataset.train.cols, 6);
    mca_dataset_deinit(&dataset);
    for (unsigned name = MCA_DATASET_AUTO; name <= MCA_DATASET_BRIGHT; ++name) {
        const int is_open =
            name == MCA_DATASET_IDX || name == MCA_DATASET_NPY || name == MCA_DATASET_BRIGHT;
        assert_int_equal(mca_dataset_shape_of_name(name).channels == 0, is_open);
    }
}

/* Where code 0 and code 255 lie is found in the training images, and holds for the others. */
static void test_dataset_extremes_are_those_of_training(void **state) {
    (void)state;
    struct mca_dataset dataset;
    struct mca_dataset_config config = write_idx(6, 6);
    static const uint8_t train[] = {10, 20, 30, 61};
    static const uint8_t other[] = {0, 10, 61, 200};
    file.count = 0;
    append_word(&file, 0x802);
    append_word(&file, 1);
    append_word(&file, 4);
    append(&file, train, 4);
    write_file("a.gz", file.data, file.count);
    memcpy(file.data + 12, other, 4);
    write_file("c", file.data, file.count);
    make_labels(&file, 1, 1);
    write_file("b", file.data, file.count);
    write_file("d", file.data, file.count);
    config.normalise = 2; /* extremes */
    notices = 0;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_OK);
    assert_int_equal(dataset.train.pixels[1], 50);
    assert_int_equal(dataset.train.pixels[3], 255);
    assert_int_equal(dataset.test.pixels[0], 0);
    assert_int_equal(dataset.test.pixels[2], 255);
    assert_int_equal(notices, 2);
    assert_non_null(strstr(last_notice, "c: 2 values outside 10 .. 61"));
    mca_dataset_deinit(&dataset);
    static const uint8_t one[] = {10, 20, 61, 200};
    file.count = 0;
    append_word(&file, 0x802);
    append_word(&file, 1);
    append_word(&file, 4);
    append(&file, one, 4);
    write_file("c", file.data, file.count);
    notices = 0;
    assert_int_equal(mca_dataset_load(&dataset, &config, NULL, &observer, &error), MCA_OK);
    assert_int_equal(notices, 2);
    assert_non_null(strstr(last_notice, "c: 1 values outside 10 .. 61"));
    mca_dataset_deinit(&dataset);
}

/* Figures of the original: 60000 and 10000 images, 5923 zeros and 6742 ones among the training
 * labels, the first labels 5 and 7, mean pixel 33.3184. */
static void test_dataset_reads_the_real_mnist(void **state) {
    (void)state;
    struct mca_dataset dataset;
    if (given_place[0] == '\0') { /* as tests/need.sh has it for shell tests */
        const char *ci = getenv("CI");
        (void)puts("not run: in part: no MNIST in $MNIST_DIR; tools/get-mnist downloads it");
        assert_false(ci && strcmp(ci, "true") == 0);
        skip();
    }
    assert_int_equal(setenv("MNIST_DIR", given_place, 1), 0);
    if (load(&dataset, MCA_DATASET_MNIST, NULL) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(dataset.train.count, 60000);
    assert_int_equal(dataset.test.count, 10000);
    assert_int_equal(dataset.inputs, 784);
    assert_int_equal(dataset.classes, 10);
    assert_int_equal(dataset.train.labels[0], 5);
    assert_int_equal(dataset.test.labels[0], 7);
    int counts[10] = {0};
    for (uint32_t i = 0; i < 60000; ++i) {
        ++counts[dataset.train.labels[i]];
    }
    assert_int_equal(counts[0], 5923);
    assert_int_equal(counts[1], 6742);
    uint64_t sum = 0;
    for (size_t i = 0; i < (size_t)60000 * 784; ++i) {
        sum += dataset.train.pixels[i];
    }
    assert_int_equal(sum * 100 / (60000 * 784), 3331);
    mca_dataset_deinit(&dataset);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void) {
    const char *given = getenv("MNIST_DIR");
    if (!getcwd(start, sizeof start)) {
        return 1;
    }
    if (given && given[0] != '\0') {
        const int absolute = given[0] == '/';
        const int length = snprintf(given_place, sizeof given_place, "%s%s%s",
                                    absolute ? "" : start, absolute ? "" : "/", given);
        if (length < 0 || length >= (int)sizeof given_place) {
            return 1;
        }
    }
    const struct CMUnitTest tests[] = {
        TEST(test_dataset_auto_falls_back_with_a_notice),
        TEST(test_dataset_mnist_search_order),
        TEST(test_dataset_mnist_mixes_plain_and_gzip),
        TEST(test_dataset_given_directory_without_files_is_an_error),
        TEST(test_dataset_mnist_not_found_is_an_error),
        TEST(test_dataset_one_missing_file_is_named),
        TEST(test_dataset_damaged_files_are_an_error),
        TEST(test_dataset_mnist_must_look_like_mnist),
        TEST(test_dataset_idx_takes_any_size_and_classes),
        TEST(test_dataset_idx_refuses_what_does_not_fit),
        TEST(test_dataset_bright_is_as_large_as_asked),
        TEST(test_dataset_hash_is_of_the_content),
        TEST(test_dataset_synthetic_depends_on_its_seed),
        TEST(test_dataset_fashion_mnist_has_places_of_its_own),
        TEST(test_dataset_reads_the_real_fashion_mnist),
        TEST(test_dataset_cifar10_is_put_channels_last),
        TEST(test_dataset_cifar10_refuses_damage),
        TEST(test_dataset_label_names_files),
        TEST(test_dataset_extremes_are_those_of_training),
        TEST(test_dataset_reads_the_real_mnist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

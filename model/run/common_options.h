/* Options that several commands have: rows of their tables (base/options.h). */
#ifndef MCA_RUN_COMMON_OPTIONS_H
#define MCA_RUN_COMMON_OPTIONS_H

#include "base/options.h"
#include "run/simulation.h"

#define MCA_OPTION_OUTPUT(to, argument, standard, help)                                            \
    MCA_TEXT("output", 'o', argument, to, standard, help)
#define MCA_OPTION_SET(to, help) MCA_LIST("set", 0, "KEY=VALUE", to, help)
#define MCA_OPTION_SET_ANY(to)                                                                     \
    MCA_OPTION_SET(to, "override a key; VALUE is YAML, e.g. network.layers='[784, 10]'")
#define MCA_OPTION_SEED(to) MCA_TEXT("seed", 0, "N", to, NULL, "the same as --set seed=N")
#define MCA_OPTION_DATA(to)                                                                        \
    MCA_TEXT("data", 0, "DIR", to, "$MNIST_DIR, data/mnist", "where the data files are")
#define MCA_OPTION_WEIGHTS(to)                                                                     \
    MCA_TEXT(                                                                                      \
        "weights", 0, "SOURCE", to, NULL,                                                          \
        "start from plain weights, an .npz or a directory of .npy files, or from the weights/ "    \
        "directory of a run of the same network")
#define MCA_OPTION_THREADS(to)                                                                     \
    MCA_NUMBER("threads", 0, "N", to, 1, MCA_THREADS_MAX, "the machine's cores",                   \
               "threads for testing")
#define MCA_OPTION_FORCE(to, help) MCA_FLAG("force", 0, to, help)
#define MCA_OPTION_JSON(to) MCA_FLAG("json", 0, to, "print the results as JSON")
/* --quiet, where a command prints a summary of what it leaves in files, and where its results are
 * what it prints. */
#define MCA_OPTION_QUIET(to)                                                                       \
    MCA_FLAG("quiet", 0, to, "neither progress nor notices nor a summary, only errors")
#define MCA_OPTION_ONLY_RESULTS(to)                                                                \
    MCA_FLAG("quiet", 0, to, "neither progress nor notices, only results and errors")

#endif

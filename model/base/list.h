/* Short lists of numbers, as scenario keys hold them. */
#ifndef MCA_BASE_LIST_H
#define MCA_BASE_LIST_H

#include <stdint.h>

enum { MCA_LIST_MAX = 16 };

struct mca_u32_list {
    uint32_t count;
    uint32_t values[MCA_LIST_MAX];
};

struct mca_f64_list {
    uint32_t count;
    double values[MCA_LIST_MAX];
};

/* Element `index`, or the last one where the list is shorter. The list must not be empty. */
static inline double mca_f64_list_at(const struct mca_f64_list *list, uint32_t index) {
    return list->values[index < list->count ? index : list->count - 1];
}

#endif

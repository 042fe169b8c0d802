/* Running `verilate`, which makes a unit's shared object of Verilog. */
#ifndef MCA_SHIM_RTL_UNIT_BUILD_H
#define MCA_SHIM_RTL_UNIT_BUILD_H

#include "base/observer.h"
#include "base/status.h"
#include "shim/rtl/dpu_wanted.h"

/* What a unit is made of and by, as far as it is known before. */
struct mca__dpu_unit_recipe {
    const struct mca_dpu_rtl_wanted *wanted;
    char tools[MCA_PATH_SIZE]; /* folder of `verilate` and what it needs */
    char rtl[MCA_PATH_SIZE];   /* folder or list of Verilog */
};

/* MCA_SYSTEM when the folders are not where base/data_places.h says. */
enum mca_status mca__dpu_unit_recipe_init(struct mca__dpu_unit_recipe *recipe,
                                          const struct mca_dpu_rtl_wanted *wanted,
                                          struct mca_error *error);

/* All that has a say in the unit, parameters, Verilog and tools, in 32 digits and letters. */
enum { MCA_UNIT_KEY_SIZE = 33 };
enum mca_status mca__dpu_unit_key(const struct mca__dpu_unit_recipe *recipe,
                                  char key[MCA_UNIT_KEY_SIZE], struct mca_error *error);

/* Builds in `folder`, which is empty, and leaves `object`. Stops when the observer says so. */
enum mca_status mca__dpu_unit_build(const struct mca__dpu_unit_recipe *recipe, const char *folder,
                                    const char *object, const struct mca_observer *observer,
                                    struct mca_error *error);

#endif

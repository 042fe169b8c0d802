/* The plain numbers of ledger.json by name, for its writer and its reader. */
#ifndef MCA_RUN_LEDGER_FIELDS_H
#define MCA_RUN_LEDGER_FIELDS_H

#include <stddef.h>

enum { MCA__LEDGER_SCHEMA = 10 };

/* What the members of an object are named by, that holds an array of numbers. */
enum mca__axis { MCA__AXIS_NONE, MCA__AXIS_PHASES, MCA__AXIS_COMPONENTS, MCA__AXIS_RESOURCES };

int mca__axis_count(enum mca__axis axis);
const char *mca__axis_name(enum mca__axis axis, int index);

/* Numbers from one of an axis to the next, where `inner` is the axis of those within it. */
int mca__axis_step(enum mca__axis inner);

/* A member of a struct: uint64_t, or double (NAN as null) in a table of doubles; or an array of
 * uint64_t, an object, and one of those, an object of objects. */
struct mca__field {
    const char *name;
    size_t offset;
    enum mca__axis axes[3]; /* ends with MCA__AXIS_NONE */
};

/* Each ends with a name of NULL. */
extern const struct mca__field mca__ledger_fields[];    /* of struct mca_ledger */
extern const struct mca__field mca__part_fields[];      /* of struct mca_ledger_part */
extern const struct mca__field mca__inventory_fields[]; /* of struct mca_inventory */
extern const struct mca__field mca__result_fields[];    /* of struct mca_train_result */
extern const struct mca__field mca__layer_fields[];     /* of struct mca_layer_result */
extern const struct mca__field mca__import_fields[];    /* of struct mca_import_stats */
/* Of struct mca_train_result too, where timing.what_if asks for them. */
extern const struct mca__field mca__what_if_fields[];
extern const struct mca__field mca__import_number_fields[]; /* doubles of it */
extern const struct mca__field mca__epoch_fields[];         /* of struct mca_epoch_record */
extern const struct mca__field mca__epoch_number_fields[];  /* doubles of it */

#endif

/* The plain numbers of ledger.json by name, for its writer and its reader. */
#ifndef MCA_RUN_LEDGER_FIELDS_H
#define MCA_RUN_LEDGER_FIELDS_H

#include <stddef.h>

enum { MCA__LEDGER_SCHEMA = 6 };

/* A member of a struct: uint64_t, or double (NAN as null) in a table of doubles. */
struct mca__field {
    const char *name;
    size_t offset;
};

/* Each ends with a name of NULL. */
extern const struct mca__field mca__inventory_fields[];    /* of struct mca_inventory */
extern const struct mca__field mca__result_fields[];       /* of struct mca_train_result */
extern const struct mca__field mca__layer_fields[];        /* of struct mca_layer_result */
extern const struct mca__field mca__epoch_fields[];        /* of struct mca_epoch_record */
extern const struct mca__field mca__epoch_number_fields[]; /* doubles of it */

#endif

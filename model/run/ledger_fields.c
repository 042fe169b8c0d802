#include "run/ledger_fields.h"

#include "chip/ledger.h"
#include "train/trainer.h"

#define FIELD(type, member)                                                                        \
    { #member, offsetof(struct type, member) }

const struct mca__field mca__inventory_fields[] = {
#define MCA_BUILT(name) FIELD(mca_inventory, name),
#include "chip/components.def"
    {NULL, 0}};

const struct mca__field mca__result_fields[] = {FIELD(mca_train_result, images),
                                                FIELD(mca_train_result, tested_images),
                                                FIELD(mca_train_result, time_ps),
                                                FIELD(mca_train_result, init_time_ps),
                                                FIELD(mca_train_result, set_pulses),
                                                FIELD(mca_train_result, reset_pulses),
                                                FIELD(mca_train_result, refreshed_pairs),
                                                FIELD(mca_train_result, max_writes_per_device),
                                                FIELD(mca_train_result, adc_conversions),
                                                FIELD(mca_train_result, adc_clips),
                                                FIELD(mca_train_result, chi_saturations),
                                                FIELD(mca_train_result, pulses_lost),
                                                FIELD(mca_train_result, devices_at_gmax),
                                                FIELD(mca_train_result, update_products),
                                                FIELD(mca_train_result, updates_lost),
                                                FIELD(mca_train_result, forward_macs),
                                                FIELD(mca_train_result, forward_macs_nonzero),
                                                FIELD(mca_train_result, backward_macs),
                                                FIELD(mca_train_result, update_macs),
                                                FIELD(mca_train_result, update_macs_nonzero),
                                                {NULL, 0}};

const struct mca__field mca__layer_fields[] = {FIELD(mca_layer_result, devices_at_gmax),
                                               FIELD(mca_layer_result, max_writes_per_device),
                                               {NULL, 0}};

const struct mca__field mca__epoch_fields[] = {
    FIELD(mca_epoch_record, images),          FIELD(mca_epoch_record, time_ps),
    FIELD(mca_epoch_record, set_pulses),      FIELD(mca_epoch_record, reset_pulses),
    FIELD(mca_epoch_record, refreshed_pairs), {NULL, 0}};

const struct mca__field mca__epoch_number_fields[] = {
    FIELD(mca_epoch_record, learning_rate), FIELD(mca_epoch_record, train_accuracy),
    FIELD(mca_epoch_record, train_loss),    FIELD(mca_epoch_record, validation_accuracy),
    FIELD(mca_epoch_record, test_accuracy), {NULL, 0}};

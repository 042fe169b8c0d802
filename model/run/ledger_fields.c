#include "run/ledger_fields.h"

#include "chip/ledger.h"
#include "train/trainer.h"

int mca__axis_count(enum mca__axis axis) {
    static const int counts[] = {[MCA__AXIS_PHASES] = MCA_PHASE_COUNT,
                                 [MCA__AXIS_COMPONENTS] = MCA_COMPONENT_CHIP_COUNT,
                                 [MCA__AXIS_RESOURCES] = MCA_RESOURCE_COUNT};
    return counts[axis];
}

const char *mca__axis_name(enum mca__axis axis, int index) {
    return axis == MCA__AXIS_PHASES       ? mca_phase_name((enum mca_phase)index)
           : axis == MCA__AXIS_COMPONENTS ? mca_component_name((enum mca_component)index)
                                          : mca_resource_name((enum mca_resource)index);
}

int mca__axis_step(enum mca__axis inner) {
    return inner == MCA__AXIS_NONE         ? 1
           : inner == MCA__AXIS_COMPONENTS ? MCA_COMPONENT_COUNT /* those of designs are 0 */
                                           : mca__axis_count(inner);
}

#define NUMBER(type, member)                                                                       \
    { .name = #member, .offset = offsetof(struct type, member) }

const struct mca__field mca__ledger_fields[] = {
    {"counts", offsetof(struct mca_ledger, counts), {MCA__AXIS_PHASES, MCA__AXIS_COMPONENTS}},
    {"busy_ps", offsetof(struct mca_ledger, busy_ps), {MCA__AXIS_PHASES, MCA__AXIS_RESOURCES}},
    {"critical_ps", offsetof(struct mca_ledger, critical_ps), {MCA__AXIS_PHASES}},
    {"beside_ps", offsetof(struct mca_ledger, beside_ps), {MCA__AXIS_PHASES, MCA__AXIS_RESOURCES}},
    {.name = NULL}};

const struct mca__field mca__part_fields[] = {
    {"counts", offsetof(struct mca_ledger_part, counts), {MCA__AXIS_PHASES, MCA__AXIS_COMPONENTS}},
    {"busy_ps", offsetof(struct mca_ledger_part, busy_ps), {MCA__AXIS_PHASES, MCA__AXIS_RESOURCES}},
    {"beside_ps",
     offsetof(struct mca_ledger_part, beside_ps),
     {MCA__AXIS_PHASES, MCA__AXIS_RESOURCES}},
    {.name = NULL}};

const struct mca__field mca__inventory_fields[] = {
#define MCA_BUILT(name) NUMBER(mca_inventory, name),
#include "chip/components.def"
    {"resource_instances",
     offsetof(struct mca_inventory, resource_instances),
     {MCA__AXIS_RESOURCES}},
    {.name = NULL}};

const struct mca__field mca__result_fields[] = {NUMBER(mca_train_result, images),
                                                NUMBER(mca_train_result, tested_images),
                                                NUMBER(mca_train_result, time_ps),
                                                NUMBER(mca_train_result, init_time_ps),
                                                NUMBER(mca_train_result, test_latency_ps),
                                                NUMBER(mca_train_result, set_pulses),
                                                NUMBER(mca_train_result, reset_pulses),
                                                NUMBER(mca_train_result, refreshed_pairs),
                                                NUMBER(mca_train_result, max_writes_per_device),
                                                NUMBER(mca_train_result, adc_conversions),
                                                NUMBER(mca_train_result, adc_clips),
                                                NUMBER(mca_train_result, chi_saturations),
                                                NUMBER(mca_train_result, pulses_lost),
                                                NUMBER(mca_train_result, devices_at_gmax),
                                                NUMBER(mca_train_result, update_products),
                                                NUMBER(mca_train_result, updates_lost),
                                                NUMBER(mca_train_result, forward_macs),
                                                NUMBER(mca_train_result, forward_macs_nonzero),
                                                NUMBER(mca_train_result, backward_macs),
                                                NUMBER(mca_train_result, update_macs),
                                                NUMBER(mca_train_result, update_macs_nonzero),
                                                {.name = NULL}};

#define WEAR(member)                                                                               \
    { .name = #member, .offset = offsetof(struct mca_layer_result, wear.member) }

const struct mca__field mca__layer_fields[] = {NUMBER(mca_layer_result, devices_at_gmax),
                                               WEAR(max_writes_per_device),
                                               WEAR(stuck_devices),
                                               WEAR(first_worn_endurance),
                                               WEAR(first_worn_before),
                                               WEAR(first_worn_writes),
                                               {.name = NULL}};

const struct mca__field mca__epoch_fields[] = {
    NUMBER(mca_epoch_record, images),          NUMBER(mca_epoch_record, time_ps),
    NUMBER(mca_epoch_record, set_pulses),      NUMBER(mca_epoch_record, reset_pulses),
    NUMBER(mca_epoch_record, refreshed_pairs), {.name = NULL}};

const struct mca__field mca__epoch_number_fields[] = {
    NUMBER(mca_epoch_record, learning_rate), NUMBER(mca_epoch_record, train_accuracy),
    NUMBER(mca_epoch_record, train_loss),    NUMBER(mca_epoch_record, validation_accuracy),
    NUMBER(mca_epoch_record, test_accuracy), {.name = NULL}};

const struct mca__field mca__what_if_fields[] = {
    {"train_ps", offsetof(struct mca_train_result, what_if_ps), {MCA__AXIS_RESOURCES}},
    {"test_ps", offsetof(struct mca_train_result, what_if_test_ps), {MCA__AXIS_RESOURCES}},
    {.name = NULL}};

const struct mca__field mca__import_fields[] = {
    NUMBER(mca_import_stats, weights),    NUMBER(mca_import_stats, clipped),
    NUMBER(mca_import_stats, programmed), NUMBER(mca_import_stats, unreached),
    NUMBER(mca_import_stats, pulses),     NUMBER(mca_import_stats, pulses_most),
    NUMBER(mca_import_stats, reads),      {.name = NULL}};

const struct mca__field mca__import_number_fields[] = {NUMBER(mca_import_stats, error_sum_us),
                                                       NUMBER(mca_import_stats, error_squares_us2),
                                                       {.name = NULL}};

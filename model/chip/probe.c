#include "chip/probe.h"

#include "chip/chip_state.h"

/* Calls a function of every probe that has it. */
#define TELL(chip, function, ...)                                                                  \
    for (const struct mca_chip_probe *p = (chip)->probes; p; p = p->next) {                        \
        if (p->function) {                                                                         \
            p->function(p->user, __VA_ARGS__);                                                     \
        }                                                                                          \
    }

/* What the timeline tells goes to whoever wants it. */
static void tell(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *occupation) {
    const struct mca_chip *chip = user;
    TELL(chip, occupied, operation, occupation)
}

/* What nobody wants is not worked out. */
static void note_wishes(struct mca_chip *chip) {
    int wants_times = 0;
    chip->tells_reads = 0;
    chip->tells_updates = 0;
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        wants_times |= p->occupied != NULL;
        chip->tells_reads |= p->codes || p->sums;
        chip->tells_updates |= p->update != NULL;
    }
    chip->timeline.sink = (struct mca_timeline_sink){chip, wants_times ? tell : NULL};
}

/* Where the probe is linked, or the end of the list. */
static struct mca_chip_probe **place_of(struct mca_chip *chip, const struct mca_chip_probe *probe) {
    struct mca_chip_probe **place = &chip->probes;
    while (*place && *place != probe) {
        place = &(*place)->next;
    }
    return place;
}

void mca_chip_attach(struct mca_chip *chip, struct mca_chip_probe *probe) {
    struct mca_chip_probe **place = place_of(chip, probe);
    if (!*place) {
        probe->next = NULL;
        *place = probe;
    }
    note_wishes(chip);
}

void mca_chip_detach(struct mca_chip *chip, struct mca_chip_probe *probe) {
    struct mca_chip_probe **place = place_of(chip, probe);
    if (*place) {
        *place = probe->next;
    }
    note_wishes(chip);
}

void mca__tell_read(const struct mca_chip *chip, const struct mca_adc_ops *adc,
                    const struct mca_dpu_codes *read) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->codes && adc->has_codes) {
            p->codes(p->user, read);
        } else if (p->sums && adc->is_ideal) {
            p->sums(p->user, read);
        }
    }
}

void mca__tell_update(const struct mca_chip *chip, uint32_t layer,
                      const struct mca_update *update) {
    TELL(chip, update, layer, update)
}

void mca__tell_command(const struct mca_chip *chip, const struct mca_dpu_command *command) {
    TELL(chip, command, command)
}

void mca__tell_operation(const struct mca_chip *chip, const struct mca_dpu_operation *operation) {
    TELL(chip, operation, operation)
}

void mca__tell_chi_written(const struct mca_chip *chip, uint32_t layer, uint32_t row,
                           uint32_t col) {
    TELL(chip, chi_written, layer, row, col)
}

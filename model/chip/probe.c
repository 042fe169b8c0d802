#include "chip/probe.h"

#include "chip/chip_state.h"

/* What the timeline tells goes to whoever wants it. */
static void tell(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *occupation) {
    const struct mca_chip *chip = user;
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->occupied) {
            p->occupied(p->user, operation, occupation);
        }
    }
}

/* Times that nobody wants are not worked out. */
static void listen_to_timeline(struct mca_chip *chip) {
    int wanted = 0;
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        wanted |= p->occupied != NULL;
    }
    chip->timeline.sink = (struct mca_timeline_sink){chip, wanted ? tell : NULL};
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
    listen_to_timeline(chip);
}

void mca_chip_detach(struct mca_chip *chip, struct mca_chip_probe *probe) {
    struct mca_chip_probe **place = place_of(chip, probe);
    if (*place) {
        *place = probe->next;
    }
    listen_to_timeline(chip);
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

int mca__tells_reads(const struct mca_chip *chip) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->codes || p->sums) {
            return 1;
        }
    }
    return 0;
}

int mca__tells_updates(const struct mca_chip *chip) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->update) {
            return 1;
        }
    }
    return 0;
}

void mca__tell_update(const struct mca_chip *chip, uint32_t layer,
                      const struct mca_update *update) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->update) {
            p->update(p->user, layer, update);
        }
    }
}

void mca__tell_command(const struct mca_chip *chip, const struct mca_dpu_command *command) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->command) {
            p->command(p->user, command);
        }
    }
}

void mca__tell_operation(const struct mca_chip *chip, const struct mca_dpu_operation *operation) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->operation) {
            p->operation(p->user, operation);
        }
    }
}

void mca__tell_chi_written(const struct mca_chip *chip, uint32_t layer, uint32_t row,
                           uint32_t col) {
    for (const struct mca_chip_probe *p = chip->probes; p; p = p->next) {
        if (p->chi_written) {
            p->chi_written(p->user, layer, row, col);
        }
    }
}

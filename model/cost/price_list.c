#include "cost/price_list.h"

#include "array/converters.h"
#include "base/mathx.h"
#include "chip/timeline.h"

enum { RANDOM_WORD_BITS = 32, ADD_BITS = 32 };

uint64_t mca_block_instances(const struct mca_inventory *v, enum mca_block block) {
    const uint64_t all[MCA_BLOCK_COUNT] = {
#define MCA_BLOCK(NAME, name, UNIT, part, need, instances) instances,
#define MCA_DESIGN_BLOCK MCA_BLOCK
#include "chip/components.def"
    };
    return all[block];
}

double mca_macro_bytes(uint32_t most_bytes, uint64_t bits, uint64_t memories) {
    const double bytes = memories > 0 ? (double)bits / (8.0 * (double)memories) : 0.0;
    const double most = (double)most_bytes;
    return bytes < 1.0 ? 1.0 : bytes < most ? bytes : most;
}

struct mca_cost_design mca_cost_design_of(const struct mca_chip_config *chip,
                                          const struct mca_cost_config *cost,
                                          const struct mca_inventory *inventory) {
    const uint32_t dac_bits = mca_converter_width(chip->dac.bits);
    const uint32_t most = cost->sram_macro_bytes;
    const uint32_t most_weight = cost->weight_macro_bytes ? cost->weight_macro_bytes : most;
    const double pulse_ps =
        (double)chip->timing.read_ps_per_level * (double)((uint64_t)1 << dac_bits);
    const double conversion_ps = (double)mca_conversion_ps(chip);
    const uint64_t chis = inventory->resource_instances[MCA_RESOURCE_CHI]; /* of each unit */
    return (struct mca_cost_design){
        .dac_kind = chip->dac.kind,
        .adc_kind = chip->adc.kind,
        .dac_bits = dac_bits,
        .adc_bits = mca_converter_width(chip->adc.bits),
        .factor_bits = {chip->dpu.activation_bits, chip->dpu.error_bits},
        .pulse_ps = pulse_ps,
        /* without a time of its own a converter integrates during the pulse */
        .conversion_ps = conversion_ps > 0.0 ? conversion_ps : pulse_ps,
        .clock_hz = (double)chip->dpu.clock_hz,
        .macro_bytes = {.chi = mca_macro_bytes(most, inventory->chi_bits, chis),
                        .buffer = mca_macro_bytes(most, inventory->buffer_bits, inventory->buffers),
                        .weight = mca_macro_bytes(most_weight, inventory->weight_bits, 1),
                        .accumulator = mca_macro_bytes(most, inventory->accumulator_bits,
                                                       inventory->accumulators),
                        .scan_map = mca_macro_bytes(most, inventory->scan_map_bits, 1),
                        .lane_sum =
                            mca_macro_bytes(most, inventory->lane_sum_bits, inventory->lane_sums)},
        .dram = cost->dram != 0,
        .idle_clock = cost->clock_gating ? cost->clock_residual : 1.0,
        .sram_leak = cost->sram_sleep ? cost->sleep_residual : 1.0,
        .has_comparators = inventory->comparators > 0};
}

/* What a figure's law asks for; only the one that it has is looked at. */
struct need {
    uint32_t bits[2]; /* both widths of a product; [0] of everything else */
    double bytes;
    double conversion_j; /* of the converter, for its power and area */
};

/* Energy of a conversion by successive approximation, up to a factor: comparator and logic work
 * once a bit, the capacitor array grows with what noise allows; KU Leuven's ZigZag (imc_array.py),
 * in fJ at 1 V. */
static double sar_energy(double bits) {
    return 100.0 * bits + 0.001 * mca_pow(4.0, bits);
}

/* Static power is a share of what the converter draws when it converts without pause; area follows
 * the regression over published converters. */
static double conversion_factor(const struct mca_figure *figure, enum mca_quantity quantity,
                                const struct mca_cost_design *design, double conversion_j) {
    const double energy = conversion_j / figure->at_energy_scaled_j;
    /* conversions that take no time say nothing of the rate that the converter is built for */
    const double rate = design->conversion_ps > 0.0 ? figure->at / design->conversion_ps : 1.0;
    return quantity == MCA_QUANTITY_POWER ? energy * rate
                                          : mca_pow(energy, MCA_CONVERTER_AREA_ENERGY_EXPONENT) *
                                                mca_pow(rate, MCA_CONVERTER_AREA_RATE_EXPONENT);
}

static double law_factor(const struct mca_figure *figure, enum mca_quantity quantity,
                         const struct mca_cost_design *design, struct need need) {
    switch (figure->law) {
    case MCA_LAW_BITS_LINEAR:
        return need.bits[0] / figure->at;
    case MCA_LAW_BITS_SQUARE:
        return (double)need.bits[0] * (double)need.bits[1] / (figure->at * figure->at);
    case MCA_LAW_BITS_LEVELS:
        return mca_pow(2.0, need.bits[0] - figure->at);
    case MCA_LAW_BITS_SAR:
        return sar_energy(need.bits[0]) / sar_energy(figure->at);
    case MCA_LAW_BYTES:
        return mca_pow(need.bytes / figure->at, figure->exponent);
    case MCA_LAW_DURATION:
        return design->pulse_ps / figure->at;
    case MCA_LAW_CLOCK:
        return design->clock_hz / figure->at;
    case MCA_LAW_CONVERSION:
        return conversion_factor(figure, quantity, design, need.conversion_j);
    case MCA_LAW_FIXED:
        break;
    }
    return 1.0;
}

static struct mca_price price_of(const struct mca_price_list *list, uint32_t index,
                                 struct need need, int times) {
    const struct mca_figure *figure = &list->library->figures[index];
    const double factor =
        times * law_factor(figure, mca_figure_quantity(index), &list->design, need);
    return (struct mca_price){figure->value * factor, factor, figure};
}

static struct need width(uint32_t bits) {
    return (struct need){{bits, bits}, 1.0, 0.0};
}

static struct need product(const struct mca_cost_design *d) {
    return (struct need){{d->factor_bits[0], d->factor_bits[1]}, 1.0, 0.0};
}

static struct need capacity(double bytes) {
    return (struct need){{1, 1}, bytes, 0.0};
}

/* What compares a device with a threshold: a comparator is successive approximation of one bit. */
static unsigned comparing_kind(const struct mca_cost_design *d) {
    return d->has_comparators ? MCA_ADC_SAR : d->adc_kind;
}

static struct need comparison(const struct mca_cost_design *d) {
    return width(mca_adc_compare_bits(comparing_kind(d), d->adc_bits));
}

/* Of the comparators, once a comparison has its price. */
static struct need comparators(const struct mca_price_list *list) {
    return (struct need){{1, 1}, 1.0, list->energy[MCA_COMPONENT_ADC_COMPARE].value};
}

/* Of the converters, once a conversion has its price. */
static struct need conversions(const struct mca_price_list *list) {
    const uint32_t bits = list->design.adc_bits;
    return (struct need){{bits, bits}, 1.0, list->energy[MCA_COMPONENT_ADC_CONVERSION].value};
}

struct mca_converter_figures mca_dac_figures(unsigned kind) {
#define DAC(constant, name, figures)                                                               \
    [MCA_DAC_##constant] = {MCA_ENTRY_##figures, MCA_PART_##figures},
    static const struct mca_converter_figures kinds[] = {MCA_DAC_KINDS(DAC)};
    return kinds[kind];
}

struct mca_converter_figures mca_adc_figures(unsigned kind) {
#define ADC(constant, name, ops, figures, law)                                                     \
    [MCA_ADC_##constant] = {MCA_ENTRY_##figures, MCA_PART_##figures},
    static const struct mca_converter_figures kinds[] = {MCA_ADC_KINDS(ADC)};
    return kinds[kind];
}

/* Of a memory's cells a handful is accessed at a time: all of them sleep, or none. */
static struct mca_price static_price_of(const struct mca_price_list *list, enum mca_part part,
                                        struct need need) {
    struct mca_price price = price_of(list, mca_figure_static(part), need, 1);
    const double share = part == MCA_PART_SRAM_BIT ? list->design.sram_leak : 1.0;
    price.value *= share;
    price.factor *= share;
    return price;
}

/* The static power of a digital unit's registers is that of the clock that runs to them; all
 * others' is leakage, or that of a clock which nothing stops. */
static double idle_share_of(enum mca_block block, const struct mca_cost_design *design) {
    return block == MCA_BLOCK_REGISTER_BIT ? design->idle_clock : 1.0;
}

void mca_price_list_init(struct mca_price_list *list, const struct mca_component_library *library,
                         const struct mca_cost_design *design) {
    const struct mca_cost_design *d = design;
    list->library = library;
    list->design = *design;
#define MCA_COMPONENT(NAME, name, UNIT, entry, need, times)                                        \
    list->energy[MCA_COMPONENT_##NAME] = price_of(list, entry, need, times);
#define MCA_DESIGN_COMPONENT MCA_COMPONENT
#define MCA_BLOCK(NAME, name, UNIT, part, need, ...)                                               \
    list->static_w[MCA_BLOCK_##NAME] = static_price_of(list, part, need);                          \
    list->area_um2[MCA_BLOCK_##NAME] = price_of(list, mca_figure_area(part), need, 1);             \
    list->idle_share[MCA_BLOCK_##NAME] = idle_share_of(MCA_BLOCK_##NAME, d);
#define MCA_DESIGN_BLOCK MCA_BLOCK
#include "chip/components.def"
}

double mca_sram_access_s(const struct mca_component_library *library, double bytes) {
    const struct mca_figure *figure = &library->figures[MCA_FIGURE_SRAM_ACCESS];
    return figure->law == MCA_LAW_BYTES
               ? figure->value * mca_pow(bytes / figure->at, figure->exponent)
               : figure->value;
}

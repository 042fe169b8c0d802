#include "cost/price_list.h"

#include "base/mathx.h"

enum { IDEAL_BITS = 8, RANDOM_WORD_BITS = 32, ADD_BITS = 32 };

const char *mca_block_name(enum mca_block block) {
    static const char *const names[MCA_BLOCK_COUNT] = {
        "pcm_device",     "tile_control", "dac",          "adc",          "sample_hold",
        "program_driver", "dpu_lane",     "sigmoid_unit", "register_bit", "chi_bit",
        "buffer_bit",     "weight_bit",   "fp32_lane"};
    return names[block];
}

uint64_t mca_block_instances(const struct mca_inventory *inventory, enum mca_block block) {
    const uint64_t instances[MCA_BLOCK_COUNT] = {
        [MCA_BLOCK_PCM_DEVICE] = inventory->devices,
        [MCA_BLOCK_TILE_CONTROL] = inventory->tiles,
        [MCA_BLOCK_DAC] = inventory->dacs,
        [MCA_BLOCK_ADC] = inventory->adcs,
        [MCA_BLOCK_SAMPLE_HOLD] = inventory->sample_holds,
        [MCA_BLOCK_PROGRAM_DRIVER] = inventory->program_drivers,
        [MCA_BLOCK_DPU_LANE] = inventory->dpu_lanes,
        [MCA_BLOCK_SIGMOID_UNIT] = inventory->sigmoid_units,
        [MCA_BLOCK_REGISTER_BIT] = inventory->register_bits,
        [MCA_BLOCK_CHI_BIT] = inventory->chi_bits,
        [MCA_BLOCK_BUFFER_BIT] = inventory->buffer_bits,
        [MCA_BLOCK_WEIGHT_BIT] = inventory->weight_bits,
        [MCA_BLOCK_FP32_LANE] = inventory->fp32_lanes,
    };
    return instances[block];
}

double mca_macro_bytes(uint32_t most_bytes, uint64_t bits, uint64_t memories) {
    const double bytes = memories > 0 ? (double)bits / (8.0 * (double)memories) : 0.0;
    const double most = (double)most_bytes;
    return bytes < 1.0 ? 1.0 : bytes < most ? bytes : most;
}

struct mca_cost_design mca_cost_design_of(const struct mca_chip_config *chip,
                                          const struct mca_cost_config *cost,
                                          const struct mca_inventory *inventory) {
    const uint32_t dac_bits = chip->dac.bits ? chip->dac.bits : IDEAL_BITS;
    const uint32_t most = cost->sram_macro_bytes;
    const uint32_t most_weight = cost->weight_macro_bytes ? cost->weight_macro_bytes : most;
    const double pulse_ps =
        (double)chip->timing.read_ps_per_level * (double)((uint64_t)1 << dac_bits);
    const double conversion_ps = (double)chip->timing.adc_conversion_ps;
    return (struct mca_cost_design){
        .dac_kind = chip->dac.kind,
        .adc_kind = chip->adc.kind,
        .dac_bits = dac_bits,
        .adc_bits = chip->adc.bits ? chip->adc.bits : IDEAL_BITS,
        .factor_bits = {chip->dpu.activation_bits, chip->dpu.error_bits},
        .pulse_ps = pulse_ps,
        /* without a time of its own a converter integrates during the pulse */
        .conversion_ps = conversion_ps > 0.0 ? conversion_ps : pulse_ps,
        .clock_hz = (double)chip->dpu.clock_hz,
        .macro_bytes = {.chi = mca_macro_bytes(most, inventory->chi_bits, 1),
                        .buffer = mca_macro_bytes(most, inventory->buffer_bits, inventory->buffers),
                        .weight = mca_macro_bytes(most_weight, inventory->weight_bits, 1)},
        .dram = cost->dram != 0};
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

static struct mca_price price_of(const struct mca_component_library *library, uint32_t index,
                                 const struct mca_cost_design *design, struct need need) {
    const struct mca_figure *figure = &library->figures[index];
    const double factor = law_factor(figure, mca_figure_quantity(index), design, need);
    return (struct mca_price){figure->value * factor, factor, figure};
}

static struct need width(uint32_t bits) {
    return (struct need){{bits, bits}, 1.0, 0.0};
}

static struct need capacity(double bytes) {
    return (struct need){{1, 1}, bytes, 0.0};
}

static void price_memories(struct mca_price_list *list, const struct mca_cost_design *d) {
    const struct mca_component_library *library = list->library;
    const struct {
        enum mca_component read;
        enum mca_component write;
        enum mca_block bit;
        double bytes;
    } memories[] = {
        {MCA_COMPONENT_CHI_READ, MCA_COMPONENT_CHI_WRITE, MCA_BLOCK_CHI_BIT, d->macro_bytes.chi},
        {MCA_COMPONENT_BUFFER_READ, MCA_COMPONENT_BUFFER_WRITE, MCA_BLOCK_BUFFER_BIT,
         d->macro_bytes.buffer},
        {MCA_COMPONENT_WEIGHT_READ, MCA_COMPONENT_WEIGHT_WRITE, MCA_BLOCK_WEIGHT_BIT,
         d->macro_bytes.weight}};
    for (size_t i = 0; i < sizeof memories / sizeof memories[0]; ++i) {
        const struct need need = capacity(memories[i].bytes);
        list->energy[memories[i].read] = price_of(library, MCA_ENTRY_SRAM_READ, d, need);
        list->energy[memories[i].write] = price_of(library, MCA_ENTRY_SRAM_WRITE, d, need);
        list->static_w[memories[i].bit] =
            price_of(library, mca_figure_static(MCA_PART_SRAM_BIT), d, need);
        list->area_um2[memories[i].bit] =
            price_of(library, mca_figure_area(MCA_PART_SRAM_BIT), d, need);
    }
}

static void price_energies(struct mca_price_list *list, const struct mca_cost_design *d) {
    const int sar = d->adc_kind == MCA_ADC_SAR;
    const int voltage = d->dac_kind == MCA_DAC_VOLTAGE;
    const struct need product = {{d->factor_bits[0], d->factor_bits[1]}, 1.0, 0.0};
    const struct {
        enum mca_component component;
        enum mca_entry entry;
        struct need need;
    } rows[] = {
        {MCA_COMPONENT_DRAM_READ, MCA_ENTRY_DRAM_READ, width(1)},
        {MCA_COMPONENT_IMAGE_LOAD, MCA_ENTRY_IMAGE_LOAD, width(1)},
        {MCA_COMPONENT_DAC_DRIVE, voltage ? MCA_ENTRY_DAC_VOLTAGE : MCA_ENTRY_DAC_PWM,
         width(d->dac_bits)},
        {MCA_COMPONENT_PCM_READ, MCA_ENTRY_PCM_READ, width(1)},
        {MCA_COMPONENT_SAMPLE_HOLD, MCA_ENTRY_SAMPLE_HOLD, width(1)},
        {MCA_COMPONENT_ADC_CONVERSION, sar ? MCA_ENTRY_ADC_SAR : MCA_ENTRY_ADC_CCO,
         width(d->adc_bits)},
        {MCA_COMPONENT_DPU_ADD, MCA_ENTRY_INT_ADD, width(ADD_BITS)},
        {MCA_COMPONENT_DPU_MULTIPLY, MCA_ENTRY_INT_MULTIPLY, product},
        {MCA_COMPONENT_DPU_SIGMOID, MCA_ENTRY_SIGMOID, width(1)},
        {MCA_COMPONENT_DPU_RANDOM, MCA_ENTRY_REGISTER_BIT, width(1)},
        {MCA_COMPONENT_PCM_SET, MCA_ENTRY_PCM_SET, width(1)},
        {MCA_COMPONENT_PCM_RESET, MCA_ENTRY_PCM_RESET, width(1)},
        {MCA_COMPONENT_FP32_ADD, MCA_ENTRY_FP32_ADD, width(1)},
        {MCA_COMPONENT_FP32_MULTIPLY, MCA_ENTRY_FP32_MULTIPLY, width(1)},
        {MCA_COMPONENT_INT8_MULTIPLY, MCA_ENTRY_INT_MULTIPLY, width(8)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        list->energy[rows[i].component] = price_of(list->library, rows[i].entry, d, rows[i].need);
    }
    struct mca_price *random = &list->energy[MCA_COMPONENT_DPU_RANDOM];
    random->factor *= RANDOM_WORD_BITS;
    random->value = random->figure->value * random->factor;
    if (!d->dram) {
        list->energy[MCA_COMPONENT_DRAM_READ].factor = 0.0;
        list->energy[MCA_COMPONENT_DRAM_READ].value = 0.0;
    }
}

static void price_blocks(struct mca_price_list *list, const struct mca_cost_design *d) {
    const int sar = d->adc_kind == MCA_ADC_SAR;
    const int voltage = d->dac_kind == MCA_DAC_VOLTAGE;
    struct need adc = width(d->adc_bits);
    adc.conversion_j = list->energy[MCA_COMPONENT_ADC_CONVERSION].value;
    const struct {
        enum mca_block block;
        enum mca_part part;
        struct need need;
    } rows[] = {
        {MCA_BLOCK_PCM_DEVICE, MCA_PART_PCM_DEVICE, width(1)},
        {MCA_BLOCK_TILE_CONTROL, MCA_PART_TILE_CONTROL, width(1)},
        {MCA_BLOCK_DAC, voltage ? MCA_PART_DAC_VOLTAGE : MCA_PART_DAC_PWM, width(d->dac_bits)},
        {MCA_BLOCK_ADC, sar ? MCA_PART_ADC_SAR : MCA_PART_ADC_CCO, adc},
        {MCA_BLOCK_SAMPLE_HOLD, MCA_PART_SAMPLE_HOLD, width(1)},
        {MCA_BLOCK_PROGRAM_DRIVER, MCA_PART_PROGRAM_DRIVER, width(1)},
        {MCA_BLOCK_DPU_LANE, MCA_PART_DPU_LANE, width(1)},
        {MCA_BLOCK_SIGMOID_UNIT, MCA_PART_SIGMOID_UNIT, width(1)},
        {MCA_BLOCK_REGISTER_BIT, MCA_PART_REGISTER_BIT, width(1)},
        {MCA_BLOCK_FP32_LANE, MCA_PART_FP32_LANE, width(1)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        list->static_w[rows[i].block] =
            price_of(list->library, mca_figure_static(rows[i].part), d, rows[i].need);
        list->area_um2[rows[i].block] =
            price_of(list->library, mca_figure_area(rows[i].part), d, rows[i].need);
    }
}

void mca_price_list_init(struct mca_price_list *list, const struct mca_component_library *library,
                         const struct mca_cost_design *design) {
    list->library = library;
    list->design = *design;
    price_energies(list, design);
    price_memories(list, design);
    price_blocks(list, design);
}

double mca_sram_access_s(const struct mca_component_library *library, double bytes) {
    const struct mca_figure *figure = &library->figures[MCA_FIGURE_SRAM_ACCESS];
    return figure->law == MCA_LAW_BYTES
               ? figure->value * mca_pow(bytes / figure->at, figure->exponent)
               : figure->value;
}

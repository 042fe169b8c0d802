/* Names of what a component library prices, as they stand in files. */
#include <stdio.h>

#include "cost/component_library.h"

const char *mca_entry_name(enum mca_entry entry) {
    static const char *const names[MCA_ENTRY_COUNT] = {
        "dram_read", "image_load",   "dac_pwm",   "dac_voltage",  "pcm_read", "sample_hold",
        "adc_cco",   "adc_sar",      "int_add",   "int_multiply", "fp32_add", "fp32_multiply",
        "sigmoid",   "register_bit", "sram_read", "sram_write",   "pcm_set",  "pcm_reset"};
    return names[entry];
}

const char *mca_entry_action(enum mca_entry entry) {
    static const char *const names[MCA_ENTRY_COUNT] = {
        "bit fetched", "bit moved",   "line driven", "line driven", "device read", "line sampled",
        "conversion",  "conversion",  "addition",    "product",     "addition",    "product",
        "look-up",     "bit written", "bit read",    "bit written", "pulse",       "pulse"};
    return names[entry];
}

const char *mca_part_name(enum mca_part part) {
    static const char *const names[MCA_PART_COUNT] = {
        "pcm_device",   "tile_control", "dac_pwm",        "dac_voltage", "adc_cco",
        "adc_sar",      "sample_hold",  "program_driver", "dpu_lane",    "fp32_lane",
        "sigmoid_unit", "register_bit", "sram_bit"};
    return names[part];
}

const char *mca_figure_kind_name(enum mca_figure_kind kind) {
    static const char *const names[MCA_FIGURE_KIND_COUNT] = {"measured", "published", "derived",
                                                             "assumption"};
    return names[kind];
}

const char *mca_law_name(enum mca_law law) {
    static const char *const names[] = {"fixed",    "linear",   "square", "levels",    "sar",
                                        "capacity", "duration", "clock",  "conversion"};
    return names[law];
}

int mca_part_is_adc(enum mca_part part) {
    return part == MCA_PART_ADC_CCO || part == MCA_PART_ADC_SAR;
}

enum mca_entry mca_figure_follows(const struct mca_component_library *library, uint32_t figure) {
    if (library->figures[figure].law != MCA_LAW_CONVERSION) {
        return MCA_ENTRY_COUNT;
    }
    const int sar = figure == mca_figure_static(MCA_PART_ADC_SAR) ||
                    figure == mca_figure_area(MCA_PART_ADC_SAR);
    return sar ? MCA_ENTRY_ADC_SAR : MCA_ENTRY_ADC_CCO;
}

enum mca_quantity mca_figure_quantity(uint32_t figure) {
    if (figure < (uint32_t)MCA_FIGURE_PARTS) {
        return MCA_QUANTITY_ENERGY;
    }
    if (figure == (uint32_t)MCA_FIGURE_SRAM_ACCESS) {
        return MCA_QUANTITY_TIME;
    }
    return (figure - (uint32_t)MCA_FIGURE_PARTS) % 2 == 0 ? MCA_QUANTITY_POWER : MCA_QUANTITY_AREA;
}

void mca_figure_name(uint32_t figure, char *name, size_t size) {
    if (figure < (uint32_t)MCA_FIGURE_PARTS) {
        (void)snprintf(name, size, "energy.%s", mca_entry_name((enum mca_entry)figure));
    } else if (figure == (uint32_t)MCA_FIGURE_SRAM_ACCESS) {
        (void)snprintf(name, size, "timing.sram_access");
    } else {
        const uint32_t part = (figure - (uint32_t)MCA_FIGURE_PARTS) / 2;
        (void)snprintf(name, size, "blocks.%s.%s", mca_part_name((enum mca_part)part),
                       mca_figure_quantity(figure) == MCA_QUANTITY_POWER ? "static" : "area");
    }
}

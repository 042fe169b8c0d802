/* Values of a scenario as text. The way back: scenario/key_value.h. */
#ifndef MCA_SCENARIO_VALUE_TEXT_H
#define MCA_SCENARIO_VALUE_TEXT_H

#include <stddef.h>

#include "base/c_linkage.h"
#include "scenario/keys.h"

MCA_C_BEGIN

enum { MCA_VALUE_TEXT_SIZE = 6 * 4096 };

/* The field's value as YAML that mca_key_store takes back to the same value, byte for byte. */
void mca_key_format(const struct mca_key *key, const struct mca_scenario *scenario, char *text,
                    size_t size);

/* Shortest of %.15g, %.16g and %.17g that reads back to the same double. */
void mca_format_f64(double value, char text[32]);

/* 1 when the text is UTF-8 without control characters. */
int mca_text_is_printable(const char *text, size_t length);

MCA_C_END

#endif

/* Values of a scenario as text. The way back: scenario/key_value.h. */
#ifndef MCA_SCENARIO_VALUE_TEXT_H
#define MCA_SCENARIO_VALUE_TEXT_H

#include <stddef.h>

#include "base/c_linkage.h"
#include "network/network_config.h"
#include "scenario/keys.h"

MCA_C_BEGIN

enum { MCA_VALUE_TEXT_SIZE = 6 * 4096 };

/* The key's field of `object` as YAML that loads to the same value, byte for byte. */
void mca_key_format(const struct mca_key *key, const void *object, char *text, size_t size);

enum { MCA_LAYER_TEXT_SIZE = 640 };

/* A layer as it is read, on one line: what its kind says of it, and what is not at its default. */
void mca_layer_text(const struct mca_layer_config *layer, char text[MCA_LAYER_TEXT_SIZE]);

/* Shortest of %.15g, %.16g and %.17g that reads back to the same double. */
void mca_format_f64(double value, char text[32]);

/* 1 when the text is UTF-8 without control characters. */
int mca_text_is_printable(const char *text, size_t length);

MCA_C_END

#endif

/*
 * JSON Schema of what mcasim reads and writes, from its tables: draft 7, which is the one that
 * editors' YAML plugins know (docs/guide/shells-and-editors.md).
 */
#ifndef MCA_CLI_SCHEMA_SCHEMA_H
#define MCA_CLI_SCHEMA_SCHEMA_H

#include "base/json_writer.h"
#include "scenario/keys.h"

/* Each puts a schema into the builder's root. */
typedef void cli_schema_put_fn(struct mca__json *j);
cli_schema_put_fn cli_schema_put_scenario;
cli_schema_put_fn cli_schema_put_sweep;
cli_schema_put_fn cli_schema_put_optimise;
cli_schema_put_fn cli_schema_put_library;
cli_schema_put_fn cli_schema_put_summary;

/* --- for files of cli/schema; a schema is an object */

/* What the document is. */
void cli__schema_begin(struct mca__json *j, const char *title, const char *description);

/* Takes the value over; fails the builder where there is no memory for it. */
void cli__schema_set(struct mca__json *j, json_t *schema, const char *name, json_t *value);
void cli__schema_append(struct mca__json *j, json_t *list, json_t *value);

/* As it is read: 12, not 12.0. */
void cli__schema_set_number(struct mca__json *j, json_t *schema, const char *name, double value);

/* "type": a name, or several with blanks between. */
void cli__schema_set_type(struct mca__json *j, json_t *schema, const char *types);

/* "enum", of `names` (NULL at the end). */
void cli__schema_set_choices(struct mca__json *j, json_t *schema, const char *const *names);

/* {"$ref": "#/definitions/NAME"} */
void cli__schema_set_reference(struct mca__json *j, json_t *schema, const char *name);

/* The schema of a member of an object, made where it is not there; and of a definition of the
 * document. */
json_t *cli__schema_member(struct mca__json *j, json_t *schema, const char *name);
json_t *cli__schema_definition(struct mca__json *j, const char *name);

/* An object of no other members than its schema has. */
void cli__schema_close(struct mca__json *j, json_t *schema, const char *types);

/* Adds to "required"; once. */
void cli__schema_require(struct mca__json *j, json_t *schema, const char *name);

/* A text that is not blank. */
void cli__schema_set_text(struct mca__json *j, json_t *schema, const char *description);

/* The values of a key; `standard` is its default, or NULL. */
void cli__schema_set_key(struct mca__json *j, json_t *schema, const struct mca_key *key,
                         const char *standard);

/* Puts the definition "layer", a layer with its kind, which schemas of network.layers refer to. */
void cli__schema_put_layers(struct mca__json *j);

/* The default of a layer's key, or NULL: those that are another key's value are none. */
const char *cli__schema_layer_default(unsigned kind, const struct mca_key *key);

#endif

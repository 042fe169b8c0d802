"""What the package uses of libmca, as its headers declare it.

``FUNCTIONS`` is C. The package reads the types of arguments and results from it, and a test has the
C compiler read it behind ``mca.h``, which refuses what differs from the headers. The same test
compares sizes and offsets of the structures and the values of the constants below.
"""

from __future__ import annotations

import ctypes as c

FUNCTIONS = """
const char *mca_version(void);
int mca_interface(void);
const char *mca_commit(void);
int mca_stop_flag(void *user);

const struct mca_key *mca_keys(size_t *count);
void mca_key_allowed(const struct mca_key *key, char *text, size_t size);
const char *mca_key_type_name(const struct mca_key *key);

enum mca_status mca_study_create(struct mca_study **study, const char *path, struct mca_error *error);
enum mca_status mca_study_create_text(struct mca_study **study, const char *name, const char *text,
                                      size_t size, struct mca_error *error);
enum mca_status mca_study_create_trained(struct mca_study **study, const char *dir, struct mca_error *error);
enum mca_status mca_study_copy(struct mca_study **study, const struct mca_study *from, struct mca_error *error);
void mca_study_destroy(struct mca_study *study);
enum mca_status mca_study_set(struct mca_study *study, const char *assignment, const char *source,
                              struct mca_error *error);
enum mca_status mca_study_get(const struct mca_study *study, const char *key, char *text, size_t size,
                              struct mca_error *error);
enum mca_status mca_study_origin(const struct mca_study *study, const char *key, char *text, size_t size,
                                 struct mca_error *error);
enum mca_status mca_study_yaml(struct mca_study *study, const char **text, struct mca_error *error);
enum mca_status mca_study_hash(const struct mca_study *study, uint64_t *hash, struct mca_error *error);
enum mca_status mca_study_check(struct mca_study *study, struct mca_error *error);
enum mca_status mca_study_tell(struct mca_study *study, const struct mca_observer *observer,
                               struct mca_error *error);
enum mca_status mca_study_load_data(struct mca_study *study, const char *dir, const struct mca_observer *observer,
                                    struct mca_error *error);
enum mca_status mca_study_give_images(struct mca_study *study, const struct mca_image_set *images,
                                      struct mca_error *error);
const struct mca_image_set *mca_study_images(const struct mca_study *study, int are_test);
const char *mca_study_data_name(const struct mca_study *study);
int mca_study_needs_images(const struct mca_study *study);
enum mca_status mca_study_create_chip(struct mca_study *study, const char *source,
                                      const struct mca_observer *observer, struct mca_error *error);
struct mca_chip *mca_study_chip(const struct mca_study *study);
enum mca_status mca_study_run(const struct mca_study *study, const struct mca_run_job *job,
                              struct mca_error *error);
uint32_t mca_default_threads(void);

uint32_t mca_chip_inputs(const struct mca_chip *chip);
uint32_t mca_chip_outputs(const struct mca_chip *chip);
uint32_t mca_chip_layer_count(const struct mca_chip *chip);
void mca_chip_set_rate(struct mca_chip *chip, double learning_rate, uint32_t batch);
enum mca_status mca_chip_train_images(struct mca_chip *chip, const struct mca_chip_images *images,
                                      struct mca_image_outcome *outcomes, uint32_t *done,
                                      struct mca_error *error);
void mca_chip_end_batch(struct mca_chip *chip);
enum mca_status mca_chip_infer(struct mca_chip *chip, const uint8_t *pixels, uint32_t count, uint64_t run,
                               uint32_t threads, uint16_t *predicted, struct mca_error *error);
enum mca_status mca_chip_age(struct mca_chip *chip, const struct mca_ageing *ageing, struct mca_error *error);
void mca_chip_end_ageing(struct mca_chip *chip);
void mca_chip_copy_weights(struct mca_chip *chip, const struct mca_chip *from);
const struct mca_chip_stats *mca_chip_stats_of(const struct mca_chip *chip);
const struct mca_ledger_part *mca_chip_ledger_part(const struct mca_chip *chip, uint32_t layer);
struct mca_ledger_axes mca_ledger_axes(void);
void mca_chip_critical_ps(const struct mca_chip *chip, uint64_t *ps);
const char *mca_phase_name(enum mca_phase phase);
const char *mca_component_name(enum mca_component component);
const char *mca_resource_name(enum mca_resource resource);
uint64_t mca_chip_time_ps(const struct mca_chip *chip);
uint64_t mca_chip_init_time_ps(const struct mca_chip *chip);
uint64_t mca_chip_test_latency_ps(const struct mca_chip *chip);
int mca_chip_array(const struct mca_chip *chip, uint32_t layer, enum mca_chip_array array,
                   struct mca_array_view *view);
void mca_chip_matrix_size(const struct mca_chip *chip, uint32_t layer, uint32_t *rows, uint32_t *cols);
void mca_chip_weights(const struct mca_chip *chip, uint32_t layer, double *weights);
double mca_chip_weight_unit(const struct mca_chip *chip, uint32_t layer);
void mca_chip_attach(struct mca_chip *chip, struct mca_chip_probe *probe);
void mca_chip_detach(struct mca_chip *chip, struct mca_chip_probe *probe);
enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir, struct mca_error *error);
enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error);
int mca_chip_save_parts(const struct mca_chip *chip, const struct mca_chip_visitor *visitor);
enum mca_status mca_chip_load_parts(struct mca_chip *chip, const struct mca_chip_visitor *visitor,
                                    struct mca_error *error);
"""

# Data that libmca exports.
VARIABLES = {"mca_run_reports": "const struct mca_run_reporter"}

CONSTANTS = {
    "MCA_OK": 0,
    "MCA_FAILED": 1,
    "MCA_INVALID": 2,
    "MCA_SYSTEM": 3,
    "MCA_INTERRUPTED": 130,
    "MCA_TERMINATED": 143,
    "MCA_ERROR_SIZE": 1024,
    "MCA_VALUE_TEXT_SIZE": 6 * 4096,
    "MCA_SOURCE_NAME_SIZE": 4096,
    "MCA_NO_LAYER": 65535,
    "MCA_RESUME_NO": 0,
    "MCA_RESUME": 1,
    "MCA_CHECKPOINT_EVERY_S": 60,
    "MCA_CHIP_G_PLUS": 0,
    "MCA_CHIP_G_MINUS": 1,
    "MCA_CHIP_PULSES_PLUS": 2,
    "MCA_CHIP_PULSES_MINUS": 3,
    "MCA_CHIP_WRITES_PLUS": 4,
    "MCA_CHIP_WRITES_MINUS": 5,
    "MCA_CHIP_WEIGHT_US": 6,
    "MCA_CHIP_CHI": 7,
    "MCA_ELEMENT_U8": 0,
    "MCA_ELEMENT_U16": 1,
    "MCA_ELEMENT_U32": 2,
    "MCA_ELEMENT_I16": 3,
    "MCA_ELEMENT_I32": 4,
    "MCA_ELEMENT_F64": 5,
    "MCA_STEP_UPDATE": 3,
    "MCA_VECTOR_ACTIVATION": 0,
    "MCA_LAYERS_MAX": 32,
}


class Struct(c.Structure):
    """A structure of C; its tag is in ``tag``."""

    tag = ""


class Error(Struct):
    tag = "mca_error"
    _fields_ = [("message", c.c_char * CONSTANTS["MCA_ERROR_SIZE"])]


class Key(Struct):
    tag = "mca_key"
    _fields_ = [
        ("name", c.c_char_p),
        ("type", c.c_uint),
        ("unit", c.c_char_p),
        ("min", c.c_double),
        ("max", c.c_double),
        ("above_min", c.c_int),
        ("min_items", c.c_uint32),
        ("default_text", c.c_char_p),
        ("choices", c.POINTER(c.c_char_p)),
        ("meaning", c.c_char_p),
        ("offset", c.c_size_t),
        ("size", c.c_size_t),
        ("idle", c.c_uint),
        ("word", c.c_char_p),
    ]


class Progress(Struct):
    tag = "mca_progress"
    _fields_ = [
        ("stage", c.c_char_p),
        ("epoch", c.c_uint32),
        ("epochs", c.c_uint32),
        ("done", c.c_uint64),
        ("total", c.c_uint64),
    ]


NoticeFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_char_p)
ProgressFunction = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(Progress))


class Observer(Struct):
    tag = "mca_observer"
    _fields_ = [
        ("user", c.c_void_p),
        ("notice", NoticeFunction),
        ("progress", ProgressFunction),
        ("stop", c.c_void_p),
    ]


class ImageSet(Struct):
    tag = "mca_image_set"
    _fields_ = [
        ("count", c.c_uint32),
        ("rows", c.c_uint32),
        ("cols", c.c_uint32),
        ("pixels", c.c_void_p),
        ("labels", c.c_void_p),
        ("channels", c.c_uint32),
    ]


class ChipImages(Struct):
    tag = "mca_chip_images"
    _fields_ = [
        ("pixels", c.c_void_p),
        ("labels", c.c_void_p),
        ("order", c.c_void_p),
        ("count", c.c_uint32),
    ]


class ImageOutcome(Struct):
    tag = "mca_image_outcome"
    _fields_ = [("predicted", c.c_uint32), ("loss", c.c_double)]


class Texts(Struct):
    tag = "mca_texts"
    _fields_ = [("texts", c.c_void_p), ("count", c.c_size_t)]


class ScenarioArgs(Struct):
    tag = "mca_scenario_args"
    _fields_ = [
        ("path", c.c_char_p),
        ("sets", Texts),
        ("seed", c.c_char_p),
        ("resolved", c.c_void_p),
        ("origins", c.c_void_p),
    ]


class RunJob(Struct):
    tag = "mca_run_job"
    _fields_ = [
        ("reporter", c.c_void_p),
        ("scenario", ScenarioArgs),
        ("output", c.c_char_p),
        ("suffix", c.c_char_p),
        ("data", c.c_char_p),
        ("weights", c.c_char_p),
        ("trace_first", c.c_uint64),
        ("trace_last", c.c_uint64),
        ("threads", c.c_uint32),
        ("force", c.c_int),
        ("resume", c.c_uint),
        ("without_checkpoints", c.c_int),
        ("checkpoint_every_s", c.c_uint32),
        ("quiet", c.c_int),
        ("without_page", c.c_int),
        ("observer", c.POINTER(Observer)),
    ]


class ArrayView(Struct):
    tag = "mca_array_view"
    _fields_ = [
        ("data", c.c_void_p),
        ("element", c.c_uint32),
        ("rows", c.c_uint32),
        ("cols", c.c_uint32),
        ("is_digital", c.c_uint32),
        ("stride", c.c_size_t),
        ("unit", c.c_double),
        ("step", c.c_size_t),
    ]


class LedgerAxes(Struct):
    tag = "mca_ledger_axes"
    _fields_ = [
        ("phases", c.c_uint32),
        ("components", c.c_uint32),
        ("component_stride", c.c_uint32),
        ("resources", c.c_uint32),
    ]


class Ageing(Struct):
    tag = "mca_ageing"
    _fields_ = [("age_s", c.c_double), ("seed", c.c_uint32)]


class ChipStats(Struct):
    tag = "mca_chip_stats"
    _fields_ = [
        ("images", c.c_uint64),
        ("adc_clips", c.c_uint64),
        ("chi_saturations", c.c_uint64),
        ("chi_saturated", c.c_int64),
        ("update_products", c.c_uint64),
        ("updates_lost", c.c_uint64),
        ("commands", c.c_uint64),
        ("pulses_lost", c.c_uint64),
        ("refreshes", c.c_uint64),
        ("refreshed_pairs", c.c_uint64),
        ("forward_macs_nonzero", c.c_uint64),
        ("update_macs_nonzero", c.c_uint64),
        ("test_clips", c.c_uint64),
        ("test_macs_nonzero", c.c_uint64),
    ]


PartFunction = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_size_t)


class ChipVisitor(Struct):
    tag = "mca_chip_visitor"
    _fields_ = [("user", c.c_void_p), ("part", PartFunction)]


class Operation(Struct):
    tag = "mca_operation"
    _fields_ = [
        ("resource", c.c_uint),
        ("phase", c.c_uint),
        ("layer", c.c_uint32),
        ("unit", c.c_uint32),
        ("name", c.c_char_p),
    ]


class Occupation(Struct):
    tag = "mca_occupation"
    _fields_ = [
        ("start_ps", c.c_uint64),
        ("end_ps", c.c_uint64),
        ("busy_ps", c.c_uint64),
        ("queued_ps", c.c_uint64),
        ("beside_ps", c.c_uint64),
    ]


class DpuCodes(Struct):
    tag = "mca_dpu_codes"
    _fields_ = [
        ("layer", c.c_uint32),
        ("backward", c.c_int),
        ("pass", c.c_uint32),
        ("sign", c.c_int),
        ("first", c.c_uint32),
        ("count", c.c_uint32),
        ("code", c.c_void_p),
        ("sum_us", c.c_void_p),
    ]


class Update(Struct):
    tag = "mca_update"
    _fields_ = [
        ("count", c.c_uint32),
        ("row", c.c_void_p),
        ("code", c.c_void_p),
        ("value", c.c_void_p),
        ("error", c.c_void_p),
        ("error_real", c.c_void_p),
        ("shift", c.c_int32),
        ("code_bound", c.c_int32),
        ("error_bound", c.c_int32),
        ("joined", c.c_uint32),
        ("of", c.c_void_p),
        ("products", c.c_uint64),
    ]


class DpuCommand(Struct):
    tag = "mca_dpu_command"
    _fields_ = [
        ("layer", c.c_uint32),
        ("row", c.c_uint32),
        ("col", c.c_uint32),
        ("pulses", c.c_int32),
        ("taken_cycle", c.c_uint64),
        ("left_cycle", c.c_uint64),
    ]


class Step(Struct):
    tag = "mca_step"
    _fields_ = [
        ("kind", c.c_uint),
        ("phase", c.c_uint),
        ("layer", c.c_uint32),
        ("is_backward", c.c_int),
        ("read", c.c_uint32),
        ("to", c.c_uint32),
        ("vector", c.c_uint),
        ("take_count", c.c_uint32),
        ("takes", c.c_uint32 * 2),
        ("gives", c.c_uint32),
        ("wait_count", c.c_uint32),
        ("waits", c.c_uint16 * (CONSTANTS["MCA_LAYERS_MAX"] + 2)),
    ]


class DpuOperation(Struct):
    tag = "mca_dpu_operation"
    _fields_ = [("step", c.POINTER(Step)), ("start_cycle", c.c_uint64), ("cycles", c.c_uint64)]


OccupiedFunction = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(Operation), c.POINTER(Occupation))
CodesFunction = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(DpuCodes))
UpdateFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_uint32, c.POINTER(Update))
CommandFunction = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(DpuCommand))
OperationFunction = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(DpuOperation))
ChiWrittenFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_uint32, c.c_uint32, c.c_uint32)


class ChipProbe(Struct):
    tag = "mca_chip_probe"
    _fields_ = [
        ("user", c.c_void_p),
        ("occupied", OccupiedFunction),
        ("codes", CodesFunction),
        ("sums", CodesFunction),
        ("update", UpdateFunction),
        ("command", CommandFunction),
        ("operation", OperationFunction),
        ("chi_written", ChiWrittenFunction),
        ("next", c.c_void_p),
    ]


STRUCTS = {kind.tag: kind for kind in Struct.__subclasses__()}

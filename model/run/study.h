/*
 * A study: a scenario, and the data and the chip that it asks for, behind one pointer. For programs
 * that know none of libmca's structs, such as those in other languages: keys and their values come
 * and go as texts. A C program has the same and more in scenario/load.h and run/simulation.h.
 *
 * Errors: MCA_INVALID for content, with file or source, line and key; MCA_SYSTEM for files;
 * MCA_FAILED for memory. A study is of use after an error, as it was before. One thread at a time.
 */
#ifndef MCA_RUN_STUDY_H
#define MCA_RUN_STUDY_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "chip/chip.h"
#include "run/job.h"
#include "train/image_set.h"

MCA_C_BEGIN

struct mca_study;

/* --- the scenario */

/* Of a file, or of what comes with the program by that name; of defaults alone where `path` is
 * NULL. */
enum mca_status mca_study_create(struct mca_study **study, const char *path,
                                 struct mca_error *error);

/* Of `size` bytes of YAML; `name` stands for the file's path. */
enum mca_status mca_study_create_text(struct mca_study **study, const char *name, const char *text,
                                      size_t size, struct mca_error *error);

/* Of the finished run in `dir`: its chip is to be tested as the run last did (`mcasim infer`), with
 * the weights in dir/weights. */
enum mca_status mca_study_create_trained(struct mca_study **study, const char *dir,
                                         struct mca_error *error);

/* The scenario of another, without its data and chip. */
enum mca_status mca_study_copy(struct mca_study **study, const struct mca_study *from,
                               struct mca_error *error);

/* NULL is fine. Its chip and images go with it. */
void mca_study_destroy(struct mca_study *study);

/* Sets "KEY=VALUE", the value being YAML; `source` is what messages name as its place. A study that
 * has data or a chip keeps them as they are. */
enum mca_status mca_study_set(struct mca_study *study, const char *assignment, const char *source,
                              struct mca_error *error);

/* A key's value as YAML. MCA_VALUE_TEXT_SIZE bytes hold any. */
enum mca_status mca_study_get(const struct mca_study *study, const char *key, char *text,
                              size_t size, struct mca_error *error);

/* Where a key got its value: "file.yaml:12", a source, or "default". */
enum mca_status mca_study_origin(const struct mca_study *study, const char *key, char *text,
                                 size_t size, struct mca_error *error);

/* All keys as YAML that loads to the same scenario. The text is the study's, until it is asked
 * again. */
enum mca_status mca_study_yaml(struct mca_study *study, const char **text, struct mca_error *error);

/* scenario/resolved.h */
enum mca_status mca_study_hash(const struct mca_study *study, uint64_t *hash,
                               struct mca_error *error);

/* Combinations of keys, and the component library. */
enum mca_status mca_study_check(struct mca_study *study, struct mca_error *error);

/* What its author may not mean (scenario/notices.h); with the data, if they are loaded. */
enum mca_status mca_study_tell(struct mca_study *study, const struct mca_observer *observer,
                               struct mca_error *error);

/* --- data */

/* Loads the images that the scenario names, from `dir` where it is not NULL, in place of those that
 * are there. `observer` may be NULL. */
enum mca_status mca_study_load_data(struct mca_study *study, const char *dir,
                                    const struct mca_observer *observer, struct mca_error *error);

/* Takes a copy of these as training images, from which full scales are found; their labels are not
 * looked at. */
enum mca_status mca_study_give_images(struct mca_study *study, const struct mca_image_set *images,
                                      struct mca_error *error);

/* Training images, or test images; NULL where there are none. They hold until others are loaded. */
const struct mca_image_set *mca_study_images(const struct mca_study *study, int are_test);

/* "mnist": what was loaded; NULL where nothing was. */
const char *mca_study_data_name(const struct mca_study *study);

/* 1 where full scales are open, which are found from training images as the chip is created. */
int mca_study_needs_images(const struct mca_study *study);

/* --- the chip */

/* Checks the scenario and builds its chip, with the weights of `source` (run/simulation.h) where it
 * is not NULL, in place of the chip that is there. MCA_INVALID where images are needed and there
 * are none. */
enum mca_status mca_study_create_chip(struct mca_study *study, const char *source,
                                      const struct mca_observer *observer, struct mca_error *error);

/* The chip, or NULL. It holds until another is created. */
struct mca_chip *mca_study_chip(const struct mca_study *study);

/* --- a run */

/* mca_perform_run of the scenario: job->scenario is not looked at. The study's own data and chip
 * are not touched. */
enum mca_status mca_study_run(const struct mca_study *study, const struct mca_run_job *job,
                              struct mca_error *error);

MCA_C_END

#endif

/*
 * libmca: all of what a program of yours may call. This header is what to include; those below are
 * its parts, installed because it includes them, and each says units, ranges, ownership and errors.
 * Headers that are not installed are the library's own and change at any time, as do names that
 * begin with mca__.
 *
 *     scenario  read, set and check a scenario              scenario/load.h
 *     data      images with labels                          train/dataset.h
 *     chip      build it, train it, classify with it        chip/chip.h, train/trainer.h
 *               look at it, listen to it                    chip/view.h, chip/probe.h
 *               save and load its weights                   train/weights_io.h
 *               call its operations and keep time yourself  chip/engine.h
 *     cost      energy, power, area and their uncertainty   cost/pricing.h
 *     run       from scenario to results in memory          run/simulation.h
 *               to the directory that `mcasim run` writes   run/job.h, reports/run/reporter.h
 *
 * Programs in other languages, which know no structs, find a scenario, its data and its chip behind
 * one pointer in run/study.h, what a chip holds as arrays in chip/arrays.h, and in base/version.h
 * which libmca they have loaded; python/ is made of that.
 */
#ifndef MCA_MCA_H
#define MCA_MCA_H

#include "base/json_memory.h"
#include "base/observer.h"
#include "base/status.h"
#include "base/version.h"
#include "chip/arrays.h"
#include "chip/chip.h"
#include "chip/engine.h"
#include "chip/layer_numbers.h"
#include "chip/probe.h"
#include "chip/snapshot.h"
#include "chip/view.h"
#include "cost/baseline.h"
#include "cost/component_library.h"
#include "cost/price_list.h"
#include "cost/pricing.h"
#include "cost/uncertainty.h"
#include "reports/run/reporter.h"
#include "run/job.h"
#include "run/simulation.h"
#include "run/study.h"
#include "scenario/check.h"
#include "scenario/key_value.h"
#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"
#include "train/calibration.h"
#include "train/dataset.h"
#include "train/trainer.h"
#include "train/weights_io.h"

#endif

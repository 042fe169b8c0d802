#include "reports/figures/result_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/figures/facts.h"

static unsigned scope_of(const struct mca_result_figure *figure) {
    return figure->scope ? figure->scope : MCA_OF_CHIP;
}

/* Members first .. end - 1 of a family, values of its enum. */
static const struct {
    uint32_t first;
    uint32_t end;
} MEMBERS[] = {[MCA_RESULT_ONE] = {0, 1},
               [MCA_RESULT_TRAINING_PHASES] = {MCA_PHASE_FORWARD, MCA_PHASE_REFRESH + 1},
               [MCA_RESULT_TEST_PHASE] = {MCA_PHASE_TEST, MCA_PHASE_TEST + 1},
               [MCA_RESULT_INIT_PHASE] = {MCA_PHASE_INIT, MCA_PHASE_INIT + 1},
               [MCA_RESULT_COMPONENTS] = {0, MCA_COMPONENT_COUNT},
               [MCA_RESULT_BLOCKS] = {0, MCA_BLOCK_COUNT},
               [MCA_RESULT_RESOURCES] = {0, MCA_RESOURCE_COUNT},
               [MCA_RESULT_MILESTONES] = {0, MCA__MILESTONE_COUNT},
               [MCA_RESULT_AGES] = {0, MCA_LIST_MAX}};

/* Ages count from 1. */
static const char *const AGES[MCA_LIST_MAX] = {"1", "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                               "9", "10", "11", "12", "13", "14", "15", "16"};

static const char *member_name(enum mca_result_family family, uint32_t item) {
    switch (family) {
    case MCA_RESULT_TRAINING_PHASES:
    case MCA_RESULT_TEST_PHASE:
    case MCA_RESULT_INIT_PHASE:
        return mca_phase_name((enum mca_phase)item);
    case MCA_RESULT_COMPONENTS:
        return mca_component_name((enum mca_component)item);
    case MCA_RESULT_BLOCKS:
        return mca_block_name((enum mca_block)item);
    case MCA_RESULT_RESOURCES:
        return mca_resource_name((enum mca_resource)item);
    case MCA_RESULT_MILESTONES:
        return mca__milestone_names[item];
    case MCA_RESULT_AGES:
        return AGES[item];
    case MCA_RESULT_ONE:
    default:
        return "";
    }
}

/* Whether the subject has such a member: digital designs have components and blocks that belong to
 * no chip, and few of the chip's; so have layers. A run has the ages that it was tested at. */
static int has_member(const struct mca_result_subject *s, enum mca_result_family family,
                      uint32_t item) {
    uint64_t count = 0;
    if (family == MCA_RESULT_AGES) {
        return !s->run || item < s->run->result->age_count;
    }
    if (s->scope == MCA_OF_CHIP) {
        return !(family == MCA_RESULT_COMPONENTS && item >= MCA_COMPONENT_CHIP_COUNT) &&
               !(family == MCA_RESULT_BLOCKS && item >= MCA_BLOCK_CHIP_COUNT);
    }
    if (!s->run || (family != MCA_RESULT_COMPONENTS && family != MCA_RESULT_BLOCKS)) {
        return 1;
    }
    for (int p = 0; p < MCA_PHASE_COUNT && family == MCA_RESULT_COMPONENTS; ++p) {
        count += s->ledger->counts[p][item];
    }
    return count > 0 || (family == MCA_RESULT_BLOCKS &&
                         mca_block_instances(s->inventory, (enum mca_block)item) > 0);
}

static struct mca_result_subject chip_of(const struct mca_priced_run *run) {
    struct mca_result_subject s = {.run = run, .scope = MCA_OF_CHIP};
    if (run) {
        s.ledger = &run->result->ledger;
        s.inventory = &run->result->inventory;
        s.prices = &run->prices;
        s.pricing = &run->pricing;
        s.macs = &run->macs;
    }
    return s;
}

/* A design as wide as the chip's digital unit (0), as fast (1) or as large as the chip (2). */
static struct mca_result_subject design_of(const struct mca_priced_run *run, int design,
                                           int equal) {
    static const char *const names[] = {"", "iso_throughput.", "iso_area."};
    struct mca_result_subject s = {.run = run, .scope = equal ? MCA_OF_EQUAL : MCA_OF_DESIGN};
    (void)snprintf(s.prefix, sizeof s.prefix, "baselines.%s.%s",
                   mca_baseline_design_name((enum mca_baseline_design)design), names[equal]);
    if (run) {
        s.design = &run->baselines[design];
        s.baseline = equal == 0   ? &s.design->same_lanes
                     : equal == 1 ? &s.design->iso_throughput
                                  : &s.design->iso_area;
        s.ledger = &s.baseline->ledger;
        s.inventory = &s.baseline->inventory;
        s.prices = &s.baseline->prices;
        s.pricing = &s.baseline->pricing;
        s.macs = &run->macs;
    }
    return s;
}

/* Layer `layer` of `count` of the whole, with its prices where it has been priced; the last one has
 * what belongs to none. "layers.1.", or "layers.shared.", stands behind what the prefix has. */
static struct mca_result_subject part_of(struct mca_result_subject whole, uint32_t count,
                                         uint32_t layer, const struct mca_layer_price *prices) {
    struct mca_result_subject s = whole;
    mca_text_add(s.prefix, sizeof s.prefix, "layers.%s.",
                 layer + 1 < count ? mca__format("%u", layer).s : "shared");
    s.scope = whole.scope == MCA_OF_CHIP ? MCA_OF_LAYER : MCA_OF_DESIGN_LAYER;
    s.layer = layer;
    if (prices) {
        s.ledger = &prices[layer].ledger;
        s.inventory = &prices[layer].inventory;
        s.pricing = &prices[layer].pricing;
        s.macs = &prices[layer].macs;
    }
    return s;
}

/* Of a design as wide as the chip's digital unit. */
static struct mca_result_subject design_layer_of(const struct mca_priced_run *run, int design,
                                                 uint32_t layer) {
    return part_of(design_of(run, design, 0), run->result->layer_count + 1, layer,
                   run->baselines[design].layers);
}

static struct mca_result_subject layer_of(const struct mca_priced_run *run, uint32_t count,
                                          uint32_t layer) {
    return part_of(chip_of(run), count, layer, run ? run->layers : NULL);
}

static int is_there(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    if (s->run && place->figure->family == MCA_RESULT_MILESTONES) {
        return mca__milestone(s->run->result, mca__milestones[place->item]) != NULL;
    }
    return !s->baseline || s->baseline->lanes > 0;
}

/* `pattern` with `name` for its '*' and `separator` for its dots, behind `used` characters. */
static void fill(char text[MCA_RESULT_KEY_SIZE], size_t used, const char *pattern, const char *name,
                 char separator) {
    for (; *pattern && used + 1 < MCA_RESULT_KEY_SIZE; ++pattern) {
        if (*pattern == '*') {
            used += (size_t)snprintf(text + used, MCA_RESULT_KEY_SIZE - used, "%s", name);
        } else {
            text[used++] = *pattern;
            if (*pattern == '.') {
                text[used - 1] = separator;
            }
        }
    }
    text[used] = '\0';
}

static void put_key(const struct mca_result_place *place, char separator,
                    char text[MCA_RESULT_KEY_SIZE]) {
    const unsigned of_layers = MCA_OF_LAYER | MCA_OF_DESIGN_LAYER;
    fill(text, 0, place->subject.prefix, "", separator);
    if (separator == '/' && (place->subject.scope & of_layers)) { /* a list */
        char *list = strstr(text, "layers/") + strlen("layers/");
        (void)snprintf(list, MCA_RESULT_KEY_SIZE - (size_t)(list - text), "%u/",
                       place->subject.layer);
    }
    fill(text, strlen(text), place->figure->key, member_name(place->figure->family, place->item),
         separator);
}

void mca_result_key(const struct mca_result_place *place, char key[MCA_RESULT_KEY_SIZE]) {
    put_key(place, '.', key);
}

void mca_result_path(const struct mca_result_place *place, char path[MCA_RESULT_KEY_SIZE]) {
    put_key(place, '/', path);
}

void mca_result_label(const struct mca_result_place *place, const struct mca_result_view *view,
                      char label[MCA_RESULT_KEY_SIZE]) {
    static const char *const ends[] = {
        [MCA_RESULT_MIDDLE] = NULL, [MCA_RESULT_LOW] = "  low", [MCA_RESULT_HIGH] = "  high"};
    const struct mca_result_figure *figure = place->figure;
    const char *pattern = ends[figure->bound] ? ends[figure->bound] : figure->title;
    struct mca__text name = {""};
    if (figure->family == MCA_RESULT_MILESTONES) {
        name = mca__percent(mca__milestones[place->item], 0);
    } else if (figure->family == MCA_RESULT_AGES) {
        name = mca__format("%s", AGES[place->item]);
    } else if (place->subject.scope != MCA_OF_CHIP) {
        const char *own = strchr(place->subject.prefix, '.') + 1;
        const char *what = place->subject.scope == MCA_OF_LAYER && *own != 's' ? "layer " : "";
        name = mca__format("%s%.*s", what, (int)strcspn(own, "."), own);
    }
    fill(label, 0, view->as ? view->as : pattern, name.s, '.');
}

double mca_result_number(const struct mca_result_place *place,
                         const struct mca_result_number *number) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca__accuracy accuracy = mca__accuracy_of(s->run->result);
    const void *store = NULL;
    uint64_t count;
    uint32_t small;
    double value;
    switch (number->store) {
    case MCA_IN_RESULT:
    case MCA_IN_INVENTORY:
    case MCA_IN_MACS:
        store = number->store == MCA_IN_RESULT ? (const void *)s->run->result
                : number->store == MCA_IN_MACS ? (const void *)s->macs
                                               : s->inventory;
        memcpy(&count, (const char *)store + number->offset, sizeof count);
        return (double)count;
    case MCA_IN_PRICING:
        store = s->pricing;
        break;
    case MCA_IN_ACCURACY:
        store = &accuracy;
        break;
    case MCA_IN_DESIGN:
        store = s->design;
        break;
    case MCA_IN_RUNTIME:
        store = &s->run->runtime;
        break;
    case MCA_IN_LAYER:
        if (s->layer < s->run->result->layer_count) {
            store = &s->run->network.layers[s->layer];
            memcpy(&small, (const char *)store + number->offset, sizeof small);
            return small;
        }
        break;
    case MCA_IN_FIGURE:
        break;
    case MCA_IN_STRONGEST_DESIGN:
    default:
        store = mca__strongest_design(s->run);
        break;
    }
    if (!store) {
        return (double)NAN;
    }
    memcpy(&value, (const char *)store + number->offset + place->item * number->stride,
           sizeof value);
    return value;
}

double mca_result_undivided(const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    return figure->value ? figure->value(place) : mca_result_number(place, &figure->number);
}

double mca_result_divisor(const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    return !figure->over.name   ? 1.0
           : figure->over_value ? figure->over_value(place)
                                : mca_result_number(place, &figure->over);
}

double mca_result_value(const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    const struct mca_priced_run *run = place->subject.run;
    if ((figure->needs_pulses && mca__is_continuous(run)) ||
        (figure->mode != 0 && figure->mode != 1 + run->scenario->chip.transfer.mode) ||
        (figure->needs_runtime && run->runtime.threads == 0)) {
        return (double)NAN;
    }
    const double value = mca_result_undivided(place);
    return figure->over.name ? mca__ratio(value, mca_result_divisor(place)) : value;
}

/* Lines of one family in one object belong together: all of its first member, then of the next. */
static int is_same_group(const struct mca_result_figure *a, const struct mca_result_figure *b) {
    const size_t length = strcspn(a->key, "*");
    return a->family != MCA_RESULT_ONE && a->family == b->family &&
           strncmp(a->key, b->key, length + 1) == 0;
}

struct walk {
    const struct mca_priced_run *run;
    mca_result_visit *visit;
    void *user;
};

/* The lines from `first` on that belong together; returns the next one. */
static const struct mca_result_figure *walk_group(const struct walk *walk,
                                                  const struct mca_result_subject *subject,
                                                  const struct mca_result_figure *first) {
    const enum mca_result_family family = first->family;
    const struct mca_result_figure *end = mca_result_next(first);
    while (end && is_same_group(first, end)) {
        end = mca_result_next(end);
    }
    for (uint32_t item = MEMBERS[family].first; item < MEMBERS[family].end; ++item) {
        for (const struct mca_result_figure *f = first; f != end; f = mca_result_next(f)) {
            if ((scope_of(f) & subject->scope) && has_member(subject, family, item)) {
                struct mca_result_place place = {f, *subject, item, 0};
                place.is_there = is_there(&place);
                walk->visit(walk->user, &place);
            }
        }
    }
    return end;
}

/* Lines of a subject, those that the chip has too or the others. */
static void walk_lines(const struct walk *walk, const struct mca_result_subject *subject,
                       int of_chip_too) {
    for (const struct mca_result_figure *f = mca_result_next(NULL); f;) {
        const unsigned scope = scope_of(f);
        const int fits = (scope & subject->scope) && of_chip_too == ((scope & MCA_OF_CHIP) != 0);
        f = fits ? walk_group(walk, subject, f) : mca_result_next(f);
    }
}

static void walk_designs(const struct walk *walk) {
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        for (int equal = 0; equal < 3; ++equal) {
            const struct mca_result_subject design = design_of(walk->run, d, equal);
            walk_lines(walk, &design, 0);
        }
        const struct mca_result_subject design = design_of(walk->run, d, 0);
        walk_lines(walk, &design, 1);
        for (uint32_t i = 0; walk->run && i <= walk->run->result->layer_count; ++i) {
            const struct mca_result_subject layer = design_layer_of(walk->run, d, i);
            walk_lines(walk, &layer, 1);
        }
    }
}

void mca_result_walk_layers(const struct mca_priced_run *run, uint32_t count,
                            mca_result_visit *visit, void *user) {
    const struct walk walk = {run, visit, user};
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca_result_subject layer = layer_of(run, count, i);
        walk_lines(&walk, &layer, 0);
        walk_lines(&walk, &layer, 1);
    }
}

void mca_result_walk(const struct mca_priced_run *run, mca_result_visit *visit, void *user) {
    const struct walk walk = {run, visit, user};
    const struct mca_result_subject chip = chip_of(run);
    unsigned done = 0; /* of what the chip's lines are not of */
    for (const struct mca_result_figure *f = mca_result_next(NULL); f;) {
        const unsigned scope = scope_of(f);
        if (scope & MCA_OF_CHIP) {
            f = walk_group(&walk, &chip, f);
            continue;
        }
        if (!(done & scope)) {
            if (!(scope & MCA_OF_LAYER)) {
                walk_designs(&walk);
            } else if (run) {
                mca_result_walk_layers(run, run->result->layer_count + 1, visit, user);
            }
            done |= scope & MCA_OF_LAYER ? MCA_OF_LAYER : MCA_OF_DESIGN | MCA_OF_EQUAL;
        }
        f = mca_result_next(f);
    }
}

void mca_result_walk_scope(enum mca_result_scope scope, mca_result_visit *visit, void *user) {
    const struct walk walk = {NULL, visit, user};
    const int is_of_layers = scope == MCA_OF_LAYER || scope == MCA_OF_DESIGN_LAYER;
    struct mca_result_subject s = {.scope = scope};
    (void)snprintf(s.prefix, sizeof s.prefix, "%s", is_of_layers ? "layers.shared." : "");
    for (const struct mca_result_figure *f = mca_result_next(NULL); f;) {
        f = scope_of(f) & scope ? walk_group(&walk, &s, f) : mca_result_next(f);
    }
}

/* 1 where `key` is the place's, whose ".total" it may lack. */
static int has_key(const struct mca_result_place *place, const char *key) {
    char own[MCA_RESULT_KEY_SIZE];
    mca_result_key(place, own);
    const size_t length = strlen(key);
    return strncmp(own, key, length) == 0 &&
           (own[length] == '\0' ||
            (place->figure->family != MCA_RESULT_ONE && strcmp(own + length, ".total") == 0));
}

static int find_of(struct mca_result_place *place, const char *key) {
    const unsigned costs = MCA_OF_CHIP | MCA_OF_DESIGN;
    const int is_part = place->subject.scope & (MCA_OF_EQUAL | MCA_OF_DESIGN_LAYER);
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        const unsigned scope = scope_of(f);
        place->figure = f;
        place->item = MEMBERS[f->family].first;
        for (; place->item < MEMBERS[f->family].end; ++place->item) {
            if (((scope & place->subject.scope) || (is_part && (scope & costs) == costs)) &&
                has_key(place, key)) {
                place->is_there = is_there(place);
                return 1;
            }
        }
    }
    return 0;
}

/* Subject `number` of all that figures are of; 0 behind the last. */
static int subject_at(struct mca_result_subject *s, const struct mca_priced_run *run, int number) {
    const int layers = (int)run->result->layer_count + 1;
    const int designs = 3 * MCA_BASELINE_DESIGN_COUNT;
    const int layer = number - 1 - designs;
    if (layer >= layers * (1 + MCA_BASELINE_DESIGN_COUNT)) {
        return 0;
    }
    *s = number == 0      ? chip_of(run)
         : layer < 0      ? design_of(run, (number - 1) / 3, (number - 1) % 3)
         : layer < layers ? layer_of(run, (uint32_t)layers, (uint32_t)layer)
                          : design_layer_of(run, layer / layers - 1, (uint32_t)(layer % layers));
    return 1;
}

int mca_result_find(struct mca_result_place *place, const struct mca_priced_run *run,
                    const char *key) {
    const struct mca_result_subject *s = &place->subject;
    int found = 0;
    for (int i = 0; !found && subject_at(&place->subject, run, i); ++i) {
        found = strncmp(key, s->prefix, strlen(s->prefix)) == 0 && find_of(place, key);
    }
    return found;
}

const struct mca_wear *mca__first_worn(const struct mca_result_subject *subject) {
    const struct mca_train_result *result = subject->run->result;
    const struct mca_wear *first = NULL;
    double least = (double)INFINITY;
    for (uint32_t i = 0; i < result->layer_count; ++i) {
        const struct mca_wear *wear = &result->layers[i].wear;
        const int counts = subject->scope != MCA_OF_LAYER || subject->layer == i;
        if (counts && mca_wear_trainings(wear) < least) {
            least = mca_wear_trainings(wear);
            first = wear;
        }
    }
    return first;
}

double mca__wear_rate(const struct mca_priced_run *run, const struct mca_wear *wear) {
    return (double)wear->first_worn_writes / run->pricing.time_s;
}

/* In the largest unit of which there is one at least. */
static struct mca__text lifetime_text(double seconds) {
    static const struct {
        double seconds;
        const char *name;
    } units[] = {{31557600, "year"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; ++i) {
        const double amount = seconds / units[i].seconds;
        if (amount >= 1.0) {
            const struct mca__text number =
                amount < 1000.0 ? mca__format("%.3g", amount) : mca__grouped((uint64_t)amount);
            const char *plural = strcmp(number.s, "1") == 0 ? "" : "s";
            return mca__format("%.40s %s%s", number.s, units[i].name, plural);
        }
    }
    return mca__si(seconds, "s");
}

struct mca__text mca_result_text(const struct mca_result_figure *figure, double value) {
    if (!isfinite(value)) {
        return mca__format(MCA__DASH);
    }
    switch (figure->kind) {
    case MCA_RESULT_FRACTION:
        return mca__percent(value, figure->digits);
    case MCA_RESULT_COUNT:
        return mca__grouped((uint64_t)value);
    case MCA_RESULT_AREA:
        return mca__area(value);
    case MCA_RESULT_RATIO:
        return mca__format("%.3g x", value);
    case MCA_RESULT_SI:
        return mca__si(value, figure->unit);
    case MCA_RESULT_LIFETIME:
        return lifetime_text(value);
    case MCA_RESULT_NUMBER:
    case MCA_RESULT_TEXT:
    default:
        return mca__format("%.3g", value);
    }
}

const char *mca_result_unit(const struct mca_result_figure *figure) {
    return figure->kind == MCA_RESULT_SI || figure->kind == MCA_RESULT_AREA ||
                   figure->kind == MCA_RESULT_LIFETIME
               ? figure->unit
               : "";
}

json_t *mca_result_put(struct mca__json *json, json_t *list, const struct mca_result_figure *figure,
                       const char *label) {
    static const char *const kinds[] = {
        [MCA_RESULT_COUNT] = "count",       [MCA_RESULT_NUMBER] = "number",
        [MCA_RESULT_FRACTION] = "fraction", [MCA_RESULT_SI] = "si",
        [MCA_RESULT_AREA] = "area",         [MCA_RESULT_RATIO] = "ratio",
        [MCA_RESULT_LIFETIME] = "lifetime", [MCA_RESULT_TEXT] = "text"};
    json_t *o = mca__json_object(json, list, NULL);
    mca__json_text(json, o, "key", figure->key);
    mca__json_text(json, o, "label", label);
    mca__json_text(json, o, "kind", kinds[figure->kind]);
    mca__json_count(json, o, "digits", (uint64_t)figure->digits);
    mca__json_text(json, o, "unit", figure->unit);
    return o;
}

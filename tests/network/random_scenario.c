#include "network/random_scenario.h"

#include "mca_test.h"
#include "network/random_config.h"
#include "scenario/check.h"

static random_choice COMMON[] = {
    {"dpu.arithmetic=fixed", "dpu.arithmetic=fixed", "dpu.arithmetic=fixed",
     "dpu.arithmetic=float"},
    {"device.model=pcm-jap18", "device.model=pcm-jap18", "device.model=linear",
     "device.model=ideal"},
    {"transfer.mode=chi", "transfer.mode=chi", "transfer.mode=chi", "transfer.mode=direct"},
    {"tile.rows=256", "tile.rows=31", "tile.rows=16", "tile.rows=7"},
    {"tile.cols=256", "tile.cols=16", "tile.cols=5", "tile.cols=3"},
    {"chi.bits=16", "chi.bits=24", "chi.ports=1", "chi.banks=4"},
    {"chi.accumulate=position", "chi.accumulate=position", "chi.accumulate=image",
     "chi.accumulate=image"},
    {"chi.layout=rows", "chi.layout=rows", "chi.layout=columns", "chi.layout=fewest-words"},
    {"refresh.every_images=0", "refresh.every_images=3", "refresh.every_pulses=20",
     "refresh.every_images=10"},
    {"refresh.sense=convert", "refresh.sense=compare", "refresh.sense=convert",
     "refresh.sense=comparator"},
    {"refresh.scan=all", "refresh.scan=all", "refresh.scan=programmed", "refresh.scan=programmed"},
    {"refresh.layers=in-turn", "refresh.layers=in-turn", "refresh.layers=side-by-side",
     "refresh.layers=side-by-side"},
    {"dpu.units=shared", "dpu.units=per-layer", "dpu.units=per-tile", "dpu.units=per-tile"},
    {"interconnect.kind=none", "interconnect.kind=none", "interconnect.kind=bus",
     "interconnect.kind=tree"},
    {"interconnect.bits=256", "interconnect.bits=8", "interconnect.bits=37", "interconnect.bits=1"},
    {"refresh.high_us=8", "refresh.high_us=1", "refresh.residual=chi", "refresh.high_us=2"},
    {"train.batch=1", "train.batch=1", "train.batch=2", "train.batch=5"},
    {"train.learning_rate=0.1", "train.learning_rate=0.01", "train.learning_rate=1",
     "train.learning_rate_decay=0.5"},
    {"timing.node_nm=32", "timing.read_ahead=true", "timing.streaming=true",
     "timing.streaming=true"},
};

static void set_one_of_each(random_choice *choices, size_t count, uint64_t *sequence,
                            struct mca_scenario *scenario, struct mca_scenario_origins *origins) {
    struct mca_error error;
    for (size_t i = 0; i < count; ++i) {
        const char *key = choices[i][random_below(sequence, 4)];
        if (mca_scenario_set(scenario, origins, key, "test", &error) != MCA_OK) {
            fail_msg("%s", error.message);
        }
    }
}

/* Mini-batches and streaming are for networks without digital layers: most draws would be refused.
 */
static void draw_network(uint64_t seed, uint64_t *sequence, struct mca_scenario *s) {
    const struct random_net net = random_net(seed);
    s->chip.seed = seed;
    s->chip.loss = random_net_loss(&net);
    s->train.epochs = 2;
    random_network_config(&net, sequence, &s->chip.network);
    for (uint32_t l = 0; l < s->chip.network.layer_count; ++l) {
        if (s->chip.network.layers[l].digital) {
            s->train.batch = 1;
            s->chip.timing.streaming = 0;
        }
    }
}

void random_scenario(uint64_t seed, uint64_t *sequence, random_choice *choices, size_t count,
                     struct mca_scenario *scenario, struct mca_scenario_origins *origins) {
    struct mca_error error;
    do {
        assert_int_equal(mca_scenario_defaults(scenario, origins, &error), MCA_OK);
        set_one_of_each(COMMON, sizeof COMMON / sizeof COMMON[0], sequence, scenario, origins);
        set_one_of_each(choices, count, sequence, scenario, origins);
        draw_network(seed, sequence, scenario);
    } while (mca_scenario_check(scenario, origins, &error) != MCA_OK);
}

void random_images(const struct mca_scenario *scenario, uint64_t *sequence, uint32_t count,
                   struct mca_image_set *images) {
    const struct mca_network_config *network = &scenario->chip.network;
    const uint32_t inputs = (uint32_t)mca_shape_values(&network->input);
    const uint32_t classes = mca_network_config_outputs(network);
    *images = (struct mca_image_set){.count = count,
                                     .rows = network->input.height,
                                     .cols = network->input.width,
                                     .channels = network->input.channels,
                                     .pixels = malloc((size_t)count * inputs),
                                     .labels = malloc(count)};
    for (uint32_t i = 0; i < count * inputs; ++i) {
        const uint32_t kind = random_below(sequence, 4);
        images->pixels[i] =
            kind == 0 ? 0 : (uint8_t)(kind == 1 ? 255 : random_below(sequence, 256));
    }
    for (uint32_t i = 0; i < count; ++i) {
        images->labels[i] = (uint8_t)random_below(sequence, classes);
    }
}

/* Prints random networks and what the reference network makes of them, one JSON object a line. */
#include <jansson.h>
#include <stdlib.h>

#include "network/random_net.h"

static json_t *list(const double *values, int count) {
    json_t *array = json_array();
    for (int i = 0; i < count; ++i) {
        json_array_append_new(array, json_real(values[i]));
    }
    return array;
}

static json_t *layer_json(const struct ref_state *s) {
    const struct ref_layer *layer = &s->layer;
    json_t *object =
        json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "kind", (int)layer->kind, "activation",
                  (int)layer->activation, "kernel", layer->kernel, "stride", layer->stride,
                  "padding", layer->padding, "from", layer->from);
    const int values = ref_values(s->out);
    json_object_set_new(object, "cols", json_integer(s->cols));
    json_object_set_new(object, "weights", list(s->weights, s->rows * s->cols));
    json_object_set_new(object, "gradients", list(s->gradients, s->rows * s->cols));
    json_object_set_new(object, "outputs", list(s->outputs, values));
    json_object_set_new(object, "errors", list(s->errors, values));
    return object;
}

/* Inputs are whole quarters, so that maxima tie. */
static void print_network(uint64_t seed) {
    const struct random_net drawn = random_net(seed);
    struct ref_net *net = ref_net_create(drawn.input, drawn.layers, drawn.count, drawn.loss);
    uint64_t sequence = ~seed;
    double input[512];
    double target[64] = {0};
    for (int i = 0; i < ref_values(drawn.input); ++i) {
        input[i] = (double)(int)(4.0 * random_net_value(&sequence)) / 4.0;
    }
    for (int l = 0; l < drawn.count; ++l) {
        for (int i = 0; i < net->at[l].rows * net->at[l].cols; ++i) {
            net->at[l].weights[i] = 0.5 * random_net_value(&sequence);
        }
    }
    const int outputs = ref_values(net->at[drawn.count - 1].out);
    target[seed % (uint64_t)outputs] = 1.0;
    ref_net_forward(net, input);
    ref_net_backward(net, target);

    json_t *layers = json_array();
    for (int l = 0; l < drawn.count; ++l) {
        json_array_append_new(layers, layer_json(&net->at[l]));
    }
    const int values = ref_values(drawn.input);
    json_t *object = json_pack(
        "{s:[i, i, i], s:i, s:f, s:o, s:o, s:o, s:o}", "shape", drawn.input.height,
        drawn.input.width, drawn.input.channels, "loss_kind", (int)drawn.loss, "loss",
        ref_net_loss(net, target), "input", list(input, values), "input_errors",
        list(net->input_errors, values), "target", list(target, outputs), "layers", layers);
    json_dumpf(object, stdout, JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(object);
    ref_net_destroy(net);
}

int main(int argc, char **argv) {
    const long networks = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    for (long seed = 1; seed <= networks; ++seed) {
        print_network((uint64_t)seed);
    }
    return 0;
}

/* Every setting of a run: its name, range, default and meaning. */
#include "runs/settings.h"

#include <math.h>

#include "base/die.h"

/* ---- what must fit together ---- */

static void check_targets(struct dtd_settings *settings) {
  int targets = 0;
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    targets += settings->pairs.is_target[digit];
  if (targets == DTD_CLASSES)
    dtd_die(DTD_USAGE, "data.targets", "leave at least one digit out",
            "every digit is a target");
}

static void check_length(const char *name, int length, int depth) {
  if (length != depth)
    dtd_die(DTD_USAGE, name, "give each layer one value in each list",
            "lists %d values where network.detection lists %d", length, depth);
}

/* Counts the layers and joins them: each reads the pools of the one below. */
static void join_layers(struct dtd_settings *settings) {
  struct dtd_layer_shape *layer = settings->layer;
  int units = 0, pools = 0, norms = 0;
  for (int n = 0; n < DTD_MOST_LAYERS; n++) {
    units += layer[n].units > 0;
    pools += layer[n].pool > 0;
    norms += layer[n].norm > 0;
    layer[n].inputs = 0;
  }
  check_length("network.pool", pools, units);
  check_length("network.norm", norms, units);
  settings->depth = units;
  for (int n = 0; n < units; n++) {
    if (layer[n].units % layer[n].pool)
      dtd_die(DTD_USAGE, "network.pool", "use a size that divides the units",
              "pools of %d do not divide the %d units of layer %d",
              layer[n].pool, layer[n].units, n + 1);
    layer[n].inputs = n ? dtd_layer_outputs(&layer[n - 1]) : DTD_PAIR_PIXELS;
  }
  if (dtd_layer_outputs(&layer[units - 1]) != 1)
    dtd_die(DTD_USAGE, "network.pool", "pool all its units into f(x)",
            "the top layer has %d outputs, not 1",
            dtd_layer_outputs(&layer[units - 1]));
}

static void free_biases(struct dtd_settings *settings) {
  settings->training.free_biases = !settings->nonpositive_biases;
}

static void seed_pairs(struct dtd_settings *settings) {
  settings->pairs.seed = settings->seed;
}

static void check_training(struct dtd_settings *settings) {
  dtd_check_training(&settings->training);
}

static void check_rules(struct dtd_settings *settings) {
  dtd_check_rules(&settings->explanation);
}

static void check_roots(struct dtd_settings *settings) {
  int roots = settings->evaluation.roots, pairs = settings->evaluation.pairs;
  if (roots > pairs)
    dtd_die(DTD_USAGE, "evaluation.roots", "use at most evaluation.pairs",
            "%d of %d pairs", roots, pairs);
}

/* ---- the table ---- */

/* Kinds with their ranges. */
#define INT(low, high)   &dtd_int_setting, low, high
#define LONG(low, high)  &dtd_long_setting, low, high
#define REAL(low, high)  &dtd_real_setting, low, high
#define FLOAT(low, high) &dtd_float_setting, low, high
#define DIGIT(low, high) &dtd_digits_setting, low, high
/* Up to 2^53 - 1 a double holds every whole number, and the next two do not
   round into the range. */
#define SEED       &dtd_seed_setting, 0, 9007199254740991
#define KIND(kind) &dtd_##kind##_setting, 0, 0

/* What a setting can change, and its place. */
#define AT(field)           .offset = offsetof(struct dtd_settings, field)
#define NO_RESULT(field)    .reach = DTD_NO_RESULT, AT(field)
#define EXPLANATIONS(field) .reach = DTD_EXPLANATIONS, AT(field)
#define TRAINING(field)     .reach = DTD_TRAINING, AT(field)
#define BY_LAYER(field)                                                        \
  TRAINING(layer[0].field),                                                    \
      .most = DTD_MOST_LAYERS,                                                 \
      .stride = sizeof((struct dtd_settings *)0)->layer[0]

const struct dtd_setting dtd_setting_table[] = {
    {"data.directory", "data",
     "the folder of the four IDX files, plain or gzipped", KIND(path),
     NO_RESULT(directory)},
    {"data.targets", "0 1 2 3", "the digits whose presence f(x) detects",
     DIGIT(0, 9), TRAINING(pairs.is_target), .settle = check_targets},
    {"data.translation", "2",
     "most pixels that a training digit moves, each way", INT(0, 27),
     TRAINING(pairs.translation)},

    {"network.detection", "400 400",
     "detection units of each layer, from the pixels up", INT(1, 16384),
     BY_LAYER(units)},
    {"network.pool", "4 400", "detection units in one pool, layer by layer",
     INT(1, 16384), BY_LAYER(pool), .settle = join_layers},
    {"network.norm", "1 1", "norm q of each layer's pools: 1 sums, inf is max",
     FLOAT(1, INFINITY), BY_LAYER(norm)},
    {"network.deviation", "0.05", "standard deviation of the initial weights",
     REAL(1e-6, 10), TRAINING(deviation)},
    {"network.nonpositive_biases", "yes",
     "whether steps end with b := min(b, 0)", KIND(yes_no),
     TRAINING(nonpositive_biases), .settle = free_biases},

    {"training.iterations", "300000", "steps of gradient descent", LONG(1, 1e9),
     TRAINING(training.iterations)},
    {"training.batch", "20", "pairs in a minibatch", INT(1, 10000),
     TRAINING(training.batch)},
    {"training.learning_rate", "5e-5", "the network's rate in the first step",
     REAL(0, 1), TRAINING(training.rate.start)},
    {"training.schedule", "linear",
     "the rate stays constant or falls linearly to 0", KIND(schedule),
     TRAINING(training.rate.schedule)},
    {"training.seed", "1", "what all random numbers follow from", SEED,
     TRAINING(seed), .settle = seed_pairs},
    {"training.threads", "0", "threads to compute with, 0 for all processors",
     INT(0, 1024), NO_RESULT(threads)},
    {"training.evaluate_every", "2000", "steps between rows of training.tsv",
     INT(1, 1e9), TRAINING(training.evaluate_every)},
    {"training.evaluation_pairs", "1000",
     "test pairs behind each of these rows", INT(1, 100000),
     TRAINING(training.evaluation_pairs)},
    {"training.checkpoint_every", "20000", "steps between checkpoints",
     INT(1, 1e9), NO_RESULT(training.checkpoint_every)},
    {"training.kernel", "sparse",
     "sums over inked pixels, or products over all", KIND(kernel),
     TRAINING(training.kernel)},
    {"training.optimiser", "sgd", "what takes the network's steps",
     KIND(optimiser), TRAINING(training.optimiser.kind),
     .settle = check_training},
    {"training.momentum", "0.9", "mu, when the optimiser is momentum",
     REAL(0, 0.999999), TRAINING(training.optimiser.momentum)},
    {"training.adam_beta1", "0.9", "beta1, when the optimiser is adam",
     REAL(0, 0.999999), TRAINING(training.optimiser.beta1)},
    {"training.adam_beta2", "0.999", "beta2, when the optimiser is adam",
     REAL(0, 0.999999), TRAINING(training.optimiser.beta2)},
    {"training.adam_epsilon", "1e-8", "epsilon, when the optimiser is adam",
     REAL(1e-12, 1), TRAINING(training.optimiser.epsilon)},
    {"training.weight_decay", "0",
     "each step multiplies weights by 1 - rate * this", REAL(0, 1e6),
     TRAINING(training.optimiser.weight_decay)},

    {"relevance.models", "minmax", "relevance models to train and compare",
     KIND(models), TRAINING(models)},

    {"minmax.learning_rate", "1.5e-3",
     "the relevance models' rate in the first step", REAL(0, 1),
     TRAINING(minmax_rate.start)},
    {"minmax.schedule", "linear",
     "that rate stays constant or falls linearly to 0", KIND(schedule),
     TRAINING(minmax_rate.schedule)},
    {"minmax.rise", "5000", "first steps, in which that rate grows from 0",
     LONG(0, 1e9), TRAINING(minmax_rate.rise)},
    {"minmax.deviation", "1e-4",
     "standard deviation of their initial weights v_ij", REAL(0, 10),
     TRAINING(minmax_deviation)},
    {"minmax.top_down_deviation", "1e-4",
     "the same for its top-down weights v_lj", REAL(0, 10),
     TRAINING(minmax_top_down_deviation)},
    {"minmax.units_per_pool", "8", "units y_j in each pool of minmax-units",
     INT(1, 256), TRAINING(minmax_units_per_pool)},

    {"explanation.first_rule", "zB",
     "the rule of the layer that reads the pixels", KIND(rule),
     EXPLANATIONS(explanation.first_rule), .settle = check_rules},
    {"explanation.upper_rule", "z+", "the rule of the layers above", KIND(rule),
     TRAINING(explanation.upper_rule)},
    {"explanation.root_fraction", "0.1", "f(root) / f(x) at the nearest root",
     REAL(0.001, 0.999), EXPLANATIONS(explanation.root.fraction)},
    {"explanation.root_solver", "multiplier",
     "what searches for the nearest root", KIND(solver),
     EXPLANATIONS(explanation.root.solver)},
    {"explanation.root_starts", "5",
     "starting points tried for each nearest root", INT(1, 1000),
     EXPLANATIONS(explanation.root.starts)},
    {"explanation.integrated_steps", "50",
     "steps of integrated gradients from black", INT(1, 10000),
     EXPLANATIONS(explanation.integrated_steps)},
    {"explanation.smooth_samples", "50",
     "noisy copies that SmoothGrad averages over", INT(1, 10000),
     EXPLANATIONS(explanation.smooth_samples)},
    {"explanation.smooth_deviation", "0.15",
     "their noise's deviation, black to white being 1", REAL(0, 10),
     EXPLANATIONS(explanation.smooth_deviation)},
    {"explanation.occlusion_side", "0",
     "side of blocks; 0: a quarter of the short edge", INT(0, 10000),
     EXPLANATIONS(explanation.occlusion_side)},

    {"evaluation.methods", "paper", "the methods that are evaluated",
     KIND(methods), EXPLANATIONS(evaluation.skip)},
    {"evaluation.scores", "5000", "test pairs for the error and accuracy of f",
     INT(1, 1000000), EXPLANATIONS(evaluation.scores)},
    {"evaluation.pairs", "2000", "test pairs that every fast method explains",
     INT(1, 1000000), EXPLANATIONS(evaluation.pairs)},
    {"evaluation.roots", "200", "how many of these the slow methods explain",
     INT(1, 1000000), EXPLANATIONS(evaluation.roots), .settle = check_roots},
    {"evaluation.flips", "500", "test pairs whose pixels are flipped",
     INT(1, 1000000), EXPLANATIONS(evaluation.flips)},
    {"evaluation.repeats", "100",
     "pairs explained moved, and with re-drawn weights", INT(1, 1000000),
     EXPLANATIONS(evaluation.repeats)},
    {"evaluation.slow_repeats", "20",
     "how many of these the slow methods explain", INT(1, 1000000),
     EXPLANATIONS(evaluation.slow_repeats)},
    {"evaluation.bootstrap", "1000", "resamples behind each 95 % interval",
     INT(1, 1000000), EXPLANATIONS(evaluation.bootstrap)},
    {"evaluation.seed", "1",
     "the seed of the test pairs, apart from training's", SEED,
     EXPLANATIONS(evaluation.seed)},
    {0}};

/* ---- all of them ---- */

void *dtd_setting_place(const struct dtd_settings *settings,
                        const struct dtd_setting *setting) {
  return (char *)settings + setting->offset;
}

void dtd_settings_clear(struct dtd_settings *settings) {
  *settings = (struct dtd_settings){
      .pairs = {.stream = "pairs/train", .mode = DTD_INDEPENDENT},
      .explanation = {.root = dtd_root_defaults(),
                      .low = DTD_PIXEL_LOW,
                      .high = DTD_PIXEL_HIGH},
  };
}

void dtd_settings_settle(struct dtd_settings *settings) {
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++)
    if (s->settle) s->settle(settings);
}

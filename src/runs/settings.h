/* Every setting of a run: the struct that holds them all, and the table with
   the name, range, default and meaning of each.

   To add a setting: one field here and one row in settings.c. A row names its
   kind of value (setting_kind.h), what it can change, and what must agree with
   it. Parsing, help, the resolved configuration, its digests and comparisons
   (config.h) all go through the table. */
#ifndef DTD_SETTINGS_H
#define DTD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "evaluate/evaluation.h"
#include "explain/explainer.h"
#include "files/pairs.h"
#include "network/network.h"
#include "network/trainer.h"
#include "runs/setting_kind.h"

struct dtd_settings {
  char directory[DTD_MOST_TEXT + 1]; /* of the data */
  struct dtd_pair_settings pairs;    /* of training: "pairs/train" */
  struct dtd_layer_shape layer[DTD_MOST_LAYERS];
  int depth;
  double deviation; /* of the initial weights */
  bool nonpositive_biases;
  struct dtd_training_settings training;
  uint64_t seed;
  int threads;                  /* 0 for all processors */
  struct dtd_model_list models; /* of relevance */
  struct dtd_rate minmax_rate;
  double minmax_deviation;          /* of v_ij */
  double minmax_top_down_deviation; /* of v_lj */
  int minmax_units_per_pool;        /* of minmax-units */
  struct dtd_explanation_settings explanation;
  struct dtd_evaluation_settings evaluation;
};

/* All settings, in the order in which they are written; those of a section
   follow one another. A null name ends them. */
extern const struct dtd_setting dtd_setting_table[];
enum { DTD_MOST_SETTINGS = 64 };

/* The place of a setting's value. */
void *dtd_setting_place(const struct dtd_settings *settings,
                        const struct dtd_setting *setting);

/* Zeros, but for the few values that no configuration sets. */
void dtd_settings_clear(struct dtd_settings *settings);

/* Fills in what follows from the settings, and dies (usage), naming one, when
   two contradict each other. */
void dtd_settings_settle(struct dtd_settings *settings);

#endif

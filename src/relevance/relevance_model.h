/* A relevance model says how much of R_k stands at each detection unit j.

   Section 5: to decompose R_k on the inputs of its layer, R_k must be written
   as a function of them with the structure of the one-layer network of section
   4,

       R_k = sum_{j in pool k} R_j,    R_j = c max(0, sum_i x_i v_ij + a_j),

   with a_j <= 0 and c held constant. A model supplies R_j, and the weights v
   that a rule then decomposes. The network's own w is one choice
   (training-free), a trained v another (min-max).

   | paper        | C                     | shape                   |
   |--------------|-----------------------|-------------------------|
   | x_i, x_j, x_k| site->x_i, x_j, x_k   | (batch, inputs | units | outputs) |
   | R_k, R_l     | site->R_k, R_l        | (batch, outputs | upper units)    |
   | v_ij, a_j    | model->detection.w, - | (inputs, own units)     |
   | R_j          | R_j                   | (batch, own units)      |

   The units j of a model are the network's, or some of its own, as many in each
   pool as it likes: model->detection has their number.

   To add a model: one file in models/ that defines a const struct
   dtd_model_kind, and one line in models/registry.h. The rest follows from its
   name: the choice in relevance.models, the columns NAME_error, NAME_rms,
   NAME_dead and NAME_dead_pools of training.tsv, the tensors NAME.weight ...,
   the random stream weights/NAME, and the explanation method deep-taylor-NAME.
 */
#ifndef DTD_RELEVANCE_MODEL_H
#define DTD_RELEVANCE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "network/network.h"
#include "network/trainer.h"

/* What a model is given: one layer of one forward pass, and the relevance that
   has arrived from above. All borrowed. */
struct dtd_site {
  int batch;
  int first; /* its first example among those the model has room for: sites
                that do not overlap may be computed in parallel */
  struct dtd_inputs x_i; /* (batch, inputs) */
  const float *x_j;      /* (batch, units) */
  const float *x_k;      /* (batch, outputs) */
  const float *R_k;      /* (batch, outputs) */
  const float *R_l; /* (batch, upper units): detection units of the layer above;
                       null in the top layer */
};

struct dtd_relevance_model;
struct dtd_top_down; /* models/top_down_model.h */

enum { DTD_MOST_MODEL_NAME = 32 }; /* bytes */

struct dtd_model_kind {
  const char *name;        /* "minmax": a-z, 0-9 and hyphens */
  const char *description; /* one line */
  const char *meaning; /* of its method, as struct dtd_method has it; or null
                        */
  const char *source;
  const char *method; /* of explanation; null for "deep-taylor-NAME" */
  const char *title;  /* in figures, "min-max"; null for the name */
  bool of_paper;      /* one of the two of section 5 */
  bool trained;      /* has parameters of its own, learned beside the network */
  bool conservative; /* sum_{j in pool k} R_j = R_k exactly */
  bool own_pool;     /* its units a pool are a setting, not the layer's */
  const struct dtd_top_down *top_down; /* of the min-max family; or null */
  /* Prepares model->detection and the rest for `layer`, whose upper layer has
     `upper_units` detection units (0 for the top layer). */
  void (*create)(struct dtd_relevance_model *model, int upper_units,
                 int capacity);
  /* Draws starting values, with standard deviations for v_ij and for v_lj; null
     when not trained. */
  void (*initialise)(struct dtd_relevance_model *model, uint64_t seed,
                     double deviation, double top_down_deviation);
  /* R_j (batch, own units). */
  void (*relevance)(float *R_j, struct dtd_relevance_model *model,
                    const struct dtd_site *site);
  /* Adds scale * gradient of mean over the batch of sum_k (Rhat_k - R_k)^2 to
     `into`, which has the model's shape and may be the model itself; returns
     that mean. Reads the site alone, not the layer's w and b, which may be
     taking their own step. Null when not trained. */
  double (*learn)(struct dtd_relevance_model *into, float scale,
                  struct dtd_relevance_model *model,
                  const struct dtd_site *site);
};

struct dtd_relevance_model {
  const struct dtd_model_kind *kind;
  const struct dtd_layer *layer; /* the network's layer; borrowed */
  struct dtd_layer detection; /* v and a bias of zeros, or the network's w, b */
  int pool;                   /* its units a pool */
  int upper_units;
  float *top_down;      /* v_lj (upper units, own units), or null */
  float *top_down_bias; /* d_j (own units), or null */
  float *memory;        /* the model's own parameters, one allocation */
  size_t parameter_count;
  float *scratch; /* what the kind needs, for `capacity` examples */
  int capacity;
  struct dtd_ink *sparse_context; /* room for R_l as ink, or null */
  /* The parameters by their names in model files; the first is v_ij. */
  struct dtd_parameter parameter[DTD_MOST_PARAMETERS];
  bool sparse[DTD_MOST_PARAMETERS]; /* the matrix reads inputs that mostly are
                                       one value: black, or 0 for a context */
  char parameter_name[DTD_MOST_PARAMETERS][DTD_MOST_MODEL_NAME + 16];
  int parameters;
};

/* ---- the registry ---- */

extern const struct dtd_model_kind *const dtd_model_kinds[]; /* ended by null */
const struct dtd_model_kind *dtd_model_kind_find(const char *name);

/* ---- create, compute, free ---- */

/* A model of `kind` for `layer`, borrowed; parameters are zero. */
struct dtd_relevance_model *
dtd_relevance_model_new(const struct dtd_model_kind *kind,
                        const struct dtd_layer *layer, int upper_units,
                        int capacity);

/* The same with `own_pool` units a pool, where the kind leaves it open. */
struct dtd_relevance_model *
dtd_relevance_model_sized(const struct dtd_model_kind *kind,
                          const struct dtd_layer *layer, int own_pool,
                          int upper_units, int capacity);

/* Another of the same kind and sizes, for a layer like that of `model`. */
struct dtd_relevance_model *
dtd_relevance_model_like(const struct dtd_relevance_model *model,
                         const struct dtd_layer *layer, int capacity);

/* Stores the matrices that read sparse inputs as `kind`, once the parameters
   have their values; the network's inputs mostly are `low`. The values are up
   to date whenever dtd_weights_write was called. */
void dtd_relevance_model_store(struct dtd_relevance_model *model,
                               const struct dtd_weights_kind *kind, float low);

/* R_j (batch, own units) (Eq. 14 for min-max; 5.2 for training-free). */
void dtd_model_relevance(float *R_j, struct dtd_relevance_model *model,
                         const struct dtd_site *site);

void dtd_relevance_model_free(struct dtd_relevance_model *model);

#endif

/* The min-max relevance model: R_k learned from inputs and top-down context.

   Section 5.1, with pools of as many units as the network's:

       a_j    = min(0, sum_l R_l v_lj + d_j)
       y_j    = max(0, sum_i x_i v_ij + a_j)
       Rhat_k = sum_{j in pool k} y_j

       minimise over v_ij, v_lj, d_j   < sum_k (Rhat_k - R_k)^2 >

   where R_k is the true relevance and R_l, R_k are data: no gradient leaves the
   model. The decomposition holds a_j constant, so R_j = y_j (Eq. 14).

   | paper       | C                   | shape                |
   |-------------|---------------------|----------------------|
   | v_ij        | model->detection.w  | (inputs, units)      |
   | v_lj        | model->top_down     | (upper units, units) |
   | d_j         | model->top_down_bias| (units)              |
   | a_j         | a                   | (batch, units)       |
   | y_j         | y                   | (batch, units)       |

   Subgradients: max(0, z) has derivative 0 at z = 0; min(0, z) has derivative 1
   there, so that a top-down bias of exactly 0 can still learn to inhibit. */
#include "../relevance_model.h"

#include <string.h>

#include "../mat.h"
#include "../memory.h"
#include "../rng.h"

enum { OWN, TOP_DOWN, TOP_DOWN_BIAS }; /* parameters: v_ij, v_lj, d_j */
enum { BEFORE, SEEN, D_A };            /* scratch, (capacity, units) each */

static void create(struct dtd_relevance_model *model, int upper_units,
                   int capacity) {
  int inputs = model->layer->inputs, units = model->layer->units;
  size_t own = (size_t)inputs * (size_t)units;
  size_t top = (size_t)upper_units * (size_t)units;
  model->parameter_count = own + top + (size_t)units;
  float *at = model->memory =
      dtd_new(model->parameter_count + (size_t)units, sizeof *at);
  model->detection = *model->layer;
  model->detection.w = at;
  model->top_down = at + own;
  model->top_down_bias = at + own + top;
  model->detection.b = at + model->parameter_count; /* zeros: a_j <= 0 never
                                                       joins a denominator */
  model->scratch =
      dtd_new(3 * (size_t)capacity * (size_t)units, sizeof *model->scratch);
  model->parameter[OWN] = (struct dtd_parameter){
      "minmax.weight", model->detection.w, inputs, units, NULL};
  model->parameter[TOP_DOWN] = (struct dtd_parameter){
      "minmax.top_down", model->top_down, upper_units, units, NULL};
  model->parameter[TOP_DOWN_BIAS] = (struct dtd_parameter){
      "minmax.top_down_bias", model->top_down_bias, 0, units, NULL};
  model->parameters = 3;
}

/* R_l is sparse, too: few upper units are on. */
static void fold(struct dtd_relevance_model *model, float low) {
  for (int n = OWN; n <= TOP_DOWN; n++) {
    struct dtd_parameter *p = &model->parameter[n];
    p->folded = dtd_folded_new(p->values, p->inputs, p->units,
                               n == OWN ? low : 0, model->capacity);
  }
  model->sparse_R_l = dtd_ink_new(model->upper_units, model->capacity);
}

static void draw(float *weights, size_t count, uint64_t seed,
                 const char *stream, double deviation) {
  struct dtd_rng rng = dtd_rng_open(seed, stream, 0);
  for (size_t i = 0; i < count; i++)
    weights[i] = (float)(deviation * dtd_rng_normal(&rng));
}

/* v_ij, v_lj from N(0, deviation^2), each its own; d_j = 0. Weights v_lj as
   large as v_ij would drown the pixels: sum_l R_l is f, about 100, so that half
   of the units would start far below 0 and never wake. */
static void initialise(struct dtd_relevance_model *model, uint64_t seed,
                       double deviation, double top_down_deviation) {
  int units = model->layer->units;
  draw(model->detection.w, (size_t)model->layer->inputs * (size_t)units, seed,
       "weights/minmax", deviation);
  draw(model->top_down, (size_t)model->upper_units * (size_t)units, seed,
       "weights/minmax-top-down", top_down_deviation);
  memset(model->top_down_bias, 0, (size_t)units * sizeof(float));
}

/* sum_i x_i v_ij */
static void bottom_up(float *y, struct dtd_relevance_model *model,
                      const struct dtd_site *site) {
  const struct dtd_folded *folded = model->parameter[OWN].folded;
  int inputs = model->layer->inputs, units = model->layer->units;
  if (site->z_j)
    memcpy(y, site->z_j, (size_t)site->batch * (size_t)units * sizeof *y);
  else if (site->ink && folded)
    dtd_folded_apply(y, folded, site->ink);
  else
    dtd_multiply(y, 0, 1, dtd_view(site->x_i, site->batch, inputs),
                 dtd_view(model->detection.w, inputs, units));
}

/* sum_l R_l v_lj */
static void top_down(float *before, struct dtd_relevance_model *model,
                     const struct dtd_site *site) {
  const struct dtd_folded *folded = model->parameter[TOP_DOWN].folded;
  int upper = model->upper_units, units = model->layer->units;
  if (site->ink && folded) {
    dtd_ink_gather(model->sparse_R_l, site->R_l, 0, site->batch);
    dtd_folded_apply(before, folded, model->sparse_R_l);
  } else
    dtd_multiply(before, 0, 1, dtd_view(site->R_l, site->batch, upper),
                 dtd_view(model->top_down, upper, units));
}

/* v_ij += scale sum_n x_i dL/dy_j,  v_lj += scale sum_n R_l dL/da_j */
static void accumulate(struct dtd_relevance_model *into, float scale,
                       struct dtd_relevance_model *model,
                       const struct dtd_site *site, const float *d_y,
                       const float *d_a) {
  int batch = site->batch, units = model->layer->units;
  if (site->ink && into->parameter[OWN].folded) {
    dtd_ink_sort(model->sparse_R_l);
    dtd_folded_add(into->parameter[OWN].folded, scale, site->ink, d_y);
    dtd_folded_add(into->parameter[TOP_DOWN].folded, scale, model->sparse_R_l,
                   d_a);
    return;
  }
  dtd_multiply(into->detection.w, 1, scale,
               dtd_transposed(dtd_view(site->x_i, batch, model->layer->inputs)),
               dtd_view(d_y, batch, units));
  dtd_multiply(into->top_down, 1, scale,
               dtd_transposed(dtd_view(site->R_l, batch, model->upper_units)),
               dtd_view(d_a, batch, units));
}

/* From y = sum_i x_i v_ij: y_j, and a_j before its rectifier. */
static void respond(float *before, float *y, struct dtd_relevance_model *model,
                    const struct dtd_site *site) {
  int units = model->layer->units;
  top_down(before, model, site);
  const float *bias = model->top_down_bias;
  for (int n = 0; n < site->batch; n++, before += units, y += units)
    for (int j = 0; j < units; j++) {
      before[j] += bias[j];
      float a = before[j] < 0 ? before[j] : 0; /* a_j = min(0, .) */
      float z = y[j] + a;
      y[j] = z < 0 ? 0 : z; /* y_j = max(0, .) */
    }
}

static void relevance(float *R_j, struct dtd_relevance_model *model,
                      const struct dtd_site *site) {
  bottom_up(R_j, model, site);
  float *before = model->scratch + (long)site->first * model->layer->units;
  respond(before, R_j, model, site); /* R_j = y_j, Eq. 14 */
}

static float *scratch_of(const struct dtd_relevance_model *model, int index) {
  return model->scratch + (long)index * model->capacity * model->layer->units;
}

static void see(struct dtd_relevance_model *model,
                const struct dtd_site *site) {
  bottom_up(scratch_of(model, SEEN), model, site);
}

/* dL/dy_j = 2 (Rhat_k - R_k) / batch [y_j > 0], in place of y; returns the mean
   over the batch of sum_k (Rhat_k - R_k)^2. */
static double differentiate(float *y, const struct dtd_relevance_model *model,
                            const struct dtd_site *site) {
  int pool = model->layer->pool;
  int pools = site->batch * dtd_layer_outputs(model->layer);
  double sum = 0;
  for (int k = 0; k < pools; k++) {
    float *y_j = y + (long)k * pool, predicted = 0;
    for (int j = 0; j < pool; j++) predicted += y_j[j];
    float error = predicted - site->R_k[k];
    float d_y = 2 * error / (float)site->batch;
    sum += (double)error * error;
    for (int j = 0; j < pool; j++) y_j[j] = y_j[j] > 0 ? d_y : 0;
  }
  return sum / site->batch;
}

static double learn(struct dtd_relevance_model *into, float scale,
                    struct dtd_relevance_model *model,
                    const struct dtd_site *site) {
  int batch = site->batch, units = model->layer->units;
  float *before = scratch_of(model, BEFORE), *d_a = scratch_of(model, D_A);
  float *d_y = scratch_of(model, SEEN);
  respond(before, d_y, model, site);
  double error = differentiate(d_y, model, site);
  for (long j = 0; j < (long)batch * units; j++)
    d_a[j] = before[j] <= 0 ? d_y[j] : 0;
  accumulate(into, scale, model, site, d_y, d_a);
  float *bias = into->top_down_bias;
  for (int n = 0; n < batch; n++, d_a += units)
    for (int j = 0; j < units; j++) bias[j] += scale * d_a[j];
  return error;
}

const struct dtd_model_kind dtd_model_min_max = {
    .name = "minmax",
    .description = "R_k learned from the inputs with a top-down inhibition",
    .source = "Montavon et al. 2017, section 5.1",
    .trained = true,
    .create = create,
    .initialise = initialise,
    .fold = fold,
    .relevance = relevance,
    .see = see,
    .learn = learn,
};

/* The engine of the min-max family: R_k learned from the inputs and a context.
 */
#include "relevance/models/top_down_model.h"

#include <stdio.h>
#include <string.h>

#include "linear/ink.h"
#include "base/memory.h"
#include "base/rng.h"

enum { OWN, TOP_DOWN }; /* parameters: v_ij, v_cj if any; d_j is the last */
enum { BEFORE, D_Y, D_A, SCRATCHES }; /* (capacity, units) each */

/* ---- the paper's context ---- */

static int upper_width(const struct dtd_relevance_model *model) {
  return model->upper_units;
}

static const float *read_upper(float *room,
                               const struct dtd_relevance_model *model,
                               const struct dtd_site *site) {
  (void)room, (void)model;
  return site->R_l;
}

const struct dtd_context dtd_upper_units = {
    .width = upper_width,
    .read = read_upper,
    .sparse = true, /* few upper units are on */
};

static int width_of(const struct dtd_relevance_model *model) {
  const struct dtd_context *context = model->kind->top_down->context;
  return context ? context->width(model) : 0;
}

/* ---- create ---- */

/* A matrix (inputs, own units), or a vector when there are no inputs. */
static void add_parameter(struct dtd_relevance_model *model, const char *suffix,
                          float *values, int inputs, bool sparse) {
  int index = model->parameters++, units = model->detection.shape.units;
  char *name = model->parameter_name[index];
  snprintf(name, sizeof model->parameter_name[index], "%s.%s",
           model->kind->name, suffix);
  model->parameter[index] = (struct dtd_parameter){
      name, values, inputs, units,
      inputs ? dtd_weights_new(&dtd_plain, values, inputs, units, 0, 0) : NULL};
  model->sparse[index] = sparse;
}

/* What is constrained in every step has to be at hand. */
static bool reads_sparse_context(const struct dtd_relevance_model *model) {
  const struct dtd_top_down *member = model->kind->top_down;
  return member->context && member->context->sparse && !member->constrain;
}

void dtd_top_down_create(struct dtd_relevance_model *model, int upper_units,
                         int capacity) {
  (void)upper_units; /* the model has it */
  int width = width_of(model);
  model->detection = *model->layer;
  model->detection.shape.pool = model->pool;
  model->detection.shape.units =
      dtd_layer_outputs(&model->layer->shape) * model->pool;
  size_t units = (size_t)model->detection.shape.units;
  size_t own = (size_t)model->layer->shape.inputs * units;
  size_t top = (size_t)width * units;
  model->parameter_count = own + top + units;
  float *at = model->memory =
      dtd_new(model->parameter_count + units, sizeof *at);
  model->detection.w = at;
  model->top_down = width ? at + own : NULL;
  model->top_down_bias = at + own + top;
  model->detection.b = at + model->parameter_count; /* zeros: a_j <= 0 never
                                                       joins a denominator */
  model->scratch =
      dtd_new((size_t)capacity * (SCRATCHES * units + (size_t)width),
              sizeof *model->scratch);
  add_parameter(model, "weight", model->detection.w, model->layer->shape.inputs,
                true);
  if (width)
    add_parameter(model, "top_down", model->top_down, width,
                  reads_sparse_context(model));
  add_parameter(model, "top_down_bias", model->top_down_bias, 0, false);
  model->detection.weights = model->parameter[OWN].weights;
  if (reads_sparse_context(model))
    model->sparse_context = dtd_ink_new(width, model->capacity);
}

/* ---- starting values ---- */

/* Draws from the stream "weights/NAME", to which `part` is added. */
static void draw(float *weights, size_t count, uint64_t seed,
                 const struct dtd_relevance_model *model, const char *part,
                 double deviation) {
  char stream[80];
  snprintf(stream, sizeof stream, "weights/%s%s", model->kind->name, part);
  struct dtd_rng rng = dtd_rng_open(seed, stream, 0);
  for (size_t i = 0; i < count; i++)
    weights[i] = (float)(deviation * dtd_rng_normal(&rng));
}

/* v_ij, v_cj from N(0, deviation^2), each its own; d_j = 0. Large weights kill:
   a y_j that starts above its R_k is pushed down, often to below 0 for every
   pair, where no gradient wakes it. Of v_lj they would also drown the pixels,
   since sum_l R_l is f, about 100: half of the units would start far below 0.
 */
void dtd_top_down_initialise(struct dtd_relevance_model *model, uint64_t seed,
                             double deviation, double top_down_deviation) {
  const struct dtd_top_down *member = model->kind->top_down;
  size_t units = (size_t)model->detection.shape.units;
  if (member->start)
    member->start(model);
  else
    draw(model->detection.w, (size_t)model->layer->shape.inputs * units, seed,
         model, "", deviation);
  if (model->top_down)
    draw(model->top_down, (size_t)width_of(model) * units, seed, model,
         "-top-down", top_down_deviation);
  memset(model->top_down_bias, 0, units * sizeof(float));
  if (member->constrain) member->constrain(model);
}

/* ---- R_j ---- */

static float *scratch_of(const struct dtd_relevance_model *model, int index) {
  return model->scratch +
         (long)index * model->capacity * model->detection.shape.units;
}

/* C (batch, width); `room` is at the end of the scratch. */
static const float *context_of(const struct dtd_relevance_model *model,
                               const struct dtd_site *site) {
  float *room =
      scratch_of(model, SCRATCHES) + (long)site->first * width_of(model);
  return model->kind->top_down->context->read(room, model, site);
}

/* The context as inputs of v_cj. */
static struct dtd_inputs read_context(struct dtd_relevance_model *model,
                                      const struct dtd_site *site) {
  if (!width_of(model)) return dtd_rows(NULL, site->batch);
  return dtd_rows(context_of(model, site), site->batch);
}

/* From y = sum_i x_i v_ij: y_j, and a_j before it meets its ceiling. */
static void respond(float *before, float *y,
                    const struct dtd_relevance_model *model,
                    const struct dtd_inputs *context) {
  int units = model->detection.shape.units;
  float ceiling = model->kind->top_down->ceiling;
  if (width_of(model)) /* sum_c C_c v_cj */
    dtd_weights_apply(before, model->parameter[TOP_DOWN].weights, context);
  else
    memset(before, 0, (size_t)context->batch * (size_t)units * sizeof *before);
  const float *bias = model->top_down_bias;
  for (int n = 0; n < context->batch; n++, before += units, y += units)
    for (int j = 0; j < units; j++) {
      before[j] += bias[j];
      float a = before[j] < ceiling ? before[j] : ceiling;
      float z = y[j] + a;
      y[j] = z < 0 ? 0 : z; /* y_j = max(0, .) */
    }
}

void dtd_top_down_relevance(float *R_j, struct dtd_relevance_model *model,
                            const struct dtd_site *site) {
  float *before = scratch_of(model, BEFORE) +
                  (long)site->first * model->detection.shape.units;
  struct dtd_inputs context = read_context(model, site);
  dtd_weights_apply(R_j, model->detection.weights, &site->x_i);
  respond(before, R_j, model, &context); /* R_j = y_j, Eq. 14 */
}

/* ---- learning ---- */

/* The same context, in a form that a sparse matrix reads twice. */
static struct dtd_inputs gather_context(struct dtd_relevance_model *model,
                                        const struct dtd_site *site) {
  if (!model->sparse_context) return read_context(model, site);
  dtd_ink_gather(model->sparse_context, context_of(model, site), 0,
                 site->batch);
  return dtd_inked(model->sparse_context);
}

/* d_pool = 2 (Rhat_k - R_k) / batch = dL/dRhat_k, at each unit of the pool;
   returns the mean over the batch of sum_k (Rhat_k - R_k)^2. */
static double differentiate(float *d_pool, const float *y,
                            const struct dtd_relevance_model *model,
                            const struct dtd_site *site) {
  int pool = model->detection.shape.pool;
  int pools = site->batch * dtd_layer_outputs(&model->layer->shape);
  double sum = 0;
  for (int k = 0; k < pools; k++, y += pool, d_pool += pool) {
    float predicted = 0;
    for (int j = 0; j < pool; j++) predicted += y[j];
    float error = predicted - site->R_k[k];
    sum += (double)error * error;
    for (int j = 0; j < pool; j++) d_pool[j] = 2 * error / (float)site->batch;
  }
  return sum / site->batch;
}

/* dL/dy_j = dL/dRhat_k [y_j > 0], in place of y, and dL/da_j = dL/dy_j where
   a_j was below its ceiling, in place of d_pool. Apart from the sums over
   pools, whose few units a processor cannot treat at once. */
static void rectify(float *restrict d_pool, float *restrict y,
                    const float *restrict before, float ceiling, long count) {
  for (long j = 0; j < count; j++) {
    y[j] = y[j] > 0 ? d_pool[j] : 0;
    d_pool[j] = before[j] <= ceiling ? y[j] : 0;
  }
}

double dtd_top_down_learn(struct dtd_relevance_model *into, float scale,
                          struct dtd_relevance_model *model,
                          const struct dtd_site *site) {
  const struct dtd_top_down *member = model->kind->top_down;
  int batch = site->batch, units = model->detection.shape.units;
  float *before = scratch_of(model, BEFORE), *d_a = scratch_of(model, D_A);
  float *d_y = scratch_of(model, D_Y), *bias = into->top_down_bias;
  struct dtd_inputs context = gather_context(model, site);
  dtd_weights_apply(d_y, model->detection.weights, &site->x_i);
  respond(before, d_y, model, &context);
  double error = differentiate(d_a, d_y, model, site);
  rectify(d_a, d_y, before, member->ceiling, (long)batch * units);
  /* v_ij += scale sum_n x_i dL/dy_j,  v_cj += scale sum_n C_c dL/da_j */
  dtd_weights_accumulate(into->detection.weights, scale, &site->x_i, d_y);
  if (width_of(model))
    dtd_weights_accumulate(into->parameter[TOP_DOWN].weights, scale, &context,
                           d_a);
  for (int n = 0; n < batch; n++, d_a += units)
    for (int j = 0; j < units; j++) bias[j] += scale * d_a[j];
  if (member->constrain && into == model) member->constrain(model);
  return error;
}

/* Inputs of a network from ONNX, explained: scores, classes, heatmaps, ledgers.
 */
#include "explain/explained_inputs.h"

#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/elementary.h"
#include "base/memory.h"
#include "base/text.h"
#include "explain/network_input.h"

/* ---- what is given ---- */

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void append_file(struct dtd_explained_inputs *inputs,
                        struct dtd_input_settings *settings, const char *path) {
  size_t size = (size_t)dtd_maps_size(settings->input);
  int count, before = inputs->count;
  float *x = dtd_network_input_read(&count, settings, path);
  if (count > INT32_MAX - before)
    dtd_die(DTD_USAGE, path, "explain some at a time", "too many inputs");
  size_t all = (size_t)(before + count);
  inputs->x =
      dtd_grow(NULL, inputs->x, (size_t)before * size, all * size, sizeof *x);
  memcpy(inputs->x + (size_t)before * size, x,
         (size_t)count * size * sizeof *x);
  inputs->input =
      dtd_grow(NULL, inputs->input, (size_t)before, all, sizeof *inputs->input);
  for (int n = 0; n < count; n++)
    inputs->input[before + n].name =
        count > 1 ? dtd_printed("%s[%d]", last_part(path), n)
                  : dtd_copy_text(last_part(path));
  inputs->count += count;
  dtd_free(x);
}

struct dtd_explained_inputs
dtd_explained_inputs_read(const struct dtd_graph *graph,
                          struct dtd_input_settings *settings,
                          const struct dtd_texts *files) {
  struct dtd_explained_inputs inputs = {.graph = graph, .settings = settings};
  for (int n = 0; n < files->count; n++)
    append_file(&inputs, settings, files->text[n]);
  return inputs;
}

/* ---- classes ---- */

int dtd_explained_classes(const struct dtd_explained_inputs *inputs) {
  long outputs = dtd_graph_outputs(inputs->graph);
  return outputs > 1 ? (int)outputs : 0;
}

/* log sum_c exp z_c is `greatest` + log `sum`. */
struct softmax {
  double greatest, sum;
};

static struct softmax softmax_of(const float *z, int classes) {
  struct softmax s = {.greatest = (double)z[0]};
  for (int c = 1; c < classes; c++)
    if ((double)z[c] > s.greatest) s.greatest = (double)z[c];
  for (int c = 0; c < classes; c++) s.sum += dtd_exp((double)z[c] - s.greatest);
  return s;
}

static double probability(struct softmax s, float z) {
  return dtd_exp((double)z - s.greatest) / s.sum;
}

/* The first of equals comes first. */
static void rank(struct dtd_explained_input *input, const float *z,
                 int classes) {
  struct softmax s = softmax_of(z, classes);
  for (int r = 0; r < DTD_LIKELIEST && r < classes; r++) {
    int best = -1;
    for (int c = 0; c < classes; c++) {
      bool taken = false;
      for (int q = 0; q < r; q++) taken |= input->likely[q] == c;
      if (!taken && (best < 0 || z[c] > z[best])) best = c;
    }
    input->likely[r] = best;
    input->probability[r] = probability(s, z[best]);
  }
  input->own_probability =
      classes ? probability(s, z[input->class]) : (double)NAN;
}

/* ---- explaining ---- */

static void keep_ledger(struct dtd_explained_inputs *inputs,
                        const struct dtd_explainer *explainer, int n,
                        int index) {
  int nodes = inputs->graph->nodes;
  struct dtd_explained_input *input = &inputs->input[index];
  input->kept = (double)NAN;
  if (!dtd_explainer_has_ledger(explainer)) return;
  if (!inputs->ledger)
    inputs->ledger =
        dtd_new((size_t)inputs->count * (size_t)nodes, sizeof *inputs->ledger);
  struct dtd_node_entry *ledger = inputs->ledger + (long)index * nodes;
  input->kept = 0;
  for (int m = 0; m < nodes; m++) {
    ledger[m] = dtd_explainer_entry(explainer, m, n);
    input->kept += ledger[m].kept;
  }
}

/* R_p of one example, summed over channels where the heatmap has one alone. */
static void keep_heatmap(struct dtd_explained_inputs *inputs, const float *R_p,
                         int index) {
  long size = dtd_maps_size(inputs->shape);
  long all = dtd_graph_inputs(inputs->graph);
  float *to = inputs->R_p + index * size;
  double sum = 0;
  for (long p = 0; p < all; p++) sum += (double)R_p[p];
  inputs->input[index].sum_r = sum;
  for (long p = 0; p < size; p++) {
    double here = 0;
    for (long q = p; q < all; q += size) here += (double)R_p[q];
    to[p] = (float)here;
  }
}

static void keep(struct dtd_explained_inputs *inputs,
                 const struct dtd_explainer *explainer, const float *R_p,
                 int first, int batch) {
  for (int n = 0; n < batch; n++) {
    struct dtd_explained_input *input = &inputs->input[first + n];
    input->class = dtd_explainer_class(explainer, n);
    input->f = (double)explainer->f[n];
    rank(input, dtd_explainer_scores(explainer, n),
         dtd_explained_classes(inputs));
    keep_ledger(inputs, explainer, n, first + n);
    keep_heatmap(inputs, R_p + n * explainer->inputs, first + n);
  }
}

static bool is_empty(const struct dtd_explained_inputs *inputs, int n) {
  long size = dtd_maps_size(inputs->shape);
  for (long p = 0; p < size; p++)
    if (inputs->R_p[n * size + p] != 0) return false;
  return true;
}

static void warn_of_empty(const struct dtd_explained_inputs *inputs) {
  int empty = 0, first = 0;
  for (int n = inputs->count - 1; n >= 0; n--)
    if (is_empty(inputs, n)) empty++, first = n;
  if (!empty) return;
  const struct dtd_explained_input *input = &inputs->input[first];
  bool greatest =
      !dtd_explained_classes(inputs) || input->class == input->likely[0];
  dtd_warn(input->name,
           greatest ? "sensitivity, for example, explains any score"
                    : "explain another class by --class",
           "%d of %d heatmaps %s empty, this one first: its f is %g%s", empty,
           inputs->count, empty == 1 ? "is" : "are", input->f,
           input->f > 0 ? "" : ", and only a positive score is relevance");
}

void dtd_explain_inputs(struct dtd_explained_inputs *inputs,
                        struct dtd_explainer *explainer,
                        const struct dtd_method *method, bool channels) {
  long all = explainer->inputs;
  inputs->channels = channels;
  inputs->shape = inputs->settings->picture;
  if (!channels && dtd_input_is_picture(inputs->settings))
    inputs->shape.channels = 1;
  inputs->R_p =
      dtd_new((size_t)inputs->count * (size_t)dtd_maps_size(inputs->shape),
              sizeof *inputs->R_p);
  float *R_p = dtd_new((size_t)explainer->capacity * (size_t)all, sizeof *R_p);
  for (int first = 0; first < inputs->count; first += explainer->capacity) {
    int left = inputs->count - first;
    int batch = left < explainer->capacity ? left : explainer->capacity;
    dtd_explain(R_p, NULL, explainer, method, inputs->x + first * all, batch);
    keep(inputs, explainer, R_p, first, batch);
  }
  dtd_free(R_p);
  warn_of_empty(inputs);
}

void dtd_explained_inputs_free(struct dtd_explained_inputs *inputs) {
  for (int n = 0; n < inputs->count; n++) dtd_free(inputs->input[n].name);
  dtd_free(inputs->x);
  dtd_free(inputs->R_p);
  dtd_free(inputs->input);
  dtd_free(inputs->ledger);
  *inputs = (struct dtd_explained_inputs){0};
}

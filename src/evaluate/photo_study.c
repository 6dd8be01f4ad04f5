/* One network's answers to photos, and its explanations of them, as section 6.2
   shows and measures them. */
#include "evaluate/photo_study.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/elementary.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "explain/network_input.h"
#include "network/descent.h"
#include "network/graph_reader.h"

/* What explains one photo after the other. */
struct bench {
  struct dtd_photo_study *study;
  struct dtd_graph_values *values;
  struct dtd_descent *descent;
  struct dtd_graph_decomposition *decomposition;
  float *at_output; /* (outputs) */
  float *at_input;  /* (inputs) */
};

/* ---- one photo ---- */

/* The classes with the greatest scores, and their probabilities. */
static void find_likeliest(struct dtd_studied_photo *photo, const float *z,
                           long outputs) {
  double sum = 0, most = -INFINITY;
  for (long c = 0; c < outputs; c++) most = fmax(most, (double)z[c]);
  for (long c = 0; c < outputs; c++) sum += dtd_exp((double)z[c] - most);
  for (int rank = 0; rank < DTD_LIKELIEST; rank++) {
    int best = -1;
    for (int c = 0; c < outputs; c++) {
      bool taken = false;
      for (int n = 0; n < rank; n++) taken |= photo->likeliest[n] == c;
      if (!taken && (best < 0 || z[c] > z[best])) best = c;
    }
    photo->likeliest[rank] = best;
    photo->probability[rank] =
        best < 0 || outputs == 1 ? NAN : dtd_exp((double)z[best] - most) / sum;
  }
}

/* Sums over channels; `squared` values where asked. */
static void sum_channels(float *heatmap, const float *R,
                         struct dtd_maps picture, bool squared) {
  long area = (long)picture.rows * picture.columns;
  for (long p = 0; p < area; p++) {
    double sum = 0;
    for (int c = 0; c < picture.channels; c++) {
      double value = (double)R[c * area + p];
      sum += squared ? value * value : value;
    }
    heatmap[p] = (float)sum;
  }
}

static void draw(struct dtd_photo_study *study, int n, const float *x) {
  long area = (long)study->rows * study->columns;
  uint8_t *rgb = study->rgb + 3 * area * n;
  dtd_network_input_draw(rgb, study->settings, x);
  for (long p = 0; p < area; p++)
    study->gray[area * n + p] = 0.299f * (float)rgb[3 * p] +
                                0.587f * (float)rgb[3 * p + 1] +
                                0.114f * (float)rgb[3 * p + 2];
}

static void explain(struct bench *bench, int n, const float *x) {
  struct dtd_photo_study *study = bench->study;
  const struct dtd_graph *graph = study->graph;
  struct dtd_studied_photo *photo = &study->photo[n];
  long area = (long)study->rows * study->columns;
  long outputs = dtd_graph_outputs(graph);
  dtd_graph_forward(bench->values, graph, x, 1);
  const float *z = dtd_graph_scores(graph, bench->values);
  find_likeliest(photo, z, outputs);
  int class = photo->likeliest[0];
  photo->f = (double)z[class];

  memset(bench->at_output, 0, (size_t)outputs * sizeof(float));
  bench->at_output[class] = 1;
  dtd_graph_backward(bench->at_input, bench->descent, graph, bench->values,
                     bench->at_output, false);
  sum_channels(study->sensitivity + area * n, bench->at_input,
               study->settings->picture, true);
  bench->at_output[class] = fmaxf(z[class], 0);
  dtd_graph_decompose(bench->at_input, bench->decomposition, bench->values,
                      bench->at_output);
  sum_channels(study->relevance + area * n, bench->at_input,
               study->settings->picture, false);
  for (long p = 0; p < dtd_graph_inputs(graph); p++)
    photo->sum += (double)bench->at_input[p];
  for (int node = 0; node < graph->nodes; node++)
    study->ledger[(long)n * graph->nodes + node] =
        dtd_graph_entry(bench->decomposition, node, 0);
  draw(study, n, x);
}

/* ---- all ---- */

/* The last part of a path, without what follows its last dot. */
static char *stem(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  int length = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
  return dtd_printed("%.*s", length, name);
}

/* What the files hold, one after the other. */
struct examples {
  int files;
  int *count; /* (files) */
  float **x;  /* (files) */
};

static struct examples read_examples(struct dtd_photo_study *study,
                                     char *const *files, int count, int most) {
  struct examples examples = {count,
                              dtd_new((size_t)count, sizeof *examples.count),
                              dtd_new((size_t)count, sizeof *examples.x)};
  for (int n = 0; n < count; n++) {
    examples.x[n] =
        dtd_network_input_read(&examples.count[n], study->settings, files[n]);
    if (examples.count[n] > most) examples.count[n] = most;
    study->count += examples.count[n];
  }
  return examples;
}

static void take_memory(struct dtd_photo_study *study) {
  size_t count = (size_t)study->count;
  size_t area = (size_t)study->rows * (size_t)study->columns;
  study->photo = dtd_new(count, sizeof *study->photo);
  study->rgb = dtd_new(count * area, 3);
  study->gray = dtd_new(count * area, sizeof(float));
  study->sensitivity = dtd_new(count * area, sizeof(float));
  study->relevance = dtd_new(count * area, sizeof(float));
  study->ledger =
      dtd_new(count * (size_t)study->graph->nodes, sizeof *study->ledger);
}

/* Files and tables are called by these names. */
static void name_photo(struct dtd_photo_study *study, int photo,
                       const char *file, int n, int of) {
  char *name = stem(file);
  study->photo[photo].name =
      of > 1 ? dtd_printed("%s-%d", name, n) : dtd_copy_text(name);
  dtd_free(name);
  for (int before = 0; before < photo; before++)
    if (!strcmp(study->photo[before].name, study->photo[photo].name))
      dtd_die(DTD_USAGE, study->photo[photo].name, "rename one of the files",
              "is the name of two photos");
}

static void name_all(struct dtd_photo_study *study,
                     const struct examples *examples, char *const *files) {
  int photo = 0;
  for (int file = 0; file < examples->files; file++)
    for (int n = 0; n < examples->count[file]; n++)
      name_photo(study, photo++, files[file], n, examples->count[file]);
}

static void explain_all(struct dtd_photo_study *study,
                        const struct examples *examples) {
  const struct dtd_graph *graph = study->graph;
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  struct bench bench = {
      .study = study,
      .values = dtd_graph_values_new(graph, 1),
      .descent = dtd_descent_new(graph, 1),
      .decomposition = dtd_graph_decomposition_new(
          graph, &composite, dtd_input_box(study->settings), 1),
      .at_output = dtd_new((size_t)dtd_graph_outputs(graph), sizeof(float)),
      .at_input = dtd_new((size_t)dtd_graph_inputs(graph), sizeof(float))};
  int photo = 0;
  for (int file = 0; file < examples->files; file++)
    for (int n = 0; n < examples->count[file]; n++, photo++)
      explain(&bench, photo, examples->x[file] + n * dtd_graph_inputs(graph));
  dtd_graph_values_free(bench.values);
  dtd_descent_free(bench.descent);
  dtd_graph_decomposition_free(bench.decomposition);
  dtd_free(bench.at_output);
  dtd_free(bench.at_input);
}

struct dtd_photo_study *dtd_photo_study_new(const char *network,
                                            char *const *files, int count,
                                            int most) {
  struct dtd_photo_study *study = dtd_new(1, sizeof *study);
  study->network = stem(network);
  study->graph = dtd_graph_read(network);
  study->settings =
      dtd_input_settings_read(network, NULL, study->graph->node[0].out,
                              (int)dtd_graph_outputs(study->graph));
  study->rows = study->settings->picture.rows;
  study->columns = study->settings->picture.columns;
  struct examples examples = read_examples(study, files, count, most);
  take_memory(study);
  name_all(study, &examples, files);
  explain_all(study, &examples);
  for (int n = 0; n < count; n++) dtd_free(examples.x[n]);
  dtd_free(examples.x);
  dtd_free(examples.count);
  return study;
}

/* ---- inspect, free ---- */

const struct dtd_node *
dtd_photo_study_first(const struct dtd_photo_study *study) {
  const struct dtd_graph *graph = study->graph;
  for (int n = 1; n < graph->nodes; n++) {
    const struct dtd_node *node = &graph->node[n];
    if (!strcmp(node->kind->name, "Conv") && node->input[0] == 0) return node;
  }
  return NULL;
}

struct dtd_explained_photos
dtd_photo_study_explained(const struct dtd_photo_study *study) {
  const struct dtd_node *first = dtd_photo_study_first(study);
  int side = study->rows < study->columns ? study->rows : study->columns;
  int resize = study->settings->resize;
  return (struct dtd_explained_photos){
      .network = study->network,
      .stride = first ? first->window.stride[DTD_ROWS] : 0,
      .kernel = first ? first->window.kernel[DTD_ROWS] : 0,
      .part = resize ? (double)side / resize : 1,
      .count = study->count,
      .rows = study->rows,
      .columns = study->columns,
      .gray = study->gray,
      .sensitivity = study->sensitivity,
      .deep_taylor = study->relevance};
}

static void mix(uint64_t *hash, const void *bytes, size_t size) {
  uint64_t both[2] = {*hash, dtd_hash_bytes(bytes, size)};
  *hash = dtd_hash_bytes(both, sizeof both);
}

void dtd_photo_study_digest(char digest[17],
                            struct dtd_photo_study *const *study, int count) {
  uint64_t hash = 0;
  for (int s = 0; s < count; s++) {
    const struct dtd_graph *graph = study[s]->graph;
    const struct dtd_input_settings *settings = study[s]->settings;
    size_t channels = (size_t)settings->input.channels;
    size_t area = (size_t)study[s]->rows * (size_t)study[s]->columns;
    for (int n = 0; n < graph->nodes; n++)
      if (graph->node[n].values)
        mix(&hash, graph->node[n].values,
            graph->node[n].value_count * sizeof(float));
    mix(&hash, settings->low, channels * sizeof(float));
    mix(&hash, settings->high, channels * sizeof(float));
    mix(&hash, study[s]->rgb, 3 * area * (size_t)study[s]->count);
  }
  snprintf(digest, 17, "%016" PRIx64, hash);
}

void dtd_photo_study_free(struct dtd_photo_study *study) {
  if (!study) return;
  for (int n = 0; n < study->count; n++) dtd_free(study->photo[n].name);
  dtd_graph_free(study->graph);
  dtd_input_settings_free(study->settings);
  dtd_free(study->network);
  dtd_free(study->photo);
  dtd_free(study->rgb);
  dtd_free(study->gray);
  dtd_free(study->sensitivity);
  dtd_free(study->relevance);
  dtd_free(study->ledger);
  dtd_free(study);
}

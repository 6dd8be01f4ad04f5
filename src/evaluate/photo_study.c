/* One network's answers to photos, and its explanations of them, as section 6.2
   shows and measures them. */
#include "evaluate/photo_study.h"

#include <inttypes.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "explain/explained_graph.h"
#include "explain/network_input.h"
#include "network/graph_reader.h"

/* ---- photos ---- */

/* The last part of a path, without what follows its last dot. */
static char *stem(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  int length = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
  return dtd_printed("%.*s", length, name);
}

/* Appends a photo, which files and tables are called by its name. */
static void append(struct dtd_explained_inputs *to, const float *x, long size,
                   char *name) {
  size_t before = (size_t)to->count, all = before + 1, length = (size_t)size;
  for (size_t n = 0; n < before; n++)
    if (!strcmp(to->input[n].name, name))
      dtd_die(DTD_USAGE, name, "rename one of the files",
              "is the name of two photos");
  to->x = dtd_grow(NULL, to->x, before * length, all * length, sizeof *to->x);
  to->input = dtd_grow(NULL, to->input, before, all, sizeof *to->input);
  memcpy(to->x + before * length, x, length * sizeof *x);
  to->input[before].name = name;
  to->count++;
}

static void read_file(struct dtd_photo_study *study, const char *file,
                      int most) {
  long size = dtd_graph_inputs(study->graph);
  int count;
  float *x = dtd_network_input_read(&count, study->settings, file);
  char *name = stem(file);
  for (int n = 0; n < count && n < most; n++)
    append(&study->explained, x + n * size, size,
           count > 1 && most > 1 ? dtd_printed("%s-%d", name, n)
                                 : dtd_copy_text(name));
  dtd_free(name);
  dtd_free(x);
}

static void draw(struct dtd_photo_study *study) {
  long area = (long)study->rows * study->columns;
  size_t all = (size_t)study->count * (size_t)area;
  study->rgb = dtd_new(all, 3);
  study->gray = dtd_new(all, sizeof *study->gray);
  for (int n = 0; n < study->count; n++)
    dtd_network_input_draw(study->rgb + 3 * area * n, study->settings,
                           study->explained.x +
                               n * dtd_graph_inputs(study->graph));
  const uint8_t *rgb = study->rgb;
  for (size_t p = 0; p < all; p++, rgb += 3)
    study->gray[p] = 0.299f * (float)rgb[0] + 0.587f * (float)rgb[1] +
                     0.114f * (float)rgb[2];
}

/* ---- heatmaps ---- */

/* Those of one method (count, rows, columns), to be freed; what else it finds
   is left in study->explained. */
static float *explain(struct dtd_photo_study *study, const char *name) {
  static const struct dtd_explanation_settings settings; /* neither asks */
  const struct dtd_method *method = dtd_method_find(name);
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  struct dtd_explainer *explainer = dtd_explainer_of_graph(
      study->graph, dtd_decomposes_graphs(method) ? &composite : NULL,
      dtd_input_box(study->settings), study->settings->picture, &settings,
      study->count);
  dtd_explain_inputs(&study->explained, explainer, method, false);
  dtd_explainer_free(explainer);
  float *heatmaps = study->explained.R_p;
  study->explained.R_p = NULL;
  return heatmaps;
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
  if (!dtd_input_is_picture(study->settings))
    dtd_die(DTD_USAGE, network, "explain vectors by build/bin/explain",
            "reads vectors, not pictures");
  study->rows = study->settings->picture.rows;
  study->columns = study->settings->picture.columns;
  study->explained = (struct dtd_explained_inputs){.graph = study->graph,
                                                   .settings = study->settings};
  for (int n = 0; n < count; n++) read_file(study, files[n], most);
  study->count = study->explained.count;
  draw(study);
  study->sensitivity = explain(study, "sensitivity");
  study->relevance = explain(study, "deep-taylor-free");
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
  dtd_explained_inputs_free(&study->explained);
  dtd_graph_free(study->graph);
  dtd_input_settings_free(study->settings);
  dtd_free(study->network);
  dtd_free(study->rgb);
  dtd_free(study->gray);
  dtd_free(study->sensitivity);
  dtd_free(study->relevance);
  dtd_free(study);
}

/* Writes explained inputs to files, draws them, and prints their classes. */
#include "explain/explained_input_files.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "explain/network_input.h"
#include "files/npy.h"
#include "files/picture.h"

enum {
  MOST_PRINTED = 20, /* inputs */
  WIDTH = 80         /* characters of a line */
};

/* A share of the pixels may be beyond full colour (picture.h). */
static const double FULL_SHARE = 0.005;

/* NAME.npy with another end. */
static FILE *open_beside(const char *path, const char *end,
                         const struct dtd_provenance *from,
                         const char *columns) {
  char *beside = dtd_printed("%.*s.%s.tsv", (int)strlen(path) - 4, path, end);
  FILE *table = dtd_table_open(beside, from, columns);
  dtd_free(beside);
  return table;
}

/* The name of a class; in tables its number where there are no names, and NA
   where there are no classes. Release it. */
static char *label_of(const struct dtd_explained_inputs *inputs, int class) {
  if (!dtd_explained_classes(inputs)) return dtd_copy_text("NA");
  const char *name = dtd_class_name(&inputs->settings->names, class);
  return *name ? dtd_copy_text(name) : dtd_printed("%d", class);
}

static void write_scores(const char *path,
                         const struct dtd_explained_inputs *inputs,
                         const struct dtd_provenance *from) {
  FILE *table = open_beside(path, "scores", from,
                            "image class label probability f sum_r kept");
  for (int n = 0; n < inputs->count; n++) {
    const struct dtd_explained_input *input = &inputs->input[n];
    char *label = label_of(inputs, input->class);
    char *class = dtd_explained_classes(inputs)
                      ? dtd_printed("%d", input->class)
                      : dtd_copy_text("NA");
    dtd_table_row(table, "%s %s %s %f %f %f %f", input->name, class, label,
                  input->own_probability, input->f, input->sum_r, input->kept);
    dtd_free(class);
    dtd_free(label);
  }
  dtd_table_close(table);
}

static int ranks(const struct dtd_explained_inputs *inputs) {
  int classes = dtd_explained_classes(inputs);
  return classes < DTD_LIKELIEST ? classes : DTD_LIKELIEST;
}

static void write_classes(const char *path,
                          const struct dtd_explained_inputs *inputs,
                          const struct dtd_provenance *from) {
  FILE *table =
      open_beside(path, "classes", from, "image rank class label probability");
  for (int n = 0; n < inputs->count; n++)
    for (int r = 0; r < ranks(inputs); r++) {
      const struct dtd_explained_input *input = &inputs->input[n];
      char *label = label_of(inputs, input->likely[r]);
      dtd_table_row(table, "%s %d %d %s %f", input->name, r + 1,
                    input->likely[r], label, input->probability[r]);
      dtd_free(label);
    }
  dtd_table_close(table);
}

/* A column's name: the feature's, blanks as "_", or its number. */
static void put_feature(FILE *text, const char *name, int feature) {
  if (!name) fprintf(text, " x%d", feature);
  if (name) fputc(' ', text);
  for (; name && *name; name++) fputc(*name == ' ' ? '_' : *name, text);
}

static void write_relevance(const char *path,
                            const struct dtd_explained_inputs *inputs,
                            const struct dtd_provenance *from) {
  int features = inputs->shape.channels;
  char *const *names = inputs->settings->features;
  struct dtd_text *columns = dtd_text_open();
  fputs("image", columns->stream);
  for (int p = 0; p < features; p++)
    put_feature(columns->stream, names ? names[p] : NULL, p);
  char *text = dtd_text_close(columns);
  FILE *table = open_beside(path, "relevance", from, text);
  for (int n = 0; n < inputs->count; n++) {
    dtd_row_begin(table, "%s", inputs->input[n].name);
    for (int p = 0; p < features; p++)
      dtd_row_number(table, (double)inputs->R_p[(long)n * features + p]);
    dtd_row_end(table);
  }
  dtd_table_close(table);
  dtd_free(text);
}

static void write_ledger(const char *path,
                         const struct dtd_explained_inputs *inputs,
                         const struct dtd_provenance *from) {
  const struct dtd_graph *graph = inputs->graph;
  FILE *table =
      open_beside(path, "ledger", from, "image node kind entered kept lost");
  for (int n = 0; n < inputs->count; n++)
    for (int m = graph->nodes - 1; m > 0; m--) {
      const struct dtd_node_entry *entry =
          &inputs->ledger[(long)n * graph->nodes + m];
      dtd_table_row(table, "%s %s %s %f %f %f", inputs->input[n].name,
                    graph->node[m].name, graph->node[m].kind->name,
                    entry->entered, entry->kept, entry->lost);
    }
  dtd_table_close(table);
}

void dtd_explained_inputs_write(const char *path,
                                const struct dtd_explained_inputs *inputs,
                                const struct dtd_provenance *from) {
  size_t shape[4] = {(size_t)inputs->count, (size_t)inputs->shape.channels,
                     (size_t)inputs->shape.rows, (size_t)inputs->shape.columns};
  bool picture = dtd_input_is_picture(inputs->settings);
  int dimensions = picture ? (inputs->channels ? 4 : 3) : 2;
  if (dimensions == 3) shape[1] = shape[2], shape[2] = shape[3];
  dtd_npy_write_shape(path, inputs->R_p, dimensions, shape);
  write_scores(path, inputs, from);
  if (dtd_explained_classes(inputs)) write_classes(path, inputs, from);
  if (!picture) write_relevance(path, inputs, from);
  if (inputs->ledger) write_ledger(path, inputs, from);
}

/* ---- drawings ---- */

/* The heatmap of one picture, channels summed, (rows, columns). */
static void sum_channels(float *heatmap,
                         const struct dtd_explained_inputs *inputs, int n) {
  long area = dtd_maps_positions(inputs->shape);
  const float *R_p = inputs->R_p + n * dtd_maps_size(inputs->shape);
  for (long p = 0; p < area; p++) {
    double sum = 0;
    for (int c = 0; c < inputs->shape.channels; c++)
      sum += (double)R_p[c * area + p];
    heatmap[p] = (float)sum;
  }
}

void dtd_explained_inputs_draw(const char *directory,
                               const struct dtd_explained_inputs *inputs) {
  struct dtd_maps shape = inputs->shape;
  size_t area = (size_t)dtd_maps_positions(shape);
  int least = shape.rows < shape.columns ? shape.rows : shape.columns;
  struct dtd_drawing drawing = {.rows = shape.rows,
                                .columns = shape.columns,
                                .beside = true,
                                .zoom = least < 112 ? 224 / least : 1,
                                .gap = 8};
  uint8_t *rgb = dtd_new(3 * area, 1);
  float *heatmap = dtd_new(area, sizeof *heatmap);
  dtd_output_directory(directory);
  for (int n = 0; n < inputs->count; n++) {
    char *path = dtd_printed("%s/%05d.png", directory, n);
    dtd_network_input_draw(rgb, inputs->settings,
                           inputs->x + n * dtd_graph_inputs(inputs->graph));
    sum_channels(heatmap, inputs, n);
    double full = dtd_picture_full(heatmap, (long)area, FULL_SHARE);
    struct dtd_panel panels[] = {{.rgb = rgb},
                                 {.heatmap = heatmap, .full = full}};
    dtd_picture_draw(path, panels, 2, drawing);
    dtd_free(path);
  }
  dtd_free(heatmap);
  dtd_free(rgb);
}

/* ---- on the terminal ---- */

static void print_likeliest(FILE *output,
                            const struct dtd_explained_inputs *inputs,
                            const struct dtd_explained_input *input) {
  for (int r = 0; r < ranks(inputs); r++) {
    const char *label =
        dtd_class_name(&inputs->settings->names, input->likely[r]);
    int column =
        fprintf(output, "  %5.1f %%  %4d%s", 100 * input->probability[r],
                input->likely[r], *label ? "  " : "");
    dtd_print_wrapped(output, label, column, column, WIDTH);
  }
}

void dtd_explained_inputs_print(FILE *output,
                                const struct dtd_explained_inputs *inputs) {
  for (int n = 0; n < inputs->count && n < MOST_PRINTED; n++) {
    const struct dtd_explained_input *input = &inputs->input[n];
    fprintf(output, "%s: f = %.4g", input->name, input->f);
    if (dtd_explained_classes(inputs))
      fprintf(output, ", class %d", input->class);
    fprintf(output, ", sum of relevance %.4g", input->sum_r);
    if (inputs->ledger) fprintf(output, ", kept by biases %.4g", input->kept);
    fputc('\n', output);
    print_likeliest(output, inputs, input);
  }
  if (inputs->count > MOST_PRINTED)
    fprintf(output, "and %d more\n", inputs->count - MOST_PRINTED);
}

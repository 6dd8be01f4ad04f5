/* The tables of section 6.2, from which its figures and page are made. */
#include "runs/photo_tables.h"

#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "files/picture.h"

/* The share of pixels in full colour. */
static const double saturated = 0.005;

/* What is written, and where. */
struct writing {
  const char *directory;
  struct dtd_photo_study *const *study;
  int count;
  const struct dtd_provenance *from;
};

static FILE *open_table(const struct writing *w, const char *name,
                        const char *columns) {
  char *path = dtd_printed("%s/%s.tsv", w->directory, name);
  FILE *table = dtd_table_open(path, w->from, columns);
  dtd_free(path);
  return table;
}

/* Removes a table that other networks left. */
static void forget(const struct writing *w, const char *name) {
  char *path = dtd_printed("%s/%s.tsv", w->directory, name);
  unlink(path);
  dtd_free(path);
}

static const char *label_of(const struct dtd_photo_study *study, int class) {
  const char *label = dtd_class_name(&study->settings->names, class);
  return *label ? label : "NA";
}

/* What the biases of all nodes keep of a photo's f. */
/* ---- tables of networks and photos ---- */

static void write_networks(const struct writing *w) {
  FILE *table = open_table(w, "networks",
                           "network rows columns stride kernel part parameters "
                           "operations settings");
  for (int s = 0; s < w->count; s++) {
    struct dtd_photo_study *study = w->study[s];
    struct dtd_explained_photos e = dtd_photo_study_explained(study);
    dtd_table_row(table, "%s %d %d %d %d %f %f %f %s", study->network,
                  study->rows, study->columns, e.stride, e.kernel, e.part,
                  (double)dtd_graph_parameters(study->graph),
                  dtd_graph_operations(study->graph), study->settings->path);
  }
  dtd_table_close(table);
}

static void write_photos(const struct writing *w) {
  FILE *table = open_table(w, "photos",
                           "network photo class label probability f sum_r kept "
                           "full_sensitivity full_relevance");
  for (int s = 0; s < w->count; s++) {
    const struct dtd_photo_study *study = w->study[s];
    long area = (long)study->rows * study->columns;
    for (int n = 0; n < study->count; n++) {
      const struct dtd_explained_input *photo = &study->explained.input[n];
      dtd_table_row(
          table, "%s %s %d %s %f %f %f %f %f %f", study->network, photo->name,
          photo->class, label_of(study, photo->class), photo->own_probability,
          photo->f, photo->sum_r, photo->kept,
          dtd_picture_full(study->sensitivity + area * n, area, saturated),
          dtd_picture_full(study->relevance + area * n, area, saturated));
    }
  }
  dtd_table_close(table);
}

/* A lone score tells no classes apart. */
static void write_classes(const struct writing *w) {
  FILE *table = NULL;
  for (int s = 0; s < w->count; s++) {
    struct dtd_photo_study *study = w->study[s];
    int classes = dtd_explained_classes(&study->explained);
    if (classes && !table)
      table = open_table(w, "classes",
                         "network photo rank class label probability");
    for (int n = 0; n < study->count * DTD_LIKELIEST; n++) {
      const struct dtd_explained_input *photo =
          &study->explained.input[n / DTD_LIKELIEST];
      int rank = n % DTD_LIKELIEST, class = photo->likely[rank];
      if (rank < classes)
        dtd_table_row(table, "%s %s %d %d %s %f", study->network, photo->name,
                      rank + 1, class, label_of(study, class),
                      photo->probability[rank]);
    }
  }
  if (table)
    dtd_table_close(table);
  else
    forget(w, "classes");
}

/* From the scores down to the pixels. */
static void write_nodes(const struct writing *w) {
  FILE *table = open_table(
      w, "nodes", "network photo step node kind weighted entered kept lost");
  for (int s = 0; s < w->count; s++) {
    const struct dtd_graph *graph = w->study[s]->graph;
    for (int photo = 0; photo < w->study[s]->count; photo++) {
      const struct dtd_node_entry *entry =
          w->study[s]->explained.ledger + (long)photo * graph->nodes;
      for (int n = graph->nodes - 1; n > 0; n--)
        dtd_table_row(table, "%s %s %d %s %s %s %f %f %f", w->study[s]->network,
                      w->study[s]->explained.input[photo].name,
                      graph->nodes - n, graph->node[n].name,
                      graph->node[n].kind->name,
                      graph->node[n].kind->weighted ? "yes" : "no",
                      entry[n].entered, entry[n].kept, entry[n].lost);
    }
  }
  dtd_table_close(table);
}

/* ---- pixels ---- */

static void write_pixels(const struct writing *w,
                         const struct dtd_photo_study *study, int photo) {
  char *name = dtd_printed("photos/%s-%s", study->network,
                           study->explained.input[photo].name);
  FILE *table =
      open_table(w, name, "row column red green blue sensitivity relevance");
  long area = (long)study->rows * study->columns, first = area * photo;
  for (long p = 0; p < area; p++) {
    const uint8_t *rgb = study->rgb + 3 * (first + p);
    dtd_table_row(table, "%d %d %d %d %d %f %f", (int)(p / study->columns),
                  (int)(p % study->columns), rgb[0], rgb[1], rgb[2],
                  (double)study->sensitivity[first + p],
                  (double)study->relevance[first + p]);
  }
  dtd_table_close(table);
  dtd_free(name);
}

/* ---- Fig. 8 ---- */

/* Top and left of the square of `side` pixels with most relevance, among those
   an eighth of the side apart. */
static void find_part(int *top, int *left, const struct dtd_photo_study *study,
                      int photo, int side) {
  const float *R =
      study->relevance + (long)photo * study->rows * study->columns;
  double most = -1;
  int step = side / 8 > 1 ? side / 8 : 1;
  for (int y = 0; y + side <= study->rows; y += step)
    for (int x = 0; x + side <= study->columns; x += step) {
      double sum = 0;
      for (int r = y; r < y + side; r++)
        for (int c = x; c < x + side; c++)
          sum += (double)R[(long)r * study->columns + c];
      if (sum > most) most = sum, *top = y, *left = x;
    }
}

static void write_zoom(const struct writing *w, const char *zoom) {
  enum { SIDES = 5, LEAST = 12 }; /* parts along a side, pixels of a part */
  const struct dtd_photo_study *study = w->study[0];
  int photo = 0, top = 0, left = 0;
  for (int n = study->count - 1; zoom && n >= 0; n--)
    if (!strcmp(study->explained.input[n].name, zoom)) photo = n;
  int least = study->rows < study->columns ? study->rows : study->columns;
  int side = least / SIDES;
  if (side < LEAST) side = least < LEAST ? least : LEAST;
  find_part(&top, &left, study, photo, side);
  FILE *table = open_table(w, "zoom", "photo top left height width");
  dtd_table_row(table, "%s %f %f %f %f", study->explained.input[photo].name,
                (double)top / study->rows, (double)left / study->columns,
                (double)side / study->rows, (double)side / study->columns);
  dtd_table_close(table);
}

/* ---- claims ---- */

static void write_claims(const struct writing *w, FILE *output) {
  struct dtd_explained_photos *networks =
      dtd_new((size_t)w->count, sizeof *networks);
  int found = 0;
  for (int s = 0; s < w->count; s++)
    if (dtd_photo_study_first(w->study[s]))
      networks[found++] = dtd_photo_study_explained(w->study[s]);
  char *path = dtd_printed("%s/photo-claims.tsv", w->directory);
  if (found)
    dtd_photo_claims_write(path, output, networks, found, w->from);
  else
    forget(w, "photo-claims");
  dtd_free(path);
  dtd_free(networks);
}

/* Files and tables are called by these names. */
static void check_names(struct dtd_photo_study *const *study, int count) {
  for (int s = 0; s < count; s++)
    for (int before = 0; before < s; before++)
      if (!strcmp(study[before]->network, study[s]->network))
        dtd_die(DTD_USAGE, study[s]->network, "rename one of the files",
                "is the name of two networks");
}

void dtd_photo_tables_write(const char *directory,
                            struct dtd_photo_study *const *study, int count,
                            const char *zoom, FILE *output,
                            const struct dtd_provenance *from) {
  struct writing w = {directory, study, count, from};
  check_names(study, count);
  char *pixels = dtd_printed("%s/photos", directory);
  dtd_output_directory(pixels);
  dtd_free(pixels);
  for (int s = 0; s < count; s++)
    for (int photo = 0; photo < study[s]->count; photo++)
      write_pixels(&w, study[s], photo);
  write_networks(&w);
  write_photos(&w);
  write_classes(&w);
  write_nodes(&w);
  write_zoom(&w, zoom);
  write_claims(&w, output);
}

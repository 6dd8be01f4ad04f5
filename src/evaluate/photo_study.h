/* One network's answers to photos, and its explanations of them, as section 6.2
   shows and measures them.

   Each photo is explained for the class that the network finds likeliest, by
   sensitivity analysis and by deep Taylor decomposition; heatmaps are summed
   over channels.

   | paper        | C                        | shape                          |
   |--------------|--------------------------|--------------------------------|
   | f = z_c      | photo[n].f               | scalar                         |
   | (df/dx_p)^2  | sensitivity              | (count, rows, columns)         |
   | R_p          | relevance                | (count, rows, columns)         |
   | of each node | ledger                   | (count, graph->nodes)          |
 */
#ifndef DTD_PHOTO_STUDY_H
#define DTD_PHOTO_STUDY_H

#include <stdint.h>

#include "evaluate/photo_claims.h"
#include "explain/input_settings.h"
#include "network/graph.h"
#include "relevance/graph_decomposition.h"

enum { DTD_LIKELIEST = 5 };

struct dtd_studied_photo {
  char *name;    /* NAME of NAME.jpg; "NAME-2" of an array's third */
  double f, sum; /* z_c and sum_p R_p */
  int likeliest[DTD_LIKELIEST]; /* classes, the likeliest first; -1: no more */
  double probability[DTD_LIKELIEST]; /* by softmax; NAN of a lone score */
};

struct dtd_photo_study {
  char *network; /* NAME of NAME.onnx */
  struct dtd_graph *graph;
  struct dtd_input_settings *settings;
  int count, rows, columns;
  struct dtd_studied_photo *photo; /* (count) */
  uint8_t *rgb;                    /* (count, rows, columns, 3) */
  float *gray;                     /* (count, rows, columns), 0 to 255 */
  float *sensitivity, *relevance;  /* (count, rows, columns) */
  struct dtd_node_entry *ledger;   /* (count, graph->nodes) */
};

/* Reads the network NAME.onnx, with the settings of its input, and explains the
   photos of all files, in their order; of an array the first `most` examples.
   Dies, naming a file, when it cannot be used. */
struct dtd_photo_study *dtd_photo_study_new(const char *network,
                                            char *const *files, int count,
                                            int most);

/* What claims are made of; borrows the study. */
struct dtd_explained_photos
dtd_photo_study_explained(const struct dtd_photo_study *study);

/* 16 hexadecimal digits of what was explained: the weights of the networks, the
   intervals of their input, and the photos. */
void dtd_photo_study_digest(char digest[17],
                            struct dtd_photo_study *const *study, int count);

/* The node that reads the pixels, when it is a convolution; else null. */
const struct dtd_node *
dtd_photo_study_first(const struct dtd_photo_study *study);

void dtd_photo_study_free(struct dtd_photo_study *study);

#endif

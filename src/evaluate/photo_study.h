/* One network's answers to photos, and its explanations of them, as section 6.2
   shows and measures them.

   Each photo is explained for the class that the network finds likeliest, by
   sensitivity analysis and by deep Taylor decomposition; heatmaps are summed
   over channels.

   | paper        | C                        | shape                          |
   |--------------|--------------------------|--------------------------------|
   | f = z_c      | explained.input[n].f     | scalar                         |
   | (df/dx_p)^2  | sensitivity              | (count, rows, columns)         |
   | R_p          | relevance                | (count, rows, columns)         |
   | of each node | explained.ledger         | (count, graph->nodes)          |
 */
#ifndef DTD_PHOTO_STUDY_H
#define DTD_PHOTO_STUDY_H

#include <stdint.h>

#include "evaluate/photo_claims.h"
#include "explain/explained_inputs.h"

struct dtd_photo_study {
  char *network; /* NAME of NAME.onnx */
  struct dtd_graph *graph;
  struct dtd_input_settings *settings;
  /* What the network says of each photo, whose name is NAME of NAME.jpg, or
     "NAME-2" of an array's third; with the ledger of its decomposition. */
  struct dtd_explained_inputs explained;
  int count, rows, columns;
  uint8_t *rgb;                   /* (count, rows, columns, 3) */
  float *gray;                    /* (count, rows, columns), 0 to 255 */
  float *sensitivity, *relevance; /* (count, rows, columns) */
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

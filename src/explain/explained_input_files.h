/* Writes explained inputs to files, draws them, and prints their classes.

   | file                | holds                                              |
   |---------------------|----------------------------------------------------|
   | NAME.npy            | R_p, float32: (N, H, W) of pictures, (N, C, H, W)  |
   |                     | with channels kept, (N, F) of vectors              |
   | NAME.scores.tsv     | image, class, label, probability, f, sum_r, kept   |
   | NAME.classes.tsv    | image, rank, class, label, probability             |
   | NAME.relevance.tsv  | of vectors: image, then R_p by the features' names |
   | NAME.ledger.tsv     | image, node, kind, entered, kept, lost, where      |
   |                     | something was decomposed                           |
   | DIR/00000.png, ...  | each picture beside its heatmap                    |

   A single output is no class: its class, label and probability are NA. */
#ifndef DTD_EXPLAINED_INPUT_FILES_H
#define DTD_EXPLAINED_INPUT_FILES_H

#include "explain/explained_inputs.h"
#include "files/table.h"

/* Writes all but the drawings; `path` is NAME.npy. */
void dtd_explained_inputs_write(const char *path,
                                const struct dtd_explained_inputs *inputs,
                                const struct dtd_provenance *from);

/* Draws every picture into the directory, which is made when it is missing. */
void dtd_explained_inputs_draw(const char *directory,
                               const struct dtd_explained_inputs *inputs);

/* Prints, for the first inputs, f and the likeliest classes. */
void dtd_explained_inputs_print(FILE *output,
                                const struct dtd_explained_inputs *inputs);

#endif

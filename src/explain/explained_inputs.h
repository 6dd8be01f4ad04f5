/* Inputs of a network from ONNX, explained: scores, classes, heatmaps, ledgers.

   | paper | C                   | shape                                      |
   |-------|---------------------|--------------------------------------------|
   | x     | x                   | (count, inputs of the graph)               |
   | R_p   | R_p                 | (count, shape); a picture's summed over    |
   |       |                     | its channels, unless they are kept         |
   | f     | input[n].f          | z_c of class c                             |
 */
#ifndef DTD_EXPLAINED_INPUTS_H
#define DTD_EXPLAINED_INPUTS_H

#include <stdio.h>

#include "base/arguments.h"
#include "explain/explained_graph.h"
#include "explain/input_settings.h"

enum { DTD_LIKELIEST = 5 };

struct dtd_explained_input {
  char *name;   /* of its file, with its number where that holds several */
  int class;    /* that was explained */
  double f;     /* its score */
  double sum_r; /* sum_p R_p */
  double kept;  /* by biases; NAN when nothing was decomposed */
  int likely[DTD_LIKELIEST]; /* the classes of greatest score, in order */
  double probability[DTD_LIKELIEST];
  double own_probability; /* of the class that was explained */
};

struct dtd_explained_inputs {
  const struct dtd_graph *graph;             /* borrowed */
  const struct dtd_input_settings *settings; /* borrowed */
  int count;
  float *x;
  bool channels;         /* of pictures are kept apart */
  struct dtd_maps shape; /* of a heatmap */
  float *R_p;
  struct dtd_explained_input *input; /* (count) */
  struct dtd_node_entry *ledger;     /* (count, nodes); null when nothing was
                                        decomposed */
};

/* Reads the examples of all files, one after the other. Dies, naming the file,
   when one cannot be used (network_input.h). */
struct dtd_explained_inputs
dtd_explained_inputs_read(const struct dtd_graph *graph,
                          struct dtd_input_settings *settings,
                          const struct dtd_texts *files);

/* Explains them, and warns of empty heatmaps. With `channels`, those of
   pictures are kept apart. */
void dtd_explain_inputs(struct dtd_explained_inputs *inputs,
                        struct dtd_explainer *explainer,
                        const struct dtd_method *method, bool channels);

/* How many classes there are to tell apart: 0 of a single output, which is no
   class. */
int dtd_explained_classes(const struct dtd_explained_inputs *inputs);

void dtd_explained_inputs_free(struct dtd_explained_inputs *inputs);

#endif

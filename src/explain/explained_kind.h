/* What explanation methods ask of a network, whichever kind of network it is.

   A method explains a score f of inputs x (channels, rows, columns); who
   computes f is known to these functions alone. There is one set of them for
   the detection-pooling network (explained_network.h), and one for graphs
   (explained_graph.h).

   "The batch" is the most recent one that `forward` has read. Its scores are f
   of each example; of a graph with several outputs, the z_c of the class that
   the example is explained for. */
#ifndef DTD_EXPLAINED_KIND_H
#define DTD_EXPLAINED_KIND_H

#include "network/mean_gradient.h"

struct dtd_explainer; /* explainer.h */
struct dtd_method;    /* method.h */

struct dtd_explained_kind {
  /* Sees to what the method needs before it runs; dies (usage) when this kind
     of network cannot have it. */
  void (*provide)(struct dtd_explainer *explainer,
                  const struct dtd_method *method);
  /* Reads a batch of x (batch, inputs), borrowed, and returns f (batch). */
  const float *(*forward)(struct dtd_explainer *explainer, const float *x,
                          int batch);
  /* df/dx_p (batch, inputs) of the batch x. */
  void (*gradient)(float *gradient, struct dtd_explainer *explainer,
                   const float *x, int batch);
  /* The same, but negative signals stop at each rectified unit. */
  void (*guided_gradient)(float *gradient, struct dtd_explainer *explainer,
                          int batch);
  /* R_p (batch, inputs) of the batch, by deep Taylor decomposition. */
  void (*decompose)(float *R_p, struct dtd_explainer *explainer, int batch);
  /* Of example n of the batch: the mean over `count` images of df/dx_p, and f
     of each image. Threads may ask for different examples at a time
     (dtd_explain_each). */
  void (*mean_gradient)(double *mean /* (inputs) */,
                        struct dtd_explainer *explainer, int n,
                        dtd_image *image_at, const void *context, int count);
  void (*scores_of)(float *f /* (count) */, struct dtd_explainer *explainer,
                    int n, dtd_image *image_at, const void *context, int count);
  void (*free)(struct dtd_explainer *explainer);
};

#endif

/* A network graph, as explanation methods see it (section 6.2). */
#include "explain/explained_graph.h"

#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"
#include "linear/threads.h"
#include "network/descent.h"

enum {
  MOST_TOGETHER = 32,        /* examples of one walk */
  FLOATS_AT_A_TIME = 1 << 18 /* values of them: what a core's cache holds */
};

/* Some examples of a batch and what one thread needs to walk them. */
struct walk {
  int first, count;
  struct dtd_graph_values *values;
  struct dtd_graph_decomposition *decomposition; /* or null */
  struct dtd_descent *descent;                   /* of that, borrowed, or */
  struct dtd_descent *own_descent;               /* its own */
  float *at_output;                              /* (together, outputs) */
};

struct dtd_explained_graph {
  const struct dtd_graph *graph; /* borrowed */
  long outputs;
  int most_together;
  int asked;       /* the class, or DTD_GREATEST_CLASS */
  int walks, used; /* `used` of them by the most recent batch */
  bool decomposed; /* it was */
  struct walk *walk;
  int *class; /* (capacity) */
  float *z;   /* (capacity, outputs) */
  float *f;   /* (capacity) */
};

/* ---- walks ---- */

/* What a batch asks of each walk. */
struct request {
  float *to;      /* (batch, inputs) */
  const float *x; /* (batch, inputs) */
  bool guided;
};

typedef void serve(struct dtd_explainer *e, struct walk *walk,
                   const struct request *request);

/* Walks side by side, one a thread; one alone has all threads. */
static void serve_all(struct dtd_explainer *e, serve *serve_one,
                      const struct request *request) {
  struct dtd_explained_graph *g = e->graph;
  if (g->used == 1) {
    serve_one(e, &g->walk[0], request);
    return;
  }
  struct dtd_region region = {0};
#pragma omp parallel for schedule(static, 1)
  for (int w = 0; w < g->used; w++)
    DTD_GUARD (&region) serve_one(e, &g->walk[w], request);
  dtd_region_end(&region);
}

/* Cuts a batch into equal parts. */
static void share_out(struct dtd_explainer *e, int batch) {
  struct dtd_explained_graph *g = e->graph;
  e->together = (batch + g->walks - 1) / g->walks;
  g->used = 0;
  for (int first = 0; first < batch; first += e->together) {
    struct walk *walk = &g->walk[g->used++];
    int left = batch - first;
    walk->first = first;
    walk->count = left < e->together ? left : e->together;
  }
}

static float *seeds(struct walk *walk, const struct dtd_explained_graph *g,
                    int count) {
  memset(walk->at_output, 0, (size_t)(count * g->outputs) * sizeof(float));
  return walk->at_output;
}

/* ---- scores ---- */

static int greatest(const float *z, long count) {
  int best = 0;
  for (int c = 1; c < count; c++)
    if (z[c] > z[best]) best = c;
  return best;
}

static void read_forward(struct dtd_explainer *e, struct walk *walk,
                         const struct request *request) {
  struct dtd_explained_graph *g = e->graph;
  dtd_graph_forward(walk->values, g->graph,
                    request->x + walk->first * e->inputs, walk->count);
  float *z = g->z + walk->first * g->outputs;
  memcpy(z, dtd_graph_scores(g->graph, walk->values),
         (size_t)(walk->count * g->outputs) * sizeof *z);
  for (int n = 0; n < walk->count; n++, z += g->outputs) {
    int class = g->asked;
    if (class == DTD_GREATEST_CLASS) class = greatest(z, g->outputs);
    g->class[walk->first + n] = class;
    g->f[walk->first + n] = z[class];
    if (!isfinite(z[class]))
      dtd_die(DTD_FAILURE, g->graph->path, "check its weights and the input",
              "the score of class %d is %g", class, (double)z[class]);
  }
}

static const float *forward(struct dtd_explainer *e, const float *x,
                            int batch) {
  e->graph->decomposed = false;
  share_out(e, batch);
  serve_all(e, read_forward, &(struct request){.x = x});
  return e->graph->f;
}

/* ---- derivatives ---- */

/* Of z_c by the elements of each input, where c is that of example n, n + 1,
   ... or, with `same`, of n for all. */
static void differentiate(float *d_x, struct dtd_explainer *e,
                          struct walk *walk, int n, bool same, int count,
                          bool guided) {
  struct dtd_explained_graph *g = e->graph;
  float *d_z = seeds(walk, g, count);
  for (int i = 0; i < count; i++)
    d_z[i * g->outputs + g->class[same ? n : n + i]] = 1;
  dtd_graph_backward(d_x, walk->descent, g->graph, walk->values, d_z, guided);
}

static void read_gradient(struct dtd_explainer *e, struct walk *walk,
                          const struct request *request) {
  differentiate(request->to + walk->first * e->inputs, e, walk, walk->first,
                false, walk->count, request->guided);
}

static void gradient(float *d_x, struct dtd_explainer *e, const float *x,
                     int batch) {
  (void)x, (void)batch;
  serve_all(e, read_gradient, &(struct request){.to = d_x});
}

static void guided_gradient(float *d_x, struct dtd_explainer *e, int batch) {
  (void)batch;
  serve_all(e, read_gradient, &(struct request){.to = d_x, .guided = true});
}

/* ---- decomposition ---- */

static void read_relevance(struct dtd_explainer *e, struct walk *walk,
                           const struct request *request) {
  struct dtd_explained_graph *g = e->graph;
  float *R = seeds(walk, g, walk->count);
  for (int i = 0; i < walk->count; i++) { /* R = max(0, z_c) */
    int n = walk->first + i;
    R[i * g->outputs + g->class[n]] = g->f[n] > 0 ? g->f[n] : 0;
  }
  dtd_graph_decompose(request->to + walk->first * e->inputs,
                      walk->decomposition, walk->values, R);
}

static void decompose(float *R_p, struct dtd_explainer *e, int batch) {
  (void)batch;
  e->graph->decomposed = true;
  serve_all(e, read_relevance, &(struct request){.to = R_p});
}

/* ---- other images ---- */

/* Of example n, by the walk that it belongs to, which then holds the values of
   other images; each is asked for by one thread at a time. */
static struct walk *walk_of(const struct dtd_explainer *e, int n) {
  return &e->graph->walk[n / e->together];
}

/* The scores of the next few images; `images` is their room. Returns how many.
 */
static int read_images(float *images, struct dtd_explainer *e,
                       struct walk *walk, dtd_image *image_at,
                       const void *context, int first, int count) {
  const struct dtd_explained_graph *g = e->graph;
  int left = count - first;
  int batch = left < g->most_together ? left : g->most_together;
  for (int i = 0; i < batch; i++)
    image_at(images + i * e->inputs, first + i, context);
  dtd_graph_forward(walk->values, g->graph, images, batch);
  return batch;
}

static void mean_gradient(double *mean, struct dtd_explainer *e, int n,
                          dtd_image *image_at, const void *context, int count) {
  struct walk *walk = walk_of(e, n);
  size_t room = (size_t)e->graph->most_together * (size_t)e->inputs;
  float *images = dtd_new(room, sizeof *images);
  memset(mean, 0, (size_t)e->inputs * sizeof *mean);
  for (int first = 0, batch; first < count; first += batch) {
    batch = read_images(images, e, walk, image_at, context, first, count);
    differentiate(images, e, walk, n, true, batch, false);
    for (int i = 0; i < batch; i++)
      for (long p = 0; p < e->inputs; p++)
        mean[p] += (double)images[i * e->inputs + p];
  }
  for (long p = 0; p < e->inputs; p++) mean[p] /= count;
  dtd_free(images);
}

static void scores_of(float *f, struct dtd_explainer *e, int n,
                      dtd_image *image_at, const void *context, int count) {
  const struct dtd_explained_graph *g = e->graph;
  struct walk *walk = walk_of(e, n);
  size_t room = (size_t)g->most_together * (size_t)e->inputs;
  float *images = dtd_new(room, sizeof *images);
  for (int first = 0, batch; first < count; first += batch) {
    batch = read_images(images, e, walk, image_at, context, first, count);
    const float *z = dtd_graph_scores(g->graph, walk->values);
    for (int i = 0; i < batch; i++)
      f[first + i] = z[i * g->outputs + g->class[n]];
  }
  dtd_free(images);
}

/* ---- create, inspect, free ---- */

bool dtd_decomposes_graphs(const struct dtd_method *method) {
  return method->model && method->model == dtd_model_kind_find("training-free");
}

static void provide(struct dtd_explainer *e, const struct dtd_method *method) {
  const char *path = e->graph->graph->path;
  if (method->finds_roots)
    dtd_die(DTD_USAGE, method->name, "use deep-taylor-free, for example",
            "searches for roots of detection-pooling networks, which %s is not",
            path);
  if (method->model && !dtd_decomposes_graphs(method))
    dtd_die(DTD_USAGE, method->name, "use deep-taylor-free",
            "explains by a relevance model of detection-pooling networks, "
            "which %s is not",
            path);
  if (method->model && !e->graph->walk->decomposition)
    dtd_die(DTD_FAILURE, method->name, "give it one",
            "the explainer has no composite");
}

static void release(struct dtd_explainer *e) {
  struct dtd_explained_graph *g = e->graph;
  for (int w = g->walks - 1; w >= 0; w--) { /* those after 0 borrow from it */
    dtd_graph_values_free(g->walk[w].values);
    dtd_descent_free(g->walk[w].own_descent);
    dtd_graph_decomposition_free(g->walk[w].decomposition);
    dtd_free(g->walk[w].at_output);
  }
  dtd_free(g->walk);
  dtd_free(g->class);
  dtd_free(g->z);
  dtd_free(g->f);
  dtd_free(g);
}

static const struct dtd_explained_kind explained_graph = {
    .provide = provide,
    .forward = forward,
    .gradient = gradient,
    .guided_gradient = guided_gradient,
    .decompose = decompose,
    .mean_gradient = mean_gradient,
    .scores_of = scores_of,
    .free = release,
};

/* As many examples as have few values, for any number of threads. */
static int most_together(const struct dtd_graph *graph) {
  long floats = 0;
  for (int n = 0; n < graph->nodes; n++)
    floats += dtd_maps_size(graph->node[n].out);
  long most = FLOATS_AT_A_TIME / floats;
  return most < 1 ? 1 : most > MOST_TOGETHER ? MOST_TOGETHER : (int)most;
}

static void open_walk(struct dtd_explained_graph *g, struct walk *walk,
                      const struct dtd_composite *composite,
                      struct dtd_box box) {
  const struct dtd_graph *graph = g->graph;
  int together = g->most_together;
  walk->values = dtd_graph_values_new(graph, together);
  walk->at_output =
      dtd_new((size_t)together * (size_t)g->outputs, sizeof(float));
  if (!composite)
    walk->own_descent = dtd_descent_new(graph, together);
  else if (walk == g->walk)
    walk->decomposition =
        dtd_graph_decomposition_new(graph, composite, box, together);
  else
    walk->decomposition =
        dtd_graph_decomposition_beside(g->walk->decomposition, together);
  walk->descent = composite ? walk->decomposition->descent : walk->own_descent;
}

struct dtd_explainer *dtd_explainer_of_graph(
    const struct dtd_graph *graph, const struct dtd_composite *composite,
    struct dtd_box box, struct dtd_maps shape,
    const struct dtd_explanation_settings *settings, int most) {
  struct dtd_explainer *e = dtd_new(1, sizeof *e);
  struct dtd_explained_graph *g = e->graph = dtd_new(1, sizeof *g);
  *g = (struct dtd_explained_graph){.graph = graph,
                                    .outputs = dtd_graph_outputs(graph),
                                    .most_together = most_together(graph),
                                    .asked = DTD_GREATEST_CLASS,
                                    .walks = dtd_threads_in_use()};
  while (g->walks > 1 && (g->walks - 1) * g->most_together >= most) g->walks--;
  e->kind = &explained_graph;
  e->shape = shape;
  e->inputs = dtd_graph_inputs(graph);
  e->low = dtd_explainer_ends(box.low, box.channels, e->inputs);
  e->high = dtd_explainer_ends(box.high, box.channels, e->inputs);
  e->settings = *settings;
  e->capacity = g->walks * g->most_together;
  size_t capacity = (size_t)e->capacity;
  g->class = dtd_new(capacity, sizeof *g->class);
  g->z = dtd_new(capacity * (size_t)g->outputs, sizeof *g->z);
  g->f = dtd_new(capacity, sizeof *g->f);
  g->walk = dtd_new((size_t)g->walks, sizeof *g->walk);
  for (int w = 0; w < g->walks; w++) open_walk(g, &g->walk[w], composite, box);
  return e;
}

void dtd_explainer_choose(struct dtd_explainer *explainer, int class) {
  explainer->graph->asked = class;
}

int dtd_explainer_class(const struct dtd_explainer *explainer, int n) {
  return explainer->graph->class[n];
}

const float *dtd_explainer_scores(const struct dtd_explainer *explainer,
                                  int n) {
  return explainer->graph->z + n * explainer->graph->outputs;
}

bool dtd_explainer_has_ledger(const struct dtd_explainer *explainer) {
  return explainer->graph->decomposed;
}

struct dtd_node_entry dtd_explainer_entry(const struct dtd_explainer *explainer,
                                          int node, int n) {
  const struct walk *walk = walk_of(explainer, n);
  return dtd_graph_entry(walk->decomposition, node, n - walk->first);
}

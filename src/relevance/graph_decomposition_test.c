/* Holds decompositions of graphs to plain double loops, to what they promise,
   and on real networks to figures found apart from this code. */
#include "relevance/graph_decomposition.h"

#include "base/test.h"
#include "files/test_npz.h"
#include "linear/threads.h"
#include "relevance/test_twin_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)
TEST_OWNS(graph_decomposition)

static const float low[] = {-1, -0.5f, -2}, high[] = {1, 2, 0.5f};
static const struct dtd_box pixels = {3, low, high};

enum { BATCH = 3, CLASSES = 5 };

/* ---- one graph, decomposed twice ---- */

struct bench {
  struct twin_graph *twin;
  struct dtd_graph *graph;
  struct dtd_graph_values *values;
  struct dtd_graph_decomposition *decomposition;
  long inputs, outputs;
  float *x, *R, *R_p;
};

/* Random inputs in the box. */
static float *inputs_of(const struct twin_graph *twin, int batch,
                        struct dtd_rng *rng) {
  long size = twin_size(&twin->node[0]), span = size / 3;
  float *x = test_new(batch * size, sizeof *x);
  for (long i = 0; i < batch * size; i++) {
    long c = i % size / span;
    fill_random(x + i, 1, low[c], high[c], rng);
  }
  return x;
}

/* max(0, z_c) of each example's greatest z_c. */
static void start(struct bench *b) {
  const float *z = dtd_graph_scores(b->graph, b->values);
  memset(b->R, 0, (size_t)(BATCH * b->outputs) * sizeof *b->R);
  for (int n = 0; n < BATCH; n++) {
    const float *own = z + n * b->outputs;
    long best = 0;
    for (long c = 1; c < b->outputs; c++)
      if (own[c] > own[best]) best = c;
    b->R[n * b->outputs + best] = own[best] > 0 ? own[best] : 0;
  }
}

static struct bench open_bench(struct twin_graph *twin, uint64_t seed) {
  struct dtd_rng rng = dtd_rng_open(seed, "test/images", 0);
  struct bench b = {.twin = twin, .graph = twin_read(twin)};
  b.inputs = dtd_graph_inputs(b.graph);
  b.outputs = dtd_graph_outputs(b.graph);
  b.x = inputs_of(twin, BATCH, &rng);
  b.R = test_new(BATCH * b.outputs, sizeof *b.R);
  b.R_p = test_new(BATCH * b.inputs, sizeof *b.R_p);
  b.values = values_for(b.graph, b.x, BATCH);
  start(&b);
  return b;
}

static void decompose(struct bench *b, const char *composite) {
  struct dtd_composite read = dtd_composite_read(composite);
  b->decomposition = own_graph_decomposition(
      dtd_graph_decomposition_new(b->graph, &read, pixels, BATCH));
  dtd_graph_decompose(b->R_p, b->decomposition, b->values, b->R);
}

/* The twin takes the rules that the nodes have. */
static void take_rules(const struct bench *b) {
  for (int n = 0; n < b->twin->nodes; n++) {
    struct twin_node *node = &b->twin->node[n];
    node->rule = node->op == TWIN_WEIGHTS
                     ? dtd_graph_rule(b->decomposition,
                                      node_called(b->graph, node->name))
                     : NULL;
  }
}

static double sum_of_all(const double *R, long count) {
  double sum = 0;
  for (long i = 0; i < count; i++) sum += R[i];
  return sum;
}

static double size_of_all(const double *R, long count) {
  double sum = 0;
  for (long i = 0; i < count; i++) sum += fabs(R[i]);
  return sum;
}

/* What entered and was kept, node by node. */
static void check_ledger(const struct bench *b, int example, double tolerance) {
  for (int n = 1; n < b->twin->nodes; n++) {
    const struct twin_node *node = &b->twin->node[n];
    struct dtd_node_entry entry = dtd_graph_entry(
        b->decomposition, node_called(b->graph, node->name), example);
    double scale = 1e-30 + size_of_all(node->R, twin_size(node));
    double entered = sum_of_all(node->R, twin_size(node));
    assert_near(entry.entered / scale, entered / scale, tolerance);
    assert_near(entry.kept / scale, node->kept / scale, tolerance);
  }
}

static void check_twin(struct bench *b, const char *composite,
                       double tolerance) {
  decompose(b, composite);
  take_rules(b);
  for (int n = 0; n < BATCH; n++) {
    const struct twin_node *top = &b->twin->node[b->twin->nodes - 1];
    int c = 0;
    twin_forward(b->twin, b->x + n * b->inputs);
    for (int k = 1; k < b->outputs; k++)
      if (top->x[k] > top->x[c]) c = k;
    twin_relevance(b->twin, c);
    assert_close_by(composite,
                    dtd_graph_scores(b->graph, b->values) + n * b->outputs,
                    top->x, b->outputs, tolerance);
    assert_close_by(composite, b->R_p + n * b->inputs, b->twin->node[0].R,
                    b->inputs, tolerance);
    check_ledger(b, n, tolerance);
  }
}

/* ---- structures that the networks at hand do not have ---- */

static struct twin_graph *new_twin(int rows, int columns) {
  return twin_graph_new(3, rows, columns, low, high);
}

static int conv_relu(struct twin_graph *g, int from, int maps, int kernel,
                     int stride, int groups) {
  return twin_relu(
      g, twin_square(g, from, maps, kernel, stride, kernel / 2, groups));
}

/* Two groups, and LRN behind pools. */
static struct twin_graph *like_caffenet(void) {
  struct twin_graph *g = new_twin(19, 17);
  int n = conv_relu(g, 0, 6, 5, 2, 1);
  n = twin_lrn(g, twin_pool(g, n, true, 3, 2, 0));
  n = conv_relu(g, n, 8, 3, 1, 2);
  n = conv_relu(g, conv_relu(g, n, 6, 3, 1, 1), 4, 3, 1, 2);
  n = twin_pool(g, n, true, 3, 2, 0);
  n = twin_relu(g, twin_dense(g, n, 12));
  n = twin_relu(g, twin_dense(g, n, 9));
  twin_dense(g, n, CLASSES);
  return g;
}

/* Branches that are added, with normalised weights. */
static struct twin_graph *like_resnet(void) {
  struct twin_graph *g = new_twin(14, 14);
  int n = twin_relu(g, twin_normalise(g, twin_square(g, 0, 5, 7, 2, 3, 1)));
  n = twin_pool(g, n, true, 3, 2, 1);
  for (int block = 0; block < 2; block++) {
    int maps = block ? 7 : 5, m = twin_square(g, n, maps, 3, 1, 1, 1);
    m = twin_relu(g, twin_normalise(g, m));
    m = twin_normalise(g, twin_square(g, m, maps, 3, 1, 1, 1));
    if (block) n = twin_normalise(g, twin_square(g, n, maps, 1, 1, 0, 1));
    n = twin_relu(g, twin_sum(g, m, n));
  }
  twin_dense(g, twin_global(g, n), CLASSES);
  return g;
}

/* Depthwise convolutions between convolutions of 1 x 1. */
static struct twin_graph *like_mobilenet(void) {
  struct twin_graph *g = new_twin(12, 11);
  int n = twin_relu(g, twin_normalise(g, twin_square(g, 0, 6, 3, 2, 1, 1)));
  for (int block = 0; block < 3; block++) {
    int channels = g->node[n].channels;
    int m = twin_square(g, n, channels, 3, 1 + block % 2, 1, channels);
    n = twin_relu(g, twin_normalise(g, m));
    n = twin_square(g, n, 6 + 2 * block, 1, 1, 0, 1);
    n = twin_relu(g, twin_normalise(g, n));
  }
  twin_dense(g, twin_global(g, n), CLASSES);
  return g;
}

/* A tensor with several readers, whose branches are joined. */
static int inception(struct twin_graph *g, int n) {
  int a = conv_relu(g, n, 3, 1, 1, 1);
  int b = conv_relu(g, conv_relu(g, n, 2, 1, 1, 1), 4, 3, 1, 1);
  int c = conv_relu(g, twin_pool(g, n, true, 3, 1, 1), 2, 1, 1, 1);
  return twin_concat(g, a, b, c);
}

static struct twin_graph *like_googlenet(void) {
  struct twin_graph *g = new_twin(17, 16);
  int n = twin_lrn(g, twin_pool(g, conv_relu(g, 0, 5, 7, 2, 1), true, 3, 2, 1));
  n = inception(g, inception(g, n));
  n = inception(g, twin_pool(g, n, false, 3, 1, 1));
  twin_dense(g, twin_pool(g, n, false, 2, 2, 0), CLASSES);
  return g;
}

/* The network of section 6.1: a matrix of pixels, and sums. */
static struct twin_graph *like_ours(void) {
  struct twin_graph *g = new_twin(4, 5);
  twin_dense(g, twin_relu(g, twin_dense(g, 0, 16)), CLASSES);
  return g;
}

static struct twin_graph *(*const structures[])(void) = {
    like_caffenet, like_resnet, like_mobilenet, like_googlenet, like_ours};
enum { STRUCTURES = sizeof structures / sizeof *structures };

static const char *const composites[] = {
    "deep-taylor",
    "epsilon-plus",
    "epsilon-plus-flat",
    "epsilon-plus first=zB",
    "epsilon-alpha2-beta1",
    "epsilon-alpha2-beta1-flat first=w^2",
    "convolution=gamma dense=w^2",
    "convolution=w^2 dense=alpha-beta(1) first=epsilon",
};
enum { COMPOSITES = sizeof composites / sizeof *composites };

TEST(structures_are_as_plain_loops_for_every_composite) {
  for (int s = 0; s < STRUCTURES; s++) {
    struct bench b = open_bench(structures[s](), 1);
    for (int c = 0; c < COMPOSITES; c++) check_twin(&b, composites[c], 2e-5);
  }
}

/* ---- random graphs ---- */

static int draw(struct dtd_rng *rng, int count) {
  return (int)(dtd_rng_uniform(rng) * count);
}

/* A Relu, or now and then none. */
static int perhaps_relu(struct twin_graph *g, int n, bool rectified,
                        struct dtd_rng *rng) {
  return rectified || draw(rng, 3) ? twin_relu(g, n) : n;
}

static int random_conv(struct twin_graph *g, int n, struct dtd_rng *rng) {
  struct dtd_window w = {{1 + draw(rng, 3), 1 + draw(rng, 3)},
                         {1 + draw(rng, 2), 1 + draw(rng, 2)},
                         {1 + draw(rng, 2), 1 + draw(rng, 2)},
                         {draw(rng, 3), draw(rng, 3), 2, 2}};
  int groups = g->node[n].channels % 2 || draw(rng, 2) ? 1 : 2;
  n = twin_conv(g, n, groups * (1 + draw(rng, 3)), w, groups);
  return draw(rng, 2) ? twin_normalise(g, n) : n;
}

static int random_residual(struct twin_graph *g, int n, bool rectified,
                           struct dtd_rng *rng) {
  int channels = g->node[n].channels;
  int m = perhaps_relu(g, twin_square(g, n, 4, 3, 1, 1, 1), rectified, rng);
  return twin_sum(g, twin_square(g, m, channels, 1, 1, 0, 1), n);
}

static int random_block(struct twin_graph *g, int n, bool rectified,
                        struct dtd_rng *rng) {
  const struct twin_node *in = &g->node[n];
  bool large = in->rows > 4 && in->columns > 4;
  switch (draw(rng, 6)) {
  case 0:
    return inception(g, n);
  case 1:
    return perhaps_relu(g, random_residual(g, n, rectified, rng), rectified,
                        rng);
  case 2:
    return twin_pool(g, n, draw(rng, 2), 2 + draw(rng, 2), large ? 2 : 1, 1);
  case 3:
    return twin_lrn(g, n);
  case 4:
    return perhaps_relu(g,
                        twin_square(g, n, in->channels, 3, 1, 1, in->channels),
                        rectified, rng);
  default:
    return perhaps_relu(g, random_conv(g, n, rng), rectified, rng);
  }
}

static struct twin_graph *random_graph(uint64_t seed, bool rectified) {
  struct dtd_rng rng = dtd_rng_open(seed, "test/graph", rectified);
  struct twin_graph *g = new_twin(6 + draw(&rng, 6), 6 + draw(&rng, 6));
  int n = perhaps_relu(g, random_conv(g, 0, &rng), rectified, &rng);
  for (int blocks = 1 + draw(&rng, 4); blocks > 0; blocks--)
    n = random_block(g, n, rectified, &rng);
  if (draw(&rng, 2)) n = twin_global(g, n);
  if (draw(&rng, 2)) n = twin_relu(g, twin_dense(g, n, 7));
  twin_dense(g, n, CLASSES);
  return g;
}

enum { GRAPHS = 30 };

/* Where there are inputs of either sign, those alone that have a rule for them.
 */
static const char *const signed_composites[] = {
    "signed=alpha-beta(1)",  "epsilon-plus",         "epsilon-plus-flat",
    "epsilon-plus first=zB", "epsilon-alpha2-beta1",
};
enum { SIGNED = sizeof signed_composites / sizeof *signed_composites };

TEST(random_graphs_are_as_plain_loops) {
  for (int seed = 1; seed <= GRAPHS; seed++) {
    struct bench b = open_bench(random_graph((uint64_t)seed, true), 1);
    check_twin(&b, composites[seed % COMPOSITES], 2e-5);
    b = open_bench(random_graph((uint64_t)seed, false), 1);
    check_twin(&b, signed_composites[seed % SIGNED], 2e-5);
  }
}

/* Under deep Taylor nothing is negative, and f is what reaches pixels and
   biases: no node of a rectified graph loses anything. */
TEST(deep_taylor_is_positive_and_loses_nothing) {
  int explained = 0;
  for (uint64_t seed = 1; seed <= 3 * GRAPHS; seed++) {
    struct bench b = open_bench(random_graph(seed, true), seed);
    decompose(&b, "deep-taylor");
    for (int n = 0; n < BATCH; n++) {
      double f = sum_of(b.R + n * b.outputs, b.outputs), kept = 0, lost = 0;
      double sum = sum_of(b.R_p + n * b.inputs, b.inputs);
      for (int k = 0; k < b.graph->nodes; k++) {
        struct dtd_node_entry entry = dtd_graph_entry(b.decomposition, k, n);
        assert_true(entry.entered >= 0 && entry.kept >= 0);
        if (k) assert_near(entry.lost / (f + 1e-30), 0, 1e-5);
        kept += k ? entry.kept : 0;
        lost += k ? entry.lost : 0;
      }
      explained += f > 0;
      assert_near(sum / (f + 1e-30), (f - kept) / (f + 1e-30), 1e-5);
      assert_near(sum / (f + 1e-30), (f - kept - lost) / (f + 1e-30), 1e-7);
      for (long i = 0; i < b.inputs; i++)
        assert_true(b.R_p[n * b.inputs + i] >= 0);
    }
  }
  assert_true(explained > GRAPHS);
}

/* ---- the same bits ---- */

TEST(an_example_is_itself_in_any_company) {
  for (int s = 0; s < STRUCTURES; s++)
    for (int c = 0; c < COMPOSITES; c++) {
      struct bench b = open_bench(structures[s](), 2);
      decompose(&b, composites[c]);
      struct dtd_graph_decomposition *own = own_graph_decomposition(
          dtd_graph_decomposition_beside(b.decomposition, 1));
      float *alone = test_new(b.inputs, sizeof *alone);
      for (int n = 0; n < BATCH; n++) {
        const struct dtd_graph_values *values =
            values_for(b.graph, b.x + n * b.inputs, 1);
        dtd_graph_decompose(alone, own, values, b.R + n * b.outputs);
        assert_same_bits(alone, b.R_p + n * b.inputs, b.inputs);
        for (int k = 0; k < b.graph->nodes; k++) {
          struct dtd_node_entry one = dtd_graph_entry(own, k, 0);
          struct dtd_node_entry of_all = dtd_graph_entry(b.decomposition, k, n);
          assert_same_bits(&one, &of_all, 1);
        }
      }
      for (int threads = 2; threads <= 3; threads++) {
        float *again = test_new(BATCH * b.inputs, sizeof *again);
        dtd_threads(threads);
        dtd_graph_decompose(again, b.decomposition, b.values, b.R);
        assert_same_bits(again, b.R_p, BATCH * b.inputs);
      }
      dtd_threads(1);
    }
}

/* Walkers that share propagators run side by side. */
TEST(threads_decompose_side_by_side) {
  struct bench b = open_bench(like_googlenet(), 3);
  decompose(&b, "deep-taylor");
  struct dtd_graph_decomposition *walker[BATCH];
  struct dtd_graph_values *values[BATCH];
  float *R_p = test_new(BATCH * b.inputs, sizeof *R_p);
  for (int n = 0; n < BATCH; n++) {
    walker[n] = own_graph_decomposition(
        dtd_graph_decomposition_beside(b.decomposition, 1));
    values[n] = values_for(b.graph, b.x + n * b.inputs, 1);
  }
  dtd_threads(BATCH);
#pragma omp parallel for schedule(static)
  for (int n = 0; n < BATCH; n++)
    dtd_graph_decompose(R_p + n * b.inputs, walker[n], values[n],
                        b.R + n * b.outputs);
  dtd_threads(1);
  assert_same_bits(R_p, b.R_p, BATCH * b.inputs);
}

/* ---- refusals ---- */

TEST(rules_that_do_not_fit_are_refused) {
  struct dtd_graph *graph =
      GRAPH("input x N 3 4 4", "tensor v 4 3 1 1", "Conv x v > one",
            "tensor w 4 4 1 1", "Conv one w > y", "output y");
  struct dtd_composite composite = dtd_composite_read("");
  assert_dies(DTD_USAGE, "node y, rule z+",
              dtd_graph_decomposition_new(graph, &composite, pixels, 1));
}

/* ---- real networks (section 6.2) ---- */

/* BGR, of which the mean was taken away. */
static const float bgr_low[] = {-104, -117, -123};
static const float bgr_high[] = {255 - 104, 255 - 117, 255 - 123};

static const char folder[] = "../shared/ilsvrc";

struct photo {
  char vectors[256], ledger[256];
  struct dtd_graph *graph;
  struct dtd_graph_values *values;
  long inputs, pixels, c;
  float *x, *R; /* R: 1 or f at class c */
};

static struct photo open_photo(struct dtd_graph *graph, const char *network,
                               const char *name) {
  struct photo p = {.graph = graph};
  size_t count;
  snprintf(p.vectors, sizeof p.vectors, "%s/vectors/%s-%s.npz", folder, network,
           name);
  snprintf(p.ledger, sizeof p.ledger, "%s/vectors/%s-%s-ledger.tsv", folder,
           network, name);
  const double *x = npz_read(&count, p.vectors, "x");
  p.inputs = (long)count;
  p.pixels = p.inputs / 3;
  assert_int_equal(p.inputs, dtd_graph_inputs(graph));
  p.x = test_new(count, sizeof *p.x);
  for (long i = 0; i < p.inputs; i++) p.x[i] = (float)x[i];
  const double *z = npz_read(&count, p.vectors, "logits");
  for (size_t k = 1; k < count; k++)
    if (z[k] > z[p.c]) p.c = (long)k;
  p.values = values_for(graph, p.x, 1);
  p.R = test_new(count, sizeof *p.R);
  return p;
}

/* |R - wanted| over |wanted|, with R (3, pixels) summed over channels; sets
 *sum to the same of the sums. */
static double distance_of(double *sum, const double *R, const struct photo *p,
                          const char *wanted) {
  size_t count;
  const double *own = npz_read(&count, p->vectors, wanted);
  double apart = 0, size = 0, total = 0, wanted_total = 0;
  assert_int_equal(count, p->pixels);
  for (long i = 0; i < p->pixels; i++) {
    double here = R[i] + R[i + p->pixels] + R[i + 2 * p->pixels];
    apart += fabs(here - own[i]);
    size += fabs(own[i]);
    total += here;
    wanted_total += own[i];
  }
  *sum = fabs(total - wanted_total) / fabs(wanted_total);
  return apart / size;
}

static void check_photo_ledger(const struct photo *p,
                               const struct dtd_graph_decomposition *d,
                               double f) {
  char op[32], layer[128], *line = test_get(NULL, p->ledger);
  double entered, kept;
  while ((line = strchr(line, '\n')) && line++ && *line) { /* below names */
    assert_int_equal(
        sscanf(line, "%31s %127s %lf %lf", op, layer, &entered, &kept), 4);
    if (!strcmp(op, "logit")) continue;
    struct dtd_node_entry entry =
        dtd_graph_entry(d, node_called(p->graph, layer), 0);
    assert_near(entry.entered / f, entered / f, 1e-5);
    assert_near(entry.kept / f, kept / f, 1e-5);
    assert_near(entry.lost / f, 0, 1e-5);
  }
}

static void check_deep_taylor(const struct photo *p) {
  struct dtd_composite composite = dtd_composite_read("deep-taylor");
  const struct dtd_box box = {3, bgr_low, bgr_high};
  struct dtd_graph_decomposition *d = own_graph_decomposition(
      dtd_graph_decomposition_new(p->graph, &composite, box, 1));
  float *R_p = test_new(p->inputs, sizeof *R_p);
  double f = dtd_graph_scores(p->graph, p->values)[p->c], sum, kept = 0;
  p->R[p->c] = (float)f;
  dtd_graph_decompose(R_p, d, p->values, p->R);
  assert_near(distance_of(&sum, widened(R_p, p->inputs), p, "heatmap"), 0,
              1e-3);
  assert_near(sum, 0, 1e-5);
  for (int n = 1; n < p->graph->nodes; n++)
    kept += dtd_graph_entry(d, n, 0).kept;
  assert_near((sum_of(R_p, p->inputs) + kept) / f, 1, 1e-5);
  for (long i = 0; i < p->inputs; i++) assert_true(R_p[i] >= 0);
  check_photo_ledger(p, d, f);
}

static void check_sensitivity(const struct photo *p) {
  float *slope = test_new(p->inputs, sizeof *slope);
  double *R_p = test_new(p->inputs, sizeof *R_p), sum;
  p->R[p->c] = 1;
  dtd_graph_backward(slope, own_descent(dtd_descent_new(p->graph, 1)), p->graph,
                     p->values, p->R, false);
  for (long i = 0; i < p->inputs; i++)
    R_p[i] = (double)slope[i] * (double)slope[i];
  assert_near(distance_of(&sum, R_p, p, "sensitivity"), 0, 1e-3);
  assert_near(sum, 0, 1e-3);
}

static void check_network(const char *network) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s.onnx", folder, network);
  if (access(path, R_OK)) {
    print_message("no %s\n", path);
    skip();
  }
  struct dtd_graph *graph = own_graph(dtd_graph_read(path));
  static const char *const photos[] = {"frog", "volcano"};
  for (int n = 0; n < 2; n++) {
    struct photo p = open_photo(graph, network, photos[n]);
    check_deep_taylor(&p);
    check_sensitivity(&p);
  }
}

TEST(googlenet_is_explained_as_elsewhere) {
  check_network("googlenet");
}

TEST(squeezenet_is_explained_as_elsewhere) {
  check_network("squeezenet1.1");
}

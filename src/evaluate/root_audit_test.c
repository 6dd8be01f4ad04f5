/* Compares audited roots with a network worked by hand and with the reference.
 */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/threads.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"
#include "evaluate/root_audit.h"
#include "base/test_folder.h"
#include "relevance/unit_root.h"

TEST_OWNS(root_auditor)

/* ---- by hand ---- */

/* At x = (1, 0.5):
   z_0 = 2 x_0 - x_1 - 1 = 0.5, z_1 = x_0 = 1     k_0: 1.5
   z_2 = x_1 = 0.5,             z_3 = -x_0 = -1   k_1: 0.5
   z_0 = k_0 + k_1 - 1 = 1,     z_1 = k_0 - k_1 - 0.9 = 0.1,  f = 1.1
   d_0 = 1 / 2 + 0.1 / 1.5 = 17/30,   d_1 = 1 / 2 */
static struct dtd_network *network_by_hand(void) {
  static const struct dtd_layer_shape shape[] = {LAYER(2, 4, 2),
                                                 LAYER(2, 2, 2)};
  static const float w1[] = {2, 1, 0, -1, -1, 0, 1, 0}, b1[] = {-1, 0, 0, 0};
  static const float w2[] = {1, 1, 1, -1}, b2[] = {-1, -0.9f};
  struct dtd_network *net = new_network(shape, 2);
  memcpy(net->layer[0].w, w1, sizeof w1);
  memcpy(net->layer[0].b, b1, sizeof b1);
  memcpy(net->layer[1].w, w2, sizeof w2);
  memcpy(net->layer[1].b, b2, sizeof b2);
  return net;
}

static const float x_by_hand[] = {1, 0.5f};

static int audit_by_hand(struct dtd_audited_root *found, const char *rule,
                         float low, float high) {
  struct dtd_network *net = network_by_hand();
  struct dtd_root_auditor *a = own_root_auditor(
      dtd_root_auditor_new(net, 0, dtd_rule_find(rule), low, high));
  return dtd_audit_example(found, a, x_by_hand);
}

/* The first test, because it forks, which the leak sanitizer needs before
   threads start. */
TEST(what_cannot_be_audited_is_refused) {
  struct dtd_rule none = *dtd_rule_find("z+");
  none.direction = NULL;
  assert_dies(
      1, "root audit: the network has no layer 3",
      dtd_root_auditor_new(network_by_hand(), 2, dtd_rule_find("z+"), 0, 1));
  assert_dies(1, "z+: this rule has no root point",
              dtd_root_auditor_new(network_by_hand(), 0, &none, 0, 1));
}

/* Unit 0: root (13/16, 5/8) leaves layer 1 as it was but silences the second
   upper unit: f = 0.4375, d_0 = 0.4375 / 1.4375.
   Unit 1: root (0, 1/6), since inputs of weight 0 are drawn to 0: unit 0 and
   both upper units fall silent. */
TEST(zb_roots_by_hand) {
  struct dtd_audited_root found[4];
  assert_int_equal(audit_by_hand(found, "zB", -0.5f, 1.5f), 3);
  assert_int_equal(found[0].unit, 0);
  assert_near(found[0].R_j, 0.5 * 17 / 30, 1e-6);
  assert_near(found[0].step, 0.125, 1e-6);
  assert_true(found[0].in_domain && found[0].same_layer);
  assert_false(found[0].same_network);
  assert_near(found[0].flipped_layer, 0, 1e-6);
  /* of 3 beside it and 2 above */
  assert_near(found[0].flipped_network, 1 / 5.0, 1e-6);
  assert_near(found[0].f_ratio, 0.4375 / 1.1, 1e-6);
  assert_near(found[0].conserved, 0.4375 / 1.4375 / (17 / 30.0), 1e-6);
  assert_near(found[0].d_drift, 1 - 0.4375 / 1.4375 / (17 / 30.0), 1e-6);
  assert_near(found[0].c_drift, 0, 1e-6);
  assert_near(found[0].overshoot, 0, 1e-6);
  assert_near(found[0].distance, hypot(3 / 16.0, 1 / 8.0), 1e-6);

  assert_int_equal(found[1].unit, 1);
  assert_near(found[1].R_j, 17 / 30.0, 1e-6);
  assert_near(found[1].step, 2 / 3.0, 1e-6);
  assert_true(found[1].in_domain && !found[1].same_layer);
  assert_near(found[1].flipped_layer, 1 / 3.0, 1e-6);
  assert_near(found[1].flipped_network, 3 / 5.0, 1e-6);
  assert_near(found[1].f_ratio, 0, 1e-6);
  assert_near(found[1].conserved, 0, 1e-6);
  assert_near(found[1].d_drift, 1, 1e-6);
  assert_int_equal(found[2].unit, 2);
}

/* The nearest root of unit 0 is (0.8, 0.6), 0.1 beyond a box that ends at 0.7:
   k_0 = 0.8, k_1 = 0.6, f = 0.4. */
TEST(nearest_root_by_hand) {
  struct dtd_audited_root found[4];
  assert_int_equal(audit_by_hand(found, "w^2", -0.5f, 0.7f), 3);
  assert_false(found[0].in_domain);
  assert_near(found[0].overshoot, 0.1, 1e-6);
  assert_near(found[0].distance, 0.5 / sqrt(5), 1e-6);
  assert_near(found[0].f_ratio, 0.4 / 1.1, 1e-6);
}

/* Unit 0 has no positive weight, so z+ has no excitation to switch off. */
TEST(a_unit_without_a_root_counts_as_outside) {
  const struct dtd_layer_shape shape[] = {LAYER(2, 2, 2)};
  const float w[] = {-1, 1, 0, 1}, x[] = {-1, 2};
  struct dtd_network *net = new_network(shape, 1);
  memcpy(net->layer[0].w, w, sizeof w);
  struct dtd_root_auditor *a = own_root_auditor(
      dtd_root_auditor_new(net, 0, dtd_rule_find("z+"), -1, 2));
  struct dtd_audited_root found[2];
  assert_int_equal(dtd_audit_example(found, a, x), 2);
  assert_true(isnan(found[0].step) && isnan(found[0].f_ratio));
  assert_false(found[0].in_domain || found[0].same_layer);
  assert_true(found[1].in_domain && !isnan(found[1].f_ratio));
  struct dtd_audit_row rows[DTD_AUDIT_ROWS];
  dtd_root_audit(rows, a, x, 1, 10, 1);
  assert_int_equal(rows[0].units, 2);
  assert_near(rows[0].estimate.value, 0.5,
              1e-6); /* in_domain counts both units */
}

/* ---- against the reference ---- */

/* One network at an example x and at a root. */
struct places {
  struct dtd_reference *here, *there;
};

/* Forward and the walk down; returns f(x). */
static double explain_at(struct dtd_reference *r, const double *x) {
  double f = dtd_reference_forward(r, x);
  dtd_reference_decompose(r, NULL, "z+", 0, 0);
  return f;
}

/* c_k of the first layer, 1 for a pool that is off. */
static double ratio_of(const struct dtd_reference *r, int k) {
  const struct dtd_reference_layer *l = &r->layer[0];
  int pool = l->units / l->pools;
  double sum = dtd_reference_pool(l->x_j + k * pool, pool, 1);
  return sum > 1e-5 ? dtd_reference_c(l, k) : 1;
}

/* d_k of the first layer. */
static double top_down_of(const struct dtd_reference *r, int k) {
  return r->depth > 1 ? dtd_reference_d(&r->layer[1], k) : 1;
}

/* Units of one layer, but `but`, that are on in just one of two places. A
   response too near 0 for float to place makes *unclear true. */
static int flips_of(bool *unclear, const struct places *at, int n, int but) {
  const struct dtd_reference_layer *here = &at->here->layer[n];
  const struct dtd_reference_layer *there = &at->there->layer[n];
  int flips = 0;
  for (int j = 0; j < here->units; j++) {
    if (j == but) continue;
    flips += (here->z_j[j] > 0) != (there->z_j[j] > 0);
    *unclear |= fabs(here->z_j[j]) < 1e-4 || fabs(there->z_j[j]) < 1e-4;
  }
  return flips;
}

/* Holds one audited root to the reference; returns 1 if its region was clear.
 */
static int hold_root(const struct places *at,
                     const struct dtd_audited_root *found,
                     const struct dtd_network *net, const struct dtd_rule *rule,
                     const double *x, double low, double high) {
  const struct dtd_layer *layer = &net->layer[0];
  double root[64], excess = 0, squares = 0;
  double t = dtd_unit_root(root, rule, layer, found->unit, x, low, high);
  assert_true(t == found->step);
  for (int i = 0; i < layer->shape.inputs; i++) {
    excess = fmax(excess, fmax(low - root[i], root[i] - high));
    squares += (x[i] - root[i]) * (x[i] - root[i]);
  }
  double f_x = explain_at(at->here, x), f_root = explain_at(at->there, root);
  int k = found->unit / layer->shape.pool;
  double c = ratio_of(at->there, k) / ratio_of(at->here, k);
  double d = top_down_of(at->there, k) / top_down_of(at->here, k);
  bool unclear = false;
  int flips = flips_of(&unclear, at, 0, found->unit), all;
  int others = layer->shape.units - 1, units = others;
  all = flips;
  for (int n = 1; n < net->depth; n++) {
    all += flips_of(&unclear, at, n, -1);
    units += net->layer[n].shape.units;
  }
  assert_int_equal(found->in_domain, excess <= 1e-10);
  assert_near(found->overshoot, excess, 1e-6);
  assert_near(found->distance, sqrt(squares), 1e-6);
  assert_near(found->R_j, at->here->layer[0].R_j[found->unit], 1e-5 * f_x);
  if (unclear) return 0;
  assert_int_equal(found->same_layer, flips == 0);
  assert_int_equal(found->same_network, all == 0);
  assert_near(found->flipped_layer, (double)flips / others, 1e-6);
  assert_near(found->flipped_network, (double)all / units, 1e-6);
  assert_true(fabs(found->f_ratio - f_root / f_x) <= 1e-4 * (1 + f_root / f_x));
  assert_true(fabs(found->c_drift - fabs(c - 1)) <= 1e-4);
  assert_true(fabs(found->d_drift - fabs(d - 1)) <= 1e-4 * (1 + d));
  assert_true(fabs(found->conserved - c * d) <= 1e-4 * (1 + c * d));
  return 1;
}

/* Audits one layer of a random network of that pooling norm on 4 examples. */
static int hold_layer(const struct dtd_network *net, int layer,
                      const struct dtd_rule *rule, uint64_t seed) {
  float low = layer ? 0 : -0.5f, high = layer ? INFINITY : 1.5f;
  struct dtd_network from = {.depth = net->depth - layer};
  memcpy(from.layer, net->layer + layer, from.depth * sizeof *from.layer);
  struct places at = {new_reference(&from), new_reference(&from)};
  struct dtd_rng rng = dtd_rng_open(seed, "test/root-audit", 0);
  struct dtd_root_auditor *a =
      own_root_auditor(dtd_root_auditor_new(net, layer, rule, low, high));
  struct dtd_audited_root found[64];
  int clear = 0;
  for (int n = 0; n < 4; n++) {
    float x[64];
    double wide[64];
    fill_random(x, from.layer[0].shape.inputs, low, 1.5, &rng);
    widen(wide, x, from.layer[0].shape.inputs);
    int count = dtd_audit_example(found, a, x), relevant = 0;
    explain_at(at.here, wide);
    for (int j = 0; j < from.layer[0].shape.units; j++)
      relevant += at.here->layer[0].R_j[j] > 0;
    assert_int_equal(count, relevant);
    for (int i = 0; i < count; i++)
      clear += hold_root(&at, &found[i], &from, rule, wide, low, high);
  }
  return clear;
}

TEST(roots_agree_with_the_reference) {
  const float norms[] = {1, 2, INFINITY};
  for (int q = 0; q < 3; q++) {
    const struct dtd_layer_shape shape[] = {LAYER_NORM(30, 24, 4, norms[q]),
                                            LAYER_NORM(6, 20, 2, norms[q]),
                                            LAYER(10, 8, 8)};
    for (uint64_t seed = 1; seed <= 3; seed++) {
      struct dtd_network *net = random_network(shape, 3, seed);
      for (int r = 0; dtd_rules[r]; r++)
        if (dtd_rules[r]->direction)
          assert_true(hold_layer(net, 0, dtd_rules[r], seed) > 10);
      int clear = 0;
      for (int n = 1; n < 3; n++)
        clear += hold_layer(net, n, dtd_rule_find("z+"), seed);
      assert_true(clear > 10);
    }
  }
}

/* ---- rows ---- */

enum { PAIRS = 5, UNITS = 24 };

static const struct dtd_layer_shape row_shape[] = {LAYER(30, UNITS, 4),
                                                   LAYER(6, 8, 8)};

static float *row_images(void) {
  return random_numbers(PAIRS * 30, -0.5, 1.5, 4, "test/rows");
}

static double row_value(const struct dtd_audit_row *rows, const char *name) {
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (!strcmp(rows[q].quantity, name)) return rows[q].estimate.value;
  fail_msg("%s is not reported", name);
  return NAN;
}

/* The middle of sorted values [first, last]. */
static double middle(const double *sorted, int first, int last) {
  return (sorted[(first + last) / 2] + sorted[(first + last + 1) / 2]) / 2;
}

static void sort(double *values, int count) {
  for (int i = 1; i < count; i++)
    for (int j = i; j > 0 && values[j] < values[j - 1]; j--) {
      double swap = values[j];
      values[j] = values[j - 1];
      values[j - 1] = swap;
    }
}

/* Shares, weights and hinges again, from the roots of each pair. */
TEST(rows_summarise_their_roots) {
  struct dtd_network *net = random_network(row_shape, 2, 4);
  const float *images = row_images();
  struct dtd_root_auditor *a = own_root_auditor(
      dtd_root_auditor_new(net, 0, dtd_rule_find("zB"), -0.5f, 1.5f));
  struct dtd_audit_row rows[DTD_AUDIT_ROWS];
  double same = 0, kept = 0, relevance = 0, low[PAIRS], mid[PAIRS], high[PAIRS];
  int units = 0, odd = 0;
  for (int n = 0; n < PAIRS; n++) {
    struct dtd_audited_root found[UNITS];
    double f[UNITS];
    int count = dtd_audit_example(found, a, images + n * 30);
    assert_true(count >= 4);
    units += count;
    for (int i = 0; i < count; i++) {
      same += found[i].same_layer;
      kept += found[i].R_j * found[i].conserved;
      relevance += found[i].R_j;
      f[i] = found[i].f_ratio;
    }
    sort(f, count);
    mid[n] = middle(f, 0, count - 1);
    low[n] = middle(f, 0, (count - 1) / 2);
    high[n] = middle(f, count / 2, count - 1);
    odd += count % 2;
    dtd_root_audit(rows, a, images + n * 30, 1, 10, 1);
    assert_near(row_value(rows, "f_ratio_low_quartile"), low[n], 1e-6);
    assert_near(row_value(rows, "f_ratio_high_quartile"), high[n], 1e-6);
  }
  assert_true(odd > 0 && odd < PAIRS); /* halves with and without a middle */
  dtd_root_audit(rows, a, images, PAIRS, 100, 1);
  sort(low, PAIRS);
  sort(mid, PAIRS);
  sort(high, PAIRS);
  assert_true(same > 0 && same < units);
  assert_int_equal(rows[0].units, units);
  assert_near(row_value(rows, "same_region_layer"), same / units, 1e-6);
  assert_near(row_value(rows, "conserved"), kept / relevance, 1e-6);
  assert_near(row_value(rows, "f_ratio_low_quartile"), low[PAIRS / 2], 1e-6);
  assert_near(row_value(rows, "f_ratio_median"), mid[PAIRS / 2], 1e-6);
  assert_near(row_value(rows, "f_ratio_high_quartile"), high[PAIRS / 2], 1e-6);
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    assert_true(rows[q].estimate.low <= rows[q].estimate.value &&
                rows[q].estimate.value <= rows[q].estimate.high);
}

static struct dtd_audit_row *audit_rows(int *count) {
  return own_memory(dtd_audit_network(count, random_network(row_shape, 2, 4),
                                      dtd_rule_find("z+"), -0.5f, 1.5f,
                                      row_images(), PAIRS, 50, 1));
}

TEST(every_rule_with_a_root_is_audited_once) {
  int count, rules = 0;
  struct dtd_audit_row *rows = audit_rows(&count);
  for (int r = 0; dtd_rules[r]; r++) {
    if (!dtd_rules[r]->direction) continue;
    assert_string_equal(rows[rules * DTD_AUDIT_ROWS].rule, dtd_rules[r]->name);
    assert_int_equal(rows[rules++ * DTD_AUDIT_ROWS].layer, 0);
  }
  assert_int_equal(count, (rules + 1) * DTD_AUDIT_ROWS);
  assert_string_equal(rows[rules * DTD_AUDIT_ROWS].rule, "z+");
  assert_int_equal(rows[rules * DTD_AUDIT_ROWS].layer, 1);
}

TEST(threads_do_not_change_an_audit) {
  int count;
  dtd_threads(1);
  struct dtd_audit_row *alone = audit_rows(&count);
  dtd_threads(3);
  struct dtd_audit_row *together = audit_rows(&count);
  for (int i = 0; i < count; i++)
    assert_memory_equal(&alone[i].estimate, &together[i].estimate,
                        3 * sizeof(double));
}

TEST(reports_show_every_row) {
  int count, lines = 0;
  struct dtd_audit_row *rows = audit_rows(&count);
  struct dtd_provenance from = {"test", "0", 1};
  dtd_audit_write(test_path("audit.tsv"), rows, count, &from);
  char *text = test_get(NULL, test_path("audit.tsv")), expected[128];
  assert_non_null(strstr(text, "\nrule\tlayer\tquantity\tvalue\tlow\thigh\t"
                               "units\tpairs\n"));
  snprintf(expected, sizeof expected, "\nzB\t1\tin_domain\t1\t1\t1\t%ld\t5\n",
           rows[0].units);
  assert_non_null(strstr(text, expected));
  for (char *c = text; *c; c++) lines += *c == '\n';
  assert_int_equal(lines, 5 + 1 + count); /* provenance, names, rows */

  FILE *file = fopen(test_path("short.txt"), "w");
  dtd_audit_print(file, rows, count);
  fclose(file);
  text = test_get(NULL, test_path("short.txt"));
  lines = 0;
  for (char *c = text; *c; c++) lines += *c == '\n';
  assert_int_equal(lines, 1 + count / DTD_AUDIT_ROWS);
}

/* One thread until the first test has forked: see below. */
static void set_up(void) {
  dtd_threads(1);
  test_folder_new();
}

TEST_GROUP(set_up, test_folder_free)

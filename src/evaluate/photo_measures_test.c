/* Tests measures of photos' heatmaps on heatmaps whose measures are known. */

#include "base/test.h"
#include "evaluate/photo_measures.h"

enum { SIDE = 240 };

static float R[SIDE * SIDE], gray[SIDE * SIDE];
static const struct dtd_heatmap whole = {R, SIDE, SIDE};

static void fill(double (*value)(int row, int column)) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) R[i * SIDE + j] = (float)value(i, j);
}

static double one(int row, int column) {
  (void)row, (void)column;
  return 1;
}

static double in_the_middle(int row, int column) {
  return row >= 60 && row < 180 && column >= 60 && column < 180;
}

static double mixed(int row, int column) {
  (void)column;
  return row < 120 ? 1 : -1;
}

TEST(cells_of_an_even_heatmap_are_even) {
  double r[64];
  fill(one);
  dtd_photo_cells(r, whole, 1, 8);
  for (int i = 0; i < 64; i++) assert_true(fabs(r[i] - 1 / 64.0) < 1e-12);
  dtd_photo_cells(r, whole, 0.5, 8);
  for (int i = 0; i < 64; i++) assert_true(fabs(r[i] - 1 / 64.0) < 1e-12);
}

/* The middle half of each side fills the whole grid of the central part. */
TEST(cells_of_a_part_see_that_part_alone) {
  double r[16];
  fill(in_the_middle);
  dtd_photo_cells(r, whole, 0.5, 4);
  for (int i = 0; i < 16; i++) assert_true(fabs(r[i] - 1 / 16.0) < 1e-12);
  dtd_photo_cells(r, whole, 1, 4);
  for (int i = 0; i < 16; i++) {
    bool middle = i / 4 % 3 && i % 4 % 3;
    assert_true(fabs(r[i] - (middle ? 0.25 : 0)) < 1e-12);
  }
}

TEST(cells_hold_positive_relevance_alone) {
  double r[4], none[4];
  fill(mixed);
  dtd_photo_cells(r, whole, 1, 2);
  const double wanted[] = {0.5, 0.5, 0, 0};
  for (int i = 0; i < 4; i++) assert_true(fabs(r[i] - wanted[i]) < 1e-12);
  memset(R, 0, sizeof R);
  dtd_photo_cells(none, whole, 1, 2);
  for (int i = 0; i < 4; i++) assert_true(none[i] == 0);
}

/* Half of r + other = (3, 3, 1, 1) is in the first two cells. */
TEST(evenness_is_that_of_the_cells_that_hold_half) {
  const double even[] = {0.5, 0.5, 0, 0}, uneven[] = {1, 0, 0, 0};
  const double other[] = {0.25, 0.25, 0.25, 0.25};
  assert_true(fabs(dtd_photo_evenness(even, other, 4) - 1) < 1e-12);
  assert_true(fabs(dtd_photo_evenness(other, even, 4) - 1) < 1e-12);
  assert_true(fabs(dtd_photo_evenness(uneven, uneven, 4) - 1) < 1e-12);
  /* (1, 0, 0, 0) + (0, 1, 0, 0): two of equals, or one of them */
  const double shifted[] = {0.2, 0.8, 0, 0}, flat[] = {0.8, 0.2, 0, 0};
  assert_true(fabs(dtd_photo_evenness(flat, shifted, 4) - 1) < 1e-12);
  /* (.7, .1, .2, 0) + (.1, .5, .4, 0) = (.8, .6, .6, 0): the first and one */
  const double a[] = {0.7, 0.1, 0.2, 0}, b[] = {0.1, 0.5, 0.35, 0.05};
  assert_true(fabs(dtd_photo_evenness(a, b, 4) - 0.64 / (2 * 0.5)) < 1e-12);
}

TEST(alikeness_is_pearson_s_correlation) {
  const double a[] = {1, 2, 3, 4}, b[] = {3, 5, 7, 9}, c[] = {4, 3, 2, 1};
  const double d[] = {1, -1, -1, 1}, flat[] = {2, 2, 2, 2};
  assert_true(fabs(dtd_photo_alikeness(a, b, 4) - 1) < 1e-12);
  assert_true(fabs(dtd_photo_alikeness(a, c, 4) + 1) < 1e-12);
  assert_true(fabs(dtd_photo_alikeness(a, d, 4)) < 1e-12);
  assert_true(isnan(dtd_photo_alikeness(a, flat, 4)));
}

/* The autocorrelation of a product of cosines of period T is cos(2 pi lag / T),
   one half at T / 6; a window that no
   period divides shifts it a little. */
static double wave(int row, int column) {
  return cos(2 * M_PI * row / 48) * cos(2 * M_PI * column / 48);
}

static double longer_wave(int row, int column) {
  return cos(2 * M_PI * row / 80) * cos(2 * M_PI * column / 80);
}

TEST(a_wave_of_period_t_is_correlated_over_a_sixth_of_it) {
  fill(wave);
  assert_true(fabs(dtd_photo_correlation_length(whole, 1) * SIDE - 8) < 0.5);
  assert_true(fabs(dtd_photo_correlation_length(whole, 2) * SIDE - 8) < 0.5);
  fill(longer_wave);
  assert_true(fabs(dtd_photo_correlation_length(whole, 1) * SIDE - 80 / 6.0) <
              0.8);
}

/* Gray values rise from left to right, in the middle. */
static void step_in_the_middle(void) {
  for (int p = 0; p < SIDE * SIDE; p++) gray[p] = p % SIDE >= SIDE / 2;
}

static double left(int row, int column) {
  (void)row;
  return column < SIDE / 2 ? 2 : 0;
}

static double right(int row, int column) {
  return 2 - left(row, column);
}

TEST(relevance_left_of_a_step_up_is_on_its_dark_side) {
  double dark, bright;
  step_in_the_middle();
  fill(left);
  dtd_photo_edge_sides(&dark, &bright, whole, gray);
  assert_true(fabs(dark - 2) < 1e-6 && bright == 0);
  fill(right);
  dtd_photo_edge_sides(&dark, &bright, whole, gray);
  assert_true(fabs(bright - 2) < 1e-6 && dark == 0);
  fill(one);
  dtd_photo_edge_sides(&dark, &bright, whole, gray);
  assert_true(fabs(bright - 1) < 1e-6 && fabs(dark - 1) < 1e-6);
}

TEST(a_photo_without_edges_has_no_sides) {
  double dark, bright;
  memset(gray, 0, sizeof gray);
  fill(one);
  dtd_photo_edge_sides(&dark, &bright, whole, gray);
  assert_true(isnan(dark) && isnan(bright));
}

/* 1 +- a in every other column: a^2 of columns, nothing of rows. */
static double stripes(int row, int column) {
  (void)row;
  return 1 + (column % 2 ? 0.1 : -0.1);
}

TEST(stripes_leave_a_trace_at_their_period) {
  fill(stripes);
  assert_true(fabs(dtd_photo_trace(whole, 2) - 0.005) < 1e-8);
  assert_true(fabs(dtd_photo_trace(whole, 4) - 0.005) < 1e-8);
  assert_true(dtd_photo_trace(whole, 3) < 1e-12);
  fill(one);
  assert_true(dtd_photo_trace(whole, 2) < 1e-12);
  memset(R, 0, sizeof R);
  assert_true(isnan(dtd_photo_trace(whole, 2)));
}

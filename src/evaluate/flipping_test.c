/* Tests pixel flipping on networks whose scores are known by hand, and against
   a slow twin that searches the strongest pixel left, one at a time. */

#include "base/test.h"
#include "evaluate/flipping.h"
#include "files/pairs.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

enum { P = DTD_PAIR_PIXELS };

static bool rounded(double a, double b) {
  return fabs(a - b) <= 1e-5 * (1 + fabs(b));
}

/* f(x) = sum_p (x_p + 0.5) over the pixels given, a measure of their ink: one
   unit with weights 1, and a bias that the black image brings to 0. */
static struct dtd_network *counting_network(const bool *counts) {
  struct dtd_layer_shape one = LAYER(P, 2, 2);
  struct dtd_network *net = new_network(&one, 1);
  for (int p = 0; p < P; p++)
    if (counts[p]) {
      net->layer[0].w[2 * p] = 1;
      net->layer[0].b[0] += 0.5f;
    }
  return net;
}

/* White on the pixels that count, which the heatmap ranks first: after s steps
   of 14, f has fallen by 14 s of 56 pixels. */
TEST(a_perfect_heatmap_takes_the_ink_first) {
  bool counts[P] = {0};
  float x[P], R_p[P] = {0};
  double curve[DTD_MOST_FLIPPING_STEPS + 1];
  for (int p = 0; p < P; p++) x[p] = DTD_PIXEL_LOW;
  for (int i = 0; i < 56; i++) {
    int p = 28 * i + 3;
    counts[p] = true;
    x[p] = DTD_PIXEL_HIGH;
    R_p[p] = (float)(i + 1);
  }
  struct dtd_network *net = counting_network(counts);
  struct dtd_activations *act =
      new_activations(net, DTD_MOST_FLIPPING_STEPS + 1);
  struct dtd_rng rng = dtd_rng_open(1, "test/flipping", 0);
  double f = dtd_flip(curve, &dtd_flippings[0], act, net, x, R_p, &rng);
  assert_true(rounded(f, 56 * 2));
  for (int s = 0; s <= 112; s++)
    assert_true(rounded(curve[s], s < 4 ? 1 - s / 4.0 : 0));
  /* trapezes: (1 + .75)/2 + (.75 + .5)/2 + (.5 + .25)/2 + .25/2 = 2 */
  assert_true(rounded(dtd_flipping_area(curve, 112), 2.0 / 112));
  assert_true(rounded(dtd_flipping_area(curve, 2), 0.75)); /* early steps */
  for (int p = 0; p < P; p++) R_p[p] = -R_p[p]; /* the worst heatmap */
  dtd_flip(curve, &dtd_flippings[0], act, net, x, R_p, &rng);
  for (int s = 0; s <= 112; s++)
    assert_true(rounded(curve[s], s > 108 ? (112 - s) / 4.0 : 1));
}

/* Blocks 9, 2 and 30 hold 3, 2 and 1 white pixels and are taken in this order,
   though the strongest single pixel lies in block 30. */
TEST(blocks_go_by_their_sums) {
  const int block[] = {9, 2, 30}, inks[] = {3, 2, 1};
  bool counts[P] = {0};
  float x[P], R_p[P] = {0};
  double curve[33];
  for (int p = 0; p < P; p++) x[p] = DTD_PIXEL_LOW;
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < inks[i]; k++) {
      int p = (block[i] / 8 * 7 + 6) * DTD_PAIR_COLUMNS + block[i] % 8 * 7 + k;
      counts[p] = true;
      x[p] = DTD_PIXEL_HIGH;
      R_p[p] = i == 2 ? 1.5f : 1;
    }
  struct dtd_network *net = counting_network(counts);
  struct dtd_activations *act =
      new_activations(net, DTD_MOST_FLIPPING_STEPS + 1);
  struct dtd_rng rng = dtd_rng_open(1, "test/flipping", 0);
  dtd_flip(curve, &dtd_flippings[1], act, net, x, R_p, &rng);
  const double wanted[] = {1, 3 / 6.0, 1 / 6.0, 0};
  for (int s = 0; s <= 32; s++)
    assert_true(rounded(curve[s], wanted[s < 3 ? s : 3]));
  /* sum of 1 - g: 0 + 1/2 + 5/6 + 30, over 33 */
  assert_true(rounded(dtd_aopc(curve, 32), (0.5 + 5 / 6.0 + 30) / 33));
}

/* Repeats: find the strongest square left by its sum, blacken it pixel by
   pixel, and after every at_once squares run the network in double. */
static void flip_by_hand(double *curve, const struct dtd_flipping *flipping,
                         const struct dtd_network *net, const float *x,
                         const float *R_p) {
  struct dtd_reference *reference = new_reference(net);
  int side = flipping->block, gone = 0;
  bool black[P] = {0};
  double image[P];
  widen(image, x, P);
  curve[0] = dtd_reference_forward(reference, image);
  for (int s = 1; s <= flipping->steps; gone++) {
    int best_row = -1, best_column = -1;
    double best = -INFINITY;
    for (int row = 0; row < DTD_PAIR_ROWS; row += side)
      for (int column = 0; column < DTD_PAIR_COLUMNS; column += side) {
        double sum = 0;
        for (int i = 0; i < side * side; i++)
          sum += (double)
              R_p[(row + i / side) * DTD_PAIR_COLUMNS + column + i % side];
        if (black[row * DTD_PAIR_COLUMNS + column] || sum <= best) continue;
        best = sum, best_row = row, best_column = column;
      }
    for (int i = 0; i < side * side; i++) {
      int p = (best_row + i / side) * DTD_PAIR_COLUMNS + best_column + i % side;
      black[p] = true;
      image[p] = -0.5;
    }
    if ((gone + 1) % flipping->at_once == 0)
      curve[s++] = dtd_reference_forward(reference, image) / curve[0];
  }
  curve[0] = 1;
}

TEST(curves_equal_a_search_one_by_one) {
  struct dtd_layer_shape shape[] = {LAYER(P, 6, 2), LAYER(3, 4, 4)};
  struct dtd_network *net = random_network(shape, 2, 4);
  struct dtd_activations *act =
      new_activations(net, DTD_MOST_FLIPPING_STEPS + 1);
  struct dtd_rng rng = dtd_rng_open(3, "test/flipping", 1);
  float *x = new_random(P, -0.5, 1.5, &rng);
  float *R_p = new_random(P, -1, 1, &rng); /* no ties */
  for (int k = 0; k < DTD_FLIPPINGS; k++) {
    double curve[DTD_MOST_FLIPPING_STEPS + 1];
    double wanted[DTD_MOST_FLIPPING_STEPS + 1];
    assert_true(dtd_flip(curve, &dtd_flippings[k], act, net, x, R_p, &rng) > 0);
    flip_by_hand(wanted, &dtd_flippings[k], net, x, R_p);
    for (int s = 0; s <= dtd_flippings[k].steps; s++)
      assert_true(rounded(curve[s], wanted[s]));
  }
}

/* Ink in one corner, in random order: the mean curve falls along the diagonal,
   and so it does for a flat heatmap, which must not favour the first rows. */
TEST(random_order_falls_along_the_diagonal) {
  enum { DRAWS = 200 };
  bool counts[P] = {0};
  float x[P], flat[P];
  for (int p = 0; p < P; p++) {
    counts[p] = p < 56;
    x[p] = p < 56 ? DTD_PIXEL_HIGH : DTD_PIXEL_LOW;
    flat[p] = 0.25f;
  }
  struct dtd_network *net = counting_network(counts);
  struct dtd_activations *act =
      new_activations(net, DTD_MOST_FLIPPING_STEPS + 1);
  const float *heatmaps[] = {NULL, flat};
  for (int h = 0; h < 2; h++) {
    double area = 0, curve[DTD_MOST_FLIPPING_STEPS + 1];
    for (int n = 0; n < DRAWS; n++) {
      struct dtd_rng rng = dtd_rng_open(1, "test/flipping-random", n);
      dtd_flip(curve, &dtd_flippings[0], act, net, x, heatmaps[h], &rng);
      area += dtd_flipping_area(curve, 112) / DRAWS;
    }
    /* an area is the mean of 56 uniforms: 5 sigma of the mean of 200 */
    assert_true(fabs(area - 0.5) < 5 * sqrt(1 / 12.0 / 56 / DRAWS));
  }
}

TEST(every_way_ends_with_a_black_image) {
  for (int k = 0; k < DTD_FLIPPINGS; k++) {
    const struct dtd_flipping *f = &dtd_flippings[k];
    assert_int_equal(f->steps * f->at_once * f->block * f->block, P);
    assert_true(f->steps <= DTD_MOST_FLIPPING_STEPS);
    /* early: the number of steps nearest to 15.7 % of the image */
    assert_int_equal(f->early, lround(0.157 * f->steps));
  }
}

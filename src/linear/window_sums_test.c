/* Holds sums over a window to the chains of multiply-adds that they are
   promised to be, and planes to their definition. */
#include "linear/window_sums.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/processor.h"
#include "linear/threads.h"

/* ---- planes ---- */

static const struct dtd_planes layouts[] = {
    {2, 3, 4, {1, 1}, {0, 0}, {3, 4}}, /* the picture */
    {2, 3, 4, {1, 1}, {2, 1}, {6, 7}}, /* with padding */
    {1, 7, 9, {2, 3}, {1, 4}, {5, 5}}, /* taken apart */
    {3, 5, 4, {3, 2}, {0, 0}, {1, 2}}, /* less than all */
    {1, 1, 1, {4, 4}, {9, 9}, {2, 4}}, /* hardly anything */
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts };

static float element(const struct dtd_planes *p, const float *picture, int i,
                     int r, int c) {
  bool inside = r >= 0 && r < p->rows && c >= 0 && c < p->columns;
  return inside ? picture[(i * p->rows + r) * p->columns + c] : 0;
}

TEST(planes_are_the_picture_taken_apart) {
  for (int l = 0; l < LAYOUTS; l++) {
    const struct dtd_planes *p = &layouts[l];
    float *picture = random_numbers(p->channels * p->rows * p->columns, 1, 2, 1,
                                    "test/picture");
    float *at = test_new(dtd_planes_size(p), sizeof *at);
    dtd_planes_fill(at, p, picture);
    assert_int_equal(dtd_planes_are_picture(p), l == 0);
    for (int i = 0; i < p->channels; i++)
      for (int a = 0; a < p->step[0]; a++)
        for (int b = 0; b < p->step[1]; b++)
          for (int r = 0; r < p->size[0]; r++)
            for (int c = 0; c < p->size[1]; c++, at++)
              assert_true(*at == element(p, picture, i,
                                         p->step[0] * r + a - p->before[0],
                                         p->step[1] * c + b - p->before[1]));
  }
}

/* ---- sums ---- */

/* Groups, maps, positions, taps: below, at and above tiles, blocks, bands. */
static const int shapes[][4] = {
    {1, 1, 1, 1},    {1, 16, 6, 9},    {1, 17, 97, 256},  {2, 40, 49, 300},
    {3, 5, 100, 27}, {1, 33, 196, 64}, {1, 300, 200, 70}, {1, 64, 3000, 40},
    {9, 1, 31, 9},   {2, 20, 0, 5},    {1, 48, 20, 0},    {1, 3, 700, 513},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, PICTURE = 4000 };

struct bench {
  struct dtd_window_sums sums;
  struct dtd_window_weights weights;
  float *w, *x, *z, *packed;
};

static int *random_table(int count, int below, struct dtd_rng *rng) {
  int *table = test_new((size_t)count + 1, sizeof *table);
  for (int i = 0; i < count; i++)
    table[i] = (int)dtd_rng_below(rng, (uint32_t)below);
  return table;
}

/* w stands (maps, taps twice), and taps read it in some other order. */
static struct bench open_bench(const int *shape, bool along) {
  struct dtd_rng rng = dtd_rng_open(5, "test/window_sums", 0);
  int groups = shape[0], maps = shape[1], positions = shape[2];
  int inner = shape[3];
  int *position = random_table(positions, PICTURE, &rng);
  if (along)
    for (int p = 0; p < positions; p++) position[p] = 7 + p;
  struct bench b = {.sums = {groups, maps, positions, inner, position,
                             random_table(inner, PICTURE, &rng), PICTURE / 2,
                             along},
                    .weights = {.map_step = 2 * inner,
                                .group_step = 2L * inner * maps,
                                .tap = random_table(inner, 2 * inner, &rng)}};
  b.w = new_random(2L * groups * maps * inner, -1, 1, &rng);
  b.x = new_random(2 * PICTURE + groups * PICTURE / 2 + 32, -1, 1, &rng);
  b.z = new_random(groups * maps * positions + 1, -1, 1, &rng);
  b.weights.from = b.w;
  b.packed = test_new(dtd_packed_size(&b.sums), sizeof *b.packed);
  dtd_window_pack(b.packed, &b.sums, &b.weights);
  return b;
}

static float chain(const struct bench *b, int map, int p) {
  int g = map / b->sums.maps, m = map % b->sums.maps;
  const float *w = b->w + g * b->weights.group_step + m * b->weights.map_step;
  const float *x = b->x + g * b->sums.group_step + b->sums.position[p];
  float sum = 0;
  for (int k = 0; k < b->sums.inner; k++)
    sum = fmaf(w[b->weights.tap[k]], x[b->sums.tap[k]], sum);
  return sum;
}

static void assert_chains(const int *shape, bool along) {
  struct bench b = open_bench(shape, along);
  int maps = b.sums.groups * b.sums.maps, positions = b.sums.positions;
  float beyond = b.z[maps * positions];
  dtd_window_sum(b.z, &b.sums, b.packed, b.x);
  for (int m = 0; m < maps; m++)
    for (int p = 0; p < positions; p += 1 + positions / 300)
      assert_true(b.z[m * positions + p] == chain(&b, m, p));
  assert_true(b.z[maps * positions] == beyond);
}

TEST(each_sum_is_one_chain_on_every_processor) {
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    for (int threads = 1; threads <= 3; threads++) {
      dtd_threads(threads);
      for (int s = 0; s < SHAPES; s++)
        for (int along = 0; along < 2; along++) assert_chains(shapes[s], along);
    }
  }
  dtd_processor_use(dtd_processor_best());
}

TEST(few_maps_do_not_fill_a_block) {
  assert_true(dtd_few_maps(1) && dtd_few_maps(3) && dtd_few_maps(10));
  assert_false(dtd_few_maps(11) || dtd_few_maps(16) || dtd_few_maps(24));
}

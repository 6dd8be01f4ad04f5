/* Holds sums over a window to the chains of multiply-adds that they are
   promised to be, whichever way they are found. */
#include "linear/window_sums.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/processor.h"
#include "linear/threads.h"

TEST_OWNS(picture_spots)

/* Groups, maps, positions, channels, window: below, at and above tiles, blocks,
   bands. */
static const int shapes[][5] = {
    {1, 1, 1, 1, 1},    {1, 16, 6, 3, 3},    {1, 17, 97, 128, 2},
    {2, 40, 49, 75, 4}, {3, 5, 100, 3, 9},   {1, 33, 196, 64, 1},
    {1, 300, 50, 7, 9}, {1, 64, 2000, 9, 3}, {9, 1, 31, 1, 9},
    {2, 20, 0, 5, 1},   {1, 48, 20, 6, 0},   {1, 3, 700, 130, 4},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, PLACES = 900, ELEMENTS = 800 };

struct bench {
  struct dtd_window_sums sums;
  struct dtd_window_weights weights;
  float *w, *x, *z, *packed, *picture;
};

static int *random_table(int count, int below, struct dtd_rng *rng) {
  int *table = test_new((size_t)count + 1, sizeof *table);
  for (int i = 0; i < count; i++)
    table[i] = (int)dtd_rng_below(rng, (uint32_t)below);
  return table;
}

/* Places are elements of the picture in some order, or outside; a share of the
   elements is not zero. */
static void fill(struct bench *b, double share, struct dtd_rng *rng) {
  int channels = b->sums.groups * b->sums.channels;
  int *element = random_table(PLACES, ELEMENTS + 1, rng);
  b->sums.element = element;
  b->picture = new_random((long)channels * ELEMENTS, -1, 1, rng);
  for (int i = 0; i < channels * ELEMENTS; i++)
    if (dtd_rng_uniform(rng) >= share) b->picture[i] = 0;
  b->x = test_new((size_t)(channels * PLACES + DTD_READ_BEYOND), sizeof *b->x);
  for (int i = 0; i < channels; i++)
    for (int q = 0; q < PLACES; q++)
      b->x[i * PLACES + q] =
          element[q] == ELEMENTS ? 0 : b->picture[i * ELEMENTS + element[q]];
}

/* w stands (maps, channels, the window twice), and is read in some order. */
static struct bench open_bench(const int *shape, bool along, double share) {
  struct dtd_rng rng = dtd_rng_open(5, "test/window_sums", 0);
  int groups = shape[0], maps = shape[1], positions = shape[2];
  int channels = shape[3], window = shape[4], reach = PLACES / 4;
  int *position = random_table(positions, PLACES - reach, &rng);
  if (along)
    for (int p = 0; p < positions; p++) position[p] = p;
  struct bench b = {
      .sums = {.groups = groups,
               .maps = maps,
               .positions = positions,
               .position = position,
               .channels = channels,
               .window = window,
               .offset = random_table(window, reach, &rng),
               .channel_step = PLACES,
               .along_positions = along},
      .weights = {.map_step = 2 * channels * window,
                  .channel_step = 2 * window,
                  .group_step = 2L * channels * window * maps,
                  .offset = random_table(window, 2 * window, &rng)}};
  b.sums.tap = own_memory(dtd_window_taps(&b.sums));
  b.w = new_random(2L * groups * maps * channels * window, -1, 1, &rng);
  b.z = new_random(groups * maps * positions + 1, -1, 1, &rng);
  b.weights.from = b.w;
  b.packed = test_new(dtd_packed_size(&b.sums), sizeof *b.packed);
  dtd_window_pack(b.packed, &b.sums, &b.weights);
  fill(&b, share, &rng);
  return b;
}

/* The sum as window_sums.h says it is made, one operation at a time. */
static float chain(const struct bench *b, int map, int p) {
  const struct dtd_window_sums *s = &b->sums;
  int g = map / s->maps;
  const float *w =
      b->w + g * b->weights.group_step + map % s->maps * b->weights.map_step;
  const float *x = b->x + g * s->channels * s->channel_step + s->position[p];
  float sum = 0;
  for (int first = 0; first < s->channels; first += DTD_BAND)
    for (int t = 0; t < s->window; t++)
      for (int i = first; i < s->channels && i < first + DTD_BAND; i++)
        sum = fmaf(w[i * b->weights.channel_step + b->weights.offset[t]],
                   x[i * s->channel_step + s->offset[t]], sum);
  return sum;
}

static void assert_chains(const struct bench *b, float beyond) {
  int maps = b->sums.groups * b->sums.maps, positions = b->sums.positions;
  for (int m = 0; m < maps; m++)
    for (int p = m % 3; p < positions; p += 1 + positions / 60)
      assert_true(b->z[m * positions + p] == chain(b, m, p));
  assert_true(b->z[maps * positions] == beyond);
}

/* Along positions, across maps, and of spots. */
enum { ALONG, ACROSS, SPOTS, WAYS };

static void assert_sums(const int *shape, int way, double share) {
  struct bench b = open_bench(shape, way == ALONG, share);
  float beyond = b.z[b.sums.groups * b.sums.maps * b.sums.positions];
  if (way == SPOTS) {
    struct dtd_picture_spots *spots = own_picture_spots(dtd_picture_spots_new(
        b.picture, b.sums.groups * b.sums.channels, b.sums.groups, ELEMENTS));
    dtd_picture_spots_list(spots, b.picture);
    dtd_window_sum_spots(b.z, &b.sums, b.packed, spots);
  } else {
    dtd_window_sum(b.z, &b.sums, b.packed, b.x);
  }
  assert_chains(&b, beyond);
}

TEST(each_sum_is_one_chain_on_every_processor) {
  const double share[] = {1, 0.4, 0.05, 0};
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    for (int i = 0; i < SHAPES * WAYS * 3; i++) {
      const int *shape = shapes[i / WAYS / 3];
      int way = i / 3 % WAYS;
      if (way == ALONG && shape[2] > PLACES - PLACES / 4) continue;
      dtd_threads(1 + i % 3);
      assert_sums(shape, way, share[(i / 3 + i % 3) % 4]);
    }
  }
  dtd_processor_use(dtd_processor_best());
}

TEST(few_maps_do_not_fill_a_block) {
  assert_true(dtd_few_maps(1) && dtd_few_maps(3) && dtd_few_maps(10));
  assert_false(dtd_few_maps(11) || dtd_few_maps(16) || dtd_few_maps(24));
}

/* Many maps and a window that is worth it; neither a single block nor few
   maps. */
TEST(spots_pay_where_there_are_few_and_many_sums) {
  struct dtd_window_sums many = {.groups = 1,
                                 .maps = 192,
                                 .positions = 3136,
                                 .channels = 64,
                                 .window = 9,
                                 .channel_step = 3364};
  struct dtd_window_sums few = many, along = many;
  few.maps = 16;
  few.window = 1;
  along.along_positions = true;
  assert_true(dtd_spots_cost(&many, 0.1) < 0.5);
  assert_true(dtd_spots_cost(&many, 0.5) < 1);
  assert_true(dtd_spots_cost(&many, 1) > 1);
  assert_true(dtd_spots_cost(&few, 0.1) > 1);
  assert_true(isinf(dtd_spots_cost(&along, 0.1)));
}

/* Tests images read as ink, or as a matrix, against plain double loops. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/image_batch.h"
#include "linear/threads.h"
#include "linear/batch_parts.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

TEST_OWNS(image_batch)

enum { PIXELS = 90, UNITS = 24, MOST = 150 };

static const struct dtd_layer_shape shape[] = {LAYER(PIXELS, UNITS, 4),
                                               LAYER(6, 10, 10)};

struct bench {
  struct dtd_network *net;
  struct dtd_network *stored; /* with the first weights folded */
  struct dtd_image_batch *images;
  struct dtd_activations *act;
  float *x, *z; /* (MOST, PIXELS), (MOST, UNITS) */
};

/* Every second image has `share` of ink, the others as much as they can. */
static struct bench open_bench(double share) {
  struct bench b = {.net = random_network(shape, 2, 3)};
  struct dtd_rng rng = dtd_rng_open(4, "test/images", 0);
  b.stored = own_network(dtd_network_stored(b.net, &dtd_folded, -0.5f, 1));
  b.images = own_image_batch(dtd_image_batch_new(PIXELS, -0.5f, MOST));
  b.act = new_activations(b.net, MOST);
  b.x = new_random(MOST * PIXELS, -0.5, 1.5, &rng);
  b.z = test_new(MOST * UNITS, sizeof *b.z);
  for (int p = 0; p < MOST * PIXELS; p++)
    if (dtd_rng_uniform(&rng) >= share) b.x[p] = -0.5f;
  return b;
}

static void run(struct bench *b, int batch) {
  struct dtd_inputs x = dtd_image_batch_read(b->images, b->x, batch);
  dtd_forward(b->act, b->stored, x);
  dtd_weights_apply(b->z, b->stored->layer[0].weights, &x);
}

/* z_j, x_j and f of every image, whether there is little ink or much. */
TEST(images_give_what_plain_loops_give) {
  const double shares[] = {0, 0.1, 0.45, 0.55, 1};
  const int batches[] = {1, 3, 20, 64, 65, MOST};
  for (int s = 0; s < 5; s++)
    for (int i = 0; i < 6; i++) {
      struct bench b = open_bench(shares[s]);
      struct dtd_reference *reference = new_reference(b.net);
      const struct dtd_reference_layer *first = &reference->layer[0];
      run(&b, batches[i]);
      assert_int_equal(b.act->batch, batches[i]);
      assert_ptr_equal(dtd_inputs_rows(&b.act->input, PIXELS), b.x);
      for (int n = 0; n < batches[i]; n++) {
        double f = reference_score(reference, b.x + n * PIXELS), z[UNITS];
        for (int j = 0; j < UNITS; j++) z[j] = first->z_j[j] - first->b[j];
        assert_close(b.z + n * UNITS, z, UNITS, 1e-5);
        assert_close(b.act->detection[0] + n * UNITS, first->x_j, UNITS, 1e-5);
        assert_true(fabs(dtd_score(b.act)[n] - f) <= 1e-5 * (1 + f));
      }
    }
}

TEST(threads_do_not_change_a_bit) {
  struct bench b = open_bench(0.3);
  size_t size = MOST * UNITS * sizeof(float);
  dtd_threads(1);
  run(&b, MOST);
  float *z = test_copy(b.z, MOST * UNITS, sizeof *z);
  float *x_j = test_copy(b.act->detection[0], MOST * UNITS, sizeof *x_j);
  for (int threads = 2; threads <= 4; threads *= 2) {
    dtd_threads(threads);
    memset(b.z, 0, size);
    run(&b, MOST);
    assert_memory_equal(b.z, z, size);
    assert_memory_equal(b.act->detection[0], x_j, size);
  }
  dtd_threads(1);
}

TEST(too_large_a_batch_dies) {
  struct dtd_image_batch *images =
      own_image_batch(dtd_image_batch_new(PIXELS, 0, 2));
  float x[3 * PIXELS] = {0};
  assert_dies(1, "a batch of 3 exceeds capacity 2",
              dtd_image_batch_read(images, x, 3));
}

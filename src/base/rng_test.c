/* Tests the random streams against published words and known moments. */

#include "base/test.h"
#include "base/rng.h"

/* Known answers of Philox4x64-10 from the Random123 distribution's
   kat_vectors, reached by setting key and counter by hand. */
TEST(published_words) {
  struct dtd_rng zeros = {.key = {0, 0}, .index = 0};
  const uint64_t of_zeros[4] = {0x16554d9eca36314cu, 0xdb20fe9d672d0fdcu,
                                0xd7e772cee186176bu, 0x7e68b68aec7ba23bu};
  for (int i = 0; i < 4; i++) assert_true(dtd_rng_bits(&zeros) == of_zeros[i]);
}

/* FNV-1a's published test vectors (Noll, "FNV hash"). */
TEST(published_hashes) {
  assert_true(dtd_hash("") == 0xcbf29ce484222325u);
  assert_true(dtd_hash("a") == 0xaf63dc4c8601ec8cu);
  assert_true(dtd_hash("foobar") == 0x85944171f73967e8u);
  assert_true(dtd_hash_bytes("foobar!", 6) == 0x85944171f73967e8u);
}

TEST(same_stream_same_numbers) {
  struct dtd_rng a = dtd_rng_open(7, "pairs/train", 12);
  struct dtd_rng other = dtd_rng_open(7, "pairs/train", 11);
  for (int i = 0; i < 100; i++) dtd_rng_bits(&other);
  struct dtd_rng b = dtd_rng_open(7, "pairs/train", 12);
  for (int i = 0; i < 100; i++)
    assert_true(dtd_rng_bits(&a) == dtd_rng_bits(&b));
}

TEST(other_seed_name_or_index_differ) {
  struct dtd_rng rng[] = {dtd_rng_open(7, "a", 0), dtd_rng_open(8, "a", 0),
                          dtd_rng_open(7, "b", 0), dtd_rng_open(7, "a", 1)};
  uint64_t first[4];
  for (int i = 0; i < 4; i++) first[i] = dtd_rng_bits(&rng[i]);
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < i; j++) assert_true(first[i] != first[j]);
}

/* Chi-squared with 6 degrees of freedom: above 22.5 once in a thousand. */
TEST(below_is_uniform) {
  enum { SIDES = 7, ROLLS = 70000 };
  struct dtd_rng rng = dtd_rng_open(1, "test/below", 0);
  int count[SIDES] = {0};
  for (int i = 0; i < ROLLS; i++) count[dtd_rng_below(&rng, SIDES)]++;
  double chi = 0, expected = ROLLS / (double)SIDES;
  for (int i = 0; i < SIDES; i++)
    chi += (count[i] - expected) * (count[i] - expected) / expected;
  assert_true(chi < 22.5);
  for (int i = 0; i < 10; i++) assert_int_equal(dtd_rng_below(&rng, 1), 0);
}

/* Moments of N(0, 1) are 0, 1, 0, 3; the bounds are five standard errors. */
TEST(normal_has_its_moments) {
  enum { DRAWS = 200000 };
  struct dtd_rng rng = dtd_rng_open(1, "test/normal", 0);
  double sum[5] = {0};
  for (int i = 0; i < DRAWS; i++) {
    double x = dtd_rng_normal(&rng), power = 1;
    for (int m = 1; m < 5; m++) sum[m] += power *= x;
  }
  const double moment[5] = {1, 0, 1, 0, 3}, variance[5] = {0, 1, 2, 15, 96};
  for (int m = 1; m < 5; m++)
    assert_true(fabs(sum[m] / DRAWS - moment[m]) <
                5 * sqrt(variance[m] / DRAWS));
}

TEST(uniform_stays_below_one) {
  struct dtd_rng rng = dtd_rng_open(1, "test/uniform", 0);
  double sum = 0;
  for (int i = 0; i < 100000; i++) {
    double u = dtd_rng_uniform(&rng);
    assert_true(u >= 0 && u < 1);
    sum += u;
  }
  assert_true(fabs(sum / 100000 - 0.5) < 5 * sqrt(1 / 12.0 / 100000));
}

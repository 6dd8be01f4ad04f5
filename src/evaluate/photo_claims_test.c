/* Tests the claims of section 6.2 on heatmaps made to meet them, or not. */

#include "base/test.h"
#include "base/test_folder.h"
#include "evaluate/photo_claims.h"
#include "files/table_reader.h"

TEST_GROUP(test_folder_new, test_folder_free)

enum { PHOTOS = 8, SIDE = 112, SIZE = SIDE * SIDE };

/* Two networks' heatmaps, of which claims hold, or do not. */
struct scene {
  struct dtd_explained_photos network[2];
  float *memory;
};

static double blob(int row, int column, int photo, double width) {
  double y = row - 40 - 4 * photo, x = column - 72 + 4 * photo;
  return exp(-(x * x + y * y) / (2 * width * width));
}

/* Deep Taylor: a blob of the photo's own place, with stripes of the stride;
   sensitivity: a few of its pixels. Gray: a step where the blob is. */
static struct scene make_scene(double width, double other_width) {
  struct scene s = {.memory = test_new(8 * PHOTOS * SIZE, sizeof(float))};
  for (int n = 0; n < 2; n++) {
    float *at = s.memory + 4 * n * PHOTOS * SIZE;
    float *gray = at, *sensitivity = at + PHOTOS * SIZE;
    float *deep = at + 2 * PHOTOS * SIZE;
    s.network[n] = (struct dtd_explained_photos){n ? "coarse" : "fine",
                                                 n ? 4 : 2,
                                                 n ? 11 : 7,
                                                 1,
                                                 PHOTOS,
                                                 SIDE,
                                                 SIDE,
                                                 gray,
                                                 sensitivity,
                                                 deep};
    for (int p = 0; p < PHOTOS * SIZE; p++) {
      int photo = p / SIZE, row = p % SIZE / SIDE, column = p % SIDE;
      double b = blob(row, column, photo, n ? other_width : width);
      int phase = row % s.network[n].stride;
      deep[p] = (float)(b * (phase ? 1 : 1.5));
      sensitivity[p] = b > 0.9 && row % 3 == 0 ? (float)b : 0;
      gray[p] = column >= 72 - 4 * photo;
    }
  }
  return s;
}

static const struct dtd_photo_claim *find(const char *name) {
  for (const struct dtd_photo_sentence *s = dtd_photo_sentences; s->name; s++)
    for (const struct dtd_photo_claim *c = s->claims; c->claim.name; c++)
      if (!strcmp(c->claim.name, name)) return c;
  return NULL;
}

static void assert_verdict(const struct scene *s, const char *name,
                           const char *wanted) {
  const struct dtd_photo_claim *c = find(name);
  assert_non_null(c);
  struct dtd_photo_subject subject = {&s->network[0],
                                      c->of_pairs ? &s->network[1] : NULL};
  struct dtd_estimate e = dtd_photo_claim_estimate(c, &subject);
  assert_string_equal(dtd_verdict(&c->claim, e), wanted);
}

TEST(claims_hold_of_heatmaps_made_so) {
  struct scene s = make_scene(10, 14);
  assert_verdict(&s, "sensitivity-less-even", "holds");
  assert_verdict(&s, "networks-alike", "holds");
  assert_verdict(&s, "networks-more-alike-than-photos", "holds");
  assert_verdict(&s, "finer-better-resolved", "holds");
  assert_verdict(&s, "dark-side-relevant", "holds");
  assert_verdict(&s, "bright-side-relevant", "holds");
  assert_verdict(&s, "stride-shown", "holds");
}

TEST(claims_do_not_hold_of_the_opposite) {
  struct scene s = make_scene(14, 8);
  struct dtd_explained_photos *n = s.network;
  assert_verdict(&s, "finer-better-resolved", "does not hold");
  const float *sensitivity = n[0].sensitivity;
  n[0].sensitivity = n[0].deep_taylor;
  n[0].deep_taylor = sensitivity;
  assert_verdict(&s, "sensitivity-less-even", "does not hold");
}

/* Each photo's heatmap beside that of the next one. */
TEST(networks_that_see_other_photos_are_not_alike) {
  struct scene s = make_scene(4, 4);
  struct dtd_explained_photos *n = s.network;
  n[0].count = n[1].count = PHOTOS - 1;
  n[1].deep_taylor += SIZE;
  assert_verdict(&s, "networks-alike", "does not hold");
}

/* Rows that all have the same repeat with no period; nor is 1 a stride. */
TEST(even_rows_show_no_stride) {
  struct scene s = make_scene(10, 14);
  float *deep = s.memory + 2 * PHOTOS * SIZE;
  for (int p = 0; p < PHOTOS * SIZE; p++)
    deep[p] = p % SIZE / SIDE % 3 ? 1 : 1.1f;
  assert_verdict(&s, "stride-shown", "does not hold");
  s.network[0].stride = 1;
  assert_verdict(&s, "stride-shown", "undecided");
}

TEST(few_photos_decide_nothing) {
  struct scene s = make_scene(10, 14);
  s.network[0].count = s.network[1].count = 5;
  assert_verdict(&s, "networks-alike", "undecided");
}

/* Names that are not unique would be two rows of one claim. */
TEST(claims_have_names_of_their_own_and_a_side) {
  for (const struct dtd_photo_sentence *s = dtd_photo_sentences; s->name; s++)
    for (const struct dtd_photo_claim *c = s->claims; c->claim.name; c++) {
      assert_ptr_equal(find(c->claim.name), c);
      assert_true(c->claim.side != DTD_WITHIN && c->measure);
    }
}

/* Seven claims: five of each network, of pairs three. */
TEST(a_row_is_written_for_each_network_or_pair) {
  struct scene s = make_scene(10, 14);
  struct dtd_provenance from = {"test", "0", 0};
  FILE *nowhere = fopen("/dev/null", "w");
  assert_non_null(nowhere);
  dtd_photo_claims_write(test_path("claims.tsv"), nowhere, s.network, 2, &from);
  fclose(nowhere);
  struct dtd_table *table = dtd_table_read(test_path("claims.tsv"));
  int rows = table->rows;
  dtd_table_free(table);
  assert_int_equal(rows, 4 * 2 + 3);
}

/* Tests that roots are counted by set, with and without the column. */
#include "base/test.h"
#include "base/test_folder.h"
#include "runs/reported_roots.h"

#include <stdio.h>

TEST_OWNS(table)

static struct dtd_table *table_of(const char *text) {
  FILE *file = fopen(test_path("roots.tsv"), "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
  return own_table(dtd_table_read(test_path("roots.tsv")));
}

TEST(roots_are_counted_by_set) {
  struct dtd_table *t = table_of("certified\tset\n1\tone-target\n"
                                 "0\tindependent\n1\tindependent\n");
  struct dtd_reported_roots r = dtd_reported_roots(t);
  assert_int_equal(r.sets, 2);
  assert_int_equal(r.roots, 3);
  assert_int_equal(r.certified, 2);
  assert_string_equal(r.set[1].name, "independent");
  assert_int_equal(r.set[1].roots, 2);
  assert_int_equal(r.set[1].certified, 1);
  assert_true(dtd_reported_root_is_of(t, 2, "independent"));
  assert_false(dtd_reported_root_is_of(t, 0, "independent"));
  assert_string_equal(
      dtd_left_out_text(t).text,
      " Left out of what is said of nearest-root Taylor, because their roots "
      "are not certified: 0 of 1 one-target pairs, 1 of 2 independent pairs.");
}

TEST(without_the_column_all_are_of_one_target_pairs) {
  struct dtd_table *t = table_of("certified\n1\n1\n");
  struct dtd_reported_roots r = dtd_reported_roots(t);
  assert_int_equal(r.sets, 1);
  assert_string_equal(r.set[0].name, "one-target");
  assert_string_equal(dtd_left_out_text(t).text, "");
  assert_string_equal(dtd_left_out_text(NULL).text, "");
}

TEST_GROUP(test_folder_new, test_folder_free)

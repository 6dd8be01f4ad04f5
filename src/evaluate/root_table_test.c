/* Tests that roots.tsv has each quantity of a root under its name. */

#include "base/test.h"
#include "base/test_folder.h"
#include "evaluate/root_table.h"
#include "files/table_reader.h"

TEST_OWNS(table)

TEST(each_quantity_has_its_column) {
  const struct dtd_root roots[] = {
      {.f = 80,
       .f_root = 8,
       .distance = 2.5,
       .cosine = 0.75,
       .evaluations = 300,
       .starts = 4,
       .certified = true},
      {.f = 0, .f_root = 0, .distance = 0, .cosine = NAN}};
  const struct dtd_provenance from = {"test", "0", 1};
  const struct dtd_root_rows sets[] = {{"one-target", roots, 2},
                                       {"independent", roots + 1, 1}};
  dtd_root_table_write(test_path("roots.tsv"), sets, 2, &from);
  struct dtd_table *table = own_table(dtd_table_read(test_path("roots.tsv")));
  assert_int_equal(table->rows, 3);
  const double wanted[] = {0.1, 2.5, 0.75, 300, 4};
  int count = 0;
  for (const struct dtd_root_quantity *q = dtd_root_quantities; q->of; q++) {
    int column = dtd_table_column(table, q->is.name);
    assert_true(dtd_table_number(table, 0, column) == wanted[count++]);
  }
  assert_int_equal(count, 5);
  assert_true(dtd_table_number(table, 0, dtd_table_column(table, "f")) == 80);
  int ratio = dtd_table_column(table, "f_ratio");
  int certified = dtd_table_column(table, "certified");
  assert_true(isnan(dtd_table_number(table, 1, ratio)));
  assert_true(dtd_table_number(table, 0, certified) == 1);
  assert_true(dtd_table_number(table, 1, certified) == 0);
  assert_string_equal(dtd_table_text(table, 1, "set"), "one-target");
  assert_string_equal(dtd_table_text(table, 2, "set"), "independent");
  assert_string_equal(dtd_table_text(table, 2, "example"), "0");
}

TEST_GROUP(test_folder_new, test_folder_free)

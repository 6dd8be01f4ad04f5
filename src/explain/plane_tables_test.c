/* Tests the tables of Fig. 1 against closed forms of a function and its fields.
 */

#include "base/test.h"
#include "explain/plane_tables.h"
#include "explain/test_explainer.h"
#include "files/table_reader.h"
#include "base/test_folder.h"

TEST_OWNS(table)

enum { SIDE = 5, POINTS = SIDE * SIDE, CONTOUR_SIDE = 160 };

/* f = max(0, x_1) + max(0, x_2 - 1), and one that is no sum. */
static const struct dtd_plane_function sum = {"sum", {{1, 0, 0}, {0, 1, -1}}},
                                       mixed = {"mixed", {{1, 1, 0}}};

static double positive(double value) {
  return value > 0 ? value : 0;
}

static void setup(void) {
  test_folder_new();
  struct dtd_explanation_settings settings = explanation_by("w^2", -1000, 1000);
  struct dtd_provenance from = {"test", "0123456789abcdef", 0};
  struct dtd_plane_tables *tables =
      dtd_plane_tables_open(test_path("new/folder"), &from);
  dtd_plane_tables_add(tables, &sum, &settings, SIDE, -2, 2);
  settings.first_rule = dtd_rule_find("z+");
  settings.low = 0;
  dtd_plane_tables_add(tables, &mixed, &settings, SIDE, -2, 2);
  dtd_plane_tables_close(tables);
}

TEST(functions_are_described) {
  struct dtd_table *table =
      own_table(dtd_table_read(test_path("new/folder/figure1-functions.tsv")));
  const char *const wanted[2][6] = {
      {"sum", "max(0, x_1) + max(0, x_2 - 1)", "1", "-2", "2", "w^2"},
      {"mixed", "max(0, x_1 + x_2)", "0", "0", "2", "z+"}};
  assert_string_equal(dtd_table_fact(table, "command"), "test");
  assert_int_equal(table->rows, 2);
  for (int n = 0; n < 2; n++)
    for (int c = 0; c < 6; c++)
      assert_string_equal(dtd_table_cell(table, n, c), wanted[n][c]);
}

/* Of the sum, every arrow that has a closed form; all explanations in turn, and
   the points row by row. */
TEST(arrows_are_the_fields) {
  struct dtd_table *table =
      own_table(dtd_table_read(test_path("new/folder/figure1.tsv")));
  /* sensitivity, natural, taylor, deep Taylor; no natural one of `mixed` */
  assert_int_equal(table->rows, (4 + 3) * POINTS);
  for (int row = 0; row < 4 * POINTS; row++) {
    const char *explanation = dtd_table_cell(table, row, 1);
    double x1 = dtd_table_number(table, row, 2),
           x2 = dtd_table_number(table, row, 3);
    assert_string_equal(dtd_table_cell(table, row, 0), "sum");
    assert_near(x1, (-1.6 + 0.8 * (row % SIDE)), 1e-6);
    assert_near(x2, (-1.6 + 0.8 * (row % POINTS / SIDE)), 1e-6);
    double s1 = positive(x1), s2 = positive(x2 - 1);
    assert_near(dtd_table_number(table, row, 4), (s1 + s2), 1e-6);
    if (!strcmp(explanation, "sensitivity")) s1 = x1 > 0, s2 = x2 > 1;
    if (!strcmp(explanation, "taylor")) continue;
    assert_near(dtd_table_number(table, row, 5), s1, 1e-6);
    assert_near(dtd_table_number(table, row, 6), s2, 1e-6);
  }
  for (int row = 4 * POINTS; row < table->rows; row++) {
    assert_string_equal(dtd_table_cell(table, row, 0), "mixed");
    assert_string_not_equal(dtd_table_cell(table, row, 1), "natural");
    assert_true(dtd_table_number(table, row, 2) > 0); /* the rule's domain */
  }
}

TEST(contours_are_rows_of_f) {
  FILE *file = fopen(test_path("new/folder/figure1-contours.tsv"), "r");
  char line[256], name[16];
  int rows = 0, blocks = 0;
  double x1, x2, f, least = 0, most = 0;
  while (fgets(line, sizeof line, file)) {
    blocks += *line == '\n';
    if (sscanf(line, "%15s %lf %lf %lf", name, &x1, &x2, &f) != 4) continue;
    bool first = !strcmp(name, "sum");
    assert_int_equal(blocks, rows++ / CONTOUR_SIDE);
    assert_near(f, first ? positive(x1) + positive(x2 - 1) : x1 + x2, 1e-5);
    least = fmin(least, x1);
    most = fmax(most, x1);
  }
  fclose(file);
  assert_int_equal(rows, 2 * CONTOUR_SIDE * CONTOUR_SIDE);
  assert_int_equal(blocks, 2 * CONTOUR_SIDE);
  assert_true(least < -1.95 && least > -2 && most > 2.4 && most < 2.5);
}

TEST_GROUP(setup, test_folder_free)

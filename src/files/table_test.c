/* Tests table.c: its tables, byte for byte. */
#include "base/test.h"
#include "files/table.h"

#include "linear/blas.h"
#include "base/test_folder.h"
#include "base/version.h"

static const struct dtd_provenance from = {
    .command = "build/bin/train 'my config.ini' --out x",
    .config_digest = "0123456789abcdef",
    .seed = UINT64_MAX,
};

/* The table's text from its header line on, until the test ends. */
static char *body(const char *path) {
  char *text = test_get(NULL, path), *at = text;
  while (*at == '#') at = strchr(at, '\n') + 1;
  memmove(text, at, strlen(at) + 1);
  return text;
}

static void assert_body(const char *path, const char *wanted) {
  char *found = body(path);
  assert_string_equal(found, wanted);
}

TEST(a_table_opens_with_its_provenance) {
  const char *path = test_path("provenance.tsv");
  dtd_table_close(dtd_table_open(path, &from, "step error"));
  char wanted[4096];
  snprintf(wanted, sizeof wanted,
           "# command: build/bin/train 'my config.ini' --out x\n"
           "# config: 0123456789abcdef\n"
           "# seed: 18446744073709551615\n"
           "# source: %s\n"
           "# blas: %s\n"
           "step\terror\n",
           dtd_source_revision(), dtd_blas_configuration());
  assert_file_is(path, wanted);
  assert_true(strlen(dtd_source_revision()) > 0);
}

TEST(newlines_in_the_provenance_become_blanks) {
  struct dtd_provenance odd = from;
  odd.command = "train 'two\nlines\tand a tab'";
  const char *path = test_path("lines.tsv");
  dtd_table_close(dtd_table_open(path, &odd, "n"));
  char *text = test_get(NULL, path);
  assert_non_null(strstr(text, "# command: train 'two lines and a tab'\n"));
}

TEST(rows_have_one_cell_a_column) {
  const char *path = test_path("rows.tsv");
  FILE *table = dtd_table_open(path, &from, "method n f g");
  dtd_table_row(table, "%s %d %f %g", "taylor", -3, 0.1, 0.1);
  dtd_table_row(table, "%s %d %f %g", "", 2147483647, 1e300, 1e-300);
  dtd_table_row(table, "%s %d %f %g", "a b", 0, (double)(1 / 3.0f), 1 / 3.0);
  dtd_table_row(table, "%s", "alone");
  dtd_table_close(table);
  assert_body(path, "method\tn\tf\tg\n"
                    "taylor\t-3\t0.1\t0.10000000000000001\n"
                    "\t2147483647\t1e+300\t1e-300\n"
                    "a b\t0\t0.3333333\t0.33333333333333331\n"
                    "alone\n");
}

TEST(a_row_can_be_written_in_steps) {
  const char *path = test_path("steps.tsv");
  FILE *table = dtd_table_open(path, &from, "method n a b");
  dtd_row_begin(table, "%s %d", "taylor", -3);
  dtd_row_number(table, 1 / 3.0);
  dtd_row_number(table, NAN);
  dtd_row_end(table);
  dtd_table_close(table);
  assert_body(path, "method\tn\ta\tb\ntaylor\t-3\t0.3333333\tNA\n");
}

TEST(what_is_not_finite_is_missing) {
  const char *path = test_path("missing.tsv");
  FILE *table = dtd_table_open(path, &from, "a b c d");
  dtd_table_row(table, "%f %f %g %g", NAN, INFINITY, -INFINITY, (double)-NAN);
  dtd_table_close(table);
  assert_body(path, "a\tb\tc\td\nNA\tNA\tNA\tNA\n");
}

TEST(a_string_cannot_break_its_row) {
  const char *path = test_path("hostile.tsv");
  FILE *table = dtd_table_open(path, &from, "a b");
  dtd_table_row(table, "%s %s", "one\ttwo\nthree\r\n", "four");
  dtd_table_close(table);
  assert_body(path, "a\tb\none two three  \tfour\n");
}

TEST(seventeen_digits_give_the_number_back) {
  const double numbers[] = {1 / 3.0, 1e22 / 7, -4.9e-324,
                            1.7976931348623157e308, 0x1.fffffffffffffp-3};
  const char *path = test_path("digits.tsv");
  FILE *table = dtd_table_open(path, &from, "a b c d e");
  dtd_table_row(table, "%g %g %g %g %g", numbers[0], numbers[1], numbers[2],
                numbers[3], numbers[4]);
  dtd_table_close(table);
  char *text = body(path), *at = strchr(text, '\n');
  for (int n = 0; n < 5; n++) assert_true(strtod(at, &at) == numbers[n]);
}

TEST(an_unknown_format_is_a_mistake) {
  assert_dies(1, "unknown column format x", {
    FILE *table = dtd_table_open(test_path("mistake.tsv"), &from, "a");
    dtd_table_row(table, "%x", 1u);
  });
  assert_int_not_equal(access(test_path("mistake.tsv.partial"), F_OK), 0);
}

TEST(a_full_disk_spares_the_earlier_table) {
  assert_survives_full_disk("full.tsv", {
    FILE *table = dtd_table_open(test_path("full.tsv"), &from, "n");
    for (int n = 0; n < 2000; n++) dtd_table_row(table, "%d", n);
    dtd_table_close(table);
  });
}

static void assert_quoted(const char *word, const char *wanted) {
  char *line = own_memory(dtd_command_line(1, (char *[]){(char *)word}));
  assert_string_equal(line, wanted);
}

TEST(a_command_line_can_be_typed_again) {
  char *words[] = {"build/bin/train", "a.ini", "data.targets=0 1", "--out", ""};
  char *line = own_memory(dtd_command_line(5, words));
  assert_string_equal(line,
                      "build/bin/train a.ini 'data.targets=0 1' --out ''");
  assert_quoted("plain-word_1,2:3.5=/@%+", "plain-word_1,2:3.5=/@%+");
  assert_quoted("it's", "'it'\\''s'");
  assert_quoted("'", "''\\'''");
  assert_quoted("\"", "'\"'");
  assert_quoted("$HOME", "'$HOME'");
  assert_quoted("a\\b", "'a\\b'");
  assert_quoted("*", "'*'");
  assert_quoted("{1,2}", "'{1,2}'");
  assert_quoted("!x", "'!x'");
}

TEST_GROUP(test_folder_new, test_folder_free)

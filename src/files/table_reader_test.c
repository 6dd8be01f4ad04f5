/* Tests table_reader.c: tables come back as table.c wrote them, others are
   refused. */
#include "base/test.h"
#include "files/table_reader.h"

#include "files/table.h"
#include "base/test_folder.h"

TEST_OWNS(table)

TEST(what_was_written_comes_back) {
  const char *path = test_path("t.tsv");
  struct dtd_provenance from = {"make: a table", "0123456789abcdef", 17};
  FILE *output = dtd_table_open(path, &from, "name value count");
  dtd_table_row(output, "%s %g %d", "one two", 0.1, 3);
  dtd_table_row(output, "%s %g %d", "", NAN, -3);
  dtd_table_close(output);
  struct dtd_table *table = own_table(dtd_table_read(path));
  assert_int_equal(table->rows, 2);
  assert_int_equal(table->columns, 3);
  assert_string_equal(dtd_table_fact(table, "command"), "make: a table");
  assert_string_equal(dtd_table_fact(table, "config"), "0123456789abcdef");
  assert_string_equal(dtd_table_fact(table, "seed"), "17");
  assert_null(dtd_table_fact(table, "see"));
  int value = dtd_table_column(table, "value");
  assert_int_equal(value, 1);
  assert_string_equal(dtd_table_cell(table, 0, 0), "one two");
  assert_string_equal(dtd_table_cell(table, 1, 0), "");
  assert_true(dtd_table_number(table, 0, value) == 0.1);
  assert_true(isnan(dtd_table_number(table, 1, value)));
  assert_true(dtd_table_number(table, 1, 2) == -3);
  assert_string_equal(dtd_table_text(table, 0, "name"), "one two");
  assert_true(dtd_table_has(table, 0, "value"));
  assert_false(dtd_table_has(table, 1, "value"));
  assert_true(dtd_table_value(table, 1, "count") == -3);
  assert_int_equal(dtd_table_find(table, 0, "count", "-3", NULL), 1);
  assert_int_equal(dtd_table_find(table, 0, "name", "", "count", "3", NULL),
                   -1);
  assert_int_equal(dtd_table_find(table, 1, "name", "one two", NULL), -1);
  assert_dies(1, "t.tsv: has no column values",
              dtd_table_column(table, "values"));
  assert_dies(1, "t.tsv: name is \"one two\" in row 1, no number",
              dtd_table_number(table, 0, 0));
}

TEST(tables_of_windows_are_read) {
  struct dtd_table *table = own_table(dtd_table_read(put_text(
      "w.tsv", "\xef\xbb\xbf# key: value\r\na\tb\r\n\r\n1\t2\r\n3\t4")));
  assert_string_equal(dtd_table_fact(table, "key"), "value");
  assert_string_equal(table->name[1], "b");
  assert_int_equal(table->rows, 2);
  assert_true(dtd_table_number(table, 0, 1) == 2);
  assert_true(dtd_table_number(table, 1, 1) == 4);
}

TEST(what_is_no_table_is_refused) {
  assert_dies(1, "bad.tsv: line 4 has 1 cells, not 2",
              dtd_table_read(put_text("bad.tsv", "# a: b\na\tb\n1\t2\n3\n")));
  assert_dies(1, "bad.tsv: line 2 has 3 cells, not 2",
              dtd_table_read(put_text("bad.tsv", "a\tb\n1\t2\t3\n")));
  assert_dies(1, "bad.tsv: has no line of names",
              dtd_table_read(put_text("bad.tsv", "# a: b\n")));
  assert_dies(1, "bad.tsv", dtd_table_read(put_text("bad.tsv", "")));
  assert_dies(1, "bad.tsv: holds a zero byte",
              dtd_table_read(test_put("bad.tsv", "a\0b\n", 4)));
  assert_dies(1, "absent.tsv", dtd_table_read(test_path("absent.tsv")));
  struct dtd_table *table =
      own_table(dtd_table_read(put_text("bad.tsv", "a\nnan\ninf\n")));
  assert_dies(1, "a is \"nan\"", dtd_table_number(table, 0, 0));
  assert_dies(1, "a is \"inf\"", dtd_table_number(table, 1, 0));
}

TEST_GROUP(test_folder_new, test_folder_free)

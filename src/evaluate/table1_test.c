/* Tests cells of Table 1 on made-up results, on both sides of each tolerance.
 */

#include "base/test.h"
#include "evaluate/table1.h"

enum { MOST = 64 };

struct made_up {
  struct dtd_result result[MOST];
  struct dtd_evaluation e;
};

static void put(struct made_up *m, const char *subject, const char *metric,
                double value) {
  m->result[m->e.results++] =
      (struct dtd_result){subject, metric, "made-up", {value, NAN, NAN, 1}};
  m->e.result = m->result;
}

/* Results of one method, with a forward pass of one second. */
static void put_method(struct made_up *m, const char *method, double error,
                       double rule_error, double negative, double change,
                       double seconds) {
  put(m, method, "error_max", error);
  put(m, method, "rule_error_max", rule_error);
  put(m, method, "negative_share", negative);
  put(m, method, "arbitrary_change", change);
  put(m, method, "seconds", seconds);
}

static const struct dtd_table1_cell *
cell_of(const struct dtd_table1_cell *cells, int count, const char *property,
        const char *method) {
  for (int i = 0; i < count; i++)
    if (!strcmp(cells[i].property, property) &&
        !strcmp(cells[i].method, method))
      return &cells[i];
  fail_msg("no cell %s of %s", property, method);
  return NULL;
}

#define assert_cell(property, method, wanted)                                  \
  assert_string_equal(cell_of(cells, count, property, method)->measured, wanted)

/* The paper's own table, from numbers that its words describe. */
static void put_paper(struct made_up *m) {
  put(m, "network", "seconds", 1);
  put_method(m, "sensitivity", 12, NAN, 0, 0, 2);
  put_method(m, "taylor", 0.5, NAN, 0.001, 0.2, 1000);
  put_method(m, "deep-taylor-minmax", 0.3, 1e-7, 0, 0.3, 3);
  put_method(m, "deep-taylor-free", 1e-7, 1e-7, 0, 0, 3);
}

TEST(numbers_as_in_the_paper_give_its_table) {
  struct made_up m = {0};
  put_paper(&m);
  struct dtd_table1_cell cells[DTD_TABLE1_CELLS];
  int count = dtd_table1(cells, &m.e);
  assert_int_equal(count, DTD_TABLE1_CELLS);
  for (int i = 0; i < count; i++) {
    assert_string_equal(cells[i].measured, cells[i].paper);
    assert_string_equal(cells[i].agrees, "yes");
    assert_true(strlen(cells[i].quantity) > 5);
    bool is_no = !strcmp(cells[i].measured, "No");
    assert_true(is_no == (cells[i].value > cells[i].tolerance));
  }
}

TEST(each_number_decides_on_both_sides_of_its_tolerance) {
  struct made_up m = {0};
  struct dtd_table1_cell cells[DTD_TABLE1_CELLS];
  put(&m, "network", "seconds", 1);
  put_method(&m, "sensitivity", 1e-5, NAN, 0.01, 0.01, 100);
  put_method(&m, "taylor", 1.01e-5, NAN, 0.0101, 0.0101, 101);
  put_method(&m, "deep-taylor-minmax", 0.3, 1.01e-5, 0, 0, 1);
  put_method(&m, "deep-taylor-free", 0.3, 1e-5, 0.02, 0, 1);
  int count = dtd_table1(cells, &m.e);
  assert_cell("conservative", "sensitivity", "Yes"); /* on the border */
  assert_cell("conservative", "taylor", "No");
  assert_cell("conservative", "deep-taylor-minmax", "No");
  assert_cell("conservative", "deep-taylor-free", "Yes, up to the fit");
  assert_cell("positive", "sensitivity", "Yes");
  assert_cell("positive", "taylor", "No");
  assert_cell("consistent", "sensitivity", "Yes");
  assert_cell("consistent", "taylor", "No");
  assert_cell("consistent", "deep-taylor-minmax", "No"); /* positive alone */
  assert_cell("consistent", "deep-taylor-free", "No");   /* by the fit alone */
  assert_cell("unique", "sensitivity", "Yes");
  assert_cell("unique", "taylor", "No");
  assert_cell("fast", "sensitivity", "Yes");
  assert_cell("fast", "taylor", "No");
  assert_cell("training-free", "sensitivity", "Yes");
  assert_cell("training-free", "deep-taylor-minmax", "No");
  assert_string_equal(
      cell_of(cells, count, "positive", "deep-taylor-free")->agrees, "no");
}

TEST(what_has_no_number_is_not_measured) {
  struct made_up m = {0};
  struct dtd_table1_cell cells[DTD_TABLE1_CELLS];
  put(&m, "sensitivity", "seconds", 1e-6); /* of no known forward pass */
  put(&m, "sensitivity", "error_max", NAN);
  int count = dtd_table1(cells, &m.e);
  assert_int_equal(count, 6);
  for (int i = 0; i < count; i++) {
    bool declared = !strcmp(cells[i].property, "training-free");
    assert_string_equal(cells[i].measured, declared ? "Yes" : "not measured");
    assert_string_equal(cells[i].agrees, declared ? "yes" : "NA");
  }
}

TEST(the_printed_table_is_narrow_and_shows_what_differs) {
  struct made_up m = {0};
  put_paper(&m);
  for (int i = 0; i < m.e.results; i++)
    if (!strcmp(m.result[i].subject, "taylor") &&
        !strcmp(m.result[i].metric, "negative_share"))
      m.result[i].estimate.value = 0.5;
  FILE *output = tmpfile();
  dtd_table1_print(output, &m.e);
  rewind(output);
  char line[256];
  int lines = 0, differing = 0;
  for (; fgets(line, sizeof line, output); lines++) {
    assert_true(strlen(line) <= 101);
    bool differs = strstr(line, "No (paper: Yes)") != NULL;
    assert_true(differs == !strncmp(line, "positive", 8));
    differing += differs;
  }
  fclose(output);
  assert_int_equal(lines, 7);
  assert_int_equal(differing, 1);
}

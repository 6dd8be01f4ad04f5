/* Tests that every number of a table has a name, a title and a meaning. */

#include "base/test.h"
#include "evaluate/metric.h"
#include "evaluate/quantity.h"
#include "evaluate/root_audit.h"
#include "evaluate/root_table.h"
#include "evaluate/table1.h"

/* In plain text; the meaning is whole sentences. */
static void assert_said(const char *name, const char *title,
                        const char *meaning) {
  assert_true(*name && *title && strlen(meaning) > 10);
  assert_false(strpbrk(name, " \t\n"));
  assert_false(strpbrk(title, "<&\t\n"));
  assert_false(strpbrk(meaning, "<&\t\n"));
  assert_true(meaning[strlen(meaning) - 1] == '.');
}

static void assert_quantity(const struct dtd_quantity *q) {
  assert_said(q->name, q->title, q->meaning);
}

TEST(metrics_are_said) {
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++)
    assert_said(m->name, m->title, m->meaning);
}

TEST(properties_of_table_1_are_said) {
  int count = 0;
  while (dtd_table1_properties[count].name)
    assert_quantity(&dtd_table1_properties[count++]);
  assert_int_equal(count, 6);
}

TEST(quantities_of_roots_are_said) {
  int short_rows = 0;
  for (int q = 0; q < DTD_AUDIT_ROWS; q++) {
    assert_quantity(&dtd_audit_quantities[q].is);
    short_rows += dtd_audit_quantities[q].heading != NULL;
    for (int i = 0; i < q; i++)
      assert_string_not_equal(dtd_audit_quantities[q].is.name,
                              dtd_audit_quantities[i].is.name);
  }
  assert_int_equal(short_rows, 7);
  for (int q = 0; dtd_root_quantities[q].of; q++)
    assert_quantity(&dtd_root_quantities[q].is);
}

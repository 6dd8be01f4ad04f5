/* Tests registry.c: a name is found where it stands, or all are listed. */
#include "base/test.h"
#include "base/registry.h"

#include "base/assert_dies.h"
#include "explain/explainer.h"
#include "relevance/relevance_model.h"
#include "relevance/rule.h"

static const char *fruit(int n) {
  static const char *const names[] = {"apple", "pear", "pear tree", NULL};
  return names[n];
}

/* More names than one message holds. */
static const char *many(int n) {
  static char name[40];
  snprintf(name, sizeof name, "name-number-%020d", n);
  return n < 1000 ? name : NULL;
}

static const char *none(int n) {
  (void)n;
  return NULL;
}

TEST(a_name_is_found_where_it_stands) {
  for (int n = 0; fruit(n); n++)
    assert_int_equal(dtd_registry_find("fruit", fruit(n), fruit), n);
  assert_int_equal(
      dtd_registry_find("name", "name-number-00000000000000000999", many), 999);
}

TEST(an_unknown_name_lists_those_that_exist) {
  const char *wanted =
      "plum: there is no such fruit (use one of apple, pear, pear tree)";
  assert_dies(2, wanted, dtd_registry_find("fruit", "plum", fruit));
}

TEST(only_the_whole_name_counts) {
  static const char *const near[] = {"",       "Apple", "app",
                                     "apples", "pear ", "tree"};
  for (size_t n = 0; n < sizeof near / sizeof *near; n++)
    assert_dies(2, "there is no such fruit",
                dtd_registry_find("fruit", near[n], fruit));
}

TEST(a_long_or_empty_registry_still_ends_in_one_line) {
  assert_dies(2, "plum: there is no such name (use one of name-number-000",
              dtd_registry_find("name", "plum", many));
  assert_dies(2, "plum: there is no such name",
              dtd_registry_find("name", "plum", none));
}

/* ---- the registries there are ---- */

/* "use one of a, b, c)" of these names, until the test ends. */
static char *wanted_list(const char *(*name_of)(int n)) {
  char *text = test_new(4096, 1);
  int length = sprintf(text, "(use one of ");
  for (int n = 0; name_of(n) && length < 4000; n++)
    length += sprintf(text + length, "%s%.80s", n ? ", " : "", name_of(n));
  return strcat(text, ")");
}

static void assert_distinct(const char *(*name_of)(int n)) {
  assert_non_null(name_of(0));
  for (int n = 0; name_of(n); n++) {
    assert_true(strlen(name_of(n)) > 0);
    for (int other = 0; other < n; other++)
      assert_string_not_equal(name_of(n), name_of(other));
  }
}

static const char *method_name(int n) {
  return dtd_methods[n] ? dtd_methods[n]->name : NULL;
}

static const char *kind_name(int n) {
  return dtd_model_kinds[n] ? dtd_model_kinds[n]->name : NULL;
}

static const char *rule_name(int n) {
  return dtd_rules[n] ? dtd_rules[n]->name : NULL;
}

TEST(every_method_is_found_by_its_own_name) {
  assert_distinct(method_name);
  for (int n = 0; dtd_methods[n]; n++)
    assert_ptr_equal(dtd_method_find(method_name(n)), dtd_methods[n]);
  char *list = wanted_list(method_name);
  assert_dies(2, list, dtd_method_find("deep-taylor"));
}

TEST(every_relevance_model_is_found_by_its_own_name) {
  assert_distinct(kind_name);
  for (int n = 0; dtd_model_kinds[n]; n++)
    assert_ptr_equal(dtd_model_kind_find(kind_name(n)), dtd_model_kinds[n]);
  char *list = wanted_list(kind_name);
  assert_dies(2, list, dtd_model_kind_find("min-max"));
}

TEST(every_rule_is_found_by_its_own_name) {
  assert_distinct(rule_name);
  for (int n = 0; dtd_rules[n]; n++)
    assert_ptr_equal(dtd_rule_find(rule_name(n)), dtd_rules[n]);
  char *list = wanted_list(rule_name);
  assert_dies(2, list, dtd_rule_find("zb"));
}

/* Tests listing.c: everything registered is listed, once, in its place. */
#include "base/test_folder.h"
#include "evaluate/metric.h"
#include "runs/listing.h"

#include "runs/config.h"
#include "explain/explainer.h"
#include "relevance/composite.h"
#include "relevance/relevance_model.h"
#include "relevance/rule.h"

static char *listing; /* the whole of it */

static void print_listing(void) {
  listing = printed_by(dtd_list_everything);
}

/* How many lines between the line `head` and the next empty one open with
   `words`. */
static int lines_under(const char *head, const char *words) {
  char *copy = test_string(listing), *rest = copy, *line;
  int inside = 0, count = 0;
  while ((line = strsep(&rest, "\n"))) {
    if (!strcmp(line, head))
      inside++;
    else if (!*line && inside)
      break;
    else if (inside)
      count += !strncmp(line, words, strlen(words));
  }
  return count;
}

static void assert_listed(const char *head, const char *name,
                          const char *description, const char *source) {
  char line[512];
  assert_true(description && *description && source && *source);
  snprintf(line, sizeof line, "  %-20s %s\n", name, description);
  const char *found = strstr(listing, line);
  if (!found) fail_msg("%s is not listed with its description", name);
  snprintf(line, sizeof line, "%s]\n", source);
  const char *end = strchr(strchr(found, '\n') + 1, '\n');
  assert_memory_equal(end + 1 - strlen(line), line, strlen(line));
  snprintf(line, sizeof line, "  %s ", name);
  assert_int_equal(lines_under(head, line), 1);
}

TEST(every_method_model_and_rule_is_listed_once) {
  for (int n = 0; dtd_methods[n]; n++)
    assert_listed("Explanation methods", dtd_methods[n]->name,
                  dtd_methods[n]->description, dtd_methods[n]->source);
  for (int n = 0; dtd_model_kinds[n]; n++)
    assert_listed("Relevance models", dtd_model_kinds[n]->name,
                  dtd_model_kinds[n]->description, dtd_model_kinds[n]->source);
  for (int n = 0; dtd_rules[n]; n++)
    assert_listed("Rules", dtd_rules[n]->name, dtd_rules[n]->description,
                  dtd_rules[n]->source);
}

TEST(every_composite_is_listed_once) {
  for (int n = 0; n < dtd_composites(); n++) {
    struct dtd_composite composite = dtd_composite_at(n);
    assert_listed("Composites", composite.name, composite.description,
                  composite.source);
  }
  assert_true(dtd_composites() > 1);
  assert_int_equal(lines_under("Composites", ""), 2 * dtd_composites());
}

TEST(nothing_but_the_registered_is_listed) {
  int methods = 0, kinds = 0, rules = 0, parameters = 0;
  while (dtd_methods[methods]) methods++;
  while (dtd_model_kinds[kinds]) kinds++;
  while (dtd_rules[rules]) parameters += !!dtd_rules[rules++]->parameter.name;
  assert_int_equal(lines_under("Explanation methods", ""), 2 * methods);
  assert_int_equal(lines_under("Relevance models", ""), 2 * kinds);
  assert_int_equal(lines_under("Rules", ""), 2 * rules + parameters);
  assert_true(parameters > 0);
  assert_non_null(strstr(listing, "\n                       alpha is a number "
                                  "from 1 to 100; by default 2\n"));
}

/* Where the line after `words` begins, which follow one another from `at` on,
   over as many lines as they need; null when others do. */
static const char *after_words(const char *at, const char *words) {
  while (*words) {
    at += strspn(at, " \n");
    size_t length = strcspn(words, " ");
    if (strncmp(at, words, length) != 0) return NULL;
    at += length;
    words += length + strspn(words + length, " ");
  }
  return *at == '\n' ? at + 1 : NULL;
}

/* Metrics of different subjects may share a name. */
TEST(every_metric_is_listed_with_its_title) {
  int metrics = 0;
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++, metrics++) {
    char head[128], title[512];
    const char *found = strstr(listing, "\nMetrics\n"), *meaning = NULL;
    snprintf(head, sizeof head, "\n  %-20s ", m->name);
    snprintf(title, sizeof title, "%s (%s)", m->title,
             dtd_metric_groups[m->group]);
    while (!meaning && (found = strstr(found + 1, head)))
      meaning = after_words(found + strlen(head), title);
    if (!meaning) fail_msg("%s is not listed", m->name);
    if (!after_words(meaning, m->meaning))
      fail_msg("%s is listed without its meaning", m->name);
  }
  assert_int_equal(lines_under("Metrics", "") - lines_under("Metrics", "   "),
                   metrics);
}

/* The settings are those of a written configuration, no more, in its order. */
TEST(every_setting_is_listed_once_in_its_section) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  char *text = own_memory(dtd_config_text(&settings)), *rest = text, *line;
  char head[64] = "", words[128];
  int count = 0;
  while ((line = strsep(&rest, "\n"))) {
    char *equals = strstr(line, " = ");
    if (*line == '[') snprintf(head, sizeof head, "%s", line);
    if (!equals) continue;
    snprintf(words, sizeof words, "  %.*s = ", (int)(equals - line), line);
    if (lines_under(head, words) != 1)
      fail_msg("%s %s is not listed once", head, line);
    count++;
  }
  const char *at = strstr(listing, "\nSettings\n");
  assert_non_null(at);
  int listed = 0;
  while ((at = strstr(at + 1, " = "))) listed++;
  assert_int_equal(listed, count);
}

TEST_GROUP(print_listing, NULL)

/* What the names in tables are called in a report. */
#include "runs/report_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "evaluate/metric.h"

/* ---- titles ---- */

struct dtd_title dtd_capital(const char *text) {
  struct dtd_title title;
  snprintf(title.text, sizeof title.text, "%s", text);
  title.text[0] = (char)toupper((unsigned char)title.text[0]);
  return title;
}

const struct dtd_method *dtd_reported_method(const char *name) {
  int n = 0;
  while (dtd_methods[n] && strcmp(dtd_methods[n]->name, name)) n++;
  return dtd_methods[n];
}

const struct dtd_model_kind *dtd_reported_model(const char *name) {
  int n = 0;
  while (dtd_model_kinds[n] && strcmp(dtd_model_kinds[n]->name, name)) n++;
  return dtd_model_kinds[n];
}

static struct dtd_title method_title(const struct dtd_method *method) {
  struct dtd_title title;
  if (!method->control) return dtd_capital(method->title);
  snprintf(title.text, sizeof title.text, "Control: %c%s",
           tolower((unsigned char)method->title[0]), method->title + 1);
  return title;
}

struct dtd_title dtd_subject_title(const char *subject) {
  const struct dtd_method *method = dtd_reported_method(subject);
  if (method) return method_title(method);
  const struct dtd_model_kind *kind = dtd_reported_model(subject);
  if (!kind) return dtd_capital(subject);
  struct dtd_title title = dtd_capital(kind->title ? kind->title : kind->name);
  strncat(title.text, " model", sizeof title.text - strlen(title.text) - 1);
  return title;
}

struct dtd_title dtd_metric_title(const char *subject, const char *metric) {
  const struct dtd_metric *known = dtd_metric_find(subject, metric);
  return dtd_capital(known ? known->title : metric);
}

struct dtd_title dtd_rule_title(const char *rule) {
  struct dtd_title title;
  bool has_index = strlen(rule) == 2;
  snprintf(title.text, sizeof title.text, "%.*s%s%s", has_index, rule,
           has_index ? "^" : "", rule + has_index);
  return title;
}

/* ---- the names in a table ---- */

bool dtd_reported_has(const struct dtd_reported *names, const char *name) {
  int n = 0;
  while (n < names->count && strcmp(names->name[n], name)) n++;
  return n < names->count;
}

void dtd_reported_add(struct dtd_reported *names, const char *name) {
  if (dtd_reported_has(names, name)) return;
  if (names->count == DTD_MOST_REPORTED)
    dtd_die(DTD_FAILURE, name, NULL, "a report shows at most %d names",
            DTD_MOST_REPORTED);
  names->name[names->count++] = name;
}

struct dtd_reported dtd_reported_names(const struct dtd_table *table,
                                       const char *column) {
  struct dtd_reported names = {0};
  for (int row = 0; row < table->rows; row++)
    dtd_reported_add(&names, dtd_table_text(table, row, column));
  return names;
}

struct dtd_reported dtd_reported_methods(const struct dtd_table *table,
                                         const char *column) {
  struct dtd_reported all = dtd_reported_names(table, column), methods = {0};
  for (int controls = 0; controls < 2; controls++)
    for (int n = 0; n < all.count; n++) {
      const struct dtd_method *method = dtd_reported_method(all.name[n]);
      if (method && method->control == controls)
        dtd_reported_add(&methods, all.name[n]);
    }
  return methods;
}

/* What the names in tables are called in a report.

   Titles come from the descriptors of methods, metrics and relevance models. A
   name that has none, in a table that another version wrote, stands for itself.
 */
#ifndef DTD_REPORT_NAMES_H
#define DTD_REPORT_NAMES_H

#include "explain/explainer.h"
#include "files/table_reader.h"
#include "relevance/relevance_model.h"

enum { DTD_MOST_REPORTED = 256, DTD_MOST_TITLE = 160 };

/* ---- titles ---- */

struct dtd_title {
  char text[DTD_MOST_TITLE];
};

/* "Sensitivity", "Control: random", "Network", "Min–max model". */
struct dtd_title dtd_subject_title(const char *subject);

/* "Share on the target’s half"; subject and metric as in metrics.tsv. */
struct dtd_title dtd_metric_title(const char *subject, const char *metric);

/* "z^B" of "zB": as the paper writes a rule, for html.h. */
struct dtd_title dtd_rule_title(const char *rule);

/* The text with a capital letter in front. */
struct dtd_title dtd_capital(const char *text);

/* Null when there is none of that name. */
const struct dtd_method *dtd_reported_method(const char *name);
const struct dtd_model_kind *dtd_reported_model(const char *name);

/* ---- the names in a table ---- */

/* Names, each once, in the order in which they were added. */
struct dtd_reported {
  int count;
  const char *name[DTD_MOST_REPORTED]; /* borrowed from the table */
};

/* Adds a name unless it is there. Dies (failure) when there are too many. */
void dtd_reported_add(struct dtd_reported *names, const char *name);

bool dtd_reported_has(const struct dtd_reported *names, const char *name);

/* All of a column. */
struct dtd_reported dtd_reported_names(const struct dtd_table *table,
                                       const char *column);

/* Those of a column of methods and other subjects that are methods, controls
   last. */
struct dtd_reported dtd_reported_methods(const struct dtd_table *table,
                                         const char *column);

#endif

/* What opens the page of section 6.1: what it is about, the main findings, a
   sentence each, from the tables, and the methods. */
#include "runs/report_summary.h"

#include <math.h>
#include <string.h>

#include "evaluate/estimate.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/config.h"
#include "runs/report.h"
#include "runs/report_names.h"

/* A subject's metric; all NAN when metrics.tsv does not have it. */
static struct dtd_estimate find(struct dtd_report_folder *folder,
                                const char *subject, const char *metric) {
  const struct dtd_table *t = dtd_report_table(folder, "metrics.tsv");
  int row = dtd_table_find(t, 0, "subject", subject, "metric", metric, NULL);
  if (row < 0) return (struct dtd_estimate){NAN, NAN, NAN, 0};
  return (struct dtd_estimate){
      dtd_table_value(t, row, "value"), dtd_table_value(t, row, "low"),
      dtd_table_value(t, row, "high"), (int)dtd_table_value(t, row, "n")};
}

static struct dtd_rounded both(struct dtd_estimate e) {
  return dtd_rounded_estimate(e.value, e.low, e.high);
}

static struct dtd_rounded share(struct dtd_estimate e) {
  return dtd_rounded_share(e.value, e.low, e.high, 0);
}

/* Kinds of the paper's methods. */
enum kind { ANY, WALKS_LAYERS, CONSERVES, FITS, FINDS_ROOTS };

static bool is_of(const struct dtd_method *method, enum kind kind) {
  const bool is[] = {[ANY] = true,
                     [WALKS_LAYERS] = method->model,
                     [CONSERVES] = method->model && method->conservative,
                     [FITS] = method->model && !method->conservative,
                     [FINDS_ROOTS] = method->finds_roots};
  return method->of_paper && is[kind];
}

/* The methods of one kind in turn, those with a metric: the first after `n`,
   starting with -1; null when there is no other. */
static const struct dtd_method *next(int *n, struct dtd_report_folder *folder,
                                     enum kind kind, const char *metric) {
  while (dtd_methods[++*n])
    if (is_of(dtd_methods[*n], kind) &&
        !isnan(find(folder, dtd_methods[*n]->name, metric).value))
      return dtd_methods[*n];
  return NULL;
}

/* ---- the paper's sentences and Table 1 ---- */

static int count(const struct dtd_table *t, const char *column,
                 const char *word) {
  int count = 0;
  for (int row = -1;
       (row = dtd_table_find(t, row + 1, column, word, NULL)) >= 0;)
    count++;
  return count;
}

static void list_sentences(FILE *page, const struct dtd_table *sentences,
                           const char *verdict, const char *heading) {
  if (!count(sentences, "verdict", verdict)) return;
  dtd_html(page, "<p>%s</p><ul class=\"columns\">", heading);
  for (int row = -1; (row = dtd_table_find(sentences, row + 1, "verdict",
                                           verdict, NULL)) >= 0;) {
    dtd_html(page, "<li>“%s”", dtd_table_text(sentences, row, "quote"));
    if (dtd_table_has(sentences, row, "readings"))
      dtd_html(page, " <small>(%s)</small>",
               dtd_table_text(sentences, row, "readings"));
    dtd_html(page, "</li>");
  }
  dtd_html(page, "</ul>\n");
}

static void write_verdicts(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *sentences = dtd_report_table(folder, "sentences.tsv");
  const struct dtd_table *claims = dtd_report_table(folder, "claims.tsv");
  const struct dtd_table *table1 = dtd_report_table(folder, "table1.tsv");
  dtd_html(page,
           "<p><strong>Section 6.1 makes %d statements: %d hold here, %d hold "
           "in part, %d do not hold, and %d are undecided</strong> (<a "
           "href=\"#claims\">each with its figures</a>). They are split into "
           "%d claims, of which %d hold, %d do not, and %d are undecided. Of "
           "the %d cells of Table 1, %d agree with the paper (<a "
           "href=\"#table-1\">side by side</a>).</p>\n",
           sentences->rows, count(sentences, "verdict", "holds"),
           count(sentences, "verdict", "holds in part"),
           count(sentences, "verdict", "does not hold"),
           count(sentences, "verdict", "undecided"), claims->rows,
           count(claims, "verdict", "holds"),
           count(claims, "verdict", "does not hold"),
           count(claims, "verdict", "undecided"), table1->rows,
           count(table1, "agrees", "yes"));
  list_sentences(page, sentences, "does not hold", "Does not hold:");
  list_sentences(page, sentences, "holds in part", "Holds in part:");
  list_sentences(page, sentences, "undecided", "Undecided:");
}

/* ---- findings in figures ---- */

static void write_network(FILE *page, struct dtd_report_folder *folder) {
  struct dtd_estimate right = find(folder, "network", "accuracy");
  dtd_html(page,
           "<li>The network is right about %s of %d test pairs; its mean "
           "squared error is %s.</li>\n",
           dtd_rounded_share(right.value, right.low, right.high, 1).text,
           right.n, both(find(folder, "network", "mse")).text);
}

/* "A 75 % [74, 76], B 68 % [67, 69]": a share of each method. */
static void list_shares(FILE *page, struct dtd_report_folder *folder,
                        enum kind kind, const char *metric) {
  const struct dtd_method *m;
  const char *before = "";
  for (int n = -1; (m = next(&n, folder, kind, metric)); before = ", ")
    dtd_html(page, "%s%s %s", before, dtd_subject_title(m->name).text,
             share(find(folder, m->name, metric)).text);
}

static void write_target(FILE *page, struct dtd_report_folder *folder) {
  dtd_html(page, "<li>On the half with the target digit lies this share of the "
                 "relevance (chance: 50\u00a0%%): ");
  list_shares(page, folder, ANY, "target_share");
  dtd_html(page, ".</li>\n");
}

static void write_floor(FILE *page, struct dtd_report_folder *folder) {
  int n = -1;
  if (!next(&n, folder, WALKS_LAYERS, "floor_share")) return;
  dtd_html(page, "<li>Deep Taylor’s heatmaps stand on a floor, relevance that "
                 "even pixels get where digits have no ink. Of the positive "
                 "relevance it makes up: ");
  list_shares(page, folder, WALKS_LAYERS, "floor_share");
  dtd_html(page, ". Of what stands above it, on the target’s half lie: ");
  list_shares(page, folder, WALKS_LAYERS, "target_share_above_floor");
  dtd_html(page, ".</li>\n");
}

static void write_sums(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_method *m;
  for (int n = -1; (m = next(&n, folder, CONSERVES, "error_max"));)
    dtd_html(page, "<li>%s conserves f to a relative %s at worst.</li>\n",
             dtd_subject_title(m->name).text,
             dtd_rounded(find(folder, m->name, "error_max").value).text);
  for (int n = -1; (m = next(&n, folder, FITS, "correlation"));)
    dtd_html(page,
             "<li>%s: its sums follow f with correlation %s and slope %s.</li>"
             "\n",
             dtd_subject_title(m->name).text,
             both(find(folder, m->name, "correlation")).text,
             both(find(folder, m->name, "slope")).text);
  for (int n = -1; (m = next(&n, folder, FINDS_ROOTS, "ratio"));)
    dtd_html(page, "<li>%s hands down %s of f.</li>\n",
             dtd_subject_title(m->name).text,
             share(find(folder, m->name, "ratio")).text);
}

/* ---- roots ---- */

static void write_roots(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "roots.tsv");
  if (!t || !t->rows) return;
  int certified = count(t, "certified", "1");
  if (certified == t->rows)
    dtd_html(page, "<li>All %d nearest roots", t->rows);
  else
    dtd_html(page, "<li>Of %d nearest roots, %d", t->rows, certified);
  dtd_html(page, " are certified solutions (<a href=\"#roots\">the search</a>)"
                 ".</li>\n");
}

/* A quantity of the roots that the pixels' rule stands for. */
static double audited(const struct dtd_table *t, const char *rule,
                      const char *quantity) {
  int row = dtd_table_find(t, 0, "rule", rule, "layer", "1", "quantity",
                           quantity, NULL);
  return row < 0 ? NAN : dtd_table_value(t, row, "value");
}

static void write_audit(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "audit.tsv");
  if (!t) return;
  struct dtd_settings usual;
  dtd_config_defaults(&usual);
  const char *rule = usual.explanation.first_rule->name;
  double domain = audited(t, rule, "in_domain");
  double region = audited(t, rule, "same_region_network");
  if (isnan(domain) || isnan(region)) return;
  dtd_html(page,
           "<li>Of the roots that the %s-rule stands for, %s lie among valid "
           "images, and %s in the linear region of x (<a href=\"#audit\">the "
           "audit</a>).</li>\n",
           dtd_rule_title(rule).text,
           dtd_rounded_share(domain, NAN, NAN, 0).text,
           dtd_rounded_share(region, NAN, NAN, 0).text);
}

void dtd_report_summary(FILE *page, struct dtd_report_folder *folder) {
  write_verdicts(page, folder);
  dtd_html(page, "<p>In figures, with 95\u00a0%% intervals over test pairs in "
                 "brackets:</p><ul>\n");
  write_network(page, folder);
  write_target(page, folder);
  write_floor(page, folder);
  write_sums(page, folder);
  write_roots(page, folder);
  write_audit(page, folder);
  dtd_html(page, "</ul>\n");
}

/* ---- on a terminal ---- */

static void print_line(FILE *output, struct dtd_report_folder *folder,
                       const char *subject, const char *metric) {
  struct dtd_estimate e = find(folder, subject, metric);
  if (!isnan(e.value))
    fprintf(output, "%s, %s: %s\n", dtd_subject_title(subject).text,
            dtd_metric_title(subject, metric).text, both(e).text);
}

void dtd_report_print(FILE *output, struct dtd_report_folder *folder) {
  const struct dtd_method *m;
  print_line(output, folder, "network", "mse");
  print_line(output, folder, "network", "accuracy");
  for (int n = 0; dtd_model_kinds[n]; n++) {
    print_line(output, folder, dtd_model_kinds[n]->name, "rms");
    print_line(output, folder, dtd_model_kinds[n]->name, "correlation");
  }
  for (int n = -1; (m = next(&n, folder, ANY, "target_share"));)
    print_line(output, folder, m->name, "target_share");
}

/* ---- the page ---- */

static void write_opening(FILE *page) {
  dtd_html(
      page,
      "<h1>Explaining pairs of MNIST digits with deep Taylor "
      "decomposition</h1>\n"
      "<p>A detection-pooling network was trained to say whether an image of "
      "two\nhandwritten digits shows a target, a digit from 0 to 3: f(x) is to "
      "be 100 if it\ndoes, and 0 if not. Four methods then explain its answers "
      "pixel by pixel. This page\nsets what came out beside what Montavon et "
      "al. state in section 6.1 of\n<em>Explaining nonlinear classification "
      "decisions with deep Taylor\ndecomposition</em> (Pattern Recognition 65, "
      "2017).</p>\n");
}

static void write_methods(FILE *page, struct dtd_report_folder *folder) {
  struct dtd_reported methods =
      dtd_reported_methods(dtd_report_table(folder, "metrics.tsv"), "subject");
  for (int n = 0; n < methods.count; n++) {
    const struct dtd_method *method = dtd_reported_method(methods.name[n]);
    dtd_html(page, "<dt>%s</dt><dd>%s</dd>\n",
             dtd_subject_title(method->name).text,
             method->meaning ? method->meaning
                             : dtd_capital(method->description).text);
  }
}

const struct dtd_report_page dtd_pairs_page = {
    .file = "report.html",
    .title = "Deep Taylor decomposition on MNIST pairs",
    .sections = dtd_report_sections,
    .opening = write_opening,
    .summary = dtd_report_summary,
    .methods = write_methods,
    .print = dtd_report_print,
};

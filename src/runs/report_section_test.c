/* Tests report_section.c and sections/: what each shows of a result folder. */
#include "base/test.h"
#include "runs/report_section.h"

#include <fcntl.h>

#include "runs/test_page.h"
#include "runs/test_report_folder.h"
#include "runs/report.h"

/* The tables of every section, and a drawing of each figure. */
static void put_whole_folder(void) {
  test_folder_new();
  put_result_folder();
  mkdir(test_path("floor"), 0777);
  mkdir(test_path("floor/figures"), 0777);
  put("config.ini", "[data]\nfolder = a<b>c\nx_p = 1\n");
  put("roots.tsv", "example\tf_ratio\tdistance\tcosine\tevaluations\tstarts\t"
                   "certified\tset\n"
                   "0\t0.1\t1\t1\t280\t4\t1\tone-target\n"
                   "1\t0.1\t2\tNA\t280\t4\t0\tone-target\n"
                   "2\t0.1\t4\t1\t280\t4\t1\tone-target\n"
                   "0\t0.1\t9\t1\t280\t4\t1\tindependent\n");
  put("audit.tsv", "rule\tlayer\tquantity\tvalue\tlow\thigh\tunits\tpairs\n"
                   "zB\t1\tin_domain\t1\t1\t1\t3848\t100\n"
                   "z+\t2\tin_domain\t0.5\t0.4\t0.6\t95\t100\n");
  put("ledger.tsv", "method\texample\tlayer\trelevance\tchange\tcause\n"
                    "taylor\t0\tf\t100\t0\tscore\n"
                    "taylor\t0\tR_p\t60\t-40\tleft at the root\n"
                    "taylor\tmean\tf\t200\t0\tscore\n"
                    "taylor\tmean\tR_p\t150\t-50\tleft at the root\n"
                    "taylor\tmean\tR_p\t150\t0\tsecond-order terms\n"
                    "sensitivity\tmean\tf\t200\t0\tscore\n"
                    "sensitivity\tmean\tR_p\t200\t0\tnot redistributed\n"
                    "random\tmean\tf\t200\t0\tscore\n");
  put("floor/compare.tsv",
      "# seed: 1\nsubject\tmetric\tset\tvariant\tmean\tlow\thigh\n"
      "network\tmse\tscores\tusual\t286.6\tNA\tNA\n"
      "network\tmse\tscores\trate=1e-4\t261.3\tNA\tNA\n"
      "taylor\tfloor_share\tone-target\tusual\t0.5\t0.4\t0.6\n"
      "taylor\tfloor_share\tone-target\trate=1e-4\tNA\tNA\tNA\n");
  const char *const tables[] = {"training",         "flipping",
                                "randomisation",    "figure1",
                                "figure1-contours", "figure1-functions"};
  for (int n = 0; n < 6; n++) {
    char name[64];
    snprintf(name, sizeof name, "%s.tsv", tables[n]);
    put(name, "# seed: 1\ncolumn\n1\n");
  }
  put("training.tsv", "# seed: 1\niteration\tactive1\tdead1\tdead2\tminmax_dead"
                      "\tminmax_dead_pools\n"
                      "2000\t0.5\t20\t3\t90\t4\n4000\t0.5\t21\t0\t91\t5\n");
  for (int n = 0; dtd_report_sections[n]; n++) {
    const struct dtd_report_section *s = dtd_report_sections[n];
    char name[64];
    if (!s->figure) continue;
    snprintf(name, sizeof name, "%sfigures/%s.svg", s->in ? s->in : "",
             s->figure);
    put(name, "<svg width=\"9\"><defs><path id='gpDot'/></defs>"
              "<use xlink:href='#gpDot'/></svg>");
  }
}

TEST_GROUP(put_whole_folder, test_folder_free)

/* ---- descriptors ---- */

/* Of both pages. */
static const struct dtd_report_section *const *const lists[] = {
    dtd_report_sections, dtd_photo_sections};

static void check_section(const struct dtd_report_section *const *list, int n) {
  const struct dtd_report_section *s = list[n];
  assert_true(*s->id && *s->title && !strpbrk(s->id, " \"<>&"));
  assert_true(s->file || s->figure);
  assert_true(!s->written || s->file);
  assert_true(!s->write || s->file);
  for (int i = 0; i < n; i++) assert_string_not_equal(list[i]->id, s->id);
  if (!s->figure) return;
  assert_non_null(dtd_figure_find(s->figure));
  assert_true(strlen(s->description) > 20 && strlen(s->caption) > 20);
}

TEST(every_section_is_whole_and_every_figure_has_words) {
  for (int page = 0; page < 2; page++)
    for (int n = 0; lists[page][n]; n++) check_section(lists[page], n);
}

/* ---- pages ---- */

/* Writes the page of all sections, until the test ends. */
static char *page(void) {
  write_report();
  return test_get(NULL, test_path("report.html"));
}

TEST(a_page_has_all_sections) {
  char *text = page();
  for (int n = 0; dtd_report_sections[n]; n++) {
    char heading[256];
    snprintf(heading, sizeof heading, "<h2 id=\"%s\">",
             dtd_report_sections[n]->id);
    if (!strstr(text, heading)) fail_msg("no %s", heading);
  }
}

/* Of that page, or of the one that the environment names in REPORT, as
   scripts/check-report.sh does. */
TEST(a_page_is_sound) {
  const char *path = getenv("REPORT");
  char *text = path ? test_get(NULL, path) : page();
  assert_page_is_sound(text);
}

/* ---- tables ---- */

/* What the section called `id` writes of the folder; valid until the next. */
static const char *section(const char *id) {
  static char text[16384];
  memset(text, 0, sizeof text);
  struct dtd_report_folder *folder = dtd_report_folder_open(test_folder);
  FILE *stream = fmemopen(text, sizeof text, "w");
  for (int n = 0; dtd_report_sections[n]; n++)
    if (!strcmp(dtd_report_sections[n]->id, id))
      dtd_report_sections[n]->write(stream, folder);
  fclose(stream);
  dtd_report_folder_free(folder);
  return text;
}

#define assert_shows(id, words)                                                \
  if (!strstr(section(id), words))                                             \
  fail_msg("no \"%s\" in %s", words, section(id))

TEST(roots_have_quantiles) {
  assert_shows("roots", "3 of 4 roots (75\u00a0%) are certified");
  assert_shows("roots", "one-target pairs: 2 of 3 certified");
  assert_shows("roots", "independent pairs: 1 of 1 certified");
  assert_shows("roots", "<td class=\"number\">9</td><td class=\"number\">9 to "
                        "9</td>");
  assert_shows("table-1", "1 of 3 one-target pairs, 0 of 1 independent pairs.");
  assert_shows("claims", "1 of 3 one-target pairs, 0 of 1 independent pairs.");
  assert_shows("roots", "The others are the best that the search found");
  assert_shows("roots", "<td class=\"number\">2</td><td class=\"number\">1.50 "
                        "to 3</td><td class=\"number\">1 to 4</td>");
  assert_shows("roots", "<td class=\"number\">1</td><td class=\"number\">1 to "
                        "1</td>");
}

TEST(audit_has_a_row_for_each_rule_and_layer) {
  assert_shows("audit", "z<sup>B</sup>, pixels <small>3848 roots</small>");
  assert_shows("audit", "z<sup>+</sup>, layer 2 <small>95 roots</small>");
  assert_shows("audit", "0.50 <small>[0.40, 0.60]</small></td>\n"
                        "<td class=\"number\">–</td>");
  assert_shows("audit", "over 100 pairs");
}

TEST(ledger_relates_changes_to_the_score) {
  assert_shows("ledger", "f → R<sub>p</sub>, left at the root</th>\n"
                         "<td class=\"number\">−25\u00a0%</td>"
                         "<td class=\"number\">75.0\u00a0%</td>"
                         "<td class=\"number\">40</td>");
  assert_shows("ledger", "<span>Sensitivity</span></th></tr>\n<tr>"
                         "<td colspan=\"4\">nothing is lost or made");
  assert_shows("ledger", "in one of the 1 pairs");
  assert_null(strstr(section("ledger"), "second-order"));
  assert_null(strstr(section("ledger"), "Control"));
}

TEST(floor_sets_subjects_side_by_side) {
  assert_shows("floor", "<th colspan=\"1\" scope=\"colgroup\" class=\"paper\">"
                        "Network</th>");
  assert_shows("floor", "<th scope=\"row\">usual</th>\n"
                        "<td class=\"number\">287</td>\n<td class=\"number\">"
                        "0.50 <small>[0.40, 0.60]</small></td>");
  assert_shows("floor", "rate=1e-4</th>\n<td class=\"number\">261</td>\n"
                        "<td class=\"number\">–</td>");
}

TEST(training_ends_with_the_metrics_of_network_and_models) {
  assert_shows("training", "Mean squared error <small>");
  assert_shows("training", "Min–max model: RMS error <small>");
  assert_shows("training", "287 [268, 308]</td><td class=\"number\">5000</td>");
  assert_null(strstr(section("training"), "Sensitivity"));
}

TEST(training_counts_what_is_dead_at_its_end) {
  assert_shows("training",
               "<p>Never on in the last evaluation during training: "
               "units of detection layer 1 (21), "
               "units of detection layer 2 (0), Min–max model: units (91), "
               "Min–max model: whole pools (5).</p>");
  put("training.tsv", "# seed: 1\niteration\tactive1\n4000\t0.5\n");
  assert_null(strstr(section("training"), "Never on"));
}

TEST(settings_stand_as_they_are) {
  assert_string_equal(section("settings"),
                      "<pre>[data]\nfolder = a&lt;b&gt;c\nx_p = 1\n</pre>\n");
}

TEST(provenance_is_said_once) {
  assert_string_equal(section("provenance"), "<pre>training.tsv\nseed: 1\n\n"
                                             "audit.tsv\n\n"
                                             "floor/compare.tsv\nseed: 1\n\n"
                                             "</pre>\n");
}

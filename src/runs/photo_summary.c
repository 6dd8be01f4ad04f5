/* What opens the page of section 6.2: what it is about, what came out, and the
   two methods. */
#include "runs/photo_summary.h"

#include <math.h>
#include <string.h>

#include "explain/method.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report.h"
#include "runs/report_names.h"

static int count(const struct dtd_table *t, const char *column,
                 const char *word) {
  int found = 0;
  for (int row = -1;
       (row = dtd_table_find(t, row + 1, column, word, NULL)) >= 0;)
    found++;
  return found;
}

/* The least and the greatest share of f that reaches the pixels. */
static void find_shares(double share[2], const struct dtd_table *t,
                        const char *network) {
  share[0] = INFINITY, share[1] = -INFINITY;
  for (int row = -1;
       (row = dtd_table_find(t, row + 1, "network", network, NULL)) >= 0;) {
    double f = dtd_table_value(t, row, "f");
    double own = dtd_table_value(t, row, "sum_r") / f;
    if (f > 0) share[0] = fmin(share[0], own), share[1] = fmax(share[1], own);
  }
}

static void write_verdicts(FILE *page, const struct dtd_table *claims) {
  if (claims)
    dtd_html(page,
             "<p>Of %d claims that section 6.2’s statements are split into, by "
             "network or pair of networks, %d hold, %d do not, and %d are "
             "undecided (<a href=\"#claims\">all of them</a>).</p>\n",
             claims->rows, count(claims, "verdict", "holds"),
             count(claims, "verdict", "does not hold"),
             count(claims, "verdict", "undecided"));
  else
    dtd_html(page, "<p>No network that begins with a convolution was at hand, "
                   "so that section 6.2’s statements are not judged here. What "
                   "is shown is explained all the same, by the same "
                   "code.</p>\n");
}

void dtd_photo_summary(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *photos = dtd_report_table(folder, "photos.tsv");
  struct dtd_reported networks = dtd_reported_names(photos, "network");
  struct dtd_reported names = dtd_reported_names(photos, "photo");
  dtd_html(page, "<p>Shown: %d images, explained by %d network%s.</p>\n",
           names.count, networks.count, networks.count == 1 ? "" : "s");
  write_verdicts(page, dtd_report_table(folder, "photo-claims.tsv"));
  dtd_html(page, "<ul>\n");
  for (int n = 0; n < networks.count; n++) {
    double share[2];
    find_shares(share, photos, networks.name[n]);
    if (share[0] <= share[1])
      dtd_html(page,
               "<li>%s: %s to %s of the score reach the pixels; the rest is "
               "kept by <a href=\"#ledger\">positive biases</a>.</li>\n",
               networks.name[n], dtd_rounded_share(share[0], NAN, NAN, 1).text,
               dtd_rounded_share(share[1], NAN, NAN, 1).text);
  }
  dtd_html(page, "</ul>\n");
}

void dtd_photo_print(FILE *output, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "photos.tsv");
  for (int row = 0; row < t->rows; row++) {
    double f = dtd_table_value(t, row, "f");
    double share = dtd_table_value(t, row, "sum_r") / f;
    fprintf(output, "%s, %s: f = %s", dtd_table_text(t, row, "network"),
            dtd_table_text(t, row, "photo"), dtd_rounded(f).text);
    const char *label = dtd_table_text(t, row, "label");
    if (dtd_table_has(t, row, "label"))
      fprintf(output, " for %.*s", (int)strcspn(label, ","), label);
    if (f > 0)
      fprintf(output, ", %s of it at the pixels",
              dtd_rounded_share(share, NAN, NAN, 1).text);
    fputc('\n', output);
  }
}

/* ---- the page ---- */

static void write_opening(FILE *page) {
  dtd_html(
      page,
      "<h1>Explaining photos with deep Taylor decomposition</h1>\n"
      "<p>Networks that tell the thousand classes of ImageNet, read from ONNX, "
      "see photos. Two methods explain the class that a network finds "
      "likeliest, pixel by pixel: sensitivity analysis and training-free deep "
      "Taylor decomposition. This page shows what Montavon et al. show in "
      "section 6.2 of <em>Explaining nonlinear classification decisions with "
      "deep Taylor decomposition</em> (Pattern Recognition 65, 2017), for the "
      "networks and photos that were at hand.</p>\n");
}

static void write_methods(FILE *page, struct dtd_report_folder *folder) {
  static const char *const names[] = {"sensitivity", "deep-taylor-free"};
  (void)folder;
  for (int n = 0; n < 2; n++) {
    const struct dtd_method *method = dtd_method_find(names[n]);
    dtd_html(page, "<dt>%s</dt><dd>%s</dd>\n",
             dtd_subject_title(method->name).text,
             method->meaning ? method->meaning
                             : dtd_capital(method->description).text);
  }
}

const struct dtd_report_page dtd_photos_page = {
    .file = "ilsvrc.html",
    .title = "Deep Taylor decomposition of photos",
    .sections = dtd_photo_sections,
    .opening = write_opening,
    .summary = dtd_photo_summary,
    .methods = write_methods,
    .print = dtd_photo_print,
};

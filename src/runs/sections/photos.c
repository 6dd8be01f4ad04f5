/* The sections of the page of section 6.2: photos, their heatmaps, the claims,
   and where relevance stays on its way down. */
#include <math.h>
#include <string.h>

#include "evaluate/claims.h"
#include "evaluate/photo_claims.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

#define PHOTOS "build/bin/photos"

static const struct dtd_report_section heatmaps = {
    .id = "heatmaps",
    .title = "Photos and their heatmaps",
    .figure = "figure7",
    .required = true,
    .description = "A row a photo: the photo as the networks read it, then of "
                   "each network the heatmap by sensitivity analysis and the "
                   "one by deep Taylor decomposition, and below them the class "
                   "that they explain.",
    .caption = "Photos beside what explains the class that each network finds "
               "likeliest. Heatmaps are summed over colours; each has a scale "
               "of its own, on which the strongest 0.5 % of its pixels are in "
               "full colour. As Fig. 7 of the paper.",
};

static const struct dtd_report_section zoom = {
    .id = "zoom",
    .title = "A part enlarged",
    .figure = "figure8",
    .required = true,
    .description = "A photo and each network’s heatmap of it by deep Taylor "
                   "decomposition; below, a part of each, a square a pixel.",
    .caption = "One photo, and the part of it in which the first network finds "
               "most relevance. As Fig. 8 of the paper, which shows a volcano.",
};

/* ---- the claims ---- */

static const char *quote_of(const char *sentence) {
  const struct dtd_photo_sentence *s = dtd_photo_sentences;
  while (s->name && strcmp(s->name, sentence)) s++;
  return s->name ? s->quote : sentence;
}

static void write_claim(FILE *page, const struct dtd_table *t, int row) {
  char of[256];
  bool pair = dtd_table_has(t, row, "beside");
  snprintf(of, sizeof of, "%s%s%s", dtd_table_text(t, row, "network"),
           pair ? " beside " : "",
           pair ? dtd_table_text(t, row, "beside") : "");
  dtd_html_row_open(page, dtd_capital(dtd_table_text(t, row, "statement")).text,
                    of);
  dtd_report_cell(page, t, row, "value");
  dtd_html(page, "<td class=\"number whole\">%s\u00a0%s</td>\n",
           strcmp(dtd_table_text(t, row, "side"), "at least") ? "≤" : "≥",
           dtd_rounded_choice(dtd_table_value(t, row, "threshold")).text);
  dtd_report_verdict(page, dtd_table_text(t, row, "verdict"));
}

static void write_claims(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "photo-claims.tsv");
  dtd_html_table_open(
      page, "claims-table", "stacked",
      "Statements of section 6.2 that can be measured on photos in which "
      "nobody has marked the object. A claim is a number of each photo; it "
      "holds when the whole 95 %% interval of "
      "its mean lies on the claimed side of the threshold, does not hold when "
      "all of it lies on the other, and is undecided in between. Measures and "
      "thresholds are ours, and were written down before any photo was judged. "
      "Of two networks, the one whose first layer has the smaller stride, or "
      "else the smaller kernel, is the finer one.");
  dtd_html_table_head(page, (const char *const[]){"Claim, and the network",
                                                  "Value [95\u00a0% interval]",
                                                  "Needed", "Verdict", NULL});
  struct dtd_reported sentences = dtd_reported_names(t, "sentence");
  for (int s = 0; s < sentences.count; s++) {
    char title[512];
    snprintf(title, sizeof title, "“%s”", quote_of(sentences.name[s]));
    dtd_html_group_open(page, title, 4);
    for (int row = -1; (row = dtd_table_find(t, row + 1, "sentence",
                                             sentences.name[s], NULL)) >= 0;)
      write_claim(page, t, row);
    dtd_html(page, "</tbody>\n");
  }
  dtd_html_table_close(page);
}

static const struct dtd_report_section claims = {
    .id = "claims",
    .title = "What section 6.2 says",
    .file = "photo-claims.tsv",
    .write = write_claims,
};

/* ---- classes ---- */

/* "German shepherd 99.7 %", without the other words for it. */
static void write_class(FILE *page, const struct dtd_table *t, int row) {
  bool named = dtd_table_has(t, row, "label");
  const char *label = dtd_table_text(t, row, named ? "label" : "class");
  char text[128];
  snprintf(text, sizeof text, "%s%.*s", named ? "" : "class ",
           (int)strcspn(label, ","), label);
  dtd_html(page, "%s", text);
  dtd_html(
      page, " %s<br>\n",
      dtd_rounded_share(dtd_table_value(t, row, "probability"), NAN, NAN, 1)
          .text);
}

static void write_classes(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "classes.tsv");
  struct dtd_reported networks = dtd_reported_names(t, "network");
  struct dtd_reported photos = dtd_reported_names(t, "photo");
  dtd_html_table_open(page, "classes-table", "matrix",
                      "The likeliest classes of each photo, with their "
                      "probabilities. Heatmaps explain the first.");
  dtd_html(page, "<thead><tr>\n<th scope=\"col\">Photo</th>\n");
  for (int n = 0; n < networks.count; n++)
    dtd_html(page, "<th scope=\"col\">%s</th>\n", networks.name[n]);
  dtd_html(page, "</tr></thead><tbody>\n");
  for (int p = 0; p < photos.count; p++) {
    dtd_html_row_open(page, photos.name[p], "");
    for (int n = 0; n < networks.count; n++) {
      dtd_html(page, "<td>");
      for (int row = -1;
           (row = dtd_table_find(t, row + 1, "network", networks.name[n],
                                 "photo", photos.name[p], NULL)) >= 0;)
        write_class(page, t, row);
      dtd_html(page, "</td>\n");
    }
    dtd_html(page, "</tr>\n");
  }
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

static const struct dtd_report_section classes = {
    .id = "classes",
    .title = "What the networks see",
    .file = "classes.tsv",
    .write = write_classes,
};

/* ---- the ledger ---- */

/* Score, what reaches the pixels, and what biases keep, of each photo. */
static void write_photos(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "photos.tsv");
  struct dtd_reported networks = dtd_reported_names(t, "network");
  dtd_html_table_open(page, "photos-table", "matrix",
                      "The score that is explained, and where its relevance "
                      "ends. By node: nodes.tsv beside this page.");
  dtd_html_table_head(
      page, (const char *const[]){"Photo", "Score f", "Reaches the pixels",
                                  "Kept by biases", "Neither", NULL});
  for (int n = 0; n < networks.count; n++) {
    dtd_html_group_open(page, networks.name[n], 5);
    for (int row = -1; (row = dtd_table_find(t, row + 1, "network",
                                             networks.name[n], NULL)) >= 0;) {
      double f = dtd_table_value(t, row, "f");
      double sum = dtd_table_value(t, row, "sum_r");
      double kept = dtd_table_value(t, row, "kept");
      bool any = f > 0;
      dtd_html_row_open(page, dtd_table_text(t, row, "photo"), "");
      dtd_html_number(page, f);
      dtd_html(page,
               "<td class=\"number\">%s</td><td class=\"number\">%s</td>"
               "<td class=\"number\">%s</td></tr>\n",
               any ? dtd_rounded_share(sum / f, NAN, NAN, 1).text : "–",
               any ? dtd_rounded_share(kept / f, NAN, NAN, 1).text : "–",
               any ? dtd_rounded((f - sum - kept) / f).text : "–");
    }
    dtd_html(page, "</tbody>\n");
  }
  dtd_html_table_close(page);
}

static const struct dtd_report_section ledger = {
    .id = "ledger",
    .title = "Where relevance stays",
    .file = "photos.tsv",
    .written = PHOTOS,
    .introduction =
        "Positive biases join the denominators of the rules, as section 6.2 "
        "says, and keep their share of the relevance; the rest reaches the "
        "pixels.",
    .figure = "nodes",
    .required = true,
    .description = "A panel a network, a bar for each node with weights, from "
                   "the scores to the pixels: the share of the score that its "
                   "biases keep.",
    .caption = "What the biases of each node keep of the score, as means over "
               "the photos, from the scores (left) down to the pixels.",
    .write = write_photos,
};

/* ---- the networks ---- */

static void write_networks(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "networks.tsv");
  dtd_html_table_open(page, "networks-table", "matrix",
                      "What explains the photos, and how it reads them.");
  dtd_html_table_head(page, (const char *const[]){
                                "Network", "Input", "First layer’s stride",
                                "Parameters", "Operations", "Settings", NULL});
  dtd_html(page, "<tbody>\n");
  for (int row = 0; row < t->rows; row++) {
    dtd_html_row_open(page, dtd_table_text(t, row, "network"), "");
    dtd_html(page, "<td class=\"number\">%s\u00a0×\u00a0%s</td>",
             dtd_table_text(t, row, "columns"), dtd_table_text(t, row, "rows"));
    double stride = dtd_table_value(t, row, "stride");
    dtd_html(page, "<td class=\"number\">%s</td>",
             stride > 0 ? dtd_table_text(t, row, "stride") : "–");
    dtd_html_number(page, dtd_table_value(t, row, "parameters"));
    dtd_html_number(page, dtd_table_value(t, row, "operations"));
    dtd_html(page, "<td><code>%s</code></td></tr>\n",
             dtd_table_text(t, row, "settings"));
  }
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

static const struct dtd_report_section networks = {
    .id = "networks",
    .title = "The networks",
    .file = "networks.tsv",
    .written = PHOTOS,
    .write = write_networks,
};

static void write_provenance(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "networks.tsv");
  dtd_html(page, "<pre>");
  for (int n = 0; n < t->facts; n++) {
    dtd_html_verbatim(page, t->fact[n] + strspn(t->fact[n], "# "));
    dtd_html(page, "\n");
  }
  dtd_html(page, "</pre>\n");
}

static const struct dtd_report_section provenance = {
    .id = "provenance",
    .title = "Provenance",
    .file = "networks.tsv",
    .introduction = "What made the tables, so that they can be made again.",
    .write = write_provenance,
};

const struct dtd_report_section *const dtd_photo_sections[] = {
    &heatmaps, &zoom, &claims, &classes, &ledger, &networks, &provenance, NULL};

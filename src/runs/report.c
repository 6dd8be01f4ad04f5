/* The report of a result folder: one page of its tables and figures. */
#include "runs/report.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/output.h"
#include "files/html.h"
#include "files/svg.h"

/* report.html, by the Makefile. */
extern const char dtd_report_frame[];

typedef const struct dtd_report_section section;
typedef const struct dtd_report_page report_page;

/* ---- what is there ---- */

static const char *part_of(section *s) {
  return s->in ? s->in : "";
}

static const char *if_there(const char *path) {
  return access(path, F_OK) ? NULL : path;
}

/* The paths of what a section shows; null where it is not there. */
static const char *path_of(struct dtd_report_folder *folder, section *s,
                           const char *file) {
  return file ? if_there(dtd_report_path(folder, "%s%s", part_of(s), file))
              : NULL;
}

static const char *figure_of(struct dtd_report_folder *folder, section *s) {
  return s->figure ? if_there(dtd_report_path(folder, "%sfigures/%s.svg",
                                              part_of(s), s->figure))
                   : NULL;
}

static bool is_shown(struct dtd_report_folder *folder, section *s) {
  return path_of(folder, s, s->file) || figure_of(folder, s);
}

static void check(struct dtd_report_folder *folder, section *s) {
  const char *const files[] = {s->file, s->beside};
  for (int n = 0; n < 2; n++)
    if (s->written && files[n])
      dtd_report_need(dtd_report_path(folder, "%s", files[n]), s->written);
  if (s->figure)
    dtd_report_check_figure(folder, dtd_figure_find(s->figure), part_of(s),
                            s->required);
}

/* Whether the page is newer than all that a section shows. */
static bool is_newer(const char *page, struct dtd_report_folder *folder,
                     section *s) {
  const char *const shown[] = {path_of(folder, s, s->file),
                               path_of(folder, s, s->beside),
                               figure_of(folder, s)};
  for (int n = 0; n < 3; n++)
    if (shown[n] && !dtd_report_is_newer(page, shown[n])) return false;
  return true;
}

/* ---- pieces of the page ---- */

static void write_title(FILE *page, struct dtd_report_folder *folder,
                        report_page *p) {
  (void)folder;
  dtd_html(page, "%s", p->title);
}

static void write_opening(FILE *page, struct dtd_report_folder *folder,
                          report_page *p) {
  (void)folder;
  p->opening(page);
}

static void write_summary(FILE *page, struct dtd_report_folder *folder,
                          report_page *p) {
  p->summary(page, folder);
}

static void write_contents(FILE *page, struct dtd_report_folder *folder,
                           report_page *p) {
  for (int n = 0; p->sections[n]; n++)
    if (is_shown(folder, p->sections[n]))
      dtd_html(page, "<li><a href=\"#%s\">%s</a></li>\n", p->sections[n]->id,
               p->sections[n]->title);
}

static void write_methods(FILE *page, struct dtd_report_folder *folder,
                          report_page *p) {
  p->methods(page, folder);
}

static void write_figure(FILE *page, const char *drawing, section *s) {
  dtd_html(page,
           "<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" "
           "aria-label=\"Figure: %s\">\n",
           s->figure);
  dtd_svg_copy(page, drawing, s->id, s->description);
  dtd_html(page, "</div><figcaption>%s</figcaption></figure>\n", s->caption);
}

static void write_section(FILE *page, struct dtd_report_folder *folder,
                          section *s) {
  dtd_html(page, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n",
           s->id, s->id, s->title);
  if (s->introduction) dtd_html(page, "<p>%s</p>\n", s->introduction);
  const char *drawing = figure_of(folder, s);
  if (drawing) write_figure(page, drawing, s);
  if (s->write && path_of(folder, s, s->file)) s->write(page, folder);
  dtd_html(page, "</section>\n");
}

static void write_sections(FILE *page, struct dtd_report_folder *folder,
                           report_page *p) {
  for (int n = 0; p->sections[n]; n++)
    if (is_shown(folder, p->sections[n]))
      write_section(page, folder, p->sections[n]);
}

static const struct {
  const char *name; /* between braces in the frame */
  void (*write)(FILE *page, struct dtd_report_folder *folder, report_page *p);
} pieces[] = {
    {"{{title}}", write_title},     {"{{opening}}", write_opening},
    {"{{summary}}", write_summary}, {"{{contents}}", write_contents},
    {"{{methods}}", write_methods}, {"{{sections}}", write_sections},
};

/* ---- the page ---- */

/* The frame, with each piece where it is named. */
static void write_page(FILE *page, struct dtd_report_folder *folder,
                       report_page *p) {
  const char *at = dtd_report_frame, *name;
  while ((name = strstr(at, "{{"))) {
    size_t n = 0, count = sizeof pieces / sizeof *pieces;
    dtd_output_write(page, at, (size_t)(name - at));
    while (n < count && strncmp(name, pieces[n].name, strlen(pieces[n].name)))
      n++;
    if (n == count)
      dtd_die(DTD_FAILURE, "report.html", NULL, "no piece is called %.20s",
              name);
    pieces[n].write(page, folder, p);
    at = name + strlen(pieces[n].name);
  }
  dtd_output_write(page, at, strlen(at));
}

static bool is_fresh(const char *path, struct dtd_report_folder *folder,
                     report_page *p, const char *program) {
  bool fresh = dtd_report_is_newer(path, program);
  for (int n = 0; p->sections[n]; n++)
    fresh &= is_newer(path, folder, p->sections[n]);
  return fresh;
}

bool dtd_report_write(struct dtd_report_folder *folder, report_page *p,
                      const char *program) {
  const char *path = dtd_report_path(folder, "%s", p->file);
  struct stat status;
  for (int n = 0; p->sections[n]; n++) check(folder, p->sections[n]);
  if (!stat(path, &status) && S_ISDIR(status.st_mode))
    dtd_die(DTD_FAILURE, path, "move it away; the page goes there",
            "is a folder");
  if (is_fresh(path, folder, p, program)) return false;
  FILE *page = dtd_output_open(path);
  write_page(page, folder, p);
  dtd_output_commit(page);
  return true;
}

report_page *dtd_report_page_of(struct dtd_report_folder *folder) {
  bool photos = if_there(dtd_report_path(folder, "photos.tsv")) &&
                !if_there(dtd_report_path(folder, "metrics.tsv"));
  return photos ? &dtd_photos_page : &dtd_pairs_page;
}

/* What a result folder holds for its report, and whether it is all there. */
#include "runs/report_folder.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/text.h"

struct dtd_report_folder *dtd_report_folder_open(const char *directory) {
  struct dtd_report_folder *folder = dtd_new(1, sizeof *folder);
  folder->directory = directory;
  return folder;
}

void dtd_report_folder_free(struct dtd_report_folder *folder) {
  if (!folder) return;
  for (int n = 0; n < folder->files; n++) {
    dtd_table_free(folder->file[n].table);
    dtd_free(folder->file[n].path);
  }
  dtd_free(folder->file);
  dtd_free(folder);
}

/* ---- files ---- */

/* The entry of a path, a new one when it was not asked for before. */
static struct dtd_report_file *file_of(struct dtd_report_folder *folder,
                                       const char *path) {
  for (int n = 0; n < folder->files; n++)
    if (!strcmp(folder->file[n].path, path)) return &folder->file[n];
  struct dtd_report_file *file =
      dtd_append(folder, &folder->file, &folder->files, sizeof *file);
  file->path = strcpy(dtd_new_beside(folder, strlen(path) + 1, 1), path);
  return file;
}

const char *dtd_report_path(struct dtd_report_folder *folder, const char *name,
                            ...) {
  struct dtd_text *text = dtd_text_open();
  va_list values;
  fprintf(text->stream, "%s/", folder->directory);
  va_start(values, name);
  vfprintf(text->stream, name, values);
  va_end(values);
  char *path = dtd_text_close(text);
  const char *own = file_of(folder, path)->path;
  dtd_free(path);
  return own;
}

const struct dtd_table *dtd_report_table(struct dtd_report_folder *folder,
                                         const char *name) {
  struct dtd_report_file *file =
      file_of(folder, dtd_report_path(folder, "%s", name));
  if (!file->table && access(file->path, R_OK) == 0)
    file->table = dtd_table_read(file->path);
  return file->table;
}

/* ---- what must be there ---- */

void dtd_report_need(const char *path, const char *written) {
  char run[256];
  snprintf(run, sizeof run, "run %s first", written);
  if (access(path, R_OK)) dtd_die(DTD_FAILURE, path, run, "missing");
}

bool dtd_report_is_newer(const char *path, const char *than) {
  struct stat own, other;
  if (stat(path, &own)) return false;
  if (stat(than, &other)) return true;
  struct timespec a = own.st_mtim, b = other.st_mtim;
  return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

void dtd_report_check_figure(struct dtd_report_folder *folder,
                             const struct dtd_figure *figure, const char *in,
                             bool required) {
  static const char plot[] = "scripts/plot.sh";
  const char *drawn =
      dtd_report_path(folder, "%sfigures/%s.svg", in, figure->name);
  bool whole = true;
  for (int n = 0; figure->table[n]; n++) {
    const char *table =
        dtd_report_path(folder, "%s%s.tsv", in, figure->table[n]);
    if (required) dtd_report_need(table, figure->written);
    whole &= !access(table, R_OK);
    if (!access(drawn, R_OK) && dtd_report_is_newer(table, drawn))
      dtd_die(DTD_FAILURE, drawn, "run scripts/plot.sh first", "older than %s",
              table);
  }
  if (whole) dtd_report_need(drawn, plot);
}

/* Finds the input settings that are shipped, from any folder that a program
   runs in. */
#include "explain/shipped_settings.h"

#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

/* The length of a path without its last `parts`; -1 when it has fewer. */
static int length_above(const char *path, int parts) {
  size_t length = strlen(path);
  for (; parts; parts--) {
    while (length && path[length - 1] != '/') length--;
    if (!length) return -1;
    length--;
  }
  return (int)length;
}

/* FOLDER/END, where the folder is the path without its last `parts`. */
static char *folder_above(const char *path, int parts, const char *end) {
  int length = path ? length_above(path, parts) : -1;
  return length < 0 ? NULL : dtd_printed("%.*s/%s", length, path, end);
}

struct dtd_shipped_folders dtd_shipped_folders(const char *program) {
  return (struct dtd_shipped_folders){
      {dtd_copy_text("experiments/input"),
       folder_above(program, 3, "experiments/input"),
       folder_above(program, 2, "share/dtd/input")}};
}

struct dtd_shipped_folders dtd_own_shipped_folders(void) {
  char program[4096];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length < 0 ? 0 : length] = 0;
  return dtd_shipped_folders(program);
}

void dtd_shipped_folders_free(struct dtd_shipped_folders *folders) {
  for (int n = 0; n < DTD_SHIPPED_FOLDERS; n++) dtd_free(folders->path[n]);
  *folders = (struct dtd_shipped_folders){0};
}

static char *readable(const struct dtd_shipped_folders *folders,
                      const char *name, int length) {
  for (int n = 0; n < DTD_SHIPPED_FOLDERS; n++) {
    if (!folders->path[n]) continue;
    char *ini = dtd_printed("%s/%.*s.ini", folders->path[n], length, name);
    if (!access(ini, R_OK)) return ini;
    dtd_free(ini);
  }
  return NULL;
}

char *dtd_shipped_settings(const struct dtd_shipped_folders *folders,
                           const char *name, int length) {
  char *ini = readable(folders, name, length);
  int version = length;
  while (version && strchr("0123456789", name[version - 1])) version--;
  if (!ini && version > 1 && version < length && name[version - 1] == '-')
    ini = readable(folders, name, version - 1);
  return ini;
}

char *dtd_shipped_folders_list(const struct dtd_shipped_folders *folders) {
  struct dtd_text *list = dtd_text_open();
  for (int n = 0; n < DTD_SHIPPED_FOLDERS; n++)
    if (folders->path[n])
      fprintf(list->stream, "%s%s", n ? ", " : "", folders->path[n]);
  return dtd_text_close(list);
}

/* Reads INI texts: [section]s of `key = value` lines, with # and ; comments. */
#include "files/ini_file.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

enum {
  MOST_TEXT = 1 << 20,
  MOST_SECTION = 48, /* bytes; inih cuts what is longer */
};

char *dtd_ini_text(const char *path) {
  char *text = dtd_new(MOST_TEXT + 2, 1);
  FILE *file = fopen(path, "rb");
  size_t size = file ? fread(text, 1, MOST_TEXT + 1, file) : 0;
  int error = !file || ferror(file) ? errno : 0;
  if (file) fclose(file);
  if (error)
    dtd_die(DTD_FAILURE, path, "give the path of a configuration file",
            "cannot be read: %s", strerror(error));
  if (size > MOST_TEXT || memchr(text, 0, size))
    dtd_die(DTD_FAILURE, path, "give a text file of settings",
            size > MOST_TEXT ? "is longer than 1 MiB" : "holds a zero byte");
  return text;
}

char *dtd_ini_trim(char *text) {
  text += strspn(text, " \t");
  char *end = text + strlen(text);
  while (end > text && (end[-1] == ' ' || end[-1] == '\t')) end--;
  *end = 0;
  return text;
}

char *dtd_ini_path(const char *file, const char *path) {
  const char *slash = *path == '/' ? NULL : strrchr(file, '/');
  int folder = slash ? (int)(slash + 1 - file) : 0;
  size_t size = (size_t)folder + strlen(path) + 1;
  char *joined = dtd_new(size, 1);
  snprintf(joined, size, "%.*s%s", folder, file, path);
  return joined;
}

/* ---- line by line ---- */

struct reading {
  const char *name; /* of the text, for messages */
  const char *at;   /* what is left of it */
  int line;
  int found; /* settings */
  char where[512];
  dtd_ini_setting *setting; /* null in the first pass */
  void *self;
};

/* "NAME:LINE", valid until the next call. */
static const char *here(struct reading *reading, int line) {
  snprintf(reading->where, sizeof reading->where, "%s:%d", reading->name, line);
  return reading->where;
}

static const char *const not_ini = "write [section], key = value or # comment";

/* inih itself cuts long names of sections and ignores what follows them. */
static void check_section(const char *line, size_t length, const char *where) {
  const char *close = memchr(line, ']', length);
  if (!close) return;
  if (close - line > MOST_SECTION)
    dtd_die(DTD_USAGE, where, "there is none so long",
            "there is no section %.*s...", MOST_SECTION, line);
  close += 1 + strspn(close + 1, " \t");
  if (close < line + length && !strchr(";#\r", *close))
    dtd_die(DTD_FAILURE, where, not_ini, "something follows [section]");
}

static void check_line(struct reading *reading, const char *line, size_t length,
                       size_t most) {
  const char *where = here(reading, reading->line);
  if (length > most)
    dtd_die(DTD_FAILURE, where, "break it into shorter lines",
            "the line is longer than %zu bytes", most);
  for (size_t n = 0; n < length; n++)
    if (iscntrl((unsigned char)line[n]) && line[n] != '\t')
      dtd_die(DTD_FAILURE, where, "give a text file of settings",
              "holds a control character");
  if (*line == '[') check_section(line, length, where);
}

/* The next line for inih, as fgets would give it, but counted, checked and
   without its indent: inih cuts long lines, takes an indented line for part of
   the one before, and does not tell a line's number. */
static char *next_line(char *buffer, int size, void *self) {
  struct reading *reading = self;
  if (!*reading->at) return NULL;
  reading->line++;
  reading->at += strspn(reading->at, " \t");
  size_t whole = strcspn(reading->at, "\n"), length = whole;
  if (length && reading->at[length - 1] == '\r') length--;
  check_line(reading, reading->at, length, (size_t)size - 2);
  memcpy(buffer, reading->at, length);
  strcpy(buffer + length, "\n");
  reading->at += whole + (reading->at[whole] == '\n');
  return buffer;
}

static int take_setting(void *self, const char *section, const char *key,
                        const char *value) {
  struct reading *reading = self;
  reading->found++;
  if (reading->setting)
    reading->setting(reading->self, section, key, value,
                     here(reading, reading->line));
  return 1;
}

void dtd_ini_parse(const char *text, const char *name, dtd_ini_setting *setting,
                   void *self) {
  struct reading first = {.name = name, .at = text};
  int bad = ini_parse_stream(next_line, &first, take_setting, &first);
  if (bad > 0)
    dtd_die(DTD_FAILURE, here(&first, bad), not_ini, "the line makes no sense");
  if (bad < 0) dtd_die(DTD_FAILURE, name, NULL, "memory is short");
  if (!first.found)
    dtd_die(DTD_FAILURE, name, "see experiments/paper.ini for an example",
            "holds no settings");
  struct reading second = {
      .name = name, .at = text, .setting = setting, .self = self};
  ini_parse_stream(next_line, &second, take_setting, &second);
}

/* Reads the settings of a run from a file and the command line, writes them,
   and compares them with those of another run. */
#include "runs/config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "files/ini_file.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/rng.h"
#include "base/text.h"

/* 0 for a name without a section. */
static int section_length(const char *name) {
  const char *dot = strchr(name, '.');
  return dot ? (int)(dot - name) : 0;
}

static const char *last_part(const char *name) {
  const char *dot = strchr(name, '.');
  return dot ? dot + 1 : name;
}

static bool same_section(const char *a, const char *b) {
  int length = section_length(a);
  return length == section_length(b) && !strncmp(a, b, (size_t)length);
}

/* ---- one assignment ---- */

/* Levenshtein's edit distance of two strings, the second a part of a key. */
static int distance(const char *a, int a_length, const char *b, int b_length) {
  int row[64];
  for (int j = 0; j <= b_length; j++) row[j] = j;
  for (int i = 1; i <= a_length; i++) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= b_length; j++) {
      int cost = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      if (row[j] + 1 < cost) cost = row[j] + 1;
      if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1;
      row[j] = cost;
    }
  }
  return row[b_length];
}

/* A mistake in the key counts twice as much as one in the section. */
static const char *nearest_key(const char *name) {
  const char *best = "", *own = last_part(name);
  int least = INT_MAX;
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++) {
    const char *its = last_part(s->name);
    int cost =
        distance(name, section_length(name), s->name, section_length(s->name)) +
        2 * distance(own, (int)strlen(own), its, (int)strlen(its));
    if (cost < least) least = cost, best = s->name;
  }
  return best;
}

static _Noreturn void die_unknown(const char *name, const char *where) {
  char to_do[80];
  snprintf(to_do, sizeof to_do, "the nearest is %s", nearest_key(name));
  bool section = false;
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++)
    section |= same_section(name, s->name);
  if (section) dtd_die(DTD_USAGE, where, to_do, "there is no setting %s", name);
  if (!section_length(name))
    dtd_die(DTD_USAGE, where, to_do, "the setting %s has no section",
            last_part(name));
  if (!strncmp(name, "sweep.", 6))
    dtd_die(DTD_USAGE, where, "scripts/sweep.sh runs it",
            "[sweep] makes it a sweep, not a configuration");
  dtd_die(DTD_USAGE, where, to_do, "there is no section [%.*s]",
          section_length(name), name);
}

/* Gives a setting its value and returns the setting. `where` names the place in
   messages. */
static const struct dtd_setting *assign(struct dtd_settings *settings,
                                        const char *name, const char *value,
                                        const char *where) {
  const struct dtd_setting *s = dtd_setting_table;
  while (s->name && strcmp(name, s->name)) s++;
  if (!s->name) die_unknown(name, where);
  if (!s->kind->read(dtd_setting_place(settings, s), s, value)) {
    char wanted[512], to_do[192];
    s->kind->describe(wanted, sizeof wanted, s);
    snprintf(to_do, sizeof to_do, "it is %s; the default is %s", s->meaning,
             s->initial);
    dtd_die(DTD_USAGE, where, to_do, "%s = %s is not %s", name, value, wanted);
  }
  return s;
}

static void start_from_defaults(struct dtd_settings *settings) {
  dtd_settings_clear(settings);
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++)
    assign(settings, s->name, s->initial, "default");
}

void dtd_config_defaults(struct dtd_settings *settings) {
  start_from_defaults(settings);
  dtd_settings_settle(settings);
}

/* ---- reading a text and what it includes ---- */

enum { MOST_INCLUDES = 8 }; /* files below one another */

/* A text that is being read. */
struct source {
  const char *path;                 /* null for a text that is no file */
  const struct source *included_by; /* null for the first */
  struct dtd_settings *settings;
  int found;                     /* settings so far, an include among them */
  bool there[DTD_MOST_SETTINGS]; /* not counting what it includes */
};

static void take_file(struct dtd_settings *settings, const char *path,
                      const struct source *included_by);

/* Whether two paths lead to one file. */
static bool same_file(const char *a, const char *b) {
  struct stat one, other;
  return !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

static bool is_folder(const char *path) {
  struct stat status;
  return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* Reads an included file before the settings that follow. */
static void take_include(struct source *source, const char *value,
                         const char *where) {
  if (source->found)
    dtd_die(DTD_USAGE, where, "include one file, before all settings",
            "include does not come first");
  if (!source->path)
    dtd_die(DTD_USAGE, where, "give the resolved settings",
            "only a file can include another");
  char *path = dtd_ini_path(source->path, value);
  int depth = 1;
  for (const struct source *s = source; s; s = s->included_by, depth++)
    if (same_file(path, s->path))
      dtd_die(DTD_USAGE, where, "remove one include of the circle",
              "%s includes itself", path);
  if (depth > MOST_INCLUDES + 1)
    dtd_die(DTD_USAGE, where, "include fewer files below one another",
            "%s would be the %dth file below the first", path, depth - 1);
  if (access(path, R_OK) || (is_folder(path) && (errno = EISDIR)))
    dtd_die(DTD_USAGE, where, "its path starts from the folder of this file",
            "%s cannot be included: %s", path, strerror(errno));
  take_file(source->settings, path, source);
  dtd_free(path);
}

static void take_setting(void *self, const char *section, const char *key,
                         const char *value, const char *where) {
  struct source *source = self;
  char name[512];
  if (!strcmp(key, "include")) {
    if (*section)
      dtd_die(DTD_USAGE, where, "write it before the first section",
              "include stands in [%s]", section);
    take_include(source, value, where);
    source->found++;
    return;
  }
  snprintf(name, sizeof name, "%s.%s", section, key);
  const struct dtd_setting *s = assign(source->settings, name, value, where);
  bool *there = &source->there[s - dtd_setting_table];
  if (*there)
    dtd_die(DTD_USAGE, where, "keep one of them", "%s is set twice", name);
  *there = true;
  source->found++;
}

static void take_file(struct dtd_settings *settings, const char *path,
                      const struct source *included_by) {
  struct source source = {
      .path = path, .included_by = included_by, .settings = settings};
  char *text = dtd_ini_text(path);
  dtd_ini_parse(text, path, take_setting, &source);
  dtd_free(text);
}

void dtd_config_parse(struct dtd_settings *settings, const char *text,
                      const char *name) {
  struct source source = {.settings = settings};
  start_from_defaults(settings);
  dtd_ini_parse(text, name, take_setting, &source);
  dtd_settings_settle(settings);
}

/* ---- reading a file and the command line ---- */

static void take_assignment(struct dtd_settings *settings,
                            const char *assignment) {
  for (const char *c = assignment; *c; c++)
    if (iscntrl((unsigned char)*c))
      dtd_die(DTD_USAGE, "command line", "write section.key=value",
              "a setting holds a control character");
  char *copy = dtd_copy(assignment, strlen(assignment) + 1, 1);
  char *equals = strchr(copy, '=');
  if (!equals)
    dtd_die(DTD_USAGE, assignment, "write section.key=value", "has no =");
  *equals = 0;
  assign(settings, dtd_ini_trim(copy), dtd_ini_trim(equals + 1), assignment);
  dtd_free(copy);
}

void dtd_config_change(struct dtd_settings *settings, char *const *assignments,
                       int count) {
  for (int n = 0; n < count; n++) take_assignment(settings, assignments[n]);
  dtd_settings_settle(settings);
}

void dtd_config_read(struct dtd_settings *settings, const char *path,
                     char *const *assignments, int count) {
  start_from_defaults(settings);
  take_file(settings, path, NULL);
  dtd_config_change(settings, assignments, count);
}

/* ---- writing ---- */

static void write_value(FILE *output, const struct dtd_settings *settings,
                        const struct dtd_setting *setting) {
  setting->kind->write(output, dtd_setting_place(settings, setting), setting);
}

/* "[section]", unless the setting before has the same. */
static void write_section(FILE *output, const char *name, const char *before) {
  if (!before || !same_section(name, before))
    fprintf(output, "%s[%.*s]\n", before ? "\n" : "", section_length(name),
            name);
}

/* The settings that can change at least so much, as INI. */
static char *text_of(const struct dtd_settings *settings,
                     enum dtd_reach reach) {
  struct dtd_text *text = dtd_text_open();
  FILE *output = text->stream;
  const char *before = NULL;
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++) {
    if (s->reach < reach) continue;
    write_section(output, s->name, before);
    fprintf(output, "%s = ", last_part(s->name));
    write_value(output, settings, s);
    fputc('\n', output);
    before = s->name;
  }
  return dtd_text_close(text);
}

char *dtd_config_text(const struct dtd_settings *settings) {
  return text_of(settings, DTD_NO_RESULT);
}

void dtd_config_write(const char *path, const struct dtd_settings *settings) {
  char *text = dtd_config_text(settings);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, text, strlen(text));
  dtd_output_commit(output);
  dtd_free(text);
}

static void hash_of(char digest[17], const struct dtd_settings *settings,
                    enum dtd_reach reach) {
  char *text = text_of(settings, reach);
  snprintf(digest, 17, "%016" PRIx64, dtd_hash(text));
  dtd_free(text);
}

void dtd_config_digest(char digest[17], const struct dtd_settings *settings) {
  hash_of(digest, settings, DTD_EXPLANATIONS);
}

void dtd_config_training_digest(char digest[17],
                                const struct dtd_settings *settings) {
  hash_of(digest, settings, DTD_TRAINING);
}

void dtd_config_describe(FILE *output) {
  const char *before = NULL;
  for (const struct dtd_setting *s = dtd_setting_table; s->name; s++) {
    char setting[64], values[512];
    write_section(output, s->name, before);
    snprintf(setting, sizeof setting, "%s = %s", last_part(s->name),
             s->initial);
    s->kind->describe(values, sizeof values, s);
    fprintf(output, "  %-26s %s\n%29s%s\n", setting, s->meaning, "",
            s->kind->brief ? s->kind->brief : values);
    before = s->name;
  }
}

/* ---- key by key ---- */

const char *dtd_config_key(int n) {
  return dtd_setting_table[n].name;
}

bool dtd_config_matters(int n) {
  return dtd_setting_table[n].reach > DTD_NO_RESULT;
}

char *dtd_config_value(const struct dtd_settings *settings, int n) {
  struct dtd_text *text = dtd_text_open();
  write_value(text->stream, settings, &dtd_setting_table[n]);
  return dtd_text_close(text);
}

void dtd_config_check(const char *key, const char *value, const char *where) {
  struct dtd_settings scratch;
  start_from_defaults(&scratch);
  assign(&scratch, key, value, where);
}

/* ---- comparing ---- */

bool dtd_config_same(const struct dtd_settings *a, const struct dtd_settings *b,
                     int n) {
  char *text[] = {dtd_config_value(a, n), dtd_config_value(b, n)};
  bool same = !strcmp(text[0], text[1]);
  dtd_free(text[0]);
  dtd_free(text[1]);
  return same;
}

const char *dtd_config_difference(const struct dtd_settings *a,
                                  const struct dtd_settings *b) {
  for (int n = 0; dtd_config_key(n); n++)
    if (dtd_setting_table[n].reach == DTD_TRAINING && !dtd_config_same(a, b, n))
      return dtd_config_key(n);
  return NULL;
}

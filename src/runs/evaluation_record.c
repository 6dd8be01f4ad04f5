/* What an evaluation leaves for comparisons, written and read back. */
#include "runs/evaluation_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "files/ini_file.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/rng.h"
#include "base/text.h"
#include "files/table.h"
#include "base/version.h"

static const char FORMAT[] = "1";

/* ---- write ---- */

static uint64_t hash_of(const struct dtd_digits *digits) {
  size_t count = (size_t)digits->count;
  return dtd_hash_bytes(digits->images, count * DTD_DIGIT_PIXELS) ^
         dtd_hash_bytes(digits->labels, count) * 3;
}

void dtd_evaluation_record_write(const char *directory,
                                 const struct dtd_settings *settings,
                                 const struct dtd_digits *test) {
  char *path = dtd_printed("%s/evaluation.ini", directory);
  char *text = dtd_config_text(settings), digest[17];
  dtd_config_digest(digest, settings);
  FILE *output = dtd_output_open(path);
  fprintf(output,
          "# format: %s\n# config: %s\n# data: %016" PRIx64
          "\n# source: %s\n\n%s",
          FORMAT, digest, hash_of(test), dtd_source_revision(), text);
  dtd_output_commit(output);
  dtd_free(text);
  dtd_free(path);
}

/* ---- read ---- */

/* What the line `# key: value` at the top says, in at most 16 bytes. */
static void read_fact(char fact[17], const char *text, const char *key) {
  *fact = 0;
  for (; *text == '#'; text += strcspn(text, "\n"), text += *text == '\n')
    if (!strncmp(text + 2, key, strlen(key)) && text[2 + strlen(key)] == ':')
      sscanf(text + 2 + strlen(key), ": %16s", fact);
}

static void read_settings(struct dtd_evaluation_record *evaluated) {
  static const char *const to_do = "run build/bin/evaluate on it";
  const char *directory = evaluated->directory;
  char *path = dtd_printed("%s/evaluation.ini", directory), format[17];
  if (access(path, F_OK))
    dtd_die(DTD_FAILURE, directory, to_do,
            access(evaluated->path, F_OK)
                ? "has not been evaluated"
                : "has metrics.tsv but no evaluation.ini, so it is of an older "
                  "format");
  char *text = dtd_ini_text(path);
  read_fact(format, text, "format");
  if (strcmp(format, FORMAT))
    dtd_die(DTD_FAILURE, path, to_do, "is of format \"%s\", not %s", format,
            FORMAT);
  read_fact(evaluated->digest, text, "config");
  read_fact(evaluated->data, text, "data");
  dtd_config_parse(&evaluated->settings, text, path);
  dtd_free(text);
  dtd_free(path);
}

struct dtd_evaluation_record *
dtd_evaluation_record_read(const char *directory) {
  struct dtd_evaluation_record *evaluated = dtd_new(1, sizeof *evaluated);
  evaluated->directory = dtd_copy_text(directory);
  evaluated->path = dtd_printed("%s/metrics.tsv", directory);
  read_settings(evaluated);
  evaluated->metrics = dtd_table_read(evaluated->path);
  const char *digest = dtd_table_fact(evaluated->metrics, "config");
  if (!digest || strcmp(digest, evaluated->digest))
    dtd_die(DTD_FAILURE, evaluated->path, "run build/bin/evaluate on it",
            "was measured with other settings than evaluation.ini says");
  return evaluated;
}

bool dtd_evaluation_record_is(const char *directory, const char *digest) {
  char *path = dtd_printed("%s/evaluation.ini", directory), found[17] = "";
  if (!access(path, R_OK)) {
    char *text = dtd_ini_text(path);
    read_fact(found, text, "config");
    dtd_free(text);
  }
  dtd_free(path);
  return !strcmp(found, digest);
}

void dtd_evaluation_record_free(struct dtd_evaluation_record *evaluated) {
  if (!evaluated) return;
  dtd_table_free(evaluated->metrics);
  dtd_free(evaluated->path);
  dtd_free(evaluated->directory);
  dtd_free(evaluated);
}

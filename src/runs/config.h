/* Reads the settings of a run from a file and the command line, writes them,
   and compares them with those of another run.

   A configuration is an INI file of [section]s and `key = value` lines, read
   with inih. settings.h has the keys. A key that the file leaves out has its
   default; an assignment `section.key=value` on the command line comes after
   the file and replaces its value.

   A file may build on another: `include = OTHER.ini` before its first section,
   a path from its own folder, reads the settings of OTHER.ini before its own,
   which replace them. OTHER.ini may include a third, up to 8 files below the
   first.

   Exit status: 1 when a file cannot be read as INI (missing, empty, garbled), 2
   when its content is wrong (an unknown key, a bad value, a file to include
   that is missing or includes itself, two settings that contradict each other).
 */
#ifndef DTD_CONFIG_H
#define DTD_CONFIG_H

#include <stdbool.h>
#include <stdio.h>

#include "runs/settings.h"

/* ---- read ---- */

/* Every setting at its default. */
void dtd_config_defaults(struct dtd_settings *settings);

/* The defaults, then the file at `path`, then `count` assignments
   "section.key=value" in their order, each in place of what came before; then
   checks what must fit together. Dies, naming the file and
   line, or the assignment. */
void dtd_config_read(struct dtd_settings *settings, const char *path,
                     char *const *assignments, int count);

/* The same from a text, such as a model file's metadata; `name` stands for it
   in messages. */
void dtd_config_parse(struct dtd_settings *settings, const char *text,
                      const char *name);

/* Applies `count` assignments to complete settings, and checks again. */
void dtd_config_change(struct dtd_settings *settings, char *const *assignments,
                       int count);

/* ---- write ---- */

/* Every key with its value, in an order that never changes; reading it gives
   the same settings. Release with dtd_free(). */
char *dtd_config_text(const struct dtd_settings *settings);

void dtd_config_write(const char *path, const struct dtd_settings *settings);

/* 16 hexadecimal digits: the 64-bit FNV-1a hash of the text without what cannot
   change a result, training.threads, training.checkpoint_every and
   data.directory (the data may move, but should not change). */
void dtd_config_digest(char digest[17], const struct dtd_settings *settings);

/* The same of those settings that shape the training. Runs of the same digest
   on the same data train the same model. */
void dtd_config_training_digest(char digest[17],
                                const struct dtd_settings *settings);

/* All keys, their defaults, ranges and meanings, for --help. */
void dtd_config_describe(FILE *output);

/* ---- key by key ---- */

/* The name "section.key" of key n, in the order of the text; null past the
   last. */
const char *dtd_config_key(int n);

/* Whether key n can change a result: it then counts in the digest. */
bool dtd_config_matters(int n);

/* The value of key n as it is written; release with dtd_free(). */
char *dtd_config_value(const struct dtd_settings *settings, int n);

/* Dies (usage), naming `where`, unless the key exists and takes the value.
   Whether settings agree is checked when all of them are read. */
void dtd_config_check(const char *key, const char *value, const char *where);

/* ---- compare ---- */

/* Whether both have the same value of key n. */
bool dtd_config_same(const struct dtd_settings *a, const struct dtd_settings *b,
                     int n);

/* The first key that differs among those that shape the training, or null:
   training may resume when there is none. These are [data], [network],
   [training], [relevance] and [minmax], but for what the digest leaves out, and
   explanation.upper_rule, by which R_k is computed, which min-max learns. */
const char *dtd_config_difference(const struct dtd_settings *a,
                                  const struct dtd_settings *b);

#endif

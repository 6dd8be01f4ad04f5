/* Settings for tests: the defaults with one assignment, and what is written of
   them.

   For cmocka tests only. */
#ifndef DTD_TEST_SETTINGS_H
#define DTD_TEST_SETTINGS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert_dies.h"
#include "runs/config.h"

#define FOR_EACH_SETTING(setting)                                              \
  for (const struct dtd_setting *setting = dtd_setting_table; setting->name;   \
       setting++)

/* The defaults with one assignment over them. */
static inline void read_one(struct dtd_settings *settings,
                            const char *assignment) {
  char *words[] = {(char *)assignment};
  dtd_config_defaults(settings);
  dtd_config_change(settings, words, 1);
}

/* A configuration called t.ini. */
static inline void read_text(struct dtd_settings *settings, const char *text) {
  dtd_config_parse(settings, text, "t.ini");
}

/* Asserts for each pair {words, text} that `read`, one of the two functions
   above, dies of the text with this status and these words. */
#define assert_each_dies(status, read, ...)                                    \
  do {                                                                         \
    static const char *const bad[][2] = {__VA_ARGS__};                         \
    struct dtd_settings bad_settings;                                          \
    for (size_t bad_n = 0; bad_n < sizeof bad / sizeof *bad; bad_n++)          \
      assert_dies(status, bad[bad_n][0], read(&bad_settings, bad[bad_n][1]));  \
  } while (0)

/* Asserts that the configuration gives "section.key" this value, once. */
static inline void assert_value(const struct dtd_settings *settings,
                                const char *name, const char *wanted) {
  char *text = dtd_config_text(settings), head[96], found[512] = "", *end;
  snprintf(head, sizeof head, "[%s", name);
  strcpy(strchr(head, '.'), "]\n");
  char *section = strstr(text, head);
  if ((end = strstr(section, "\n["))) end[1] = 0;
  snprintf(head, sizeof head, "\n%s = ", strchr(name, '.') + 1);
  char *line = strstr(section, head);
  if (!line) fail_msg("%s is not written", name);
  assert_null(strstr(line + 1, head));
  sscanf(line + strlen(head), "%511[^\n]", found);
  char *wanted_end;
  bool same = !strcmp(found, wanted) ||
              (strtod(found, &end) == strtod(wanted, &wanted_end) && !*end &&
               !*wanted_end);
  if (!same) fail_msg("%s is \"%s\", not \"%s\"", name, found, wanted);
  free(text);
}

static inline void assert_same_text(const struct dtd_settings *a,
                                    const struct dtd_settings *b) {
  char *text[] = {dtd_config_text(a), dtd_config_text(b)};
  assert_string_equal(text[0], text[1]);
  free(text[0]);
  free(text[1]);
}

#endif

/* The names of a network's classes, and the class that somebody means. */
#include "explain/class_names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"

/* ---- create ---- */

struct dtd_class_names dtd_class_names_none(int classes) {
  return (struct dtd_class_names){.classes = classes};
}

/* What stands behind WordNet's number, if there is one: n and eight digits. */
static char *without_number(char *line) {
  enum { DIGITS = 8 };
  if (*line == 'n' && strspn(line + 1, "0123456789") == DIGITS)
    line += 1 + DIGITS;
  return line + strspn(line, " \t");
}

/* Cuts off the line at `text` and returns it, its end of line removed. */
static char *cut_line(char **text) {
  char *line = *text, *end = line + strcspn(line, "\n");
  *text = *end ? end + 1 : end;
  while (end > line && isspace((unsigned char)end[-1])) end--;
  *end = 0;
  return line;
}

struct dtd_class_names dtd_class_names_read(const char *path, int classes) {
  struct dtd_class_names names = {dtd_copy_text(path), classes, NULL};
  char *text = dtd_input_text(path), *at = text;
  names.name = dtd_new((size_t)classes, sizeof *names.name);
  int lines = 0;
  while (*at) {
    const char *name = without_number(cut_line(&at));
    if (!*name && !*at) break;
    if (lines < classes) names.name[lines] = dtd_copy_text(name);
    lines++;
  }
  if (lines != classes)
    dtd_die(DTD_FAILURE, path, "give one line for each class, in their order",
            "names %d classes, but the network has %d outputs", lines, classes);
  dtd_free(text);
  return names;
}

/* ---- find ---- */

const char *dtd_class_name(const struct dtd_class_names *names, int class) {
  return names->name ? names->name[class] : "";
}

static int class_of_number(const struct dtd_class_names *names,
                           const char *text) {
  char *end;
  long class = strtol(text, &end, 10);
  if (*end || class >= names->classes)
    dtd_die(DTD_USAGE, text, "classes are counted from 0", "is no class of %d",
            names->classes);
  return (int)class;
}

/* Whether `words` are a name, or all that stands between commas of it. */
static bool is_word_of(const char *name, const char *words) {
  size_t length = strlen(words);
  if (!strcasecmp(name, words)) return true;
  for (; *name; name += strspn(name, ", ")) {
    size_t word = strcspn(name, ",");
    if (word == length && !strncasecmp(name, words, length)) return true;
    name += word;
  }
  return false;
}

static bool is_part_of(const char *name, const char *words) {
  return strcasestr(name, words) != NULL;
}

typedef bool match(const char *name, const char *words);

/* How many names match, and the first of them. */
static int count(int *first, const struct dtd_class_names *names,
                 const char *words, match *matches) {
  int found = 0;
  for (int n = names->classes - 1; n >= 0; n--)
    if (matches(names->name[n], words)) *first = n, found++;
  return found;
}

static _Noreturn void die_ambiguous(const struct dtd_class_names *names,
                                    const char *words, match *matches,
                                    int found) {
  enum { SHOWN = 8 };
  char list[1024] = "";
  for (int n = 0, shown = 0; n < names->classes && shown < SHOWN; n++) {
    if (!matches(names->name[n], words)) continue;
    size_t length = strlen(list);
    snprintf(list + length, sizeof list - length, "%s%d %.80s",
             shown++ ? "; " : "", n, names->name[n]);
  }
  dtd_die(DTD_USAGE, words, "give its number", "may be %d classes: %s%s", found,
          list, found > SHOWN ? "; ..." : "");
}

int dtd_class_find(const struct dtd_class_names *names, const char *text) {
  if (*text && strspn(text, "0123456789") == strlen(text))
    return class_of_number(names, text);
  if (!names->name)
    dtd_die(DTD_USAGE, text,
            "give the number of the class, or names by [labels] file",
            "the network's classes have no names");
  match *const ways[] = {is_word_of, is_part_of};
  for (int way = 0; *text && way < 2; way++) {
    int class = 0, found = count(&class, names, text, ways[way]);
    if (found == 1) return class;
    if (found) die_ambiguous(names, text, ways[way], found);
  }
  dtd_die(DTD_USAGE, text, "see the names there", "is no class of %s",
          names->path);
}

void dtd_class_names_free(struct dtd_class_names *names) {
  for (int n = 0; names->name && n < names->classes; n++)
    dtd_free(names->name[n]);
  dtd_free(names->name);
  dtd_free(names->path);
  *names = (struct dtd_class_names){0};
}

/* Copies an SVG drawing into a page, unless it could do more than be seen. */
#include "files/svg.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "files/html.h"

enum { MOST_NAME = 40 };

struct drawing {
  const char *path, *prefix, *label;
  FILE *page;
  const char *at; /* what is read next */
  int depth;      /* elements that are open */
};

static const char *const drawing_elements[] = {
    "svg",      "g",           "defs",    "path",     "rect",
    "circle",   "polygon",     "line",    "polyline", "ellipse",
    "text",     "tspan",       "use",     "image",    "symbol",
    "filter",   "feComposite", "feFlood", "pattern",  "marker",
    "clipPath", "stop",        "title",   "desc",     NULL};

static _Noreturn void refuse(const struct drawing *d, const char *why,
                             const char *name) {
  dtd_die(DTD_FAILURE, d->path, "draw it again with scripts/plot.sh", why,
          name);
}

/* ---- what is allowed ---- */

static bool begins(const char *text, const char *with) {
  return !strncasecmp(text, with, strlen(with));
}

static void check_element(const struct drawing *d, const char *name) {
  const char *const *known = drawing_elements;
  while (*known && strcmp(*known, name)) known++;
  if (!*known) refuse(d, "holds <%s>, which has no place in a page", name);
}

/* Behind &#106; or \6a a character may hide: only XML's own five are taken. */
static bool hides_characters(const char *value) {
  static const char *const plain[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                      "&apos;"};
  for (; *value; value++) {
    bool named = false;
    for (int n = 0; n < 5; n++) named |= begins(value, plain[n]);
    if (*value == '\\' || (*value == '&' && !named)) return true;
  }
  return false;
}

static bool is_reference(const char *name) {
  const char *colon = strchr(name, ':');
  return !strcasecmp(colon ? colon + 1 : name, "href");
}

/* To anything but the drawing's own ids and pictures. */
static bool refers_elsewhere(const char *name, const char *value) {
  if (is_reference(name))
    return *value != '#' && !begins(value, "data:image/png;base64,") &&
           !begins(value, "data:image/jpeg;base64,");
  if (!strncmp(name, "xmlns", 5)) return false;
  for (; *value; value++)
    if (begins(value, "//") || (begins(value, "url(") && value[4] != '#'))
      return true;
  return false;
}

static void check_attribute(const struct drawing *d, const char *name,
                            const char *value) {
  if (begins(name, "on")) refuse(d, "holds a script in its attribute %s", name);
  if (hides_characters(value))
    refuse(d, "hides characters in its attribute %s", name);
  if (refers_elsewhere(name, value))
    refuse(d, "refers to something outside by its attribute %s", name);
}

/* ---- what is written ---- */

/* A value as it stands, in double quotes, whose ids begin with the prefix. */
static void write_value(const struct drawing *d, const char *value) {
  for (; *value; value++) {
    if (*value == '"')
      fputs("&quot;", d->page);
    else
      fputc(*value, d->page);
    if (begins(value, "(#")) {
      fprintf(d->page, "#%s-", d->prefix);
      value++;
    }
  }
}

static void write_attribute(const struct drawing *d, const char *name,
                            const char *value) {
  bool is_id = !strcmp(name, "id");
  if (is_id && begins(value, "gnuplot")) return; /* not unique, nor used */
  fprintf(d->page, " %s=\"", name);
  if (is_id) fprintf(d->page, "%s-", d->prefix);
  if (is_reference(name) && *value == '#') {
    fprintf(d->page, "#%s-", d->prefix);
    value++;
  }
  write_value(d, value);
  if (!strcmp(name, "font-family")) fputs(", Verdana, sans-serif", d->page);
  fputc('"', d->page);
}

/* ---- what is read ---- */

static void skip_blanks(struct drawing *d) {
  d->at += strspn(d->at, " \t\r\n");
}

static _Noreturn void refuse_form(const struct drawing *d) {
  refuse(d, "is cut off or no SVG%s", "");
}

/* Goes on behind the next `end`. */
static void skip_past(struct drawing *d, const char *end) {
  const char *found = strstr(d->at, end);
  if (!found) refuse_form(d);
  d->at = found + strlen(end);
}

static void take_name(struct drawing *d, char name[MOST_NAME]) {
  size_t length = 0;
  while (isalnum((unsigned char)d->at[length]) ||
         (d->at[length] && strchr(":_-", d->at[length])))
    length++;
  if (!length || length >= MOST_NAME) refuse_form(d);
  memcpy(name, d->at, length);
  name[length] = 0;
  d->at += length;
}

/* Copies name="value"; `width` receives that of the drawing. */
static void copy_attribute(struct drawing *d, int *width) {
  char name[MOST_NAME];
  take_name(d, name);
  skip_blanks(d);
  if (*d->at != '=') refuse_form(d);
  d->at++;
  skip_blanks(d);
  char quote[2] = {*d->at, 0};
  if (*quote != '"' && *quote != '\'') refuse_form(d);
  const char *first = ++d->at;
  skip_past(d, quote);
  size_t length = (size_t)(d->at - 1 - first);
  char *value = dtd_new(length + 1, 1);
  memcpy(value, first, length);
  check_attribute(d, name, value);
  if (!strcmp(name, "width")) *width = atoi(value);
  write_attribute(d, name, value);
  dtd_free(value);
}

/* Copies what stands between "<name" and the end of the tag; says whether it is
   an element without content. */
static bool copy_attributes(struct drawing *d, int *width) {
  for (skip_blanks(d); *d->at != '>' && *d->at != '/'; skip_blanks(d))
    copy_attribute(d, width);
  bool empty = *d->at == '/';
  if (empty) d->at++;
  if (*d->at++ != '>') refuse_form(d);
  return empty;
}

/* Copies an element's opening tag, which stands behind "<". */
static void copy_opening(struct drawing *d) {
  char name[MOST_NAME], end[MOST_NAME + 3];
  int width = 0;
  take_name(d, name);
  check_element(d, name);
  bool is_drawing = !strcmp(name, "svg");
  if (is_drawing != !d->depth) refuse_form(d);
  if (!strcmp(name, "title") || !strcmp(name, "desc")) {
    snprintf(end, sizeof end, "</%s>", name);
    skip_past(d, end);
    return;
  }
  if (is_drawing)
    dtd_html(d->page, "<svg role=\"img\" aria-label=\"%s\"", d->label);
  else
    fprintf(d->page, "<%s", name);
  bool empty = copy_attributes(d, &width);
  if (is_drawing) fprintf(d->page, " style=\"--natural: %dpx\"", width);
  fputs(empty ? "/>" : ">", d->page);
  d->depth += !empty;
}

static void copy_closing(struct drawing *d) {
  char name[MOST_NAME];
  take_name(d, name);
  check_element(d, name);
  if (*d->at++ != '>' || !strcmp(name, "svg") != (--d->depth == 0))
    refuse_form(d);
  fprintf(d->page, "</%s>", name);
}

static void copy_tag(struct drawing *d) {
  if (begins(d->at, "!--")) {
    skip_past(d, "-->");
  } else if (*d->at == '/') {
    d->at++;
    copy_closing(d);
  } else {
    copy_opening(d);
  }
}

void dtd_svg_copy(FILE *page, const char *path, const char *prefix,
                  const char *label) {
  char *text = dtd_input_text(path);
  struct drawing d = {path, prefix, label, page, strstr(text, "<svg"), 0};
  if (!d.at) refuse_form(&d);
  do {
    size_t length = strcspn(d.at, "<");
    fwrite(d.at, 1, length, page);
    d.at += length;
    if (!*d.at++) refuse_form(&d);
    copy_tag(&d);
  } while (d.depth);
  skip_blanks(&d);
  if (*d.at) refuse_form(&d);
  dtd_free(text);
}

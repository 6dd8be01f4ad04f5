/* Asserts of a page what its readers rely on, as a browser would read it.

   Elements are closed in order; ids are unique, links and labels lead to them;
   headings skip no level; figures have a caption and words for those who do not
   see them; tables have a caption, heads with a scope and rows of one width;
   frames that scroll do so by keyboard; nothing runs or is fetched; no name of
   a table stands for a title, and no number is missing. For cmocka tests only.
 */
#ifndef DTD_TEST_PAGE_H
#define DTD_TEST_PAGE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_DEPTH = 64, PAGE_NAMES = 4096, PAGE_NAME = 64 };

struct plain_page {
  const char *at;                   /* behind the "<" of a tag */
  char open[PAGE_DEPTH][PAGE_NAME]; /* elements */
  int depth, level, h1, names, wanted;
  char id[PAGE_NAMES][PAGE_NAME];
  char want[PAGE_NAMES][PAGE_NAME]; /* what links and labels lead to */
  bool captioned, labelled;
  int width, columns, carried; /* of a table, its rows, and of spanned cells */
};

/* The value of an attribute of the tag at hand; null when it has none. */
static inline const char *page_attribute(const struct plain_page *p,
                                         const char *name) {
  static char value[8192];
  char start[PAGE_NAME];
  snprintf(start, sizeof start, " %s=\"", name);
  const char *end = strchr(p->at, '>'), *found = strstr(p->at, start);
  if (!found || found > end) return NULL;
  found += strlen(start);
  snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "\""), found);
  return value;
}

static inline int page_span(const struct plain_page *p, const char *name) {
  const char *value = page_attribute(p, name);
  return value ? atoi(value) : 1;
}

static inline void page_names(struct plain_page *p) {
  const char *value = page_attribute(p, "id");
  if (value) {
    for (int n = 0; n < p->names; n++)
      if (!strcmp(p->id[n], value)) fail_msg("the id %s stands twice", value);
    assert_true(p->names < PAGE_NAMES);
    snprintf(p->id[p->names++], PAGE_NAME, "%.63s", value);
  }
  static const char *const link[] = {"href", "xlink:href", "aria-labelledby",
                                     "src"};
  for (int n = 0; n < 4; n++) {
    if (!(value = page_attribute(p, link[n])) || !strncmp(value, "data:", 5))
      continue;
    if (n != 2 && *value++ != '#') fail_msg("refers to %s", value - 1);
    assert_true(p->wanted < PAGE_NAMES);
    bool known = false;
    for (int i = 0; i < p->wanted; i++) known |= !strcmp(p->want[i], value);
    if (!known) snprintf(p->want[p->wanted++], PAGE_NAME, "%.63s", value);
  }
}

static inline void page_row_ends(struct plain_page *p) {
  if (!p->width) p->width = p->columns;
  if (p->columns != p->width)
    fail_msg("a row has %d columns of %d", p->columns, p->width);
  p->columns = p->carried;
  p->carried = 0;
}

static inline void page_opens(struct plain_page *p, const char *name) {
  static const char *const banned[] = {"script", "iframe", "object", "embed"};
  for (int n = 0; n < 4; n++) assert_string_not_equal(name, banned[n]);
  if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
    if (name[1] - '0' > p->level + 1) fail_msg("%s skips a level", name);
    p->level = name[1] - '0';
    p->h1 += p->level == 1;
  }
  if (!strcmp(name, "figure") || !strcmp(name, "table"))
    p->captioned = p->labelled = false, p->width = p->columns = p->carried = 0;
  if (!strcmp(name, "caption") || !strcmp(name, "figcaption"))
    p->captioned = true;
  if (!strcmp(name, "svg")) {
    const char *label = page_attribute(p, "aria-label");
    p->labelled = label && *label;
  }
  if (!strcmp(name, "th") || !strcmp(name, "td")) {
    p->columns += page_span(p, "colspan");
    if (page_span(p, "rowspan") > 1) p->carried += page_span(p, "colspan");
    if (name[1] == 'h' && !page_attribute(p, "scope")) fail_msg("no scope");
  }
  const char *class = page_attribute(p, "class");
  if (class && strstr(class, "scroll") && !page_attribute(p, "tabindex"))
    fail_msg("a frame does not scroll by keyboard");
}

static inline void page_closes(struct plain_page *p, const char *name) {
  if (!p->depth || strcmp(p->open[--p->depth], name))
    fail_msg("</%s> closes <%s>", name, p->open[p->depth]);
  if (!strcmp(name, "tr")) page_row_ends(p);
  if (!strcmp(name, "figure")) assert_true(p->captioned && p->labelled);
  if (!strcmp(name, "table")) assert_true(p->captioned);
}

/* The text behind a tag. */
static inline void page_text(const struct plain_page *p, const char *text) {
  static const char *const missing[] = {"NaN", "undefined", "-nan", " inf"};
  size_t length = strcspn(text, "<");
  char *copy = strndup(text, length);
  for (int n = 0; n < 4; n++)
    if (strstr(copy, missing[n])) fail_msg("a number is missing: %s", copy);
  const char *in = p->depth ? p->open[p->depth - 1] : "";
  const char *stroke = strchr(copy, '_');
  if ((!strcmp(in, "th") || !strcmp(in, "dt")) && stroke)
    fail_msg("%s has no title", copy);
  free(copy);
}

static inline void assert_page_is_sound(const char *text) {
  struct plain_page *p = calloc(1, sizeof *p);
  assert_non_null(strstr(text, "<html lang="));
  assert_non_null(strstr(text, "<title>"));
  assert_null(strstr(text, "@import"));
  const char *style = strstr(text, "</style>");
  for (p->at = text; (p->at = strchr(p->at, '<')); p->at++) {
    bool closes = p->at[1] == '/', is_void = p->at[1] == '!';
    char name[PAGE_NAME];
    const char *first = ++p->at + closes, *end = strchr(p->at, '>');
    snprintf(name, sizeof name, "%.*s", (int)strcspn(first, " \n/>"), first);
    static const char *const empty[] = {"meta", "link", "br"};
    for (int n = 0; n < 3; n++) is_void |= !strcmp(name, empty[n]);
    if (closes) page_closes(p, name);
    if (!closes && name[0] != '!') {
      page_names(p);
      page_opens(p, name);
    }
    if (!closes && !is_void && end[-1] != '/') {
      assert_true(p->depth < PAGE_DEPTH);
      strcpy(p->open[p->depth++], name);
    }
    if (end > style) page_text(p, end + 1);
  }
  assert_int_equal(p->depth, 0);
  assert_int_equal(p->h1, 1);
  for (int i = 0; i < p->wanted; i++) {
    bool found = false;
    for (int n = 0; n < p->names; n++) found |= !strcmp(p->id[n], p->want[i]);
    if (!found) fail_msg("#%s leads nowhere", p->want[i]);
  }
  free(p);
}

#endif

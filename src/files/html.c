/* Writes HTML: the one place where text becomes part of a page. */
#include "files/html.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/die.h"
#include "files/rounded.h"

static void write_escaped(FILE *page, const char *text, size_t length) {
  static const char *const entity[128] = {
      ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
  for (; length; length--, text++) {
    const char *own = *text > 0 ? entity[(int)*text] : NULL;
    if (own)
      fputs(own, page);
    else
      fputc(*text, page);
  }
}

void dtd_html_verbatim(FILE *page, const char *text) {
  write_escaped(page, text, strlen(text));
}

/* ---- symbols ---- */

static bool in_word(char c) {
  return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Bytes of one character in UTF-8 with the accent above it, as in R\u0302. */
static size_t length_of_character(const char *text) {
  size_t length = 1;
  while (((unsigned char)text[length] & 0xc0) == 0x80) length++;
  if (!strncmp(text + length, "\u0302", 2)) length += 2;
  return length;
}

/* Bytes of the index that stands at `text`: one or two letters, digits or
   signs, and then no more of a word; 0 when there is none. */
static size_t length_of_index(const char *text) {
  size_t length = 0;
  while (isalnum((unsigned char)text[length]) || text[length] == '+') length++;
  return length <= 2 && !in_word(text[length]) ? length : 0;
}

/* Writes the symbol that stands at the beginning of a word, R_p or z^B, or the
   sign of sum_p; returns how many bytes that was, 0 when there is none. */
static size_t write_symbol(FILE *page, const char *text) {
  bool is_sum = !strncmp(text, "sum_", 4);
  size_t letter = is_sum ? 3 : length_of_character(text);
  if (!is_sum && !in_word(*text)) return 0;
  if (text[letter] != '_' && text[letter] != '^') return 0;
  size_t index = length_of_index(text + letter + 1);
  if (!index) return 0;
  const char *tag = text[letter] == '_' ? "sub" : "sup";
  write_escaped(page, is_sum ? "\u03a3" : text, is_sum ? 2 : letter);
  fprintf(page, "<%s>", tag);
  write_escaped(page, text + letter + 1, index);
  fprintf(page, "</%s>", tag);
  return letter + 1 + index;
}

static void write_text(FILE *page, const char *text) {
  bool inside = false; /* of a word */
  while (*text) {
    size_t length = inside ? 0 : write_symbol(page, text);
    if (!length) {
      length = 1;
      write_escaped(page, text, 1);
    }
    text += length;
    inside = isalnum((unsigned char)text[-1]) || text[-1] == '_';
  }
}

/* ---- pages ---- */

void dtd_html(FILE *page, const char *format, ...) {
  bool in_tag = false;
  va_list values;
  va_start(values, format);
  for (const char *c = format; *c; c++) {
    if (*c == '<') in_tag = true;
    if (*c == '>') in_tag = false;
    if (*c != '%') {
      fputc(*c, page);
      continue;
    }
    switch (*++c) {
    case 's':
      (in_tag ? dtd_html_verbatim : write_text)(page,
                                                va_arg(values, const char *));
      break;
    case 'd':
      fprintf(page, "%d", va_arg(values, int));
      break;
    case '%':
      fputc('%', page);
      break;
    default:
      dtd_die(DTD_FAILURE, "page", NULL, "%%%c is no conversion of dtd_html",
              *c);
    }
  }
  va_end(values);
}

/* ---- tables ---- */

void dtd_html_table_open(FILE *page, const char *id, const char *kind,
                         const char *caption, ...) {
  char text[1024];
  va_list values;
  va_start(values, caption);
  vsnprintf(text, sizeof text, caption, values);
  va_end(values);
  dtd_html(page,
           "<div class=\"table scroll\" role=\"region\" tabindex=\"0\" "
           "aria-labelledby=\"%s\">\n<table class=\"%s\"><caption id=\"%s\">"
           "<span>%s</span></caption>\n",
           id, kind, id, text);
}

void dtd_html_table_head(FILE *page, const char *const *texts) {
  dtd_html(page, "<thead><tr>\n");
  for (; *texts; texts++) dtd_html(page, "<th scope=\"col\">%s</th>\n", *texts);
  dtd_html(page, "</tr></thead>\n");
}

void dtd_html_row_open(FILE *page, const char *title, const char *below) {
  dtd_html(page, "<tr><th scope=\"row\">%s", title);
  if (*below) dtd_html(page, " <small>%s</small>", below);
  dtd_html(page, "</th>\n");
}

void dtd_html_group_open(FILE *page, const char *title, int columns) {
  dtd_html(page,
           "<tbody class=\"keep\"><tr><th scope=\"rowgroup\" class=\"group\" "
           "colspan=\"%d\"><span>%s</span></th></tr>\n",
           columns, title);
}

void dtd_html_number(FILE *page, double x) {
  dtd_html(page, "<td class=\"number\">%s</td>\n", dtd_rounded(x).text);
}

void dtd_html_estimate(FILE *page, double x, double low, double high) {
  struct dtd_rounded interval = dtd_rounded_interval(x, low, high);
  dtd_html(page, "<td class=\"number\">%s",
           dtd_rounded_value(x, low, high).text);
  if (*interval.text) dtd_html(page, " <small>%s</small>", interval.text);
  dtd_html(page, "</td>\n");
}

void dtd_html_table_close(FILE *page) {
  dtd_html(page, "</table></div>\n");
}

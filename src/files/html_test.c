/* Tests html.c: text is never taken for markup, and symbols are set. */
#include "base/test.h"
#include "files/html.h"

#include <string.h>

#include "base/assert_dies.h"

static char *page_of(const char *format, const char *text) {
  static char page[512];
  memset(page, 0, sizeof page);
  FILE *stream = fmemopen(page, sizeof page, "w");
  assert_non_null(stream);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  dtd_html(stream, format, text);
#pragma GCC diagnostic pop
  fclose(stream);
  return page;
}

TEST(text_is_escaped) {
  assert_string_equal(page_of("<p>%s</p>", "<script>alert(\"a & b\")</script>"),
                      "<p>&lt;script&gt;alert(&quot;a &amp; b&quot;)"
                      "&lt;/script&gt;</p>");
}

TEST(text_cannot_leave_an_attribute) {
  assert_string_equal(page_of("<a title=\"%s\">x</a>", "\"><b>R_p"),
                      "<a title=\"&quot;&gt;&lt;b&gt;R_p\">x</a>");
}

TEST(symbols_are_set_as_in_the_paper) {
  assert_string_equal(page_of("%s", "R_p = (∂f/∂x_p)²"),
                      "R<sub>p</sub> = (∂f/∂x<sub>p</sub>)²");
  assert_string_equal(page_of("%s", "Σ_k R̂_k − f"),
                      "Σ<sub>k</sub> R̂<sub>k</sub> − f");
  assert_string_equal(page_of("%s", "of sum_p R_p to f"),
                      "of Σ<sub>p</sub> R<sub>p</sub> to f");
  assert_string_equal(page_of("%s", "z^B, z^+, w^2"),
                      "z<sup>B</sup>, z<sup>+</sup>, w<sup>2</sup>");
  assert_string_equal(page_of("%s", "q_pj"), "q<sub>pj</sub>");
}

TEST(names_are_not_symbols) {
  const char *const names[] = {"target_share", "a_b_c",   "x_ y",
                               "d_drift",      "ab_c",    "_p",
                               "2^(1 - n)",    "minmax_k"};
  for (int n = 0; n < 8; n++)
    assert_string_equal(page_of("%s", names[n]), names[n]);
}

TEST(verbatim_text_has_no_symbols) {
  char page[64] = "";
  FILE *stream = fmemopen(page, sizeof page, "w");
  dtd_html_verbatim(stream, "R_p = <1>");
  fclose(stream);
  assert_string_equal(page, "R_p = &lt;1&gt;");
}

TEST(numbers_and_percent_signs_are_written) {
  char page[64] = "";
  FILE *stream = fmemopen(page, sizeof page, "w");
  dtd_html(stream, "<b>%d</b> 5%%", 17);
  fclose(stream);
  assert_string_equal(page, "<b>17</b> 5%");
}

TEST(other_conversions_are_refused) {
  assert_dies(1, "%f is no conversion", page_of("%f", "x"));
}

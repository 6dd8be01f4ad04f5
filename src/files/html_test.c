/* Tests html.c: text is never taken for markup, and symbols are set. */
#include "base/test.h"
#include "files/html.h"

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

/* ---- tables ---- */

static char page[2048];

static FILE *begin(void) {
  memset(page, 0, sizeof page);
  FILE *stream = fmemopen(page, sizeof page, "w");
  assert_non_null(stream);
  return stream;
}

TEST(a_table_has_a_caption_and_a_frame_that_scrolls) {
  FILE *stream = begin();
  dtd_html_table_open(stream, "t", "matrix", "%d <pairs>", 7);
  dtd_html_table_head(stream, (const char *const[]){"A", "x < y", NULL});
  dtd_html_table_close(stream);
  fclose(stream);
  assert_string_equal(
      page,
      "<div class=\"table scroll\" role=\"region\" tabindex=\"0\" "
      "aria-labelledby=\"t\">\n<table class=\"matrix\"><caption id=\"t\">"
      "<span>7 &lt;pairs&gt;</span></caption>\n"
      "<thead><tr>\n<th scope=\"col\">A</th>\n<th scope=\"col\">x &lt; y</th>\n"
      "</tr></thead>\n</table></div>\n");
}

TEST(rows_have_heads) {
  FILE *stream = begin();
  dtd_html_group_open(stream, "Cost", 3);
  dtd_html_row_open(stream, "R_p", "<i>");
  dtd_html_row_open(stream, "f", "");
  fclose(stream);
  assert_string_equal(
      page,
      "<tbody class=\"keep\"><tr><th scope=\"rowgroup\" class=\"group\" "
      "colspan=\"3\"><span>Cost</span></th></tr>\n"
      "<tr><th scope=\"row\">R<sub>p</sub> <small>&lt;i&gt;</small></th>\n"
      "<tr><th scope=\"row\">f</th>\n");
}

TEST(numbers_are_rounded) {
  FILE *stream = begin();
  dtd_html_number(stream, 286.6179);
  dtd_html_estimate(stream, 0.7517, 0.7439, 0.7603);
  dtd_html_estimate(stream, NAN, NAN, NAN);
  fclose(stream);
  assert_string_equal(page, "<td class=\"number\">287</td>\n"
                            "<td class=\"number\">0.752 <small>[0.744, 0.760]"
                            "</small></td>\n"
                            "<td class=\"number\">–</td>\n");
}

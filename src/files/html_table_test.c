/* Tests html_table.c: tables have captions, heads with scopes, escaped text. */
#include "base/test.h"
#include "files/html_table.h"

#include <math.h>
#include <string.h>

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
  dtd_html_dash(stream);
  fclose(stream);
  assert_string_equal(page, "<td class=\"number\">287</td>\n"
                            "<td class=\"number\">0.752 <small>[0.744, 0.760]"
                            "</small></td>\n"
                            "<td class=\"number\">–</td>\n"
                            "<td>–</td>\n");
}

/* Tests svg.c: what draws is copied, what does more is refused. */
#include "base/test.h"
#include "files/svg.h"

#include "base/test_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

static char page[2048];

static void copy(const char *drawing) {
  const char *path = test_put("a.svg", drawing, strlen(drawing));
  memset(page, 0, sizeof page);
  FILE *stream = fmemopen(page, sizeof page, "w");
  assert_non_null(stream);
  dtd_svg_copy(stream, path, "one", "What is drawn: \"x\"");
  fclose(stream);
}

TEST(a_drawing_is_labelled_and_copied) {
  copy("<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n"
       "<svg width=\"720\" xmlns=\"http://www.w3.org/2000/svg\">\n"
       "<title>Gnuplot</title><desc>of &lt;x&gt;</desc><!-- <script> -->"
       "<g fill='none'><text>1 &lt; 2</text></g></svg>\n");
  assert_string_equal(
      page, "<svg role=\"img\" aria-label=\"What is drawn: &quot;x&quot;\" "
            "width=\"720\" xmlns=\"http://www.w3.org/2000/svg\" "
            "style=\"--natural: 720px\">\n<g fill=\"none\">"
            "<text>1 &lt; 2</text></g></svg>");
}

TEST(ids_are_the_drawings_own) {
  copy("<svg><g id=\"gnuplot_plot_1\"><path id='p' d='M0,0'/></g>"
       "<use xlink:href='#p'/><rect filter='url(#f)'/></svg>");
  assert_string_equal(strstr(page, "><g") + 1,
                      "<g><path id=\"one-p\" d=\"M0,0\"/></g>"
                      "<use xlink:href=\"#one-p\"/>"
                      "<rect filter=\"url(#one-f)\"/></svg>");
}

TEST(fonts_have_others_to_fall_back_on) {
  copy("<svg><text font-family=\"DejaVu Sans\">a</text></svg>");
  assert_non_null(
      strstr(page, "font-family=\"DejaVu Sans, Verdana, sans-serif\""));
}

TEST(pictures_stay_inside) {
  copy("<svg><image xlink:href='data:image/png;base64,iV//Bo=='/></svg>");
  assert_non_null(strstr(page, "\"data:image/png;base64,iV//Bo==\""));
}

static void refuse(const char *drawing, const char *why) {
  char message[256];
  snprintf(message, sizeof message, "a.svg: %s", why);
  assert_dies(1, message, copy(drawing));
}

TEST(other_elements_are_refused) {
  refuse("<svg><script>alert(1)</script></svg>", "holds <script>");
  refuse("<svg><SCRIPT/></svg>", "holds <SCRIPT>");
  refuse("<svg><foreignObject/></svg>", "holds <foreignObject>");
  refuse("<svg><style>@import 'x'</style></svg>", "holds <style>");
  refuse("<svg><a href='#x'/></svg>", "holds <a>");
  refuse("<svg><animate/></svg>", "holds <animate>");
  refuse("<svg><g/></script></svg>", "holds <script>");
}

TEST(scripts_in_attributes_are_refused) {
  refuse("<svg onload='alert(1)'/>", "holds a script in its attribute onload");
  refuse("<svg><g OnClick=\"x\"/></svg>", "holds a script in its attribute");
}

TEST(references_to_elsewhere_are_refused) {
  static const char why[] = "refers to something outside by its attribute";
  refuse("<svg><use href='https://a.b/c#d'/></svg>", why);
  refuse("<svg><image href='picture.png'/></svg>", why);
  refuse("<svg><image xlink:href='data:image/svg+xml,x'/></svg>", why);
  refuse("<svg><use xlink:href='javascript:alert(1)'/></svg>", why);
  refuse("<svg><g style='fill: url(http:a)'/></svg>", why);
  refuse("<svg><g style=\"background: image-set('http://a')\"/></svg>", why);
}

TEST(hidden_characters_are_refused) {
  static const char why[] = "hides characters in its attribute";
  refuse("<svg><use href='&#35;a'/></svg>", why);
  refuse("<svg><g fill='u&lpar;x'/></svg>", why);
  refuse("<svg><g style='\\75rl(x)'/></svg>", why);
}

TEST(what_is_no_whole_drawing_is_refused) {
  static const char why[] = "is cut off or no SVG";
  refuse("", why);
  refuse("a page", why);
  refuse("<svg><g>", why);
  refuse("<svg><g fill='red", why);
  refuse("<svg><g></svg></g>", why);
  refuse("<svg></svg><g/>", why);
  refuse("<svg><![CDATA[ x ]]></svg>", why);
  refuse("<svg><svg/></svg>", why);
  refuse("<svg><g fill=red/></svg>", why);
}

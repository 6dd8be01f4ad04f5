/* Tests figures.c: each figure has its tables and a script that draws it. */
#include "base/test.h"
#include "runs/figures.h"

#include <string.h>
#include <unistd.h>

TEST(every_figure_is_found_under_its_name) {
  for (const struct dtd_figure *f = dtd_figures; f->name; f++) {
    assert_ptr_equal(dtd_figure_find(f->name), f);
    assert_non_null(f->table[0]);
    assert_non_null(f->written);
  }
  assert_null(dtd_figure_find("none"));
}

/* The tests run in the project's folder. */
TEST(every_figure_has_a_script) {
  for (const struct dtd_figure *f = dtd_figures; f->name; f++) {
    char path[256];
    snprintf(path, sizeof path, "plots/%s.gp", f->name);
    if (access(path, R_OK)) fail_msg("%s is missing", path);
  }
}

TEST(a_line_says_what_a_figure_is_drawn_from) {
  char text[2048] = "";
  FILE *stream = fmemopen(text, sizeof text, "w");
  dtd_figures_print(stream);
  fclose(stream);
  assert_non_null(
      strstr(text, "heatmaps\tgallery gallery-scale\tbuild/bin/evaluate\n"));
  assert_non_null(strstr(text, "training\ttraining\tbuild/bin/train\n"));
}

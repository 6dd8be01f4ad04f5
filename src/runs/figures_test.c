/* Tests figures.c: each figure has its tables and a script that draws it. */
#include "base/test.h"
#include "base/test_folder.h"
#include "runs/figures.h"

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

static void assert_reads(const struct dtd_figure *figure, const char *table,
                         int length) {
  int n = 0;
  while (figure->table[n] && ((int)strlen(figure->table[n]) != length ||
                              strncmp(figure->table[n], table, (size_t)length)))
    n++;
  if (!figure->table[n])
    fail_msg("plots/%s.gp reads %.*s.tsv", figure->name, length, table);
}

/* plots/methods.gp reads methods.tsv, plots/photos.gp networks and photos. */
TEST(every_table_that_a_script_reads_is_listed) {
  for (const struct dtd_figure *f = dtd_figures; f->name; f++) {
    char path[256];
    snprintf(path, sizeof path, "plots/%s.gp", f->name);
    char *text = test_get(NULL, path);
    static const char read[] = "table(\"";
    for (char *at = text; (at = strstr(at, read));) {
      at += strlen(read);
      assert_reads(f, at, (int)strcspn(at, "\""));
    }
    if (strstr(text, "load \"plots/methods.gp\""))
      assert_reads(f, "methods", (int)strlen("methods"));
    if (strstr(text, "load \"plots/photos.gp\"")) {
      assert_reads(f, "networks", (int)strlen("networks"));
      assert_reads(f, "photos", (int)strlen("photos"));
    }
  }
}

TEST(a_line_says_what_a_figure_is_drawn_from) {
  char text[2048] = "";
  FILE *stream = fmemopen(text, sizeof text, "w");
  dtd_figures_print(stream);
  fclose(stream);
  assert_non_null(strstr(
      text, "heatmaps\tgallery gallery-scale methods\tbuild/bin/evaluate\n"));
  assert_non_null(strstr(text, "training\ttraining\tbuild/bin/train\n"));
}

/* Tests photo_tables.c: what the tables of two small networks say. */
#include "runs/photo_tables.h"

#include "files/png_file.h"
#include "files/table_reader.h"
#include "network/test_graph.h"

enum { SIDE = 20, AREA = SIDE * SIDE };

TEST_OWNS(photo_study)
TEST_OWNS(table)

static struct dtd_photo_study *study[2];

/* Networks "conv" and "dense", and two photos. */
static void prepare(void) {
  test_folder_new();
  char *photos[2] = {(char *)(uintptr_t)test_path("one.png"),
                     (char *)(uintptr_t)test_path("two.png")};
  for (int n = 0; n < 2; n++) {
    uint8_t rgb[3 * AREA];
    for (int p = 0; p < 3 * AREA; p++)
      rgb[p] = (uint8_t)(128 + 100 * sin(p * 0.013 * (n + 1) + p % 3));
    dtd_png_write(photos[n], rgb, SIDE, SIDE);
  }
  const char settings[] = "[input]\norder = rgb\nmean = 128\ndeviation = 64\n";
  put_text("conv.ini", settings);
  put_text("dense.ini", settings);
  const char *const conv[] = {"input x N 3 20 20",
                              "tensor w 4 3 3 3",
                              "tensor b 4",
                              "tensor v 4 3",
                              "Conv x w b > a strides=2,2",
                              "Relu a > r",
                              "GlobalAveragePool r > g",
                              "Flatten g > f",
                              "MatMul f v > z",
                              "output z N 3"};
  const char *const dense[] = {"input x N 3 20 20", "Flatten x > f",
                               "tensor w 1200 6",   "MatMul f w > a",
                               "Relu a > r",        "tensor v 6 1 > 0",
                               "MatMul r v > z",    "output z N 1"};
  study[0] = own_photo_study(
      dtd_photo_study_new(put_onnx("conv.onnx", 10, conv), photos, 2, 9));
  study[1] = own_photo_study(
      dtd_photo_study_new(put_onnx("dense.onnx", 8, dense), photos, 2, 9));
}

static void write_tables(int first, int count, const char *zoom) {
  FILE *nowhere = fopen("/dev/null", "w");
  assert_non_null(nowhere);
  struct dtd_provenance from = {"test", "0", 0};
  dtd_photo_tables_write(test_folder, study + first, count, zoom, nowhere,
                         &from);
  fclose(nowhere);
}

static struct dtd_table *table(const char *name) {
  char path[64];
  snprintf(path, sizeof path, "%s.tsv", name);
  return own_table(dtd_table_read(test_path(path)));
}

TEST(every_network_and_photo_has_its_rows) {
  write_tables(0, 2, NULL);
  struct dtd_table *networks = table("networks"), *photos = table("photos");
  assert_int_equal(networks->rows, 2);
  assert_string_equal(dtd_table_text(networks, 0, "network"), "conv");
  assert_true(dtd_table_value(networks, 0, "stride") == 2);
  assert_true(dtd_table_value(networks, 1, "stride") == 0);
  assert_true(dtd_table_value(networks, 0, "parameters") == 108 + 4 + 12);
  assert_int_equal(photos->rows, 4);
  for (int row = 0; row < 4; row++) {
    const struct dtd_explained_input *photo =
        &study[row / 2]->explained.input[row % 2];
    assert_string_equal(dtd_table_text(photos, row, "photo"),
                        row % 2 ? "two" : "one");
    assert_string_equal(dtd_table_text(photos, row, "label"), "NA");
    double f = dtd_table_value(photos, row, "f");
    assert_true(fabs(f - photo->f) <= 1e-6 * fabs(f));
    double sum = dtd_table_value(photos, row, "sum_r");
    double kept = dtd_table_value(photos, row, "kept");
    assert_true(fabs(sum + kept - fmax(f, 0)) < 1e-5 * fabs(f));
  }
  assert_int_equal(table("classes")->rows, 2 * 3); /* not of a lone score */
}

TEST(nodes_go_from_the_scores_to_the_pixels) {
  write_tables(0, 2, NULL);
  struct dtd_table *nodes = table("nodes");
  int row = dtd_table_find(nodes, 0, "network", "conv", "photo", "two", NULL);
  assert_true(row > 0);
  assert_string_equal(dtd_table_text(nodes, row, "node"), "z");
  assert_string_equal(dtd_table_text(nodes, row, "weighted"), "yes");
  assert_true(dtd_table_value(nodes, row, "step") == 1);
  row = dtd_table_find(nodes, row, "kind", "Conv", NULL);
  double entered = dtd_table_value(nodes, row, "entered");
  double kept = dtd_table_value(nodes, row, "kept");
  assert_true(fabs(entered - kept - study[0]->explained.input[1].sum_r) <
              1e-5 * entered);
}

TEST(pixels_are_those_of_the_study) {
  write_tables(0, 2, NULL);
  struct dtd_table *pixels = table("photos/dense-two");
  assert_int_equal(pixels->rows, AREA);
  for (int p = 0; p < AREA; p += 37) {
    long at = AREA + p;
    assert_true(dtd_table_value(pixels, p, "row") == p / SIDE);
    assert_true(dtd_table_value(pixels, p, "column") == p % SIDE);
    assert_true(dtd_table_value(pixels, p, "blue") ==
                study[1]->rgb[3 * at + 2]);
    assert_true(fabs(dtd_table_value(pixels, p, "relevance") -
                     (double)study[1]->relevance[at]) < 1e-6);
  }
}

/* Among squares of twelve pixels, the least there are, one pixel apart. */
TEST(the_part_with_most_relevance_is_enlarged) {
  write_tables(0, 1, "two");
  struct dtd_table *zoom = table("zoom");
  assert_string_equal(dtd_table_text(zoom, 0, "photo"), "two");
  assert_true(dtd_table_value(zoom, 0, "height") == 0.6);
  int top = (int)lround(SIDE * dtd_table_value(zoom, 0, "top"));
  int left = (int)lround(SIDE * dtd_table_value(zoom, 0, "left"));
  double own = 0, most = 0;
  for (int y = 0; y <= SIDE - 12; y++)
    for (int x = 0; x <= SIDE - 12; x++) {
      double sum = 0;
      for (int n = 0; n < 144; n++)
        sum += (double)study[0]
                   ->relevance[AREA + (y + n / 12) * SIDE + x + n % 12];
      most = fmax(most, sum);
      if (y == top && x == left) own = sum;
    }
  assert_true(most > 0 && own == most);
  write_tables(0, 1, "none of that name");
  assert_string_equal(dtd_table_text(table("zoom"), 0, "photo"), "one");
}

/* Claims are about networks whose first layer is a convolution. */
TEST(claims_are_of_convolutional_networks) {
  write_tables(0, 2, NULL);
  struct dtd_table *claims = table("photo-claims");
  for (int row = 0; row < claims->rows; row++)
    assert_string_equal(dtd_table_text(claims, row, "network"), "conv");
  assert_true(claims->rows > 0);
  write_tables(1, 1, NULL);
  assert_int_not_equal(access(test_path("photo-claims.tsv"), F_OK), 0);
}

TEST(networks_of_one_name_are_refused) {
  struct dtd_photo_study *other = study[1];
  study[1] = study[0];
  assert_dies(2, "conv: is the name of two networks (rename one of the files)",
              write_tables(0, 2, NULL));
  study[1] = other;
}

TEST_GROUP(prepare, test_folder_free)

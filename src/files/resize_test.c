/* Tests resize.c with bytes that Pillow 9.4 made, and against plain sums. */
#include "base/test.h"
#include "files/resize.h"

/* A photo of a fixed pattern, until the test ends. */
static struct dtd_photo pattern(int rows, int columns) {
  int size = 3 * rows * columns;
  struct dtd_photo photo = {rows, columns, test_new((size_t)size, 1)};
  for (int n = 0; n < size; n++)
    photo.rgb[n] = (uint8_t)(n * 37 + (long)n * n / 5);
  return photo;
}

static void release_photo(void *photo) {
  dtd_photo_free(photo);
}

static uint8_t *centre(const struct dtd_photo *photo, int side, int rows,
                       int columns) {
  struct dtd_photo *made = test_new(1, sizeof *made);
  *made = dtd_photo_centre(photo, side, rows, columns);
  test_owns(made, release_photo);
  assert_int_equal(made->rows, rows);
  assert_int_equal(made->columns, columns);
  return made->rgb;
}

/* By Image.fromarray(photo).resize((columns, rows), Image.BICUBIC), cut. */
TEST(bytes_are_those_of_pillow) {
  struct dtd_photo photo = pattern(5, 7);
  const uint8_t smaller[] = {100, 89,  130, 146, 86,  135, 127, 103, 85,
                             157, 59,  102, 110, 107, 166, 139, 179, 121,
                             72,  114, 141, 141, 79,  138, 145, 164, 79,
                             122, 174, 157, 60,  113, 196, 185, 49,  125};
  assert_memory_equal(centre(&photo, 3, 3, 4), smaller, sizeof smaller);
  const uint8_t larger[] = {150, 220, 133, 102, 167, 156, 56,  110, 163,
                            55,  125, 123, 190, 247, 50,  157, 214, 139,
                            103, 160, 218, 49,  122, 198, 193, 255, 32,
                            163, 230, 141, 119, 180, 242, 69,  139, 230};
  assert_memory_equal(centre(&photo, 11, 3, 4), larger, sizeof larger);
}

TEST(an_edge_is_not_passed) {
  uint8_t rgb[48] = {0};
  memset(rgb, 255, 24);
  struct dtd_photo photo = {4, 4, rgb};
  const uint8_t down[9] = {255, 255, 255, 247, 128, 8, 0, 0, 0};
  uint8_t *made = centre(&photo, 9, 9, 9);
  for (int n = 0; n < 243; n++) assert_int_equal(made[n], down[n / 27]);
}

TEST(the_same_size_changes_nothing) {
  struct dtd_photo photo = pattern(9, 6);
  assert_memory_equal(centre(&photo, 6, 9, 6), photo.rgb, 162);
  uint8_t *cut = centre(&photo, 0, 4, 3);
  for (int y = 0; y < 4; y++)
    assert_memory_equal(cut + 9 * y, photo.rgb + 18 * (y + 2) + 3, 9);
}

/* The kernel summed in two dimensions at once, without bytes between. */
static double plain(const struct dtd_photo *photo, double scale, double y,
                    double x, int c) {
  double sum = 0, weights = 0, stretch = fmax(scale, 1);
  for (int i = 0; i < photo->rows; i++)
    for (int j = 0; j < photo->columns; j++) {
      double t[2] = {fabs((i + 0.5 - y * scale) / stretch),
                     fabs((j + 0.5 - x * scale) / stretch)};
      double k[2];
      for (int n = 0; n < 2; n++)
        k[n] = t[n] < 1 ? 1.5 * pow(t[n], 3) - 2.5 * pow(t[n], 2) + 1
               : t[n] < 2
                   ? -0.5 * pow(t[n], 3) + 2.5 * pow(t[n], 2) - 4 * t[n] + 2
                   : 0;
      weights += k[0] * k[1];
      sum += k[0] * k[1] * photo->rgb[3 * (i * photo->columns + j) + c];
    }
  return fmin(fmax(sum / weights, 0), 255);
}

/* Smooth photos: where nothing is cut at 0 or 255 between the passes, bytes
   between them cost up to a step. */
TEST(bytes_are_close_to_plain_sums) {
  struct dtd_photo photo = {40, 40, test_new(4800, 1)};
  for (int n = 0; n < 4800; n++)
    photo.rgb[n] = (uint8_t)(128 + 60 * sin(n / 31.0) + 40 * cos(n / 211.0));
  const int sides[] = {7, 20, 39, 64, 100};
  double worst = 0;
  for (int s = 0; s < 5; s++) {
    int side = sides[s];
    uint8_t *made = centre(&photo, side, side, side);
    for (int n = 0; n < 3 * side * side; n += 7)
      worst = fmax(worst,
                   fabs(made[n] - plain(&photo, 40.0 / side, n / 3 / side + 0.5,
                                        n / 3 % side + 0.5, n % 3)));
  }
  print_message("at most %.2f steps from plain sums\n", worst);
  assert_true(worst > 0.5 && worst < 1.5);
}

/* Hundreds of thousands of rows, of which the centre needs a few. */
TEST(a_strip_costs_what_is_kept) {
  struct dtd_photo photo = pattern(500000, 2);
  long rows, columns;
  dtd_photo_resized_to(&rows, &columns, &photo, 224);
  assert_true(rows == 56000000 && columns == 224);
  centre(&photo, 224, 224, 224);
}

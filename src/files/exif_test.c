/* Tests exif.c with directories of both byte orders, and with all eight ways to
   hold a camera. */
#include "base/test.h"
#include "files/exif.h"

/* A TIFF of two entries, the second of which is the orientation. */
static const uint8_t little[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 2, 0, 0x00, 0x01,
                                 3,   0,   1,  0, 0, 0, 9, 0, 0, 0, 0x12, 0x01,
                                 3,   0,   1,  0, 0, 0, 6, 0, 0, 0};
static const uint8_t big[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x00,
                              0,   3,   0, 0,  0, 1, 0, 9, 0, 0, 0x01, 0x12,
                              0,   3,   0, 0,  0, 1, 0, 8, 0, 0};

TEST(both_orders_of_bytes_are_read) {
  assert_int_equal(dtd_exif_orientation(little, sizeof little), 6);
  assert_int_equal(dtd_exif_orientation(big, sizeof big), 8);
}

TEST(what_makes_no_sense_is_upright) {
  for (size_t size = 0; size < sizeof little - 2; size++) {
    uint8_t *cut = test_copy(little, size ? size : 1, 1); /* for sanitizers */
    assert_int_equal(dtd_exif_orientation(cut, size), DTD_UPRIGHT);
  }
  uint8_t bad[sizeof little];
  const struct {
    int at, value;
  } changes[] = {{0, 'X'}, {2, 41}, {4, 200}, {7, 255}, {24, 4},
                 {30, 0},  {30, 9}, {31, 1},  {22, 19}};
  for (size_t n = 0; n < sizeof changes / sizeof *changes; n++) {
    memcpy(bad, little, sizeof bad);
    bad[changes[n].at] = (uint8_t)changes[n].value;
    assert_int_equal(dtd_exif_orientation(bad, sizeof bad), DTD_UPRIGHT);
  }
}

/* Where the tag's table puts row 0 and column 0 of what is stored. */
TEST(each_orientation_turns_as_its_name_says) {
  /* stored:  a b c      shown, row by row: */
  /*          d e f                         */
  const char *shown[9] = {"",       "abcdef", "cbafed", "fedcba", "defabc",
                          "adbecf", "daebfc", "fcebda", "cfbead"};
  for (int orientation = 1; orientation <= 8; orientation++) {
    uint8_t *rgb = dtd_new(6, 3);
    for (int n = 0; n < 18; n++) rgb[n] = (uint8_t)("abcdef"[n / 3] + n % 3);
    int rows = 2, columns = 3;
    rgb = own_memory(dtd_exif_turn(rgb, &rows, &columns, orientation));
    assert_int_equal(rows, orientation < 5 ? 2 : 3);
    assert_int_equal(columns, orientation < 5 ? 3 : 2);
    for (int n = 0; n < 18; n++)
      assert_int_equal(rgb[n], shown[orientation][n / 3] + n % 3);
  }
}

/* Holds planes to their definition, element by element. */
#include "linear/planes.h"

#include "base/test.h"
#include "base/test_numbers.h"

static const struct dtd_planes layouts[] = {
    {2, 3, 4, {1, 1}, {0, 0}, {3, 4}}, /* the picture */
    {2, 3, 4, {1, 1}, {2, 1}, {6, 7}}, /* with padding */
    {1, 7, 9, {2, 3}, {1, 4}, {5, 5}}, /* taken apart */
    {3, 5, 4, {3, 2}, {0, 0}, {1, 2}}, /* less than all */
    {1, 1, 1, {4, 4}, {9, 9}, {2, 4}}, /* hardly anything */
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts };

TEST(planes_are_the_picture_taken_apart) {
  for (int l = 0; l < LAYOUTS; l++) {
    const struct dtd_planes *p = &layouts[l];
    int size = p->rows * p->columns;
    long places = dtd_planes_places(p), place = 0;
    float *picture =
        random_numbers(p->channels * size, 1, 2, 1, "test/picture");
    float *at = test_new((size_t)(p->channels * places), sizeof *at);
    int *element = own_memory(dtd_planes_elements(p));
    dtd_planes_fill(at, p, picture);
    assert_int_equal(dtd_planes_are_picture(p), l == 0);
    assert_int_equal(places, p->step[0] * p->step[1] * dtd_plane_size(p));
    for (int a = 0; a < p->step[0]; a++)
      for (int b = 0; b < p->step[1]; b++)
        for (int r = 0; r < p->size[0]; r++)
          for (int c = 0; c < p->size[1]; c++, place++) {
            int row = p->step[0] * r + a - p->before[0];
            int column = p->step[1] * c + b - p->before[1];
            bool inside =
                row >= 0 && row < p->rows && column >= 0 && column < p->columns;
            int of_picture = row * p->columns + column;
            assert_int_equal(element[place], inside ? of_picture : size);
            for (int i = 0; i < p->channels; i++)
              assert_true(at[i * places + place] ==
                          (inside ? picture[i * size + of_picture] : 0));
          }
  }
}

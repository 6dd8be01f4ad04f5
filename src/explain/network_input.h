/* Reads what is to be explained, photos, arrays of pictures or of vectors, as a
   network's input.

   | file                    | becomes                                       |
   |-------------------------|-----------------------------------------------|
   | a PNG or JPEG           | one picture: its short side resized, its      |
   |                         | centre cut out, bytes mapped by the settings  |
   | .npy (N, C, H, W)       | N pictures; N and C may be missing where they |
   |                         | are 1                                         |
   | .npy (N, F)             | N vectors, or pictures row by row             |
   | .tsv                    | a vector a row, its columns in the order of   |
   |                         | the network's inputs, under their names       |
 */
#ifndef DTD_NETWORK_INPUT_H
#define DTD_NETWORK_INPUT_H

#include <stdint.h>

#include "explain/input_settings.h"

/* x (*count, input) of a file, by its content; release with dtd_free(). Dies,
   naming the file, when a picture is of another size than the settings lead to,
   or would be enlarged more than eightfold; when an array has another shape;
   when a value is not finite, or outside of the settings' interval by more than
   rounding (less is moved to its end). Where there is no interval, as of
   vectors, sets it to that of the data and 0, and widens it by further files.
 */
float *dtd_network_input_read(int *count, struct dtd_input_settings *settings,
                              const char *path);

/* One picture as a viewer would show it: the colours of x, or, where channels
   are no colours, their mean, from black at l_c to white at h_c. */
void dtd_network_input_draw(uint8_t *rgb /* (rows, columns, 3) */,
                            const struct dtd_input_settings *settings,
                            const float *x /* (input) */);

#endif

/* Reads MNIST-like data sets: IDX files of 28 x 28 images and their labels.

   IDX (LeCun, http://yann.lecun.com/exdb/mnist/): a big-endian magic number
   0x00000803 (unsigned bytes, three dimensions) or 0x00000801 (one dimension),
   the dimensions, then the bytes. Plain and gzipped files are both read. */
#ifndef DTD_IDX_H
#define DTD_IDX_H

#include <stdint.h>

enum { DTD_DIGIT_SIDE = 28, DTD_DIGIT_PIXELS = 784, DTD_CLASSES = 10 };

struct dtd_digits {
  int count;
  uint8_t *images; /* (count, 28, 28), 0 black to 255 white */
  uint8_t *labels; /* (count), 0 to 9 */
};

enum dtd_part { DTD_TRAIN, DTD_TEST };

/* Reads `directory`'s train-*-idx?-ubyte or t10k-*-idx?-ubyte pair of files,
   each with or without .gz (with .gz first). Dies, naming the file, when one is
   missing, truncated, corrupt, too long, of another magic number or size, when
   a label exceeds 9 or the two counts differ. Release with dtd_digits_free. */
struct dtd_digits dtd_digits_read(const char *directory, enum dtd_part part);

void dtd_digits_free(struct dtd_digits *digits);

#endif

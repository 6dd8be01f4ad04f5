/* Reads what is to be explained, photos, arrays of pictures or of vectors, as a
   network's input. */
#include "explain/network_input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "files/npy.h"
#include "files/resize.h"
#include "files/table_reader.h"

/* ---- photos ---- */

static void check_photo(const struct dtd_photo *photo,
                        const struct dtd_input_settings *settings,
                        const char *path) {
  enum { MOST_ENLARGED = 8 };
  struct dtd_maps picture = settings->picture;
  if (!settings->of_byte)
    dtd_die(DTD_FAILURE, path,
            dtd_input_is_picture(settings)
                ? "give an .npy of the network's own input"
                : "give an .npy of (N, F) or a .tsv of one vector a row",
            "is a picture, but the network's input has no colours");
  int least = photo->rows < photo->columns ? photo->rows : photo->columns;
  if (settings->resize > MOST_ENLARGED * least)
    dtd_die(DTD_FAILURE, path, "give a larger picture",
            "has %d x %d pixels, and would be enlarged %d times",
            photo->columns, photo->rows, settings->resize / least);
  long rows, columns;
  dtd_photo_resized_to(&rows, &columns, photo, settings->resize);
  bool fits = settings->resize
                  ? rows >= picture.rows && columns >= picture.columns
                  : rows == picture.rows && columns == picture.columns;
  if (!fits)
    dtd_die(DTD_FAILURE, path,
            settings->resize ? "cut or extend it to that shape"
                             : "scale it, or let [input] resize do it",
            "has %ld x %ld pixels%s, the network reads %d x %d", columns, rows,
            settings->resize ? " when it is resized" : "", picture.columns,
            picture.rows);
}

/* The colour that a channel of the network shows. */
static int colour_of(enum dtd_order order, int channel) {
  return order == DTD_BGR ? 2 - channel : channel;
}

/* Luminance of ITU-R BT.601 in 2^-16, as Pillow has it. */
static int gray_of(const uint8_t *rgb) {
  return (19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) >> 16;
}

static float *read_photo(const struct dtd_input_settings *settings,
                         const char *path) {
  struct dtd_maps picture = settings->picture;
  struct dtd_photo photo = dtd_photo_read(path);
  check_photo(&photo, settings, path);
  struct dtd_photo centre =
      dtd_photo_centre(&photo, settings->resize, picture.rows, picture.columns);
  dtd_photo_free(&photo);
  float *x = dtd_new((size_t)dtd_maps_size(picture), sizeof *x), *to = x;
  long area = (long)picture.rows * picture.columns;
  for (int c = 0; c < picture.channels; c++)
    for (long p = 0; p < area; p++) {
      const uint8_t *rgb = centre.rgb + 3 * p;
      int byte = settings->order == DTD_GRAY
                     ? gray_of(rgb)
                     : rgb[colour_of(settings->order, c)];
      *to++ = settings->of_byte[256 * c + byte];
    }
  dtd_photo_free(&centre);
  return x;
}

/* ---- arrays ---- */

static bool ends_in(const size_t *shape, int dimensions, const size_t *end,
                    int length) {
  return dimensions >= length && !memcmp(shape + dimensions - length, end,
                                         (size_t)length * sizeof *end);
}

/* The examples of an array of that shape; 0 when it is none of the network's.
 */
static size_t examples_of(const size_t *shape, int dimensions,
                          struct dtd_maps picture) {
  size_t c = (size_t)picture.channels, h = (size_t)picture.rows;
  size_t w = (size_t)picture.columns, chw[] = {c, h, w}, f[] = {c * h * w};
  bool maps = ends_in(shape, dimensions, chw, 3);
  bool flat = dimensions <= 2 && ends_in(shape, dimensions, f, 1);
  bool gray =
      c == 1 && dimensions <= 3 && ends_in(shape, dimensions, chw + 1, 2);
  int length = maps ? 3 : flat ? 1 : gray ? 2 : 0;
  if (!length || dimensions > length + 1) return 0;
  return dimensions == length ? 1 : shape[0];
}

static void check_shape(int *count, const size_t *shape, int dimensions,
                        struct dtd_maps picture, const char *path) {
  char list[128] = "";
  for (int n = 0; n < dimensions; n++) {
    size_t length = strlen(list);
    snprintf(list + length, sizeof list - length, "%s%zu", n ? ", " : "",
             shape[n]);
  }
  size_t found = examples_of(shape, dimensions, picture);
  if (!found && picture.rows == 1 && picture.columns == 1)
    dtd_die(DTD_FAILURE, path, "reshape it before saving",
            "its shape is (%s), not (N, %d)", list, picture.channels);
  if (!found)
    dtd_die(DTD_FAILURE, path, "reshape it before saving",
            "its shape is (%s), not (N, %d, %d, %d)", list, picture.channels,
            picture.rows, picture.columns);
  if (found > (size_t)(INT32_MAX / dtd_maps_size(picture)))
    dtd_die(DTD_FAILURE, path, "give it in parts", "holds %zu examples", found);
  *count = (int)found;
}

/* Moves a value that rounding put beyond its interval to its end. */
static void check_value(float *value, float low, float high, long n,
                        int example, const char *path, const char *to_do) {
  float slack = 1e-5f * (high - low);
  if (!isfinite(*value) || *value < low - slack || *value > high + slack)
    dtd_die(DTD_FAILURE, path, to_do,
            "value %ld of example %d is %g, outside %g to %g", n, example,
            (double)*value, (double)low, (double)high);
  *value = fminf(fmaxf(*value, low), high);
}

static void check_finite(const float *x, long size, int count,
                         const char *path) {
  for (long n = 0; n < size * count; n++)
    if (!isfinite(x[n]))
      dtd_die(DTD_FAILURE, path, "replace what is missing before saving",
              "value %ld of example %ld is %g", n % size, n / size,
              (double)x[n]);
}

/* The least interval of each channel that has the data and 0. */
static void take_interval(struct dtd_input_settings *settings, const float *x,
                          int count) {
  int channels = settings->input.channels;
  long size = dtd_maps_size(settings->input), area = size / channels;
  if (!settings->low) {
    settings->of_data = true;
    settings->low = dtd_new((size_t)channels, sizeof(float));
    settings->high = dtd_new((size_t)channels, sizeof(float));
  }
  for (long n = 0; n < size * count; n++) {
    long c = n % size / area;
    settings->low[c] = fminf(settings->low[c], x[n]);
    settings->high[c] = fmaxf(settings->high[c], x[n]);
  }
}

static void check_values(float *x, int count,
                         struct dtd_input_settings *settings,
                         const char *path) {
  int channels = settings->input.channels;
  long size = dtd_maps_size(settings->input), area = size / channels;
  const char *to_do =
      dtd_input_is_picture(settings)
          ? "give the network's own input, as its settings describe it"
          : "give an interval that contains the data";
  check_finite(x, size, count, path);
  if (!settings->low || settings->of_data) take_interval(settings, x, count);
  for (long n = 0; n < size * count; n++) {
    long c = n % size / area;
    check_value(x + n, settings->low[c], settings->high[c], n % size,
                (int)(n / size), path, to_do);
  }
}

static float *read_array(int *count, struct dtd_input_settings *settings,
                         const char *path) {
  int dimensions;
  size_t shape[4];
  float *x = dtd_npy_read(&dimensions, shape, path);
  check_shape(count, shape, dimensions, settings->picture, path);
  check_values(x, *count, settings, path);
  return x;
}

/* ---- tables ---- */

/* The names of the columns; those of several tables have to agree. */
static void take_features(struct dtd_input_settings *settings,
                          const struct dtd_table *table) {
  bool first = !settings->features;
  size_t columns = (size_t)table->columns;
  if (first) settings->features = dtd_new(columns, sizeof(char *));
  for (int c = 0; c < table->columns; c++)
    if (first)
      settings->features[c] = dtd_copy_text(table->name[c]);
    else if (strcmp(settings->features[c], table->name[c]) != 0)
      dtd_die(DTD_FAILURE, table->path, "put the columns into one order",
              "its column %d is %s, that of the file before %s", c + 1,
              table->name[c], settings->features[c]);
}

/* Numbers in the place of names are a vector that would be lost. */
static void check_names(const struct dtd_table *table) {
  for (int c = 0; c < table->columns; c++) {
    char *end;
    strtod(table->name[c], &end);
    if (end == table->name[c] || *end) return;
  }
  dtd_die(DTD_FAILURE, table->path, "put a line of names above the numbers",
          "its columns have no names, for its first line is numbers");
}

static float *read_table(int *count, struct dtd_input_settings *settings,
                         const char *path) {
  if (dtd_input_is_picture(settings))
    dtd_die(DTD_FAILURE, path, "give photos, or an .npy",
            "is a table of vectors, but the network reads pictures");
  struct dtd_table *table = dtd_table_read(path);
  if (table->columns != settings->input.channels)
    dtd_die(DTD_FAILURE, path, "leave in those that it was trained with",
            "has %d columns, the network reads %d", table->columns,
            settings->input.channels);
  check_names(table);
  if (!table->rows)
    dtd_die(DTD_FAILURE, path, "give one at least", "has no rows");
  *count = table->rows;
  long cells = (long)table->rows * table->columns;
  float *x = dtd_new((size_t)cells, sizeof *x);
  for (int row = 0; row < table->rows; row++)
    for (int c = 0; c < table->columns; c++)
      x[(long)row * table->columns + c] =
          (float)dtd_table_number(table, row, c);
  take_features(settings, table);
  dtd_table_free(table);
  check_values(x, *count, settings, path);
  return x;
}

/* ---- either ---- */

float *dtd_network_input_read(int *count, struct dtd_input_settings *settings,
                              const char *path) {
  char start[6] = {0};
  struct dtd_input input = dtd_input_open(path);
  dtd_input_take(&input, start, input.left < 6 ? input.left : 6);
  dtd_input_close(&input);
  *count = 1;
  if (!memcmp(start, "\x93NUMPY", sizeof start))
    return read_array(count, settings, path);
  size_t length = strlen(path);
  if (length > 4 && !strcmp(path + length - 4, ".tsv"))
    return read_table(count, settings, path);
  bool picture = !memcmp(start, "\x89PNG", 4) || !memcmp(start, "\xff\xd8", 2);
  if (!picture && !dtd_input_is_picture(settings))
    dtd_die(DTD_FAILURE, path, "name a table with tabs FILE.tsv",
            "is neither an .npy nor called .tsv, and the network reads "
            "vectors");
  return read_photo(settings, path);
}

void dtd_network_input_draw(uint8_t *rgb,
                            const struct dtd_input_settings *settings,
                            const float *x) {
  struct dtd_maps picture = settings->picture;
  long area = (long)picture.rows * picture.columns;
  int each = settings->input.channels / picture.channels;
  bool colours = settings->order == DTD_RGB || settings->order == DTD_BGR;
  for (long p = 0; p < area; p++)
    for (int out = 0; out < 3; out++) {
      double share = 0;
      for (int c = 0; c < picture.channels; c++) {
        if (colours && colour_of(settings->order, c) != out) continue;
        double low = (double)settings->low[c * each];
        double high = (double)settings->high[c * each];
        if (high > low) share += ((double)x[c * area + p] - low) / (high - low);
      }
      if (!colours) share /= picture.channels;
      rgb[3 * p + out] = (uint8_t)lround(255 * fmin(fmax(share, 0), 1));
    }
}

/* How pictures become a network's input: the file NAME.ini beside NAME.onnx. */
#include "explain/input_settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/text.h"
#include "explain/shipped_settings.h"
#include "files/ini_file.h"

/* ---- the settings of a file ---- */

enum key {
  SCALE,
  MEAN,
  DEVIATION,
  LOW,
  HIGH,
  RESIZE,
  CROP,
  ROWS,
  COLUMNS,
  KEYS
};

static const struct {
  const char *name;
  bool several; /* one number, or one for each channel */
  bool whole;
  double least, greatest;
} keys[KEYS] = {
    [SCALE] = {"scale", false, false, 1e-9, 1e9},
    [MEAN] = {"mean", true, false, -1e9, 1e9},
    [DEVIATION] = {"deviation", true, false, 1e-9, 1e9},
    [LOW] = {"low", true, false, -1e9, 0},
    [HIGH] = {"high", true, false, 0, 1e9},
    [RESIZE] = {"resize", false, true, 1, 16384},
    [CROP] = {"crop", false, true, 1, 16384},
    [ROWS] = {"rows", false, true, 1, 16384},
    [COLUMNS] = {"columns", false, true, 1, 16384},
};

static const char *const orders[] = {[DTD_NO_ORDER] = "",
                                     [DTD_GRAY] = "gray",
                                     [DTD_RGB] = "rgb",
                                     [DTD_BGR] = "bgr"};

enum { MOST_NUMBERS = 100 }; /* of one line */

struct parsed {
  const char *path;
  enum dtd_status status; /* of what is wrong with it */
  int count[KEYS];        /* 0: not given */
  double number[KEYS][MOST_NUMBERS];
  enum dtd_order order;
  char *labels; /* or null */
};

static bool is_given(const struct parsed *parsed, enum key key) {
  return parsed->count[key] > 0;
}

static double number_of(const struct parsed *parsed, enum key key, int channel,
                        double otherwise) {
  int count = parsed->count[key];
  return count ? parsed->number[key][count > 1 ? channel : 0] : otherwise;
}

static void take_numbers(struct parsed *parsed, enum key key, const char *value,
                         const char *where) {
  char *end, to_do[128];
  snprintf(to_do, sizeof to_do, "%s from %g to %g%s",
           keys[key].whole ? "a whole number" : "numbers", keys[key].least,
           keys[key].greatest,
           keys[key].several ? ", one or as many as there are channels" : "");
  const char *at = value + strspn(value, " \t,");
  int most = keys[key].several ? MOST_NUMBERS : 1, n = 0;
  for (; *at; at = end + strspn(end, " \t,"), n++) {
    double number = strtod(at, &end);
    bool good = end > at && (!*end || strchr(" \t,", *end)) && n < most &&
                number >= keys[key].least && number <= keys[key].greatest &&
                (!keys[key].whole || nearbyint(number) == number);
    if (!good)
      dtd_die(parsed->status, where, to_do, "%s = %s is out of range",
              keys[key].name, value);
    parsed->number[key][n] = number;
  }
  if (!n)
    dtd_die(parsed->status, where, to_do, "%s has no value", keys[key].name);
  parsed->count[key] = n;
}

static void take_order(struct parsed *parsed, const char *value,
                       const char *where) {
  for (int n = DTD_GRAY; n <= DTD_BGR; n++)
    if (!strcmp(value, orders[n])) parsed->order = (enum dtd_order)n;
  if (!parsed->order)
    dtd_die(DTD_FAILURE, where, "it is rgb, bgr or gray", "order = %s is none",
            value);
}

static void take_setting(void *self, const char *section, const char *key,
                         const char *value, const char *where) {
  struct parsed *parsed = self;
  bool input = !strcmp(section, "input"), order = !strcmp(key, "order");
  bool labels = !strcmp(section, "labels") && !strcmp(key, "file");
  int known = 0;
  while (known < KEYS && strcmp(key, keys[known].name)) known++;
  if (!labels && !(input && (order || known < KEYS)))
    dtd_die(DTD_FAILURE, where,
            "[input] has order, scale, mean, deviation, low, high, resize, "
            "crop, rows, columns; [labels] has file",
            "there is no setting %s.%s", section, key);
  bool twice = labels  ? parsed->labels != NULL
               : order ? parsed->order != DTD_NO_ORDER
                       : is_given(parsed, (enum key)known);
  if (twice)
    dtd_die(DTD_FAILURE, where, "keep one of them", "%s is set twice", key);
  if (labels)
    parsed->labels = dtd_copy_text(value);
  else if (order)
    take_order(parsed, value, where);
  else
    take_numbers(parsed, (enum key)known, value, where);
}

/* ---- what follows from them ---- */

/* As what the input is seen: a vector is a picture where rows and columns are
   given. */
static void settle_picture(struct dtd_input_settings *settings,
                           const struct parsed *parsed) {
  settings->picture = settings->input;
  if (!is_given(parsed, ROWS) && !is_given(parsed, COLUMNS)) return;
  int rows = (int)number_of(parsed, ROWS, 0, 1);
  int columns = (int)number_of(parsed, COLUMNS, 0, 1);
  long size = dtd_maps_size(settings->input), area = (long)rows * columns;
  bool vector = settings->input.rows == 1 && settings->input.columns == 1;
  bool same =
      settings->input.rows == rows && settings->input.columns == columns;
  if (!same && (!vector || size % area))
    dtd_die(DTD_FAILURE, parsed->path, "leave rows and columns out",
            "%d rows of %d columns are not what the network reads, (N, %d, %d, "
            "%d)",
            rows, columns, settings->input.channels, settings->input.rows,
            settings->input.columns);
  settings->picture = (struct dtd_maps){(int)(size / area), rows, columns};
}

static void check_counts(const struct dtd_input_settings *settings,
                         const struct parsed *parsed) {
  int channels = settings->picture.channels;
  for (int key = 0; key < KEYS; key++)
    if (parsed->count[key] > 1 && parsed->count[key] != channels)
      dtd_die(parsed->status, parsed->path, "give one number or that many",
              "%s has %d numbers, the network's input %d channels",
              keys[key].name, parsed->count[key], channels);
  static const enum key bytes[] = {SCALE, MEAN, DEVIATION, RESIZE, CROP};
  bool picture = dtd_input_is_picture(settings);
  for (int n = 0; !picture && n < 5; n++)
    if (is_given(parsed, bytes[n]) || parsed->order)
      dtd_die(DTD_FAILURE, parsed->path, "give low and high, or neither",
              "%s is a matter of pictures, but the network reads vectors",
              parsed->order ? "order" : keys[bytes[n]].name);
}

static void settle_order(struct dtd_input_settings *settings,
                         const struct parsed *parsed) {
  int channels = settings->picture.channels;
  settings->order = parsed->order;
  if (channels == 1 && dtd_input_is_picture(settings) && !parsed->order)
    settings->order = DTD_GRAY;
  int wanted = settings->order == DTD_GRAY ? 1 : 3;
  if (settings->order && channels != wanted)
    dtd_die(DTD_FAILURE, parsed->path, "say what its channels are",
            "order = %s, but the network's input has %d channels",
            orders[settings->order], channels);
  if (!settings->order && channels == 3 && dtd_input_is_picture(settings))
    dtd_die(DTD_FAILURE, parsed->path, "write order = rgb or order = bgr",
            "the order of the three channels is not given");
}

static void settle_sizes(struct dtd_input_settings *settings,
                         const struct parsed *parsed) {
  struct dtd_maps picture = settings->picture;
  int crop = (int)number_of(parsed, CROP, 0, 0);
  settings->resize = (int)number_of(parsed, RESIZE, 0, 0);
  if (crop && (crop != picture.rows || crop != picture.columns))
    dtd_die(DTD_FAILURE, parsed->path, "leave it out, or take another network",
            "crop = %d, but the network reads %d x %d pixels", crop,
            picture.columns, picture.rows);
  int least = picture.rows < picture.columns ? picture.rows : picture.columns;
  if (settings->resize && settings->resize < least)
    dtd_die(DTD_FAILURE, parsed->path, "resize to as many at least",
            "resize = %d, but the network reads %d x %d pixels",
            settings->resize, picture.columns, picture.rows);
}

/* The interval of one channel, and x of each byte. */
static void settle_channel(float interval[2], float *of_byte,
                           const struct parsed *parsed, int channel) {
  double scale = number_of(parsed, SCALE, channel, 1);
  double mean = number_of(parsed, MEAN, channel, 0);
  double deviation = number_of(parsed, DEVIATION, channel, 1);
  bool by_interval = is_given(parsed, LOW);
  interval[0] = (float)(by_interval ? number_of(parsed, LOW, channel, 0)
                                    : (0 - mean) / deviation);
  interval[1] = (float)(by_interval ? number_of(parsed, HIGH, channel, 0)
                                    : (255 * scale - mean) / deviation);
  for (int byte = 0; of_byte && byte < 256; byte++)
    of_byte[byte] = by_interval ? interval[0] + (interval[1] - interval[0]) /
                                                    255 * (float)byte
                                : (float)((scale * byte - mean) / deviation);
}

static void check_interval(const float interval[2],
                           const struct parsed *parsed) {
  if (!(interval[0] <= 0 && interval[1] >= 0 && interval[0] < interval[1]))
    dtd_die(parsed->status, parsed->path,
            is_given(parsed, LOW) ? "give a low below a high"
                                  : "check scale, mean and deviation",
            "x would be from %g to %g, which does not contain 0",
            (double)interval[0], (double)interval[1]);
}

static void settle_interval(struct dtd_input_settings *settings,
                            const struct parsed *parsed) {
  bool picture = dtd_input_is_picture(settings);
  bool by_bytes = is_given(parsed, MEAN) || is_given(parsed, DEVIATION);
  bool low = is_given(parsed, LOW), high = is_given(parsed, HIGH);
  if (by_bytes ? low || high || !is_given(parsed, MEAN) ||
                     !is_given(parsed, DEVIATION)
               : low != high || (picture && !low))
    dtd_die(DTD_FAILURE, parsed->path,
            "give mean and deviation, or low and high instead",
            "does not say between which values the input lies");
  if (!by_bytes && !low) return;
  int channels = settings->picture.channels;
  int each = settings->input.channels / channels; /* features of a channel */
  settings->low = dtd_new((size_t)settings->input.channels, sizeof(float));
  settings->high = dtd_new((size_t)settings->input.channels, sizeof(float));
  if (settings->order)
    settings->of_byte = dtd_new((size_t)channels * 256, sizeof(float));
  for (int c = 0; c < channels; c++) {
    float interval[2];
    settle_channel(interval,
                   settings->of_byte ? settings->of_byte + 256L * c : NULL,
                   parsed, c);
    check_interval(interval, parsed);
    for (int n = c * each; n < (c + 1) * each; n++)
      settings->low[n] = interval[0], settings->high[n] = interval[1];
  }
}

/* ---- files ---- */

/* The part of a path after the last slash. */
static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* NAME.ini beside NAME.onnx, or else the shipped one; null when there is none.
 */
static char *find_file(const char *network,
                       const struct dtd_shipped_folders *shipped) {
  const char *name = last_part(network);
  size_t length = strlen(name);
  if (length > 5 && !strcmp(name + length - 5, ".onnx")) length -= 5;
  char *ini =
      dtd_printed("%.*s.ini", (int)(name - network) + (int)length, network);
  if (!access(ini, R_OK)) return ini;
  dtd_free(ini);
  return dtd_shipped_settings(shipped, name, (int)length);
}

/* The path of a network's settings, null where a vector has none. */
static char *settings_path(const char *network, bool picture) {
  struct dtd_shipped_folders shipped = dtd_own_shipped_folders();
  char *path = find_file(network, &shipped);
  char *list = dtd_shipped_folders_list(&shipped);
  if (!path && picture)
    dtd_die(DTD_FAILURE, network,
            "write them into NAME.ini beside NAME.onnx: [input] order = rgb or "
            "bgr, mean and deviation, or low and high; "
            "experiments/input/googlenet.ini is an example",
            "there are no settings of its input, neither beside it nor in %s",
            list);
  dtd_free(list);
  dtd_shipped_folders_free(&shipped);
  return path;
}

/* The file of names stands beside the settings or beside the network. */
static struct dtd_class_names read_names(const struct parsed *parsed,
                                         const char *network, int classes) {
  if (!parsed->labels) return dtd_class_names_none(classes);
  char *path = dtd_ini_path(parsed->path, parsed->labels);
  if (access(path, R_OK)) {
    char *beside = dtd_ini_path(network, parsed->labels);
    if (access(beside, R_OK))
      dtd_warn(beside, "put it beside the network",
               "the names of the classes are not there, so numbers stand for "
               "them");
    dtd_free(path);
    path = beside;
  }
  struct dtd_class_names names = access(path, R_OK)
                                     ? dtd_class_names_none(classes)
                                     : dtd_class_names_read(path, classes);
  dtd_free(path);
  return names;
}

static void parse(struct parsed *parsed, const char *path) {
  char *text = dtd_ini_text(path);
  parsed->path = path;
  dtd_ini_parse(text, path, take_setting, parsed);
  dtd_free(text);
}

struct dtd_input_settings *dtd_input_settings_read(const char *network,
                                                   const char *file,
                                                   struct dtd_maps input,
                                                   int classes) {
  struct dtd_input_settings *settings = dtd_new(1, sizeof *settings);
  struct parsed *parsed = dtd_new(1, sizeof *parsed);
  parsed->status = DTD_FAILURE;
  settings->input = settings->picture = input;
  settings->path = file
                       ? dtd_copy_text(file)
                       : settings_path(network, dtd_input_is_picture(settings));
  if (settings->path) parse(parsed, settings->path);
  settle_picture(settings, parsed);
  check_counts(settings, parsed);
  settle_order(settings, parsed);
  settle_sizes(settings, parsed);
  settle_interval(settings, parsed);
  settings->names = read_names(parsed, network, classes);
  dtd_free(parsed->labels);
  dtd_free(parsed);
  return settings;
}

void dtd_input_settings_bound(struct dtd_input_settings *settings,
                              const char *low, const char *high) {
  struct parsed *parsed = dtd_new(1, sizeof *parsed);
  parsed->path = "--low and --high";
  parsed->status = DTD_USAGE;
  if (dtd_input_is_picture(settings))
    dtd_die(DTD_USAGE, parsed->path, "leave them out",
            "are for vectors, but the network reads pictures");
  if (settings->low)
    dtd_die(DTD_USAGE, parsed->path, "leave them out",
            "say what %s says already", settings->path);
  if (!low || !high)
    dtd_die(DTD_USAGE, parsed->path, "give the other one too",
            "belong together, but --%s is alone", low ? "low" : "high");
  take_numbers(parsed, LOW, low, "--low");
  take_numbers(parsed, HIGH, high, "--high");
  check_counts(settings, parsed);
  settle_interval(settings, parsed);
  dtd_free(parsed);
}

/* ---- inspect, free ---- */

bool dtd_input_is_picture(const struct dtd_input_settings *settings) {
  return settings->picture.rows > 1 || settings->picture.columns > 1;
}

struct dtd_box dtd_input_box(const struct dtd_input_settings *settings) {
  return (struct dtd_box){settings->input.channels, settings->low,
                          settings->high};
}

void dtd_input_settings_free(struct dtd_input_settings *settings) {
  if (!settings) return;
  dtd_class_names_free(&settings->names);
  for (int c = 0; settings->features && c < settings->input.channels; c++)
    dtd_free(settings->features[c]);
  dtd_free(settings->features);
  dtd_free(settings->path);
  dtd_free(settings->low);
  dtd_free(settings->high);
  dtd_free(settings->of_byte);
  dtd_free(settings);
}

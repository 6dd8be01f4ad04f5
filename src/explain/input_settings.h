/* How pictures become a network's input: the file NAME.ini beside NAME.onnx.

       [input]
       order = bgr               # or rgb, or gray
       scale = 1                 # x = (scale byte - mean) / deviation,
       mean = 104 117 123        # one number, or one for each channel in
       deviation = 1             # the network's order
       resize = 256              # short side of a photo, before its centre is
       crop = 224                # cut out; without resize, sizes must agree
       [labels]
       file = synset_words.txt   # beside this file, or beside the network

   The interval of the zB-rule is that of bytes: l_c = (0 - mean_c) /
   deviation_c, h_c likewise of 255 scale. Where neither mean nor deviation is
   given, low and high are, and bytes are spread over that interval. A network
   that reads vectors needs no file: its interval is low to high, or that of
   the data; with rows and columns its vectors are seen as pictures.

   | paper    | C                     | shape                           |
   |----------|-----------------------|---------------------------------|
   | l_c, h_c | low, high             | (input.channels)                |
   | x of a byte | of_byte            | (picture.channels, 256)         | */
#ifndef DTD_INPUT_SETTINGS_H
#define DTD_INPUT_SETTINGS_H

#include "explain/class_names.h"
#include "network/node.h"
#include "relevance/map_propagator.h"

enum dtd_order {
  DTD_NO_ORDER, /* channels are no colours */
  DTD_GRAY,
  DTD_RGB,
  DTD_BGR,
};

struct dtd_input_settings {
  char *path;              /* of the file; null when there is none */
  struct dtd_maps input;   /* what the network reads */
  struct dtd_maps picture; /* as what it is seen; rows = columns = 1: a vector
                            */
  enum dtd_order order;
  int resize;   /* 0: not at all */
  float *low;   /* l_c; null as long as it is not known */
  float *high;  /* h_c */
  bool of_data; /* they are the interval of the data and 0 */
  char *
      *features;  /* (input.channels): a vector's columns; null without names */
  float *of_byte; /* null where bytes are no input */
  struct dtd_class_names names;
};

/* Those of a network, read from `file`, or without one (null) from NAME.ini
   beside the network's NAME.onnx, or else from the settings that are shipped:
   NAME.ini where shipped_settings.h finds it. Dies (failure), naming the file
   and the line, when pictures have no settings or when they make no sense;
   warns when the file of names is not there. */
struct dtd_input_settings *dtd_input_settings_read(const char *network,
                                                   const char *file,
                                                   struct dtd_maps input,
                                                   int classes);

/* Gives a vector its interval: each text holds one number, or one for each
   feature. Dies (usage), naming the option, when they make no interval that
   contains 0, or when pictures are read or the file has said it. */
void dtd_input_settings_bound(struct dtd_input_settings *settings,
                              const char *low, const char *high);

/* Whether examples are pictures, not vectors. */
bool dtd_input_is_picture(const struct dtd_input_settings *settings);

/* The interval of each channel, borrowed; it is known once examples are read
   (network_input.h). */
struct dtd_box dtd_input_box(const struct dtd_input_settings *settings);

void dtd_input_settings_free(struct dtd_input_settings *settings);

#endif

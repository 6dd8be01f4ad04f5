/* What a number of a table is called, and what it means to a reader. */
#ifndef DTD_QUANTITY_H
#define DTD_QUANTITY_H

struct dtd_quantity {
  const char *name;    /* as in the table */
  const char *title;   /* a few words */
  const char *meaning; /* a sentence in plain text */
};

#endif

/* The names of a network's classes, and the class that somebody means.

   A file of names has one line a class, in the order of the network's outputs.
   WordNet's number at the start of a line, as in "n01440764 tench, Tinca
   tinca", is left out; commas part the words for one class. */
#ifndef DTD_CLASS_NAMES_H
#define DTD_CLASS_NAMES_H

struct dtd_class_names {
  char *path; /* of the file; null when there are no names */
  int classes;
  char **name; /* (classes): "tench, Tinca tinca"; null when there are none */
};

/* No names, for a network of so many outputs. */
struct dtd_class_names dtd_class_names_none(int classes);

/* Dies (failure), naming the file, when it has not one line for each class. */
struct dtd_class_names dtd_class_names_read(const char *path, int classes);

/* The name of a class; "" when there are none. */
const char *dtd_class_name(const struct dtd_class_names *names, int class);

/* The class of that number, from 0; or of that word or those words, in any
   case; or the only one in whose name they stand. Dies (usage) when there is
   none, or several, which it lists. */
int dtd_class_find(const struct dtd_class_names *names, const char *text);

void dtd_class_names_free(struct dtd_class_names *names);

#endif

/* The tables of functions of two inputs and their explanations (Fig. 1).

   | table                | a row                                           |
   |----------------------|-------------------------------------------------|
   | figure1-functions    | a function: its formula, domain and rule        |
   | figure1-explanations | an explanation: its title, whether its arrows   |
   |                      | have a scale of their own or follow the rule    |
   | figure1              | an arrow R(x) of one explanation, and f(x)      |
   | figure1-contours     | f(x), in rows of x_1 ended by an empty line,    |
   |                      | as gnuplot's contours need it                   | */
#ifndef DTD_PLANE_TABLES_H
#define DTD_PLANE_TABLES_H

#include "explain/explained_network.h"
#include "explain/plane_function.h"
#include "files/table.h"

/* Begins the tables in a directory, which is made when it is missing. */
struct dtd_plane_tables *
dtd_plane_tables_open(const char *directory, const struct dtd_provenance *from);

/* Adds a function: side * side arrows of each explanation that exists
   (vector_field.h) in [low, high]^2, or above settings->low where that is
   greater. The contours reach a little further than the last arrows. */
void dtd_plane_tables_add(struct dtd_plane_tables *tables,
                          const struct dtd_plane_function *function,
                          const struct dtd_explanation_settings *settings,
                          int side, float low, float high);

/* Ends the tables and gives them their names. */
void dtd_plane_tables_close(struct dtd_plane_tables *tables);

#endif

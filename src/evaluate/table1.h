/* Table 1 of the paper, measured: each cell a number against a tolerance.

   | property      | number                                    | Yes up to  |
   |---------------|-------------------------------------------|------------|
   | conservative  | largest error of sum_p R_p to f, relative | 1e-5       |
   |               | or else to what the first layer's rule    | 1e-5: Yes, |
   |               | was given                                 | up to the  |
   |               |                                           | fit        |
   | positive      | share of negative relevance               | 0.01       |
   | consistent    | the worse of both, over its tolerance     | 1          |
   | unique        | mean change of a heatmap when what is     | 0.01       |
   |               | arbitrary is chosen anew (uniqueness.h)   |            |
   | training-free | relevance models to train                 | 0          |
   | fast          | its time, in forward passes               | 100        |

   table1.c says why these tolerances. Roots that are not certified take no part
   in any number but the time. */
#ifndef DTD_TABLE1_H
#define DTD_TABLE1_H

#include <stdio.h>

#include "evaluate/evaluation.h"
#include "evaluate/quantity.h"

/* The rows of the table, in order; ended by a null name. */
extern const struct dtd_quantity dtd_table1_properties[];

struct dtd_table1_cell {
  const char *property, *method;
  const char *quantity;         /* what the number is */
  const char *paper;            /* "Yes", "No", "Yes, up to the fit" */
  const char *measured;         /* the same words, or "not measured" */
  const char *agrees;           /* "yes", "no", or "NA" when not measured */
  double value;                 /* what decided */
  double tolerance;             /* the value above which the answer is No */
  struct dtd_left_out left_out; /* pairs that took no part in the value */
};

enum { DTD_TABLE1_CELLS = 24 };

/* Fills the cells of those of the paper's four methods that were evaluated,
   property by property; returns how many. */
int dtd_table1(struct dtd_table1_cell *cells /* (DTD_TABLE1_CELLS) */,
               const struct dtd_evaluation *evaluation);

/* As in the paper, a row a property and a column a method; cells that differ
   from the paper's say so. At most 100 columns. */
void dtd_table1_print(FILE *output, const struct dtd_evaluation *evaluation);

#endif

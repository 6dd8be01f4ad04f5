/* Writes what an evaluation found as the tables and arrays of a result folder.

   | file                | one row, or array                                  |
   |---------------------|----------------------------------------------------|
   | methods.tsv         | method, as figures draw it: its title, and whether |
   |                     | it is a control                                    |
   | examples.tsv        | set, example and method: all its measures          |
   | histogram.tsv       | method and bin: how many pixels' relevance         |
   | metrics.tsv         | subject and metric: value with 95 % interval       |
   | flipping.tsv        | method, way and step: mean f / f(x) with interval  |
   | randomisation.tsv   | method and layers re-drawn: mean rank correlation  |
   | claims.tsv          | claim: statistic, threshold, verdict, its sentence |
   | sentences.tsv       | sentence of the paper: its claims' verdicts        |
   | table1.tsv          | property and method: the paper's cell and ours     |
   | ledger.tsv          | method, example or mean, layer and cause           |
   | roots.tsv           | one-target and independent example: nearest root   |
   | gallery.tsv         | pixel of the first 12 one-target pairs: x and R_p  |
   | gallery-scale.tsv   | method: the colour scale of its heatmaps there     |
   | heatmaps/METHOD.npy | (N, 28, 56) R_p of the one-target pairs            |
   | heatmaps/pairs.npy  | (N, 28, 56) those pairs                            |
   | heatmaps/roots.npy, heatmaps/roots-pairs.npy | the roots, their pairs     |
*/
#ifndef DTD_EVALUATION_TABLES_H
#define DTD_EVALUATION_TABLES_H

#include "evaluate/evaluation.h"
#include "files/table.h"

/* Writes all of them below `directory`, which must exist. */
void dtd_evaluation_write(const char *directory,
                          const struct dtd_evaluation *evaluation,
                          const struct dtd_provenance *from);

#endif

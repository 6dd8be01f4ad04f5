/* Measures of photos' heatmaps, for the statements of section 6.2.

   Nothing here knows where the object is: photos have no masks. Where a measure
   needs a region, it is taken from both heatmaps that are compared, so that
   neither is favoured. R is a heatmap (rows, columns), summed over channels.

   | measure            | formula                                             |
   |--------------------|-----------------------------------------------------|
   | cells r_i          | sums of R over a grid, scaled to sum to 1           |
   | evenness           | (sum r)^2 / (K sum r^2) over K cells                |
   | alike              | Pearson's correlation of two heatmaps' cells        |
   | correlation length | lag at which the autocorrelation of R falls to 1/2, |
   |                    | as a share of the side                              |
   | sides of an edge   | mean R a few pixels off strong edges / mean R       |
   | trace of a stride  | squared coefficient of variation of the means over  |
   |                    | the phases of rows and columns modulo a period      |
 */
#ifndef DTD_PHOTO_MEASURES_H
#define DTD_PHOTO_MEASURES_H

enum { DTD_PHOTO_GRID = 28 }; /* cells along a side: 8 pixels of 224 */

struct dtd_heatmap {
  const float *R; /* (rows, columns) */
  int rows, columns;
};

/* r (grid, grid) over the central `part` of each side, 0 < part <= 1; all 0 for
   an empty heatmap. Positive relevance alone. */
void dtd_photo_cells(double *r, struct dtd_heatmap heatmap, double part,
                     int grid);

/* Evenness of r over the fewest cells that together hold half of r + other,
   both (n); of one cell 1. */
double dtd_photo_evenness(const double *r, const double *other, int n);

/* Pearson's correlation of a and b (n); NAN where either is constant. */
double dtd_photo_alikeness(const double *a, const double *b, int n);

/* The mean of that along rows and along columns, after means over blocks of
   `block` pixels have taken away what is finer; 0 < length <= 1. */
double dtd_photo_correlation_length(struct dtd_heatmap heatmap, int block);

/* Where the photo's gray values (rows, columns) change most, in a twentieth of
   its pixels: mean R three pixels off on the darker and on the brighter side,
   over the mean R of the heatmap. */
void dtd_photo_edge_sides(double *dark, double *bright,
                          struct dtd_heatmap heatmap, const float *gray);

/* Of `period` >= 1 pixels; 0 for an even heatmap, NAN for an empty one. */
double dtd_photo_trace(struct dtd_heatmap heatmap, int period);

#endif

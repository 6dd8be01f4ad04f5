/* Measures how much a heatmap changes when one digit of a pair is swapped. */
#include "evaluate/swap.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "evaluate/certified_heatmaps.h"
#include "evaluate/continuity.h"

enum { P = DTD_PAIR_PIXELS };

void dtd_replace_half(float *swapped, const float *x, int side, const float *y,
                      int other_side) {
  memcpy(swapped, x, P * sizeof *swapped);
  for (int row = 0; row < DTD_PAIR_ROWS; row++) {
    const float *from =
        y + row * DTD_PAIR_COLUMNS + other_side * DTD_DIGIT_SIDE;
    memcpy(swapped + row * DTD_PAIR_COLUMNS + side * DTD_DIGIT_SIDE, from,
           DTD_DIGIT_SIDE * sizeof *swapped);
  }
}

/* Pairs 0 to count - 1, each with its target (of_target) or its distractor
   swapped for that of the next pair. */
static void swap_digits(float *swapped, const float *x,
                        const struct dtd_pair *pair, bool of_target, int count,
                        int pairs) {
  for (long n = 0; n < count; n++) {
    long next = (n + 1) % pairs;
    int side = pair[n].is_target[1] == of_target;
    int other_side = pair[next].is_target[1] == of_target;
    dtd_replace_half(swapped + n * P, x + n * P, side, x + next * P,
                     other_side);
  }
}

void dtd_swaps(struct dtd_swap *swap, struct dtd_explainer *explainer,
               const struct dtd_method *method, const float *x,
               const struct dtd_pair *pair, const float *R_p, int count,
               int pairs) {
  float *swapped = dtd_new((size_t)count * P, sizeof *swapped);
  float *S = dtd_new((size_t)count * P, sizeof *S);
  for (int of_target = 0; of_target < 2; of_target++) {
    swap_digits(swapped, x, pair, of_target, count, pairs);
    dtd_certified_heatmaps(S, explainer, method, swapped, count);
    for (long n = 0; n < count; n++) {
      double changed =
          pairs > 1 ? dtd_relative_change(R_p + n * P, S + n * P) / 2 : NAN;
      *(of_target ? &swap[n].target : &swap[n].distractor) = changed;
    }
  }
  for (int n = 0; n < count; n++)
    swap[n].ratio =
        swap[n].target > 0 ? swap[n].distractor / swap[n].target : NAN;
  dtd_free(swapped);
  dtd_free(S);
}

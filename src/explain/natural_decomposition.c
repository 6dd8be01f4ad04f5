/* The natural decomposition of a sum of one-input functions, R_p =
 * sigma_p(x_p).
 */
#include "explain/natural_decomposition.h"

#include <string.h>

#include "base/die.h"

/* The one input p(j) that a unit reads, -1 when it reads none, -2 for more. */
static int input_of(const struct dtd_layer *layer, int unit) {
  int input = -1;
  for (int p = 0; p < layer->inputs; p++)
    if (layer->w[(long)p * layer->units + unit] != 0)
      input = input == -1 ? p : -2;
  return input;
}

bool dtd_is_natural_sum(const struct dtd_network *network) {
  const struct dtd_layer *layer = &network->layer[0];
  if (network->depth != 1 || layer->norm != 1) return false;
  for (int j = 0; j < layer->units; j++) {
    int input = input_of(layer, j);
    if (input == -2 || (input == -1 && layer->b[j] > 0)) return false;
  }
  return true;
}

void dtd_natural_decomposition(float *R_p, const struct dtd_network *network,
                               const struct dtd_activations *act) {
  const struct dtd_layer *layer = &network->layer[0];
  if (!dtd_is_natural_sum(network))
    dtd_die(DTD_USAGE, "natural decomposition",
            "let each unit read one input, or use deep Taylor decomposition",
            "the network is no sum of functions of one input each");
  memset(R_p, 0, (size_t)act->batch * (size_t)layer->inputs * sizeof *R_p);
  for (int j = 0; j < layer->units; j++) {
    int p = input_of(layer, j);
    for (long n = 0; p >= 0 && n < act->batch; n++) /* R_p = sigma_p (Eq. 3) */
      R_p[n * layer->inputs + p] += act->detection[0][n * layer->units + j];
  }
}

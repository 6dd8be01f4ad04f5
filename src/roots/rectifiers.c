/* The multipliers m and the sharpness t that smooth one example's rectifiers.
 */
#include "roots/rectifiers.h"

#include <math.h>
#include <stdbool.h>

#include "roots/root_problem.h"

static const double LEAN = 0.3; /* of the kink tolerance */

/* A unit is held at its kink when its slope is well between 0 and 1. */
static bool is_held(float slope) {
  return slope > 0.01f && slope < 0.99f;
}

void dtd_rectifiers_follow(const struct dtd_rectifiers *r) {
  dtd_smooth_slopes(r->m, r->smooth, r->row);
}

void dtd_rectifiers_harden(const struct dtd_rectifiers *r) {
  float *m = r->m;
  for (int l = 0; l < r->smooth->network->depth; l++) {
    int units = r->smooth->network->layer[l].shape.units;
    for (int j = 0; j < units; j++)
      *m++ = r->smooth->z[l][(long)r->row * units + j] > 0;
  }
}

double dtd_rectifiers_change(const struct dtd_rectifiers *r) {
  const float *m = r->m;
  double change = 0;
  for (int l = 0; l < r->smooth->network->depth; l++) {
    int units = r->smooth->network->layer[l].shape.units;
    const float *slope = r->smooth->slope[l] + (long)r->row * units;
    for (int j = 0; j < units; j++)
      change += fabs((double)slope[j] - (double)*m++);
  }
  return change;
}

double dtd_rectifiers_slack(const struct dtd_rectifiers *r) {
  double slack = 0;
  for (int l = 0; l < r->smooth->network->depth; l++) {
    int units = r->smooth->network->layer[l].shape.units;
    const float *slope = r->smooth->slope[l] + (long)r->row * units;
    const float *d_z = r->smooth->d_z[l] + (long)r->row * units;
    const float *z = r->smooth->z[l] + (long)r->row * units;
    for (int j = 0; j < units; j++) {
      if (!is_held(slope[j])) continue;
      float d = d_z[j] / slope[j]; /* df/dx_j */
      slack = fmax(slack, fabs((double)(d * z[j])) / r->f);
    }
  }
  return slack;
}

double dtd_rectifiers_softplus_gap(const struct dtd_rectifiers *r) {
  const struct dtd_network *network = r->smooth->network;
  double gap = 0;
  for (int l = 0; l < network->depth; l++) {
    int pools = dtd_layer_outputs(&network->layer[l].shape);
    double sum = 0;
    const float *d = r->smooth->d_pooled[l] + (long)r->row * pools;
    for (int k = 0; k < pools; k++)
      sum += network->layer[l].shape.pool * fabs((double)d[k]);
    gap += sum * M_LN2 / (double)r->sharpness[l];
  }
  return gap / r->f;
}

void dtd_rectifiers_lean(const struct dtd_rectifiers *r) {
  float *m = r->m;
  for (int l = 0; l < r->smooth->network->depth; l++) {
    int units = r->smooth->network->layer[l].shape.units;
    const float *slope = r->smooth->slope[l] + (long)r->row * units;
    const float *d_z = r->smooth->d_z[l] + (long)r->row * units;
    for (int j = 0; j < units; j++, m++) {
      *m = slope[j];
      if (!is_held(slope[j])) continue;
      float z =
          (float)(LEAN * DTD_KINK_TOLERANCE * r->f) * slope[j] / fabsf(d_z[j]);
      *m -= r->sharpness[l] * (slope[j] > 0.5f ? z : -z);
    }
  }
}

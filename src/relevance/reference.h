/* Deep Taylor decomposition in plain loops: sections 3 to 5 of the paper.

   Read this file first, then reference.c from its top to its end. It takes one
   example at a time, in double, with one loop for each sum and nothing made
   fast. The rest of the library computes the same numbers in batches, and its
   tests compare them with these.

   What is computed. A network is a stack of layers; each detects and then pools
   (Eq. 7, with the L^q pooling of 5.2):

       x_j = max(0, sum_i x_i w_ij + b_j),   b_j <= 0
       x_k = (sum_{j in pool k} x_j^q)^(1/q)

   What one layer pools is the x_i of the layer above, and the last pools into
   one number, f(x). Its relevance is R_f = f(x), and it is sent down layer by
   layer, from R_k to R_j and from R_j to R_i.

   From R_k to R_j. A relevance model writes R_k as a function of the x_j or of
   the x_i of its layer. In the top layer with q = 1, R_k = sum_j x_j (Eq. 8).
   Its one admissible root is x_j = 0, where its derivative is 1, so Taylor
   expansion (Eq. 9) gives R_j = x_j (Eq. 10). Below, the training-free model
   (5.2) has R_k = (sum_j x_j) c_k d_k and holds c_k d_k constant, so

       R_j = x_j c_k d_k = x_j / (sum_{j' in pool k} x_j') R_k .

   The min-max model (5.1) learns units y_j whose sum is near R_k, and gives
   R_j = y_j (Eq. 14).

   From R_j to R_i. Either way R_j is c max(0, sum_i x_i w_ij + b_j) with c held
   constant (Eq. 11). It is expanded at a root of its own, found by going from x
   along -v_j until the response of unit j is 0:

       root_i = x_i - t v_ij,    t = (sum_i x_i w_ij + b_j) / (sum_i w_ij v_ij)

   On that way the function is linear, so its first-order terms add up to R_j
   and nothing is lost (Eq. 12):

       R_ij = c w_ij (x_i - root_i) = q_ij / (sum_i' q_i'j) R_j,
       q_ij = w_ij v_ij,     R_i = sum_j R_ij    (Eq. 6, 13, 15)

   Each domain of the inputs has a direction, and with it a rule (4.1, 4.2):

             x_i       v_ij                               q_ij
       w^2   any       w_ij                               w_ij^2
       z+    >= 0      x_i [w_ij > 0]                     x_i w_ij^+
       zB    in [l, h] x_i - l [w_ij > 0] - h [w_ij < 0]  x_i w_ij
                                                          - l w_ij^+ - h w_ij^-

   | paper                 | C                   | shape                      |
   |-----------------------|---------------------|----------------------------|
   | w_ij, b_j             | layer.w, b          | (inputs, units), (units)   |
   | x_i, x_j, x_k         | layer.x_i, x_j, x_k | (inputs), (units), (pools) |
   | x_j before max(0, .)  | layer.z_j           | (units)                    |
   | f(x) = x_f            | x_k[0] of the top   | (1)                        |
   | df/dx_i, /dz_j, /dx_k | layer.d_i, d_j, d_k | (inputs), (units), (pools) |
   | R_i, R_j, R_k         | layer.R_i, R_j, R_k | (inputs), (units), (pools) |
   | c_k, d_k              | dtd_reference_c, _d | scalars                    |
   | v_ij                  | model.v             | (inputs, units)            |
   | v_lj                  | model.v_l           | (upper, units)             |
   | d_j, y_j              | model.d, y_j        | (units)                    |
   | a_j = min(0, s_j)     | model.s_j           | (units)                    |
   | Rhat_k                | model.Rhat_k        | (pools)                    |
   | l, h                  | low, high           | scalars                    |
 */
#ifndef DTD_REFERENCE_H
#define DTD_REFERENCE_H

struct dtd_network;
struct dtd_relevance_model;

enum { DTD_REFERENCE_LAYERS = 8 };

/* One layer with its parameters, and what one example leaves in it. Two
   neighbours share memory: x_k, d_k and R_k of a layer are x_i, d_i and R_i of
   the layer above. */
struct dtd_reference_layer {
  int inputs;    /* x_i */
  int units;     /* x_j */
  int pools;     /* x_k; pool k holds the units k units/pools, ... */
  double q;      /* of the pooling: 1 sums, INFINITY takes the maximum */
  double *w, *b; /* (inputs, units): w_ij at i * units + j */
  double *x_i, *z_j, *x_j, *x_k; /* filled by forward */
  double *d_i, *d_j, *d_k;       /* df/dx_i, df/dz_j, df/dx_k: by backward */
  double *R_i, *R_j, *R_k;       /* by decompose */
  double *dw, *db; /* like w and b: gradient of the loss, added up by learn */
};

struct dtd_reference {
  long count;         /* of parameters: w and b of layer 0, of layer 1, ... */
  double *parameters; /* (count) */
  double *gradient;   /* (count): dw and db of every layer, likewise */
  int depth;
  struct dtd_reference_layer layer[DTD_REFERENCE_LAYERS]; /* [0] reads x_p */
};

/* The min-max model of one layer (5.1). */
struct dtd_reference_model {
  long count;                    /* of parameters: v, v_l, d */
  double *parameters, *gradient; /* (count) */
  int inputs, pools;             /* of the layer */
  int units;                     /* y_j; as many in each pool */
  int upper;                     /* detection units l of the layer above */
  double *v, *v_l, *d;           /* (inputs, units), (upper, units), (units) */
  double *s_j, *y_j;             /* (units): a_j = min(0, s_j) */
  double *Rhat_k;                /* (pools) */
  double *dv, *dv_l, *dd; /* like v, v_l and d: gradient, added up by learn */
};

/* ---- create and free ---- */

/* Copies shapes and parameters of the library's network or model. */
struct dtd_reference *dtd_reference_new(const struct dtd_network *network);
struct dtd_reference_model *
dtd_reference_model_new(const struct dtd_relevance_model *model);

/* Copies the parameters again, after they changed. */
void dtd_reference_read(struct dtd_reference *reference,
                        const struct dtd_network *network);

void dtd_reference_free(struct dtd_reference *reference);
void dtd_reference_model_free(struct dtd_reference_model *model);

/* ---- the network: Eq. 7, its derivative, its training (6.1) ---- */

/* Fills x_i, z_j, x_j and x_k of every layer; returns f(x). */
double dtd_reference_forward(struct dtd_reference *reference,
                             const double *x /* (inputs of layer 0) */);

/* After forward: fills d_i, d_j and d_k of every layer. */
void dtd_reference_backward(struct dtd_reference *reference);

/* After backward: adds the gradient of (f(x) - target)^2 to dw and db of every
   layer. */
void dtd_reference_learn(struct dtd_reference *reference, double target);

/* w := w - rate dw,  b := min(b - rate db, 0);  dw and db become 0. */
void dtd_reference_step(struct dtd_reference *reference, double rate);

/* ||x_j||_q of one pool. */
double dtd_reference_pool(const double *x_j /* (count) */, int count, double q);

/* ---- relevance models: from R_k to R_j (5) ---- */

/* Training-free: R_j of one layer from its R_k. */
void dtd_reference_training_free(struct dtd_reference_layer *layer);

/* c_k, the pooling ratio of pool k. */
double dtd_reference_c(const struct dtd_reference_layer *layer, int k);

/* d_k, the top-down term of unit k below `upper`, which has its R_j. */
double dtd_reference_d(const struct dtd_reference_layer *upper, int k);

/* Min-max: fills s_j, y_j and Rhat_k. */
void dtd_reference_min_max(struct dtd_reference_model *model,
                           const double *x_i /* (inputs) */,
                           const double *R_l /* (upper) */);

/* After min_max: adds the gradient of sum_k (Rhat_k - R_k)^2 to dv, dv_l and
   dd; returns that sum. */
double dtd_reference_model_learn(struct dtd_reference_model *model,
                                 const double *x_i /* (inputs) */,
                                 const double *R_l /* (upper) */,
                                 const double *R_k /* (pools) */);

/* v := v - rate dv, v_l and d likewise;  dv, dv_l and dd become 0. */
void dtd_reference_model_step(struct dtd_reference_model *model, double rate);

/* ---- rules: from R_j to R_i (4) ---- */

/* v_ij and q_ij of the rule "w^2", "z+" or "zB"; NAN of any other. */
double dtd_reference_direction(const char *rule, double x, double w, double low,
                               double high);
double dtd_reference_q(const char *rule, double x, double w, double low,
                       double high);

/* The root of unit j that the rule expands R_j at, from x_i and z_j > 0 of the
   layer; returns t. */
double dtd_reference_root(double *root /* (inputs) */,
                          const struct dtd_reference_layer *layer, int j,
                          const char *rule, double low, double high);

/* R_i from R_j (Eq. 13, 15). A positive bias keeps its share (6.2). */
void dtd_reference_rule(double *R_i /* (inputs) */,
                        const double *x_i /* (inputs) */,
                        const double *R_j /* (units) */,
                        const double *w /* (inputs, units) */,
                        const double *b /* (units) or null for zeros */,
                        const char *rule, double low, double high, int inputs,
                        int units);

/* ---- the walk down the layers (3) ---- */

/* After forward: fills R_k, R_j and R_i of every layer, from the top to the
   pixels, whose relevance is layer[0].R_i. z+ serves the upper layers and
   `first` the first, with low and high as l and h. With `model` not null it
   explains the first layer, and R_j there are its y_j. f(x) = 0 leaves nothing
   to explain. */
void dtd_reference_decompose(struct dtd_reference *reference,
                             struct dtd_reference_model *model,
                             const char *first, double low, double high);

#endif

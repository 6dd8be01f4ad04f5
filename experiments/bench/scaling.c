/* Measures how the cost of training and explaining grows with the job's size.
 */
#include "scaling.h"

#include "heatmap_job.h"
#include "machine.h"
#include "linear/threads.h"
#include "base/memory.h"
#include "base/rng.h"
#include "stopwatch.h"
#include "training_job.h"

enum {
  THREADS = 2,
  MADE_UP = 2000, /* digits, for a given share of ink */
  MOST_BYTE = 255,
  WORK_BATCHES = 20, /* whose ink is counted */
};
#define REST      0.1   /* of a turn, before it */
#define SAME_RATE 1e-12 /* weights hardly move */

struct scaling {
  struct dtd_result_folder *folder;
  int rounds;
  double turn; /* seconds */
  FILE *table;
  struct dtd_digits digits;
  double operations[THREADS]; /* a second, with that many threads less one */
};

/* The rates for data of that size, with the threads in use. */
static struct dtd_rates rates_at(const struct scaling *s, size_t bytes) {
  return (struct dtd_rates){.operations =
                                s->operations[dtd_threads_in_use() - 1],
                            .read = dtd_rate_of_reading(bytes),
                            .update = dtd_rate_of_updating(bytes)};
}

/* One point of the table: contenders and their floors. */
struct point {
  const char *factor;
  double value;
  struct dtd_contender contender[2 * THREADS];
  struct dtd_turn turn[2 * THREADS];
  double floor[2 * THREADS]; /* seconds an example */
  int count;
};

static void put_point(struct scaling *s, struct point *point) {
  dtd_contest(point->contender, point->count, s->rounds, REST * s->turn);
  for (int c = 0; c < point->count; c++) {
    struct dtd_contender *own = &point->contender[c];
    struct dtd_spread cost = dtd_spread(own->cost, s->rounds);
    dtd_table_row(s->table, "%s %f %s %d %f %f %f %f %s", point->factor,
                  point->value, own->name, own->threads, 1e6 * cost.median,
                  1e6 * cost.low, 1e6 * cost.high, 1e6 * point->floor[c],
                  "us/example");
    printf("%-9s %5g  %-7s %d  %8.2f [%.2f, %.2f]  floor %.2f us/example\n",
           point->factor, point->value, own->name, own->threads,
           1e6 * cost.median, 1e6 * cost.low, 1e6 * cost.high,
           1e6 * point->floor[c]);
    dtd_free(own->cost);
  }
  fflush(stdout);
}

/* A contender that takes these turns; `floor` is in seconds a call. */
static void add(struct point *point, struct dtd_turn turn, const char *name,
                double floor) {
  int c = point->count++;
  point->turn[c] = turn;
  point->floor[c] = floor / turn.items;
  point->contender[c] = (struct dtd_contender){.name = name,
                                               .threads = turn.threads,
                                               .batch = turn.items,
                                               .run = dtd_take_turn,
                                               .self = &point->turn[c]};
}

/* ---- training ---- */

/* Steps with these settings, by both kernels. */
static void put_steps(struct scaling *s, const char *factor, double value,
                      const struct dtd_settings *settings,
                      const struct dtd_digits *digits) {
  struct dtd_settings own = *settings;
  own.training.rate.start = own.minmax_rate.start = SAME_RATE;
  struct dtd_sampler *sampler = dtd_sampler_new(digits, &own.pairs);
  struct dtd_training_job *job[2];
  struct point point = {.factor = factor, .value = value};
  int batch = own.training.batch;
  for (int kernel = 0; kernel < 2; kernel++)
    job[kernel] = dtd_training_job_new(&own, sampler, kernel);
  struct dtd_work work = dtd_training_job_work(job[DTD_SPARSE], WORK_BATCHES);
  for (int t = 0; t < THREADS; t++) {
    dtd_threads(t + 1);
    struct dtd_rates rates =
        rates_at(s, dtd_training_job_bytes(job[DTD_SPARSE]));
    for (int kernel = 0; kernel < 2; kernel++) {
      struct dtd_turn turn = {s->turn, dtd_training_job_once, job[kernel],
                              t + 1, batch};
      add(&point, turn, dtd_kernels[kernel], dtd_floor(work, rates));
    }
  }
  put_point(s, &point);
  for (int kernel = 0; kernel < 2; kernel++) dtd_training_job_free(job[kernel]);
  dtd_sampler_free(sampler);
}

static void scale_batch(struct scaling *s) {
  const int batches[] = {1, 2, 5, 10, 20, 50, 100, 200};
  for (int n = 0; n < 8; n++) {
    struct dtd_settings own = s->folder->settings;
    own.training.batch = batches[n];
    put_steps(s, "batch", batches[n], &own, &s->digits);
  }
}

static void scale_units(struct scaling *s) {
  for (int units = 100; units <= 1600; units *= 2) {
    struct dtd_settings own = s->folder->settings;
    own.layer[0].units = units;
    own.layer[0].pool = 4;
    own.layer[1].inputs = units / 4;
    put_steps(s, "units", units, &own, &s->digits);
  }
}

/* Digits of every label whose pixels have ink by chance. */
static struct dtd_digits made_up_digits(double share) {
  size_t pixels = (size_t)MADE_UP * DTD_DIGIT_PIXELS;
  struct dtd_digits digits = {MADE_UP, dtd_new(pixels, 1), dtd_new(MADE_UP, 1)};
  struct dtd_rng rng = dtd_rng_open(1, "scaling/ink", 0);
  for (size_t i = 0; i < pixels; i++)
    if (dtd_rng_uniform(&rng) < share)
      digits.images[i] = (uint8_t)(1 + dtd_rng_below(&rng, MOST_BYTE));
  for (int n = 0; n < MADE_UP; n++)
    digits.labels[n] = (uint8_t)(n % DTD_CLASSES);
  return digits;
}

static void scale_ink(struct scaling *s) {
  const double shares[] = {0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1};
  for (int n = 0; n < 8; n++) {
    struct dtd_settings own = s->folder->settings;
    struct dtd_digits digits = made_up_digits(shares[n]);
    own.pairs.translation = 0; /* or black pixels would enter */
    put_steps(s, "ink", shares[n], &own, &digits);
    dtd_digits_free(&digits);
  }
}

/* ---- explanation ---- */

static void scale_examples(struct scaling *s) {
  const int counts[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};
  const struct dtd_trained_model *model = s->folder->model;
  float *images = dtd_result_folder_pairs(s->folder, counts[8]);
  for (int n = 0; n < 9; n++) {
    int count = counts[n];
    struct dtd_heatmap_job *job = dtd_heatmap_job_new(
        model->network, dtd_explainer_model(model->explainer, "minmax"),
        &s->folder->settings.explanation, dtd_method_find("deep-taylor-free"),
        images, count);
    struct point point = {.factor = "examples", .value = count};
    dtd_heatmap_job_run(job, 1);
    for (int t = 0; t < THREADS; t++) {
      dtd_threads(t + 1);
      struct dtd_rates rates =
          rates_at(s, model->network->parameter_count * sizeof(float));
      struct dtd_turn turn = {s->turn, dtd_heatmap_job_once, job, t + 1, count};
      add(&point, turn, "explain", dtd_floor(dtd_heatmap_job_work(job), rates));
    }
    put_point(s, &point);
    dtd_heatmap_job_free(job);
  }
  dtd_free(images);
}

void dtd_scaling(const char *output, struct dtd_result_folder *folder,
                 int rounds, double turn) {
  struct scaling s = {.folder = folder, .rounds = rounds, .turn = turn};
  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  s.digits = dtd_digits_read(folder->settings.directory, DTD_TRAIN);
  s.table = dtd_table_open(
      output, &from, "factor value variant threads median low high floor unit");
  for (int t = 0; t < THREADS; t++) {
    dtd_threads(t + 1);
    s.operations[t] = dtd_rate_of_product(DTD_USUAL_PRODUCT);
  }
  scale_batch(&s);
  scale_units(&s);
  scale_ink(&s);
  scale_examples(&s);
  dtd_table_close(s.table);
  dtd_digits_free(&s.digits);
}

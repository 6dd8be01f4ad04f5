/* Times the library's jobs beside PyTorch's and the machine's own limits. */
#include "benchmark.h"

#include <math.h>
#include <string.h>

#include "base/subprocess.h"
#include "base/die.h"
#include "graph_job.h"
#include "heatmap_job.h"
#include "machine.h"
#include "linear/threads.h"
#include "base/memory.h"
#include "files/npy.h"
#include "stopwatch.h"
#include "training_job.h"

enum {
  THREADS = 2, /* one, and two */
  IMAGES = DTD_BENCHMARK_IMAGES,
  BATCHES = 200,    /* of training pairs for PyTorch */
  AGREEMENT = 20,   /* steps until errors are compared */
  MOST = 16,        /* contenders of a job */
  SLOW_ROUNDS = 5,  /* of searches */
  ROOTS = 50,       /* images a turn */
  NLOPT_ROOTS = 2,  /* the same, of NLopt */
  PROGRAM_RUNS = 5, /* of a whole program */
  MEMORY_STEPS = 1000,
  PHOTOS = 16, /* at a time */
};
#define REST                                                                   \
  0.75                 /* of a turn, before it: OpenBLAS's threads wait busily \
                          for 0.02 s */
#define TOLERANCE 1e-4 /* relative, between contenders that should agree */
#define PYTHON    "/usr/bin/python3"

/* A contender's turn in PyTorch. */
struct torch_turn {
  double seconds; /* the turn's */
  struct dtd_subprocess *child;
  const char *format; /* of a request, with a place for the repeats */
  int batch, repeats;
  double items; /* in each repeat */
};

struct bench {
  const struct dtd_benchmark_request *request;
  struct dtd_settings *settings;
  FILE *table;
  struct dtd_rates rates[THREADS]; /* for data of the weights' size */
  struct dtd_digits digits;
  struct dtd_sampler *sampler; /* of training pairs */
  float *images;               /* (IMAGES, 1568), one-target test pairs */
  struct dtd_subprocess *torch[THREADS]; /* null without PyTorch */
  int contenders;
  struct dtd_contender contender[MOST];
  struct dtd_turn turn[MOST]; /* theirs, of jobs and of PyTorch */
  struct torch_turn torch_turn[MOST];
};

/* ---- rows ---- */

static void put_row(struct bench *b, const char *job, const char *variant,
                    int threads, int batch, struct dtd_spread s,
                    const char *unit) {
  dtd_table_row(b->table, "%s %s %d %d %f %f %f %s", job, variant, threads,
                batch, s.median, s.low, s.high, unit);
  printf("%-19s %-26s %d %4d  %10.4g  [%.4g, %.4g] %s\n", job, variant, threads,
         batch, s.median, s.low, s.high, unit);
  fflush(stdout);
}

static struct dtd_spread exact(double value) {
  return (struct dtd_spread){value, value, value};
}

/* The spread of a times `factor`, or of factor / a. */
static struct dtd_spread scaled(struct dtd_spread s, double factor) {
  return (struct dtd_spread){s.median * factor, s.low * factor,
                             s.high * factor};
}

static struct dtd_spread inverse(struct dtd_spread s) {
  return (struct dtd_spread){1 / s.median, 1 / s.high, 1 / s.low};
}

/* ---- contenders ---- */

static void add(struct bench *b, const char *name, int threads, int batch,
                double (*run)(void *), void *self) {
  b->contender[b->contenders++] = (struct dtd_contender){.name = name,
                                                         .threads = threads,
                                                         .batch = batch,
                                                         .run = run,
                                                         .self = self};
}

/* Calls of once(job), each of `items`, with one thread and with two. */
static void add_job(struct bench *b, const char *name, int batch,
                    double (*once)(void *), void *job, int items) {
  for (int threads = 1; threads <= THREADS; threads++) {
    struct dtd_turn *turn = &b->turn[b->contenders];
    *turn = (struct dtd_turn){b->request->turn, once, job, threads, items};
    add(b, name, threads, batch, dtd_take_turn, turn);
  }
}

/* The contender of that name whose median is least. */
static struct dtd_contender *best_of(struct bench *b, const char *name,
                                     int rounds) {
  struct dtd_contender *best = NULL;
  for (int c = 0; c < b->contenders; c++) {
    struct dtd_contender *own = &b->contender[c];
    if (!strcmp(own->name, name) &&
        (!best || dtd_spread(own->cost, rounds).median <
                      dtd_spread(best->cost, rounds).median))
      best = own;
  }
  return best;
}

/* Runs all contenders in turns and writes their rows, as seconds times `factor`
   or, with `as_rate`, as a rate; then each other's ratio to the first. */
static void contest(struct bench *b, const char *job, int rounds, double factor,
                    bool as_rate, const char *unit) {
  dtd_contest(b->contender, b->contenders, rounds, REST * b->request->turn);
  for (int c = 0; c < b->contenders; c++) {
    struct dtd_contender *own = &b->contender[c];
    struct dtd_spread cost = dtd_spread(own->cost, rounds);
    put_row(b, job, own->name, own->threads, own->batch,
            as_rate ? inverse(cost) : scaled(cost, factor), unit);
  }
  struct dtd_contender *first = best_of(b, b->contender[0].name, rounds);
  for (int c = 0; c < b->contenders; c++) {
    struct dtd_contender *own = best_of(b, b->contender[c].name, rounds);
    if (own != &b->contender[c] || !strcmp(own->name, first->name)) continue;
    char name[128];
    snprintf(name, sizeof name, "%s / %s", own->name, first->name);
    put_row(b, job, name, own->threads, own->batch,
            dtd_spread_of_ratios(own->cost, first->cost, rounds), "ratio");
  }
}

/* What the floor is made of: millions, and megabytes where any are counted. */
static void put_work(struct bench *b, const char *job, int batch,
                     struct dtd_work work) {
  put_row(b, job, "operations", 0, batch, exact(work.operations / 1e6), "M");
  if (work.read == 0 && work.updated == 0) return;
  put_row(b, job, "bytes read", 0, batch, exact(work.read / 1e6), "MB");
  put_row(b, job, "bytes updated", 0, batch, exact(work.updated / 1e6), "MB");
}

/* The first contender's floor, and its time over that, for its numbers of
   threads; `items` of them share `work`. */
static void put_floors(struct bench *b, const char *job, int rounds,
                       struct dtd_work work, double items, double factor,
                       bool as_rate, const char *unit) {
  const char *name = b->contender[0].name;
  if (work.operations == 0) return;
  put_work(b, job, b->contender[0].batch, work);
  for (int c = 0; c < b->contenders; c++) {
    struct dtd_contender *own = &b->contender[c];
    if (strcmp(own->name, name)) continue;
    double least = dtd_floor(work, b->rates[own->threads - 1]) / items;
    char ratio[128];
    snprintf(ratio, sizeof ratio, "%s / floor", name);
    put_row(b, job, "floor", own->threads, own->batch,
            exact(as_rate ? 1 / least : least * factor), unit);
    put_row(b, job, ratio, own->threads, own->batch,
            scaled(dtd_spread(own->cost, rounds), 1 / least), "ratio");
  }
}

static void end_contest(struct bench *b) {
  for (int c = 0; c < b->contenders; c++) dtd_free(b->contender[c].cost);
  b->contenders = 0;
}

/* How often to repeat what takes `seconds`, for a turn. */
static int repeats_for(double turn, double seconds) {
  return (int)fmin(fmax(turn / seconds, 1), 1e5);
}

static void agree(const char *what, const char *variant, double value,
                  double expected) {
  if (!(fabs(value - expected) <= TOLERANCE * fabs(expected)))
    dtd_die(DTD_FAILURE, variant, NULL, "disagrees on %s: %.8g instead of %.8g",
            what, value, expected);
}

/* NAME in a folder, in `path`. */
static char *in_folder(char path[4200], const char *folder, const char *name) {
  snprintf(path, 4200, "%s/%s", folder, name);
  return path;
}

static char *in_model(char path[4200], const struct bench *b,
                      const char *name) {
  return strcpy(path, dtd_result_folder_file(b->request->folder, name));
}

/* ---- PyTorch ---- */

static double ask(double answer[3], struct dtd_subprocess *child,
                  const char *format, int batch, int repeats) {
  char request[128];
  snprintf(request, sizeof request, "%s %d %d", format, batch, repeats);
  dtd_subprocess_ask(answer, 3, child, request);
  return answer[0] / repeats;
}

/* As dtd_mean_of_calls, but in one request; its length follows from the second
   call of the first turn. */
static double run_torch(void *self) {
  struct torch_turn *t = self;
  double answer[3];
  ask(answer, t->child, t->format, t->batch, 1);
  if (!t->repeats)
    t->repeats =
        repeats_for(t->seconds, ask(answer, t->child, t->format, t->batch, 1));
  return ask(answer, t->child, t->format, t->batch, t->repeats) / t->items;
}

/* Such requests, each of `items`, with one thread and with two. */
static void add_torch(struct bench *b, const char *name, const char *format,
                      int batch, int items) {
  for (int t = 0; t < THREADS && b->torch[t]; t++) {
    struct torch_turn *turn = &b->torch_turn[b->contenders];
    *turn = (struct torch_turn){
        b->request->turn, b->torch[t], format, batch, 0, items};
    add(b, name, t + 1, batch, run_torch, turn);
  }
}

static struct dtd_subprocess *open_torch(struct bench *b, int threads,
                                         bool one_image) {
  const struct dtd_benchmark_request *r = b->request;
  char blas[64], model[4200], path[3][4200];
  const char *names[] = {"pairs.npy", "targets.npy", "images.npy"};
  snprintf(blas, sizeof blas, "OPENBLAS_NUM_THREADS=%d", threads);
  for (int n = 0; n < 3; n++) /* start-up reads only what it explains */
    in_folder(path[n], r->scratch, one_image ? "one.npy" : names[n]);
  char *const argv[] = {"env",
                        blas,
                        "OMP_NUM_THREADS=1",
                        PYTHON,
                        (char *)r->torch,
                        in_model(model, b, "model.safetensors"),
                        path[0],
                        path[1],
                        path[2],
                        "1",
                        NULL};
  return dtd_subprocess_open(argv);
}

static void reset_torch(struct bench *b, int t) {
  char request[128];
  double done;
  snprintf(request, sizeof request, "reset %.17g %.17g",
           b->settings->training.rate.start, b->settings->minmax_rate.start);
  dtd_subprocess_ask(&done, 1, b->torch[t], request);
}

/* ---- the training step ---- */

static const char *const torch_variants[] = {"autograd", "inplace"};
static const char *const torch_names[] = {"PyTorch autograd",
                                          "PyTorch in place"};
static const char *const torch_requests[] = {"train autograd", "train inplace"};

static struct dtd_training_job *open_job(struct bench *b,
                                         enum dtd_kernel kernel) {
  return dtd_training_job_from(
      dtd_result_folder_file(b->request->folder, "model.safetensors"),
      b->settings, b->sampler, kernel);
}

/* All have the same errors after some steps on the same pairs. */
static void check_steps(struct bench *b, struct dtd_training_job *job[2]) {
  int batch = b->settings->training.batch;
  double expected[2], error[2], answer[3];
  for (int kernel = 0; kernel < 2; kernel++)
    dtd_training_job_run(job[kernel], AGREEMENT);
  dtd_training_job_errors(expected, job[DTD_DENSE]);
  dtd_training_job_errors(error, job[DTD_SPARSE]);
  for (int n = 0; n < 2; n++)
    agree("errors", dtd_kernels[DTD_SPARSE], error[n], expected[n]);
  for (int v = 0; b->torch[0] && v < 2; v++) {
    reset_torch(b, 0);
    ask(answer, b->torch[0], torch_requests[v], batch, AGREEMENT);
    for (int n = 0; n < 2; n++)
      agree("errors", torch_variants[v], answer[1 + n], expected[n]);
  }
}

static void bench_training(struct bench *b) {
  int batch = b->settings->training.batch, rounds = b->request->rounds;
  struct dtd_training_job *job[2] = {open_job(b, DTD_DENSE),
                                     open_job(b, DTD_SPARSE)};
  check_steps(b, job);
  for (int kernel = DTD_SPARSE; kernel >= DTD_DENSE; kernel--)
    add_job(b, dtd_kernels[kernel], batch, dtd_training_job_once, job[kernel],
            1);
  for (int v = 0; v < 2; v++)
    add_torch(b, torch_names[v], torch_requests[v], batch, 1);
  contest(b, "training step", rounds, 1e3, false, "ms");
  put_floors(b, "training step", rounds,
             dtd_training_job_work(job[DTD_SPARSE], 50), 1, 1e3, false, "ms");
  end_contest(b);
  dtd_training_job_free(job[0]);
  dtd_training_job_free(job[1]);
}

/* ---- heatmaps ---- */

/* The heatmaps' sum, and the sum of their squares. */
static void check_heatmaps(struct bench *b, const struct dtd_heatmap_job *job,
                           int batch) {
  const float *R_p = dtd_heatmap_job_heatmaps(job);
  double answer[3], sum = 0, squares = 0;
  for (long i = 0; i < (long)batch * DTD_PAIR_PIXELS; i++) {
    sum += (double)R_p[i];
    squares += (double)R_p[i] * (double)R_p[i];
  }
  ask(answer, b->torch[0], "explain", batch, 1);
  agree("heatmaps", "PyTorch hooks", answer[1], sum);
  agree("heatmaps", "PyTorch hooks", answer[2], squares);
}

/* A method that searches, or computes f many times. */
static bool takes_long(const struct dtd_method *method) {
  return method->slow || method->perturbs;
}

static void bench_heatmaps(struct bench *b, const struct dtd_method *method,
                           int batch) {
  const struct dtd_trained_model *model = b->request->folder->model;
  int rounds = takes_long(method) ? 1 : b->request->rounds;
  bool beside = b->torch[0] && !strcmp(method->name, "deep-taylor-free");
  struct dtd_heatmap_job *job = dtd_heatmap_job_new(
      model->network, dtd_explainer_model(model->explainer, "minmax"),
      &b->settings->explanation, method, b->images, batch);
  dtd_heatmap_job_run(job, 1);
  if (beside) check_heatmaps(b, job, batch);
  add_job(b, "dtd", batch, dtd_heatmap_job_once, job, batch);
  if (beside) add_torch(b, "PyTorch hooks", "explain", batch, batch);
  contest(b, method->name, rounds, 1, true, "heatmaps/s");
  put_floors(b, method->name, rounds, dtd_heatmap_job_work(job), batch, 1, true,
             "heatmaps/s");
  end_contest(b);
  dtd_heatmap_job_free(job);
}

/* ---- photos ---- */

/* low or high of every channel, with commas between. */
static void list_ends(char list[256], const float *ends, int channels) {
  int at = 0;
  for (int c = 0; c < channels && at < 200; c++)
    at += snprintf(list + at, 256 - (size_t)at, c ? ",%.9g" : "%.9g",
                   (double)ends[c]);
}

/* PyTorch with what the job explains. */
static struct dtd_subprocess *
open_torch_network(const struct bench *b, const struct dtd_graph_job *job,
                   int threads) {
  const struct dtd_benchmark_request *r = b->request;
  char omp[64], path[4200], low[256], high[256], count[16];
  struct dtd_maps maps = dtd_graph_job_shape(job);
  struct dtd_box box = dtd_graph_job_box(job);
  const size_t shape[] = {PHOTOS, (size_t)maps.channels, (size_t)maps.rows,
                          (size_t)maps.columns};
  dtd_npy_write_shape(in_folder(path, r->scratch, "photos.npy"),
                      dtd_graph_job_inputs(job), 4, shape);
  list_ends(low, box.low, box.channels);
  list_ends(high, box.high, box.channels);
  snprintf(omp, sizeof omp, "OMP_NUM_THREADS=%d", threads);
  snprintf(count, sizeof count, "%d", threads);
  char *const argv[] = {"env",
                        omp,
                        PYTHON,
                        (char *)r->torch_network,
                        (char *)r->network,
                        path,
                        low,
                        high,
                        count,
                        NULL};
  return dtd_subprocess_open(argv);
}

/* The sum of each batch's heatmaps; winners of pools may differ, so a sum of
   squares would say little. */
static void check_photos(struct dtd_subprocess *torch,
                         const struct dtd_graph_job *job) {
  const float *R_p = dtd_graph_job_heatmaps(job);
  long count = PHOTOS * dtd_maps_size(dtd_graph_job_shape(job));
  double answer[3], sum = 0;
  for (long i = 0; i < count; i++) sum += (double)R_p[i];
  ask(answer, torch, "explain", PHOTOS, 1);
  agree("photos", "PyTorch by hand", answer[1], sum);
}

static void add_photos(struct bench *b, const char *name, int batch,
                       int threads, struct dtd_graph_job *job,
                       struct dtd_subprocess *torch) {
  if (job) {
    struct dtd_turn *turn = &b->turn[b->contenders];
    *turn = (struct dtd_turn){b->request->turn, dtd_graph_job_once, job,
                              threads, batch};
    add(b, name, threads, batch, dtd_take_turn, turn);
  } else {
    struct torch_turn *turn = &b->torch_turn[b->contenders];
    *turn = (struct torch_turn){
        b->request->turn, torch, "explain", batch, 0, batch};
    add(b, name, threads, batch, run_torch, turn);
  }
}

/* The rate of a product again: jobs of half a minute see another machine. */
static void renew_rates(struct bench *b) {
  for (int t = 0; t < THREADS; t++) {
    dtd_threads(t + 1);
    b->rates[t].operations = dtd_rate_of_product(DTD_USUAL_PRODUCT);
    put_row(b, "photo", "product", t + 1, 0,
            exact(b->rates[t].operations / 1e9), "GFLOP/s");
  }
}

/* One photo on one core; then many on two, and one by one. */
static void bench_photos(struct bench *b) {
  const struct dtd_benchmark_request *r = b->request;
  const struct dtd_explanation_settings *settings = &b->settings->explanation;
  struct dtd_graph_job *many =
      dtd_graph_job_new(r->network, &r->photos, settings, PHOTOS, THREADS);
  struct dtd_graph_job *one =
      dtd_graph_job_new(r->network, &r->photos, settings, 1, 1);
  struct dtd_graph_job *in_turn =
      dtd_graph_job_new(r->network, &r->photos, settings, PHOTOS, 1);
  struct dtd_subprocess *torch[THREADS] = {NULL};
  dtd_threads(THREADS);
  dtd_graph_job_once(many);
  for (int t = 0; t < THREADS && r->torch_network; t++)
    torch[t] = open_torch_network(b, many, t + 1);
  if (torch[0]) check_photos(torch[0], many);
  add_photos(b, "dtd", 1, 1, one, NULL);
  if (torch[0]) add_photos(b, "PyTorch by hand", 1, 1, NULL, torch[0]);
  contest(b, "photo", SLOW_ROUNDS, 1e3, false, "ms");
  renew_rates(b);
  put_floors(b, "photo", SLOW_ROUNDS, dtd_graph_job_work(one), 1, 1e3, false,
             "ms");
  end_contest(b);
  add_photos(b, "dtd", PHOTOS, THREADS, many, NULL);
  add_photos(b, "dtd one by one", PHOTOS, 1, in_turn, NULL);
  if (torch[1])
    add_photos(b, "PyTorch by hand", PHOTOS, THREADS, NULL, torch[1]);
  contest(b, "photos", SLOW_ROUNDS, 1e3, false, "ms");
  end_contest(b);
  for (int t = 0; t < THREADS; t++) dtd_subprocess_close(torch[t]);
  dtd_graph_job_free(many);
  dtd_graph_job_free(one);
  dtd_graph_job_free(in_turn);
}

/* ---- nearest roots ---- */

struct root_turn {
  struct bench *bench;
  struct dtd_root_settings settings;
  int threads, count, turns, certified;
  double evaluations;
};

/* Both solvers search the same images in the same round, NLopt fewer. */
static double run_roots(void *self) {
  struct root_turn *turn = self;
  struct bench *b = turn->bench;
  struct dtd_root root[ROOTS];
  size_t pixels = ROOTS * DTD_PAIR_PIXELS;
  float *r = dtd_new(2 * pixels, sizeof *r);
  const float *x =
      b->images + (long)(turn->turns++ % (IMAGES / ROOTS)) * (long)pixels;
  const struct dtd_explanation_settings *s = &b->settings->explanation;
  dtd_threads(turn->threads);
  double start = dtd_seconds();
  dtd_nearest_roots(root, r, r + pixels, b->request->folder->model->network, x,
                    turn->count, s->low, s->high, &turn->settings);
  double seconds = dtd_seconds() - start;
  for (int n = 0; n < turn->count; n++) {
    turn->evaluations += root[n].evaluations;
    turn->certified += root[n].certified;
  }
  dtd_free(r);
  return seconds / turn->count;
}

/* An evaluation is a forward and a backward pass without sparsity. */
static struct dtd_work work_of_root(const struct bench *b, double evaluations) {
  const struct dtd_network *network = b->request->folder->model->network;
  double weights = 0;
  for (int n = 0; n < network->depth; n++)
    weights +=
        (double)network->layer[n].shape.inputs * network->layer[n].shape.units;
  return (struct dtd_work){.operations = 2 * 2 * weights * evaluations};
}

static void put_certified(struct bench *b, const char *variant,
                          const struct root_turn *turn) {
  put_row(b, "nearest roots", variant, 1, turn->count,
          exact(turn->certified / ((double)turn->turns * turn->count)),
          "share");
}

static void bench_roots(struct bench *b) {
  struct dtd_root_settings own = b->settings->explanation.root, nlopt = own;
  nlopt.solver = DTD_ROOT_NLOPT;
  struct root_turn turn[] = {{b, own, 1, ROOTS, 0, 0, 0},
                             {b, own, 2, ROOTS, 0, 0, 0},
                             {b, nlopt, 1, NLOPT_ROOTS, 0, 0, 0}};
  for (int n = 0; n < 3; n++)
    add(b, dtd_root_solvers[turn[n].settings.solver], turn[n].threads,
        turn[n].count, run_roots, &turn[n]);
  contest(b, "nearest roots", SLOW_ROUNDS, 1, true, "roots/s");
  double evaluations = turn[0].evaluations / ((double)turn[0].turns * ROOTS);
  put_floors(b, "nearest roots", SLOW_ROUNDS, work_of_root(b, evaluations), 1,
             1, true, "roots/s");
  put_certified(b, "certified", &turn[0]);
  put_certified(b, "nlopt certified", &turn[2]);
  end_contest(b);
}

/* ---- whole programs ---- */

static double start_up(void *self) {
  const struct dtd_benchmark_request *r = ((struct bench *)self)->request;
  char program[4200], model[4200], input[4200], output[4200];
  char *const argv[] = {in_folder(program, r->programs, "explain"),
                        "--model",
                        in_model(model, self, "model.safetensors"),
                        "--method",
                        "deep-taylor-free",
                        "--input",
                        in_folder(input, r->scratch, "one.npy"),
                        "--output",
                        in_folder(output, r->scratch, "heatmap.npy"),
                        NULL};
  return dtd_subprocess_run(argv).seconds;
}

static double start_torch(void *self) {
  double start = dtd_seconds(), answer[3];
  struct dtd_subprocess *child = open_torch(self, 1, true);
  ask(answer, child, "explain", 1, 1);
  dtd_subprocess_close(child);
  return dtd_seconds() - start;
}

static void bench_start_up(struct bench *b) {
  add(b, "dtd", dtd_threads_in_use(), 1, start_up, b);
  if (b->request->torch) add(b, "PyTorch", 1, 1, start_torch, b);
  contest(b, "start-up", PROGRAM_RUNS, 1e3, false, "ms");
  end_contest(b);
}

/* Before anything else is in memory (subprocess.h). */
static void bench_memory(struct bench *b) {
  const struct dtd_benchmark_request *r = b->request;
  char program[4200], config[4200], iterations[64], where[4200];
  snprintf(iterations, sizeof iterations, "training.iterations=%d",
           MEMORY_STEPS);
  char *const argv[] = {in_folder(program, r->programs, "train"),
                        in_model(config, b, "config.ini"),
                        iterations,
                        "--out",
                        in_folder(where, r->scratch, "training"),
                        NULL};
  put_row(b, "peak memory", "dtd", dtd_threads_in_use(),
          b->settings->training.batch,
          exact(dtd_subprocess_run(argv).peak_bytes / 1e6), "MB");
}

static void bench_photo_memory(struct bench *b) {
  const struct dtd_benchmark_request *r = b->request;
  char program[4200], output[4200];
  char *const argv[] = {in_folder(program, r->programs, "explain"),
                        "--model",
                        (char *)r->network,
                        "--method",
                        "deep-taylor-free",
                        "--input",
                        r->photos.text[0],
                        "--output",
                        in_folder(output, r->scratch, "photo.npy"),
                        NULL};
  put_row(b, "peak memory", "dtd photo", dtd_threads_in_use(), 1,
          exact(dtd_subprocess_run(argv).peak_bytes / 1e6), "MB");
}

static void bench_torch_memory(struct bench *b) {
  double answer[3], bytes;
  int batch = b->settings->training.batch;
  ask(answer, b->torch[0], torch_requests[0], batch, AGREEMENT);
  dtd_subprocess_ask(&bytes, 1, b->torch[0], "memory");
  put_row(b, "peak memory", torch_names[0], 1, batch, exact(bytes / 1e6), "MB");
}

/* ---- the machine ---- */

static void bench_machine(struct bench *b) {
  const struct dtd_trained_model *model = b->request->folder->model;
  const struct dtd_relevance_model *minmax =
      dtd_explainer_model(model->explainer, "minmax");
  size_t weights = sizeof(float) * (model->network->parameter_count +
                                    (minmax ? minmax->parameter_count : 0));
  const size_t sizes[] = {(size_t)256 << 10, weights, (size_t)128 << 20};
  const char *const names[] = {"256 KiB a thread", "weights", "128 MiB"};
  for (int t = 0; t < THREADS; t++) {
    dtd_threads(t + 1);
    b->rates[t] = dtd_rates(weights);
    put_row(b, "machine", "product", t + 1, 0,
            exact(b->rates[t].operations / 1e9), "GFLOP/s");
    for (int n = 0; n < 3; n++) {
      size_t bytes = n ? sizes[n] : sizes[n] * (size_t)(t + 1);
      double read = n == 1 ? b->rates[t].read : dtd_rate_of_reading(bytes);
      double update = n == 1 ? b->rates[t].update : dtd_rate_of_updating(bytes);
      char name[64];
      snprintf(name, sizeof name, "read %s", names[n]);
      put_row(b, "machine", name, t + 1, 0, exact(read / 1e9), "GB/s");
      snprintf(name, sizeof name, "update %s", names[n]);
      put_row(b, "machine", name, t + 1, 0, exact(update / 1e9), "GB/s");
    }
  }
}

/* ---- all of it ---- */

/* The data that all variants train on and explain, also in files for PyTorch.
 */
static void open_data(struct bench *b) {
  char path[4200];
  const char *scratch = b->request->scratch;
  int count = BATCHES * b->settings->training.batch;
  float *pairs = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *pairs);
  float *t = dtd_new((size_t)count, sizeof *t);
  b->images = dtd_result_folder_pairs(b->request->folder, IMAGES);
  b->digits = dtd_digits_read(b->settings->directory, DTD_TRAIN);
  b->sampler = dtd_sampler_new(&b->digits, &b->settings->pairs);
  dtd_pairs_draw(pairs, t, NULL, b->sampler, 0, count);
  dtd_npy_write(in_folder(path, scratch, "pairs.npy"), pairs, (size_t)count,
                DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  dtd_npy_write(in_folder(path, scratch, "targets.npy"), t, (size_t)count, 1,
                1);
  dtd_npy_write(in_folder(path, scratch, "images.npy"), b->images, IMAGES,
                DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  dtd_npy_write(in_folder(path, scratch, "one.npy"), b->images, 1,
                DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  dtd_free(pairs);
  dtd_free(t);
}

static void close_bench(struct bench *b) {
  dtd_table_close(b->table);
  for (int t = 0; t < THREADS; t++) dtd_subprocess_close(b->torch[t]);
  dtd_sampler_free(b->sampler);
  dtd_digits_free(&b->digits);
  dtd_free(b->images);
}

void dtd_benchmark(const struct dtd_benchmark_request *request) {
  struct bench b = {.request = request, .settings = &request->folder->settings};
  struct dtd_provenance from = dtd_result_folder_provenance(request->folder);
  b.table = dtd_table_open(request->output, &from,
                           "job variant threads batch median low high unit");
  bench_memory(&b);
  if (request->network) bench_photo_memory(&b);
  open_data(&b);
  bench_start_up(&b);
  bench_machine(&b);
  for (int t = 0; t < THREADS && request->torch; t++) {
    b.torch[t] = open_torch(&b, t + 1, false);
    reset_torch(&b, t);
  }
  bench_training(&b);
  for (int m = 0; dtd_methods[m]; m++) {
    const int batches[] = {1, 20, IMAGES};
    if (dtd_methods[m]->control ||
        !dtd_explainer_offers(request->folder->model->explainer,
                              dtd_methods[m]))
      continue;
    for (int n = 0; n < (takes_long(dtd_methods[m]) ? 2 : 3); n++)
      bench_heatmaps(&b, dtd_methods[m], batches[n]);
  }
  bench_roots(&b);
  if (request->network) bench_photos(&b);
  if (request->torch) bench_torch_memory(&b);
  close_bench(&b);
}

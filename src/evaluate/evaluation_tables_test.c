/* Tests that a small evaluation writes every file it documents, with the
   columns and the rows that it should have. */
#include <unistd.h>

#include "base/test.h"
#include "evaluate/claims.h"
#include "explain/test_explainer.h"
#include "evaluate/evaluation_tables.h"
#include "files/table_reader.h"
#include "files/test_digits.h"
#include "base/output.h"
#include "base/test_folder.h"

TEST_OWNS(evaluation)
TEST_OWNS(table)

enum { PAIRS = 6, ROOTS = 3 };

static int methods; /* evaluated by default: the paper's four, and controls */

static const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 8, 2),
                                               LAYER(4, 8, 8)};

/* Evaluates a random model on made-up digits and writes below test_folder. */
static void write_small_evaluation(void) {
  test_folder_new();
  struct dtd_network *network = new_network(shape, 2);
  dtd_network_initialise(network, 1, 0.3);
  struct dtd_relevance_model *minmax =
      random_model("minmax", network, 0, PAIRS, 1, 0.05, 0.005);
  struct dtd_explainer *explainer = quick_explainer(network, minmax, PAIRS);
  explainer->settings.root = dtd_root_defaults(); /* all are certified */
  struct dtd_digits digits = plain_digits(40, 1);
  struct dtd_pair_settings pairs = {.is_target = {1, 1, 1, 1}};
  struct dtd_evaluation_settings settings = {.scores = PAIRS,
                                             .pairs = PAIRS,
                                             .roots = ROOTS,
                                             .flips = 1,
                                             .repeats = 1,
                                             .slow_repeats = 1,
                                             .bootstrap = 20,
                                             .seed = 1};
  for (int m = 0; dtd_methods[m]; m++) {
    settings.skip[m] = !dtd_method_is_usual(dtd_methods[m]);
    methods +=
        !settings.skip[m] && dtd_explainer_offers(explainer, dtd_methods[m]);
  }
  struct dtd_evaluation *e = own_evaluation(
      dtd_evaluate(explainer, &digits, &digits, &pairs, &settings, NULL));
  struct dtd_provenance from = {"made up", "0123456789abcdef", 1};
  dtd_output_directory(test_path("heatmaps")); /* with one of other pairs */
  fclose(fopen(test_path("heatmaps/occlusion.npy"), "w"));
  dtd_evaluation_write(test_folder, e, &from);
}

static struct dtd_table *read_table(const char *name) {
  struct dtd_table *table = own_table(dtd_table_read(test_path(name)));
  assert_string_equal(dtd_table_fact(table, "command"), "made up");
  return table;
}

/* Asserts the names of a table's first columns, of all when a newline ends
   them, and how many rows there are (-1: any, above 0). */
static void assert_table(const char *name, const char *columns, int rows) {
  struct dtd_table *table = read_table(name);
  char names[2048] = "";
  for (int c = 0; c < table->columns; c++)
    strcat(strcat(names, table->name[c]), c + 1 < table->columns ? " " : "\n");
  if (strncmp(names, columns, strlen(columns)))
    fail_msg("%s has other columns than %s", name, columns);
  if (rows < 0)
    assert_true(table->rows > 0);
  else
    assert_int_equal(table->rows, rows);
}

TEST(every_table_has_its_columns_and_rows) {
  int claims = 0, sentences = 0;
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++, sentences++)
    for (const struct dtd_claim *c = s->claims; c->name; c++) claims++;
  assert_true(methods >= 6);
  assert_table("examples.tsv",
               "set example method left right target_side target f sum_r "
               "positive negative target_share ink_share distractor_share "
               "black_share",
               2 * ((methods - 1) * PAIRS + ROOTS));
  assert_table("histogram.tsv", "method low high count", methods * 121);
  assert_table("methods.tsv", "method title control", methods);
  assert_table("metrics.tsv", "subject metric set value low high n", -1);
  assert_table("flipping.tsv", "method curve step removed value low high n",
               -1);
  assert_table("randomisation.tsv", "method randomised value low high n", -1);
  assert_table("claims.tsv",
               "claim statement statistic value low high threshold verdict "
               "sentence reading left_out\n",
               claims);
  assert_table("sentences.tsv",
               "sentence quote verdict claims hold fail undecided readings\n",
               sentences);
  assert_table("table1.tsv",
               "property method paper measured value tolerance agrees quantity "
               "left_out",
               24);
  assert_table("roots.tsv",
               "example f f_ratio distance cosine evaluations starts certified "
               "set",
               2 * ROOTS);
  assert_table("gallery.tsv",
               "example row column pixel sensitivity taylor "
               "deep-taylor-minmax deep-taylor-free",
               ROOTS * DTD_PAIR_PIXELS);
  assert_table("gallery-scale.tsv", "method scale largest", methods);
}

/* f and R_p; Taylor's two causes; two of min-max's and training-free's at each
   of four layers: for each example and for the mean. */
TEST(the_ledger_has_every_example_and_closes) {
  const int rows = (methods - 3) * 2 + 3 + 2 * 9;
  assert_table("ledger.tsv", "method example layer relevance change cause\n",
               (ROOTS + 1) * rows);
  struct dtd_table *table = read_table("ledger.tsv");
  double before = 0;
  int of_mean = 0;
  for (int n = 0; n < table->rows; n++) {
    double relevance = dtd_table_value(table, n, "relevance");
    double change = dtd_table_value(table, n, "change");
    if (!strcmp(dtd_table_text(table, n, "layer"), "f"))
      assert_string_equal(dtd_table_text(table, n, "cause"), "score");
    else /* up to the seven digits of the file */
      assert_near(relevance - before, change, 1e-5 * (1 + fabs(before)));
    before = relevance;
    of_mean += !strcmp(dtd_table_text(table, n, "example"), "mean");
  }
  assert_int_equal(of_mean, rows);
}

TEST(heatmaps_and_their_pairs_have_their_sizes) {
  const char *const all[] = {"pairs", "sensitivity", "deep-taylor-minmax",
                             "deep-taylor-free"};
  const char *const few[] = {"taylor", "roots", "roots-pairs"};
  for (int i = 0; i < 7; i++) {
    char name[128];
    size_t size;
    snprintf(name, sizeof name, "heatmaps/%s.npy", i < 4 ? all[i] : few[i - 4]);
    test_get(&size, test_path(name));
    size_t count = i < 4 ? PAIRS : ROOTS;
    size_t bytes = count * DTD_PAIR_PIXELS * sizeof(float);
    assert_true(size > bytes && size <= bytes + 256); /* and a header */
  }
  assert_int_not_equal(access(test_path("heatmaps/occlusion.npy"), F_OK), 0);
}

TEST_GROUP(write_small_evaluation, test_folder_free)

/* Tests what explain does: which rules, classes and settings reach a network,
   and which requests are refused. */

#include "explain/test_explained.h"
#include "runs/explanation_run.h"

TEST_GROUP(test_folder_new, test_folder_free)

static char *program[] = {"explain"};

static void run(struct dtd_explanation_request request) {
  dtd_explanation_run(&request, 1, program);
}

/* Heatmaps of x.npy to r.npy by a network of pictures. */
static struct dtd_explanation_request usual(void) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", 3, graph->node[0].out, 3);
  char **input = test_new(1, sizeof *input);
  *input = (char *)test_path("x.npy");
  return (struct dtd_explanation_request){.model = test_path("net.onnx"),
                                          .method = "deep-taylor-free",
                                          .inputs = {1, input},
                                          .output = test_path("r.npy")};
}

static const char *heatmaps(struct dtd_explanation_request request) {
  size_t size;
  int stdout_was = dup(STDOUT_FILENO);
  fflush(stdout);
  assert_non_null(freopen("/dev/null", "w", stdout));
  run(request);
  fflush(stdout);
  dup2(stdout_was, STDOUT_FILENO);
  close(stdout_was);
  return test_get(&size, test_path("r.npy"));
}

static void assert_same_heatmaps(const char *a, const char *b, bool same) {
  size_t bytes = 128 + 3 * 30 * sizeof(float);
  assert_true((memcmp(a, b, bytes) == 0) == same);
}

static struct dtd_texts one_text(char *text) {
  char **list = test_new(1, sizeof *list);
  *list = text;
  return (struct dtd_texts){1, list};
}

/* By name, by number in the listing, and as the first layer's. */
TEST(rules_reach_their_nodes) {
  struct dtd_explanation_request request = usual();
  const char *by_default = heatmaps(request);
  request.first_rule = "w^2";
  const char *by_place = heatmaps(request);
  request.first_rule = NULL;
  request.rules = one_text("a=w^2");
  assert_same_heatmaps(heatmaps(request), by_place, true);
  request.rules = one_text("1=w^2");
  assert_same_heatmaps(heatmaps(request), by_place, true);
  request.rules = one_text("z=w^2");
  assert_same_heatmaps(heatmaps(request), by_place, false);
  request.rules.count = 0;
  request.composite = "deep-taylor first=w^2";
  assert_same_heatmaps(heatmaps(request), by_place, true);
  assert_same_heatmaps(by_default, by_place, false);
}

TEST(a_rule_of_the_upper_layers_is_that_of_matrices) {
  struct dtd_explanation_request request = usual();
  request.upper_rule = "gamma(0.5)";
  const char *upper = heatmaps(request);
  request.upper_rule = NULL;
  request.rules = one_text("z=gamma(0.5)");
  assert_same_heatmaps(heatmaps(request), upper, true);
}

TEST(classes_and_settings_are_heeded) {
  struct dtd_explanation_request request = usual();
  request.method = "occlusion";
  request.class = "1";
  const char *first = heatmaps(request);
  request.class = "2";
  const char *second = heatmaps(request);
  assert_same_heatmaps(first, second, false);
  request.settings = one_text("explanation.occlusion_side=3");
  assert_same_heatmaps(heatmaps(request), second, false);
}

/* Composites are a matter of decomposition alone: this network's second
   convolution reads what may be negative, where z+ is refused. */
TEST(a_composite_that_does_not_suit_is_refused_where_it_is_needed) {
  struct dtd_explanation_request request = usual();
  GRAPH("input x N 2 6 5", "tensor w 3 2 3 3", "Conv x w > a",
        "tensor v 4 3 3 3", "Conv a v > c", "Flatten c > f", "output f N 8");
  assert_dies(2, "node c, rule z+: the rule is meant for inputs >= 0",
              run(request));
  request.method = "sensitivity";
  heatmaps(request);
}

TEST(rules_in_vain_are_refused) {
  const struct dtd_explanation_request good = usual();
  struct dtd_explanation_request bad = good;
  bad.method = "sensitivity", bad.rules = one_text("a=w^2");
  assert_dies(2, "--rule: is for deep-taylor-free, which sensitivity is not",
              run(bad));
  bad.rules.count = 0, bad.composite = "epsilon-plus";
  assert_dies(2, "--composite: is for deep-taylor-free", run(bad));
  bad.composite = NULL, bad.first_rule = "flat";
  assert_dies(2, "--first-rule: is for deep-taylor-free", run(bad));
  bad.first_rule = NULL, bad.upper_rule = "flat";
  assert_dies(2, "--upper-rule: is for deep-taylor-free", run(bad));
}

TEST(what_cannot_be_is_refused) {
  const struct dtd_explanation_request good = usual();
  struct dtd_explanation_request bad = good;
  bad.model = NULL;
  assert_dies(2, "--model: is not given (see --help and --list)", run(bad));
  bad = good, bad.output = NULL;
  assert_dies(2, "--output: is not given", run(bad));
  bad = good, bad.output = "r.txt";
  assert_dies(2, "r.txt: the output does not end in .npy", run(bad));
  bad = good, bad.output = good.inputs.text[0];
  assert_dies(2, "the heatmaps would replace the images", run(bad));
  bad = good, bad.method = "gradients";
  assert_dies(2, "gradients: there is no such explanation method", run(bad));
  bad = good, bad.method = "taylor";
  assert_dies(2, "taylor: searches for roots", run(bad));
  bad = good, bad.class = "7";
  assert_dies(2, "7", run(bad));
  bad = good, bad.class = "bee";
  assert_dies(2, "bee", run(bad));
  bad = good, bad.composite = "epsilon";
  assert_dies(2, "epsilon", run(bad));
  bad = good, bad.rules = one_text("a");
  assert_dies(2, "--rule: a names no rule (write NODE=RULE)", run(bad));
  bad = good, bad.rules = one_text("b=z+");
  assert_dies(2, "b", run(bad));
  bad = good, bad.settings = one_text("extra");
  assert_dies(2, "extra: stands after no option", run(bad));
  bad = good, bad.settings = one_text("training.rate=1");
  assert_dies(2, "training.rate=1: stands after no option", run(bad));
  bad = good, bad.low = "-1", bad.high = "1";
  assert_dies(2, "--low and --high: are for vectors", run(bad));
}

TEST(what_is_of_networks_from_onnx_is_refused_elsewhere) {
  struct dtd_explanation_request good = usual();
  good.model = "model.safetensors";
  struct dtd_explanation_request bad = good;
  bad.class = "1";
  assert_dies(2,
              "--class: is for networks from ONNX, which model.safetensors "
              "is not",
              run(bad));
  bad = good, bad.channels = true;
  assert_dies(2, "--channels: is for networks from ONNX", run(bad));
  bad = good, bad.high = "1";
  assert_dies(2, "--high: is for networks from ONNX", run(bad));
  bad = good, bad.inputs.count = 2;
  bad.inputs.text = (char *[]){"a.npy", "b.npy"};
  assert_dies(2, "b.npy: a second input of a trained model", run(bad));
  assert_dies(1, "model.safetensors: ", run(good));
  good.model = test_path(".");
  assert_dies(1, "/./model.safetensors: ", run(good));
}

/* ---- vectors ---- */

static struct dtd_explanation_request of_vectors(const char *table) {
  vector_network();
  put_text("v.tsv", table);
  struct dtd_explanation_request request = usual();
  vector_network(); /* in place of the pictures' */
  remove(test_path("net.ini"));
  request.inputs.text[0] = (char *)test_path("v.tsv");
  return request;
}

TEST(vectors_take_their_interval_from_the_data_and_say_so) {
  struct dtd_explanation_request request =
      of_vectors("a\tb\tc\td\n1\t2\t3\t4\n4\t3\t2\t-1\n");
  dies_log_begin();
  const char *of_data = heatmaps(request);
  dies_log_end("explain", 0, 0,
               "v.tsv: each feature's interval is that of the data and 0 (give "
               "--low and --high for others)");
  request.low = "0 0 0 -1", request.high = "4 3 3 4";
  assert_memory_equal(heatmaps(request), of_data, 128 + 32);
  request.high = "9";
  assert_int_not_equal(memcmp(heatmaps(request), of_data, 128 + 32), 0);
}

TEST(vectors_that_cannot_be_explained_are_refused) {
  struct dtd_explanation_request good = of_vectors("a\tb\tc\td\n1\t2\t3\t4\n");
  struct dtd_explanation_request bad = good;
  bad.pictures = test_path("drawn");
  assert_dies(2, "--png: draws pictures, but the network reads vectors",
              run(bad));
  bad = good, bad.channels = true;
  assert_dies(2, "--channels: is for pictures, but the network reads vectors",
              run(bad));
  bad = good, bad.low = "-1";
  assert_dies(2, "--low and --high: belong together, but --low is alone",
              run(bad));
  bad = good, bad.low = "0 0", bad.high = "9";
  assert_dies(2, "--low and --high: low has 2 numbers", run(bad));
  bad = good, bad.low = "0", bad.high = "much";
  assert_dies(2, "--high: high = much is out of range", run(bad));
  bad = good, bad.low = "0", bad.high = "2";
  assert_dies(1,
              "v.tsv: value 2 of example 0 is 3, outside 0 to 2 "
              "(give an interval that contains the data)",
              run(bad));
}

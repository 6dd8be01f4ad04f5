/* Tests photo_study.c on a small network with random weights: its scores by
   plain loops, sensitivity by differences, relevance by what must sum up. */
#include "evaluate/photo_study.h"

#include "explain/network_input.h"
#include "files/png_file.h"
#include "network/test_graph.h"

enum { SIDE = 12, AREA = SIDE * SIDE, OUT = 5, MAPS = 4, CLASSES = 7 };

TEST_OWNS(photo_study)

static char *photos[3];

/* Three photos, the network, its settings and names. */
static void prepare(void) {
  test_folder_new();
  for (int n = 0; n < 3; n++) {
    uint8_t rgb[3 * 16 * 20];
    char name[32];
    for (int p = 0; p < 3 * 16 * 20; p++)
      rgb[p] = (uint8_t)(128 + 100 * sin(p * 0.013 * (n + 1) + p % 3));
    snprintf(name, sizeof name, "p%d.png", n);
    photos[n] = (char *)(uintptr_t)test_path(name);
    dtd_png_write(photos[n], rgb, 16, 20);
  }
  put_text("net.ini", "[input]\norder = bgr\nmean = 100 110 120\n"
                      "deviation = 50 60 70\nresize = 14\n[labels]\n"
                      "file = names.txt\n");
  put_text("names.txt", "a\nb\nc\nd\ne\nf\ng\n");
}

static const char *put_network(void) {
  return ONNX("opset 9", "input x N 3 12 12", "tensor w 4 3 3 3", "tensor b 4",
              "tensor v 7 4", "tensor c 7", "Conv x w b > a strides=2,2",
              "Relu a > r", "GlobalAveragePool r > g", "Flatten g > f",
              "Gemm f v c > z transB=1", "output z N 7");
}

static struct dtd_photo_study *study_of(int count) {
  return own_photo_study(dtd_photo_study_new(put_network(), photos, count, 9));
}

static float *input_of(const struct dtd_photo_study *study, int photo) {
  int count;
  return own_memory(
      dtd_network_input_read(&count, study->settings, photos[photo]));
}

/* z (CLASSES) by plain loops. */
static void plain_scores(double *z, const struct dtd_graph *graph,
                         const float *x) {
  const struct dtd_node *conv = &graph->node[node_called(graph, "a")];
  const struct dtd_node *gemm = &graph->node[node_called(graph, "z")];
  double mean[MAPS] = {0};
  for (int o = 0; o < MAPS; o++)
    for (int r = 0; r < OUT; r++)
      for (int c = 0; c < OUT; c++) {
        double sum = (double)conv->bias[o];
        for (int i = 0; i < 27; i++)
          sum +=
              (double)conv->values[27 * o + i] *
              (double)
                  x[i / 9 * AREA + (2 * r + i % 9 / 3) * SIDE + 2 * c + i % 3];
        mean[o] += fmax(sum, 0) / (OUT * OUT);
      }
  for (int class = 0; class < CLASSES; class ++) {
    z[class] = (double)gemm->bias[class];
    for (int o = 0; o < MAPS; o++)
      z[class] += (double)gemm->values[CLASSES * o + class] * mean[o];
  }
}

TEST(classes_are_those_of_plain_scores) {
  struct dtd_photo_study *study = study_of(3);
  assert_string_equal(study->network, "net");
  assert_int_equal(study->count, 3);
  for (int n = 0; n < 3; n++) {
    const struct dtd_explained_input *photo = &study->explained.input[n];
    double z[CLASSES], sum = 0;
    plain_scores(z, study->graph, input_of(study, n));
    assert_int_equal(photo->name[1], '0' + n);
    assert_true(fabs(photo->f - z[photo->likely[0]]) < 1e-5);
    for (int c = 0; c < CLASSES; c++) sum += exp(z[c]);
    for (int rank = 0; rank < DTD_LIKELIEST; rank++) {
      double own = z[photo->likely[rank]];
      int better = 0;
      for (int c = 0; c < CLASSES; c++) better += z[c] > own;
      assert_int_equal(better, rank);
      assert_true(fabs(photo->probability[rank] - exp(own) / sum) < 1e-5);
    }
  }
}

TEST(sensitivity_is_the_squared_slope_of_the_score) {
  struct dtd_photo_study *study = study_of(2);
  float *x = input_of(study, 1);
  int class = study->explained.input[1].likely[0];
  for (int p = 0; p < AREA; p += 11) {
    double wanted = 0, z[2][CLASSES];
    for (int c = 0; c < 3; c++) {
      float *at = x + c * AREA + p, kept = *at, step = 1e-3f;
      for (int up = 0; up < 2; up++) {
        *at = kept + (up ? step : -step);
        plain_scores(z[up], study->graph, x);
      }
      *at = kept;
      wanted += pow((z[1][class] - z[0][class]) / (2 * (double)step), 2);
    }
    double found = (double)study->sensitivity[AREA + p];
    assert_true(fabs(found - wanted) <= 1e-2 * wanted + 1e-7);
  }
}

TEST(relevance_and_what_biases_keep_sum_to_the_score) {
  struct dtd_photo_study *study = study_of(3);
  for (int n = 0; n < 3; n++) {
    double sum = 0, kept = 0, f = fmax(study->explained.input[n].f, 0);
    for (int p = 0; p < AREA; p++) {
      assert_true(study->relevance[n * AREA + p] >= 0);
      sum += (double)study->relevance[n * AREA + p];
    }
    const struct dtd_node_entry *entry =
        study->explained.ledger + (long)n * study->graph->nodes;
    for (int node = 0; node < study->graph->nodes; node++)
      kept += entry[node].kept;
    assert_true(f > 0 && kept > 0);
    assert_true(fabs(sum + kept - f) < 1e-5 * f);
    assert_true(fabs(study->explained.input[n].sum_r - sum) < 1e-5 * f);
  }
}

TEST(claims_are_made_of_what_was_explained) {
  struct dtd_photo_study *study = study_of(3);
  struct dtd_explained_photos e = dtd_photo_study_explained(study);
  assert_int_equal(e.stride, 2);
  assert_int_equal(e.kernel, 3);
  assert_true(fabs(e.part - 12.0 / 14) < 1e-12);
  assert_ptr_equal(e.deep_taylor, study->relevance);
  float *x = input_of(study, 2);
  for (int p = 0; p < AREA; p++) { /* bytes of blue, green and red */
    double gray = 0.114 * ((double)x[p] * 50 + 100) +
                  0.587 * ((double)x[AREA + p] * 60 + 110) +
                  0.299 * ((double)x[2 * AREA + p] * 70 + 120);
    assert_true(fabs((double)e.gray[2 * AREA + p] - gray) < 1e-3);
  }
}

TEST(a_digest_changes_with_the_photos) {
  struct dtd_photo_study *study[] = {study_of(3), study_of(2), study_of(3)};
  char digest[3][17];
  for (int n = 0; n < 3; n++) dtd_photo_study_digest(digest[n], study + n, 1);
  assert_string_equal(digest[0], digest[2]);
  assert_string_not_equal(digest[0], digest[1]);
  study[2]->graph->node[node_called(study[2]->graph, "z")].values[0] += 1;
  dtd_photo_study_digest(digest[2], study + 2, 1);
  assert_string_not_equal(digest[0], digest[2]);
}

TEST(two_photos_of_one_name_are_refused) {
  char *twice[] = {photos[0], photos[0]};
  assert_dies(2, "p0: is the name of two photos",
              dtd_photo_study_new(put_network(), twice, 2, 9));
}

TEST(networks_of_vectors_are_refused) {
  const char *const vectors[] = {"input x N 3", "tensor w 3 2",
                                 "MatMul x w > z", "output z N 2"};
  assert_dies(
      2, "vectors.onnx: reads vectors, not pictures (explain vectors",
      dtd_photo_study_new(put_onnx("vectors.onnx", 4, vectors), photos, 1, 9));
}

TEST_GROUP(prepare, test_folder_free)

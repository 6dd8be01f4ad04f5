/* Tests the reference solver where the answer is known by hand. */

#include "base/test.h"
#include "network/test_network.h"
#include "roots/nlopt_root.h"

TEST_OWNS(nlopt_workspace)

/* f = max(0, x_0 + 2 x_1): the nearest point where f is a tenth lies along (1,
   2). */
TEST(a_line_gives_its_projection) {
  struct dtd_layer_shape layer = LAYER(2, 1, 1);
  struct dtd_network *network = new_network(&layer, 1);
  struct dtd_nlopt_workspace *workspace =
      own_nlopt_workspace(dtd_nlopt_workspace_new(network));
  struct dtd_root_settings settings = dtd_root_defaults();
  const float x[] = {1, 1};
  float r[2], gradient[2];
  network->layer[0].w[0] = 1;
  network->layer[0].w[1] = 2;
  struct dtd_root root =
      dtd_nlopt_root(r, gradient, workspace, x, -0.5f, 1.5f, &settings);
  assert_true(root.f == 3 && root.certified);
  assert_true(fabs(root.distance - 2.7 / sqrt(5)) < 0.02);
  assert_true(fabs((double)r[0] - (1 - 2.7 / 5)) < 0.02);
  assert_true(gradient[0] == 1 && gradient[1] == 2);
  assert_true(root.evaluations > 1 && root.starts >= 1);
}

/* Tests report_names.c: names have their titles, unknown ones themselves. */
#include "base/test.h"
#include "runs/report_names.h"

#include "base/test_folder.h"
#include "evaluate/metric.h"

TEST_OWNS(table)

TEST_GROUP(test_folder_new, test_folder_free)

TEST(every_method_and_metric_has_a_title_without_underscores) {
  for (int n = 0; dtd_methods[n]; n++) {
    struct dtd_title title = dtd_subject_title(dtd_methods[n]->name);
    assert_true(*title.text && !strchr(title.text, '_'));
  }
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++)
    assert_true(*m->title && !strchr(m->title, '_'));
}

TEST(subjects_have_titles) {
  assert_string_equal(dtd_subject_title("sensitivity").text, "Sensitivity");
  assert_string_equal(dtd_subject_title("random").text, "Control: random");
  assert_string_equal(dtd_subject_title("minmax").text, "Min–max model");
  assert_string_equal(dtd_subject_title("network").text, "Network");
  assert_string_equal(dtd_subject_title("new-one").text, "New-one");
}

TEST(metrics_have_titles) {
  assert_string_equal(dtd_metric_title("network", "mse").text,
                      "Mean squared error");
  assert_string_equal(dtd_metric_title("taylor", "new_one").text, "New_one");
}

TEST(rules_are_written_as_in_the_paper) {
  assert_string_equal(dtd_rule_title("zB").text, "z^B");
  assert_string_equal(dtd_rule_title("z+").text, "z^+");
  assert_string_equal(dtd_rule_title("w^2").text, "w^2");
  assert_string_equal(dtd_rule_title("alpha-beta").text, "alpha-beta");
}

TEST(controls_come_last) {
  static const char text[] = "subject\nnetwork\nrandom\ntaylor\nminmax\n"
                             "random\nsensitivity\n";
  struct dtd_table *table =
      own_table(dtd_table_read(test_put("t.tsv", text, strlen(text))));
  struct dtd_reported all = dtd_reported_names(table, "subject");
  assert_int_equal(all.count, 5);
  assert_string_equal(all.name[4], "sensitivity");
  struct dtd_reported methods = dtd_reported_methods(table, "subject");
  assert_int_equal(methods.count, 3);
  assert_string_equal(methods.name[0], "taylor");
  assert_string_equal(methods.name[1], "sensitivity");
  assert_string_equal(methods.name[2], "random");
}

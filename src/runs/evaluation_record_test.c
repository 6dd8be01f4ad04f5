/* Tests evaluation_record.c: what an evaluation leaves is read back, and what
   is of another version or has been mixed up is refused. */
#include "base/test.h"
#include "runs/evaluation_record.h"

#include <sys/stat.h>

#include "runs/test_evaluated.h"

TEST(what_was_evaluated_comes_back) {
  struct dtd_settings settings = plain_settings("training.seed=9");
  const char *folder = put_evaluated("good", &settings, 0.5, 1);
  struct dtd_evaluation_record *e =
      own_evaluation_record(dtd_evaluation_record_read(folder));
  assert_string_equal(e->directory, folder);
  assert_int_equal(e->settings.seed, 9);
  char digest[17];
  dtd_config_digest(digest, &settings);
  assert_string_equal(e->digest, digest);
  assert_int_equal(strlen(e->data), 16);
  assert_int_equal(e->metrics->rows, 2);
  assert_true(dtd_evaluation_record_is(folder, digest));
  assert_false(dtd_evaluation_record_is(folder, "0123456789abcdef"));
  assert_false(dtd_evaluation_record_is(test_path("nowhere"), digest));
}

/* Where the digits lie does not matter, what they are does. */
TEST(the_data_are_known_by_what_they_hold) {
  char data[3][17];
  for (int n = 0; n < 3; n++) {
    struct dtd_settings settings =
        plain_settings(n ? "data.directory=elsewhere" : "data.directory=here");
    struct dtd_evaluation_record *e =
        own_evaluation_record(dtd_evaluation_record_read(
            put_evaluated("data", &settings, 1, n < 2 ? 1 : 2)));
    strcpy(data[n], e->data);
  }
  assert_string_equal(data[0], data[1]);
  assert_string_not_equal(data[0], data[2]);
}

TEST(other_versions_are_refused) {
  struct dtd_settings settings = plain_settings("training.seed=9");
  const char *folder = put_evaluated("old", &settings, 0.5, 1);
  size_t size;
  char *text = test_get(&size, test_path("old/evaluation.ini"));
  text[strlen("# format: ")] = '0';
  test_put("old/evaluation.ini", text, size);
  assert_dies(1, "old/evaluation.ini: is of format \"0\", not 1 (run",
              dtd_evaluation_record_read(folder));
  remove(test_path("old/evaluation.ini"));
  assert_dies(1, "old: has metrics.tsv but no evaluation.ini, so it is of an",
              dtd_evaluation_record_read(folder));
  remove(test_path("old/metrics.tsv"));
  assert_dies(1, "old: has not been evaluated",
              dtd_evaluation_record_read(folder));
}

TEST(tables_of_other_settings_are_refused) {
  struct dtd_settings settings = plain_settings("evaluation.pairs=300");
  const char *folder = put_evaluated("mixed-up", &settings, 0.5, 1);
  settings.evaluation.pairs = 301;
  struct dtd_digits digits = plain_digits(20, 1);
  dtd_evaluation_record_write(folder, &settings, &digits);
  assert_dies(1, "mixed-up/metrics.tsv: was measured with other settings than",
              dtd_evaluation_record_read(folder));
}

TEST_GROUP(test_folder_new, test_folder_free)

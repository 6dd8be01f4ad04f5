/* Tests class_names.c with a small file in the manner of ImageNet's. */
#include "base/test.h"
#include "explain/class_names.h"

#include "base/test_faults.h"

static const char text[] = "n01440764 tench, Tinca tinca\n"
                           "n02012849 crane\r\n"
                           "n03126707 crane\n"
                           "n02123045 tabby, tabby cat\n"
                           "n02124075 Egyptian cat\n"
                           "2 legs, n0 number\n";

static void release(void *names) {
  dtd_class_names_free(names);
}

static struct dtd_class_names *read_names(const char *content, int classes) {
  struct dtd_class_names *names = test_new(1, sizeof *names);
  *names = dtd_class_names_read(put_text("names.txt", content), classes);
  return test_owns(names, release);
}

TEST(wordnets_numbers_are_left_out) {
  struct dtd_class_names *names = read_names(text, 6);
  assert_string_equal(dtd_class_name(names, 0), "tench, Tinca tinca");
  assert_string_equal(dtd_class_name(names, 1), "crane");
  assert_string_equal(dtd_class_name(names, 5), "2 legs, n0 number");
}

TEST(a_class_is_found_by_number_word_or_part) {
  struct dtd_class_names *names = read_names(text, 6);
  assert_int_equal(dtd_class_find(names, "0"), 0);
  assert_int_equal(dtd_class_find(names, "5"), 5);
  assert_int_equal(dtd_class_find(names, "tench"), 0);
  assert_int_equal(dtd_class_find(names, "TINCA tinca"), 0);
  assert_int_equal(dtd_class_find(names, "tabby"), 3); /* a word, not a part */
  assert_int_equal(dtd_class_find(names, "tabby, tabby cat"), 3);
  assert_int_equal(dtd_class_find(names, "egypt"), 4);
  assert_int_equal(dtd_class_find(names, "2 legs"), 5);
}

TEST(what_is_not_found_or_not_clear_is_refused) {
  struct dtd_class_names *names = read_names(text, 6);
  assert_dies(2, "crane: may be 2 classes: 1 crane; 2 crane (give its number",
              dtd_class_find(names, "crane"));
  assert_dies(2, "cat: may be 2 classes: 3 tabby, tabby cat; 4 Egyptian cat (",
              dtd_class_find(names, "cat"));
  assert_dies(2, "dog: is no class of ", dtd_class_find(names, "dog"));
  assert_dies(2, ": is no class of ", dtd_class_find(names, ""));
  assert_dies(2, "6: is no class of 6 (classes are counted from 0)",
              dtd_class_find(names, "6"));
  assert_dies(2, "99999999999999999999: is no class",
              dtd_class_find(names, "99999999999999999999"));
  assert_dies(2, "a: may be ", dtd_class_find(names, "a"));
}

TEST(without_names_there_are_numbers) {
  struct dtd_class_names names = dtd_class_names_none(3);
  assert_int_equal(dtd_class_find(&names, "2"), 2);
  assert_string_equal(dtd_class_name(&names, 2), "");
  assert_dies(2, "the network's classes have no names",
              dtd_class_find(&names, "cat"));
}

static void read_and_free(void) {
  struct dtd_class_names names =
      dtd_class_names_read(test_path("names.txt"), 6);
  dtd_class_names_free(&names);
}

TEST(a_file_names_every_class) {
  read_names("a\nb\n", 2);
  read_names("a\nb", 2);
  read_names("a\nb\n\n", 2);
  assert_dies(1, "names.txt: names 2 classes, but the network has 3 outputs",
              read_names("a\nb\n", 3));
  assert_dies(1, "names 3 classes, but the network has 2 outputs",
              read_names("a\nb\nc\n", 2));
  assert_dies(1, "names 0 classes", read_names("", 2));
  put_text("names.txt", text);
  assert_survives_short_memory(read_and_free);
}

TEST_GROUP(test_folder_new, test_folder_free)

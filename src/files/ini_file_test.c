/* Tests ini_file.c: the settings of a text, and texts that are not INI. */
#include "base/test.h"
#include "files/ini_file.h"

#include "base/test_folder.h"

/* Appends each setting as "where section|key|value;". */
static void write_down(void *self, const char *section, const char *key,
                       const char *value, const char *where) {
  char *log = self;
  size_t length = strlen(log);
  snprintf(log + length, 512 - length, "%s %s|%s|%s;", where, section, key,
           value);
}

TEST(settings_are_told_in_their_order) {
  char log[512] = "";
  dtd_ini_parse("\xef\xbb\xbf# a comment\r\nfirst = 1\n[a b] ; words\n"
                "  x.y = 2 3 ; behind\n; = 4\n\n[c]\nz : \n[a b]\nx.y=",
                "t", write_down, log);
  assert_string_equal(log,
                      "t:2 |first|1;t:4 a b|x.y|2 3;t:8 c|z|;t:10 a b|x.y|;");
}

TEST(a_garbled_text_is_refused_before_anything_is_told) {
  char log[512] = "";
  assert_dies(1, "t:3: the line makes no sense (write [section]",
              dtd_ini_parse("[a]\nb = 1\nhello\n", "t", write_down, log));
  assert_dies(1, "t:1: something follows [section]",
              dtd_ini_parse("[a] b = 1\n", "t", write_down, log));
  assert_dies(1, "t:2: holds a control character",
              dtd_ini_parse("[a]\nb = \x02\n", "t", write_down, log));
  assert_dies(1, "t: holds no settings",
              dtd_ini_parse("[a]\n# b\n", "t", write_down, log));
}

/* inih itself would cut it and join two sections to one. */
TEST(a_section_too_long_is_refused) {
  char log[512] = "", text[128];
  snprintf(text, sizeof text, "[%047d]\na = 1\n", 7);
  dtd_ini_parse(text, "t", write_down, log);
  assert_non_null(strstr(log, "00007|a|1;"));
  snprintf(text, sizeof text, "[%048d]\na = 1\n", 7);
  assert_dies(2, "t:1: there is no section [000",
              dtd_ini_parse(text, "t", write_down, log));
}

TEST(only_a_readable_text_is_taken) {
  char *text = own_memory(dtd_ini_text(test_put("good", "[a]\nb = 1\n", 10)));
  assert_string_equal(text, "[a]\nb = 1\n");
  assert_dies(1, "absent: cannot be read: No such file",
              dtd_ini_text(test_path("absent")));
  assert_dies(1, "cannot be read: Is a directory", dtd_ini_text(test_folder));
  assert_dies(1, "zero: holds a zero byte",
              dtd_ini_text(test_put("zero", "a\0b", 3)));
}

TEST(blanks_are_cut_off_both_ends) {
  char text[] = "\t  a b \t", blank[] = "  ";
  assert_string_equal(dtd_ini_trim(text), "a b");
  assert_string_equal(dtd_ini_trim(blank), "");
}

TEST(paths_start_from_the_files_folder) {
  static const char *const cases[][3] = {{"a/b.ini", "c.ini", "a/c.ini"},
                                         {"b.ini", "c/d.ini", "c/d.ini"},
                                         {"/a/b.ini", "../c", "/a/../c"},
                                         {"a/b.ini", "/c.ini", "/c.ini"}};
  for (int n = 0; n < 4; n++) {
    char *path = own_memory(dtd_ini_path(cases[n][0], cases[n][1]));
    assert_string_equal(path, cases[n][2]);
  }
}

TEST_GROUP(test_folder_new, test_folder_free)

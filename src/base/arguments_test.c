/* Tests arguments.c: options arrive, help is given, mistakes end in one line.
 */
#include "base/test.h"
#include "base/arguments.h"

#include "base/assert_dies.h"
#include "base/version.h"

enum { MOST = 8 };

struct got {
  const char *out, *words[MOST];
  int resume, count, ended;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct got *got = state->input;
  switch (key) {
  case 'o':
    got->out = value;
    return 0;
  case 'r':
    got->resume++;
    return 0;
  case ARGP_KEY_ARG:
    assert_in_range(got->count, 0, MOST - 1);
    got->words[got->count++] = value;
    return 0;
  case ARGP_KEY_END:
    got->ended++;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "Where results go", 0},
    {"resume", 'r', NULL, 0, "Go on", 0},
    {0}};
static const struct argp parser = {options,
                                   parse,
                                   "CONFIG.ini [section.key=value ...]",
                                   "Does a thing.\vAnd says more.",
                                   NULL,
                                   NULL,
                                   NULL};

/* Parses a program's name and up to four words. */
static struct got parsed(const char *a, const char *b, const char *c,
                         const char *d) {
  char *words[] = {(char *)"build/bin/thing",
                   (char *)a,
                   (char *)b,
                   (char *)c,
                   (char *)d,
                   NULL};
  struct got got = {0};
  int count = 1;
  while (words[count]) count++;
  dtd_arguments_parse(&parser, count, words, &got);
  return got;
}

TEST(words_and_options_arrive_in_any_order) {
  const struct got all[] = {parsed("a.ini", "x.y=-1", "--out=z", "--resume"),
                            parsed("-r", "-oz", "a.ini", "x.y=-1"),
                            parsed("a.ini", "-ro", "z", "x.y=-1"),
                            parsed("a.ini", "--res", "x.y=-1", "--ou=z")};
  for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
    assert_string_equal(all[n].out, "z");
    assert_int_equal(all[n].resume, 1);
    assert_int_equal(all[n].count, 2);
    assert_string_equal(all[n].words[0], "a.ini");
    assert_string_equal(all[n].words[1], "x.y=-1");
    assert_int_equal(all[n].ended, 1);
  }
  struct got none = parsed(NULL, NULL, NULL, NULL);
  assert_int_equal(none.count, 0);
  assert_int_equal(none.ended, 1);
  struct got after = parsed("--", "--resume", NULL, NULL);
  assert_string_equal(after.words[0], "--resume");
  assert_int_equal(after.resume, 0);
}

TEST(a_mistake_names_the_word) {
  assert_dies(2, "thing: --bogus: no such option",
              { parsed("a.ini", "--bogus", "--resume", NULL); });
  assert_dies(2, "thing: -x: no such option",
              { parsed("--resume", "-x", "a.ini", NULL); });
  assert_dies(2, "thing: -rxr: no such option",
              { parsed("a.ini", "-rxr", NULL, NULL); });
  assert_dies(2, "thing: --out: ", { parsed("a.ini", "--out", NULL, NULL); });
  assert_dies(2, "thing: -o: ", { parsed("a.ini", "-o", NULL, NULL); });
  assert_dies(
      2, "thing: --resume=3: ", { parsed("a.ini", "--resume=3", NULL, NULL); });
  assert_dies(2, "(see --help)", { parsed("--bogus", NULL, NULL, NULL); });
}

TEST(a_number_is_whole_and_in_its_range) {
  assert_int_equal(dtd_argument_number("1", "--pairs", 1, 50), 1);
  assert_int_equal(dtd_argument_number("50", "--pairs", 1, 50), 50);
  const char *const wrong[] = {
      "", "0", "51", "-3", "7.5", "7x", "4294967297", "99999999999999999999"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_dies(2, "is not such a number (give a number from 1 to 50)",
                dtd_argument_number(wrong[i], "--pairs", 1, 50));
  assert_dies(2, "--pairs: 0", dtd_argument_number("0", "--pairs", 1, 50));
}

/* What it prints on standard output, where it ends with 0. */
static char *printed(const char *option) {
  FILE *log = tmpfile();
  assert_non_null(log);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    if (__lsan_disable) __lsan_disable();
    dup2(fileno(log), STDOUT_FILENO);
    parsed(option, NULL, NULL, NULL);
    _exit(99);
  }
  int end;
  waitpid(child, &end, 0);
  assert_int_equal(end, 0);
  char *text = test_new(1 << 14, 1);
  rewind(log);
  assert_true(fread(text, 1, (1 << 14) - 1, log) > 0);
  fclose(log);
  return text;
}

TEST(help_tells_of_every_option) {
  static const char *const wanted[] = {
      "Usage: thing [OPTION...] CONFIG.ini [section.key=value ...]\nDoes a ",
      "-o, --out=DIR",
      "Where results go",
      "-r, --resume",
      "-?, --help",
      "--usage",
      "\nAnd says more.\n"};
  for (int form = 0; form < 2; form++) {
    char *text = printed(form ? "--help" : "-?");
    for (size_t n = 0; n < sizeof wanted / sizeof *wanted; n++)
      if (!strstr(text, wanted[n]))
        fail_msg("\"%s\" is not in \"%s\"", wanted[n], text);
  }
}

TEST(version_and_revision_are_one_line) {
  char wanted[128];
  snprintf(wanted, sizeof wanted, "thing %s (%s)\n", DTD_VERSION,
           dtd_source_revision());
  for (int form = 0; form < 2; form++) {
    char *text = printed(form ? "--version" : "-V");
    assert_string_equal(text, wanted);
  }
}

TEST(usage_is_short) {
  char *text = printed("--usage");
  assert_ptr_equal(strstr(text, "Usage: thing [-r"), text);
  assert_non_null(strstr(text, "[--out=DIR]"));
  assert_non_null(strstr(text, "CONFIG.ini"));
  assert_null(strstr(text, "Does a thing"));
}

/* ---- what most programs take ---- */

static const char *first, *second;
static struct dtd_texts many;
static int number;
static bool given;

/* Reads up to three words and options behind the program's name. */
static struct dtd_texts read_three(const char *a, const char *b,
                                   const char *c) {
  static const struct argp about = {.doc = "Does a thing."};
  static const struct dtd_option all[] = {
      {"first", 'a', "A", "One", .text = &first, .as = "--first",
       .missing = "is missing", .to_do = "see there"},
      {"second", 'b', "B", "Two", .text = &second},
      {"many", 'm', "C", "Three", .texts = &many},
      {"number", 'n', "N", "Four", .number = &number, .least = 1, .most = 9},
      {"given", 'g', NULL, "Five", .given = &given},
      {0}};
  static const struct dtd_words words = {
      "WORD", "no word is given", "give one", 2, "is too much", "give two"};
  char *line[] = {(char *)"thing", (char *)a, (char *)b, (char *)c, NULL};
  int count = 1;
  while (line[count]) count++;
  first = second = NULL;
  return dtd_arguments_read(&about, all, &words, count, line);
}

TEST(texts_are_kept_by_key) {
  struct dtd_texts words = read_three("-a1", "--second=2", "word");
  own_memory(words.text);
  assert_string_equal(first, "1");
  assert_string_equal(second, "2");
  assert_int_equal(words.count, 1);
  assert_string_equal(words.text[0], "word");
  own_memory(read_three("-a1", "word", NULL).text);
  assert_null(second);
}

TEST(options_may_be_repeated_counted_or_given) {
  own_memory(read_three("-a1", "-gn7", "word").text);
  assert_true(given && number == 7);
  own_memory(read_three("-a1", "-mx", "word").text);
  own_memory(read_three("-a1", "word", "-my").text);
  own_memory(many.text);
  assert_int_equal(many.count, 2);
  assert_string_equal(many.text[0], "x");
  assert_string_equal(many.text[1], "y");
  assert_dies(2, "--number: 0 is not", read_three("-n0", NULL, NULL));
}

TEST(what_is_missing_or_too_much_is_named) {
  assert_dies(2, "thing: WORD: no word is given (give one)\n",
              read_three("-a1", NULL, NULL));
  assert_dies(2, "thing: --first: is missing (see there)\n",
              read_three("word", NULL, NULL));
  assert_dies(2, "thing: c: is too much (give two)\n",
              read_three("a", "b", "c"));
}

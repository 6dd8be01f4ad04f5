/* Holds the registry of explanation methods to what its header says. */
#include "explain/explainer.h"

#include "base/assert_dies.h"
#include "base/test.h"

TEST(names_are_found_or_listed) {
  const char *papers[] = {"sensitivity", "taylor", "deep-taylor-minmax",
                          "deep-taylor-free"};
  for (int m = 0; dtd_methods[m]; m++) {
    const struct dtd_method *method = dtd_methods[m];
    assert_ptr_equal(dtd_method_find(method->name), method);
    assert_true(*method->title && *method->description && *method->source);
    size_t length = method->meaning ? strlen(method->meaning) : 0;
    assert_true(!length || method->meaning[length - 1] == '.');
  }
  for (int m = 0; m < 4; m++)
    assert_string_equal(dtd_method_find(papers[m])->name, papers[m]);
  assert_dies(2, "deep-taylor: there is no such explanation method",
              dtd_method_find("deep-taylor"));
}

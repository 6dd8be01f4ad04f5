/* Tests the page of section 6.2: photo_summary.c and sections/photos.c. */
#include "base/test.h"
#include "runs/photo_summary.h"

#include <fcntl.h>

#include "runs/test_page.h"
#include "runs/test_report_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* Two networks, the second without names of its classes, and two photos. */
static void put_photo_folder(bool claims) {
  put("networks.tsv",
      "# command: photos <x>\nnetwork\trows\tcolumns\tstride\tkernel\tpart\t"
      "parameters\toperations\tsettings\n"
      "fine\t224\t224\t2\t7\t0.875\t6998552\t3.2e9\tfine.ini\n"
      "own\t28\t56\t0\t0\t1\t628400\t1.2e6\town.ini\n");
  put("photos.tsv",
      "network\tphoto\tclass\tlabel\tprobability\tf\tsum_r\tkept\t"
      "full_sensitivity\tfull_relevance\n"
      "fine\tcat\t285\tEgyptian cat, tabby\t0.47\t20\t19\t1\t1\t1\n"
      "fine\tdog\t235\tdog\t0.9\t10\t9\t1\t1\t1\n"
      "own\tcat\t0\tNA\t1\t-3\t0\t0\t1\t1\n"
      "own\tdog\t0\tNA\t1\t98\t98\t0\t1\t1\n");
  put("classes.tsv", "network\tphoto\trank\tclass\tlabel\tprobability\n"
                     "fine\tcat\t1\t285\tEgyptian cat, tabby\t0.4726\n"
                     "fine\tcat\t2\t287\t<lynx>\t0.2\n"
                     "fine\tdog\t1\t235\tdog\t0.9\n"
                     "own\tcat\t1\t7\tNA\t1\nown\tdog\t1\t7\tNA\t1\n");
  put("nodes.tsv", "network\tphoto\tstep\tnode\tkind\tweighted\tentered\tkept"
                   "\tlost\nfine\tcat\t1\tz\tGemm\tyes\t20\t2\t0\n");
  put("zoom.tsv", "photo\ttop\tleft\theight\twidth\ncat\t0\t0\t0.2\t0.2\n");
  unlink(test_path("photo-claims.tsv"));
  if (claims)
    put("photo-claims.tsv",
        "claim\tstatement\tnetwork\tbeside\tsentence\treading\tvalue\tlow\t"
        "high\tn\tside\tthreshold\tverdict\n"
        "networks-alike\tthe two are alike\tfine\tcoarse\tnetworks-alike\tNA\t"
        "0.8\t0.75\t0.85\t10\tat least\t0.7071\tholds\n"
        "stride-shown\tit repeats\tfine\tNA\tstride-shown\tNA\t-1\t-2\t-0.5\t"
        "10\tat most\t0\tdoes not hold\n"
        "stride-shown\tit repeats\town\tNA\tstride-shown\tNA\tNA\tNA\tNA\t10\t"
        "at most\t0\tundecided\n");
  mkdir(test_path("figures"), 0777);
  put("figures/figure7.svg", EMPTY_DRAWING);
  put("figures/figure8.svg", EMPTY_DRAWING);
  put("figures/nodes.svg", EMPTY_DRAWING);
  unlink(test_path("ilsvrc.html"));
}

static char *page(bool claims) {
  put_photo_folder(claims);
  assert_true(write_report());
  return test_get(NULL, test_path("ilsvrc.html"));
}

#define assert_says(text, words)                                               \
  if (!strstr(text, words)) fail_msg("no \"%s\" in %s", words, text)

TEST(a_folder_of_photos_has_a_page_of_its_own) {
  char *text = page(true);
  assert_page_is_sound(text);
  for (int n = 0; dtd_photo_sections[n]; n++) {
    char heading[256];
    snprintf(heading, sizeof heading, "<h2 id=\"%s\">",
             dtd_photo_sections[n]->id);
    assert_says(text, heading);
  }
  assert_false(write_report()); /* it is up to date */
}

TEST(findings_are_those_of_the_tables) {
  char *text = page(true);
  assert_says(text, "Shown: 2 images, explained by 2 networks.");
  assert_says(text, "Of 3 claims");
  assert_says(text, "1 hold, 1 do not, and 1 are undecided");
  assert_says(text, "fine: 90.0\u00a0% to 95.0\u00a0% of the score");
  assert_says(text, "own: 100.0\u00a0% to 100.0\u00a0% of the score");
}

TEST(claims_stand_below_their_sentences) {
  char *text = page(true);
  assert_says(text, "<span>“decompositions for CaffeNet and GoogleNet");
  assert_says(text, "The two are alike <small>fine beside coarse</small>");
  assert_says(text, "≥\u00a00.7071</td>");
  assert_says(text, "It repeats <small>fine</small>");
  assert_says(text, "✗ <strong>does not hold</strong>");
}

TEST(without_claims_the_page_says_so) {
  char *text = page(false);
  assert_page_is_sound(text);
  assert_says(text, "statements are not judged here");
  assert_null(strstr(text, "id=\"claims\""));
}

TEST(classes_have_a_name_or_a_number) {
  char *text = page(true);
  assert_says(text, "<td>Egyptian cat 47.3\u00a0%<br>\n&lt;lynx&gt; 20.0");
  assert_says(text, "<td>class 7 100.0\u00a0%<br>");
}

TEST(a_score_that_is_not_positive_has_no_shares) {
  char *text = page(true);
  assert_says(text, "−3</td>\n<td class=\"number\">–</td><td class=\"number\">–"
                    "</td><td class=\"number\">–</td>");
}

TEST(figures_must_be_drawn) {
  put_photo_folder(true);
  unlink(test_path("figures/figure8.svg"));
  assert_dies(1, "figures/figure8.svg: ", write_report());
  put_photo_folder(true);
  unlink(test_path("networks.tsv"));
  assert_dies(1, "networks.tsv: missing (run build/bin/photos", write_report());
}

TEST(a_terminal_has_a_line_for_each) {
  char text[2048] = "";
  put_photo_folder(true);
  struct dtd_report_folder *folder = dtd_report_folder_open(test_folder);
  FILE *stream = fmemopen(text, sizeof text, "w");
  dtd_photo_print(stream, folder);
  fclose(stream);
  dtd_report_folder_free(folder);
  assert_says(text, "fine, cat: f = 20 for Egyptian cat, 95.0\u00a0% of it at "
                    "the pixels\n");
  assert_says(text, "own, cat: f = −3\n");
  assert_says(text, "own, dog: f = 98, 100.0\u00a0% of it at the pixels\n");
}

/* In how many runs each of the paper's claims and sentences holds. */
#include "runs/compared_verdicts.h"

#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/text.h"
#include "files/table_reader.h"

enum { MOST = 4096 }; /* settings times sentences and claims */

/* ---- counting ---- */

/* The entry of a claim, or of a sentence where `claim` is ""; a new one at the
   end when it has none. */
static struct dtd_counted_verdict *entry_of(struct dtd_compared_verdicts *v,
                                            int settings, const char *sentence,
                                            const char *claim,
                                            const char *said) {
  for (int n = 0; n < v->count; n++) {
    struct dtd_counted_verdict *own = &v->verdict[n];
    if (own->settings == settings && !strcmp(own->sentence, sentence) &&
        !strcmp(own->claim, claim))
      return own;
  }
  if (v->count == MOST)
    dtd_die(DTD_USAGE, sentence, "compare fewer settings at a time",
            "more than %d verdicts", MOST);
  v->verdict[v->count] =
      (struct dtd_counted_verdict){.settings = settings,
                                   .sentence = dtd_printed("%s", sentence),
                                   .claim = dtd_printed("%s", claim),
                                   .said = dtd_printed("%s", said)};
  return &v->verdict[v->count++];
}

static void count(struct dtd_counted_verdict *own, const char *verdict) {
  own->runs++;
  own->hold += !strcmp(verdict, "holds");
  own->in_part += !strcmp(verdict, "holds in part");
  own->fail += !strcmp(verdict, "does not hold");
}

/* The claims of one sentence. */
static void count_claims(struct dtd_compared_verdicts *v, int settings,
                         const char *sentence, const struct dtd_table *claims) {
  for (int row = -1; (row = dtd_table_find(claims, row + 1, "sentence",
                                           sentence, NULL)) >= 0;) {
    bool read = dtd_table_has(claims, row, "reading");
    char *said = dtd_printed(
        "%s%s%s%s", dtd_table_text(claims, row, "statement"), read ? " (" : "",
        read ? dtd_table_text(claims, row, "reading") : "", read ? ")" : "");
    count(entry_of(v, settings, sentence, dtd_table_text(claims, row, "claim"),
                   said),
          dtd_table_text(claims, row, "verdict"));
    dtd_free(said);
  }
}

static void count_run(struct dtd_compared_verdicts *v,
                      const struct dtd_compared_run *run) {
  const char *directory = run->evaluated->directory;
  char *sentences_path = dtd_printed("%s/sentences.tsv", directory);
  char *claims_path = dtd_printed("%s/claims.tsv", directory);
  if (access(sentences_path, R_OK) || access(claims_path, R_OK)) {
    dtd_warn(directory, "evaluate it again",
             "judges no sentences and is left out of compare-claims.tsv");
  } else {
    struct dtd_table *sentences = dtd_table_read(sentences_path);
    struct dtd_table *claims = dtd_table_read(claims_path);
    for (int row = 0; row < sentences->rows; row++) {
      const char *name = dtd_table_text(sentences, row, "sentence");
      count(entry_of(v, run->settings, name, "",
                     dtd_table_text(sentences, row, "quote")),
            dtd_table_text(sentences, row, "verdict"));
      count_claims(v, run->settings, name, claims);
    }
    dtd_table_free(sentences);
    dtd_table_free(claims);
  }
  dtd_free(sentences_path);
  dtd_free(claims_path);
}

struct dtd_compared_verdicts *
dtd_compared_verdicts_new(const struct dtd_compared_runs *runs) {
  struct dtd_compared_verdicts *v = dtd_new(1, sizeof *v);
  v->verdict = dtd_new(MOST, sizeof *v->verdict);
  for (int settings = 0; settings < runs->settings; settings++)
    for (int n = 0; n < runs->count; n++)
      if (runs->run[n].settings == settings) count_run(v, &runs->run[n]);
  return v;
}

void dtd_compared_verdicts_free(struct dtd_compared_verdicts *verdicts) {
  if (!verdicts) return;
  for (int n = 0; n < verdicts->count; n++) {
    dtd_free(verdicts->verdict[n].sentence);
    dtd_free(verdicts->verdict[n].claim);
    dtd_free(verdicts->verdict[n].said);
  }
  dtd_free(verdicts->verdict);
  dtd_free(verdicts);
}

/* ---- showing ---- */

static int undecided(const struct dtd_counted_verdict *own) {
  return own->runs - own->hold - own->in_part - own->fail;
}

void dtd_compared_verdicts_write(const char *directory,
                                 const struct dtd_compared_verdicts *verdicts,
                                 const struct dtd_compared_runs *runs,
                                 const struct dtd_provenance *from) {
  char *path = dtd_printed("%s/compare-claims.tsv", directory);
  FILE *table = dtd_table_open(
      path, from,
      "variant sentence claim said runs holds in_part fails undecided");
  for (int n = 0; n < verdicts->count; n++) {
    const struct dtd_counted_verdict *own = &verdicts->verdict[n];
    dtd_table_row(table, "%s %s %s %s %d %d %d %d %d",
                  runs->name[own->settings], own->sentence,
                  *own->claim ? own->claim : "NA", own->said, own->runs,
                  own->hold, own->in_part, own->fail, undecided(own));
  }
  dtd_table_close(table);
  dtd_free(path);
}

void dtd_compared_verdicts_print(FILE *output,
                                 const struct dtd_compared_verdicts *verdicts,
                                 const struct dtd_compared_runs *runs) {
  int settings = -1;
  for (int n = 0; n < verdicts->count; n++) {
    const struct dtd_counted_verdict *own = &verdicts->verdict[n];
    if (*own->claim) continue;
    if (own->settings != settings)
      fprintf(
          output, "\n%s: runs in which the paper's sentence\n%7s %7s %7s %9s\n",
          runs->name[own->settings], "holds", "in part", "fails", "undecided");
    settings = own->settings;
    fprintf(output, "%7d %7d %7d %9d  %.64s%s\n", own->hold, own->in_part,
            own->fail, undecided(own), own->said,
            strlen(own->said) > 64 ? " ..." : "");
  }
}

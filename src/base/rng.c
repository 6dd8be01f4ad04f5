/* Counter-based random streams: draw n of a stream never depends on other
   draws. */
#include "base/rng.h"

#include "base/elementary.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

uint64_t dtd_hash_bytes(const void *bytes, size_t count) {
  const unsigned char *byte = bytes;
  uint64_t h = 0xcbf29ce484222325u;
  for (size_t n = 0; n < count; n++) h = (h ^ byte[n]) * 0x100000001b3u;
  return h;
}

uint64_t dtd_hash(const char *text) {
  return dtd_hash_bytes(text, strlen(text));
}

struct dtd_rng dtd_rng_open(uint64_t seed, const char *stream, uint64_t index) {
  return (struct dtd_rng){.key = {seed, dtd_hash(stream)}, .index = index};
}

static void next_block(struct dtd_rng *rng) {
  philox4x64_key_t key = {{rng->key[0], rng->key[1]}};
  philox4x64_ctr_t counter = {{rng->index, rng->block++, 0, 0}};
  philox4x64_ctr_t block = philox4x64(counter, key);
  for (int i = 0; i < 4; i++) rng->word[i] = block.v[i];
  rng->left = 4;
}

uint64_t dtd_rng_bits(struct dtd_rng *rng) {
  if (!rng->left) next_block(rng);
  return rng->word[4 - rng->left--];
}

uint32_t dtd_rng_below(struct dtd_rng *rng, uint32_t n) {
  uint32_t excess = (uint32_t)-n % n; /* 2^32 mod n values would be biased */
  for (;;) {
    uint64_t product = (dtd_rng_bits(rng) >> 32) * n;
    if ((uint32_t)product >= excess) return (uint32_t)(product >> 32);
  }
}

double dtd_rng_uniform(struct dtd_rng *rng) {
  return (double)(dtd_rng_bits(rng) >> 11) * 0x1p-53;
}

double dtd_rng_normal(struct dtd_rng *rng) {
  double radius = sqrt(-2 * dtd_log(1 - dtd_rng_uniform(rng)));
  return radius * dtd_cos(2 * M_PI * dtd_rng_uniform(rng));
}

/* Counter-based random streams: draw n of a stream never depends on other
   draws.

   A stream is named by a seed, a string and an index, and is a window on
   Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2,
   3"), from the Random123 library: key = (seed, hash of the name), counter =
   (index, block). A stream that is opened again has the same numbers, in any
   order and on any number of threads. */
#ifndef DTD_RNG_H
#define DTD_RNG_H

#include <stddef.h>
#include <stdint.h>

/* A position in one stream. Plain data: a copy goes on by itself, and nothing
   is to be released. */
struct dtd_rng {
  uint64_t key[2];
  uint64_t index;
  uint64_t block;   /* the next block of four words */
  uint64_t word[4]; /* the current block */
  int left;         /* words of it not yet used */
};

struct dtd_rng dtd_rng_open(uint64_t seed, const char *stream, uint64_t index);

/* The 64-bit FNV-1a hash of a text, which keys its stream, and of bytes. */
uint64_t dtd_hash(const char *text);
uint64_t dtd_hash_bytes(const void *bytes, size_t count);

/* 64 uniform bits. */
uint64_t dtd_rng_bits(struct dtd_rng *rng);

/* Uniform on 0 .. n - 1 without bias, n >= 1 (Lemire 2019). */
uint32_t dtd_rng_below(struct dtd_rng *rng, uint32_t n);

/* Uniform on [0, 1), a multiple of 2^-53. */
double dtd_rng_uniform(struct dtd_rng *rng);

/* Standard normal (Box and Muller 1958, the cosine branch). */
double dtd_rng_normal(struct dtd_rng *rng);

#endif

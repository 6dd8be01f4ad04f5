/* The kernel of spots, for one kind of processor.

   picture_spots.c has it compiled by vector_kernel.h. */

/* mask[q] of STRIP places, channels `step` apart. */
#if LANES >= 8
TARGET static void NAME(find_strip)(uint64_t *mask, const float *x, long step,
                                    int channels) {
  uint8_t bits[DTD_BAND] __attribute__((aligned(32))) = {0};
  for (int i = 0; i < channels; i++, x += step)
    bits[i] = (uint8_t)_mm256_movemask_ps(
        _mm256_cmp_ps(_mm256_loadu_ps(x), _mm256_setzero_ps(), _CMP_NEQ_UQ));
  __m256i low = _mm256_load_si256((const __m256i *)bits);
  __m256i high = _mm256_load_si256((const __m256i *)bits + 1);
  for (int q = STRIP - 1; q >= 0; q--) { /* the bit of place q comes on top */
    mask[q] = (uint32_t)_mm256_movemask_epi8(low) |
              (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    low = _mm256_add_epi8(low, low);
    high = _mm256_add_epi8(high, high);
  }
}
#else
TARGET static void NAME(find_strip)(uint64_t *mask, const float *x, long step,
                                    int channels) {
  memset(mask, 0, STRIP * sizeof *mask);
  for (int i = 0; i < channels; i++, x += step)
    for (int q = 0; q < STRIP; q++) mask[q] |= (uint64_t)(x[q] != 0) << i;
}
#endif

/* How many bits are set. */
TARGET static long NAME(count)(const uint64_t *mask, int places) {
  long count = 0;
  for (int q = 0; q < places; q++) count += __builtin_popcountll(mask[q]);
  return count;
}

static const struct kernels NAME(kernels) = {NAME(find_strip), NAME(count)};

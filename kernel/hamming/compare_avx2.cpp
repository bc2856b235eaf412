// The loops for processors with AVX2 and POPCNT (nearly every x86-64 server since 2013).
#include "hamming/compare.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AMPARO_AVX2 __attribute__((target("avx2,popcnt")))

namespace amparo::hamming {
namespace {

// Bits set in each of four words: a table of 16 answers looked up for every half byte at once, and the bytes of each
// word added up (Muła, Kurz, Lemire, "Faster Population Counts Using AVX2 Instructions", 2018).
AMPARO_AVX2 inline __m256i ones_of_4(__m256i words) {
  const __m256i answers = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0F);
  const __m256i of_low = _mm256_shuffle_epi8(answers, _mm256_and_si256(words, low));
  const __m256i of_high = _mm256_shuffle_epi8(answers, _mm256_and_si256(_mm256_srli_epi16(words, 4), low));
  return _mm256_sad_epu8(_mm256_add_epi8(of_low, of_high), _mm256_setzero_si256());
}

AMPARO_AVX2 inline unsigned ones_of_1(std::uint64_t word) { return static_cast<unsigned>(_mm_popcnt_u64(word)); }

AMPARO_AVX2 inline __m256i differing_in_4(const std::uint64_t* column, __m256i query) {
  return ones_of_4(_mm256_xor_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(column)), query));
}

}  // namespace

AMPARO_AVX2 std::size_t compare_columns_avx2(Columns columns, std::size_t size, const Hash256& query,
                                             unsigned distance, Hit* found) {
  const __m256i first = _mm256_set1_epi64x(static_cast<long long>(query.word[0]));
  const __m256i second = _mm256_set1_epi64x(static_cast<long long>(query.word[1]));
  const __m256i limit = _mm256_set1_epi64x(distance);
  std::size_t hits = 0, row = 0;
  for (; row + 4 <= size; row += 4) {
    const __m256i differing = _mm256_add_epi64(differing_in_4(columns.word[0] + row, first),
                                               differing_in_4(columns.word[1] + row, second));
    const __m256i is_over = _mm256_cmpgt_epi64(differing, limit);
    if (_mm256_movemask_epi8(is_over) == -1) continue;
    const std::size_t more = compare_columns(columns.from(row), 4, query, distance, found + hits);
    for (std::size_t n = hits; n < hits + more; ++n) found[n].row += static_cast<std::uint32_t>(row);
    hits += more;
  }
  const std::size_t more = compare_columns(columns.from(row), size - row, query, distance, found + hits);
  for (std::size_t n = hits; n < hits + more; ++n) found[n].row += static_cast<std::uint32_t>(row);
  return hits + more;
}

AMPARO_AVX2 std::size_t compare_rows_avx2(const std::uint64_t* rows, const std::uint32_t* numbers, std::size_t size,
                                          const Hash256& query, unsigned distance, Hit* found) {
  std::size_t hits = 0;
  for (std::size_t n = 0; n < size; ++n) {
    const std::uint64_t* row = rows + WORDS * static_cast<std::size_t>(numbers[n]);
    unsigned differing = ones_of_1(row[0] ^ query.word[0]) + ones_of_1(row[1] ^ query.word[1]);
    if (differing > distance) continue;
    differing += ones_of_1(row[2] ^ query.word[2]) + ones_of_1(row[3] ^ query.word[3]);
    if (differing <= distance) found[hits++] = {numbers[n], static_cast<std::uint16_t>(differing)};
  }
  return hits;
}

}  // namespace amparo::hamming
#endif

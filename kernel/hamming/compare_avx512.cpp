// The loops for processors with AVX-512 VPOPCNTDQ, which counts the bits of eight words in one instruction.
#include "hamming/compare.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AMPARO_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq")))

namespace amparo::hamming {
namespace {

// For eight hashes: in how many bits their first two words differ from the query's.
AMPARO_AVX512 inline __m512i differing_in_8(const Columns& columns, std::size_t row, __m512i first, __m512i second) {
  const __m512i a = _mm512_xor_si512(first, _mm512_loadu_si512(columns.word[0] + row));
  const __m512i b = _mm512_xor_si512(second, _mm512_loadu_si512(columns.word[1] + row));
  return _mm512_add_epi64(_mm512_popcnt_epi64(a), _mm512_popcnt_epi64(b));
}

// In how many bits two words of a row differ from the query's.
AMPARO_AVX512 inline unsigned differing_in_2(const std::uint64_t* row, __m128i query) {
  const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
  const __m128i ones = _mm_popcnt_epi64(_mm_xor_si128(query, words));
  return static_cast<unsigned>(_mm_cvtsi128_si64(ones) + _mm_extract_epi64(ones, 1));
}

}  // namespace

AMPARO_AVX512 std::size_t compare_columns_avx512(Columns columns, std::size_t size, const Hash256& query,
                                                 unsigned distance, Hit* found) {
  const __m512i first = _mm512_set1_epi64(static_cast<long long>(query.word[0]));
  const __m512i second = _mm512_set1_epi64(static_cast<long long>(query.word[1]));
  const __m512i limit = _mm512_set1_epi64(distance);
  std::size_t hits = 0, row = 0;
  for (; row + 32 <= size; row += 32) {
    // The least of four times eight decides for 32 hashes at once whether any is worth a look.
    const __m512i least = _mm512_min_epu64(_mm512_min_epu64(differing_in_8(columns, row, first, second),
                                                            differing_in_8(columns, row + 8, first, second)),
                                           _mm512_min_epu64(differing_in_8(columns, row + 16, first, second),
                                                            differing_in_8(columns, row + 24, first, second)));
    if (_mm512_cmple_epu64_mask(least, limit) == 0) continue;
    const std::size_t more = compare_columns(columns.from(row), 32, query, distance, found + hits);
    for (std::size_t n = hits; n < hits + more; ++n) found[n].row += static_cast<std::uint32_t>(row);
    hits += more;
  }
  const std::size_t more = compare_columns(columns.from(row), size - row, query, distance, found + hits);
  for (std::size_t n = hits; n < hits + more; ++n) found[n].row += static_cast<std::uint32_t>(row);
  return hits + more;
}

AMPARO_AVX512 std::size_t compare_rows_avx512(const std::uint64_t* rows, const std::uint32_t* numbers,
                                              std::size_t size, const Hash256& query, unsigned distance, Hit* found) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(query.word));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(query.word + 2));
  std::size_t hits = 0;
  for (std::size_t n = 0; n < size; ++n) {
    const std::uint64_t* row = rows + WORDS * static_cast<std::size_t>(numbers[n]);
    unsigned differing = differing_in_2(row, first);
    if (differing > distance) continue;
    differing += differing_in_2(row + 2, second);
    if (differing <= distance) found[hits++] = {numbers[n], static_cast<std::uint16_t>(differing)};
  }
  return hits;
}

}  // namespace amparo::hamming
#endif

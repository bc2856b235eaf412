// The two loops that compare hashes: one after the other in columns, or picked ones in rows.
#pragma once
#include "hamming/hash256.h"

namespace amparo::hamming {

// Most hashes for one call; a block's first two columns are 32 KiB and stay in the nearest cache for every query.
constexpr std::size_t BLOCK = 2048;

// Four columns: the first words of all hashes, then the second words, and so on. Two random hashes differ in half of
// their bits, so the first two columns rule nearly all out, and the others are hardly read.
struct Columns {
  const std::uint64_t* word[WORDS];

  Columns from(std::size_t row) const { return {{word[0] + row, word[1] + row, word[2] + row, word[3] + row}}; }
};

// Write the hits among the first `size` (at most BLOCK) hashes, in order, and return how many. `found` has room for
// `size`. Every variant finds the same.
using CompareColumns = std::size_t (*)(Columns columns, std::size_t size, const Hash256& query, unsigned distance,
                                       Hit* found);

// The same for `size` hashes that stand in rows of four words, picked by their numbers. A row is often still on its way
// from memory, and each further read of it waits anew: half a row decides nearly always, in one read if that can be.
using CompareRows = std::size_t (*)(const std::uint64_t* rows, const std::uint32_t* numbers, std::size_t size,
                                    const Hash256& query, unsigned distance, Hit* found);

std::size_t compare_columns(Columns, std::size_t, const Hash256&, unsigned, Hit*);
std::size_t compare_rows(const std::uint64_t*, const std::uint32_t*, std::size_t, const Hash256&, unsigned, Hit*);
#if defined(__x86_64__)
std::size_t compare_columns_avx2(Columns, std::size_t, const Hash256&, unsigned, Hit*);
std::size_t compare_columns_avx512(Columns, std::size_t, const Hash256&, unsigned, Hit*);
std::size_t compare_rows_avx2(const std::uint64_t*, const std::uint32_t*, std::size_t, const Hash256&, unsigned, Hit*);
std::size_t compare_rows_avx512(const std::uint64_t*, const std::uint32_t*, std::size_t, const Hash256&, unsigned,
                                Hit*);
#endif

}  // namespace amparo::hamming

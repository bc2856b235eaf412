// The loops in plain C++, for every processor.
#include "hamming/compare.h"

namespace amparo::hamming {

std::size_t compare_columns(Columns columns, std::size_t size, const Hash256& query, unsigned distance, Hit* found) {
  std::size_t hits = 0;
  for (std::size_t row = 0; row < size; ++row) {
    unsigned differing = ones(columns.word[0][row] ^ query.word[0]) + ones(columns.word[1][row] ^ query.word[1]);
    if (differing > distance) continue;
    differing += ones(columns.word[2][row] ^ query.word[2]) + ones(columns.word[3][row] ^ query.word[3]);
    if (differing <= distance) found[hits++] = {static_cast<std::uint32_t>(row), static_cast<std::uint16_t>(differing)};
  }
  return hits;
}

std::size_t compare_rows(const std::uint64_t* rows, const std::uint32_t* numbers, std::size_t size,
                         const Hash256& query, unsigned distance, Hit* found) {
  std::size_t hits = 0;
  for (std::size_t n = 0; n < size; ++n) {
    const std::uint64_t* row = rows + WORDS * static_cast<std::size_t>(numbers[n]);
    unsigned differing = ones(row[0] ^ query.word[0]) + ones(row[1] ^ query.word[1]);
    if (differing > distance) continue;
    differing += ones(row[2] ^ query.word[2]) + ones(row[3] ^ query.word[3]);
    if (differing <= distance) found[hits++] = {numbers[n], static_cast<std::uint16_t>(differing)};
  }
  return hits;
}

}  // namespace amparo::hamming

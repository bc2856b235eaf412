#include "hamming/join.h"

#include <algorithm>

namespace amparo::hamming {

void write_columns(const std::uint8_t* hashes, std::size_t count, std::uint64_t* columns) {
  for (std::size_t n = 0; n < count; ++n) {
    const Hash256 hash = read(hashes + n * BYTES);
    for (std::size_t w = 0; w < WORDS; ++w) columns[w * count + n] = hash.word[w];
  }
}

void join(const std::uint64_t* columns, std::uint64_t size, const std::uint8_t* queries, std::size_t count,
          unsigned distance, std::vector<Hit>& hits, std::vector<std::uint64_t>& ends) {
  const CompareColumns compare = in_use().compare_columns;
  const Columns all{{columns, columns + size, columns + 2 * size, columns + 3 * size}};
  std::vector<std::vector<Hit>> of(count);
  Hit found[BLOCK];
  for (std::uint64_t begin = 0; begin < size; begin += BLOCK) {
    const std::size_t rows = std::min<std::uint64_t>(BLOCK, size - begin);
    for (std::size_t q = 0; q < count; ++q) {
      const std::size_t more = compare(all.from(begin), rows, read(queries + q * BYTES), distance, found);
      for (std::size_t n = 0; n < more; ++n)
        of[q].push_back({static_cast<std::uint32_t>(begin + found[n].row), found[n].distance});
    }
  }
  for (const std::vector<Hit>& each : of) {
    hits.insert(hits.end(), each.begin(), each.end());
    ends.push_back(hits.size());
  }
}

}  // namespace amparo::hamming

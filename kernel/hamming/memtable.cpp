#include "hamming/memtable.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "hamming/format.h"

namespace amparo::hamming {

std::uint64_t Memtable::add(const std::uint8_t* hashes, std::size_t count) {
  const std::unique_lock guard(lock_);
  if (count > MOST_ROWS - size_) throw std::invalid_argument("These are too many hashes for memory: write a segment.");
  const std::uint64_t first = size_;
  // All blocks first: should memory run out, nothing was added.
  while (blocks_.size() * BLOCK < size_ + count) blocks_.push_back(std::make_unique<Block>());
  for (std::size_t n = 0; n < count; ++n, ++size_) {
    const Hash256 hash = read(hashes + n * BYTES);
    for (std::size_t w = 0; w < WORDS; ++w) blocks_[size_ / BLOCK]->word[w][size_ % BLOCK] = hash.word[w];
  }
  return first;
}

std::uint64_t Memtable::size() const {
  const std::shared_lock guard(lock_);
  return size_;
}

void Memtable::search(const std::uint8_t* queries, std::size_t count, unsigned distance, std::vector<Hit>& hits,
                      std::vector<std::uint64_t>& ends) const {
  const CompareColumns compare = in_use().compare_columns;
  const std::shared_lock guard(lock_);
  Hit found[BLOCK];
  for (std::size_t q = 0; q < count; ++q) {
    const Hash256 query = read(queries + q * BYTES);
    for (std::uint64_t begin = 0; begin < size_; begin += BLOCK) {
      const auto& word = blocks_[begin / BLOCK]->word;
      const std::size_t size = std::min<std::uint64_t>(BLOCK, size_ - begin);
      const std::size_t more = compare({{word[0], word[1], word[2], word[3]}}, size, query, distance, found);
      for (std::size_t n = 0; n < more; ++n)
        hits.push_back({static_cast<std::uint32_t>(begin + found[n].row), found[n].distance});
    }
    ends.push_back(hits.size());
  }
}

}  // namespace amparo::hamming

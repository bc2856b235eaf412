// Hashes that came in since the last segment was written.
#pragma once
#include <memory>
#include <shared_mutex>

#include "instructions.h"

namespace amparo::hamming {

// Grows at its end and compares all, which for 100,000 hashes takes some ten microseconds. May be used by several
// threads at once; a hash is found by every search that begins after `add` has returned.
class Memtable {
 public:
  // Append hashes of 32 bytes each, and return the row of the first.
  std::uint64_t add(const std::uint8_t* hashes, std::size_t count);

  std::uint64_t size() const;

  // Append the hits of each query, and note after each how many there are by then.
  void search(const std::uint8_t* queries, std::size_t count, unsigned distance, std::vector<Hit>& hits,
              std::vector<std::uint64_t>& ends) const;

 private:
  struct Block {
    std::uint64_t word[WORDS][BLOCK];
  };

  mutable std::shared_mutex lock_;
  std::vector<std::unique_ptr<Block>> blocks_;  // Blocks never move, and only the last has room.
  std::uint64_t size_ = 0;
};

}  // namespace amparo::hamming

// A hash cut into chunks: which bits are whose, and which keys lie near a key.
#pragma once
#include <vector>

#include "hamming/hash256.h"

namespace amparo::hamming {

constexpr std::size_t MOST_CHUNKS = 16;

// Further than this from its own value a chunk is not looked up: there would be more keys than hashes.
constexpr int WIDEST_RADIUS = 2;

// Bits `begin` … `begin + width - 1`; at most 24 of them, so that a table of all keys stays small.
struct Chunk {
  unsigned begin, width;

  std::uint32_t key(const std::uint64_t* words) const {
    const unsigned word = begin / 64, shift = begin % 64;
    std::uint64_t bits = words[word] >> shift;
    if (shift + width > 64) bits |= words[word + 1] << (64 - shift);
    return static_cast<std::uint32_t>(bits & ((std::uint64_t{1} << width) - 1));
  }

  std::size_t keys() const { return std::size_t{1} << width; }
};

// The 256 bits in `count` chunks as equal as can be, the wider ones first.
std::vector<Chunk> cut(std::size_t count);

// How many chunks serve `rows` hashes best: none (just compare all), 16 or 11. Fewer chunks are longer, so their lists
// are shorter, but their tables cost half a gigabyte however few hashes there are.
std::size_t best_count(std::size_t rows);

// How many keys differ from a key of that width in at most `radius` bits. 0 for radius -1: the chunk is left out.
std::size_t keys_within(unsigned width, int radius);

// What to flip in a key to get all those keys, the nearest first; the first `keys_within(width, r)` are those of r.
const std::vector<std::uint32_t>& flips(unsigned width);

}  // namespace amparo::hamming

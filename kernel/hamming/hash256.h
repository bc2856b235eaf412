// 256 bits, and how many of them differ between two.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace amparo::hamming {

constexpr std::size_t BYTES = 32, WORDS = 4, BITS = 256;

// A hash as four words in this machine's byte order. Which bit stands where does not matter to a distance, as long as
// it is the same everywhere.
struct Hash256 {
  std::uint64_t word[WORDS];
};

inline Hash256 read(const std::uint8_t* bytes) {
  Hash256 hash;
  std::memcpy(hash.word, bytes, BYTES);
  return hash;
}

// Bits set in a word, by adding neighbours of 1, 2 and 4 bits side by side and then all bytes with one product
// (Warren, "Hacker's Delight", 5-1). Needs no special instruction.
inline unsigned ones(std::uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555u;
  word = (word & 0x3333333333333333u) + ((word >> 2) & 0x3333333333333333u);
  word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
  return static_cast<unsigned>((word * 0x0101010101010101u) >> 56);
}

// A hash within the distance that was asked for.
struct Hit {
  std::uint32_t row;
  std::uint16_t distance;
};

}  // namespace amparo::hamming

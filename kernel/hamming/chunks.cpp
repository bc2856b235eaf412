#include "hamming/chunks.h"

#include <array>

namespace amparo::hamming {
namespace {

constexpr unsigned WIDEST = 24, NARROWEST = 16;

std::vector<std::uint32_t> flips_of(unsigned width) {
  std::vector<std::uint32_t> all{0};
  for (unsigned a = 0; a < width; ++a) all.push_back(1u << a);
  for (unsigned a = 0; a < width; ++a)
    for (unsigned b = 0; b < a; ++b) all.push_back(1u << a | 1u << b);
  return all;
}

std::array<std::vector<std::uint32_t>, WIDEST + 1> all_flips() {
  std::array<std::vector<std::uint32_t>, WIDEST + 1> all;
  for (unsigned width = NARROWEST; width <= WIDEST; ++width) all[width] = flips_of(width);
  return all;
}

}  // namespace

std::vector<Chunk> cut(std::size_t count) {
  std::vector<Chunk> chunks;
  unsigned begin = 0;
  for (std::size_t c = 0; c < count; ++c) {
    const unsigned width = static_cast<unsigned>(BITS / count + (c < BITS % count ? 1 : 0));
    chunks.push_back({begin, width});
    begin += width;
  }
  return chunks;
}

std::size_t best_count(std::size_t rows) {
  if (rows < 16'384) return 0;
  return rows < 5'000'000 ? 16 : 11;
}

std::size_t keys_within(unsigned width, int radius) {
  if (radius < 0) return 0;
  if (radius == 0) return 1;
  if (radius == 1) return 1 + width;
  return 1 + width + width * (width - 1) / 2;
}

const std::vector<std::uint32_t>& flips(unsigned width) {
  static const auto all = all_flips();
  return all.at(width);
}

}  // namespace amparo::hamming

// Why looking near a few chunks finds every hash that is near: the generalised pigeonhole principle.
//
// Let two hashes differ in at most T bits, and let chunk c be looked up to radius r(c). If every chunk differed in more
// than its radius, that is in at least r(c) + 1 bits, the hashes would differ in at least the sum of all r(c) + 1. So
// with a sum of T + 1 one chunk at least must lie within its radius. A radius of -1 leaves a chunk out: it adds 0.
// (Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012; with radii chosen for each
// query by what lies there: Qin et al., "GPH: Similarity Search in Hamming Space", 2018.)
#pragma once
#include <array>

#include "hamming/chunks.h"

namespace amparo::hamming {

// What it costs to look up each chunk at radius -1, 0, 1, 2 (index 0 to 3), in steps of reading one hash.
using Costs = std::array<std::array<std::uint64_t, WIDEST_RADIUS + 2>, MOST_CHUNKS>;

// The radius of each chunk, and what they cost together. `is_possible` is false where no radii up to the widest reach.
struct Radii {
  std::array<int, MOST_CHUNKS> of{};
  std::uint64_t cost = 0;
  bool is_possible = false;
};

// Whether these radii miss nothing within the distance.
bool is_exact(const Radii& radii, std::size_t chunks, unsigned distance);

// Return the cheapest radii that miss nothing within the distance: a knapsack over the sums, chunk by chunk.
// Throws std::logic_error should they not be exact: a search that could miss something must not begin.
Radii cheapest(const Costs& costs, std::size_t chunks, unsigned distance);

}  // namespace amparo::hamming

#include "hamming/pigeonhole.h"

#include <limits>
#include <stdexcept>

namespace amparo::hamming {
namespace {

constexpr std::uint64_t NEVER = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t CHOICES = WIDEST_RADIUS + 2;
constexpr std::size_t MOST_SUM = MOST_CHUNKS * (WIDEST_RADIUS + 1);

}  // namespace

bool is_exact(const Radii& radii, std::size_t chunks, unsigned distance) {
  unsigned sum = 0;
  for (std::size_t c = 0; c < chunks; ++c) sum += static_cast<unsigned>(radii.of[c] + 1);
  return sum >= distance + 1;
}

Radii cheapest(const Costs& costs, std::size_t chunks, unsigned distance) {
  const std::size_t wanted = distance + 1;
  Radii radii;
  if (wanted > chunks * (WIDEST_RADIUS + 1)) return radii;

  // least[sum]: the least cost at which the chunks so far reach that sum; choice[c][sum]: what chunk c adds to it then.
  std::array<std::uint64_t, MOST_SUM + 1> least;
  std::array<std::array<std::uint8_t, MOST_SUM + 1>, MOST_CHUNKS> choice{};
  least.fill(NEVER);
  least[0] = 0;
  for (std::size_t c = 0; c < chunks; ++c) {
    std::array<std::uint64_t, MOST_SUM + 1> next;
    next.fill(NEVER);
    for (std::size_t sum = 0; sum <= wanted; ++sum) {
      if (least[sum] == NEVER) continue;
      for (std::size_t adds = 0; adds < CHOICES && sum + adds <= wanted; ++adds) {
        const std::uint64_t cost = least[sum] + costs[c][adds];
        if (cost < next[sum + adds]) {
          next[sum + adds] = cost;
          choice[c][sum + adds] = static_cast<std::uint8_t>(adds);
        }
      }
    }
    least = next;
  }

  std::size_t sum = wanted;
  for (std::size_t c = chunks; c-- > 0;) {
    radii.of[c] = static_cast<int>(choice[c][sum]) - 1;
    sum -= choice[c][sum];
  }
  radii.cost = least[wanted];
  radii.is_possible = true;
  if (!is_exact(radii, chunks, distance)) throw std::logic_error("These radii could miss a match. Nothing was searched.");
  return radii;
}

}  // namespace amparo::hamming

#include "pdq/dihedral.h"

namespace amparo::pdq {
namespace {

// First mirrored along its axes, then its axes swapped.
struct Made {
  bool down, across, swapped;
};

constexpr Made OF[TURNS] = {
    {false, false, false},  // AS_IT_IS
    {false, true, true},    // TURNED_90
    {true, true, false},    // TURNED_180
    {true, false, true},    // TURNED_270
    {true, false, false},   // FLIPPED_X
    {false, true, false},   // FLIPPED_Y
    {false, false, true},   // FLIPPED_PLUS
    {true, true, true},     // FLIPPED_MINUS
};

}  // namespace

void turn_waves(const float waves[WAVES][WAVES], Turn turn, float turned[WAVES][WAVES]) {
  const Made made = OF[turn];
  for (size_t u = 0; u < WAVES; ++u)
    for (size_t v = 0; v < WAVES; ++v) {
      // Wave u has u + 1 half-turns, so it is the even indices that change.
      const bool negative = (made.down && u % 2 == 0) != (made.across && v % 2 == 0);
      const float value = negative ? -waves[u][v] : waves[u][v];
      (made.swapped ? turned[v][u] : turned[u][v]) = value;
    }
}

}  // namespace amparo::pdq

// The eight ways in which a picture can be turned and mirrored, without touching its pixels again.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// In the reference's order. Quarter turns are counter-clockwise; "flip x" turns upside down, "flip y" left to right.
enum Turn { AS_IT_IS, TURNED_90, TURNED_180, TURNED_270, FLIPPED_X, FLIPPED_Y, FLIPPED_PLUS, FLIPPED_MINUS, TURNS };

// Write the waves of the picture turned so. To mirror a picture changes the sign of every second wave along that axis
// (those with an odd number of half-turns), to swap its axes swaps those of the waves; all eight are made of the two.
void turn_waves(const float waves[WAVES][WAVES], Turn turn, float turned[WAVES][WAVES]);

}  // namespace amparo::pdq

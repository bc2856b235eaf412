// Step 3 of PDQ: the samples as a sum of waves.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// Write how much of each of the 16 x 16 slowest waves is in the samples: the discrete cosine transform (DCT-II) without
// its constant terms, waves[u][v] having u + 1 half-turns from top to bottom and v + 1 from left to right.
void waves_of(const float samples[SAMPLES][SAMPLES], float waves[WAVES][WAVES]);

}  // namespace amparo::pdq

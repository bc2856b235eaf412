// Step 4 of PDQ: from waves to bits.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

constexpr size_t HASH_BYTES = 32;

// Write the hash: one bit for each wave, set where the wave is stronger than the median of all.
// The last wave's bit comes first, so that the bytes in hexadecimal are the hash as it is written everywhere.
// Returns whether it is sure: no wave is so near the median that the reference's rounding errors could decide its bit.
bool bits_of(const float waves[WAVES][WAVES], uint8_t hash[HASH_BYTES]);

}  // namespace amparo::pdq

// The blur of PDQ along one axis, for one sample.
#pragma once
#include <stddef.h>

namespace amparo::pdq {

// The pixels first, first + 1, … first + count - 1 of a row or column, each with its weight, give one sample.
struct Taps {
  size_t first, count;
};

// How many weights `tent` may write for an axis of `length` pixels.
size_t most_taps(size_t length);

// Write into `weights` how much each pixel counts in sample `k` (0 … 63) of an axis of `length` pixels, and return
// which pixels these are. The weights sum to 1.
//
// The reference ("PDQ", 2017, section "Downsampling") blurs the whole image with a box filter, twice along each axis,
// and then takes every (length/64)-th pixel. Both steps are linear, so a sample is a fixed weighted sum of its
// neighbourhood: a box of boxes, which is a tent. We work out the tent and touch only what is under it.
Taps tent(size_t k, size_t length, float* weights);

}  // namespace amparo::pdq

// The samples as the reference computes them, rounding for rounding.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// How many floats `take_samples_as_reference` needs as scratch.
size_t reference_floats(size_t height, size_t width);

// Write the samples by blurring the whole image, several times slower than `take_samples`.
//
// The reference moves its box along and keeps a running sum, whose rounding errors add up over the image. The hash of
// nearly every image is the same without them; where it is not, these errors are what everybody else's hash has in it,
// so ours has to have them, too.
void take_samples_as_reference(const Image& image, float* scratch, float samples[SAMPLES][SAMPLES]);

}  // namespace amparo::pdq

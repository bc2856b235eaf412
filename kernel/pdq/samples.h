// Step 1 of PDQ: 64 x 64 samples of an image's brightness, each a blurred spot of it.
#pragma once
#include "pdq/image.h"
#include "pdq/weigh_rows.h"

namespace amparo::pdq {

// How many floats `take_samples` needs as scratch for an image of this size.
size_t scratch_floats(size_t height, size_t width, size_t channels);

// Write the samples, row by row. Equals the reference's blur of the whole image up to the rounding of floats, and
// reads each byte about once.
void take_samples(const Image& image, WeighRows weigh, float* scratch, float samples[SAMPLES][SAMPLES]);

}  // namespace amparo::pdq

// The box filter of the reference, along one axis, and where on it the samples stand.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// The mean of pixels `from(at)` to `to(at)` takes the place of pixel `at`. The box is wider in a larger image, and cut
// off near both ends.
struct Box {
  size_t length, width, before, after;

  explicit Box(size_t pixels) : length(pixels), width((pixels + 2 * SAMPLES - 1) / (2 * SAMPLES)) {
    const size_t half = (width + 2) / 2;  // An even width reaches one further forward than back.
    before = width - half;
    after = half - 1;
  }

  size_t from(size_t at) const { return at < before ? 0 : at - before; }
  size_t to(size_t at) const { return at + after >= length ? length - 1 : at + after; }
};

// The pixel on which sample k of an axis stands.
inline size_t centre(size_t k, size_t length) {
  return static_cast<size_t>((static_cast<double>(k) + 0.5) * static_cast<double>(length) / SAMPLES);
}

}  // namespace amparo::pdq

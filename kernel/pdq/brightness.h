// From colours to grey.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// Grey as it is, colours by the weights of ITU-R BT.601, added in double precision as in the reference's Python binding.
template <typename Value>
float brightness(const Value* colour, size_t channels) {
  if (channels == 1) return static_cast<float>(colour[0]);
  return static_cast<float>(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]);
}

}  // namespace amparo::pdq

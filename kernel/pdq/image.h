// What is hashed. Everything in this folder is plain C++ without a library, so that it also builds for browsers.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace amparo::pdq {

// Pixels of one byte a channel: grey (1), RGB (3) or RGBA (4; what is transparent is not looked at).
// `stride` is the distance in bytes from one row to the next, and may be negative.
struct Image {
  const uint8_t* pixels;
  size_t height, width, channels;
  ptrdiff_t stride;
};

// PDQ looks at 64 x 64 samples of the image's brightness, whatever its size.
constexpr size_t SAMPLES = 64;

// Its fingerprint is the 16 x 16 slowest waves of those samples, the constant one left out.
constexpr size_t WAVES = 16;

// Below this height or width there is no hash: 32 zero bytes of quality 0, as in the reference.
constexpr size_t SMALLEST = 5;

}  // namespace amparo::pdq

#include "pdq/reference.h"

#include "pdq/box.h"
#include "pdq/brightness.h"

namespace amparo::pdq {
namespace {

// So many rows are blurred side by side: a sum waits for the one before it, but not for those of other rows.
constexpr size_t TOGETHER = 8;

// A box moved along each row: what it comes to is added to the sum, then what it leaves is taken away.
void blur_rows(const float* from, float* to, size_t height, size_t width) {
  const Box box(width);
  for (size_t i = 0; i < height; i += TOGETHER, from += TOGETHER * width, to += TOGETHER * width) {
    const size_t rows = height - i < TOGETHER ? height - i : TOGETHER;
    float sums[TOGETHER] = {};
    size_t entered = 0, left = 0;
    for (size_t at = 0; at < width; ++at) {
      for (; entered <= box.to(at); ++entered)
        for (size_t row = 0; row < rows; ++row) sums[row] += from[row * width + entered];
      for (; left < box.from(at); ++left)
        for (size_t row = 0; row < rows; ++row) sums[row] -= from[row * width + left];
      const float count = static_cast<float>(entered - left);
      for (size_t row = 0; row < rows; ++row) to[row * width + at] = sums[row] / count;
    }
  }
}

// The same down all columns at once, with a sum for each.
void blur_columns(const float* from, float* to, float* sums, size_t height, size_t width) {
  const Box box(height);
  for (size_t x = 0; x < width; ++x) sums[x] = 0;
  size_t entered = 0, left = 0;
  for (size_t at = 0; at < height; ++at) {
    for (; entered <= box.to(at); ++entered)
      for (size_t x = 0; x < width; ++x) sums[x] += from[entered * width + x];
    for (; left < box.from(at); ++left)
      for (size_t x = 0; x < width; ++x) sums[x] -= from[left * width + x];
    const float count = static_cast<float>(entered - left);
    for (size_t x = 0; x < width; ++x) to[at * width + x] = sums[x] / count;
  }
}

}  // namespace

size_t reference_floats(size_t height, size_t width) { return 2 * height * width + width; }

void take_samples_as_reference(const Image& image, float* scratch, float samples[SAMPLES][SAMPLES]) {
  const size_t height = image.height, width = image.width;
  float* blurred = scratch;
  float* half_blurred = blurred + height * width;
  float* sums = half_blurred + height * width;

  for (size_t i = 0; i < height; ++i) {
    const uint8_t* pixel = image.pixels + static_cast<ptrdiff_t>(i) * image.stride;
    for (size_t j = 0; j < width; ++j, pixel += image.channels)
      blurred[i * width + j] = brightness(pixel, image.channels);
  }
  // A picture that has the size of the samples already is not blurred.
  const int times = height == SAMPLES && width == SAMPLES ? 0 : 2;
  for (int time = 0; time < times; ++time) {
    blur_rows(blurred, half_blurred, height, width);
    blur_columns(half_blurred, blurred, sums, height, width);
  }
  for (size_t i = 0; i < SAMPLES; ++i)
    for (size_t j = 0; j < SAMPLES; ++j) samples[i][j] = blurred[centre(i, height) * width + centre(j, width)];
}

}  // namespace amparo::pdq

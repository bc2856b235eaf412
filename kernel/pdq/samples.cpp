#include "pdq/samples.h"

#include "pdq/brightness.h"
#include "pdq/tent.h"

namespace amparo::pdq {
size_t scratch_floats(size_t height, size_t width, size_t channels) {
  return width * channels + most_taps(height) + SAMPLES * most_taps(width);
}

void take_samples(const Image& image, WeighRows weigh, float* scratch, float samples[SAMPLES][SAMPLES]) {
  const size_t channels = image.channels, widest = most_taps(image.width);
  float* line = scratch;
  float* of_rows = line + image.width * channels;
  float* of_columns = of_rows + most_taps(image.height);

  Taps columns[SAMPLES];
  for (size_t k = 0; k < SAMPLES; ++k) columns[k] = tent(k, image.width, of_columns + k * widest);

  for (size_t i = 0; i < SAMPLES; ++i) {
    // Down: the image's rows under this row of samples become one line.
    const Taps rows = tent(i, image.height, of_rows);
    const uint8_t* top = image.pixels + static_cast<ptrdiff_t>(rows.first) * image.stride;
    weigh(top, image.stride, of_rows, rows.count, line, image.width * channels);

    // Across: the line's pixels under each sample become that sample.
    for (size_t j = 0; j < SAMPLES; ++j) {
      const float* weights = of_columns + j * widest;
      const float* pixel = line + columns[j].first * channels;
      double colour[3] = {0, 0, 0};
      for (size_t n = 0; n < columns[j].count; ++n, pixel += channels)
        for (size_t c = 0; c < 3 && c < channels; ++c) colour[c] += static_cast<double>(weights[n]) * pixel[c];
      // To mix colours and to blur are both linear, so mixing the blurred spots is the same as blurring mixed pixels, and
      // there are 4,096 spots but millions of pixels.
      samples[i][j] = brightness(colour, channels);
    }
  }
}

}  // namespace amparo::pdq

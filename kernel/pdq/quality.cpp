#include "pdq/quality.h"

namespace amparo::pdq {
namespace {

constexpr int SCALE = 90;  // The reference's, found by experiment.

// A step of ours differs from the reference's by less than this. Measured: 0.00043 at most.
constexpr float ROUNDING = 0.001f;

struct Steps {
  int sum = 0, unsure = 0;

  // Adds the step between two neighbours in percent of full scale, cut to a whole number: tiny steps count nothing.
  void add(float here, float there) {
    const float percent = (here - there) * 100 / 255;
    const float size = percent < 0 ? -percent : percent;
    const int whole = static_cast<int>(size);
    sum += whole;
    const float rest = size - static_cast<float>(whole);
    unsure += rest > 1 - ROUNDING || (whole > 0 && rest < ROUNDING);
  }
};

int scaled(int sum) { return sum / SCALE > 100 ? 100 : sum / SCALE; }

}  // namespace

Quality quality_of(const float samples[SAMPLES][SAMPLES]) {
  Steps steps;
  for (size_t i = 0; i < SAMPLES; ++i)
    for (size_t j = 0; j < SAMPLES; ++j) {
      if (i + 1 < SAMPLES) steps.add(samples[i][j], samples[i + 1][j]);
      if (j + 1 < SAMPLES) steps.add(samples[i][j], samples[i][j + 1]);
    }
  const int least = steps.sum < steps.unsure ? 0 : scaled(steps.sum - steps.unsure);
  return {scaled(steps.sum), least == scaled(steps.sum + steps.unsure)};
}

}  // namespace amparo::pdq

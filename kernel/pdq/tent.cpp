#include "pdq/tent.h"

#include "pdq/box.h"

namespace amparo::pdq {

size_t most_taps(size_t length) { return 2 * Box(length).width + 2; }

Taps tent(size_t k, size_t length, float* weights) {
  const Box box(length);
  const size_t at = centre(k, length);
  const size_t from = box.from(at), to = box.to(at);
  const size_t first = box.from(from), count = box.to(to) - first + 1;

  // Every pixel under the outer box brings its own inner box. Adding boxes up is noting where each begins and where it
  // ends, and summing once along the axis: both places only ever move on.
  const auto inner = [&](size_t middle) {
    return 1.0 / static_cast<double>(to - from + 1) / static_cast<double>(box.to(middle) - box.from(middle) + 1);
  };
  double height = 0;
  size_t begins = from, ends = from;
  for (size_t pixel = first; pixel < first + count; ++pixel) {
    while (begins <= to && box.from(begins) == pixel) height += inner(begins++);
    while (ends <= to && box.to(ends) + 1 == pixel) height -= inner(ends++);
    weights[pixel - first] = static_cast<float>(height);
  }
  return {first, count};
}

}  // namespace amparo::pdq

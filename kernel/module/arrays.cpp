#include "module/arrays.h"

namespace amparo {
namespace {

// Far more than any decoder lets through; keeps the memory that one picture may ask for within bounds.
constexpr std::size_t MOST_PIXELS = std::size_t{1} << 28;

bool is_bytes(const Given& array) { return array.dtype() == nb::dtype<std::uint8_t>(); }

}  // namespace

pdq::Image image_in(const Given& array) {
  const std::size_t channels = array.ndim() == 3 ? array.shape(2) : 1;
  if (!is_bytes(array) || array.ndim() < 2 || array.ndim() > 3 || (channels != 1 && channels != 3 && channels != 4))
    throw nb::value_error(
        "A picture is an array of uint8: (height, width) for grey, (height, width, 3) for RGB, or 4 for RGBA.");
  if (array.size() == 0) throw nb::value_error("This picture has no pixels.");
  if (array.shape(0) > MOST_PIXELS / array.shape(1))
    throw nb::value_error("This picture has more than 268,435,456 pixels: make it smaller first.");
  // Axes of one element may have any stride: nobody steps along them.
  const bool is_near = (channels == 1 || array.ndim() == 2 || array.stride(2) == 1) &&
                       (array.shape(1) == 1 || array.stride(1) == static_cast<std::int64_t>(channels));
  if (!is_near)
    throw nb::value_error("The pixels of a row must lie side by side in memory: use numpy.ascontiguousarray.");
  const std::ptrdiff_t stride = array.shape(0) == 1 ? 0 : static_cast<std::ptrdiff_t>(array.stride(0));
  return {static_cast<const std::uint8_t*>(array.data()), array.shape(0), array.shape(1), channels, stride};
}

Hashes hashes_in(const Given& array) {
  if (!is_bytes(array) || array.ndim() != 2 || array.shape(1) != hamming::BYTES)
    throw nb::value_error("Hashes are an array of uint8 with 32 columns, one row for each hash.");
  const bool is_near = array.shape(0) == 0 || (array.stride(1) == 1 && (array.shape(0) == 1 || array.stride(0) == 32));
  if (!is_near) throw nb::value_error("Hashes must lie side by side in memory: use numpy.ascontiguousarray.");
  return {static_cast<const std::uint8_t*>(array.data()), array.shape(0)};
}

unsigned distance_in(std::int64_t distance) {
  if (distance < 0 || distance > static_cast<std::int64_t>(hamming::BITS))
    throw nb::value_error("A distance is a number of bits from 0 to 256.");
  return static_cast<unsigned>(distance);
}

nb::object hits_of(const std::vector<hamming::Hit>& hits, std::vector<std::uint64_t>&& limits) {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint16_t> distances;
  rows.reserve(hits.size());
  distances.reserve(hits.size());
  for (const hamming::Hit& hit : hits) {
    rows.push_back(hit.row);
    distances.push_back(hit.distance);
  }
  return nb::make_tuple(array_of(std::move(limits)), array_of(std::move(rows)), array_of(std::move(distances)));
}

}  // namespace amparo

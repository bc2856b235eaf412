// What comes from Python and what goes there: arrays, checked before anything looks inside.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <vector>

#include "hamming/hash256.h"
#include "pdq/image.h"

namespace amparo {

namespace nb = nanobind;

// Anything that has the buffer protocol or DLPack, read only, of any type and shape: we say ourselves what is wrong.
using Given = nb::ndarray<nb::ro, nb::device::cpu>;

// Each throws nb::value_error with a sentence where the array is something else.
pdq::Image image_in(const Given& array);
struct Hashes {
  const std::uint8_t* bytes;
  std::size_t count;
};
Hashes hashes_in(const Given& array);
unsigned distance_in(std::int64_t distance);

// A NumPy array that owns the vector's memory.
template <typename Number>
nb::object array_of(std::vector<Number>&& numbers) {
  auto* kept = new std::vector<Number>(std::move(numbers));
  nb::capsule owner(kept, [](void* pointer) noexcept { delete static_cast<std::vector<Number>*>(pointer); });
  return nb::cast(nb::ndarray<nb::numpy, Number, nb::ndim<1>>(kept->data(), {kept->size()}, owner));
}

// (limits, rows, distances): query q has the hits limits[q] … limits[q + 1] - 1 of the other two.
nb::object hits_of(const std::vector<hamming::Hit>& hits, std::vector<std::uint64_t>&& limits);

}  // namespace amparo

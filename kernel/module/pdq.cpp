// PDQ for Python.
#include <memory>

#include "instructions.h"
#include "module/arrays.h"
#include "module/module.h"
#include "pdq/pdq.h"

namespace amparo {
namespace {

// The size of a picture comes from outside, so memory for it may be refused (MemoryError).
std::unique_ptr<float[]> room_for(std::size_t floats) { return std::unique_ptr<float[]>(new float[floats]); }

// Write with `write`, again from an exact analysis if the first is not sure, and return the quality.
template <typename Write>
int hash(const pdq::Image& image, Write write) {
  const nb::gil_scoped_release others_run;
  const auto scratch = room_for(pdq::scratch_floats(image.height, image.width, image.channels));
  const pdq::Analysis first = pdq::analyse(image, in_use().weigh_rows, scratch.get());
  if (write(first)) return first.quality;
  const pdq::Analysis exact = pdq::analyse_again(image, room_for(pdq::reference_floats(image.height, image.width)).get());
  write(exact);
  return exact.quality;
}

nb::tuple pdq_of(const Given& picture) {
  const pdq::Image image = image_in(picture);
  std::uint8_t bits[pdq::HASH_BYTES] = {};
  const auto write = [&](const pdq::Analysis& analysis) { return pdq::write_hash(analysis, bits); };
  const int quality = pdq::is_hashable(image) ? hash(image, write) : 0;
  return nb::make_tuple(nb::bytes(bits, pdq::HASH_BYTES), quality);
}

nb::tuple pdq_turns_of(const Given& picture) {
  const pdq::Image image = image_in(picture);
  std::uint8_t bits[pdq::TURNS][pdq::HASH_BYTES] = {};
  const auto write = [&](const pdq::Analysis& analysis) { return pdq::write_turns(analysis, bits); };
  const int quality = pdq::is_hashable(image) ? hash(image, write) : 0;
  nb::list hashes;
  for (const auto& each : bits) hashes.append(nb::bytes(each, pdq::HASH_BYTES));
  return nb::make_tuple(nb::tuple(hashes), quality);
}

}  // namespace

void add_pdq(nb::module_& module) {
  module.def("pdq", pdq_of, nb::arg("picture"), "Return the PDQ hash of a picture (32 bytes) and its quality, 0 to 100.");
  module.def("pdq_turns", pdq_turns_of, nb::arg("picture"),
             "Return the PDQ hashes of a picture in all eight turns, and their quality.");
}

}  // namespace amparo

// Pictures of any size, stride and channels: every choice of instructions gives the same hash and stays in its memory.
#include <cstring>

#include "fuzz/chance.h"
#include "instructions.h"
#include "pdq/pdq.h"

namespace amparo::fuzz {
namespace {

struct Hashed {
  std::uint8_t hashes[pdq::TURNS][pdq::HASH_BYTES];
  int quality;
};

Hashed hashed(const pdq::Image& image, pdq::WeighRows weigh) {
  Hashed told{};
  const std::unique_ptr<float[]> scratch(new float[pdq::scratch_floats(image.height, image.width, image.channels)]);
  const pdq::Analysis first = pdq::analyse(image, weigh, scratch.get());
  told.quality = first.quality;
  if (pdq::write_turns(first, told.hashes)) return told;
  const std::unique_ptr<float[]> more(new float[pdq::reference_floats(image.height, image.width)]);
  const pdq::Analysis exact = pdq::analyse_again(image, more.get());
  told.quality = exact.quality;
  pdq::write_turns(exact, told.hashes);
  return told;
}

}  // namespace

void fuzz_pdq(Chance& chance) {
  constexpr std::size_t CHANNELS[] = {1, 3, 4};
  const std::size_t channels = CHANNELS[chance.next() % 3];
  const std::size_t height = pdq::SMALLEST + chance.up_to(600), width = pdq::SMALLEST + chance.up_to(600);
  const std::size_t line = width * channels, gap = chance.one_in(2) ? 0 : chance.up_to(40);
  const std::size_t size = (height - 1) * (line + gap) + line;
  const auto pixels = room(size);
  const bool is_flat = chance.one_in(4);
  const std::uint8_t flat = chance.byte();
  for (std::size_t n = 0; n < size; ++n) pixels[n] = is_flat ? flat : chance.byte();

  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(line + gap);
  const bool is_upside_down = chance.one_in(3);
  const std::uint8_t* top = is_upside_down ? pixels.get() + (height - 1) * (line + gap) : pixels.get();
  const pdq::Image image{top, height, width, channels, is_upside_down ? -stride : stride};

  const Hashed first = hashed(image, available().front().weigh_rows);
  must(first.quality >= 0 && first.quality <= 100, "A quality is 0 to 100.");
  for (const Instructions& each : available()) {
    const Hashed again = hashed(image, each.weigh_rows);
    must(std::memcmp(first.hashes, again.hashes, sizeof first.hashes) == 0, "All instructions give the same hash.");
    must(first.quality == again.quality, "All instructions give the same quality.");
  }
}

}  // namespace amparo::fuzz

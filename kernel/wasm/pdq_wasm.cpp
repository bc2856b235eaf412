// PDQ for browsers: the sources of kernel/pdq and nothing else, called as pdq.mjs among the door's files does.
//
// Memory, from the end of the program's own data: the pixels, then scratch, grown as pictures ask for it.
#include "pdq/pdq.h"

extern "C" unsigned char __heap_base;

namespace {

using namespace amparo::pdq;

constexpr size_t PAGE = 65536;

uint8_t hash[HASH_BYTES];

size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

// Make the memory at least so long. Returns false where the browser gives no more.
bool reach(size_t end) {
  const size_t pages = (end + PAGE - 1) / PAGE, have = __builtin_wasm_memory_size(0);
  return pages <= have || __builtin_wasm_memory_grow(0, pages - have) != static_cast<size_t>(-1);
}

// Memory is 32 bits here. A picture that could overflow it is refused before anything is computed from its size.
bool is_sane(size_t height, size_t width, size_t channels) {
  return (channels == 1 || channels == 3 || channels == 4) && width > 0 && height > 0 &&
         static_cast<uint64_t>(height) * width <= (1u << 27);
}

}  // namespace

extern "C" {

// Where the 32 bytes of the last hash are.
uint8_t* pdq_hash() { return hash; }

// Where `height * width * channels` bytes of pixels are to be put; null where there is no room for them.
uint8_t* pdq_pixels(size_t height, size_t width, size_t channels) {
  if (!is_sane(height, width, channels)) return nullptr;
  const size_t begin = rounded(reinterpret_cast<size_t>(&__heap_base));
  return reach(begin + height * width * channels) ? reinterpret_cast<uint8_t*>(begin) : nullptr;
}

// Hash the pixels that were put there. Returns the quality, 0 to 100; -1 where there is no room for scratch.
int pdq_quality(size_t height, size_t width, size_t channels) {
  const uint8_t* pixels = pdq_pixels(height, width, channels);
  if (!pixels) return -1;
  const Image image{pixels, height, width, channels, static_cast<ptrdiff_t>(width * channels)};
  for (size_t n = 0; n < HASH_BYTES; ++n) hash[n] = 0;
  if (!is_hashable(image)) return 0;

  const size_t begin = rounded(reinterpret_cast<size_t>(pixels) + height * width * channels);
  float* scratch = reinterpret_cast<float*>(begin);
  if (!reach(begin + scratch_floats(height, width, channels) * sizeof(float))) return -1;
  const Analysis first = analyse(image, weigh_rows, scratch);
  if (write_hash(first, hash)) return first.quality;

  if (!reach(begin + reference_floats(height, width) * sizeof(float))) return -1;
  const Analysis exact = analyse_again(image, scratch);
  write_hash(exact, hash);
  return exact.quality;
}
}

// Chance for fuzzing: the same seed, the same run.
#pragma once
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

namespace amparo::fuzz {

struct Chance {
  std::mt19937_64 next;

  explicit Chance(std::uint64_t seed) : next(seed) {}

  // A number from 0 to `most`, small ones as often as large ones: faults live at the edges.
  std::uint64_t up_to(std::uint64_t most) {
    const std::uint64_t kind = next() % 4;
    const std::uint64_t limit = kind == 0 ? 8 : kind == 1 ? 150 : most;
    return next() % ((limit < most ? limit : most) + 1);
  }

  bool one_in(std::uint64_t times) { return next() % times == 0; }

  std::uint8_t byte() { return static_cast<std::uint8_t>(next()); }
};

// Memory of exactly this size, so that one byte too far is noticed.
inline std::unique_ptr<std::uint8_t[]> room(std::size_t bytes) {
  return std::unique_ptr<std::uint8_t[]>(new std::uint8_t[bytes]);
}

// Ends the programme with a sentence where something is not as promised.
void must(bool holds, const char* promise);

void fuzz_pdq(Chance& chance);
void fuzz_search(Chance& chance);

}  // namespace amparo::fuzz

// fuzz SECONDS [SEED]: hash and search at random under the sanitizers until the time is over.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "fuzz/chance.h"

namespace amparo::fuzz {

static std::uint64_t seed = 0;

void must(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "Not so, with seed %llu: %s\n", static_cast<unsigned long long>(seed), promise);
  std::abort();
}

}  // namespace amparo::fuzz

int main(int count, char** words) {
  using namespace amparo::fuzz;
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(count > 1 ? std::atoi(words[1]) : 10);
  seed = count > 2 ? std::strtoull(words[2], nullptr, 10) : 1;
  unsigned long long runs = 0;
  for (; runs == 0 || Clock::now() < end; ++runs, ++seed) {
    Chance chance(seed);
    if (chance.one_in(3))
      fuzz_search(chance);
    else
      fuzz_pdq(chance);
  }
  std::printf("%llu\n", runs);
}

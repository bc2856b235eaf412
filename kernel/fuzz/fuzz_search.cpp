// Hashes of any number and any crowd: every search finds what comparing one by one finds, and damage is survived.
#include <algorithm>
#include <stdexcept>

#include "fuzz/chance.h"
#include "hamming/draft.h"
#include "hamming/join.h"
#include "hamming/memtable.h"
#include "hamming/segment.h"

namespace amparo::fuzz {
namespace {

using hamming::BYTES;
using hamming::Hit;

using Pairs = std::vector<std::vector<std::uint32_t>>;  // For each query, the places of its hits, in order.

// Some hashes are copies, some are near one of the others, and some share most of their bytes with all.
std::unique_ptr<std::uint8_t[]> crowd(Chance& chance, std::size_t number) {
  auto hashes = room(number * BYTES);
  for (std::size_t n = 0; n < number; ++n) {
    std::uint8_t* hash = hashes.get() + n * BYTES;
    for (std::size_t b = 0; b < BYTES; ++b) hash[b] = chance.byte();
    if (n == 0 || chance.one_in(2)) continue;
    const std::uint8_t* other = hashes.get() + (chance.next() % n) * BYTES;
    const std::size_t same = chance.one_in(3) ? BYTES - 2 : BYTES;
    std::copy(other, other + same, hash);
    for (std::uint64_t flips = chance.one_in(3) ? 0 : chance.up_to(40); flips > 0; --flips)
      hash[chance.next() % BYTES] ^= static_cast<std::uint8_t>(1u << chance.next() % 8);
  }
  return hashes;
}

Pairs one_by_one(const std::uint8_t* hashes, std::size_t number, const std::uint8_t* queries, std::size_t count,
                 unsigned distance) {
  Pairs pairs(count);
  for (std::size_t q = 0; q < count; ++q)
    for (std::size_t n = 0; n < number; ++n) {
      unsigned differing = 0;
      for (std::size_t b = 0; b < BYTES; ++b)
        differing += static_cast<unsigned>(__builtin_popcount(hashes[n * BYTES + b] ^ queries[q * BYTES + b]));
      if (differing <= distance) pairs[q].push_back(static_cast<std::uint32_t>(n));
    }
  return pairs;
}

template <typename Expand>
Pairs in_order(const std::vector<Hit>& hits, const std::vector<std::uint64_t>& ends, Expand expand) {
  Pairs pairs;
  std::size_t at = 0;
  for (const std::uint64_t end : ends) {
    std::vector<std::uint32_t> places;
    for (; at < end; ++at) expand(hits[at].row, places);
    std::sort(places.begin(), places.end());
    pairs.push_back(std::move(places));
  }
  return pairs;
}

void itself(std::uint32_t row, std::vector<std::uint32_t>& places) { places.push_back(row); }

// Overwrite some bytes: the header now and then, the arrays otherwise.
void damage(Chance& chance, std::uint8_t* bytes, std::size_t size) {
  for (std::uint64_t times = 1 + chance.up_to(5); times > 0; --times) {
    const std::size_t begin = chance.one_in(4) ? chance.up_to(63) : chance.next() % size;
    const std::size_t end = std::min(size, begin + 1 + chance.up_to(100'000));
    for (std::size_t n = begin; n < end; ++n) bytes[n] = chance.byte();
  }
}

}  // namespace

void fuzz_search(Chance& chance) {
  constexpr std::size_t CHUNKS[] = {0, 16, 16, 16};
  // Eleven chunks have half a gigabyte of tables, so they are rare here.
  const std::size_t chunks = chance.one_in(40) ? 11 : CHUNKS[chance.next() % 4];
  const std::size_t number = chance.up_to(6000), count = chance.up_to(6);
  const unsigned distance = static_cast<unsigned>(chance.one_in(3) ? chance.up_to(256) : 31);
  const auto hashes = crowd(chance, number), queries = room(count * BYTES);
  for (std::size_t n = 0; n < count * BYTES; ++n) queries[n] = chance.byte();
  if (number > 0)
    for (std::size_t q = 0; q < count; ++q)
      std::copy_n(hashes.get() + (chance.next() % number) * BYTES, BYTES - chance.up_to(6), queries.get() + q * BYTES);
  const Pairs truth = one_by_one(hashes.get(), number, queries.get(), count, distance);

  const hamming::Draft draft(hashes.get(), number, chunks);
  const std::size_t size = draft.layout().size;
  const auto bytes = room(size);
  draft.write(bytes.get());
  hamming::Memtable memtable;
  const std::size_t half = number / 2;
  memtable.add(hashes.get(), half);
  memtable.add(hashes.get() + half * BYTES, number - half);
  std::vector<std::uint64_t> columns(number * hamming::WORDS);
  hamming::write_columns(hashes.get(), number, columns.data());

  for (const Instructions& each : available()) {
    use(each.name);
    std::vector<Hit> hits;
    std::vector<std::uint64_t> ends;
    const hamming::Segment segment(bytes.get(), size);
    segment.search(queries.get(), count, distance, hits, ends);
    must(in_order(hits, ends, [&](auto row, auto& places) { segment.items(row, places); }) == truth,
         "A segment finds what there is.");
    hits.clear(), ends.clear();
    memtable.search(queries.get(), count, distance, hits, ends);
    must(in_order(hits, ends, itself) == truth, "A memtable finds what there is.");
    hits.clear(), ends.clear();
    hamming::join(columns.data(), number, queries.get(), count, distance, hits, ends);
    must(in_order(hits, ends, itself) == truth, "A join finds what there is.");
  }

  damage(chance, bytes.get(), size);
  try {
    const hamming::Segment damaged(bytes.get(), size);
    std::vector<Hit> hits;
    std::vector<std::uint64_t> ends;
    damaged.search(queries.get(), count, distance, hits, ends);
    std::vector<std::uint32_t> places;
    for (const Hit& hit : hits) damaged.items(hit.row, places);
  } catch (const std::invalid_argument&) {
    // Refused, which is as good.
  }
}

}  // namespace amparo::fuzz

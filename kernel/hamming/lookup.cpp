#include "hamming/lookup.h"

#include <algorithm>

namespace amparo::hamming {
namespace {

// Reads wait for memory, not for the processor, so what is needed soon is asked for ahead. How far, found by trying.
constexpr std::size_t KEYS_AHEAD = 24, LISTS_AHEAD = 16, ROWS_AT_ONCE = 128;

// When a query's lists are so much longer than usual, choosing other radii is worth looking at all keys.
constexpr std::uint64_t LONGER = 2, LONGER_BY = 512;

void ask_for(const void* place) { __builtin_prefetch(place); }

}  // namespace

Radii usual_radii(const std::vector<Chunk>& chunks, std::uint64_t rows, unsigned distance) {
  Costs costs{};
  for (std::size_t c = 0; c < chunks.size(); ++c)
    for (int radius = 0; radius <= WIDEST_RADIUS; ++radius) {
      const std::uint64_t keys = keys_within(chunks[c].width, radius);
      costs[c][radius + 1] = keys + rows * keys / chunks[c].keys();
    }
  return cheapest(costs, chunks.size(), distance);
}

Lookup::Lookup(const SegmentArrays& arrays, unsigned distance, const Radii& usual)
    : arrays_(arrays), distance_(distance), usual_(usual), chunks_(cut(arrays.chunks)) {
  for (std::size_t c = 0; c < chunks_.size(); ++c) lists_[c].resize(keys_within(chunks_[c].width, WIDEST_RADIUS));
}

const Radii& Lookup::radii_for(const Hash256& query) {
  std::uint64_t cost = 0;
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    key_[c] = chunks_[c].key(query.word);
    looked_up_[c] = 0;
    look_up(c, usual_.of[c]);
    cost += looked_up_[c] + listed(c, usual_.of[c]);
  }
  radii_ = usual_;
  radii_.cost = cost;
  if (cost <= LONGER * usual_.cost + LONGER_BY) return radii_;

  // Some key of this query is common. What all keys really hold decides which chunks to look at, and how far.
  Costs costs{};
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    look_up(c, WIDEST_RADIUS);
    for (int radius = 0; radius <= WIDEST_RADIUS; ++radius) costs[c][radius + 1] = listed(c, radius);
  }
  return radii_ = cheapest(costs, chunks_.size(), distance_);
}

// Note where the lists of all keys within the radius begin and end. A damaged table cannot lead outside the lists.
void Lookup::look_up(std::size_t c, int radius) {
  const std::uint32_t* table = arrays_.table[c];
  const std::uint32_t* flip = flips(chunks_[c].width).data();
  const std::size_t keys = keys_within(chunks_[c].width, radius);
  const std::uint32_t rows = static_cast<std::uint32_t>(arrays_.rows), key = key_[c];
  List* list = lists_[c].data();
  for (std::size_t k = looked_up_[c]; k < std::min(keys, looked_up_[c] + KEYS_AHEAD); ++k) ask_for(table + (key ^ flip[k]));
  for (std::size_t k = looked_up_[c]; k < keys; ++k) {
    if (k + KEYS_AHEAD < keys) ask_for(table + (key ^ flip[k + KEYS_AHEAD]));
    const std::uint32_t* of_key = table + (key ^ flip[k]);
    const std::uint32_t begin = std::min(of_key[0], rows);
    list[k] = {begin, std::clamp(of_key[1], begin, rows)};
  }
  looked_up_[c] = std::max(looked_up_[c], keys);
}

std::uint64_t Lookup::listed(std::size_t c, int radius) const {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < keys_within(chunks_[c].width, radius); ++k) sum += lists_[c][k].end - lists_[c][k].begin;
  return sum;
}

void Lookup::read_lists(const Hash256& query, CompareRows compare, std::vector<Hit>& hits) {
  std::uint32_t waiting[ROWS_AT_ONCE];
  Hit found[ROWS_AT_ONCE];
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    const std::uint32_t* numbers = arrays_.lists[c];
    const std::size_t keys = keys_within(chunks_[c].width, radii_.of[c]);
    std::size_t waits = 0;
    const auto compare_waiting = [&] {
      const std::size_t more = compare(arrays_.row, waiting, waits, query, distance_, found);
      for (std::size_t n = 0; n < more; ++n)
        if (!was_found_before(found[n].row, c)) hits.push_back(found[n]);
      waits = 0;
    };
    for (std::size_t k = 0; k < keys; ++k) {
      if (k + LISTS_AHEAD < keys) ask_for(numbers + lists_[c][k + LISTS_AHEAD].begin);
      for (std::uint32_t at = lists_[c][k].begin; at < lists_[c][k].end; ++at) {
        const std::uint32_t row = numbers[at];
        if (row >= arrays_.rows) continue;  // Only in a damaged segment.
        ask_for(arrays_.row + WORDS * static_cast<std::size_t>(row));
        waiting[waits++] = row;
        if (waits == ROWS_AT_ONCE) compare_waiting();
      }
    }
    compare_waiting();
  }
}

// A hash near in several chunks is listed under each. It counts where it comes first, which needs no memory of what
// was found: it came before if an earlier chunk of it lies within that chunk's radius.
bool Lookup::was_found_before(std::uint32_t row, std::size_t c) const {
  const std::uint64_t* words = arrays_.row + WORDS * static_cast<std::size_t>(row);
  for (std::size_t earlier = 0; earlier < c; ++earlier) {
    const int radius = radii_.of[earlier];
    if (radius >= 0 && ones(chunks_[earlier].key(words) ^ key_[earlier]) <= static_cast<unsigned>(radius)) return true;
  }
  return false;
}

}  // namespace amparo::hamming

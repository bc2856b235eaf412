#include "hamming/segment.h"

#include <algorithm>
#include <stdexcept>

#include "hamming/lookup.h"

namespace amparo::hamming {
namespace {

// So many hashes one after the other are read in the time of one that is somewhere else in memory.
constexpr std::uint64_t IN_A_ROW = 4;

template <typename Number>
const Number* array(const std::uint8_t* bytes, std::uint64_t at) {
  return reinterpret_cast<const Number*>(bytes + at);
}

}  // namespace

Segment::Segment(const std::uint8_t* bytes, std::uint64_t size) : layout_(layout_of(bytes, size)), arrays_{} {
  if (reinterpret_cast<std::uintptr_t>(bytes) % 8 != 0)
    throw std::invalid_argument("A segment must begin at a multiple of 8 bytes in memory: map its file.");
  arrays_.rows = layout_.rows;
  arrays_.chunks = layout_.chunks;
  arrays_.row = array<std::uint64_t>(bytes, layout_.rows_at);
  if (layout_.has_repeats()) {
    arrays_.starts = array<std::uint32_t>(bytes, layout_.starts_at);
    arrays_.items = array<std::uint32_t>(bytes, layout_.items_at);
  }
  for (std::size_t c = 0; c < arrays_.chunks; ++c) {
    arrays_.table[c] = array<std::uint32_t>(bytes, layout_.table_at[c]);
    arrays_.lists[c] = array<std::uint32_t>(bytes, layout_.lists_at[c]);
  }
}

void Segment::search(const std::uint8_t* queries, std::size_t count, unsigned distance, std::vector<Hit>& hits,
                     std::vector<std::uint64_t>& ends) const {
  const CompareRows compare = in_use().compare_rows;
  const Radii usual = usual_radii(cut(arrays_.chunks), arrays_.rows, distance);
  const bool has_lookup = is_cheaper_than_all(usual);
  Lookup lookup(arrays_, distance, usual);
  for (std::size_t q = 0; q < count; ++q) {
    const Hash256 query = read(queries + q * BYTES);
    if (has_lookup && is_cheaper_than_all(lookup.radii_for(query)))
      lookup.read_lists(query, compare, hits);
    else
      compare_all(query, distance, compare, hits);
    ends.push_back(hits.size());
  }
}

Radii Segment::plan(const std::uint8_t* query, unsigned distance) const {
  Radii radii = usual_radii(cut(arrays_.chunks), arrays_.rows, distance);
  if (is_cheaper_than_all(radii)) radii = Lookup(arrays_, distance, radii).radii_for(read(query));
  radii.is_possible = is_cheaper_than_all(radii);
  return radii;
}

bool Segment::is_cheaper_than_all(const Radii& radii) const {
  return radii.is_possible && radii.cost <= arrays_.rows / IN_A_ROW;
}

void Segment::compare_all(const Hash256& query, unsigned distance, CompareRows compare, std::vector<Hit>& hits) const {
  std::uint32_t numbers[BLOCK];
  Hit found[BLOCK];
  for (std::uint64_t begin = 0; begin < arrays_.rows; begin += BLOCK) {
    const std::size_t size = std::min<std::uint64_t>(BLOCK, arrays_.rows - begin);
    for (std::size_t n = 0; n < size; ++n) numbers[n] = static_cast<std::uint32_t>(begin + n);
    hits.insert(hits.end(), found, found + compare(arrays_.row, numbers, size, query, distance, found));
  }
}

void Segment::items(std::uint64_t row, std::vector<std::uint32_t>& found) const {
  if (row >= arrays_.rows) throw std::out_of_range("The segment has no such row.");
  if (!arrays_.starts) {
    found.push_back(static_cast<std::uint32_t>(row));
    return;
  }
  const std::uint64_t begin = std::min<std::uint64_t>(arrays_.starts[row], layout_.items);
  const std::uint64_t end = std::clamp<std::uint64_t>(arrays_.starts[row + 1], begin, layout_.items);
  found.insert(found.end(), arrays_.items + begin, arrays_.items + end);
}

const std::uint8_t* Segment::hash(std::uint64_t row) const {
  if (row >= arrays_.rows) throw std::out_of_range("The segment has no such row.");
  return reinterpret_cast<const std::uint8_t*>(arrays_.row + WORDS * row);
}

}  // namespace amparo::hamming

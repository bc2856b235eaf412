// A segment being searched, straight from the bytes of its file.
#pragma once
#include "hamming/format.h"
#include "hamming/pigeonhole.h"
#include "instructions.h"

namespace amparo::hamming {

// Where the arrays of a segment are in memory.
struct SegmentArrays {
  std::uint64_t rows;
  std::size_t chunks;
  const std::uint64_t* row;
  const std::uint32_t *starts, *items;  // Null where no hash occurred twice.
  std::array<const std::uint32_t*, MOST_CHUNKS> table, lists;
};

// Finds every hash within a distance, and says so exactly: none missed, none too far, none capped.
// Reads the bytes where they are, so that all processes of a machine share one copy. Damaged arrays give wrong
// answers but never a read outside them: whoever keeps the file compares its digest.
class Segment {
 public:
  // Throws std::invalid_argument where the bytes are no segment, or do not begin at a multiple of 8.
  Segment(const std::uint8_t* bytes, std::uint64_t size);

  const Layout& layout() const { return layout_; }

  // Append the hits of each query, in no particular order, and note after each how many there are by then.
  void search(const std::uint8_t* queries, std::size_t count, unsigned distance, std::vector<Hit>& hits,
              std::vector<std::uint64_t>& ends) const;

  // How a query would be answered; where `is_possible` is false, by comparing all. For tests and the curious.
  Radii plan(const std::uint8_t* query, unsigned distance) const;

  // Append the items of a row. Throws std::out_of_range where there is no such row.
  void items(std::uint64_t row, std::vector<std::uint32_t>& found) const;

  // The 32 bytes of a row's hash. Throws std::out_of_range where there is no such row.
  const std::uint8_t* hash(std::uint64_t row) const;

 private:
  bool is_cheaper_than_all(const Radii& radii) const;
  void compare_all(const Hash256& query, unsigned distance, CompareRows compare, std::vector<Hit>& hits) const;

  Layout layout_;
  SegmentArrays arrays_;
};

}  // namespace amparo::hamming

// One query after the other in a segment with chunks.
#pragma once
#include "hamming/segment.h"

namespace amparo::hamming {

// Decides for each query which lists to read, and reads them. Keeps its memory from one query to the next.
class Lookup {
 public:
  // `usual` are the radii that would be cheapest if all keys were equally common.
  Lookup(const SegmentArrays& arrays, unsigned distance, const Radii& usual);

  // The radii for this query by what really stands under its keys, which are then looked up.
  const Radii& radii_for(const Hash256& query);

  // Append the hits in the lists chosen by the last `radii_for`, each once.
  void read_lists(const Hash256& query, CompareRows compare, std::vector<Hit>& hits);

 private:
  struct List {
    std::uint32_t begin, end;
  };

  void look_up(std::size_t c, int radius);
  std::uint64_t listed(std::size_t c, int radius) const;
  bool was_found_before(std::uint32_t row, std::size_t c) const;

  const SegmentArrays& arrays_;
  unsigned distance_;
  Radii usual_, radii_;
  std::vector<Chunk> chunks_;
  std::array<std::uint32_t, MOST_CHUNKS> key_{};
  std::array<std::vector<List>, MOST_CHUNKS> lists_;  // Under each of the keys near this chunk's key, nearest first.
  std::array<std::size_t, MOST_CHUNKS> looked_up_{};  // How many of them have been read for this query.
};

// The radii that are cheapest if all keys are equally common.
Radii usual_radii(const std::vector<Chunk>& chunks, std::uint64_t rows, unsigned distance);

}  // namespace amparo::hamming

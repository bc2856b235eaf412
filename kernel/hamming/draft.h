// A segment about to be written.
#pragma once
#include "hamming/format.h"

namespace amparo::hamming {

// Collapses equal hashes, and says how long the segment will be before a byte of it is written.
// Keeps a reference to the hashes; they must stay as they are until `write` has returned.
class Draft {
 public:
  // `hashes` are `items` times 32 bytes. Throws std::invalid_argument where they are too many for one segment.
  Draft(const std::uint8_t* hashes, std::uint64_t items, std::size_t chunks);
  Draft(const std::uint8_t* hashes, std::uint64_t items);  // With as many chunks as serve so many best.

  const Layout& layout() const { return layout_; }

  // Write the segment into `layout().size` bytes.
  void write(std::uint8_t* bytes) const;

 private:
  struct Distinct {
    std::vector<std::uint32_t> first;   // For each row, the item at which its hash stood first.
    std::vector<std::uint32_t> row_of;  // For each item, its row.
  };
  static Distinct collapse(const std::uint8_t* hashes, std::uint64_t items);
  Draft(const std::uint8_t* hashes, std::uint64_t items, Distinct distinct, std::size_t chunks);

  void write_repeats(std::uint8_t* bytes) const;
  void write_chunk(std::uint8_t* bytes, std::size_t c, const Chunk& chunk) const;

  const std::uint8_t* hashes_;
  Distinct distinct_;
  Layout layout_;
};

}  // namespace amparo::hamming

// How a segment lies in memory and in its file, which are the same: flat arrays, found by arithmetic.
//
//   header     64 bytes
//   rows       32 bytes for each distinct hash, in order of first appearance
//   starts     rows + 1 numbers: where each row's items begin. Left out, with the next, where no hash occurred twice:
//   items      the places in the input at which a row's hash stood; then row n is item n
//   for each chunk
//     table    for each key, where its list begins (one number more than there are keys)
//     lists    the rows with each key, one list after the other
//
// Numbers have 32 bits in the byte order of the machine that wrote them; each array begins at a multiple of 64 bytes.
#pragma once
#include <array>

#include "hamming/chunks.h"

namespace amparo::hamming {

// A number that no row and no item can have, so that counts fit, too.
constexpr std::uint64_t MOST_ROWS = 0xFFFFFFFEu;

struct Header {
  char magic[8];
  std::uint32_t byte_order, chunks;
  std::uint64_t rows, items, size, reserved[3];
};
static_assert(sizeof(Header) == 64);

// Where everything stands, in bytes from the beginning. Follows from three numbers alone.
struct Layout {
  std::uint64_t rows, items, chunks, size;
  std::uint64_t rows_at, starts_at, items_at;
  std::array<std::uint64_t, MOST_CHUNKS> table_at, lists_at;

  Layout(std::uint64_t rows, std::uint64_t items, std::uint64_t chunks);
  bool has_repeats() const { return items != rows; }
  Header header() const;
};

// Return the layout of a segment of `size` bytes. Throws std::invalid_argument with a sentence where it is none.
Layout layout_of(const std::uint8_t* bytes, std::uint64_t size);

}  // namespace amparo::hamming

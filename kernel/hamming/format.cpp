#include "hamming/format.h"

#include <stdexcept>

namespace amparo::hamming {
namespace {

constexpr char MAGIC[8] = {'A', 'M', 'P', 'S', 'E', 'G', '0', '1'};
constexpr std::uint32_t WRITTEN_AS = 0x01020304;

// The place of the next array, and the first byte after it.
std::uint64_t place(std::uint64_t& end, std::uint64_t bytes) {
  const std::uint64_t begin = (end + 63) / 64 * 64;
  end = begin + bytes;
  return begin;
}

}  // namespace

Layout::Layout(std::uint64_t rows_, std::uint64_t items_, std::uint64_t chunks_)
    : rows(rows_), items(items_), chunks(chunks_), starts_at(0), items_at(0), table_at(), lists_at() {
  std::uint64_t end = sizeof(Header);
  rows_at = place(end, rows * BYTES);
  if (has_repeats()) {
    starts_at = place(end, (rows + 1) * 4);
    items_at = place(end, items * 4);
  }
  const std::vector<Chunk> all = cut(chunks);
  for (std::size_t c = 0; c < all.size(); ++c) {
    table_at[c] = place(end, (all[c].keys() + 1) * 4);
    lists_at[c] = place(end, rows * 4);
  }
  size = end;
}

Header Layout::header() const {
  Header header{};
  std::memcpy(header.magic, MAGIC, sizeof MAGIC);
  header.byte_order = WRITTEN_AS;
  header.chunks = static_cast<std::uint32_t>(chunks);
  header.rows = rows;
  header.items = items;
  header.size = size;
  return header;
}

Layout layout_of(const std::uint8_t* bytes, std::uint64_t size) {
  if (size < sizeof(Header)) throw std::invalid_argument("This is no segment: it is shorter than a segment's header.");
  Header header;
  std::memcpy(&header, bytes, sizeof header);
  if (std::memcmp(header.magic, MAGIC, sizeof MAGIC) != 0)
    throw std::invalid_argument("This is no segment of this version: build it again from the database.");
  if (header.byte_order != WRITTEN_AS)
    throw std::invalid_argument("This segment was built on a machine of another byte order: build it again here.");
  const bool is_sane = (header.chunks == 0 || header.chunks == 11 || header.chunks == 16) &&
                       header.rows <= header.items && header.items <= MOST_ROWS;
  if (!is_sane) throw std::invalid_argument("This segment's header is damaged: build it again from the database.");
  const Layout layout(header.rows, header.items, header.chunks);
  if (layout.size != header.size || layout.size != size)
    throw std::invalid_argument("This segment is cut short or too long: build it again from the database.");
  return layout;
}

}  // namespace amparo::hamming

#include "hamming/draft.h"

#include <random>
#include <stdexcept>
#include <utility>

namespace amparo::hamming {
namespace {

constexpr std::uint32_t NOBODY = 0xFFFFFFFF;

// How many rows ahead a place in a large table is asked for.
constexpr std::uint64_t AHEAD = 16;

// Spread all 256 bits over a table. Which numbers, does not matter: they are odd and look random. The secret differs in
// each process, so that nobody can make up a list of hashes that all want the same place; no answer depends on it.
std::size_t spread(const Hash256& hash) {
  static const std::uint64_t secret = std::random_device{}() | std::uint64_t{std::random_device{}()} << 32;
  std::uint64_t mixed = (hash.word[0] ^ secret) * 0x9E3779B97F4A7C15u;
  for (std::size_t w = 1; w < WORDS; ++w) mixed = ((mixed ^ (mixed >> 29)) + hash.word[w]) * 0xBF58476D1CE4E5B9u;
  return mixed ^ (mixed >> 32);
}

}  // namespace

Draft::Distinct Draft::collapse(const std::uint8_t* hashes, std::uint64_t items) {
  if (items > MOST_ROWS)
    throw std::invalid_argument("A segment holds at most 4,294,967,294 hashes: write several segments.");
  // An open table of rows by what their hash is, at most half full, so that a search in it is short.
  std::size_t places = 16;
  while (places < 2 * items) places *= 2;
  std::vector<std::uint32_t> row_at(places, NOBODY);
  Distinct distinct;
  distinct.row_of.reserve(items);
  for (std::uint64_t item = 0; item < items; ++item) {
    if (item + AHEAD < items)
      __builtin_prefetch(row_at.data() + (spread(read(hashes + (item + AHEAD) * BYTES)) & (places - 1)), 1);
    const std::uint8_t* bytes = hashes + item * BYTES;
    std::size_t at = spread(read(bytes)) & (places - 1);
    while (row_at[at] != NOBODY &&
           std::memcmp(hashes + static_cast<std::uint64_t>(distinct.first[row_at[at]]) * BYTES, bytes, BYTES) != 0)
      at = (at + 1) & (places - 1);
    if (row_at[at] == NOBODY) {
      row_at[at] = static_cast<std::uint32_t>(distinct.first.size());
      distinct.first.push_back(static_cast<std::uint32_t>(item));
    }
    distinct.row_of.push_back(row_at[at]);
  }
  return distinct;
}

Draft::Draft(const std::uint8_t* hashes, std::uint64_t items, Distinct distinct, std::size_t chunks)
    : hashes_(hashes), distinct_(std::move(distinct)), layout_(distinct_.first.size(), items, chunks) {}

Draft::Draft(const std::uint8_t* hashes, std::uint64_t items, std::size_t chunks)
    : Draft(hashes, items, collapse(hashes, items), chunks) {}

Draft::Draft(const std::uint8_t* hashes, std::uint64_t items) : Draft(hashes, items, collapse(hashes, items), 0) {
  layout_ = Layout(layout_.rows, items, best_count(layout_.rows));
}

void Draft::write(std::uint8_t* bytes) const {
  const Header header = layout_.header();
  std::memcpy(bytes, &header, sizeof header);
  for (std::uint64_t row = 0; row < layout_.rows; ++row)
    std::memcpy(bytes + layout_.rows_at + row * BYTES,
                hashes_ + static_cast<std::uint64_t>(distinct_.first[row]) * BYTES, BYTES);
  if (layout_.has_repeats()) write_repeats(bytes);
  const std::vector<Chunk> chunks = cut(layout_.chunks);
  for (std::size_t c = 0; c < chunks.size(); ++c) write_chunk(bytes, c, chunks[c]);
}

// A counting sort of the items by row: count, add up, and fill from the end so that equal ones keep their order.
void Draft::write_repeats(std::uint8_t* bytes) const {
  std::uint32_t* starts = reinterpret_cast<std::uint32_t*>(bytes + layout_.starts_at);
  std::uint32_t* items = reinterpret_cast<std::uint32_t*>(bytes + layout_.items_at);
  std::memset(starts, 0, (layout_.rows + 1) * 4);
  for (const std::uint32_t row : distinct_.row_of) ++starts[row];
  std::uint32_t sum = 0;
  for (std::uint64_t row = 0; row <= layout_.rows; ++row) starts[row] = sum += starts[row];
  for (std::uint64_t item = layout_.items; item-- > 0;)
    items[--starts[distinct_.row_of[item]]] = static_cast<std::uint32_t>(item);
}

// The same sort of the rows by their key. Each key is somewhere else in the table, so it is asked for ahead.
void Draft::write_chunk(std::uint8_t* bytes, std::size_t c, const Chunk& chunk) const {
  const std::uint64_t* words = reinterpret_cast<const std::uint64_t*>(bytes + layout_.rows_at);
  std::uint32_t* table = reinterpret_cast<std::uint32_t*>(bytes + layout_.table_at[c]);
  std::uint32_t* lists = reinterpret_cast<std::uint32_t*>(bytes + layout_.lists_at[c]);
  const std::uint64_t rows = layout_.rows;
  std::memset(table, 0, (chunk.keys() + 1) * 4);
  for (std::uint64_t row = 0; row < rows; ++row) {
    if (row + AHEAD < rows) __builtin_prefetch(table + chunk.key(words + (row + AHEAD) * WORDS), 1);
    ++table[chunk.key(words + row * WORDS)];
  }
  std::uint32_t sum = 0;
  for (std::size_t key = 0; key <= chunk.keys(); ++key) table[key] = sum += table[key];
  for (std::uint64_t row = rows; row-- > 0;) {
    if (row >= AHEAD) __builtin_prefetch(table + chunk.key(words + (row - AHEAD) * WORDS), 1);
    lists[--table[chunk.key(words + row * WORDS)]] = static_cast<std::uint32_t>(row);
  }
}

}  // namespace amparo::hamming

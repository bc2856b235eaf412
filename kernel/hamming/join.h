// Many queries against many hashes, without an index.
#pragma once
#include "instructions.h"

namespace amparo::hamming {

// Write `count` hashes of 32 bytes as four columns of words, one after the other.
void write_columns(const std::uint8_t* hashes, std::size_t count, std::uint64_t* columns);

// Append the hits of each query among `size` hashes in columns, and note after each how many there are by then.
// Each block is read from memory once and compared with every query while it is near, so a batch costs little more
// memory traffic than one query.
void join(const std::uint64_t* columns, std::uint64_t size, const std::uint8_t* queries, std::size_t count,
          unsigned distance, std::vector<Hit>& hits, std::vector<std::uint64_t>& ends);

}  // namespace amparo::hamming

// PDQ, the perceptual hash for pictures published by Facebook in 2019 ("PDQ & TMK + PDQF", and "PDQ", 2017).
// 256 bits that stay nearly the same when a picture is recompressed or resized; two within 31 bits are a match.
//
//   analyse          steps 1 to 3, reading each byte about once
//   write_hash       step 4; says whether rounding could have decided a bit
//   analyse_again    where it could: steps 1 to 3 with the reference's own rounding
#pragma once
#include "pdq/bits.h"
#include "pdq/dihedral.h"
#include "pdq/image.h"
#include "pdq/weigh_rows.h"

namespace amparo::pdq {

struct Analysis {
  float waves[WAVES][WAVES];
  int quality;
  bool is_sure;  // Of its quality; of its bits `write_hash` knows.
};

// Whether there is a hash at all. Where not, it is 32 zero bytes of quality 0, as in the reference.
inline bool is_hashable(const Image& image) { return image.height >= SMALLEST && image.width >= SMALLEST; }

// `scratch` has `scratch_floats` of the image's size.
Analysis analyse(const Image& image, WeighRows weigh, float* scratch);
size_t scratch_floats(size_t height, size_t width, size_t channels);

// `scratch` has `reference_floats` of the image's size.
Analysis analyse_again(const Image& image, float* scratch);
size_t reference_floats(size_t height, size_t width);

// Both return whether the hash is sure to be the reference's, quality included.
bool write_hash(const Analysis& analysis, uint8_t hash[HASH_BYTES]);
bool write_turns(const Analysis& analysis, uint8_t hashes[TURNS][HASH_BYTES]);  // In the order of `Turn`.

}  // namespace amparo::pdq

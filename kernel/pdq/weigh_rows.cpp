#include "pdq/weigh_rows.h"

namespace amparo::pdq {
namespace {

// So much of the line at a time stays in the processor's nearest cache while all rows are added to it.
constexpr size_t BLOCK = 4096;

// Written once; the compiler makes of it what the instructions of its caller allow.
__attribute__((always_inline)) inline void weigh(const uint8_t* __restrict bytes, ptrdiff_t stride,
                                                 const float* __restrict weights, size_t rows, float* __restrict line,
                                                 size_t width) {
  for (size_t begin = 0; begin < width; begin += BLOCK) {
    const size_t size = width - begin < BLOCK ? width - begin : BLOCK;
    float* __restrict sum = line + begin;
    for (size_t x = 0; x < size; ++x) sum[x] = 0;
    size_t row = 0;
    // Four rows together read and write the sums once instead of four times.
    for (; row + 4 <= rows; row += 4) {
      const uint8_t* __restrict a = bytes + static_cast<ptrdiff_t>(row) * stride + begin;
      const uint8_t* __restrict b = a + stride;
      const uint8_t* __restrict c = b + stride;
      const uint8_t* __restrict d = c + stride;
      const float wa = weights[row], wb = weights[row + 1], wc = weights[row + 2], wd = weights[row + 3];
      for (size_t x = 0; x < size; ++x) sum[x] += wa * a[x] + wb * b[x] + (wc * c[x] + wd * d[x]);
    }
    for (; row < rows; ++row) {
      const uint8_t* __restrict a = bytes + static_cast<ptrdiff_t>(row) * stride + begin;
      const float weight = weights[row];
      for (size_t x = 0; x < size; ++x) sum[x] += weight * a[x];
    }
  }
}

}  // namespace

void weigh_rows(const uint8_t* bytes, ptrdiff_t stride, const float* weights, size_t rows, float* line, size_t width) {
  weigh(bytes, stride, weights, rows, line, width);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void weigh_rows_avx2(const uint8_t* bytes, ptrdiff_t stride, const float* weights,
                                                     size_t rows, float* line, size_t width) {
  weigh(bytes, stride, weights, rows, line, width);
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) void weigh_rows_avx512(const uint8_t* bytes, ptrdiff_t stride,
                                                                            const float* weights, size_t rows,
                                                                            float* line, size_t width) {
  weigh(bytes, stride, weights, rows, line, width);
}
#endif

}  // namespace amparo::pdq

// The loop that takes nearly all the time of a hash: it touches every byte of the image.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace amparo::pdq {

// Set line[x] to the sum over `rows` rows of weights[row] * bytes[row * stride + x], for each x < width.
// Every variant adds in the same order, so all of them give the same sums to the bit.
using WeighRows = void (*)(const uint8_t* bytes, ptrdiff_t stride, const float* weights, size_t rows, float* line,
                           size_t width);

void weigh_rows(const uint8_t*, ptrdiff_t, const float*, size_t, float*, size_t);
#if defined(__x86_64__)
void weigh_rows_avx2(const uint8_t*, ptrdiff_t, const float*, size_t, float*, size_t);
void weigh_rows_avx512(const uint8_t*, ptrdiff_t, const float*, size_t, float*, size_t);
#endif

}  // namespace amparo::pdq

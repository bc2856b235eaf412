// Step 2 of PDQ: how much there is to see.
#pragma once
#include "pdq/image.h"

namespace amparo::pdq {

// 0 (blank) to 100. Below 50 a hash says little, and is not to be matched ("PDQ", 2017, "Quality metric").
// It is sure where the reference's rounding errors cannot make it another number.
struct Quality {
  int value;
  bool is_sure;
};

Quality quality_of(const float samples[SAMPLES][SAMPLES]);

}  // namespace amparo::pdq

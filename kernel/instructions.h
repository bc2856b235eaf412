// Which processor instructions the hot loops use: chosen when the module is loaded, and again by whoever tests.
#pragma once
#include <vector>

#include "hamming/compare.h"
#include "pdq/weigh_rows.h"

namespace amparo {

// The few loops that take nearly all the time, in one choice of instructions.
// Every choice gives the same answers to the bit; they differ in speed alone.
struct Instructions {
  const char* name;
  pdq::WeighRows weigh_rows;
  hamming::CompareColumns compare_columns;
  hamming::CompareRows compare_rows;
};

// What this processor can run, the fastest first. The last, "portable", runs everywhere.
const std::vector<Instructions>& available();

// What is in use now.
const Instructions& in_use();

// Use another of the available ones from now on. Returns false, and changes nothing, where there is none of that name.
bool use(const char* name);

}  // namespace amparo

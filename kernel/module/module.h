// The parts of amparo._kernel.
#pragma once
#include <nanobind/nanobind.h>

namespace amparo {

void add_pdq(nanobind::module_& module);
void add_hamming(nanobind::module_& module);

}  // namespace amparo

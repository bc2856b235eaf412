// The module amparo._kernel. What it promises to Python stands in src/amparo/_kernel.pyi.
#include "module/module.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "instructions.h"

namespace nb = nanobind;

NB_MODULE(_kernel, module) {
  module.doc() = "PDQ in one pass, and exact range search among 256-bit hashes.";
  module.def(
      "instructions",
      [] {
        std::vector<std::string> names;
        for (const amparo::Instructions& each : amparo::available()) names.emplace_back(each.name);
        return names;
      },
      "Return the choices of instructions that this processor can run, the fastest first.");
  module.def(
      "instructions_in_use", [] { return std::string(amparo::in_use().name); },
      "Return the choice of instructions in use.");
  module.def(
      "use_instructions",
      [](const std::string& name) {
        if (!amparo::use(name.c_str()))
          throw nb::value_error("This processor does not have these instructions: see instructions().");
      },
      nb::arg("name"), "Use another choice of instructions from now on, in all threads. The answers stay the same.");
  amparo::add_pdq(module);
  amparo::add_hamming(module);
}

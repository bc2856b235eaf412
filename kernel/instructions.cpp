#include "instructions.h"

#include <atomic>
#include <cstring>

namespace amparo {
namespace {

std::vector<Instructions> found() {
  std::vector<Instructions> all;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vpopcntdq"))
    all.push_back({"avx512", pdq::weigh_rows_avx512, hamming::compare_columns_avx512, hamming::compare_rows_avx512});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
    all.push_back({"avx2", pdq::weigh_rows_avx2, hamming::compare_columns_avx2, hamming::compare_rows_avx2});
#endif
  all.push_back({"portable", pdq::weigh_rows, hamming::compare_columns, hamming::compare_rows});
  return all;
}

std::atomic<const Instructions*> chosen{nullptr};

}  // namespace

const std::vector<Instructions>& available() {
  static const std::vector<Instructions> all = found();
  return all;
}

const Instructions& in_use() {
  const Instructions* now = chosen.load(std::memory_order_acquire);
  return now ? *now : available().front();
}

bool use(const char* name) {
  for (const Instructions& each : available())
    if (std::strcmp(each.name, name) == 0) {
      chosen.store(&each, std::memory_order_release);
      return true;
    }
  return false;
}

}  // namespace amparo

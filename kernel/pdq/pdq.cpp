#include "pdq/pdq.h"

#include "pdq/dct.h"
#include "pdq/quality.h"
#include "pdq/reference.h"
#include "pdq/samples.h"

namespace amparo::pdq {
namespace {

Analysis analysis_of(const float samples[SAMPLES][SAMPLES]) {
  Analysis analysis;
  const Quality quality = quality_of(samples);
  analysis.quality = quality.value;
  analysis.is_sure = quality.is_sure;
  waves_of(samples, analysis.waves);
  return analysis;
}

}  // namespace

Analysis analyse(const Image& image, WeighRows weigh, float* scratch) {
  float samples[SAMPLES][SAMPLES];
  take_samples(image, weigh, scratch, samples);
  return analysis_of(samples);
}

Analysis analyse_again(const Image& image, float* scratch) {
  float samples[SAMPLES][SAMPLES];
  take_samples_as_reference(image, scratch, samples);
  return analysis_of(samples);
}

bool write_hash(const Analysis& analysis, uint8_t hash[HASH_BYTES]) {
  return bits_of(analysis.waves, hash) && analysis.is_sure;
}

bool write_turns(const Analysis& analysis, uint8_t hashes[TURNS][HASH_BYTES]) {
  bool is_sure = analysis.is_sure;
  for (size_t turn = 0; turn < TURNS; ++turn) {
    float turned[WAVES][WAVES];
    turn_waves(analysis.waves, static_cast<Turn>(turn), turned);
    is_sure = bits_of(turned, hashes[turn]) && is_sure;
  }
  return is_sure;
}

}  // namespace amparo::pdq

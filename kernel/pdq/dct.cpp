#include "pdq/dct.h"

namespace amparo::pdq {
namespace {

// cos(k * pi / 128) for a quarter turn. A table, because the cosines of two systems' libraries may differ in the last
// bit, and a hash must not.
constexpr double QUARTER[65] = {
    1.0, 0.9996988186962042, 0.9987954562051724, 0.9972904566786902, 0.9951847266721969, 0.99247953459871,
    0.989176509964781, 0.9852776423889412, 0.9807852804032304, 0.9757021300385286, 0.970031253194544,
    0.9637760657954398, 0.9569403357322088, 0.9495281805930367, 0.9415440651830208, 0.9329927988347388,
    0.9238795325112867, 0.9142097557035307, 0.9039892931234433, 0.8932243011955153, 0.881921264348355,
    0.8700869911087115, 0.8577286100002721, 0.8448535652497071, 0.8314696123025452, 0.8175848131515837,
    0.8032075314806449, 0.7883464276266062, 0.773010453362737, 0.7572088465064846, 0.7409511253549591,
    0.7242470829514669, 0.7071067811865476, 0.6895405447370669, 0.6715589548470184, 0.6531728429537768,
    0.6343932841636455, 0.6152315905806268, 0.5956993044924334, 0.5758081914178453, 0.5555702330196022,
    0.5349976198870973, 0.5141027441932218, 0.49289819222978404, 0.47139673682599764, 0.4496113296546066,
    0.4275550934302821, 0.40524131400498986, 0.3826834323650898, 0.35989503653498817, 0.33688985339222005,
    0.31368174039889146, 0.2902846772544624, 0.26671275747489837, 0.2429801799032639, 0.2191012401568698,
    0.19509032201612828, 0.17096188876030122, 0.14673047445536175, 0.1224106751992162, 0.0980171403295606,
    0.07356456359966743, 0.049067674327418015, 0.024541228522912288, 0.0
};

constexpr double cosine(size_t turns) {  // In units of pi / 128.
  turns %= 256;
  if (turns > 128) turns = 256 - turns;
  return turns <= 64 ? QUARTER[turns] : -QUARTER[128 - turns];
}

// The value of wave u at sample k, scaled so that the transform keeps lengths: sqrt(2 / 64), as the float it is in the
// reference.
struct Basis {
  float at[WAVES][SAMPLES];

  constexpr Basis() : at() {
    const double scale = 0.17677669529663687f;
    for (size_t u = 0; u < WAVES; ++u)
      for (size_t k = 0; k < SAMPLES; ++k) at[u][k] = static_cast<float>(scale * cosine((u + 1) * (2 * k + 1)));
  }
};

constexpr Basis BASIS;

}  // namespace

void waves_of(const float samples[SAMPLES][SAMPLES], float waves[WAVES][WAVES]) {
  // The transform of columns, then that of rows. Sums run in the reference's order: from the first sample to the last.
  float half[WAVES][SAMPLES];
  for (size_t u = 0; u < WAVES; ++u) {
    for (size_t j = 0; j < SAMPLES; ++j) half[u][j] = 0;
    for (size_t k = 0; k < SAMPLES; ++k)
      for (size_t j = 0; j < SAMPLES; ++j) half[u][j] += BASIS.at[u][k] * samples[k][j];
  }
  for (size_t u = 0; u < WAVES; ++u)
    for (size_t v = 0; v < WAVES; ++v) {
      float sum = 0;
      for (size_t k = 0; k < SAMPLES; ++k) sum += half[u][k] * BASIS.at[v][k];
      waves[u][v] = sum;
    }
}

}  // namespace amparo::pdq

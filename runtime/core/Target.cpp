// Instruction sets of x86-64: the micro-architecture levels of the x86-64 psABI, section 3.1.1.
#include "runtime/core/Target.h"

#include "runtime/core/Names.h"

#include <cpuid.h>

namespace ravine::core {

namespace {

constexpr bool hasAll(uint64_t bits, uint64_t wanted) {
  return (bits & wanted) == wanted;
}

/// The register states that the operating system saves: XCR0.
uint64_t enabledStates() {
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t{high} << 32 | low;
}

struct Registers {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

Registers identify(unsigned leaf) {
  Registers r;
  if (__get_cpuid_count(leaf, 0, &r.a, &r.b, &r.c, &r.d) == 0)
    r = {};
  return r;
}

constexpr unsigned osXSave = 1u << 27;
// Leaf 1, ecx: SSE3, SSSE3, FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, AVX, F16C.
constexpr unsigned v3Basic =
    1u << 0 | 1u << 9 | 1u << 12 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 22 | 1u << 23 | 1u << 28 | 1u << 29;
// Leaf 7, ebx: BMI1, AVX2, BMI2.
constexpr unsigned v3Extended = 1u << 3 | 1u << 5 | 1u << 8;
// Leaf 0x80000001, ecx: LAHF, LZCNT.
constexpr unsigned v3Further = 1u << 0 | 1u << 5;
// Leaf 7, ebx: AVX-512 F, DQ, CD, BW, VL.
constexpr unsigned v4Extended = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
// XCR0: the XMM and YMM registers; the masks and both parts of the ZMM registers.
constexpr uint64_t avxStates = 0x06;
constexpr uint64_t avx512States = 0xE6;

} // namespace

uint32_t supportedTargets() {
  Registers basic = identify(1), extended = identify(7), further = identify(0x80000001);
  if (!hasAll(basic.c, osXSave | v3Basic) || !hasAll(extended.b, v3Extended) || !hasAll(further.c, v3Further))
    return 0;
  uint64_t states = enabledStates();
  if (!hasAll(states, avxStates))
    return 0;
  uint32_t supported = 1u << RAVINE_TARGET_X86_64_V3;
  if (hasAll(extended.b, v4Extended) && hasAll(states, avx512States))
    supported |= 1u << RAVINE_TARGET_X86_64_V4;
  return supported;
}

ravine_status chooseTarget(const ravine_plan_library &library, uint32_t supported, const char *requested,
                           uint32_t &index, Error error) {
  NameList names(library.target_names, library.target_count);
  auto runs = [&](size_t target) { return (supported >> library.targets[target] & 1) != 0; };

  if (requested != nullptr && *requested != '\0') {
    size_t named = names.find(requested);
    if (named == names.count())
      return error(RAVINE_ERROR_TARGET, Sentence() << "RAVINE_ISA is " << Quoted{requested}
                                                   << ", but the library has kernels for " << names);
    if (!runs(named))
      return error(RAVINE_ERROR_TARGET,
                   Sentence() << "RAVINE_ISA is " << Quoted{requested} << ", which this processor cannot run");
    index = static_cast<uint32_t>(named);
    return RAVINE_OK;
  }

  for (uint32_t target = library.target_count; target-- > 0;)
    if (runs(target)) {
      index = target;
      return RAVINE_OK;
    }
  return error(RAVINE_ERROR_TARGET, Sentence()
                                        << "this processor runs none of the instruction sets that the library has"
                                        << " kernels for: " << names);
}

} // namespace ravine::core

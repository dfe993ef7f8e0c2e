// What kernels do between memory and registers: numbers are widened exactly and rounded once, at every length and
// place.
#include "test/codegen/StoredNumbers.h"
#include "test/codegen/SweepKernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <random>

using namespace ravine;
using namespace ravine::test;

namespace {

std::string buffer(const std::string &name, const std::string &number, bool isRead, bool isWritten) {
  return "#sweep.buffer<state, \"" + name + "\", 0, element, " + number + ", " + (isRead ? "true" : "false") + ", " +
         (isWritten ? "true" : "false") + ">";
}

/// Reads one buffer and writes the other, by way of a register of `computed`.
SweepSource copy(const std::string &from, const std::string &computed, const std::string &to) {
  return {from + "_" + computed + "_" + to, buffer("a", from, true, false) + ", " + buffer("b", to, false, true), "",
          "^bb0(%a: " + computed + "):\n  sweep.yield %a : " + computed};
}

/// The same with a product in between, with numbers of f32 that the compiler does not know.
SweepSource scaled(const std::string &number) {
  return {"scaled_" + number,
          buffer("a", number, true, false) + ", " + buffer("scale", "f32", true, false) + ", " +
              buffer("b", number, false, true),
          "", "^bb0(%a: f32, %scale: f32):\n  %b = arith.mulf %a, %scale : f32\n  sweep.yield %b : f32"};
}

template <typename To, typename From>
std::vector<To> run(ravine_kernel_function kernel, const std::vector<From> &from) {
  std::vector<To> to(from.size());
  void *buffers[] = {const_cast<From *>(from.data()), to.data()};
  kernel(buffers, nullptr, 0, static_cast<int64_t>(from.size()), nullptr);
  return to;
}

/// Two bits patterns of f32 or f64 are the same number; NaN is like NaN of the same sign.
template <typename Number> bool isSame(Number left, Number right) {
  if (std::isnan(left) || std::isnan(right))
    return std::isnan(left) && std::isnan(right) && std::signbit(left) == std::signbit(right);
  return std::memcmp(&left, &right, sizeof left) == 0;
}

/// Numbers of f32 or f64 with what they are in a format of 16 bits, each once with either sign.
template <typename Number> struct Roundings {
  std::vector<Number> from;
  std::vector<uint16_t> to;

  void add(Number magnitude, uint16_t expected) {
    from.push_back(magnitude);
    to.push_back(expected);
    from.push_back(-magnitude);
    to.push_back(expected | 0x8000);
  }
};

/// Around every number of the format and every point half way between two of them, where to the right and to the left
/// of it something else is expected: what is expected needs no arithmetic. `least` leaves out numbers below it.
template <typename Number> Roundings<Number> roundings(const Format &format, double least = 0) {
  constexpr Number infinity = std::numeric_limits<Number>::infinity();
  Roundings<Number> result;
  auto add = [&](Number magnitude, uint16_t expected) {
    if (magnitude >= static_cast<Number>(least))
      result.add(magnitude, expected);
  };
  for (uint16_t bits = 0; bits < format.infinity(); ++bits) {
    auto lower = static_cast<Number>(format.magnitude(bits));
    auto half = static_cast<Number>((format.magnitude(bits) + format.magnitude(bits + 1)) / 2);
    uint16_t upper = bits + 1, even = bits % 2 == 0 ? bits : upper;
    add(lower, bits);
    add(std::nextafter(lower, infinity), bits);
    add(std::nextafter(half, Number(0)), bits);
    add(half, even);
    add(std::nextafter(half, infinity), upper);
    if (double next = format.magnitude(upper); next <= std::numeric_limits<Number>::max())
      add(std::nextafter(static_cast<Number>(next), Number(0)), upper);
  }
  add(std::numeric_limits<Number>::max(), format.infinity());
  add(infinity, format.infinity());
  return result;
}

class Storage : public testing::TestWithParam<const CpuTarget *> {
protected:
  [[nodiscard]] SweepKernels kernels(const std::vector<SweepSource> &sweeps) const {
    return SweepKernels(sweeps, *GetParam());
  }
};

/// All 65536 representations, widened.
template <typename Number> void widensEach(const SweepKernels &kernels, const Format &format, const char *computed) {
  std::vector<uint16_t> all(1 << 16);
  for (size_t bits = 0; bits < all.size(); ++bits)
    all[bits] = static_cast<uint16_t>(bits);
  auto widened = run<Number>(kernels.find(format.name + "_" + computed + "_" + computed), all);
  for (uint16_t bits : all)
    if (format.isNaN(bits)) // the sign of a NaN is not in its value
      EXPECT_TRUE(std::isnan(widened[bits]) && std::signbit(widened[bits]) == (bits >= 0x8000)) << bits;
    else
      EXPECT_TRUE(isSame(widened[bits], static_cast<Number>(format.value(bits)))) << format.name << " " << bits;
}

TEST_P(Storage, WidensEveryNumber) {
  SweepKernels built = kernels(
      {copy("bf16", "f32", "f32"), copy("f16", "f32", "f32"), copy("bf16", "f64", "f64"), copy("f16", "f64", "f64")});
  for (const Format &format : {bf16, f16}) {
    widensEach<float>(built, format, "f32");
    widensEach<double>(built, format, "f64");
  }
}

TEST_P(Storage, RoundsF32ToNearestEven) {
  SweepKernels built = kernels({copy("f32", "f32", "bf16"), copy("f32", "f32", "f16")});
  for (const Format &format : {bf16, f16}) {
    Roundings<float> cases = roundings<float>(format);
    EXPECT_EQ(run<uint16_t>(built.find("f32_f32_" + format.name), cases.from), cases.to) << format.name;
  }
}

// By way of an f32 that is rounded to nearest, numbers just beside a tie would become the tie and go to the wrong side.
TEST_P(Storage, RoundsF64Once) {
  SweepKernels built = kernels({copy("f64", "f64", "bf16"), copy("f64", "f64", "f16")});
  for (const Format &format : {bf16, f16}) {
    Roundings<double> cases = roundings<double>(format);
    EXPECT_EQ(run<uint16_t>(built.find("f64_f64_" + format.name), cases.from), cases.to) << format.name;
  }
}

TEST_P(Storage, RoundsF64ToF32AndBack) {
  SweepKernels built = kernels({copy("f64", "f64", "f32"), copy("f64", "f32", "f32"), copy("f32", "f32", "f64")});
  std::mt19937_64 random(20260101);
  std::vector<double> wide;
  std::vector<float> narrow;
  for (int i = 0; i < 100000; ++i) {
    auto number = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (std::isnan(number))
      continue;
    narrow.push_back(number);
    double half = (static_cast<double>(number) + std::nextafter(number, INFINITY)) / 2;
    for (double near : {half, std::nextafter(half, -INFINITY), std::nextafter(half, INFINITY)})
      wide.push_back(near);
  }
  auto stored = run<float>(built.find("f64_f64_f32"), wide), loaded = run<float>(built.find("f64_f32_f32"), wide);
  for (size_t i = 0; i < wide.size(); ++i) {
    EXPECT_TRUE(isSame(stored[i], static_cast<float>(wide[i]))) << wide[i];
    EXPECT_TRUE(isSame(loaded[i], static_cast<float>(wide[i]))) << wide[i];
  }
  auto widened = run<double>(built.find("f32_f32_f64"), narrow);
  for (size_t i = 0; i < narrow.size(); ++i)
    EXPECT_EQ(widened[i], static_cast<double>(narrow[i]));
}

// The upper bits of a signalling NaN may all be 0, and those of a quiet one all 1.
TEST_P(Storage, KeepsNaNsAndMakesThemQuiet) {
  SweepKernels built = kernels(
      {copy("f32", "f32", "bf16"), copy("f32", "f32", "f16"), copy("f64", "f64", "bf16"), copy("f64", "f64", "f16")});
  std::vector<float> single;
  for (uint32_t bits : {0x7F800001u, 0x7F80FFFFu, 0x7F810000u, 0x7FBFFFFFu, 0x7FC00000u, 0x7FFF8000u, 0x7FFFFFFFu})
    for (uint32_t sign : {0u, 0x80000000u})
      single.push_back(std::bit_cast<float>(bits | sign));
  std::vector<double> full;
  for (uint64_t bits : {0x7FF0000000000001u, 0x7FF000001FFFFFFFu, 0x7FF8000000000000u, 0x7FFFFFFFFFFFFFFFu})
    for (uint64_t sign : {uint64_t{0}, uint64_t{1} << 63})
      full.push_back(std::bit_cast<double>(bits | sign));
  for (const Format &format : {bf16, f16}) {
    auto expectQuiet = [&](uint16_t bits, bool isNegative) {
      EXPECT_TRUE(format.isNaN(bits) && (bits & format.quietBit()) != 0) << format.name << " " << bits;
      EXPECT_EQ(bits >= 0x8000, isNegative);
    };
    auto fromSingle = run<uint16_t>(built.find("f32_f32_" + format.name), single);
    for (size_t i = 0; i < single.size(); ++i)
      expectQuiet(fromSingle[i], i % 2 != 0);
    auto fromFull = run<uint16_t>(built.find("f64_f64_" + format.name), full);
    for (size_t i = 0; i < full.size(); ++i)
      expectQuiet(fromFull[i], i % 2 != 0);
  }
}

// Where subnormal numbers of f32 count as zero, so do those of bf16, which are the same numbers, as soon as something
// is computed from them. Those of f16 are not subnormal in f32 and stay what they are.
TEST_P(Storage, FlushesWhatIsSubnormalInF32) {
  SweepKernels built = kernels({copy("bf16", "f32", "bf16"), copy("f16", "f32", "f16"), scaled("bf16"), scaled("f16")});
  for (const Format &format : {bf16, f16}) {
    std::vector<uint16_t> all;
    for (uint32_t bits = 0; bits < 1 << 16; ++bits)
      if (!format.isNaN(static_cast<uint16_t>(bits)))
        all.push_back(static_cast<uint16_t>(bits));
    std::vector<uint16_t> computed(all.size());
    std::vector<float> ones(all.size(), 1);
    void *buffers[] = {all.data(), ones.data(), computed.data()};
    auto timesOne = [&] {
      built.find("scaled_" + format.name)(buffers, nullptr, 0, static_cast<int64_t>(all.size()), nullptr);
      return computed;
    };
    EXPECT_EQ(timesOne(), all) << format.name << " where they are kept";
    FlushedSubnormals flushed;
    auto copied = run<uint16_t>(built.find(format.name + "_f32_" + format.name), all);
    EXPECT_EQ(copied, all) << format.name << " that is only copied has not been computed with";
    std::vector<uint16_t> expected = all;
    for (uint16_t &bits : expected)
      if (format.name == "bf16" && format.isSubnormal(bits))
        bits &= 0x8000;
    EXPECT_EQ(timesOne(), expected) << format.name;
  }
}

TEST_P(Storage, RoundsTheSameWhileSubnormalsAreFlushed) {
  SweepKernels built = kernels(
      {copy("f32", "f32", "bf16"), copy("f32", "f32", "f16"), copy("f64", "f64", "bf16"), copy("f64", "f64", "f16")});
  constexpr double least = std::numeric_limits<float>::min();
  for (const Format &format : {bf16, f16}) {
    Roundings<float> single = roundings<float>(format, least);
    Roundings<double> full = roundings<double>(format, least);
    FlushedSubnormals flushed;
    EXPECT_EQ(run<uint16_t>(built.find("f32_f32_" + format.name), single.from), single.to) << format.name;
    EXPECT_EQ(run<uint16_t>(built.find("f64_f64_" + format.name), full.from), full.to) << format.name;
  }
}

// A stretch of any length that begins anywhere: every element of it is written and none beside it. Gradients are read
// and set to 0 in the same sweep.
TEST_P(Storage, TouchesNothingBesideTheElements) {
  for (const char *computed : {"f32", "f64"}) {
    std::string of = std::string(" : ") + computed;
    SweepSource source = {"mix",
                          "#sweep.buffer<parameter, \"w\", 0, element, bf16, true, true>, #sweep.buffer<gradient, "
                          "\"g\", 0, element, f16, true, true>, " +
                              buffer("m", "f64", true, true) + ", " + buffer("n", "f32", true, true),
                          "",
                          std::string("^bb0(%w: ") + computed + ", %g: " + computed + ", %m: " + computed + ", %n: " +
                              computed + "):\n  %zero = arith.constant 0.0" + of + "\n  %u = arith.addf %w, %g" + of +
                              "\n  %v = arith.addf %m, %g" + of + "\n  sweep.yield %u, %zero, %v, %n" + of + "," +
                              std::string(" ") + computed + ", " + computed + ", " + computed};
    SweepKernels built = kernels({source});
    ravine_kernel_function kernel = built.find("mix");
    constexpr size_t size = 80;
    constexpr uint16_t one = 0x3F80, two = 0x4000, half = 0x3C00; // bf16 1 and 2, f16 1
    for (size_t begin : {0, 1, 3, 17})
      for (size_t end = begin; end < size - 1; ++end) {
        std::vector<uint16_t> w(size, one), g(size, half);
        std::vector<double> m(size, 0.5);
        std::vector<float> n(size, 0.25F);
        void *buffers[] = {w.data(), g.data(), m.data(), n.data()};
        kernel(buffers, nullptr, static_cast<int64_t>(begin), static_cast<int64_t>(end), nullptr);
        for (size_t i = 0; i < size; ++i) {
          bool isInside = begin <= i && i < end;
          ASSERT_EQ(w[i], isInside ? two : one) << begin << " " << end << " " << i;
          ASSERT_EQ(g[i], isInside ? 0 : half) << begin << " " << end << " " << i;
          ASSERT_EQ(m[i], isInside ? 1.5 : 0.5) << begin << " " << end << " " << i;
          ASSERT_EQ(n[i], 0.25F) << begin << " " << end << " " << i;
        }
      }
  }
}

// Sums of whole numbers are exact in any order.
TEST_P(Storage, FoldsWhatIsStoredNarrowOrComputedWide) {
  auto fold = [](const std::string &name, const std::string &stored, const std::string &computed,
                 const std::string &widen) {
    return SweepSource{
        name, buffer("a", stored, true, false),
        "#sweep.reduction<sum, model, 0>, #sweep.reduction<max, model, 1>, #sweep.reduction<min, model, 2>",
        "^bb0(%a: " + computed + "):\n  " + widen + "\n  sweep.yield %x, %x, %x : f64, f64, f64"};
  };
  SweepKernels built = kernels({fold("narrow", "bf16", "f32", "%x = arith.extf %a : f32 to f64"),
                                fold("wide", "f64", "f64", "%x = arith.negf %a : f64")});
  for (size_t size : {0, 1, 7, 8, 9, 127, 128, 129, 1000, 5000}) {
    std::vector<uint16_t> narrow(size);
    std::vector<double> wide(size);
    double sum = 0, most = -INFINITY, least = INFINITY;
    for (size_t i = 0; i < size; ++i) {
      double value = static_cast<double>((i * 37) % 201) - 100;
      narrow[i] = static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(value)) >> 16);
      wide[i] = -value;
      sum += value;
      most = std::max(most, value);
      least = std::min(least, value);
    }
    for (auto [name, data] : {std::pair<const char *, void *>("narrow", narrow.data()), {"wide", wide.data()}}) {
      double partials[3] = {NAN, NAN, NAN};
      void *buffers[] = {data};
      built.find(name)(buffers, nullptr, 0, static_cast<int64_t>(size), partials);
      EXPECT_EQ(partials[0], sum) << name << " " << size;
      EXPECT_EQ(partials[1], most) << name << " " << size;
      EXPECT_EQ(partials[2], least) << name << " " << size;
    }
  }
}

// What hardware computes is exact to the last bit in f64, too; elementary functions are off by a few ULP.
TEST_P(Storage, ComputesInF64) {
  std::string body = "^bb0(%a: f64):\n"
                     "  %two = arith.constant 2.0 : f64\n"
                     "  %s = math.sqrt %a : f64\n  %q = arith.divf %two, %a : f64\n"
                     "  %f = math.fma %a, %a, %s : f64\n  %c = math.floor %a : f64\n"
                     "  %m = arith.maximumf %f, %q : f64\n  %t = arith.cmpf olt, %a, %two : f64\n"
                     "  %x = arith.select %t, %m, %c : f64\n"
                     "  %e = math.exp %a : f64\n  %l = math.log %a : f64\n  %p = math.powf %a, %s : f64\n"
                     "  %h = math.tanh %a : f64\n"
                     "  sweep.yield %x, %e, %l, %p, %h : f64, f64, f64, f64, f64";
  std::string buffers = buffer("a", "f64", true, false);
  for (const char *name : {"x", "e", "l", "p", "h"})
    buffers += ", " + buffer(name, "f64", false, true);
  SweepKernels built = kernels({{"functions", buffers, "", body}});
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> distribution(1e-3, 20);
  constexpr size_t size = 10007;
  std::vector<double> a(size), results[5];
  for (double &value : a)
    value = distribution(random);
  void *memories[6] = {a.data()};
  for (size_t i = 0; i < 5; ++i) {
    results[i].resize(size);
    memories[i + 1] = results[i].data();
  }
  built.find("functions")(memories, nullptr, 0, size, nullptr);
  auto ulps = [](double value, long double truth) {
    double at = static_cast<double>(truth);
    return static_cast<double>(std::fabs(static_cast<long double>(value) - truth) /
                               (std::nextafter(std::fabs(at), INFINITY) - std::fabs(at)));
  };
  for (size_t i = 0; i < size; ++i) {
    double x = a[i], root = std::sqrt(x);
    double expected = x < 2 ? std::max(std::fma(x, x, root), 2 / x) : std::floor(x);
    ASSERT_EQ(results[0][i], expected) << x;
    ASSERT_LE(ulps(results[1][i], std::exp(static_cast<long double>(x))), 2) << x;
    ASSERT_LE(ulps(results[2][i], std::log(static_cast<long double>(x))), 2) << x;
    ASSERT_LE(ulps(results[3][i], std::pow(static_cast<long double>(x), static_cast<long double>(root))), 2) << x;
    ASSERT_LE(ulps(results[4][i], std::tanh(static_cast<long double>(x))), 2) << x;
  }
}

INSTANTIATE_TEST_SUITE_P(OnEveryTarget, Storage, testing::ValuesIn(runnableTargets()),
                         [](const auto &target) { return std::string(target.param->suffix.drop_front()); });

} // namespace

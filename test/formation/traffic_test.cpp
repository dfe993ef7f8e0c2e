// Traffic of whole rules: bytes per parameter that are known beforehand, counted by hand from what has to move.
#include "test/formation/TrafficTest.h"

#include <fstream>
#include <sstream>

using namespace mlir;
using namespace ravine;

namespace {

/// The aliases that the rules of this file use.
constexpr const char *aliases = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>
)";

class Traffic : public TrafficTest {
protected:
  static std::string recipe() {
    std::ifstream file(RAVINE_FORMATION_INPUTS "/recipe.mlir");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  static std::string replaced(std::string text, const std::string &what, const std::string &by) {
    size_t place = text.find(what);
    EXPECT_NE(place, std::string::npos) << what;
    return text.replace(place, what.size(), by);
  }
};

// One sweep reads g for its norm: 4. The other reads and writes w, g, m, v and the average: 5 · 8.
TEST_F(Traffic, OfARecipe) {
  std::vector<VariantTraffic> variants = measure(recipe(), "recipe");
  ASSERT_EQ(variants.size(), 2u);
  const VariantTraffic &traffic = variants[0];
  EXPECT_EQ(traffic.precision, "f32");
  EXPECT_EQ(traffic.sweeps.size(), 2u);
  EXPECT_EQ(traffic.bytesPerParameter, 44u);
  EXPECT_EQ(traffic.bytesCached, 44u);
  EXPECT_EQ(traffic.lowerBound, 44u);
  EXPECT_EQ(traffic.compulsory, 40u);
  EXPECT_EQ(traffic.stateBytes, 12u);
}

// The norm reads g: 2. Then g is read and written, w only written: 2 + 2 + 2; the master, m, v and the average are read
// and written in f32: 4 · 8.
TEST_F(Traffic, OfNarrowParametersWithAMaster) {
  std::vector<VariantTraffic> variants = measure(recipe(), "recipe");
  ASSERT_EQ(variants.size(), 2u);
  const VariantTraffic &traffic = variants[1];
  EXPECT_EQ(traffic.precision, "bf16");
  EXPECT_EQ(traffic.sweeps.size(), 2u);
  EXPECT_EQ(traffic.bytesPerParameter, 40u);
  EXPECT_EQ(traffic.lowerBound, 40u);
  EXPECT_EQ(traffic.compulsory, 38u);
  EXPECT_EQ(traffic.stateBytes, 16u);
}

// A copy of w in bf16 that nothing reads is written, and that is all: 2 more.
TEST_F(Traffic, OfACopyThatIsOnlyWritten) {
  std::string text = replaced(recipe(), "@master : !element master", "@copy : !element store bf16");
  text =
      replaced(text, "    ravine.zero_gradient", "    ravine.next @copy, %w_next : !element\n    ravine.zero_gradient");
  text = replaced(text, ", #ravine.precision<\"bf16\", bf16, bf16>", "");
  std::vector<VariantTraffic> variants = measure(text, "recipe");
  ASSERT_EQ(variants.size(), 1u);
  EXPECT_EQ(variants[0].sweeps.size(), 2u);
  EXPECT_EQ(variants[0].bytesPerParameter, 46u);
  EXPECT_EQ(variants[0].lowerBound, 46u);
  EXPECT_EQ(variants[0].stateBytes, 14u);
}

// A gradient that nothing reads is still cleared, by a sweep that only writes.
TEST_F(Traffic, OfClearingAGradientThatNothingReads) {
  std::vector<VariantTraffic> variants = measure(std::string(aliases) + R"(
    ravine.optimizer @frozen doc "" citation "" precisions [#ravine.precision<"f32/bf16", f32, bf16>] {
      ravine.step { ravine.zero_gradient }
    })",
                                                 "frozen");
  ASSERT_EQ(variants.size(), 1u);
  ASSERT_EQ(variants[0].sweeps.size(), 1u);
  EXPECT_EQ(variants[0].sweeps[0].read, 0u);
  EXPECT_EQ(variants[0].bytesPerParameter, 2u);
  EXPECT_EQ(variants[0].lowerBound, 2u);
  EXPECT_EQ(variants[0].compulsory, 2u);
}

// Where w stays as it is, its master does too: neither is touched.
TEST_F(Traffic, OfAMasterThatStays) {
  std::vector<VariantTraffic> variants = measure(std::string(aliases) + R"(
    ravine.optimizer @still doc "" citation "" precisions [#ravine.precision<"bf16", bf16, bf16>] {
      ravine.state @master : !element master doc "" initial {
        %w = ravine.parameter : !element
        ravine.yield %w : !element
      }
      ravine.step {
        %w = ravine.parameter : !element
        ravine.update %w : !element
      }
    })",
                                                 "still");
  ASSERT_EQ(variants.size(), 1u);
  EXPECT_TRUE(variants[0].sweeps.empty());
  EXPECT_EQ(variants[0].bytesPerParameter, 0u);
  EXPECT_EQ(variants[0].compulsory, 0u);
  EXPECT_EQ(variants[0].stateBytes, 4u);
}

// Gradients are summed up in `sum`: reading it and g and writing it are 12. The step that uses the sum moves w as well.
TEST_F(Traffic, OfAStepThatOnlyGathers) {
  std::vector<VariantTraffic> variants = measure(std::string(aliases) + R"(
    ravine.optimizer @gather doc "" citation "" {
      ravine.state @sum : !element doc "" initial {
        %zero = ravine.constant 0.0 : f32 : !element
        ravine.yield %zero : !element
      }
      ravine.step {
        %step = ravine.clock step : !model
        %four = ravine.constant 4.0 : f64 : !model
        %few = ravine.compare lt %step, %four : !model -> !ravine.field<i1, model>
        ravine.skip %few : !ravine.field<i1, model>
        %w = ravine.parameter : !element
        %g = ravine.gradient : !element
        %sum = ravine.current @sum : !element
        %sum_next = ravine.add %sum, %g : !element
        ravine.next @sum, %sum_next : !element
        %w_next = ravine.sub %w, %sum_next : !element
        ravine.update %w_next after 1 : !element
      }
    })",
                                                 "gather");
  ASSERT_EQ(variants.size(), 1u);
  EXPECT_EQ(variants[0].bytesPerParameter, 20u);
  ASSERT_EQ(variants[0].exits.size(), 1u);
  EXPECT_EQ(variants[0].exits[0].sweeps.size(), 1u);
  EXPECT_EQ(variants[0].exits[0].bytesPerParameter, 12u);
  EXPECT_FALSE(variants[0].exits[0].refuses);
}

// What a sweep has stored in bf16 is not what it has computed: a sweep that needs the number itself computes it again.
TEST_F(Traffic, OfANumberThatIsStoredRounded) {
  auto text = [](const std::string &store) {
    return std::string(aliases) + R"(
    ravine.optimizer @rule doc "" citation "" {
      ravine.state @s : !element )" +
           store + R"( doc "" initial {
        %zero = ravine.constant 0.0 : f32 : !element
        ravine.yield %zero : !element
      }
      ravine.step {
        %w = ravine.parameter : !element
        %g = ravine.gradient : !element
        %s = ravine.current @s : !element
        %mean = ravine.add %s, %g : !element
        %s_next = ravine.exp %mean : !element
        ravine.next @s, %s_next : !element
        %wide = ravine.widen %s_next : !element to !wide
        %sum = ravine.reduce sum %wide : !wide to !model
        %sum_each = ravine.broadcast %sum : !model to !element
        %scaled = ravine.mul %s_next, %sum_each : !element
        %w_next = ravine.sub %w, %scaled : !element
        ravine.update %w_next : !element
      }
    })";
  };
  // g and s are read, s is written; then s is read again, w read and written.
  std::vector<VariantTraffic> exact = measure(text(""), "rule");
  ASSERT_EQ(exact.size(), 1u);
  EXPECT_EQ(exact[0].bytesPerParameter, 24u);
  EXPECT_EQ(exact[0].lowerBound, 24u);
  // g and s are read; then both again, s is written, w read and written.
  std::vector<VariantTraffic> rounded = measure(text("store bf16"), "rule");
  ASSERT_EQ(rounded.size(), 1u);
  ASSERT_EQ(rounded[0].sweeps.size(), 2u);
  EXPECT_EQ(rounded[0].sweeps[0].written, 0u);
  EXPECT_EQ(rounded[0].bytesPerParameter, 22u);
  EXPECT_EQ(rounded[0].lowerBound, 22u);
}

} // namespace

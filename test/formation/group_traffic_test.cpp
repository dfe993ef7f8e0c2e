// Traffic of rules that couple rows, channels and blocks: what has to move, counted by hand.
#include "test/formation/TrafficTest.h"

using namespace mlir;
using namespace ravine;

namespace {

constexpr const char *aliases = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!channel = !ravine.field<f64, channel>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>
)";

class TrafficOfGroups : public TrafficTest {
protected:
  /// A rule that has one variant, from its declarations and its step.
  VariantTraffic measureRule(const std::string &declarations, const std::string &step) {
    std::string text = std::string(aliases) + "ravine.optimizer @rule doc \"\" citation \"\" {\n" + declarations +
                       "ravine.step {\n" + step + "}\n}\n";
    std::vector<VariantTraffic> variants = measure(text, "rule");
    EXPECT_EQ(variants.size(), 1u);
    return variants.empty() ? VariantTraffic() : variants.front();
  }

  /// w divided by the norms of its groups.
  static std::string normalized(const std::string &set) {
    return R"(
      %w = ravine.parameter : !element
      %wide = ravine.widen %w : !element to !wide
      %square = ravine.mul %wide, %wide : !wide
      %sum = ravine.reduce sum %square : !wide to !)" +
           set + R"(
      %norm = ravine.sqrt %sum : !)" +
           set + R"(
      %each = ravine.broadcast %norm : !)" +
           set + R"( to !element
      %next = ravine.div %w, %each : !element
      ravine.update %next : !element
)";
  }
};

// w is read and written: 8. The second pass finds the row in cache.
TEST_F(TrafficOfGroups, RowsInPlace) {
  VariantTraffic traffic = measureRule("", normalized("row"));
  ASSERT_EQ(traffic.sweeps.size(), 1u);
  const SweepTraffic &sweep = traffic.sweeps.front();
  EXPECT_EQ(sweep.read, 4u);
  EXPECT_EQ(sweep.written, 4u);
  EXPECT_EQ(sweep.elementPasses(), 2u);
  EXPECT_EQ(sweep.passes.size(), 3u);
  ASSERT_EQ(sweep.knownByTile.size(), 1u);
  EXPECT_EQ(sweep.knownByTile.front().set, IndexSet::Row);
  EXPECT_TRUE(sweep.awaits.empty());
  EXPECT_EQ(traffic.bytesPerParameter, 8u);
  EXPECT_EQ(traffic.bytesCached, 8u);
  EXPECT_EQ(traffic.lowerBound, 8u);
  EXPECT_EQ(traffic.compulsory, 8u);
  EXPECT_TRUE(traffic.groups.empty());
}

// Channels are known when the tensor is through: w is read, read again and written.
TEST_F(TrafficOfGroups, Channels) {
  VariantTraffic traffic = measureRule("", normalized("channel"));
  ASSERT_EQ(traffic.sweeps.size(), 2u);
  ASSERT_EQ(traffic.sweeps[1].awaits.size(), 1u);
  EXPECT_EQ(traffic.sweeps[1].awaits.front().set, IndexSet::Channel);
  EXPECT_TRUE(traffic.sweeps[1].knownByTile.empty());
  EXPECT_EQ(traffic.bytesPerParameter, 12u);
  EXPECT_EQ(traffic.bytesCached, 8u);
  EXPECT_EQ(traffic.lowerBound, 12u);
  EXPECT_EQ(traffic.compulsory, 8u);
}

// The dual averaging of a group penalty: u gathers g, w follows from the norms of the rows of u. w and g are read, w
// and u written, and u, which is not read when nothing is kept of it: 16.
TEST_F(TrafficOfGroups, AStateThatIsOnlyWritten) {
  VariantTraffic traffic = measureRule(R"(
    ravine.state @u : !element doc "" initial {
      %zero = ravine.constant 0.0 : f32 : !element
      ravine.yield %zero : !element
    }
)",
                                       R"(
      %w = ravine.parameter : !element
      %g = ravine.gradient : !element
      %u = ravine.sub %w, %g : !element
      ravine.next @u, %u : !element
      %wide = ravine.widen %u : !element to !wide
      %square = ravine.mul %wide, %wide : !wide
      %sum = ravine.reduce sum %square : !wide to !row
      %each = ravine.broadcast %sum : !row to !element
      %next = ravine.div %u, %each : !element
      ravine.update %next : !element
)");
  EXPECT_EQ(traffic.sweeps.size(), 1u);
  EXPECT_EQ(traffic.bytesPerParameter, 16u);
  EXPECT_EQ(traffic.lowerBound, 16u);
  EXPECT_EQ(traffic.compulsory, 16u);
}

// A state of rows in f32 is read and written: 8 for each row, and none for a parameter.
TEST_F(TrafficOfGroups, AStateOfRows) {
  VariantTraffic traffic = measureRule(R"(
    ravine.state @n : !row store f32 doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !row
      ravine.yield %zero : !row
    }
)",
                                       R"(
      %w = ravine.parameter : !element
      %g = ravine.gradient : !element
      %wide = ravine.widen %g : !element to !wide
      %most = ravine.reduce max %wide : !wide to !row
      %n = ravine.current @n : !row
      %n_next = ravine.max %n, %most : !row
      ravine.next @n, %n_next : !row
      %each = ravine.broadcast %n_next : !row to !element
      %scaled = ravine.div %g, %each : !element
      %next = ravine.sub %w, %scaled : !element
      ravine.update %next : !element
)");
  EXPECT_EQ(traffic.sweeps.size(), 1u);
  EXPECT_EQ(traffic.bytesPerParameter, 12u);
  EXPECT_EQ(traffic.compulsory, 12u);
  ASSERT_EQ(traffic.groups.size(), 1u);
  EXPECT_EQ(traffic.groups.front().set, IndexSet::Row);
  EXPECT_EQ(traffic.groups.front().read, 4u);
  EXPECT_EQ(traffic.groups.front().written, 4u);
  EXPECT_EQ(traffic.stateBytes, 0u);
  ASSERT_EQ(traffic.stateBytesOfGroups.size(), 1u);
  EXPECT_EQ(traffic.stateBytesOfGroups.front().second, 4u);
}

// The field of an operation is written by the first sweep and read by the second, which has no use for g then:
// 8 + 4, then 4 + 4. What the runtime reads inside of the operation is not counted.
TEST_F(TrafficOfGroups, ARearrangement) {
  VariantTraffic traffic = measureRule("", R"(
      %w = ravine.parameter : !element
      %g = ravine.gradient : !element
      %v = ravine.sub %w, %g : !element
      %one = ravine.constant 1.0 : f64 : !model
      %next = ravine.rearrange taut_string %v, %one in <tensor> : !element, !model
      ravine.update %next : !element
)");
  ASSERT_EQ(traffic.sweeps.size(), 2u);
  EXPECT_EQ(traffic.bytesPerParameter, 20u);
  EXPECT_EQ(traffic.bytesCached, 16u);
  ASSERT_EQ(traffic.sweeps[0].passes.size(), 2u);
  EXPECT_TRUE(traffic.sweeps[0].passes[1].isOperation);
  EXPECT_FALSE(traffic.sweeps[0].passes[1].isSearch);
  ASSERT_EQ(traffic.sweeps[1].awaits.size(), 1u);
  EXPECT_EQ(traffic.sweeps[1].awaits.front().set, IndexSet::Tensor);
}

// The same over rows is one sweep: the field is written, and found in cache by the pass that follows.
TEST_F(TrafficOfGroups, ASearchInRows) {
  VariantTraffic traffic = measureRule("", R"(
      %w = ravine.parameter : !element
      %g = ravine.gradient : !element
      %v = ravine.sub %w, %g : !element
      %one = ravine.constant 1.0 : f64 : !model
      %theta = ravine.search simplex_threshold %v, %one : !element, !model to !row
      %each = ravine.broadcast %theta : !row to !element
      %next = ravine.sub %v, %each : !element
      ravine.update %next : !element
)");
  ASSERT_EQ(traffic.sweeps.size(), 1u);
  EXPECT_EQ(traffic.bytesPerParameter, 16u);
  EXPECT_EQ(traffic.compulsory, 12u);
  ASSERT_EQ(traffic.sweeps.front().knownByTile.size(), 1u);
  EXPECT_TRUE(traffic.sweeps.front().reductions.empty());
}

} // namespace

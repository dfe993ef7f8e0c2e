// Index sets that cannot stand together: which clash, in which outcomes, and where messages point.
#include "compiler/diagnostics/Render.h"
#include "compiler/formation/GroupLimits.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace ravine;

namespace {

constexpr const char *aliases = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
)";

/// One reduction to a set that a measurement keeps, at a column of line 2 of the source.
std::string folded(const std::string &set, unsigned column) {
  std::string name = "at_" + std::to_string(column), type = "!ravine.field<f64, " + set + ">";
  return "%" + name + " = ravine.reduce sum %wide : !wide to " + type +
         " loc(\"rule.rvn\":2:" + std::to_string(column) + ")\n%total_" + name + " = ravine.reduce sum %" + name +
         " : " + type + " to !ravine.field<f64, model>\n" + "ravine.measure @m" + std::to_string(column) + ", %total_" +
         name + " : !ravine.field<f64, model>\n";
}

class GroupLimits : public testing::Test {
protected:
  GroupLimits() {
    context.loadDialect<ir::RavineDialect>();
    // Columns count characters: the name before the reductions has two, in three bytes.
    sources.add("rule.rvn", "line\nβ: sum[row](w), sum[block 8](w), sum[block 16](w), sum[col](w), sum[channel](w)\n");
  }

  ir::OptimizerOp parse(const std::string &declarations, const std::string &step) {
    // What is wrong with a search over columns is for these messages to say, not for the verifier.
    module = parseSourceString<ModuleOp>(aliases + ("ravine.optimizer @rule doc \"\" citation \"\" {" + declarations) +
                                             "ravine.step { %w = ravine.parameter : !element\n"
                                             "%wide = ravine.widen %w : !element to !wide\n" +
                                             step + "} }",
                                         ParserConfig(&context, /*verifyAfterParse=*/false));
    return module ? *module->getOps<ir::OptimizerOp>().begin() : ir::OptimizerOp();
  }

  /// The codes of the clashes in a step, in order.
  std::vector<Code> codesOf(const std::string &step) {
    std::vector<Code> codes;
    ir::OptimizerOp rule = parse("", step);
    EXPECT_TRUE(rule);
    for (const ravine::Diagnostic &diagnostic : findClashesOfGroups(rule, sources))
      codes.push_back(diagnostic.code);
    return codes;
  }

  std::string textOf(const std::vector<ravine::Diagnostic> &found) {
    ravine::Diagnostics diagnostics;
    for (const ravine::Diagnostic &diagnostic : found)
      diagnostics.add(diagnostic);
    return render(sources, diagnostics);
  }

  MLIRContext context;
  SourceManager sources;
  OwningOpRef<ModuleOp> module;
};

using Codes = std::vector<Code>;

TEST_F(GroupLimits, AllowWhatOneWalkServes) {
  EXPECT_EQ(codesOf(folded("row", 4) + folded("col", 52)), Codes());
  EXPECT_EQ(codesOf(folded("row", 4) + folded("channel", 64)), Codes());
  EXPECT_EQ(codesOf(folded("block 8", 17) + folded("block 8", 32) + folded("tensor", 4)), Codes());
}

TEST_F(GroupLimits, RefuseTheRest) {
  EXPECT_EQ(codesOf(folded("row", 4) + folded("block 8", 17)), Codes{Code::E0710});
  EXPECT_EQ(codesOf(folded("block 8", 17) + folded("block 16", 34)), Codes{Code::E0710});
  EXPECT_EQ(codesOf(folded("block 8", 17) + folded("channel", 66)), Codes{Code::E0710});
  EXPECT_EQ(codesOf(folded("col", 53) + folded("channel", 66)), Codes{Code::E0711});
  // Each pair once, however often it occurs.
  EXPECT_EQ(codesOf(folded("row", 4) + folded("block 8", 17) + folded("row", 5) + folded("block 16", 34)),
            (Codes{Code::E0710, Code::E0710, Code::E0710}));
}

TEST_F(GroupLimits, PointAtBothPlaces) {
  ir::OptimizerOp rule = parse("", folded("row", 4) + folded("block 8", 17));
  ASSERT_TRUE(rule);
  EXPECT_EQ(textOf(findClashesOfGroups(rule, sources)),
            R"(error[E0710]: `block 8` cannot stand beside `row` in the step of one tensor
 --> rule.rvn:2:17
  |
2 | β: sum[row](w), sum[block 8](w), sum[block 16](w), sum[col](w), sum[channel](w)
  |                 ^^^^^^^^^^^^
note: `row` is asked for here
 --> rule.rvn:2:4
  |
2 | β: sum[row](w), sum[block 8](w), sum[block 16](w), sum[col](w), sum[channel](w)
  |    ^^^^^^^^
hint: a tensor goes by blocks of one size, or by rows with columns or channels: choose one, or let a `case` or a `select` decide which tensors take which

1 error
)");
}

// A state over blocks exists where the condition holds, and rows are folded where it does not.
TEST_F(GroupLimits, AskEveryOutcome) {
  std::string declarations = R"(
    ravine.hyper @k : int = 0.0 from 0.0 to 1.0 doc ""
    ravine.case @small "k > 0" {
      %k = ravine.hyper_value @k : !ravine.field<f64, group>
      %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, group>
      %holds = ravine.compare gt %k, %zero : !ravine.field<f64, group> -> !ravine.field<i1, group>
      ravine.yield %holds : !ravine.field<i1, group>
    }
    ravine.state @s : !ravine.field<f64, block 8> store f32 under [@small] doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, block 8>
      ravine.yield %zero : !ravine.field<f64, block 8>
    })";
  std::string norm = "%norm = ravine.reduce sum %wide : !wide to !ravine.field<f64, row> loc(\"rule.rvn\":2:4)\n"
                     "%each = ravine.broadcast %norm : !ravine.field<f64, row> to !element\n";
  std::string chosen = R"(
    %exists = ravine.exists @small : !ravine.field<i1, group>
    %small = ravine.broadcast %exists : !ravine.field<i1, group> to !ravine.field<i1, element>
    %next = ravine.select %small, %w, %each : !ravine.field<i1, element>, !element
    ravine.update %next : !element
  )";
  ir::OptimizerOp apart = parse(declarations, norm + chosen);
  ASSERT_TRUE(apart);
  EXPECT_TRUE(findClashesOfGroups(apart, sources).empty());
  ir::OptimizerOp together = parse(declarations, norm + "ravine.update %each : !element\n");
  ASSERT_TRUE(together);
  EXPECT_EQ(findClashesOfGroups(together, sources).size(), 1u);
}

TEST_F(GroupLimits, RefuseToSearchAcrossRows) {
  ir::OptimizerOp rule = parse("", R"(
    %k = ravine.constant 3.0 : f64 : !ravine.field<f64, model>
    %kth = ravine.search kth_largest %w, %k : !element, !ravine.field<f64, model> to !ravine.field<f64, col> loc("rule.rvn":2:52)
    %fine = ravine.search kth_largest %w, %k : !element, !ravine.field<f64, model> to !ravine.field<f64, row>
  )");
  ASSERT_TRUE(rule);
  EXPECT_EQ(textOf(findSearchesAcrossRows(rule, sources)),
            R"(error[E0712]: `kth_largest` goes over what lies together in memory, and the elements of a column do not
 --> rule.rvn:2:52
  |
2 | β: sum[row](w), sum[block 8](w), sum[block 16](w), sum[col](w), sum[channel](w)
  |                                                    ^^^^^^^^
hint: write `kth_largest[row]`, `[block N]` or `[tensor]`

1 error
)");
}

} // namespace

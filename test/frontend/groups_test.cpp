// Rows, columns, channels and blocks: what varies over them, what is folded to them and from them, and what is kept.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

IndexSet setOf(const std::string &value) {
  Checked checked = Checked::rule("  state m = 0\n  m' = g\n  let x = " + value + "\n  w' = w - lr*m'*x");
  EXPECT_EQ(checked.codes(), "") << value << "\n" << checked.messages();
  return checked.let("x").type.set;
}

std::string codesOf(const std::string &value) {
  return Checked::rule("  state m = 0\n  m' = g\n  let x = " + value + "\n  w' = w - lr*m'*x").codes();
}

TEST(Groups, whatTheyMakeTogetherIsTheCoarsestThatRefinesBoth) {
  EXPECT_EQ(setOf("norm[row](g)"), IndexSet::Row);
  EXPECT_EQ(setOf("norm[block 64](g)"), IndexSet(IndexSet::Block, 64));
  EXPECT_EQ(setOf("norm[row](g)*norm[tensor](g) + lr*t*step"), IndexSet::Row);
  EXPECT_EQ(setOf("norm[row](g)*norm[col](g)"), IndexSet::Element);
  EXPECT_EQ(setOf("norm[col](g)*norm[channel](g)"), IndexSet::Col);
  EXPECT_EQ(setOf("norm[block 64](g)*norm[block 32](g)"), IndexSet::Element);
  EXPECT_EQ(setOf("norm[block 64](g)*norm[block 64](w)"), IndexSet(IndexSet::Block, 64));
  EXPECT_EQ(setOf("if norm[row](g) > 1 then norm[tensor](g) else 1"), IndexSet::Row);
  EXPECT_EQ(setOf("max(norm[row](g), norm[col](g), 1)"), IndexSet::Element);
  EXPECT_EQ(setOf("channels + rows + cols"), IndexSet::Tensor);
}

TEST(Groups, areFoldedToWhatIsCoarser) {
  EXPECT_EQ(setOf("mean[tensor](norm[row](g))"), IndexSet::Tensor);
  EXPECT_EQ(setOf("max[model](norm[block 64](g))"), IndexSet::Model);
  EXPECT_EQ(setOf("sum[channel](norm[col](g))"), IndexSet::Channel);
  EXPECT_EQ(setOf("max[model](norm[tensor](g))"), IndexSet::Model);
  EXPECT_EQ(setOf("dot[row](norm[row](g), g)"), IndexSet::Row);
  // Rows and columns together differ from element to element.
  EXPECT_EQ(setOf("dot[tensor](norm[row](g), norm[col](g))"), IndexSet::Tensor);
}

TEST(Groups, areNotFoldedToWhatIsAsFineOrFiner) {
  for (const char *value : {"sum[row](norm[row](g))", "sum[row](norm[tensor](g))", "mean[block 64](lr)",
                            "max[col](norm[channel](g))", "sum[model](lr)", "mean[tensor](norm[tensor](g))"})
    EXPECT_EQ(codesOf(value), "E0413") << value;
  for (const char *value :
       {"sum[col](norm[row](g))", "sum[row](norm[col](g))", "max[channel](norm[row](g))", "max[block 64](norm[row](g))",
        "mean[row](norm[block 8](g))", "mean[block 64](norm[block 8](g))"})
    EXPECT_EQ(codesOf(value), "E0430") << value;
}

TEST(Groups, blocksHaveASize) {
  for (const char *set : {"block", "block 0", "block -1", "block 1.5", "block 1e3", "block lr", "block(64)",
                          "block, 64", "block 4294967296"})
    EXPECT_EQ(codesOf(std::string("norm[") + set + "](g)"), "E0250") << set;
  EXPECT_EQ(setOf("norm[block 1](g)"), IndexSet(IndexSet::Block, 1));
  EXPECT_EQ(setOf("norm[block 1073741824](g)"), IndexSet(IndexSet::Block, 1073741824));
}

TEST(Searches, makeOneNumberForEachMember) {
  EXPECT_EQ(setOf("kth_largest[row](abs(g), 3)"), IndexSet::Row);
  EXPECT_EQ(setOf("quantile[model](g, 0.5)"), IndexSet::Model);
  EXPECT_EQ(setOf("simplex_threshold[block 64](w, lr)"), IndexSet(IndexSet::Block, 64));
  EXPECT_EQ(setOf("kth_largest[row](g, norm[row](w))"), IndexSet::Row);
  EXPECT_EQ(codesOf("kth_largest[row](g, norm[col](w))"), "E0432");
  EXPECT_EQ(codesOf("kth_largest[row](g, g)"), "E0432");
  EXPECT_EQ(codesOf("quantile[model](g, lr)"), "E0432");
  EXPECT_EQ(codesOf("quantile[tensor](norm[row](g), 0.5)"), "E0431");
  EXPECT_EQ(codesOf("quantile[tensor](1, 0.5)"), "E0431");
  EXPECT_EQ(codesOf("quantile[tensor](g)"), "E0404");
  EXPECT_EQ(codesOf("quantile(g, 0.5)"), "E0411");
  EXPECT_EQ(codesOf("quantile[tensor](g > 0, 0.5)"), "E0401");
}

TEST(Rearrangements, differFromElementToElement) {
  Checked checked = Checked::rule("  let k = largest[row](abs(w), 3)\n  let d = difference[tensor](w)\n"
                                  "  let s = taut_string[block 64](w, lr)\n  w' = if k then w - lr*g*d else s");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.let("k").type.kind, ValueKind::Bool);
  EXPECT_EQ(checked.let("k").type.set, IndexSet::Element);
  EXPECT_EQ(checked.let("d").type.kind, ValueKind::Real);
  EXPECT_EQ(checked.let("d").type.set, IndexSet::Element);
  EXPECT_EQ(checked.let("s").type.set, IndexSet::Element);
  EXPECT_EQ(codesOf("if largest[model](w, 3) then 1 else 0"), "");
  EXPECT_EQ(codesOf("difference[model](w)"), "E0433");
  EXPECT_EQ(codesOf("taut_string[model](w, 1)"), "E0433");
  EXPECT_EQ(codesOf("2*largest[tensor](w, 3)"), "E0401");
  EXPECT_EQ(codesOf("difference[tensor](w, 1)"), "E0404");
  EXPECT_EQ(codesOf("difference[tensor](norm[row](w))"), "E0431");
}

TEST(Rearrangements, haveNamesThatOthersMayHave) {
  EXPECT_EQ(Checked::rule("  let difference = w - lr*g\n  let largest = 2\n  w' = difference*largest").codes(), "");
  EXPECT_EQ(Checked::rule("  w' = difference").codes(), "E0306");
}

std::string codesOfState(const std::string &set, const std::string &initial, const std::string &next) {
  return Checked::rule("  state s [" + set + "] = " + initial + "\n  s' = " + next + "\n  w' = w - lr*g*s'").codes();
}

TEST(GroupStates, holdWhatIsTheSameWithinEachMember) {
  for (const char *next : {"mean[row](g)", "norm[tensor](g)", "lr", "s + t", "norm[row](g)*norm[tensor](g)", "step"})
    EXPECT_EQ(codesOfState("row", "0", next), "") << next;
  for (const char *next : {"g", "mean[col](g)", "norm[channel](g)", "norm[block 64](g)", "norm[row](g)*norm[col](g)"})
    EXPECT_EQ(codesOfState("row", "0", next), "E0506") << next;
  EXPECT_EQ(codesOfState("col", "0", "norm[channel](g)"), "");
  EXPECT_EQ(codesOfState("channel", "0", "norm[col](g)"), "E0506");
  EXPECT_EQ(codesOfState("block 64", "0", "norm[block 64](g)"), "");
  EXPECT_EQ(codesOfState("block 64", "0", "norm[block 32](g)"), "E0506");
  EXPECT_EQ(codesOfState("tensor", "0", "norm[row](g)"), "E0506");
}

TEST(GroupStates, mayBeStoredInLessAndExistForSome) {
  EXPECT_EQ(codesOfState("row] store bf16 [", "0", "1").substr(0, 5), "E0201");
  Checked checked = Checked::rule("  state s [block 64] store bf16 when matrix = 0\n  s' = max[block 64](abs(g))\n"
                                  "  w' = w - lr*g*(case matrix { s' } else { 1 })");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.state("s").set, IndexSet(IndexSet::Block, 64));
  EXPECT_EQ(checked.state("s").storage, Storage::BF16);
  EXPECT_EQ(Checked::rule("  state s [tensor] store bf16 = 0\n  s' = t\n  w' = w - lr*g*s'").codes(), "E0341");
}

TEST(InitialValues, foldTheParameterOfTheirTensor) {
  for (const char *set : {"element", "row", "block 8"})
    for (const char *initial : {"norm[tensor](w)", "mean[tensor](norm[row](w))/size", "quantile[tensor](w, 0.5)"})
      EXPECT_EQ(codesOfState(set, initial, "norm[tensor](g)"), "") << set << " " << initial;
  EXPECT_EQ(codesOfState("element", "w - mean[row](w)", "g"), "");
  EXPECT_EQ(codesOfState("element", "norm[model](w)", "g"), "E0505");
  EXPECT_EQ(codesOfState("row", "norm[row](g)", "norm[row](g)"), "E0505");
  EXPECT_EQ(codesOfState("row", "w", "norm[row](g)"), "E0506");
  EXPECT_EQ(codesOfState("row", "norm[col](w)", "norm[row](g)"), "E0506");
  EXPECT_EQ(codesOfState("tensor", "norm[tensor](w)", "norm[tensor](g)"), "E0505");
  EXPECT_EQ(codesOfState("model", "norm[model](w)", "norm[model](g)"), "E0505");
  EXPECT_EQ(codesOfState("tensor", "size", "norm[tensor](g)"), "E0505");
}

TEST(GroupMetrics, areFolded) {
  EXPECT_EQ(Checked::rule("  metric n = norm[row](g)\n  w' = w - lr*g").codes(), "E0507");
  EXPECT_EQ(Checked::rule("  metric n = max[tensor](norm[row](g))\n  w' = w - lr*g").codes(), "");
}

TEST(GroupDivisions, areWarnedOf) {
  for (const char *set : {"row", "col", "channel", "block 64"})
    EXPECT_EQ(Checked::rule("  w' = w - lr*g/norm[" + std::string(set) + "](g)").codes(), "W0105") << set;
  EXPECT_THAT(Checked::rule("  w' = w - lr*g/norm[row](g)").messages(),
              testing::HasSubstr("one row for which it is 0 makes NaN or infinity"));
  EXPECT_EQ(Checked::rule("  let n = norm[row](g)\n  w' = w - (if n > 0 then lr*g/n else 0)").codes(), "");
  EXPECT_EQ(Checked::rule("  w' = w - lr*g/(norm[row](g) + 1e-8)").codes(), "");
}

TEST(Matrices, areWhatARuleMayBeOn) {
  Checked checked("optimizer x on w[row, col] {\n  w' = w - g\n}\n");
  EXPECT_EQ(checked.codes(), "");
  EXPECT_TRUE(checked.optimizer().isOnMatrices);
  EXPECT_FALSE(Checked("optimizer x {\n  w' = w - g\n}\n").optimizer().isOnMatrices);
  for (const char *axes : {"on w", "on w[row]", "on w[col, row]", "on g[row, col]", "on matrices", "on w[row, col] x"})
    EXPECT_EQ(Checked(std::string("optimizer x ") + axes + " {\n  w' = w - g\n}\n").codes(), "E0259") << axes;
  EXPECT_EQ(Checked("optimizer on {\n  let on = 2\n  w' = w - on*g\n}\n").codes(), "");
}

} // namespace
} // namespace ravine::test

// Generic optimizers, selections and conditions of stages.
#include "test/elaboration/Elaborated.h"

namespace ravine::test {
namespace {

const std::string parts = R"(
optimizer sgd { hyper lr = 0.1 in [0, inf); w' = w - lr*g }
optimizer momentum {
  hyper lr = 0.1 in [0, inf)
  state b = 0
  b' = b + g
  w' = w - lr*b'
  view speed = b
}
transform ema {
  hyper decay = 0.999 in [0, 1)
  state shadow = w
  after { shadow' = decay*shadow + (1 - decay)*w' }
  view eval = shadow
}
transform centre {
  state n [model] = 0
  before { let m = mean[model](g); n' = n + m; g' = g - m }
  metric spread = norm[tensor](g)
  metric drift = n
}
optimizer lookahead<inner: optimizer> {
  hyper k : int = 6 in [1, inf)
  state slow = w
  let fast = inner(w, 2*g)
  slow' = slow + fast/k
  w' = slow'
}
)";

TEST(Generics, takeOneStepOfTheirPart) {
  Elaborated program(parts + "optimizer whole = lookahead<momentum(lr = 0.5)>(3)\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper k = 3
hyper inner.lr = 0.5
state slow = w
state inner.b = 0
let fast = inner:w
let inner:gradient = 2*g
let inner:w = w - inner.lr*inner.b'
slow' = slow + fast/k
w' = slow'
inner.b' = inner.b + inner:gradient
view inner.speed = inner.b
)");
}

TEST(Generics, nest) {
  Elaborated program(parts + "optimizer whole = lookahead<lookahead<sgd> |> ema>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  std::vector<std::string> names;
  for (const auto &hyper : program.optimizer("whole").hypers)
    names.push_back(hyper->name);
  EXPECT_THAT(names, testing::ElementsAre("k", "inner.k", "inner.inner.lr", "inner.decay"));
}

/// The choice of an enum is no part of the same name.
TEST(Generics, knowChoicesFromParts) {
  Elaborated program(R"(
optimizer sgd { hyper kind : enum(slow, fast) = slow; w' = w - (if kind == slow then 1 else 2)*g }
optimizer both<slow: optimizer, fast: optimizer> { w' = slow(fast(w, g), g) }
optimizer whole = both<sgd, sgd>
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
}

/// What doubles with each of many lines is refused in no time.
TEST(Generics, areRefusedWhereTheyMultiply) {
  std::string program = parts + "optimizer twice<a: optimizer, b: optimizer> { w' = a(b(w, g), g) }\n"
                                "optimizer p0 = sgd\n";
  for (int i = 1; i <= 40; ++i)
    program += "optimizer p" + std::to_string(i) + " = twice<p" + std::to_string(i - 1) + ", p" +
               std::to_string(i - 1) + ">\n";
  EXPECT_EQ(Elaborated(program).codes().substr(0, 5), "E0332");
}

TEST(Selections, takeTheFirstBranchThatHolds) {
  Elaborated program(parts + "optimizer whole = select { hidden: matrix and not name(\"embed*\") -> momentum(0.5); "
                             "rank == 1 -> sgd; _ -> frozen }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(condition hidden of 0 = matrix and not name("embed*")
condition sgd of 0 = not (matrix and not name("embed*")) and rank == 1
condition frozen of 0 = not (matrix and not name("embed*")) and not rank == 1
hyper hidden.lr = 0.5
hyper sgd.lr = 0.1
state hidden.b under hidden = 0
let hidden:w = w - hidden.lr*hidden.b'
let sgd:w = w - sgd.lr*g
hidden.b' = hidden.b + g
w' = case hidden { hidden:w } else { case sgd { sgd:w } else { w } }
view hidden.speed = case hidden { hidden.b } else { w }
)");
}

TEST(Selections, meanTheirOwnTensorsByModel) {
  Elaborated program(parts + "optimizer whole = select { a: matrix -> centre |> sgd; _ -> sgd } |> ema(0.5)\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  std::string text = program.text("whole");
  EXPECT_THAT(text, testing::HasSubstr("state a.n [model] = 0\n"));
  // Over elements or over something coarser: lowering counts what is folded.
  EXPECT_THAT(text, testing::HasSubstr("= mean[model a](g)\n"));
  EXPECT_THAT(text, testing::HasSubstr("a::count = count[model a](true)\n"));
  EXPECT_THAT(text, testing::HasSubstr("a::count > 0 then "));
  EXPECT_THAT(text,
              testing::ContainsRegex("metric a.spread = case a \\{ norm\\[tensor\\]\\(.*\\) \\} else \\{ nan \\}"));
  EXPECT_THAT(text, testing::HasSubstr("state shadow = w\n"));
}

/// The rule proposes what a state becomes: in the branch, `w'` is that and not what the state was.
TEST(Selections, proposeWhatAStateBecomes) {
  Elaborated program(parts + R"(
optimizer dual {
  state z = w
  state last = 0
  z' = z - g
  last' = w'
  w' = z'
  view before = last
}
optimizer whole = select { moved: matrix -> dual; _ -> frozen }
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  std::string text = program.text("whole");
  EXPECT_THAT(text, testing::HasSubstr("let moved:w = moved.z'\n"));
  EXPECT_THAT(text, testing::HasSubstr("moved.last' = moved:w\n"));
}

TEST(Selections, nest) {
  Elaborated program(parts + "optimizer inner = select { small: size < 9 -> momentum; _ -> sgd }\n"
                             "optimizer whole = select { matrix -> inner; _ -> frozen }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(program.text("whole"), testing::HasSubstr("condition inner.small of 1 under inner = size < 9\n"));
  EXPECT_THAT(program.text("whole"), testing::HasSubstr("state inner.small.b under inner, inner.small = 0\n"));
}

TEST(Stages, canApplyToSomeTensors) {
  Elaborated program(parts + "optimizer whole = sgd |> ema where matrix\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(condition ema = matrix
hyper lr = 0.1
hyper decay = 0.999
state shadow under ema = w
let sgd:w = w - lr*g
shadow' = decay*shadow + (1 - decay)*sgd:w
w' = sgd:w
view eval = case ema { shadow } else { w }
)");
}

TEST(Stages, keepTheirNamesApartByLabels) {
  Elaborated program(parts + "optimizer whole = { hyper decay = 0.5 in [0, 1); "
                             "sgd |> fast: ema(decay = decay) |> slow: ema with { shadow store bf16 } }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  std::string text = program.text("whole");
  EXPECT_THAT(text, testing::HasSubstr("hyper fast.decay follows decay\n"));
  EXPECT_THAT(text, testing::HasSubstr("state slow.shadow store bf16 = w\n"));
  EXPECT_THAT(text, testing::HasSubstr("fast.shadow' = fast.decay*fast.shadow + (1 - fast.decay)*sgd:w\n"));
}

TEST(Skips, letPass) {
  Elaborated program(R"(
optimizer sgd { hyper lr = 0.1; state b = 0; b' = b + g; w' = w - lr*b' }
transform count { metric waited = n
  state n [model] = 0; before { n' = n + 1; skip when n' < 4 } }
transform finite { state bad [model] = 0
  before { let n = norm[model](g); bad' = if n < inf_ then bad else bad + 1; skip when not (n < inf_) }
  hyper inf_ [model] = 1e30
  metric steps_lost = bad
}
optimizer whole = count |> finite |> sgd
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  std::string text = program.text("whole");
  EXPECT_THAT(text, testing::HasSubstr("\nn' = n + 1\n"));
  EXPECT_THAT(text, testing::HasSubstr("bad' after 1 = "));
  EXPECT_THAT(text, testing::HasSubstr("b' after 2 = "));
  EXPECT_THAT(text, testing::HasSubstr("w' after 2 = "));
}

TEST(Afters, knowWhereTheStepBegan) {
  Elaborated program(R"(
optimizer sgd { hyper lr = 0.1; w' = w - lr*g }
transform half { after { w' = w.old + delta/2 }
  metric moved = norm[model](w' - w.old) }
optimizer whole = sgd |> half
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper lr = 0.1
let sgd:w = w - lr*g
let half::delta = sgd:w - w
let half:w = w + half::delta/2
w' = half:w
metric moved = norm[model](half:w - w)
)");
}

} // namespace
} // namespace ravine::test

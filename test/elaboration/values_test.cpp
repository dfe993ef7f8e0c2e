// Constants, functions and schedules inside expressions.
#include "test/elaboration/Elaborated.h"

#include "compiler/frontend/Constants.h"

#include <cmath>

namespace ravine::test {
namespace {

using namespace ast;

const std::string schedules = R"(
schedule ramp { hyper steps : int = 10 in [1, inf); length = steps; value = step/steps }
schedule root { value = 1/sqrt(step) }
)";

/// What the hyper `lr` of the optimizer `rule` is at a step.
double at(const Elaborated &program, double step) {
  const HyperDecl &lr = *program.optimizer("rule").hypers.at(0);
  auto value = valueOf(*lr.defaultExpr,
                       [&](const Name &name) { return name.text == "step" ? std::optional(step) : std::nullopt; });
  return value.value_or(NAN);
}

Elaborated followed(const std::string &schedule) {
  return Elaborated(schedules + "optimizer rule { hyper lr = " + schedule + "\n w' = w - lr*g }\n");
}

TEST(Schedules, keepTheirLastValue) {
  Elaborated program = followed("2*ramp(4)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_TRUE(program.optimizer("rule").hypers[0]->isScheduled);
  EXPECT_EQ(program.optimizer("rule").hypers[0]->defaultValue, 0.5);
  EXPECT_EQ(at(program, 1), 0.5);
  EXPECT_EQ(at(program, 3), 1.5);
  EXPECT_EQ(at(program, 4), 2);
  EXPECT_EQ(at(program, 99), 2);
}

TEST(Schedules, followEachOther) {
  // Ten steps up, then 1/sqrt from 1, counted anew.
  Elaborated program = followed("ramp then (1 - ramp(steps = 5)) then root");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_DOUBLE_EQ(at(program, 10), 1);
  EXPECT_DOUBLE_EQ(at(program, 11), 0.8);
  EXPECT_DOUBLE_EQ(at(program, 15), 0);
  EXPECT_DOUBLE_EQ(at(program, 16), 1);
  EXPECT_DOUBLE_EQ(at(program, 19), 0.5);
}

TEST(Schedules, areAsLongAsTheLongest) {
  Elaborated program = followed("(ramp(3)*ramp(8)) then 7*root");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_DOUBLE_EQ(at(program, 8), 1);
  EXPECT_DOUBLE_EQ(at(program, 9), 7);
}

TEST(Schedules, demandTheirRangesOfHypers) {
  Elaborated program(schedules +
                     "optimizer rule { hyper total [model] = 5; hyper lr = ramp(total)\n w' = w - lr*g }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(program.text("rule"), testing::HasSubstr("require total >= 1\n"));
}

TEST(Functions, computeEachArgumentOnce) {
  Elaborated program(R"(
let shift = 2*3
fn soft(x, tau = shift) = sign(x)*max(abs(x) - tau, 0)
fn twice(f, x) = f(f(x))
optimizer rule {
  hyper lr = 0.1
  state x = 0
  x' = soft(g + x)
  w' = w - lr*twice(abs, twice(soft, x'))
}
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(program.text("rule"),
              testing::HasSubstr("x' = { let soft.x.1 = g + x; sign(soft.x.1)*max(abs(soft.x.1) - 6, 0) }\n"));
}

TEST(Functions, doNotCaptureNames) {
  // The function's own names are those of the rule's states.
  Elaborated program(R"(
fn f(m) = { let v = m + 1; v*v }
optimizer rule {
  hyper lr = 0.1
  state m = 0
  state v = 0
  m' = f(v)
  v' = f(m + f(v))
  w' = w - lr*m'*v'
}
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(program.text("rule"), testing::HasSubstr("m' = { let v.1 = v + 1; v.1*v.1 }\n"));
}

TEST(Constants, areFolded) {
  Elaborated program("let n = 10\nlet half = n/4 - 2\noptimizer rule { hyper lr = half\n hyper k : int = 2*n\n w' = w "
                     "- lr*k*g*half }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.optimizer("rule").hypers[0]->defaultValue, 0.5);
  EXPECT_EQ(program.optimizer("rule").hypers[1]->defaultValue, 20);
  EXPECT_THAT(program.text("rule"), testing::HasSubstr("w' = w - lr*k*g*0.5\n"));
}

TEST(Schedules, requireThingsOfTheirLets) {
  std::string schedule = "schedule s { hyper n = 3; let z = 2*y; let y = n + 1; require z > 1; value = step/z }\n";
  Elaborated program(schedule + "optimizer a { hyper q = 3; hyper lr = s(n = q); w' = w - lr*g }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(program.text("a"), ::testing::HasSubstr("require 2*(q + 1) > 1\n"));
  EXPECT_EQ(Elaborated(schedule + "optimizer a { hyper lr = s(n = -3); w' = w - lr*g }\n").codes(), "E0635");
}

} // namespace
} // namespace ravine::test

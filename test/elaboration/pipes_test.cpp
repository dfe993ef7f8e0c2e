// Transforms and pipes.
#include "test/elaboration/Elaborated.h"

namespace ravine::test {
namespace {

const std::string parts = R"(
optimizer momentum {
  hyper lr = 0.1 in [0, inf)
  hyper mu = 0.9 in [0, 1)
  state b = 0
  let d = mu*b + g
  b' = d
  w' = w - lr*d
}
transform clip {
  hyper max_norm = 1 in (0, inf)
  before {
    let n = norm[model](g)
    g' = if n > max_norm then g*(max_norm/n) else g
  }
  metric grad_norm = n
}
transform ema {
  hyper decay = 0.999 in [0, 1)
  state shadow = w
  after { shadow' = decay*shadow + (1 - decay)*w' }
  view eval = shadow
}
)";

TEST(Pipes, goThroughBeforesTheRuleAndAfters) {
  Elaborated program(parts + "optimizer whole = clip(2) |> momentum |> ema(0.99)\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper max_norm = 2
hyper lr = 0.1
hyper mu = 0.9
hyper decay = 0.99
state b = 0
state shadow = w
let clip:n = norm[model](g)
let clip:g = if clip:n > max_norm then g*(max_norm/clip:n) else g
let momentum:d = mu*b + clip:g
let momentum:w = w - lr*momentum:d
b' = momentum:d
shadow' = decay*shadow + (1 - decay)*momentum:w
w' = momentum:w
metric grad_norm = clip:n
view eval = shadow
)");
}

TEST(Pipes, leavePlainOptimizersAlone) {
  Elaborated program(parts);
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("momentum"), R"(hyper lr = 0.1
hyper mu = 0.9
state b = 0
let d = mu*b + g
b' = d
w' = w - lr*d
)");
}

} // namespace
} // namespace ravine::test

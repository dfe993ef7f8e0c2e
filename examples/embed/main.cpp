// Compiles a rule that it holds as a string, and fits a line to points by least squares with it. With an argument, the
// rule is read from that file instead: any optimizer with a hyperparameter `lr`.
#include "ravine_compile.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace {

constexpr const char *rule = R"(
/// Nesterov's accelerated gradient, in the form of Sutskever et al. 2013.
optimizer nesterov {
  hyper lr = 0.1 in [0, inf)
  hyper mu = 0.9 in [0, 1)
  state v = 0
  v' = mu*v - lr*g
  w' = w + mu*v' - lr*g
}
)";

constexpr size_t points = 101;

/// Points on the line y = 2x − 1, x from −1 to 1, moved up and down by 0.1 in turn; and the slope and offset that are
/// to find it.
struct Problem {
  std::array<float, 2> line = {0, 0}, gradient;

  /// Half the mean squared error; leaves its gradient.
  float loss() {
    gradient = {0, 0};
    float sum = 0;
    for (size_t p = 0; p < points; ++p) {
      float x = static_cast<float>(p) / (points - 1) * 2 - 1;
      float y = 2 * x - 1 + (p % 2 == 0 ? 0.1f : -0.1f);
      float error = line[0] * x + line[1] - y;
      sum += error * error / 2;
      gradient[0] += error * x / points;
      gradient[1] += error / points;
    }
    return sum / points;
  }
};

} // namespace

int main(int count, char **arguments) {
  const std::vector<std::string> files(arguments + 1, arguments + count);
  ravine::Compiled compiled = files.empty() ? ravine::compile(rule) : ravine::compileFiles(files);
  std::fputs(compiled.text().c_str(), stderr);
  if (!compiled.library)
    return 1;
  const ravine::Library &library = *compiled.library;
  std::printf("%s, %s\n", library.optimizers().front().name,
              compiled.cacheUse == ravine::CacheUse::Hit ? "from the cache" : "compiled");

  Problem problem;
  const std::array tensors = {ravine::Tensor{.name = "line", .shape = {2}}};
  ravine::Optimizer optimizer(library, tensors, {.optimizer = library.optimizers().front().name});
  void *const parameters[] = {problem.line.data()};
  const void *const gradients[] = {problem.gradient.data()};
  for (int step = 0; step <= 100; ++step) {
    float loss = problem.loss();
    if (step % 20 == 0)
      std::printf("step %3d  loss %.6f\n", step, static_cast<double>(loss));
    optimizer.step(parameters, gradients);
  }
  std::printf("y = %.2f x + %.2f\n", static_cast<double>(problem.line[0]), static_cast<double>(problem.line[1]));
}

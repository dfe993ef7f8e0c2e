// One run of a rule, compiled or interpreted.
#pragma once

#include "test/fuzz/rules/Inputs.h"
#include "test/support/Results.h"

namespace ravine::fuzz {

/// How compiled code is run. The variables are those that the library reads.
struct Configuration {
  uint32_t threads = 1;
  uint32_t groups = 2; // an even number
  std::string isa = {};
  std::string cacheBytes = {};
  /// Where the optimizer is saved after the first step and loaded by another one; empty for not at all.
  std::string savedTo = {};
};

/// Nothing if a requirement does not hold when the optimizer is created. A step before which one fails, or that is
/// refused for gradients that are not finite, changes nothing. Throws test::CallFailed.
[[nodiscard]] std::optional<test::Results> runCompiled(const std::string &library, const Inputs &inputs,
                                                       const Configuration &configuration);
[[nodiscard]] std::optional<test::Results> runInterpreted(ir::OptimizerOp rule, const Inputs &inputs,
                                                          const Adjustment &adjustment);

/// Whether every tensor has as many axes as the rule needs; creating the optimizer fails if not.
[[nodiscard]] bool shapesFit(ir::OptimizerOp rule, const Inputs &inputs);

/// Whether all tensors are stored alike: the interpreter takes no others.
[[nodiscard]] bool isOfOnePrecision(const Inputs &inputs);

/// Where one number differs from another.
struct Difference {
  std::string name;
  size_t index = 0;
  bool isOfElement = false;
  double actual = 0, expected = 0;
};

/// Whether two numbers are the same bits, or both NaN.
[[nodiscard]] bool isSame(double actual, double expected);

/// Differing bits, except between NaNs. `names` differ where a result is missing or of another length; then the
/// difference has only a name.
[[nodiscard]] std::vector<Difference> differences(const test::Results &actual, const test::Results &expected);

[[nodiscard]] std::string describe(const std::vector<Difference> &differences);

/// Numbers in them that are not NaN.
[[nodiscard]] uint64_t countNumbers(const test::Results &results);

} // namespace ravine::fuzz

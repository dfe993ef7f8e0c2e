// The rules that compiled code is tested on, and the models that they work on.
#pragma once

#include "test/support/CompiledOptimizer.h"
#include "test/support/Results.h"

#include <ostream>

namespace ravine::test {

using Hypers = std::map<std::string, double>;

/// A rule with hypers.
struct RuleCase {
  std::string file; // without .rvn, of this folder's rules, of compositions, or of the standard library
  std::string optimizer;
  Hypers hypers = {};
  /// Hypers of the tensors with odd numbers, where they differ: those of a second group or the tensors' own.
  Hypers odd = {};
  /// Largest distance between compiled and interpreted results of elements, in units in the last place.
  int64_t ulps = 0;
};

std::ostream &operator<<(std::ostream &out, const RuleCase &test);

/// The standard library with its defaults and options, what is composed of it, and the rules of this folder.
[[nodiscard]] std::vector<RuleCase> allRuleCases();

[[nodiscard]] std::string libraryOf(const RuleCase &test);
[[nodiscard]] std::string sourceOf(const RuleCase &test);

/// Where infinities and NaN stand among the gradients.
enum class Specials { Nowhere, Everywhere, InSecondStep };

using Shapes = std::vector<std::vector<int64_t>>;

/// A model with its gradients in a few steps. Tensors miss steps, so that their counts of steps differ.
struct Scenario {
  Shapes shapes;
  std::vector<std::vector<float>> parameters;
  /// For each step and tensor; empty where a tensor with elements takes no part.
  std::vector<std::vector<std::vector<float>>> gradients;

  /// Three steps. The last tensor misses the second one, and one of those in the middle the first.
  Scenario(Shapes shapes, Specials specials);
};

/// How compiled code is run.
struct Configuration {
  uint32_t threads = 1;
  std::string isa = {}; // the library's own choice
  /// How many groups the tensors are dealt out to.
  uint32_t groups = 1;
};

/// What the compiled optimizer makes of the scenario; the last step's refusal of a non-finite gradient counts as none.
[[nodiscard]] Results runCompiled(const RuleCase &test, const Scenario &scenario, const Configuration &configuration);
[[nodiscard]] Results runInterpreted(const RuleCase &test, const Scenario &scenario);

/// Instruction sets that this processor has.
[[nodiscard]] std::vector<std::string> availableInstructionSets();

/// Sizes around the width of vectors and chunks, with every rank up to 3, and rows, columns and channels without
/// elements. A rule that is for matrices alone gets no vectors.
[[nodiscard]] Shapes smallShapes(const RuleCase &test);
[[nodiscard]] Shapes allShapes(const RuleCase &test);

} // namespace ravine::test

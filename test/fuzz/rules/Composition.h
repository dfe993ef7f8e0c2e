// Optimizers composed of parts, as the fuzzer makes them: pipes that are easy to cut, written out as source text.
#pragma once

#include "test/fuzz/rules/Expression.h"

namespace ravine::fuzz {

/// One stage of a pipe: a part, or a selection.
struct Stage {
  /// Of a selection.
  struct Branch {
    /// Empty for none.
    std::string label;
    /// `_` for all others.
    std::string predicate;
    std::vector<Stage> pipe;
  };

  /// Empty for none.
  std::string label = {};
  /// The part that is used, or `frozen`; empty for a selection.
  std::string part = {};
  /// Such as `lr = 0.1`.
  std::vector<std::string> arguments = {};
  /// Such as `m store bf16`.
  std::vector<std::string> storage = {};
  /// For which tensors it is; empty for all.
  std::string predicate = {};
  /// What a generic part is built around.
  std::vector<Stage> inner = {};
  std::vector<Branch> branches = {};

  [[nodiscard]] std::string text() const;
  /// Whether it is a part and nothing else.
  [[nodiscard]] bool isPlain() const;
};

[[nodiscard]] std::string textOf(const std::vector<Stage> &pipe);

struct Composition {
  std::vector<Part> parts = {};
  /// Hypers of the whole.
  std::vector<Item> hypers = {};
  std::vector<Stage> pipe = {};

  /// With what of the parts and of the common functions and schedules it uses.
  [[nodiscard]] std::string text() const;
};

/// What the optimizer of a subject is called.
inline const std::string optimizerName = "fuzzed";

} // namespace ravine::fuzz

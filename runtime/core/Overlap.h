// Whether tensors share memory that a step or a view would write.
#pragma once

#include "runtime/core/Bindings.h"
#include "runtime/core/Tensors.h"

namespace ravine::core {

/// Finds overlaps of parameters with each other, of parameters with gradients, of either with the states and, where
/// steps write to gradients, of these with each other. Remembers what it has seen: pointers that have not moved since
/// the last step cost one comparison each; gradients that have moved are looked up among parameters that are already in
/// order.
class OverlapCheck {
public:
  /// False where there is no memory.
  [[nodiscard]] bool reserve(const TensorTable &tensors, bool writesGradients, const Memory &memory);

  /// Checks the pointers of a step. `seen` holds those of the last step that passed.
  [[nodiscard]] ravine_status check(const TensorTable &tensors, std::span<const char> states, const Bindings &seen,
                                    const Pointers &now, Error error);

  /// Checks what the host gives a view to read and to write to: an output may be its tensor's parameter and overlaps
  /// nothing else. `seen` as above.
  [[nodiscard]] ravine_status checkOutputs(const TensorTable &tensors, std::span<const char> states,
                                           const Bindings &seen, const Pointers &now, void *const *outputs,
                                           Error error);

private:
  struct Interval {
    uintptr_t begin, end;
    size_t tensor;
  };

  [[nodiscard]] static Interval gradientOf(const TensorTable &tensors, size_t tensor, const void *gradient);
  [[nodiscard]] ravine_status sortParameters(const TensorTable &tensors, std::span<const char> states,
                                             const Pointers &now, Error error);
  [[nodiscard]] ravine_status checkOutput(const TensorTable &tensors, std::span<const char> states,
                                          const Interval &output, Error error) const;
  [[nodiscard]] ravine_status checkWrittenGradients(const TensorTable &tensors, const Pointers &now, Error error);
  [[nodiscard]] ravine_status checkGradient(const TensorTable &tensors, std::span<const char> states, Interval gradient,
                                            Error error);

  /// The parameters of the last step that passed, in order of address: the first `sorted_` entries.
  Array<Interval> parameters_;
  size_t sorted_ = 0;
  bool isSorted_ = false;
  /// How many parameters end before the gradient that was looked up last: most of the next ones are in the same gap.
  size_t gap_ = 0;
  /// Room to put gradients in order that a step writes to; none where it only reads them.
  Array<Interval> gradients_;
  bool writesGradients_ = false;
  /// Room to put the outputs of a view in order.
  Array<Interval> outputs_;
};

} // namespace ravine::core

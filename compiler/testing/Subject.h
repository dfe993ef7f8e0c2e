// An optimizer at work on the tensors of one case, however it is executed.
#pragma once

#include "compiler/testing/Case.h"

#include <memory>

namespace ravine::testing {

class Subject {
public:
  using Gradients = std::vector<std::optional<std::vector<double>>>;
  /// What was wrong, a sentence; nothing where all is well.
  using Problem = std::optional<std::string>;

  virtual ~Subject() = default;

  [[nodiscard]] virtual Problem set(const CaseSetting &setting) = 0;
  /// A step that the rule ends early is no problem.
  [[nodiscard]] virtual Problem step(const Gradients &gradients) = 0;

  [[nodiscard]] virtual std::vector<double> parameter(size_t tensor) const = 0;
  /// Nothing where the tensor has no such state, or no value yet. `tensor` is ignored for one of the model.
  [[nodiscard]] virtual std::optional<std::vector<double>> state(const CaseState &state, size_t tensor) const = 0;
  [[nodiscard]] virtual double metric(const ast::MetricDecl &metric, size_t tensor) const = 0;
  [[nodiscard]] virtual std::vector<double> view(const ast::ViewDecl &view, size_t tensor) const = 0;
  /// Steps that were committed, and those that the rule ended early.
  [[nodiscard]] virtual int64_t steps() const = 0;
  [[nodiscard]] virtual int64_t skipped() const = 0;
};

} // namespace ravine::testing

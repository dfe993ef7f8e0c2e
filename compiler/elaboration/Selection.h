// The branches of a `select`: what they are called, and which tensors take them.
#pragma once

#include "compiler/elaboration/Expander.h"

namespace ravine {

class Selection {
public:
  /// `others` says in messages what could take the tensors that are left.
  Selection(Elaboration &elaboration, const ast::Select &selection, const Environment &environment,
            const std::string &others);

  /// False after a message; then there is nothing else to ask for.
  [[nodiscard]] bool isSound() const { return sound; }
  [[nodiscard]] const std::string &label(size_t index) const { return labels[index]; }
  /// That a tensor takes the branch. To be asked for each branch once, in order.
  [[nodiscard]] std::unique_ptr<ast::ConditionDecl> condition(size_t index);
  /// What the predicates are made of.
  [[nodiscard]] std::vector<ast::Expansion> &expansions() { return expander.expansions; }

private:
  [[nodiscard]] bool checkShape(const std::string &others);
  [[nodiscard]] std::vector<std::string> findLabels();
  [[nodiscard]] ast::ExprPtr predicate(const ast::Branch &branch);

  Elaboration &elaboration;
  const ast::Select &selection;
  Locals locals;
  Expander expander;
  std::vector<std::string> labels;
  std::vector<ast::ExprPtr> earlier;
  unsigned choice = 0;
  bool sound = false;
};

} // namespace ravine

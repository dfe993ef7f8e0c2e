// The branches of a `select`.
#include "compiler/elaboration/Selection.h"

#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Ranges.h"
#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

Selection::Selection(Elaboration &elaboration, const Select &selection, const Environment &environment,
                     const std::string &others)
    : elaboration(elaboration), selection(selection), locals(localsOf(environment)),
      expander(elaboration, *environment.home, locals) {
  if (!checkShape(others))
    return;
  labels = findLabels();
  sound = !labels.empty();
  choice = elaboration.freshChoice();
}

std::unique_ptr<ConditionDecl> Selection::condition(size_t index) {
  const Branch &branch = selection.branches[index];
  auto condition = std::make_unique<ConditionDecl>();
  condition->name = labels[index];
  condition->span = branch.conditionSpan;
  condition->condition = predicate(branch);
  condition->choice = choice;
  return condition;
}

bool Selection::checkShape(const std::string &others) {
  bool isSound = true;
  for (size_t index = 0; index < selection.branches.size(); ++index) {
    const Branch &branch = selection.branches[index];
    bool isLast = index + 1 == selection.branches.size();
    if (isLast && branch.condition) {
      elaboration.report(Code::E0720, branch.conditionSpan, "no branch takes the tensors for which this does not hold",
                         "the last branch has a condition", "end with a branch for all others: " + others);
      isSound = false;
    }
    if (!isLast && !branch.condition) {
      elaboration.report(Code::E0721, selection.branches[index + 1].component->span, "no tensor reaches this branch",
                         "", "`_` stands last", {{branch.conditionSpan, "this branch takes all that are left"}});
      return false;
    }
  }
  return isSound && !selection.branches.empty();
}

/// What the branches are called; empty after a message.
std::vector<std::string> Selection::findLabels() {
  std::vector<std::string> names;
  std::unordered_map<std::string, SourceSpan> seen;
  bool isSound = true;
  unsigned frozen = 0;
  for (const Branch &branch : selection.branches) {
    bool isLabelled = !branch.label.empty();
    std::optional<std::string> name = isLabelled ? branch.label : nameOf(*branch.component);
    SourceSpan span = isLabelled ? branch.labelSpan : branch.component->span;
    if (!name) {
      elaboration.report(Code::E0324, span, "this branch needs a label", "its hypers and states are named after it",
                         "write one before the predicate, such as `hidden: matrix -> …`");
      isSound = false;
      continue;
    }
    // Nothing in it has a name that the host sees.
    if (!isLabelled && branch.component->as<Frozen>() && frozen++ > 0)
      name = "frozen." + std::to_string(frozen);
    auto [earlier, isNew] = seen.try_emplace(*name, span);
    if (!isNew && isLabelled) {
      elaboration.report(Code::E0325, span, "the label " + quote(*name) + " is given twice", "", "choose another one",
                         {{earlier->second, "it is given here"}});
      isSound = false;
    } else if (!isNew) {
      elaboration.report(Code::E0324, span, "this branch needs a label", "another branch is called " + quote(*name),
                         "write one before its predicate", {{earlier->second, "the other one is here"}});
      isSound = false;
    }
    names.push_back(*name);
  }
  return isSound ? names : std::vector<std::string>();
}

/// That the branch is the first whose own predicate holds.
ExprPtr Selection::predicate(const Branch &branch) {
  ExprPtr whole;
  auto conjoin = [&](ExprPtr part) {
    whole = whole ? makeBinary(BinaryOp::And, std::move(whole), std::move(part)) : std::move(part);
  };
  for (const ExprPtr &other : earlier)
    conjoin(make(other->span, Unary{UnaryOp::Not, clone(*other)}));
  if (branch.condition) {
    earlier.push_back(expander.expand(*branch.condition));
    conjoin(clone(*earlier.back()));
  }
  return whole ? std::move(whole) : make(branch.conditionSpan, Boolean{true});
}

} // namespace ravine

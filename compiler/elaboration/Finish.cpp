// What is left to do when an optimizer has been written out as a whole.
#include "compiler/elaboration/Finish.h"

#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/WrittenExpression.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <set>

namespace ravine {

using namespace ast;

namespace {

void countSkips(OptimizerDecl &optimizer) {
  for (Equation &equation : optimizer.equations)
    if (equation.skipsBefore == onlyInFullSteps)
      equation.skipsBefore = static_cast<unsigned>(optimizer.skips.size());
}

void nameConditions(OptimizerDecl &optimizer) {
  std::set<std::string> taken;
  std::map<unsigned, unsigned> numbers;
  for (auto &condition : optimizer.conditions) {
    std::string name = condition->name;
    for (unsigned number = 2; !taken.insert(condition->name).second; ++number)
      condition->name = name + "." + std::to_string(number);
    if (condition->choice)
      condition->choice = numbers.try_emplace(*condition->choice, static_cast<unsigned>(numbers.size())).first->second;
  }
}

/// The source of a part does not know what the part is called.
void nameRequirements(OptimizerDecl &optimizer) {
  for (Requirement &requirement : optimizer.requirements) {
    bool isRenamed = !requirement.text.empty();
    forEachName(*requirement.condition,
                [&](const Name &name, const Expr &) { isRenamed |= name.text.find('.') != std::string::npos; });
    if (isRenamed)
      requirement.text = written(*requirement.condition);
  }
}

bool checkMaster(Elaboration &elaboration, const OptimizerDecl &optimizer) {
  if (!optimizer.hasMaster)
    return true;
  bool isSound = true;
  auto check = [&](const auto &declarations, const std::string &kind) {
    for (const auto &declaration : declarations) {
      if (declaration->name != "master")
        continue;
      elaboration.report(Code::E0342, declaration->nameSpan,
                         "the " + kind + " `master` has the name of the master copy", "",
                         "choose another name for the " + kind, {{optimizer.masterSpan, "the copy is asked for here"}});
      isSound = false;
    }
  };
  check(optimizer.hypers, "hyper");
  check(optimizer.states, "state");
  check(optimizer.metrics, "metric");
  check(optimizer.views, "view");
  return isSound;
}

} // namespace

bool finish(Elaboration &elaboration, OptimizerDecl &optimizer) {
  countSkips(optimizer);
  nameConditions(optimizer);
  nameRequirements(optimizer);
  bool isSound = checkMaster(elaboration, optimizer);
  return markScheduled(elaboration, optimizer) && isSound;
}

} // namespace ravine

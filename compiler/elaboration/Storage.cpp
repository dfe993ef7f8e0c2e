// `adamw with { m, v store bf16; master f32 }`
#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Elaboration.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

bool applyToState(Elaboration &elaboration, const std::string &name, SourceSpan span, Storage storage,
                  std::vector<std::unique_ptr<StateDecl>> &states) {
  auto state = std::ranges::find(states, name, [](const auto &decl) { return decl->name; });
  if (state == states.end()) {
    // `hidden.m` cannot be written here.
    std::vector<std::string_view> names;
    for (const auto &candidate : states)
      if (candidate->name.find('.') == std::string::npos)
        names.push_back(candidate->name);
    std::optional<std::string_view> meant = suggest(name, names);
    std::string listed;
    for (std::string_view candidate : names)
      listed += (listed.empty() ? "its states are " : ", ") + quote(candidate);
    elaboration.report(Code::E0340, span, "there is no state " + quote(name), "",
                       meant            ? "did you mean " + quote(*meant) + "?"
                       : !names.empty() ? listed
                       : states.empty() ? "it has no states"
                                        : "write the `with` behind the part that has the state");
    return false;
  }
  if ((*state)->set != IndexSet::Element && !(*state)->set.isOfGroups()) {
    elaboration.report(Code::E0341, span, "the state " + quote(name) + " is one number of a tensor or of the model",
                       "such numbers are always f64", "delete it here",
                       {{(*state)->nameSpan, quote(name) + " is declared here"}});
    return false;
  }
  (*state)->storage = storage;
  return true;
}

} // namespace

bool applyStorage(Elaboration &elaboration, const With &with, std::vector<std::unique_ptr<StateDecl>> &states,
                  OptimizerDecl *rule) {
  bool isSound = true;
  for (const StorageClause &clause : with.clauses) {
    for (size_t index = 0; index < clause.states.size(); ++index)
      isSound =
          applyToState(elaboration, clause.states[index], clause.stateSpans[index], clause.storage, states) && isSound;
    if (!clause.states.empty())
      continue;
    if (!rule) {
      elaboration.report(Code::E0343, clause.span, "a transform has no master copy", "",
                         "write `master f32` behind the optimizer");
      isSound = false;
      continue;
    }
    rule->hasMaster = true;
    rule->masterSpan = clause.span;
  }
  return isSound;
}

} // namespace ravine

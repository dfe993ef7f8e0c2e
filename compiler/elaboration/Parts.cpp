// What a declaration is built from.
#include "compiler/elaboration/Parts.h"

#include "compiler/elaboration/Laws.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

void addUsed(UsedPenalties &used, const Expr &expr) {
  if (const auto *call = expr.as<Call>())
    if (std::optional<Call::Request> request = call->request())
      used.try_emplace(std::string(request->part), UsedPenalty{call->calleeSpan});
  forEachChild(expr, [&](const Expr &child) { addUsed(used, child); });
}

/// Notes which of the names are those of values.
template <typename Declarations> void markValues(UsedPenalties &used, const Declarations &declarations) {
  for (const auto &declaration : declarations)
    if (auto found = used.find(declaration->name); found != used.end())
      found->second.value = declaration->nameSpan;
}

std::string wordOf(ParameterKind kind) {
  if (kind == ParameterKind::Function)
    return "a function";
  return (kind == ParameterKind::Optimizer ? "an " : "a ") + std::string(spelling(kind));
}

/// What stands for a parameter that is a function; nothing after a message.
std::optional<FunctionValue> functionOf(Elaboration &elaboration, const Part &part) {
  if (!part.component)
    return FunctionValue{};
  const auto *use = part.component->as<Use>();
  std::string what = "this is not a function";
  bool isName = use && use->parts.empty() && use->arguments.empty() && !use->set;
  if (isName) {
    if (auto outer = part.environment->parts.find(use->name);
        outer != part.environment->parts.end() && outer->second.parameter->kind == ParameterKind::Function)
      return functionOf(elaboration, outer->second);
    if (findFunction(use->name))
      return FunctionValue{nullptr, nullptr, use->name};
    bool isAmbiguous = false;
    const Scope::Entry *entry = elaboration.find(*part.environment->home, use->name, use->nameSpan, &isAmbiguous);
    const auto *function = entry ? std::get_if<const FunctionDecl *>(&entry->definition) : nullptr;
    if (function)
      return FunctionValue{*function, entry->home, ""};
    if (isAmbiguous || (!entry && elaboration.mayBeMissing(*part.environment->home, use->name)))
      return std::nullopt;
    if (!entry) {
      elaboration.report(Code::E0302, use->nameSpan, "unknown function " + quote(use->name), "",
                         "declare it, `fn " + use->name + "(x) = …`, or name an elementary one, such as `exp`");
      return std::nullopt;
    }
    what = quote(use->name) + " is " + kindOf(entry->definition) + ", not a function";
  }
  elaboration.report(Code::E0350, part.component->span, what, "",
                     quote(part.parameter->name) + " stands for a function: give the name of one, such as `exp`",
                     {{part.parameter->nameSpan, quote(part.parameter->name) + " is declared here"}});
  return std::nullopt;
}

class Gathering {
public:
  Gathering(Elaboration &elaboration, const std::string &whole, const Environment &environment)
      : elaboration(elaboration), whole(whole), environment(environment) {}

  void add(const GenericParameter &parameter) {
    auto part = environment.parts.find(parameter.name);
    if (parameter.kind == ParameterKind::Optimizer || part == environment.parts.end())
      return;
    if (parameter.kind == ParameterKind::Function) {
      std::optional<FunctionValue> function = functionOf(elaboration, part->second);
      result.isSound = result.isSound && function;
      result.functions.emplace(parameter.name, function.value_or(FunctionValue{}));
      return;
    }
    PenaltyPtr penalty = penaltyOf(elaboration, part->second, parameter.nameSpan);
    const Module &home = part->second.environment ? *part->second.environment->home : *environment.home;
    if (penalty && !fits(elaboration, *penalty, parameter, whole, home))
      penalty = nullptr;
    give(parameter.name, std::move(penalty));
  }

  void add(const std::string &name, const UsedPenalty &use) {
    SourceSpan span = use.span;
    if (auto part = environment.parts.find(name); part != environment.parts.end()) {
      if (result.penalties.contains(name) || result.functions.contains(name))
        return;
      elaboration.report(Code::E0337, span, quote(name) + " is an optimizer, and takes a step as a whole", "",
                         "call it: `" + name + "(w, g)`");
      return give(name, nullptr);
    }
    bool isValue = use.value || predefined(name);
    if (isValue && elaboration.program.scopes.at(environment.home).find(name).empty()) {
      std::vector<Note> notes;
      if (use.value)
        notes.push_back({*use.value, quote(name) + " is declared here"});
      elaboration.report(Code::E0350, span, quote(name) + " is a value, not a penalty", "",
                         "a penalty is asked, at a value in parentheses: `l1.prox(w, lr)`", std::move(notes));
      return give(name, nullptr);
    }
    if (!findPenalty(elaboration, *environment.home, name, span))
      return give(name, nullptr);
    Component component{span, Use{name, span, {}, std::nullopt, {}, {}}};
    PenaltyPtr penalty = elaboratePenalty(elaboration, component, environment);
    if (penalty)
      penalty->isByName = true;
    give(name, std::move(penalty));
  }

  /// A parameter that is a penalty has to be asked for something.
  void demandUse(const GenericParameter &parameter, const UsedPenalties &used) {
    bool isPenalty = parameter.kind == ParameterKind::Penalty || parameter.kind == ParameterKind::Set;
    if (!isPenalty || used.contains(parameter.name))
      return;
    // The use may be what the parser has refused.
    bool isRead = std::ranges::none_of(elaboration.diagnostics.all(), [&](const Diagnostic &diagnostic) {
      return diagnostic.span.file == parameter.nameSpan.file && spelling(diagnostic.code).starts_with("E02");
    });
    result.isSound = false;
    if (!isRead)
      return;
    bool isSet = parameter.kind == ParameterKind::Set;
    elaboration.report(Code::E0335, parameter.nameSpan, "the part " + quote(parameter.name) + " is never used", "",
                       "ask it for something: `" + parameter.name + (isSet ? ".project(w)`" : ".prox(w, lr)`"));
  }

  Ingredients result;

private:
  void give(const std::string &name, PenaltyPtr penalty) {
    result.isSound = result.isSound && penalty;
    if (penalty)
      qualify(*penalty, name);
    result.penalties.emplace(name, std::move(penalty));
  }

  Elaboration &elaboration;
  const std::string &whole;
  const Environment &environment;
};

std::string countOfParts(size_t count) {
  return count == 0 ? "no part" : std::to_string(count) + (count == 1 ? " part" : " parts");
}

} // namespace

UsedPenalties penaltiesIn(const OptimizerDecl &optimizer) {
  UsedPenalties used;
  forEachRoot(optimizer, [&](const Expr &expr) { addUsed(used, expr); });
  markValues(used, optimizer.hypers);
  markValues(used, optimizer.states);
  markValues(used, optimizer.lets);
  return used;
}

UsedPenalties penaltiesIn(const TransformDecl &transform) {
  UsedPenalties used;
  auto add = [&](const auto &declarations) {
    for (const auto &declaration : declarations)
      addUsed(used, *declaration->value);
  };
  for (const auto &state : transform.states)
    addUsed(used, *state->initial);
  add(transform.lets);
  for (const TransformBlock *block : {&transform.before, &transform.after}) {
    add(block->lets);
    for (const Equation &equation : block->equations)
      addUsed(used, *equation.value);
    for (const Skip &skip : block->skips)
      addUsed(used, *skip.condition);
  }
  add(transform.metrics);
  add(transform.views);
  markValues(used, transform.hypers);
  markValues(used, transform.states);
  markValues(used, transform.lets);
  return used;
}

UsedPenalties penaltiesIn(const PenaltyDecl &penalty) {
  UsedPenalties used;
  for (const ExprPtr *body : {&penalty.value, &penalty.prox, &penalty.gradient, &penalty.project, &penalty.contains})
    if (*body)
      addUsed(used, **body);
  markValues(used, penalty.hypers);
  markValues(used, penalty.lets);
  return used;
}

Ingredients gather(Elaboration &elaboration, const std::string &whole, const std::vector<GenericParameter> &generics,
                   const UsedPenalties *used, const Environment &environment) {
  Gathering gathering(elaboration, whole, environment);
  for (const GenericParameter &parameter : generics)
    gathering.add(parameter);
  if (!used)
    return std::move(gathering.result);
  for (const auto &[name, use] : *used)
    gathering.add(name, use);
  for (const GenericParameter &parameter : generics)
    gathering.demandUse(parameter, *used);
  return std::move(gathering.result);
}

bool needsParts(const std::vector<GenericParameter> &generics) {
  return !std::ranges::all_of(generics,
                              [](const GenericParameter &parameter) { return parameter.defaultPart != nullptr; });
}

bool giveParts(Elaboration &elaboration, const Use &use, SourceSpan declaration,
               const std::vector<GenericParameter> &generics, const Environment &environment, Environment &inner) {
  auto isNeeded = [](const GenericParameter &parameter) { return !parameter.defaultPart; };
  bool isEnough = std::ranges::none_of(
      generics.begin() + static_cast<ptrdiff_t>(std::min(use.parts.size(), generics.size())), generics.end(), isNeeded);
  Note note{declaration, quote(use.name) + " is declared here"};
  if (isEnough && use.parts.size() <= generics.size()) {
    takeDefaults(elaboration, generics, inner);
    for (size_t index = 0; index < use.parts.size(); ++index)
      inner.parts[generics[index].name] = {&generics[index], use.parts[index].get(), &environment,
                                           elaboration.active.size()};
    return true;
  }
  std::string parameters;
  for (const GenericParameter &parameter : generics)
    parameters += (parameters.empty() ? "" : ", ") + parameter.name;
  auto needed = static_cast<size_t>(std::ranges::count_if(generics, isNeeded));
  if (use.parts.empty()) {
    const GenericParameter &first = *std::ranges::find_if(generics, isNeeded);
    elaboration.report(Code::E0327, use.nameSpan,
                       quote(use.name) + " is built from " + wordOf(first.kind) + " that is not given", "",
                       "write " + quote(use.name + "<" + parameters + ">") + " with " + wordOf(first.kind) +
                           " in the place of " + quote(first.name),
                       {std::move(note)});
    return false;
  }
  std::string wanted = needed == generics.size() ? countOfParts(needed)
                       : needed == 0             ? "at most " + countOfParts(generics.size())
                                                 : std::to_string(needed) + " to " + countOfParts(generics.size());
  elaboration.report(Code::E0326, use.nameSpan,
                     quote(use.name) + " is built from " + wanted + ", found " + std::to_string(use.parts.size()), "",
                     generics.empty() ? "write " + quote(use.name) : "", {std::move(note)});
  return false;
}

void standForParts(const std::vector<GenericParameter> &generics, Environment &environment) {
  for (const GenericParameter &parameter : generics)
    environment.parts[parameter.name] = {&parameter};
}

void takeDefaults(Elaboration &elaboration, const std::vector<GenericParameter> &generics, Environment &environment) {
  if (std::ranges::none_of(generics,
                           [](const GenericParameter &parameter) { return parameter.defaultPart != nullptr; }))
    return;
  auto defaults = std::make_shared<Environment>();
  defaults->home = environment.home;
  defaults->isPart = true;
  defaults->beside = &generics;
  for (const GenericParameter &parameter : generics)
    if (parameter.defaultPart)
      environment.parts[parameter.name] = {&parameter, parameter.defaultPart.get(), defaults.get(),
                                           elaboration.active.size() + 1};
  environment.defaults = std::move(defaults);
}

} // namespace ravine

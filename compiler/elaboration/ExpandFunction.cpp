// A call of a function becomes its body, with each argument computed once.
#include "compiler/elaboration/Expander.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Make.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

std::string countOf(size_t count) {
  return std::to_string(count) + (count == 1 ? " argument" : " arguments");
}

bool uses(const Expr &body, std::string_view parameter) {
  bool isUsed = false;
  forEachName(body, [&](const Name &name, const Expr &) { isUsed |= name.text == parameter; });
  return isUsed;
}

const Locals &noLocals() {
  static const Locals none;
  return none;
}

} // namespace

ExprPtr Expander::inlineFunction(const FunctionValue &function, const Expr &expr, const Call &call) {
  if (!function.declared && function.elementary.empty())
    return applyUnknown(expr, call);
  if (!function.declared) {
    if (!call.argumentNames.empty()) {
      elaboration.report(Code::E0626, call.calleeSpan, quote(call.callee) + " takes no names for its arguments", "",
                         "give them in their order");
      return makePlaceholder(expr.span);
    }
    ExprPtr copied = withParts(expr, map());
    copied->as<Call>()->callee = function.elementary;
    return copied;
  }
  const FunctionDecl &declared = *function.declared;
  if (elaboration.isRecursive(&declared, declared.name, call.calleeSpan, "function") ||
      !elaboration.isSound(declared, *function.home))
    return makePlaceholder(expr.span);
  Bindings bound;
  Block block;
  if (!bindParameters(declared, *function.home, call, expr, bound, block))
    return makePlaceholder(expr.span);
  elaboration.active.push_back({&declared, declared.name, call.calleeSpan});
  Frame frame = enter(*function.home, std::move(bound));
  locals = &noLocals();
  {
    Scoped inBody(isInBody, true);
    Scoped inFunction(isInFunction, true);
    block.value = expand(*declared.body);
  }
  leave(std::move(frame));
  elaboration.active.pop_back();
  addExpansion(expansions, SourceSpan::covering(declared.nameSpan, declared.body->span), call.calleeSpan,
               "the function " + quote(declared.name));
  return make(expr.span, std::move(block));
}

/// A function of which nothing is known: something that depends on all its arguments.
ExprPtr Expander::applyUnknown(const Expr &expr, const Call &call) {
  ExprPtr sum = makeNumber(expr.span, 1, true);
  for (const ExprPtr &argument : call.arguments)
    sum = makeBinary(BinaryOp::Add, expand(*argument), std::move(sum));
  sum->span = expr.span;
  return sum;
}

/// Finds out which argument belongs to which parameter, and what is left to defaults.
bool Expander::bindParameters(const FunctionDecl &function, const Module &itsHome, const Call &call, const Expr &expr,
                              Bindings &bound, Block &block) {
  std::vector<const Expr *> given(function.parameters.size(), nullptr);
  Note declaration{function.nameSpan, quote(function.name) + " is declared here"};
  for (size_t index = 0; index < call.arguments.size(); ++index) {
    const Expr &argument = *call.arguments[index];
    std::string name = call.argumentNames.empty() ? "" : call.argumentNames[index];
    size_t position = index;
    if (!name.empty()) {
      std::vector<std::string_view> names;
      for (position = 0; position < function.parameters.size(); ++position) {
        names.push_back(function.parameters[position].name);
        if (names.back() == name)
          break;
      }
      if (position == function.parameters.size()) {
        std::optional<std::string_view> meant = suggest(name, names);
        elaboration.report(Code::E0627, argument.span, quote(function.name) + " has no parameter " + quote(name), "",
                           meant ? "did you mean " + quote(*meant) + "?" : "", {declaration});
        return false;
      }
    }
    if (position >= given.size()) {
      elaboration.report(Code::E0404, expr.span,
                         quote(function.name) + " takes " + countOf(given.size()) + ", found " +
                             std::to_string(call.arguments.size()),
                         "", "", {declaration});
      return false;
    }
    if (given[position]) {
      elaboration.report(Code::E0628, argument.span, quote(function.parameters[position].name) + " is given twice", "",
                         "give it once", {{given[position]->span, "it is given here"}});
      return false;
    }
    given[position] = &argument;
  }
  for (size_t position = 0; position < given.size(); ++position) {
    const FunctionDecl::Parameter &parameter = function.parameters[position];
    const Expr *source = given[position] ? given[position] : parameter.defaultExpr.get();
    if (!source) {
      elaboration.report(Code::E0404, expr.span,
                         quote(function.name) + " takes " + countOf(given.size()) + ", found " +
                             std::to_string(call.arguments.size()),
                         quote(parameter.name) + " is missing", "", {declaration});
      return false;
    }
    if (std::optional<FunctionValue> value = given[position] ? functionValue(*source) : std::nullopt) {
      bound.emplace(parameter.name, std::move(*value));
      continue;
    }
    ExprPtr value;
    if (given[position]) {
      value = expand(*source);
    } else {
      // A default knows what the file declares.
      Frame frame = enter(itsHome, {});
      locals = &noLocals();
      value = expand(*source);
      leave(std::move(frame));
    }
    if (isSimple(*value)) {
      bound.emplace(parameter.name, std::move(value));
      continue;
    }
    if (!uses(*function.body, parameter.name))
      continue;
    std::string name = elaboration.freshName(function.name + "." + parameter.name);
    bound.emplace(parameter.name, makeName(parameter.nameSpan, name));
    block.lets.push_back(makeLet(name, value->span, std::move(value)));
  }
  return true;
}

std::optional<FunctionValue> Expander::functionValue(const Expr &argument) {
  const auto *name = argument.as<Name>();
  if (!name || name->isPrimed)
    return std::nullopt;
  if (auto bound = bindings.find(name->text); bound != bindings.end()) {
    const auto *function = std::get_if<FunctionValue>(&bound->second);
    return function ? std::optional(*function) : std::nullopt;
  }
  if (locals->names.contains(name->text) || predefined(name->text))
    return std::nullopt;
  if (findFunction(name->text))
    return FunctionValue{nullptr, nullptr, name->text};
  for (const Scope::Entry &entry : elaboration.program.scopes.at(home).find(name->text))
    if (const auto *function = std::get_if<const FunctionDecl *>(&entry.definition))
      return FunctionValue{*function, entry.home, ""};
  return std::nullopt;
}

} // namespace ravine

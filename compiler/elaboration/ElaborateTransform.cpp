// Transforms: their copies, and what may stand in which half of them.
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/elaboration/PipeAssembly.h"
#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// Where in a transform an expression stands.
enum class Place : uint8_t { Outside, Before, After };

class TransformChecker {
public:
  TransformChecker(Elaboration &elaboration, const TransformDecl &transform)
      : elaboration(elaboration), transform(transform) {
    forEachVisible(transform, [&](const auto &declaration) { declared.insert(declaration.name); });
    for (const auto &let : transform.lets)
      declared.insert(let->name);
    for (const auto *block : {&transform.before, &transform.after})
      for (const auto &let : block->lets) {
        declared.insert(let->name);
        halfLets.insert(let->name);
      }
  }

  bool run() {
    for (const auto &state : transform.states) {
      checkNames(*state->initial, Place::Outside);
      if (state->condition)
        checkNames(*state->condition, Place::Outside);
    }
    for (const Requirement &requirement : transform.requirements)
      checkNames(*requirement.condition, Place::Outside);
    for (const auto &let : transform.lets)
      checkShared(*let->value);
    checkBlock(transform.before, Place::Before);
    checkBlock(transform.after, Place::After);
    for (const auto &metric : transform.metrics)
      checkNames(*metric->value, Place::After);
    for (const auto &view : transform.views) {
      checkNames(*view->value, Place::Outside);
      checkView(*view->value);
    }
    return isSound;
  }

private:
  void checkBlock(const TransformBlock &block, Place place) {
    for (const auto &let : block.lets)
      checkNames(*let->value, place);
    for (const Skip &skip : block.skips)
      checkNames(*skip.condition, place);
    for (const Equation &equation : block.equations) {
      if (equation.target == "w" && place == Place::Before)
        report(Code::E0522, equation.targetSpan, "`w'` is defined in a `before`", "here the step has not been taken",
               "define `w'` in the `after`, or `g'` here");
      if (equation.target == "g" && place == Place::After)
        report(Code::E0521, equation.targetSpan, "`g'` is defined in an `after`", "here the gradient has been used",
               "define `g'` in the `before`, or `w'` here");
      checkNames(*equation.value, place);
      checkDefinedOnce(equation);
    }
  }

  /// Of what becomes a `let`; the checker looks at states.
  void checkDefinedOnce(const Equation &equation) {
    if (equation.target != "w" && equation.target != "g")
      return;
    auto [earlier, isNew] = defined.try_emplace(equation.target, equation.targetSpan);
    if (isNew)
      return;
    isSound = false;
    elaboration.report(Code::E0503, equation.targetSpan, quote(equation.target + "'") + " is defined twice", "",
                       "put both cases into one equation: `" + equation.target + "' = if c then a else b`",
                       {{earlier->second, "it is defined here"}});
  }

  void checkNames(const Expr &expr, Place place) {
    forEachName(expr, [&](const Name &name, const Expr &use) { checkName(name, use, place); });
  }

  void checkName(const Name &name, const Expr &use, Place place) {
    if (name.text == "g" && name.isPrimed && place != Place::Before)
      report(Code::E0521, use.span, "`g'` is used outside of a `before`", "",
             place == Place::After ? "`g` is the gradient that the rule saw" : whereKnown("g", /*isPrimed=*/true));
    if (name.text == "w" && name.isPrimed && place == Place::Before)
      report(Code::E0522, use.span, "`w'` is used in a `before`", "here the step has not been taken",
             "use `w`, or do this in the `after`");
    bool isOfAfter = name.text == "w.old" || (name.text == "delta" && !declared.contains("delta"));
    if (isOfAfter && place != Place::After)
      report(Code::E0523, use.span, quote(name.text) + " is used outside of an `after`", "",
             place == Place::Outside ? whereKnown(name.text, /*isPrimed=*/false)
             : name.text == "w.old"  ? "in a `before`, `w` is the parameter that the step began with"
                                     : "in a `before`, nothing has changed yet: do this in the `after`");
    if (isOfAfter && name.isPrimed)
      report(Code::E0501, use.span, quote(name.text) + " has no next value", "it is given", "delete the prime");
  }

  /// Both halves see it, so it is made of what is the same in both.
  void checkShared(const Expr &expr) {
    if (const auto *reduction = expr.as<Reduction>())
      return report(Code::E0524, expr.span,
                    std::string("a `let` outside of `before` and `after` cannot use ") +
                        (reduction->standsFor.empty() ? "the reduction " : "") + quote(reduction->written()),
                    "it is of a step", "move the `let` into one of them");
    const auto *name = expr.as<Name>();
    bool isOfStep = name && (name->isPrimed || name->text == "w" || name->text == "g" || name->text == "w.old" ||
                             (name->text == "delta" && !declared.contains("delta")) || halfLets.contains(name->text));
    if (isOfStep)
      report(Code::E0524, expr.span,
             "a `let` outside of `before` and `after` cannot use " + quote(name->text + (name->isPrimed ? "'" : "")),
             "it differs between them", "move the `let` into one of them");
    forEachChild(expr, [&](const Expr &child) { checkShared(child); });
  }

  void checkView(const Expr &expr) {
    forEachName(expr, [&](const Name &name, const Expr &use) {
      if (halfLets.contains(name.text))
        report(Code::E0508, use.span, "a view cannot use " + quote(name.text), "it is a value of a step",
               "keep it in a state");
    });
  }

  void report(Code code, SourceSpan span, std::string message, std::string label, std::string hint) {
    isSound = false;
    elaboration.report(code, span, std::move(message), std::move(label), std::move(hint));
  }

  Elaboration &elaboration;
  const TransformDecl &transform;
  std::unordered_set<std::string> declared;
  /// The lets of `before` and `after`.
  std::unordered_set<std::string> halfLets;
  std::unordered_map<std::string, SourceSpan> defined;
  bool isSound = true;
};

} // namespace

bool checkTransform(Elaboration &elaboration, const TransformDecl &transform) {
  return TransformChecker(elaboration, transform).run();
}

std::unique_ptr<TransformDecl> copyTransform(Elaboration &elaboration, const TransformDecl &transform,
                                             const Module &home, std::vector<Expansion> &expansions,
                                             std::vector<std::unique_ptr<ConditionDecl>> &conditions, bool isPart) {
  UsedPenalties used = penaltiesIn(transform);
  Environment environment{&home, nullptr, {}, nullptr, isPart};
  Ingredients ingredients = gather(elaboration, transform.name, {}, &used, environment);
  if (!ingredients.isSound)
    return nullptr;
  Locals locals = Locals::of(transform);
  forEachVisible(transform, [&](const auto &declaration) { locals.names.insert(declaration.name); });
  for (const TransformBlock *block : {&transform.before, &transform.after})
    for (const auto &let : block->lets) {
      locals.names.insert(let->name);
      locals.lets.emplace(let->name, let->value.get());
    }
  bool hasOwnDelta = !locals.names.insert("delta").second;
  locals.names.insert("w.old");
  Expander expander(elaboration, home, locals, isPart);
  expander.know(ingredients.penalties, {});
  ExprMap map = expander.map();
  auto copied = std::make_unique<TransformDecl>();
  copied->name = transform.name;
  copied->nameSpan = transform.nameSpan;
  copied->hypers = copyAll(transform.hypers, map);
  copied->states = copyAll(transform.states, map);
  copied->requirements = copyAll(transform.requirements, map);
  copied->lets = copyAll(transform.lets, map);
  auto copyBlock = [&](const TransformBlock &block) {
    return TransformBlock{block.span, copyAll(block.lets, map), copyAll(block.equations, map),
                          copyAll(block.skips, map)};
  };
  copied->before = copyBlock(transform.before);
  copied->after = copyBlock(transform.after);
  copied->zeroesGradient = transform.zeroesGradient;
  copied->metrics = copyAll(transform.metrics, map);
  copied->views = copyAll(transform.views, map);
  append(copied->requirements, expander.requirements);
  append(expansions, expander.expansions);
  for (auto &[name, penalty] : ingredients.penalties) {
    takeHypers(*copied, *penalty);
    append(conditions, penalty->conditions);
    append(expansions, penalty->expansions);
  }
  if (!hasOwnDelta)
    rename(*copied, {{"delta", difference}});
  return copied;
}

Flat wrapAlone(Elaboration &elaboration, const TransformDecl &transform, const Module &home) {
  PipeAssembly assembly(elaboration);
  std::vector<Expansion> expansions;
  Wrapper wrapper;
  wrapper.transform = copyTransform(elaboration, transform, home, expansions, wrapper.choices, /*isPart=*/false);
  if (!wrapper.transform)
    return nullptr;
  wrapper.use = transform.nameSpan;
  wrapper.inside = assembly.claim(transform.name);
  assembly.add(std::move(wrapper));
  assembly.add(expansions);
  assembly.add(simplestRule(transform.nameSpan), assembly.claim("rule"));
  Flat flat = assembly.finish();
  flat->name = transform.name;
  flat->nameSpan = transform.nameSpan;
  // It is checked for itself.
  flat->isComposed = false;
  return flat;
}

} // namespace ravine

// The inside of a pipe: the befores of all transforms from left to right, the rule, and the afters from left to right.
//
// What a transform makes of the gradient, and of the parameter that the rule proposes, are lets of the optimizer that
// results: `clip:g` is the gradient behind `clip`, `adamw:w` what the rule proposes, `ema:w` what `ema` makes of that.
#pragma once

#include "compiler/elaboration/Compose.h"

#include <unordered_set>

namespace ravine {

/// What copyTransform makes of `delta`, which a transform may also declare.
inline constexpr const char *difference = "w.delta";

/// A transform on its way into the pipe. Its names are those that it has there.
struct Wrapper {
  std::unique_ptr<ast::TransformDecl> transform;
  std::string inside;
  /// Where it does not hold, the transform does nothing; null where it always does.
  std::unique_ptr<ast::ConditionDecl> condition;
  /// Of the penalties that are chosen by tensor.
  std::vector<std::unique_ptr<ast::ConditionDecl>> choices;
  SourceSpan use;
};

class PipeAssembly {
public:
  explicit PipeAssembly(Elaboration &elaboration) : elaboration(elaboration) {}

  /// A name for the inside of a stage that no other stage has.
  [[nodiscard]] std::string claim(const std::string &name);
  void add(Wrapper wrapper);
  /// The optimizer. Exactly one is added.
  void add(Flat optimizer, std::string inside);
  void add(std::vector<ast::Expansion> &expansions) { append(result->expansions, expansions); }
  [[nodiscard]] Flat finish();

private:
  struct Stage {
    Wrapper wrapper;
    const ast::ConditionDecl *condition = nullptr;
  };

  void declare();
  void checkZeroing();
  void addBefore(Stage &stage);
  void addRule();
  void addAfter(Stage &stage);
  void measure();
  void addLets(std::vector<std::unique_ptr<ast::LetDecl>> &lets, const Names &names);
  void addLet(const std::string &name, const Stage &stage, ast::Equation &equation, const std::string &otherwise);
  [[nodiscard]] bool hasAfters() const;
  void addGradient(Names &names) const;

  Elaboration &elaboration;
  Flat result = std::make_unique<ast::OptimizerDecl>();
  std::vector<Stage> stages;
  Flat rule;
  std::string ruleInside;
  /// How many transforms stand before the optimizer.
  size_t rulePosition = 0;
  std::unordered_set<std::string> insides;
  /// What the gradient is so far; what w is proposed to become, and where that was said last.
  std::string gradient = "g";
  std::string proposed;
  SourceSpan updateSpan;
};

} // namespace ravine

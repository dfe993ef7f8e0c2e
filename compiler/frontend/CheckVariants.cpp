// Each outcome of what is decided at creation has kernels of its own, so that there may not be too many.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/CaseContexts.h"
#include "compiler/frontend/CreationCount.h"
#include "compiler/frontend/Frontend.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// Something that is asked of each tensor for which the conditions hold that it is under.
struct Question {
  const Expr *expr;
  SourceSpan span;
  KnownConditions under;
  std::optional<unsigned> choice = std::nullopt;
  bool isDeclared = false;
};

bool isWithin(const KnownConditions &inner, const KnownConditions &outer) {
  for (size_t index = 0; index < inner.size(); ++index)
    if (inner[index] && !outer[index])
      return false;
  return true;
}

/// The questions, each once: declared conditions, then those of states and cases.
std::vector<Question> questionsOf(const OptimizerDecl &optimizer, const std::unordered_set<const Expr *> &unsound) {
  std::vector<Question> candidates;
  for (const auto &condition : optimizer.conditions)
    candidates.push_back({condition->condition.get(), condition->span, knownConditions(optimizer, condition->under),
                          condition->choice, true});
  for (const auto &state : optimizer.states)
    if (state->condition)
      candidates.push_back({state->condition.get(), state->conditionSpan, knownConditions(optimizer, state->under)});
  std::vector<Question> ofCases;
  for (auto &[expr, known] : contextsOfCases(optimizer)) {
    const auto *choice = expr->as<Case>();
    // A case of a branch or a stage asks nothing new.
    if (!declaredCondition(*choice->condition) && !unsound.contains(choice->condition.get()))
      ofCases.push_back({&withoutLets(*choice->condition), choice->conditionSpan, known});
  }
  std::ranges::sort(ofCases, {}, [](const Question &question) { return question.span.begin; });
  std::ranges::move(ofCases, std::back_inserter(candidates));

  // What is asked of more tensors first: it answers what is asked of fewer.
  std::vector<Question> questions;
  for (ptrdiff_t depth = 0; depth <= std::ssize(optimizer.conditions); ++depth)
    for (const Question &candidate : candidates) {
      if (std::ranges::count(candidate.under, true) != depth)
        continue;
      auto answers = [&](const Question &known) {
        return isWithin(known.under, candidate.under) && isSameExpression(*known.expr, *candidate.expr);
      };
      bool isUnsound = unsound.contains(candidate.expr);
      if (!isUnsound && (candidate.isDeclared || std::ranges::none_of(questions, answers)))
        questions.push_back(candidate);
    }
  return questions;
}

/// Counts the answers that can come together.
class Outcomes {
public:
  Outcomes(const OptimizerDecl &optimizer, const std::vector<Question> &questions) {
    std::vector<size_t> ofDeclared(optimizer.conditions.size());
    for (const Question &question : questions) {
      Asked asked{question.expr, {}, question.choice};
      for (size_t index = 0; index < question.under.size(); ++index)
        if (question.under[index])
          asked.under.push_back(ofDeclared[index]);
      std::ranges::sort(asked.under);
      // Two branches of one choice are two, whatever they ask.
      auto isKnown = [&](const Asked &other) {
        return other.under == asked.under && !(other.choice && asked.choice) &&
               isSameExpression(*other.expr, *asked.expr);
      };
      auto known = std::ranges::find_if(all, isKnown);
      if (question.isDeclared) {
        auto isOwn = [&](const auto &condition) { return condition->condition.get() == question.expr; };
        auto own = std::ranges::find_if(optimizer.conditions, isOwn);
        ofDeclared[static_cast<size_t>(own - optimizer.conditions.begin())] = static_cast<size_t>(known - all.begin());
      }
      if (known == all.end())
        all.push_back(std::move(asked));
      else if (asked.choice)
        known->choice = asked.choice;
    }
    answers.resize(all.size());
  }

  size_t count() {
    decide(0);
    return found;
  }

  static constexpr size_t tooMany = 10'000;

private:
  struct Asked {
    const Expr *expr;
    std::vector<size_t> under;
    std::optional<unsigned> choice;
  };

  void decide(size_t index) {
    if (found == tooMany)
      return;
    if (index == all.size()) {
      ++found;
      return;
    }
    const Asked &asked = all[index];
    bool isAsked = std::ranges::all_of(asked.under, [&](size_t outer) { return answers[outer]; });
    bool isTaken = false, isLast = asked.choice.has_value();
    for (size_t other = 0; asked.choice && other < all.size(); ++other)
      if (other != index && all[other].choice == asked.choice) {
        isTaken |= other < index && answers[other];
        isLast &= other < index;
      }
    for (bool answer : {false, true}) {
      bool isPossible = answer ? isAsked && !isTaken : !isAsked || isTaken || !isLast;
      answers[index] = answer;
      if (isPossible)
        decide(index + 1);
    }
    answers[index] = false;
  }

  std::vector<Asked> all;
  std::vector<bool> answers;
  size_t found = 0;
};

} // namespace

size_t countOutcomes(const OptimizerDecl &optimizer) {
  return Outcomes(optimizer, questionsOf(optimizer, {})).count();
}

void checkVariants(CheckContext &context) {
  std::vector<Question> questions = questionsOf(context.optimizer, context.unsoundConditions);
  if (questions.size() > maxConditions) {
    context.report(Code::E0702, questions.back().span,
                   "at creation a tensor is asked at most " + std::to_string(maxConditions) +
                       " questions; here it is " + std::to_string(questions.size()),
                   "this is one of them",
                   "give some of the conditions the same form, or make two optimizers: each outcome has its own code");
    return;
  }
  size_t outcomes = Outcomes(context.optimizer, questions).count();
  if (outcomes <= maxVariants)
    return;
  std::string count = outcomes == Outcomes::tooMany ? "far more" : std::to_string(outcomes);
  context.report(Code::E0702, questions.back().span,
                 "what is decided for a tensor at creation has at most " + std::to_string(maxVariants) +
                     " outcomes; here it has " + count,
                 "each condition doubles them",
                 "give some of the conditions the same form, or make two optimizers: each outcome has its own code");
}

} // namespace ravine

// From a law to a report.
#include "compiler/testing/laws/LawTests.h"

#include "compiler/frontend/LawWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/testing/Expressions.h"
#include "compiler/testing/laws/CompiledOracle.h"
#include "compiler/testing/laws/Refutation.h"

#include "llvm/ADT/StringExtras.h"

namespace ravine::testing {

using namespace ast;

namespace {

Array arrayOf(const Vector &numbers) {
  return {{static_cast<int64_t>(numbers.size())}, numbers};
}

std::string shown(const Vector &numbers) {
  return numbers.size() == 1 ? written(Array::of(numbers.front())) : written(arrayOf(numbers));
}

/// `half_soft[tensor](lambda = 2)` with the values of the counterexample.
std::string componentWith(const ProbedLaw &law, const LawInput &input) {
  std::string arguments;
  for (const auto &[name, value] : input.hypers)
    arguments += (arguments.empty() ? "" : ", ") + name + " = " + shown({value});
  return law.penalty->name + (law.needsSet ? "[tensor]" : "") + (arguments.empty() ? "" : "(" + arguments + ")");
}

/// The argument as a test writes the tensor that holds it.
std::string tensorOf(const ProbedLaw &law, const Vector &x) {
  if (!law.set.needsMatrix())
    return written(arrayOf(x));
  const auto count = static_cast<int64_t>(x.size());
  return written({law.set.kind == IndexSet::Row ? std::vector<int64_t>{1, count} : std::vector<int64_t>{count, 1}, x});
}

/// The counterexample as a test, for laws that say what the prox should be there.
std::string testOf(const ProbedLaw &law, const Counterexample &found) {
  const Vector &at = found.violation.at ? *found.violation.at : found.input.x;
  return "import std.optimizers: apply_prox\n\n"
         "test \"" +
         law.name +
         "\" {\n"
         "  use apply_prox<" +
         componentWith(law, found.input) + ">(tau = " + shown({found.input.tau}) +
         ")\n"
         "  precision f64\n"
         "  w = " +
         tensorOf(law, at) +
         "\n"
         "  g = 0\n"
         "  expect w' == " +
         tensorOf(law, *found.violation.expected) +
         " within 1e-6 or 0.0001%\n"
         "}\n";
}

/// What the arguments of `quadratic` come to.
std::vector<double> argumentsOf(const SourceManager &sources, const std::vector<ExprPtr> &arguments,
                                const std::vector<LawHyper> &hypers, const std::map<std::string, double> &values) {
  Diagnostics problems;
  Expressions expressions(sources, problems);
  Names names;
  for (const LawHyper &hyper : hypers) {
    auto given = values.find(hyper.name);
    names.emplace(hyper.name, Array::of(given == values.end() ? hyper.defaultValue : given->second));
  }
  std::vector<double> results;
  for (const ExprPtr &argument : arguments) {
    std::optional<Array> value = expressions.evaluate(*argument, names);
    results.push_back(value ? value->at(0) : std::numeric_limits<double>::quiet_NaN());
  }
  return results;
}

Failure failureOf(const ProbedLaw &law, const Counterexample &found, uint64_t seed) {
  Failure failure;
  failure.diagnostic.code = Code::E0670;
  failure.diagnostic.span = law.span;
  failure.diagnostic.message = "the law " + quote(spelling(law.kind)) + " of " + quote(law.penalty->name) +
                               " does not hold: " + found.violation.sentence;
  failure.diagnostic.label = "refuted, seed " + std::to_string(seed);
  failure.details.emplace_back("tau", shown({found.input.tau}));
  for (const auto &[name, value] : found.input.hypers)
    failure.details.emplace_back(name, shown({value}));
  for (const auto &[name, numbers] : found.violation.numbers)
    failure.details.emplace_back(name, shown(numbers));
  if (found.violation.expected)
    failure.test = testOf(law, found);
  return failure;
}

} // namespace

TestReport tryLaw(const SourceManager &sources, const Library &library, const ProbedLaw &law, uint64_t seed) {
  std::unique_ptr<PenaltyOracle> penalty = compiledOracle(library, law), other = comparedOracle(library, law);
  LawTrial trial{.kind = law.kind,
                 .penalty = *penalty,
                 .hasProx = law.probe->hasProx,
                 .hasValue = !law.probe->value.empty(),
                 .other = other.get()};
  std::vector<LawHyper> hypers = hypersOf(library, law);
  if (law.kind == LawKind::Quadratic)
    trial.arguments = [&](const std::map<std::string, double> &values) {
      return argumentsOf(sources, law.probe->quadratic, hypers, values);
    };
  LawOutcome outcome = tryToRefute(trial, hypers, lawInputs, seed);
  TestReport report{law.name, law.span, {}, TestReport::Trials{outcome.inputs, seed}};
  if (outcome.counterexample)
    report.failures.push_back(failureOf(law, *outcome.counterexample, seed));
  return report;
}

} // namespace ravine::testing

// Comparing runs with what is expected, and with each other.
#include "compiler/testing/Judgement.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace ravine::testing {

using namespace ast;

namespace {

/// `[1, 0]`, the place of an element in an array.
std::string placeOf(const std::vector<int64_t> &shape, size_t element) {
  std::vector<int64_t> place(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    auto extent = static_cast<size_t>(shape[axis]);
    place[axis] = static_cast<int64_t>(element % extent);
    element /= extent;
  }
  return shownShape(place);
}

/// Nobody needs all digits of a difference.
std::string brief(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", number);
  return text.data();
}

std::string allowed(const Tolerance &tolerance) {
  std::string text = tolerance.absolute ? brief(*tolerance.absolute) : "";
  if (tolerance.relative)
    text += (text.empty() ? "" : " or ") + brief(*tolerance.relative * 100) + "%";
  return text;
}

class Judge {
public:
  Judge(const SourceManager &sources, const Case &tried) : sources(sources), tried(tried) {}

  std::vector<Failure> run(const Run &interpreted, const Run &compiled) {
    reportProblems(interpreted, compiled);
    if (!failures.empty())
      return std::move(failures);
    for (size_t i = 0; i < tried.expectations.size(); ++i)
      judge(tried.expectations[i], interpreted.verdicts[i], compiled.verdicts[i]);
    bool isSaid =
        std::ranges::any_of(failures, [](const Failure &failure) { return failure.diagnostic.code == Code::E0648; });
    if (!isSaid)
      compareFirstStep(interpreted.firstStep, compiled.firstStep);
    return std::move(failures);
  }

private:
  Failure &fail(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "") {
    failures.push_back({{code, span, std::move(message), std::move(label), std::move(hint), {}}});
    return failures.back();
  }

  /// With as many digits as the precision has.
  [[nodiscard]] std::string show(const Array &array) const {
    return written(array, tried.precision.compute == RAVINE_F64 ? digitsOfF64 : digitsOfF32);
  }

  void reportProblems(const Run &interpreted, const Run &compiled) {
    const Run &first = compiled.problem.empty() ? interpreted : compiled;
    if (first.problem.empty())
      return;
    bool isBoth = !interpreted.problem.empty() && !compiled.problem.empty();
    std::string where = isBoth ? "" : &first == &compiled ? " in compiled code" : " in the interpreter";
    fail(Code::E0649, first.problemSpan,
         "step " + std::to_string(first.problemStep) + " failed" + where + ": " + first.problem);
  }

  // ---- expectations

  [[nodiscard]] std::string subject(const CaseExpectation &expectation) const {
    std::string text = quote(sources.text(expectation.written->span));
    if (tried.steps > 1)
      text += " after step " + std::to_string(expectation.after);
    return text;
  }

  void judge(const CaseExpectation &expectation, const Verdict &interpreted, const Verdict &compiled) {
    if (interpreted.holds() && compiled.holds())
      return;
    SourceSpan span = expectation.written->span;
    bool isBoth = !interpreted.holds() && !compiled.holds();
    const Verdict &shown = compiled.holds() ? interpreted : compiled;
    if (isBoth)
      fail(Code::E0647, span, "the test expects " + subject(expectation), labelOf(expectation, shown));
    else
      fail(Code::E0648, span,
           subject(expectation) + " holds " +
               (compiled.holds() ? "in compiled code and not in the interpreter"
                                 : "in the interpreter and not in compiled code"),
           labelOf(expectation, shown),
           "a rule that is so sensitive to rounding needs a wider tolerance; otherwise please report it");
    addDetails(expectation, interpreted, compiled);
  }

  /// What is wrong, in a few words.
  [[nodiscard]] std::string labelOf(const CaseExpectation &expectation, const Verdict &verdict) const {
    if (!verdict.problem.empty())
      return verdict.problem;
    size_t worst = verdict.comparison.worst;
    const Array &array = verdict.left.isScalar() ? verdict.right : verdict.left;
    std::string place = array.isScalar() ? "" : "at " + placeOf(array.shape, worst) + ": ";
    Array left = Array::of(verdict.left.at(worst)), right = Array::of(verdict.right.at(worst));
    left.isTruth = right.isTruth = verdict.left.isTruth;
    BinaryOp op = expectation.written->op;
    std::string relation = op == BinaryOp::Equal ? "is not" : "is not " + std::string(spelling(op));
    return place + show(left) + " " + relation + " " + show(right);
  }

  void addDetails(const CaseExpectation &expectation, const Verdict &interpreted, const Verdict &compiled) {
    auto &details = failures.back().details;
    details.emplace_back("interpreter", interpreted.problem.empty() ? show(interpreted.left) : interpreted.problem);
    details.emplace_back("compiled", compiled.problem.empty() ? show(compiled.left) : compiled.problem);
    const Verdict &failed = compiled.holds() ? interpreted : compiled;
    if (!failed.problem.empty())
      return;
    details.emplace_back("expected", std::string(spelling(expectation.written->op)) + " " + show(failed.right));
    if (expectation.written->op != BinaryOp::Equal || failed.left.isTruth)
      return;
    std::string tolerance = allowed(toleranceOf(*expectation.written, tried));
    details.emplace_back("difference", brief(failed.comparison.difference) + ", allowed " + tolerance);
  }

  // ---- the first step

  void compareFirstStep(const std::vector<Array> &interpreted, const std::vector<Array> &compiled) {
    double tolerance = std::max(1024 * spacing(tried.precision.compute), 2 * spacing(tried.precision.parameter));
    for (size_t i = 0; i < tried.tensors.size(); ++i) {
      double scale = 0;
      for (const Array *array : {&tried.tensors[i].parameter, &interpreted[i], &compiled[i]})
        for (double number : array->numbers)
          scale = std::isfinite(number) ? std::max(scale, std::abs(number)) : scale;
      Comparison comparison =
          compare(BinaryOp::Equal, interpreted[i], compiled[i], {.absolute = tolerance * scale, .relative = {}});
      if (comparison.holds)
        continue;
      std::string name = tried.tensors.size() == 1 ? "" : " of " + quote(tried.tensors[i].name);
      Failure &failure =
          fail(Code::E0648, tried.nameSpan,
               "the interpreter and compiled code disagree about the parameters" + name + " after the first step", "",
               "please report it with the file, unless the rule magnifies rounding errors");
      failure.details = {{"interpreter", show(interpreted[i])}, {"compiled", show(compiled[i])}};
    }
  }

  const SourceManager &sources;
  const Case &tried;
  std::vector<Failure> failures;
};

} // namespace

std::vector<Failure> judge(const SourceManager &sources, const Case &tried, const Run &interpreted,
                           const Run &compiled) {
  return Judge(sources, tried).run(interpreted, compiled);
}

} // namespace ravine::testing

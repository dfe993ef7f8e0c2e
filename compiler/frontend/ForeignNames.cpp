// The tables of names that belong elsewhere.
#include "compiler/frontend/ForeignNames.h"

#include <algorithm>
#include <array>

namespace ravine {

namespace {

struct Translation {
  std::string_view foreign;
  std::string_view own;
};

constexpr std::array functions = {
    Translation{"pow", "`a^b`"},
    Translation{"power", "`a^b`"},
    Translation{"square", "`a^2`"},
    Translation{"rsqrt", "`1/sqrt(a)`"},
    Translation{"ln", "`log(a)`"},
    Translation{"log2", "`log(a)/log(2)`"},
    Translation{"log10", "`log(a)/log(10)`"},
    Translation{"fabs", "`abs(a)`"},
    Translation{"sgn", "`sign(a)`"},
    Translation{"clip", "`clamp(a, low, high)`"},
    Translation{"maximum", "`max(a, b)`"},
    Translation{"minimum", "`min(a, b)`"},
    Translation{"where", "`if c then a else b`"},
    Translation{"relu", "`max(a, 0)`"},
    Translation{"sigmoid", "`1/(1 + exp(-a))`"},
    Translation{"softplus", "`log1p(exp(a))`"},
    Translation{"softsign", "`a/(1 + abs(a))`"},
    Translation{"l2norm", "`norm[tensor](a)` or `norm[model](a)`"},
    Translation{"l2_norm", "`norm[tensor](a)` or `norm[model](a)`"},
    Translation{"vector_norm", "`norm[tensor](a)` or `norm[model](a)`"},
    Translation{"l1norm", "`norm1[tensor](a)` or `norm1[model](a)`"},
    Translation{"l1_norm", "`norm1[tensor](a)` or `norm1[model](a)`"},
    Translation{"maxnorm", "`norminf[tensor](a)` or `norminf[model](a)`"},
    Translation{"average", "`mean[tensor](a)` or `mean[model](a)`"},
    Translation{"avg", "`mean[tensor](a)` or `mean[model](a)`"},
    Translation{"amax", "`max[tensor](a)` or `max[model](a)`"},
    Translation{"amin", "`min[tensor](a)` or `min[model](a)`"},
    Translation{"median", "`quantile[tensor](a, 0.5)`"},
    Translation{"percentile", "`quantile[tensor](a, 0.9)`"},
    Translation{"kthvalue", "`kth_largest[tensor](a, k)`"},
    Translation{"topk", "`largest[tensor](abs(a), k)`, which is true for each of the k largest"},
    Translation{"top_k", "`largest[tensor](abs(a), k)`, which is true for each of the k largest"},
    Translation{"diff", "`difference[tensor](a)`"},
    Translation{"soft_threshold", "`sign(a)*max(abs(a) - tau, 0)`"},
    Translation{"inner", "`dot[tensor](a, b)` or `dot[model](a, b)`"},
    Translation{"vdot", "`dot[tensor](a, b)` or `dot[model](a, b)`"},
    Translation{"numel", "`size`"},
    Translation{"ndim", "`rank`"},
    Translation{"mod", "`a - b*floor(a/b)`"},
    Translation{"rms", "`sqrt(mean[tensor](a^2))`"},
    Translation{"var", "`mean[tensor]((a - mean[tensor](a))^2)`"},
    Translation{"variance", "`mean[tensor]((a - mean[tensor](a))^2)`"},
    Translation{"std", "`sqrt(mean[tensor]((a - mean[tensor](a))^2))`"},
    Translation{"isnan", "`a != a`, or `nonfinite skip` to leave out steps whose gradient is not finite"},
    Translation{"isfinite", "`nonfinite skip` to leave out steps whose gradient is not finite"},
    Translation{"isinf", "`nonfinite skip` to leave out steps whose gradient is not finite"},
};

constexpr std::array sets = {
    Translation{"layer", "tensor"},     Translation{"param", "tensor"}, Translation{"parameter", "tensor"},
    Translation{"weight", "tensor"},    Translation{"array", "tensor"}, Translation{"global", "model"},
    Translation{"all", "model"},        Translation{"net", "model"},    Translation{"network", "model"},
    Translation{"parameters", "model"}, Translation{"column", "col"},   Translation{"columns", "col"},
};

constexpr std::array names = {
    Translation{"grad", "g"},
    Translation{"grads", "g"},
    Translation{"gradient", "g"},
    Translation{"gradients", "g"},
    Translation{"param", "w"},
    Translation{"params", "w"},
    Translation{"parameter", "w"},
    Translation{"parameters", "w"},
    Translation{"weight", "w"},
    Translation{"weights", "w"},
    Translation{"theta", "w"},
    Translation{"p", "w"},
    Translation{"x", "w"},
    Translation{"epsilon", "eps"},
    Translation{"eps", "epsilon"},
    Translation{"eta", "lr"},
    Translation{"learning_rate", "lr"},
    Translation{"lr", "learning_rate"},
    Translation{"mu", "momentum"},
    Translation{"lambda", "weight_decay"},
    Translation{"wd", "weight_decay"},
    Translation{"numel", "size"},
    Translation{"ndim", "rank"},
    Translation{"dim", "rank"},
};

// The keywords of Python 3, without the soft ones, which may be names.
constexpr std::array<std::string_view, 35> pythonKeywords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

} // namespace

std::string_view replacementOfFunction(std::string_view name) {
  const auto *found = std::ranges::find(functions, name, &Translation::foreign);
  return found == functions.end() ? "" : found->own;
}

std::string_view indexSetFor(std::string_view word) {
  const auto *found = std::ranges::find(sets, word, &Translation::foreign);
  return found == sets.end() ? "" : found->own;
}

std::vector<std::string_view> namesFor(std::string_view foreign) {
  std::vector<std::string_view> own;
  for (const Translation &name : names)
    if (name.foreign == foreign)
      own.push_back(name.own);
  return own;
}

std::string_view truthValue(std::string_view word) {
  return word == "True" ? "true" : word == "False" ? "false" : "";
}

bool isPythonKeyword(std::string_view word) {
  return std::ranges::find(pythonKeywords, word) != pythonKeywords.end();
}

} // namespace ravine

// Writing out compositions, and what all of them may use.
#include "test/fuzz/rules/Composition.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ravine::fuzz {

namespace {

struct Common {
  const char *name, *text;
};

/// Each uses only those that stand in front of it.
const std::array<Common, 9> commons = {{
    {"golden", "let golden = (1 + sqrt(5))/2"},
    {"soft", "fn soft(x, tau = 0.5) = sign(x)*max(abs(x) - tau, 0)"},
    {"twice", "fn twice(f, x) = f(f(x))"},
    {"even", "fn even(f, x) = (f(x) + f(-x))/2"},
    {"lerp", "fn lerp(a, b, share = 0.5) = a + share*(b - a)"},
    {"either", "fn either(c, a, b) = if c then a else b"},
    {"ramp", "schedule ramp { hyper n : int = 3 in [1, inf); length = n; value = step/n }"},
    {"fall", "schedule fall { hyper n : int = 2 in [1, inf); hyper floor = 0.25 in [0, 1]; length = n; "
             "value = 1 - (1 - floor)*step/n }"},
    {"wave", "schedule wave { hyper period = 2 in (0, inf); value = (1 + cos(pi*step/period))/2 }"},
}};

std::string joined(const std::vector<std::string> &list, const std::string &between) {
  std::string text;
  for (const std::string &item : list)
    text += (text.empty() ? "" : between) + item;
  return text;
}

/// The penalties of the standard library that parts may be built from.
const std::array penalties = {"group_lasso", "sparse_group_lasso", "group_l0",    "ridge",   "l2_ball",
                              "affine_sum",  "halfspace",          "unit_sphere", "simplex", "l1_ball",
                              "k_sparse",    "k_winners",          "l1"};

bool hasWord(const std::string &text, const std::string &word) {
  auto isOfWord = [&](size_t place) {
    return place < text.size() && (std::isalnum(static_cast<unsigned char>(text[place])) != 0 || text[place] == '_');
  };
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    if ((at == 0 || !isOfWord(at - 1)) && !isOfWord(at + word.size()))
      return true;
  return false;
}

std::string imports(const std::string &text) {
  std::vector<std::string> used;
  for (const char *penalty : penalties)
    if (hasWord(text, penalty))
      used.emplace_back(penalty);
  return used.empty() ? "" : "import std.prox: " + joined(used, ", ") + "\n";
}

void addUsed(const std::vector<Stage> &pipe, std::vector<std::string> &used) {
  for (const Stage &stage : pipe) {
    if (std::ranges::find(used, stage.part) == used.end())
      used.push_back(stage.part);
    addUsed(stage.inner, used);
    for (const Stage::Branch &branch : stage.branches)
      addUsed(branch.pipe, used);
  }
}

} // namespace

bool Stage::isPlain() const {
  return label.empty() && arguments.empty() && storage.empty() && predicate.empty() && inner.empty() &&
         branches.empty();
}

std::string Stage::text() const {
  std::string text = label.empty() ? "" : label + ": ";
  if (part.empty()) {
    text += "select {\n";
    for (const Stage::Branch &branch : branches)
      text += "    " + (branch.label.empty() ? "" : branch.label + ": ") + branch.predicate + " -> " +
              textOf(branch.pipe) + "\n";
    text += "  }";
  } else {
    text += part;
  }
  if (!inner.empty())
    text += "<" + textOf(inner) + ">";
  if (!arguments.empty())
    text += "(" + joined(arguments, ", ") + ")";
  if (!storage.empty())
    text += " with { " + joined(storage, "; ") + " }";
  return predicate.empty() ? text : text + " where " + predicate;
}

std::string textOf(const std::vector<Stage> &pipe) {
  std::string text;
  for (const Stage &stage : pipe)
    text += (text.empty() ? "" : " |> ") + stage.text();
  return text;
}

std::string Composition::text() const {
  bool isRule = pipe.size() == 1 && pipe.front().isPlain() && hypers.empty();
  std::vector<std::string> used;
  addUsed(pipe, used);
  std::string text;
  for (const Part &part : parts)
    if (std::ranges::find(used, part.name) != used.end())
      text += part.text(isRule ? optimizerName : part.name);
  if (!isRule) {
    text += "optimizer " + optimizerName + " = {\n";
    for (const Item &hyper : hypers)
      text += "  " + hyper.text() + "\n";
    text += "  " + textOf(pipe) + "\n}\n";
  }
  std::string head = imports(text);
  for (const Common &common : commons)
    if (text.find(common.name) != std::string::npos)
      head += std::string(common.text) + "\n";
  return head + text;
}

} // namespace ravine::fuzz

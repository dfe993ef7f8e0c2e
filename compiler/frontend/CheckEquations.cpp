// Every next value is defined once, and none by itself.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <map>

namespace ravine {

using namespace ast;

namespace {

void checkDefinedOnce(CheckContext &context) {
  std::unordered_map<std::string_view, SourceSpan> defined;
  for (const Equation &equation : context.optimizer.equations) {
    if (std::holds_alternative<std::monostate>(equation.symbol))
      continue;
    auto [earlier, isNew] = defined.try_emplace(equation.target, equation.targetSpan);
    if (!isNew)
      context.report(Code::E0503, equation.targetSpan, quote(equation.target + "'") + " is defined twice", "",
                     "put both cases into one equation: `" + equation.target + "' = if c then a else b`",
                     {{earlier->second, "it is defined here"}});
  }
  if (!defined.contains("w") && context.isComplete)
    context.report(Code::E0504, context.optimizer.nameSpan,
                   "the optimizer " + quote(context.optimizer.name) + " never updates `w`", "",
                   "add an equation such as `w' = w - lr*g`");
}

/// The graph of what needs what: its nodes are the lets and the equations of the optimizer.
class DependencyGraph {
public:
  explicit DependencyGraph(CheckContext &context) : context(context) {
    for (auto &let : context.optimizer.lets)
      addNode(let.get(), writtenName(let->name), *let->value, let.get());
    for (Equation &equation : context.optimizer.equations) {
      const auto *state = std::get_if<const StateDecl *>(&equation.symbol);
      bool isParameter = std::holds_alternative<Predefined>(equation.symbol);
      if (state || isParameter)
        addNode(state ? static_cast<const void *>(*state) : &parameterKey, equation.target + "'", *equation.value,
                nullptr);
    }
    for (size_t node = 0; node < nodes.size(); ++node)
      addUses(node);
  }

  /// Depth first, with a stack of its own because a rule may have any number of lets.
  void run() {
    for (size_t root = 0; root < nodes.size(); ++root)
      if (nodes[root].colour == Colour::New)
        visit(root);
  }

private:
  enum class Colour : uint8_t { New, OnPath, Done };

  struct Use {
    size_t node;
    SourceSpan span;
  };

  struct Node {
    std::string name;
    const Expr *value;
    LetDecl *let;
    std::vector<Use> uses;
    Colour colour = Colour::New;
    size_t nextUse = 0;
  };

  void addNode(const void *key, std::string name, const Expr &value, LetDecl *let) {
    bool isNew = nodeOf.try_emplace(key, nodes.size()).second;
    if (isNew)
      nodes.push_back({std::move(name), &value, let, {}});
  }

  void addUses(size_t node) {
    forEachName(*nodes[node].value, [&](const Name &name, const Expr &expr) {
      const void *key = nullptr;
      if (const auto *let = std::get_if<const LetDecl *>(&name.symbol))
        key = *let;
      else if (const auto *state = std::get_if<const StateDecl *>(&name.symbol); state && name.isPrimed)
        key = *state;
      else if (std::holds_alternative<Predefined>(name.symbol) && name.isPrimed)
        key = &parameterKey;
      auto found = nodeOf.find(key);
      if (found != nodeOf.end())
        nodes[node].uses.push_back({found->second, expr.span});
    });
  }

  void visit(size_t root) {
    std::vector<size_t> path = {root};
    nodes[root].colour = Colour::OnPath;
    while (!path.empty()) {
      Node &node = nodes[path.back()];
      if (node.nextUse == node.uses.size()) {
        node.colour = Colour::Done;
        if (node.let)
          context.letsInOrder.push_back(node.let);
        path.pop_back();
        continue;
      }
      size_t used = node.uses[node.nextUse++].node;
      if (nodes[used].colour == Colour::OnPath)
        reportCycle(path, used);
      if (nodes[used].colour == Colour::New) {
        nodes[used].colour = Colour::OnPath;
        path.push_back(used);
      }
    }
  }

  void reportCycle(const std::vector<size_t> &path, size_t first) {
    auto begin = std::ranges::find(path, first);
    std::string chain;
    std::vector<Note> notes;
    bool isReported = false;
    for (auto at = begin; at != path.end(); ++at) {
      const Node &node = nodes[*at];
      const Node &used = nodes[node.uses[node.nextUse - 1].node];
      isReported |= !reported.insert(*at).second;
      chain += quote(node.name) + " needs ";
      notes.push_back({node.uses[node.nextUse - 1].span, quote(node.name) + " needs " + quote(used.name) + " here"});
    }
    // Cycles that share an equation are mended together.
    if (isReported)
      return;
    SourceSpan span = notes.front().span;
    notes.erase(notes.begin());
    context.report(Code::E0502, span, "cycle: " + chain + quote(nodes[first].name), "", hint(path, first),
                   std::move(notes));
  }

  static std::string unprimed(const Node &node) {
    // What a transform makes of `g` and `w` are lets.
    if (!node.let)
      return "the value that the step began with";
    return node.name == "g'" ? "the gradient as it comes in" : "the parameter as it is proposed so far";
  }

  std::string hint(const std::vector<size_t> &path, size_t first) const {
    for (auto at = std::ranges::find(path, first); at != path.end(); ++at)
      if (std::string_view name = nodes[*at].name; name.ends_with('\'') && (!nodes[*at].let || path.back() == first))
        return "without the prime, " + quote(name.substr(0, name.size() - 1)) + " is " + unprimed(nodes[*at]);
    const std::string &name = nodes[first].name;
    if (path.back() == first)
      return "a `let` is a value of one step; what goes on from step to step is a state: `state " + name +
             " = 0` and `" + name + "' = …`";
    return "define one of them without the other";
  }

  CheckContext &context;
  std::vector<Node> nodes;
  std::unordered_map<const void *, size_t> nodeOf;
  std::unordered_set<size_t> reported;
  static constexpr char parameterKey = 'w';
};

} // namespace

void checkEquations(CheckContext &context) {
  checkDefinedOnce(context);
  DependencyGraph(context).run();
}

} // namespace ravine

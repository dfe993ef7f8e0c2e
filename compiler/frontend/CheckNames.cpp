// What each name stands for.
#include "compiler/frontend/Checker.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/NameHints.h"
#include "compiler/frontend/Placeholder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <utility>

namespace ravine {

using namespace ast;

namespace {

constexpr std::string_view predefinedKind = "predefined name";

class Resolver {
public:
  explicit Resolver(CheckContext &context) : context(context) {}

  void run() {
    OptimizerDecl &optimizer = context.optimizer;
    for (auto &hyper : optimizer.hypers)
      declare(hyper->name, {hyper.get(), hyper->nameSpan, "hyper"});
    for (auto &state : optimizer.states)
      declare(state->name, {state.get(), state->nameSpan, "state"});
    for (auto &let : optimizer.lets)
      declare(let->name, {let.get(), let->nameSpan, "let"});
    for (auto &metric : optimizer.metrics)
      declare(metric->name, {{}, metric->nameSpan, "metric"});
    for (auto &view : optimizer.views)
      declare(view->name, {{}, view->nameSpan, "view"});
    forEachRoot(optimizer, [&](Expr &expr) { resolve(expr); });
    for (Equation &equation : optimizer.equations)
      resolveTarget(equation);
  }

private:
  void declare(const std::string &name, const Declaration &declaration) {
    if (name.empty())
      return;
    auto [earlier, isNew] = context.declarations.try_emplace(name, declaration);
    if (!isNew)
      reportTwice(name, declaration.span, earlier->second.span);
  }

  void reportTwice(const std::string &name, SourceSpan span, SourceSpan earlier) {
    context.report(Code::E0303, span, "the name " + quote(name) + " is declared twice", "",
                   "choose another name for one of them", {{earlier, quote(name) + " is declared here"}});
  }

  void resolve(Expr &expr) {
    if (auto *name = expr.as<Name>())
      return resolveName(*name, expr.span);
    if (auto *call = expr.as<Call>())
      resolveCallee(*call);
    if (auto *block = expr.as<Block>())
      return resolveBlock(*block);
    if (auto *binary = expr.as<Binary>(); binary && resolveEnumComparison(*binary))
      return;
    forEachChild(expr, [&](Expr &child) { resolve(child); });
  }

  void resolveBlock(Block &block) {
    size_t outer = blockLets.size();
    pendingBlocks.push_back(&block);
    for (auto &let : block.lets) {
      resolve(*let->value);
      declareInBlock(*let);
    }
    resolve(*block.value);
    pendingBlocks.pop_back();
    blockLets.resize(outer);
  }

  void declareInBlock(LetDecl &let) {
    if (let.name.empty())
      return;
    if (auto earlier = find(let.name))
      reportTwice(let.name, let.nameSpan, earlier->span);
    else
      blockLets.push_back(&let);
  }

  std::optional<Declaration> find(std::string_view text) const {
    for (const LetDecl *let : blockLets)
      if (let->name == text)
        return Declaration{let, let->nameSpan, "let"};
    auto found = context.declarations.find(text);
    return found == context.declarations.end() ? std::nullopt : std::optional(found->second);
  }

  void resolveName(Name &name, SourceSpan span) {
    // Conditions have been resolved when they were made.
    if (name.text.empty() || std::holds_alternative<const ConditionDecl *>(name.symbol))
      return;
    if (std::optional<Predefined> meaning = predefined(name.text))
      name.symbol = *meaning;
    else if (auto declaration = find(name.text))
      resolveDeclared(name, *declaration, span);
    else
      return reportUnknown(name, span);
    if (name.isPrimed && !hasNextValue(name.symbol)) {
      reportPrime(name.text, span, /*isTarget=*/false);
      name = {};
    }
  }

  void resolveDeclared(Name &name, const Declaration &declaration, SourceSpan span) {
    name.symbol = declaration.symbol;
    if (!std::holds_alternative<std::monostate>(declaration.symbol))
      return;
    context.report(Code::E0308, span, quote(name.text) + " is a " + std::string(declaration.kind),
                   "only the host reads it",
                   "name the value with `let` and use that, here and in the " + std::string(declaration.kind),
                   {{declaration.span, quote(name.text) + " is declared here"}});
    name = {};
  }

  static bool hasNextValue(const Symbol &symbol) {
    const auto *predefined = std::get_if<Predefined>(&symbol);
    return predefined ? *predefined == Predefined::Parameter : std::holds_alternative<const StateDecl *>(symbol);
  }

  void reportPrime(const std::string &text, SourceSpan span, bool isTarget) {
    auto declaration = predefined(text) ? std::nullopt : find(text);
    std::string_view kind = declaration ? declaration->kind : predefinedKind;
    std::string reason = kind == "let"                        ? "a `let` names a value of this step"
                         : kind == "hyper"                    ? "a hyper is set by the host"
                         : kind == "metric" || kind == "view" ? "only the host reads it"
                         : text == "g"                        ? "the gradient is given"
                                                              : "it is given";
    std::vector<Note> notes;
    if (declaration)
      notes.push_back({declaration->span, quote(text) + " is declared here"});
    // A predefined name cannot be declared.
    bool counts = text == "t" || text == "step";
    std::string hint = isTarget ? "delete the equation" : "delete the prime";
    if (kind != predefinedKind)
      hint = "delete the prime, or declare a state";
    else if (counts)
      hint += isTarget ? ": it counts the steps by itself" : ": this step is counted already";
    if (text == "g" && !isTarget)
      hint = "delete the prime: only the `before` of a transform defines `g'`";
    context.report(Code::E0501, span, quote(text) + " has no next value", reason,
                   "only `w` and states have one; " + hint, std::move(notes));
  }

  void reportUnknown(Name &name, SourceSpan span) {
    std::string text = std::exchange(name, {}).text;
    if (findFunction(text))
      return context.report(Code::E0306, span, "the function " + quote(text) + " needs arguments", "",
                            "write `" + text + "(…)`");
    if (findReduction(text))
      return context.report(Code::E0306, span, "the reduction " + quote(text) + " needs arguments", "",
                            "write `" + text + "[tensor](…)` or `" + text + "[model](…)`");
    for (const Block *block : pendingBlocks)
      for (const auto &let : block->lets)
        if (let->name == text)
          return context.report(Code::E0307, span, quote(text) + " is used above its `let`", "",
                                "in a block, a `let` stands above its uses: move it up",
                                {{let->nameSpan, quote(text) + " is declared here"}});
    auto [hint, notes] = suggestion(text);
    // A Greek letter spells another name than many expect.
    std::string_view written = context.sources.text(span);
    for (std::string_view end : {" ", "'", "`", "′", "’"})
      written = written.substr(0, written.find(end));
    if (written != text)
      hint = quote(written) + " is " + quote(text) + "; " + hint;
    context.report(Code::E0301, span, "unknown name " + quote(text), "", std::move(hint), std::move(notes));
  }

  std::pair<std::string, std::vector<Note>> suggestion(std::string_view text) const {
    for (const auto &hyper : context.optimizer.hypers)
      if (std::ranges::find(hyper->choices, text) != hyper->choices.end())
        return {quote(text) + " is a choice of " + quote(hyper->name) + ": write `" + hyper->name +
                    " == " + std::string(text) + "`",
                {{hyper->nameSpan, quote(hyper->name) + " is declared here"}}};

    std::vector<std::string_view> candidates;
    for (const auto &hyper : context.optimizer.hypers)
      candidates.push_back(hyper->name);
    for (const auto &state : context.optimizer.states)
      candidates.push_back(state->name);
    for (const auto &let : context.optimizer.lets)
      candidates.push_back(let->name);
    for (const LetDecl *let : blockLets)
      candidates.push_back(let->name);
    for (std::string_view name : {"step", "size", "rank", "matrix", "rows", "cols", "channels", "pi"})
      candidates.push_back(name);
    std::optional<std::string_view> meant = suggest(text, candidates);
    for (std::string_view own : namesFor(text))
      if (!meant && (predefined(own) || find(own)))
        meant = own;
    if (std::string place = meant ? "" : whereKnown(text, /*isPrimed=*/false); !place.empty())
      return {place, {}};
    if (!meant && text == "loss")
      return {"declare a hyper that the host sets in every step: `hyper loss [model] = 0`", {}};
    if (!meant)
      return {"declare it with `hyper`, `state` or `let`", {}};
    std::vector<Note> notes;
    if (auto declaration = find(*meant))
      notes.push_back({declaration->span, quote(*meant) + " is declared here"});
    return {"did you mean " + quote(*meant) + "?", std::move(notes)};
  }

  void resolveCallee(Call &call) {
    if (const FunctionInfo *info = findFunction(call.callee)) {
      call.function = info->function;
      return;
    }
    if (std::optional<Call::Request> request = call.request()) {
      std::string asked(request->part);
      return context.report(Code::E0302, call.calleeSpan, "unknown function " + quote(call.callee), "",
                            quote(asked) + " is no part of this rule: declare `optimizer name<P: penalty = " + asked +
                                ">` and write `P." + std::string(request->member) + "(…)`");
    }
    auto declaration = find(call.callee);
    if (declaration || predefined(call.callee)) {
      std::string kind(declaration ? declaration->kind : predefinedKind);
      std::vector<Note> notes;
      if (declaration)
        notes.push_back({declaration->span, quote(call.callee) + " is declared here"});
      std::string hint = "`*` is never implicit: write `" + call.callee + "*(…)` for a product";
      if (call.callee == "g")
        hint += "; the gradient at another point, an oracle, is not available yet (E0923)";
      return context.report(Code::E0305, call.calleeSpan, quote(call.callee) + " is a " + kind + ", not a function", "",
                            std::move(hint), std::move(notes));
    }
    context.report(Code::E0302, call.calleeSpan, "unknown function " + quote(call.callee), "",
                   functionHint(call.callee));
  }

  /// `mode == mean`: beside an enum, a bare name is one of its choices.
  bool resolveEnumComparison(Binary &binary) {
    if (binary.op != BinaryOp::Equal && binary.op != BinaryOp::NotEqual)
      return false;
    return resolveChoice(*binary.left, *binary.right) || resolveChoice(*binary.right, *binary.left);
  }

  bool resolveChoice(Expr &left, Expr &right) {
    auto *enumName = left.as<Name>();
    auto *choiceName = right.as<Name>();
    if (!enumName || enumName->isPrimed || !choiceName || choiceName->text.empty())
      return false;
    auto declaration = find(enumName->text);
    const auto *found = declaration ? std::get_if<const HyperDecl *>(&declaration->symbol) : nullptr;
    if (!found || (*found)->kind != ValueKind::Enum)
      return false;
    const HyperDecl &hyper = **found;
    enumName->symbol = &hyper;
    auto choice = std::ranges::find(hyper.choices, choiceName->text);
    if (hyper.choices.empty()) {
      *choiceName = {};
      return true;
    }
    if (choice == hyper.choices.end() || choiceName->isPrimed) {
      reportChoice(hyper, choiceName->text, right.span);
      *choiceName = {};
      return true;
    }
    choiceName->symbol = EnumChoice{&hyper, static_cast<uint32_t>(choice - hyper.choices.begin())};
    return true;
  }

  void reportChoice(const HyperDecl &hyper, std::string_view text, SourceSpan span) {
    std::vector<std::string_view> candidates(hyper.choices.begin(), hyper.choices.end());
    std::optional<std::string_view> meant = suggest(text, candidates);
    context.report(Code::E0406, span, quote(text) + " is not a choice of " + quote(hyper.name), "",
                   meant ? "did you mean " + quote(*meant) + "?" : "its choices are " + listed(hyper.choices),
                   {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
  }

  static std::string listed(const std::vector<std::string> &choices) {
    std::string text;
    for (const std::string &choice : choices)
      text += (text.empty() ? "" : ", ") + quote(choice);
    return text;
  }

  void resolveTarget(Equation &equation) {
    if (equation.target == "w") {
      equation.symbol = Predefined::Parameter;
      return;
    }
    auto declaration = find(equation.target);
    const auto *state = declaration ? std::get_if<const StateDecl *>(&declaration->symbol) : nullptr;
    if (state) {
      equation.symbol = *state;
      return;
    }
    if (declaration || isReserved(equation.target))
      return reportPrime(equation.target, equation.targetSpan, /*isTarget=*/true);
    std::vector<std::string_view> candidates;
    for (const auto &candidate : context.optimizer.states)
      candidates.push_back(candidate->name);
    std::optional<std::string_view> meant = suggest(equation.target, candidates);
    context.report(Code::E0301, equation.targetSpan, "unknown state " + quote(equation.target), "",
                   meant ? "did you mean " + quote(*meant) + "?" : "declare it: `state " + equation.target + " = 0`");
  }

  CheckContext &context;
  /// The lets of the blocks around the current expression that stand above it, and those blocks.
  std::vector<const LetDecl *> blockLets;
  std::vector<const Block *> pendingBlocks;
};

} // namespace

void resolveNames(CheckContext &context) {
  Resolver(context).run();
}

} // namespace ravine

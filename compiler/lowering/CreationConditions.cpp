// Finding the conditions that are decided at creation, each once.
#include "compiler/lowering/CreationConditions.h"

#include "compiler/frontend/CaseContexts.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/lowering/ConditionContexts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace ravine;

namespace {

/// Something that may be a condition of its own.
struct Candidate {
  const ast::Expr *expression;
  SourceSpan span;
  ConditionSet under;
  const ast::ConditionDecl *declaration = nullptr;
};

} // namespace

CreationConditions::CreationConditions(const ast::OptimizerDecl &optimizer) : optimizer(optimizer) {
  size_t count = optimizer.conditions.size();
  std::vector<Candidate> candidates;
  for (const auto &declaration : optimizer.conditions) {
    ConditionSet under = closureOf(declaration->under), closure = under;
    closure.set(static_cast<unsigned>(closures.size()));
    sets.push_back(setOf(*declaration->condition, under));
    numbers[declaration.get()] = static_cast<unsigned>(closures.size());
    closures.push_back(closure);
    candidates.push_back({declaration->condition.get(), declaration->span, under, declaration.get()});
  }
  ConditionContexts found(*this);
  contexts = std::move(found.ofChoices);
  for (const auto &state : optimizer.states)
    if (state->condition)
      candidates.push_back({state->condition.get(), state->conditionSpan, closureOf(state->under)});
  for (const ast::Expr *expression : found.cases) {
    const auto *choice = expression->as<ast::Case>();
    if (!declaredCondition(*choice->condition))
      candidates.push_back({&withoutLets(*choice->condition), choice->conditionSpan, contexts[expression]});
  }
  // Names are known at creation alone.
  for (const ast::Expr *expression : found.matches)
    candidates.push_back({expression, expression->span, ConditionSet(static_cast<unsigned>(count))});

  // What is asked of more tensors first: it can be read by what concerns fewer.
  ofDeclaration.resize(count);
  for (size_t underCount = 0; underCount <= count; ++underCount)
    for (const Candidate &candidate : candidates) {
      if (candidate.under.count() != underCount)
        continue;
      if (candidate.declaration) {
        ofDeclaration[numbers[candidate.declaration]] = static_cast<unsigned>(conditions.size());
        add(*candidate.expression, candidate.span, candidate.under, candidate.declaration);
      } else if (!find(*candidate.expression, candidate.under)) {
        add(*candidate.expression, candidate.span, candidate.under, nullptr);
      }
    }
}

/// Branches that the host knows nothing of, two `frozen` ones, are told apart by a number behind a dot.
static std::string withoutNumber(llvm::StringRef name) {
  auto [stem, number] = name.rsplit('.');
  return (!number.empty() && llvm::all_of(number, llvm::isDigit) ? stem : name).str();
}

void CreationConditions::add(const ast::Expr &expression, SourceSpan span, ConditionSet under,
                             const ast::ConditionDecl *declaration) {
  ast::IndexSet set = setOf(expression, under);
  conditions.push_back({freeSymbol(), &expression, span, std::move(under), set, std::nullopt, ""});
  if (!declaration || !declaration->choice)
    return;
  conditions.back().choice = declaration->choice;
  conditions.back().branch = withoutNumber(declaration->name);
}

/// The next `case_N` that the optimizer does not declare.
std::string CreationConditions::freeSymbol() {
  std::string symbol;
  auto isSymbol = [&](const auto &declaration) { return declaration->name == symbol; };
  do
    symbol = "case_" + std::to_string(symbolCount++);
  while (llvm::any_of(optimizer.hypers, isSymbol) || llvm::any_of(optimizer.states, isSymbol) ||
         llvm::any_of(optimizer.metrics, isSymbol) || llvm::any_of(optimizer.views, isSymbol));
  return symbol;
}

// ---- what holds together

ConditionSet CreationConditions::closureOf(llvm::ArrayRef<const ast::ConditionDecl *> declarations) const {
  ConditionSet closure(static_cast<unsigned>(optimizer.conditions.size()));
  for (const ast::ConditionDecl *declaration : declarations)
    closure |= closures[numbers.lookup(declaration)];
  return closure;
}

ast::IndexSet CreationConditions::setOf(const ast::Expr &expression, const ConditionSet &under) const {
  ast::IndexSet set = expression.type.set;
  for (unsigned declaration : under.set_bits())
    set = join(set, sets[declaration]);
  return set;
}

llvm::SmallVector<std::string> CreationConditions::symbolsOf(const ConditionSet &set) const {
  llvm::SmallVector<std::string> symbols;
  for (unsigned declaration : set.set_bits()) {
    bool isImplied = llvm::any_of(
        set.set_bits(), [&](unsigned other) { return other != declaration && closures[other].test(declaration); });
    if (!isImplied)
      symbols.push_back(conditions[ofDeclaration[declaration]].symbol);
  }
  return symbols;
}

llvm::SmallVector<std::string> CreationConditions::symbolsUnder(const CreationCondition &condition) const {
  return symbolsOf(condition.under);
}

llvm::SmallVector<std::string> CreationConditions::symbolsUnder(const ast::Reduction &reduction) const {
  return symbolsOf(closureOf(reduction.under));
}

llvm::SmallVector<std::string> CreationConditions::symbolsUnder(const ast::StateDecl &state) const {
  ConditionSet under = closureOf(state.under);
  if (!state.condition)
    return symbolsOf(under);
  const CreationCondition &own = *find(*state.condition, under);
  under.reset(own.under);
  llvm::SmallVector<std::string> symbols = symbolsOf(under);
  if (!llvm::is_contained(symbols, own.symbol))
    symbols.push_back(own.symbol);
  return symbols;
}

// ---- finding them again

const CreationCondition &CreationConditions::of(const ast::ConditionDecl &declaration) const {
  return conditions[ofDeclaration[numbers.lookup(&declaration)]];
}

const CreationCondition *CreationConditions::find(const ast::Expr &expression, const ConditionSet &context) const {
  auto found = llvm::find_if(conditions, [&](const CreationCondition &condition) {
    return !condition.under.test(context) && isSameExpression(*condition.expression, expression);
  });
  return found == conditions.end() ? nullptr : &*found;
}

const CreationCondition *CreationConditions::deciding(const ast::Expr &choice, const ast::Expr &condition) const {
  if (const ast::ConditionDecl *declaration = declaredCondition(condition))
    return &of(*declaration);
  auto context = contexts.find(&choice);
  return context == contexts.end() ? nullptr : find(withoutLets(condition), context->second);
}

const CreationCondition *CreationConditions::equalTo(const ast::Expr &expression) const {
  if (expression.type.kind != ast::ValueKind::Bool)
    return nullptr;
  const CreationCondition *found = find(expression, ConditionSet(static_cast<unsigned>(optimizer.conditions.size())));
  return found && found->set == expression.type.set ? found : nullptr;
}

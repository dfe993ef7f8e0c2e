// Lowering of declarations: one ravine.optimizer for each optimizer of the source.
#include "compiler/lowering/Lowering.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Walk.h"
#include "compiler/lowering/LowerExpression.h"

using namespace mlir;
using namespace ravine;

namespace {

class OptimizerLowering {
public:
  OptimizerLowering(OpBuilder &builder, const SourceManager &sources, const ast::OptimizerDecl &optimizer,
                    FloatType computeType)
      : builder(builder), sources(sources), optimizer(optimizer), computeType(computeType) {}

  void run() {
    auto op = ir::OptimizerOp::create(builder, place(optimizer.nameSpan), optimizer.name, optimizer.doc,
                                      optimizer.citation, optimizer.keepsSubnormals, nonFinite());
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&op.getBody());
    nameConditions();
    for (const auto &hyper : optimizer.hypers)
      lowerHyper(*hyper);
    for (const auto &state : optimizer.states)
      lowerState(*state);
    SmallVector<ir::CaseOp> caseOps;
    for (const Choice &choice : cases)
      caseOps.push_back(lowerCase(choice));
    for (const ast::Requirement &requirement : optimizer.requirements)
      lowerRequirement(requirement);
    for (const auto &metric : optimizer.metrics)
      ir::MetricOp::create(builder, place(metric->nameSpan), metric->name, typeOf(*metric), metric->doc);
    for (const auto &view : optimizer.views)
      lowerView(*view);
    lowerStep();
    // A case of a let that nothing uses is never asked.
    for (ir::CaseOp choice : caseOps)
      if (SymbolTable::symbolKnownUseEmpty(choice, op))
        choice.erase();
  }

private:
  /// A `case`, and the symbol that its condition gets.
  struct Choice {
    const ast::Case *node;
    std::string symbol;
  };

  /// Finds what is decided at creation: the conditions of optional states, then those of cases that no state has.
  void nameConditions() {
    for (const auto &state : optimizer.states)
      if (state->condition)
        conditions.push_back({state->condition.get(), state->name});
    size_t number = 0;
    auto visit = [&](auto &self, const ast::Expr &expression) -> void {
      const auto *choice = expression.as<ast::Case>();
      auto isSame = [&](const NamedCondition &named) { return isSameExpression(*named.condition, *choice->condition); };
      if (choice && llvm::none_of(conditions, isSame)) {
        cases.push_back({choice, freeSymbol(number)});
        conditions.push_back({choice->condition.get(), cases.back().symbol});
      }
      forEachChild(expression, [&](const ast::Expr &child) { self(self, child); });
    };
    forEachRoot(optimizer, [&](const ast::Expr &root) { visit(visit, root); });
  }

  /// The next `case_N` that the optimizer does not declare.
  std::string freeSymbol(size_t &number) const {
    std::string symbol;
    auto isSymbol = [&](const auto &declaration) { return declaration->name == symbol; };
    do
      symbol = "case_" + std::to_string(number++);
    while (llvm::any_of(optimizer.hypers, isSymbol) || llvm::any_of(optimizer.states, isSymbol) ||
           llvm::any_of(optimizer.metrics, isSymbol) || llvm::any_of(optimizer.views, isSymbol));
    return symbol;
  }

  ExpressionLowering expressions(ArrayRef<NamedCondition> known) {
    return {builder, sources, optimizer, computeType, known};
  }

  Location place(SourceSpan span) { return expressions({}).location(span); }

  ir::NonFinite nonFinite() const {
    switch (optimizer.nonFinite) {
    case ast::NonFinite::Propagate:
      return ir::NonFinite::Propagate;
    case ast::NonFinite::Skip:
      return ir::NonFinite::Skip;
    case ast::NonFinite::Error:
      return ir::NonFinite::Error;
    }
    llvm_unreachable("every policy is listed");
  }

  /// A metric is one number for the model, or one for each tensor.
  static ast::IndexSet setOf(const ast::MetricDecl &metric) {
    return metric.value->type.set == ast::IndexSet::Model ? ast::IndexSet::Model : ast::IndexSet::Tensor;
  }

  ir::FieldType typeOf(const ast::MetricDecl &metric) {
    return expressions({}).fieldType(ast::ValueKind::Real, setOf(metric));
  }

  void lowerHyper(const ast::HyperDecl &hyper) {
    ArrayAttr choices;
    if (hyper.kind == ast::ValueKind::Enum)
      choices = builder.getStrArrayAttr(SmallVector<StringRef>(hyper.choices.begin(), hyper.choices.end()));
    auto flag = [&](bool isSet) { return isSet ? builder.getUnitAttr() : UnitAttr(); };
    ir::HyperOp::create(builder, place(hyper.nameSpan), builder.getStringAttr(hyper.name), kind(hyper.kind),
                        builder.getF64FloatAttr(hyper.defaultValue), builder.getF64FloatAttr(hyper.lower.value),
                        builder.getF64FloatAttr(hyper.upper.value), flag(hyper.lower.isOpen), flag(hyper.upper.isOpen),
                        choices, builder.getStringAttr(hyper.doc),
                        ir::IndexSetAttr::get(builder.getContext(), convert(hyper.set)));
  }

  ir::HyperKindAttr kind(ast::ValueKind kind) {
    auto converted = [&] {
      switch (kind) {
      case ast::ValueKind::Real:
        return ir::HyperKind::Real;
      case ast::ValueKind::Int:
        return ir::HyperKind::Int;
      case ast::ValueKind::Bool:
        return ir::HyperKind::Bool;
      case ast::ValueKind::Enum:
        return ir::HyperKind::Enum;
      }
      llvm_unreachable("every kind is listed");
    }();
    return ir::HyperKindAttr::get(builder.getContext(), converted);
  }

  void lowerState(const ast::StateDecl &state) {
    auto type = expressions({}).fieldType(ast::ValueKind::Real, state.set);
    std::string text(state.condition ? sources.text(state.conditionSpan) : "");
    auto op = ir::StateOp::create(builder, place(state.nameSpan), state.name, type, state.doc, text);
    yieldInto(op.getInitial(), *state.initial, state.set, conditions);
    if (state.condition)
      yieldInto(op.getCondition(), *state.condition, state.condition->type.set, {});
  }

  ir::CaseOp lowerCase(const Choice &choice) {
    const ast::Expr &condition = *choice.node->condition;
    auto op = ir::CaseOp::create(builder, place(choice.node->conditionSpan), choice.symbol,
                                 sources.text(choice.node->conditionSpan));
    yieldInto(op.getCondition(), condition, condition.type.set, {});
    return op;
  }

  void lowerRequirement(const ast::Requirement &requirement) {
    auto op = ir::RequirementOp::create(builder, place(requirement.span), sources.text(requirement.span));
    yieldInto(op.getCondition(), *requirement.condition, requirement.condition->type.set, {});
  }

  void lowerView(const ast::ViewDecl &view) {
    auto op = ir::ViewOp::create(builder, place(view.nameSpan), view.name, view.doc);
    yieldInto(op.getValue(), *view.value, ast::IndexSet::Element, conditions);
  }

  void yieldInto(Region &region, const ast::Expr &value, ast::IndexSet set, ArrayRef<NamedCondition> known) {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&region);
    Value lowered = expressions(known).lower(value, set);
    ir::YieldOp::create(builder, place(value.span), lowered);
  }

  void lowerStep() {
    auto step = ir::StepOp::create(builder, place(optimizer.nameSpan));
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&step.getBody());
    ExpressionLowering lowering = expressions(conditions);
    for (const ast::Equation &equation : optimizer.equations) {
      // The value goes through the primed name, so that uses of x′ elsewhere share it.
      ast::IndexSet set = ast::IndexSet::Element;
      if (const auto *state = std::get_if<const ast::StateDecl *>(&equation.symbol))
        set = (*state)->set;
      ast::Expr primed{equation.targetSpan, ast::Name{equation.target, true, equation.symbol},
                       ast::Type{ast::ValueKind::Real, set, nullptr}};
      Value value = lowering.lower(primed);
      Location location = place(equation.targetSpan);
      if (std::holds_alternative<ast::Predefined>(equation.symbol))
        ir::UpdateOp::create(builder, location, value);
      else
        ir::NextOp::create(builder, location, equation.target, value);
    }
    for (const auto &metric : optimizer.metrics) {
      Value value = lowering.lower(*metric->value, setOf(*metric));
      ir::MeasureOp::create(builder, place(metric->nameSpan), metric->name, value);
    }
  }

  OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  FloatType computeType;
  std::vector<Choice> cases;
  std::vector<NamedCondition> conditions;
};

} // namespace

OwningOpRef<ModuleOp> ravine::lower(MLIRContext &context, const SourceManager &sources,
                                    ArrayRef<const ast::Module *> modules, FloatType computeType) {
  context.loadDialect<ir::RavineDialect>();
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (const ast::Module *source : modules)
    for (const auto &optimizer : source->optimizers)
      OptimizerLowering(builder, sources, *optimizer, computeType).run();
  return module;
}

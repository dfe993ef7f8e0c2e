// Lowering of declarations: one ravine.optimizer for each optimizer of the source.
#include "compiler/lowering/Lowering.h"

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
                                      optimizer.citation, optimizer.keepsSubnormals);
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&op.getBody());
    for (const auto &hyper : optimizer.hypers)
      lowerHyper(*hyper);
    for (const auto &state : optimizer.states)
      lowerState(*state);
    for (const ast::Requirement &requirement : optimizer.requirements)
      lowerRequirement(requirement);
    lowerStep();
  }

private:
  ExpressionLowering expressions(bool recognizesConditions) {
    return {builder, sources, optimizer, computeType, recognizesConditions};
  }

  Location place(SourceSpan span) { return expressions(false).location(span); }

  void lowerHyper(const ast::HyperDecl &hyper) {
    ArrayAttr choices;
    if (hyper.kind == ast::ValueKind::Enum)
      choices = builder.getStrArrayAttr(SmallVector<StringRef>(hyper.choices.begin(), hyper.choices.end()));
    auto flag = [&](bool isSet) { return isSet ? builder.getUnitAttr() : UnitAttr(); };
    ir::HyperOp::create(builder, place(hyper.nameSpan), builder.getStringAttr(hyper.name), kind(hyper.kind),
                        builder.getF64FloatAttr(hyper.defaultValue), builder.getF64FloatAttr(hyper.lower.value),
                        builder.getF64FloatAttr(hyper.upper.value), flag(hyper.lower.isOpen), flag(hyper.upper.isOpen),
                        choices, builder.getStringAttr(hyper.doc));
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
    auto type = expressions(false).fieldType(ast::ValueKind::Real, state.set);
    std::string text(state.condition ? sources.text(state.conditionSpan) : "");
    auto op = ir::StateOp::create(builder, place(state.nameSpan), state.name, type, state.doc, text);
    yieldInto(op.getInitial(), *state.initial, state.set, /*recognizesConditions=*/true);
    if (state.condition)
      yieldInto(op.getCondition(), *state.condition, state.condition->type.set, /*recognizesConditions=*/false);
  }

  void lowerRequirement(const ast::Requirement &requirement) {
    auto op = ir::RequirementOp::create(builder, place(requirement.span), sources.text(requirement.span));
    yieldInto(op.getCondition(), *requirement.condition, requirement.condition->type.set,
              /*recognizesConditions=*/false);
  }

  void yieldInto(Region &region, const ast::Expr &value, ast::IndexSet set, bool recognizesConditions) {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&region);
    Value lowered = expressions(recognizesConditions).lower(value, set);
    ir::YieldOp::create(builder, place(value.span), lowered);
  }

  void lowerStep() {
    auto step = ir::StepOp::create(builder, place(optimizer.nameSpan));
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&step.getBody());
    ExpressionLowering lowering = expressions(true);
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
  }

  OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  FloatType computeType;
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

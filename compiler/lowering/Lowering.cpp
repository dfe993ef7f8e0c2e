// Lowering of declarations: one ravine.optimizer for each optimizer of the source, or two (see Lowering.h).
#include "compiler/lowering/Lowering.h"

#include "compiler/frontend/Quote.h"
#include "compiler/lowering/LowerExpression.h"

using namespace mlir;
using namespace ravine;

namespace {

/// One of the operations that an optimizer becomes.
struct Form {
  std::string symbol;
  FloatType computeType;
  SmallVector<Precision> precisions;
  /// Empty where there is no other.
  std::string wide;
};

class OptimizerLowering {
public:
  OptimizerLowering(OpBuilder &builder, const SourceManager &sources, const ast::OptimizerDecl &optimizer,
                    const CreationConditions &conditions, const Form &form)
      : builder(builder), sources(sources), optimizer(optimizer), conditions(conditions), form(form),
        computeType(form.computeType) {}

  void run() {
    auto wide = form.wide.empty() ? FlatSymbolRefAttr() : FlatSymbolRefAttr::get(builder.getContext(), form.wide);
    auto op =
        ir::OptimizerOp::create(builder, place(optimizer.nameSpan), form.symbol, optimizer.doc, optimizer.citation,
                                optimizer.keepsSubnormals, optimizer.isOnMatrices, nonFinite(), precisions(), wide);
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&op.getBody());
    for (const auto &hyper : optimizer.hypers)
      lowerHyper(*hyper);
    for (const CreationCondition &condition : conditions.all())
      lowerCase(condition);
    for (const auto &state : optimizer.states)
      lowerState(*state);
    if (optimizer.hasMaster)
      lowerMaster();
    for (const ast::Requirement &requirement : optimizer.requirements)
      lowerRequirement(requirement);
    for (const auto &metric : optimizer.metrics)
      ir::MetricOp::create(builder, place(metric->nameSpan), metric->name, typeOf(*metric), metric->doc);
    for (const auto &view : optimizer.views)
      lowerView(*view);
    lowerStep();
  }

private:
  /// `known`: null inside of what says what the conditions are.
  ExpressionLowering expressions(const CreationConditions *known = nullptr) {
    return {builder, sources, optimizer, computeType, known};
  }

  Location place(SourceSpan span) { return expressions().location(span); }

  ArrayAttr precisions() {
    return builder.getArrayAttr(llvm::map_to_vector(form.precisions, [&](const Precision &precision) -> Attribute {
      return ir::PrecisionAttr::get(builder.getContext(), builder.getStringAttr(precision.name),
                                    typeOf(precision.parameter), typeOf(precision.gradient));
    }));
  }

  Type typeOf(ravine_dtype dtype) {
    switch (dtype) {
    case RAVINE_F64:
      return builder.getF64Type();
    case RAVINE_BF16:
      return builder.getBF16Type();
    case RAVINE_F16:
      return builder.getF16Type();
    default:
      return builder.getF32Type();
    }
  }

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
    return expressions().fieldType(ast::ValueKind::Real, setOf(metric));
  }

  void lowerHyper(const ast::HyperDecl &hyper) {
    ArrayAttr choices;
    if (hyper.kind == ast::ValueKind::Enum)
      choices = builder.getStrArrayAttr(SmallVector<StringRef>(hyper.choices.begin(), hyper.choices.end()));
    auto flag = [&](bool isSet) { return isSet ? builder.getUnitAttr() : UnitAttr(); };
    auto text =
        hyper.isScheduled ? builder.getStringAttr(codeOnOneLine(sources.text(hyper.defaultExpr->span))) : StringAttr();
    auto op = ir::HyperOp::create(
        builder, place(hyper.nameSpan), builder.getStringAttr(hyper.name), kind(hyper.kind),
        builder.getF64FloatAttr(hyper.defaultValue), builder.getF64FloatAttr(hyper.lower.value),
        builder.getF64FloatAttr(hyper.upper.value), flag(hyper.lower.isOpen), flag(hyper.upper.isOpen), choices,
        builder.getStringAttr(hyper.doc), ir::HyperSetAttr::get(builder.getContext(), hyperSet(hyper.set)), text);
    if (hyper.isScheduled)
      yieldInto(op.getSchedule(), *hyper.defaultExpr, hyper.defaultExpr->type.set);
  }

  static ir::HyperSet hyperSet(ast::IndexSet set) {
    if (set == ast::IndexSet::Model)
      return ir::HyperSet::Model;
    return set == ast::IndexSet::Tensor ? ir::HyperSet::Tensor : ir::HyperSet::Group;
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

  /// As the author wrote it; of a branch what it is called, too, since `_` alone says nothing.
  std::string textOf(const CreationCondition &condition) const {
    std::string text = codeOnOneLine(sources.text(condition.span));
    if (condition.branch.empty())
      return text;
    return "in branch " + condition.branch + " (" + (text == "_" ? "all others" : text) + ")";
  }

  void lowerCase(const CreationCondition &condition) {
    auto choice = condition.choice ? builder.getI32IntegerAttr(static_cast<int32_t>(*condition.choice)) : IntegerAttr();
    auto op = ir::CaseOp::create(builder, place(condition.span), builder.getStringAttr(condition.symbol),
                                 builder.getStringAttr(textOf(condition)),
                                 symbolList(builder, conditions.symbolsUnder(condition)), choice);
    yieldInto(op.getCondition(), *condition.expression, condition.set);
  }

  void lowerState(const ast::StateDecl &state) {
    auto type = expressions().fieldType(ast::ValueKind::Real, state.set);
    auto op =
        ir::StateOp::create(builder, place(state.nameSpan), builder.getStringAttr(state.name), TypeAttr::get(type),
                            storage(state), symbolList(builder, conditions.symbolsUnder(state)),
                            /*master=*/UnitAttr(), builder.getStringAttr(state.doc));
    yieldInto(op.getInitial(), *state.initial, state.set, &conditions);
  }

  /// Where the source says nothing, groups of elements are stored like elements, though they are computed in f64.
  TypeAttr storage(const ast::StateDecl &state) {
    switch (state.storage) {
    case ast::Storage::Compute:
      return state.set.isOfGroups() && !computeType.isF64() ? TypeAttr::get(computeType) : TypeAttr();
    case ast::Storage::F32:
      return TypeAttr::get(builder.getF32Type());
    case ast::Storage::F64:
      return TypeAttr::get(builder.getF64Type());
    case ast::Storage::BF16:
      return TypeAttr::get(builder.getBF16Type());
    case ast::Storage::F16:
      return TypeAttr::get(builder.getF16Type());
    }
    llvm_unreachable("every storage is listed");
  }

  void lowerMaster() {
    Location location = place(optimizer.masterSpan);
    auto type = expressions().fieldType(ast::ValueKind::Real, ast::IndexSet::Element);
    auto op = ir::StateOp::create(builder, location, builder.getStringAttr("master"), TypeAttr::get(type), TypeAttr(),
                                  ArrayAttr(), builder.getUnitAttr(),
                                  builder.getStringAttr("the parameter as it is computed"));
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&op.getInitial());
    ir::YieldOp::create(builder, location, ir::ParameterOp::create(builder, location, type));
  }

  void lowerRequirement(const ast::Requirement &requirement) {
    std::string text = requirement.text.empty() ? codeOnOneLine(sources.text(requirement.span)) : requirement.text;
    auto op = ir::RequirementOp::create(builder, place(requirement.span), text);
    yieldInto(op.getCondition(), *requirement.condition, requirement.condition->type.set);
  }

  void lowerView(const ast::ViewDecl &view) {
    auto op = ir::ViewOp::create(builder, place(view.nameSpan), view.name, view.doc);
    yieldInto(op.getValue(), *view.value, ast::IndexSet::Element, &conditions);
  }

  void yieldInto(Region &region, const ast::Expr &value, ast::IndexSet set, const CreationConditions *known = nullptr) {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&region);
    Value lowered = expressions(known).lower(value, set);
    ir::YieldOp::create(builder, place(value.span), lowered);
  }

  void lowerStep() {
    auto step = ir::StepOp::create(builder, place(optimizer.nameSpan));
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&step.getBody());
    ExpressionLowering lowering = expressions(&conditions);
    for (const ast::Skip &skip : optimizer.skips)
      ir::SkipOp::create(builder, place(skip.span), lowering.lower(*skip.condition, ast::IndexSet::Model),
                         /*culprit=*/Value(), /*refuse=*/false);
    for (const ast::Equation &equation : optimizer.equations)
      lowerEquation(equation, lowering);
    if (optimizer.zeroesGradient)
      ir::ZeroGradientOp::create(builder, place(optimizer.nameSpan));
    for (const auto &metric : optimizer.metrics) {
      Value value = lowering.lower(*metric->value, setOf(*metric));
      ir::MeasureOp::create(builder, place(metric->nameSpan), metric->name, value);
    }
  }

  void lowerEquation(const ast::Equation &equation, ExpressionLowering &lowering) {
    // The value goes through the primed name, so that uses of x′ elsewhere share it.
    ast::IndexSet set = ast::IndexSet::Element;
    if (const auto *state = std::get_if<const ast::StateDecl *>(&equation.symbol))
      set = (*state)->set;
    ast::Expr primed{equation.targetSpan, ast::Name{equation.target, true, equation.symbol},
                     ast::Type{ast::ValueKind::Real, set, nullptr}};
    Value value = lowering.lower(primed);
    Location location = place(equation.targetSpan);
    if (std::holds_alternative<ast::Predefined>(equation.symbol))
      ir::UpdateOp::create(builder, location, value, equation.skipsBefore);
    else
      ir::NextOp::create(builder, location, equation.target, value, equation.skipsBefore);
  }

  OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  const CreationConditions &conditions;
  const Form &form;
  FloatType computeType;
};

/// The operations that an optimizer becomes, the one with its own name first.
SmallVector<Form> formsOf(const ast::OptimizerDecl &optimizer, ArrayRef<Precision> precisions, Builder &builder) {
  Form narrow{optimizer.name, builder.getF32Type(), {}, ""};
  Form wide{optimizer.name + ".wide", builder.getF64Type(), {}, ""};
  for (const Precision &precision : precisions)
    (precision.compute == RAVINE_F64 ? wide : narrow).precisions.push_back(precision);
  if (wide.precisions.empty())
    return {narrow};
  if (narrow.precisions.empty()) {
    wide.symbol = optimizer.name;
    return {wide};
  }
  narrow.wide = wide.symbol;
  return {narrow, wide};
}

} // namespace

OwningOpRef<ModuleOp> ravine::lower(MLIRContext &context, const SourceManager &sources,
                                    ArrayRef<const ast::Module *> modules, ArrayRef<Precision> precisions) {
  context.loadDialect<ir::RavineDialect>();
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (const ast::Module *source : modules)
    for (const auto &optimizer : source->optimizers) {
      CreationConditions conditions(*optimizer);
      for (const Form &form : formsOf(*optimizer, precisions, builder))
        OptimizerLowering(builder, sources, *optimizer, conditions, form).run();
    }
  return module;
}

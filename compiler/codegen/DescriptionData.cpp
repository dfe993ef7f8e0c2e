// What a library says of its optimizers, as constant data. Each function writes one struct of ravine.h, field by field
// in its order.
#include "compiler/codegen/DescriptionData.h"

using namespace ravine;
using llvm::Constant;
using llvm::SmallVector;

// The dialect counts as the contract does.
static_assert(static_cast<int>(ir::HyperKind::Real) == RAVINE_HYPER_REAL);
static_assert(static_cast<int>(ir::HyperKind::Int) == RAVINE_HYPER_INT);
static_assert(static_cast<int>(ir::HyperKind::Bool) == RAVINE_HYPER_BOOL);
static_assert(static_cast<int>(ir::HyperKind::Enum) == RAVINE_HYPER_ENUM);
static_assert(static_cast<int>(ir::NonFinite::Propagate) == RAVINE_PROPAGATES_NONFINITE);
static_assert(static_cast<int>(ir::NonFinite::Skip) == RAVINE_SKIPS_NONFINITE);
static_assert(static_cast<int>(ir::NonFinite::Error) == RAVINE_REFUSES_NONFINITE);

// Hypers are over few of the index sets, which have numbers of their own.
static ravine_index_set hyperSet(ir::HyperSet set) {
  return set == ir::HyperSet::Model   ? RAVINE_PER_MODEL
         : set == ir::HyperSet::Group ? RAVINE_PER_GROUP
                                      : RAVINE_PER_TENSOR;
}

static Constant *hyperInfo(ConstantData &data, ir::HyperOp hyper) {
  SmallVector<Constant *> choices;
  if (hyper.getChoices())
    for (auto choice : hyper.getChoices()->getAsRange<mlir::StringAttr>())
      choices.push_back(data.string(choice));
  return data.structure<ravine_hyper_info>({
      {offsetof(ravine_hyper_info, struct_size), data.size(sizeof(ravine_hyper_info))},
      {offsetof(ravine_hyper_info, name), data.string(hyper.getSymName())},
      {offsetof(ravine_hyper_info, doc), data.string(hyper.getDoc())},
      {offsetof(ravine_hyper_info, kind), data.i32(static_cast<int32_t>(hyper.getKind()))},
      {offsetof(ravine_hyper_info, default_value), data.f64(hyper.getDefaultValue().convertToDouble())},
      {offsetof(ravine_hyper_info, lower), data.f64(hyper.getLower().convertToDouble())},
      {offsetof(ravine_hyper_info, upper), data.f64(hyper.getUpper().convertToDouble())},
      {offsetof(ravine_hyper_info, lower_open), data.i32(hyper.getLowerOpen())},
      {offsetof(ravine_hyper_info, upper_open), data.i32(hyper.getUpperOpen())},
      {offsetof(ravine_hyper_info, choices), data.array(choices)},
      {offsetof(ravine_hyper_info, choice_count), data.size(choices.size())},
      {offsetof(ravine_hyper_info, index_set), data.i32(hyperSet(hyper.getSet()))},
      {offsetof(ravine_hyper_info, schedule), data.string(scheduleText(hyper))},
  });
}

static Constant *stateInfo(ConstantData &data, ir::StateOp state) {
  return data.structure<ravine_state_info>({
      {offsetof(ravine_state_info, struct_size), data.size(sizeof(ravine_state_info))},
      {offsetof(ravine_state_info, name), data.string(state.getSymName())},
      {offsetof(ravine_state_info, doc), data.string(state.getDoc())},
      {offsetof(ravine_state_info, index_set), data.i32(indexSet(state.getFieldType().getSet()))},
      {offsetof(ravine_state_info, storage), data.i32(storage(state))},
      {offsetof(ravine_state_info, condition), data.string(conditionText(state))},
      {offsetof(ravine_state_info, block_size), data.i32(state.getFieldType().getSet().blockSize)},
  });
}

static Constant *requirementInfo(ConstantData &data, ir::RequirementOp requirement) {
  return data.structure<ravine_requirement_info>({
      {offsetof(ravine_requirement_info, struct_size), data.size(sizeof(ravine_requirement_info))},
      {offsetof(ravine_requirement_info, condition), data.string(requirement.getText())},
  });
}

static Constant *metricInfo(ConstantData &data, ir::MetricOp metric) {
  return data.structure<ravine_metric_info>({
      {offsetof(ravine_metric_info, struct_size), data.size(sizeof(ravine_metric_info))},
      {offsetof(ravine_metric_info, name), data.string(metric.getSymName())},
      {offsetof(ravine_metric_info, doc), data.string(metric.getDoc())},
      {offsetof(ravine_metric_info, index_set), data.i32(indexSet(metric.getFieldType().getSet()))},
  });
}

static Constant *viewInfo(ConstantData &data, ir::ViewOp view) {
  return data.structure<ravine_view_info>({
      {offsetof(ravine_view_info, struct_size), data.size(sizeof(ravine_view_info))},
      {offsetof(ravine_view_info, name), data.string(view.getSymName())},
      {offsetof(ravine_view_info, doc), data.string(view.getDoc())},
  });
}

static Constant *precisionInfo(ConstantData &data, const Precision &precision) {
  return data.structure<ravine_precision_info>({
      {offsetof(ravine_precision_info, struct_size), data.size(sizeof(ravine_precision_info))},
      {offsetof(ravine_precision_info, name), data.string(precision.name)},
      {offsetof(ravine_precision_info, parameter), data.i32(precision.parameter)},
      {offsetof(ravine_precision_info, gradient), data.i32(precision.gradient)},
      {offsetof(ravine_precision_info, compute), data.i32(precision.compute)},
  });
}

Constant *ravine::optimizerInfo(ConstantData &data, OptimizerDescription optimizer,
                                llvm::ArrayRef<Precision> libraryPrecisions) {
  ir::OptimizerOp rule = optimizer.rule;
  SmallVector<Constant *> hypers, states, requirements, precisions, metrics, views;
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>())
    hypers.push_back(hyperInfo(data, hyper));
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    states.push_back(stateInfo(data, state));
  for (ir::RequirementOp requirement : rule.declared<ir::RequirementOp>())
    requirements.push_back(requirementInfo(data, requirement));
  for (const Precision &precision : libraryPrecisions)
    precisions.push_back(precisionInfo(data, precision));
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
    metrics.push_back(metricInfo(data, metric));
  for (ir::ViewOp view : rule.declared<ir::ViewOp>())
    views.push_back(viewInfo(data, view));
  return data.structure<ravine_optimizer_info>({
      {offsetof(ravine_optimizer_info, struct_size), data.size(sizeof(ravine_optimizer_info))},
      {offsetof(ravine_optimizer_info, name), data.string(rule.getSymName())},
      {offsetof(ravine_optimizer_info, doc), data.string(rule.getDoc())},
      {offsetof(ravine_optimizer_info, citation), data.string(rule.getCitation())},
      {offsetof(ravine_optimizer_info, hypers), data.array(hypers)},
      {offsetof(ravine_optimizer_info, hyper_count), data.size(hypers.size())},
      {offsetof(ravine_optimizer_info, states), data.array(states)},
      {offsetof(ravine_optimizer_info, state_count), data.size(states.size())},
      {offsetof(ravine_optimizer_info, requirements), data.array(requirements)},
      {offsetof(ravine_optimizer_info, requirement_count), data.size(requirements.size())},
      {offsetof(ravine_optimizer_info, precisions), data.array(precisions)},
      {offsetof(ravine_optimizer_info, precision_count), data.size(precisions.size())},
      {offsetof(ravine_optimizer_info, metrics), data.array(metrics)},
      {offsetof(ravine_optimizer_info, metric_count), data.size(metrics.size())},
      {offsetof(ravine_optimizer_info, views), data.array(views)},
      {offsetof(ravine_optimizer_info, view_count), data.size(views.size())},
      {offsetof(ravine_optimizer_info, nonfinite), data.i32(static_cast<int32_t>(rule.getNonfinite()))},
      {offsetof(ravine_optimizer_info, writes_gradient), data.i32(writesGradient(rule))},
  });
}

// The JSON description of a library.
#include "compiler/codegen/Manifest.h"

#include "compiler/interpreter/Interpreter.h"

using namespace ravine;
namespace json = llvm::json;

/// JSON has no infinity: a missing bound is null.
static json::Value bound(double value) {
  return std::isinf(value) ? json::Value(nullptr) : json::Value(value);
}

static json::Object hyperJson(ir::HyperOp hyper) {
  json::Object object{
      {"name", hyper.getSymName()},
      {"kind", ir::stringifyHyperKind(hyper.getKind())},
      {"index_set", ir::stringifyHyperSet(hyper.getSet())},
      {"doc", hyper.getDoc()},
  };
  if (hyper.isScheduled())
    object["schedule"] = scheduleText(hyper);
  double value = hyper.getDefaultValue().convertToDouble();
  switch (hyper.getKind()) {
  case ir::HyperKind::Bool:
    object["default"] = value != 0;
    return object;
  case ir::HyperKind::Enum: {
    json::Array choices;
    for (auto choice : hyper.getChoices()->getAsRange<mlir::StringAttr>())
      choices.push_back(choice.getValue());
    object["default"] = choices[static_cast<size_t>(value)];
    object["choices"] = std::move(choices);
    return object;
  }
  case ir::HyperKind::Int:
  case ir::HyperKind::Real:
    object["default"] = value;
    object["range"] = json::Object{
        {"lower", bound(hyper.getLower().convertToDouble())},
        {"upper", bound(hyper.getUpper().convertToDouble())},
        {"lower_open", hyper.getLowerOpen()},
        {"upper_open", hyper.getUpperOpen()},
    };
    return object;
  }
  llvm_unreachable("every kind is listed");
}

static json::Object stateJson(ir::StateOp state) {
  json::Object object{
      {"name", state.getSymName()},
      {"doc", state.getDoc()},
      {"index_set", spelling(state.getFieldType().getSet())},
      {"storage", llvm::StringRef(nameOf(storage(state)))},
  };
  if (state.isOptional())
    object["when"] = conditionText(state);
  return object;
}

static json::Object metricJson(ir::MetricOp metric) {
  return json::Object{
      {"name", metric.getSymName()},
      {"doc", metric.getDoc()},
      {"index_set", spelling(metric.getFieldType().getSet())},
  };
}

static json::Object viewJson(ir::ViewOp view) {
  return json::Object{{"name", view.getSymName()}, {"doc", view.getDoc()}};
}

static json::Array namesOf(const std::vector<FoldedNumber> &numbers) {
  json::Array names;
  for (const FoldedNumber &number : numbers)
    names.push_back(number.name);
  return names;
}

static json::Array groupsJson(const std::vector<GroupTraffic> &groups) {
  json::Array array;
  for (const GroupTraffic &group : groups)
    array.push_back(json::Object{{"set", spelling(group.set)}, {"read", group.read}, {"written", group.written}});
  return array;
}

static json::Object sweepJson(const SweepTraffic &sweep) {
  json::Array buffers;
  for (const BufferTraffic &buffer : sweep.buffers)
    buffers.push_back(json::Object{
        {"name", buffer.name}, {"read", buffer.read}, {"written", buffer.written}, {"scratch", buffer.isScratch}});
  json::Array passes, operations;
  for (const PassTraffic &pass : sweep.passes) {
    if (pass.isOperation)
      operations.push_back(pass.operation.name);
    passes.push_back(json::Object{{"name", pass.name}, {"over", spelling(pass.over)}});
  }
  return json::Object{
      {"name", sweep.name},
      {"stage", sweep.stage},
      {"buffers", std::move(buffers)},
      {"read", sweep.read},
      {"written", sweep.written},
      {"reductions", namesOf(sweep.reductions)},
      {"awaits", namesOf(sweep.awaits)},
      {"passes", std::move(passes)},
      {"operations", std::move(operations)},
      {"bytes_per_group", groupsJson(sweep.groups)},
  };
}

static json::Array sweepsJson(const std::vector<SweepTraffic> &sweeps) {
  json::Array array;
  for (const SweepTraffic &sweep : sweeps)
    array.push_back(sweepJson(sweep));
  return array;
}

static json::Object exitJson(const ExitTraffic &exit) {
  return json::Object{
      {"guard", exit.isOfGuard},
      {"refuses", exit.refuses},
      {"bytes_per_param", exit.bytesPerParameter},
      {"sweep_details", sweepsJson(exit.sweeps)},
  };
}

static json::Object variantJson(const VariantTraffic &variant, int32_t minimumRank) {
  json::Array conditions, exits, states;
  for (const ExitTraffic &exit : variant.exits)
    exits.push_back(exitJson(exit));
  for (auto [set, bytes] : variant.stateBytesOfGroups)
    states.push_back(json::Object{{"set", spelling(set)}, {"bytes", bytes}});
  for (const auto &[text, holds] : variant.conditions)
    conditions.push_back(json::Object{{"condition", text}, {"holds", holds}});
  return json::Object{
      {"precision", variant.precision},
      {"conditions", std::move(conditions)},
      {"minimum_rank", minimumRank},
      {"sweeps", variant.sweeps.size()},
      {"guarded", variant.isGuarded},
      {"bytes_per_param", variant.bytesPerParameter},
      {"bytes_cached", variant.bytesCached},
      {"bytes_per_group", groupsJson(variant.groups)},
      {"lower_bound", variant.lowerBound ? json::Value(*variant.lowerBound) : json::Value(nullptr)},
      {"compulsory", variant.compulsory},
      {"state_bytes_per_param", variant.stateBytes},
      {"state_bytes_per_group", std::move(states)},
      {"sweep_details", sweepsJson(variant.sweeps)},
      {"resident_sweep_details", sweepsJson(variant.residentSweeps)},
      {"exits", std::move(exits)},
  };
}

uint32_t ravine::defaultVariant(ir::OptimizerOp rule) {
  InterpretedTensor matrix;
  matrix.shape = {1024, 1024};
  return static_cast<uint32_t>(Interpreter(rule, Arithmetic::Exact).outcome(matrix));
}

json::Object ravine::trafficJson(ir::OptimizerOp rule, sweep::ProgramOp program) {
  std::vector<VariantTraffic> variants = measureTraffic(rule, program);
  auto describe = [&](size_t variant) {
    return variantJson(variants[variant], program.getMinimumRanks()[variant % program.getOutcomeCount()]);
  };
  json::Object object = describe(defaultVariant(rule));
  object["name"] = rule.getSymName();
  if (variants.size() == 1)
    return object;
  json::Array all;
  for (size_t variant = 0; variant < variants.size(); ++variant)
    all.push_back(describe(variant));
  object["variants"] = std::move(all);
  return object;
}

static json::Object optimizerJson(OptimizerDescription optimizer) {
  ir::OptimizerOp rule = optimizer.rule;
  json::Array hypers, states, requirements, metrics, views;
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>())
    hypers.push_back(hyperJson(hyper));
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    states.push_back(stateJson(state));
  for (ir::RequirementOp requirement : rule.declared<ir::RequirementOp>())
    requirements.push_back(requirement.getText());
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
    metrics.push_back(metricJson(metric));
  for (ir::ViewOp view : rule.declared<ir::ViewOp>())
    views.push_back(viewJson(view));
  return json::Object{
      {"name", rule.getSymName()},
      {"doc", rule.getDoc()},
      {"citation", rule.getCitation()},
      {"hypers", std::move(hypers)},
      {"states", std::move(states)},
      {"requirements", std::move(requirements)},
      {"metrics", std::move(metrics)},
      {"views", std::move(views)},
      {"nonfinite", ir::stringifyNonFinite(rule.getNonfinite())},
      {"writes_gradient", writesGradient(rule)},
      {"traffic", trafficJson(rule, optimizer.program)},
  };
}

std::string ravine::writeManifest(const LibraryDescription &library) {
  json::Array targets, precisions, optimizers;
  for (const std::string &target : library.targetNames)
    targets.push_back(target);
  for (const Precision &precision : library.precisions)
    precisions.push_back(json::Object{{"name", precision.name},
                                      {"parameter", llvm::StringRef(nameOf(precision.parameter))},
                                      {"gradient", llvm::StringRef(nameOf(precision.gradient))},
                                      {"compute", llvm::StringRef(nameOf(precision.compute))}});
  for (const OptimizerDescription &optimizer : library.optimizers)
    optimizers.push_back(optimizerJson(optimizer));
  json::Object manifest{
      {"abi_version", RAVINE_ABI_VERSION},   {"compiler", compilerVersion()}, {"name", library.name},
      {"source_hash", library.sourceHash},   {"targets", std::move(targets)}, {"precisions", std::move(precisions)},
      {"optimizers", std::move(optimizers)},
  };
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::formatv("{0:2}", json::Value(std::move(manifest))) << "\n";
  return text;
}

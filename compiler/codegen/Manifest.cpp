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
      {"doc", hyper.getDoc()},
  };
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
      {"index_set", ir::stringifyIndexSet(state.getFieldType().getSet())},
      {"storage", "compute"},
  };
  if (state.isOptional())
    object["when"] = state.getConditionText();
  return object;
}

static json::Object sweepJson(const SweepTraffic &sweep) {
  json::Array buffers;
  for (const BufferTraffic &buffer : sweep.buffers)
    buffers.push_back(json::Object{{"name", buffer.name}, {"read", buffer.read}, {"written", buffer.written}});
  return json::Object{{"buffers", std::move(buffers)}, {"read", sweep.read}, {"written", sweep.written}};
}

static json::Object variantJson(const VariantTraffic &variant) {
  json::Array details;
  for (const SweepTraffic &sweep : variant.sweeps)
    details.push_back(sweepJson(sweep));
  json::Array conditions;
  for (const auto &[text, holds] : variant.conditions)
    conditions.push_back(json::Object{{"condition", text}, {"holds", holds}});
  return json::Object{
      {"conditions", std::move(conditions)},
      {"sweeps", variant.sweeps.size()},
      {"bytes_per_param", variant.bytesPerParameter},
      {"bytes_cached", variant.bytesCached},
      {"lower_bound", variant.lowerBound},
      {"compulsory", variant.compulsory},
      {"state_bytes_per_param", variant.stateBytes},
      {"sweep_details", std::move(details)},
  };
}

uint32_t ravine::defaultVariant(ir::OptimizerOp rule) {
  return Interpreter(rule, Arithmetic::Exact).variant();
}

json::Object ravine::trafficJson(ir::OptimizerOp rule, sweep::ProgramOp program) {
  std::vector<VariantTraffic> variants = measureTraffic(rule, program);
  json::Object object = variantJson(variants[defaultVariant(rule)]);
  object["name"] = rule.getSymName();
  if (variants.size() == 1)
    return object;
  json::Array all;
  for (const VariantTraffic &variant : variants)
    all.push_back(variantJson(variant));
  object["variants"] = std::move(all);
  return object;
}

static json::Object optimizerJson(OptimizerDescription optimizer) {
  json::Array hypers, states, requirements;
  for (ir::HyperOp hyper : optimizer.rule.declared<ir::HyperOp>())
    hypers.push_back(hyperJson(hyper));
  for (ir::StateOp state : optimizer.rule.declared<ir::StateOp>())
    states.push_back(stateJson(state));
  for (ir::RequirementOp requirement : optimizer.rule.declared<ir::RequirementOp>())
    requirements.push_back(requirement.getText());
  return json::Object{
      {"name", optimizer.rule.getSymName()},
      {"doc", optimizer.rule.getDoc()},
      {"citation", optimizer.rule.getCitation()},
      {"hypers", std::move(hypers)},
      {"states", std::move(states)},
      {"requirements", std::move(requirements)},
      {"traffic", trafficJson(optimizer.rule, optimizer.program)},
  };
}

std::string ravine::writeManifest(const LibraryDescription &library) {
  json::Array targets, precisions, optimizers;
  for (const std::string &target : library.targetNames)
    targets.push_back(target);
  for (const Precision &precision : library.precisions)
    precisions.push_back(json::Object{{"name", precision.name},
                                      {"parameter", dtypeName(precision.parameter)},
                                      {"gradient", dtypeName(precision.gradient)},
                                      {"compute", dtypeName(precision.compute)}});
  for (const OptimizerDescription &optimizer : library.optimizers)
    optimizers.push_back(optimizerJson(optimizer));
  json::Object manifest{
      {"abi_version", RAVINE_ABI_VERSION}, {"compiler", compilerVersion()},       {"name", library.name},
      {"source_hash", library.sourceHash}, {"targets", std::move(targets)},       {"precisions", std::move(precisions)},
      {"writes_gradient", false},          {"optimizers", std::move(optimizers)},
  };
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::formatv("{0:2}", json::Value(std::move(manifest))) << "\n";
  return text;
}

// Which buffers a rule has, and how they are stored.
#include "compiler/formation/Memory.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

Memory::Memory(const RulePrecision &precision)
    : parameter(cast<FloatType>(precision.storage.getParameter())),
      gradient(cast<FloatType>(precision.storage.getGradient())) {
  ir::OptimizerOp rule = precision.rule;
  compute = rule.getComputeType();
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>())) {
    stateIndex[state.getSymName()] = static_cast<uint32_t>(index);
    names.push_back(state.getSymNameAttr());
    Type computed = state.getFieldType().getNumber();
    stored.push_back(cast<FloatType>(state.getStore().value_or(computed)));
    if (state.getMaster())
      master = static_cast<uint32_t>(index);
  }
}

std::optional<BufferKey> Memory::readBy(Operation *op) const {
  if (isa<ir::ParameterOp>(op))
    return BufferKey{sweep::BufferKind::Parameter, 0};
  if (isa<ir::GradientOp>(op))
    return BufferKey{sweep::BufferKind::Gradient, 0};
  if (auto current = dyn_cast<ir::CurrentOp>(op);
      current && !cast<ir::FieldType>(current.getResult().getType()).isScalar())
    return ofState(current.getState());
  return std::nullopt;
}

BufferKey Memory::ofState(StringRef name) const {
  return {sweep::BufferKind::State, stateIndex.lookup(name)};
}

bool Memory::isUnchanged(BufferKey key, Value value) const {
  Operation *source = value.getDefiningOp();
  std::optional<BufferKey> read = source ? readBy(source) : std::nullopt;
  bool isOfMaster = read && master && *read == BufferKey{sweep::BufferKind::State, *master};
  return read == key || (isOfMaster && key.kind == sweep::BufferKind::Parameter);
}

FloatType Memory::typeOf(BufferKey key) const {
  switch (key.kind) {
  case sweep::BufferKind::Parameter:
  case sweep::BufferKind::View:
    return parameter;
  case sweep::BufferKind::Gradient:
    return gradient;
  case sweep::BufferKind::State:
    return stored[key.index];
  case sweep::BufferKind::Scratch:
  case sweep::BufferKind::Field:
    return compute;
  case sweep::BufferKind::Group:
    return Float64Type::get(compute.getContext());
  }
  llvm_unreachable("every kind is listed");
}

StringAttr Memory::nameOf(BufferKey key) const {
  auto named = [&](const llvm::Twine &name) { return StringAttr::get(compute.getContext(), name); };
  switch (key.kind) {
  case sweep::BufferKind::Parameter:
    return named("w");
  case sweep::BufferKind::Gradient:
    return named("g");
  case sweep::BufferKind::State:
    return names[key.index];
  case sweep::BufferKind::Scratch:
    return named("scratch " + llvm::Twine(key.index));
  case sweep::BufferKind::View:
    return named("view");
  case sweep::BufferKind::Group:
    return named("group " + llvm::Twine(key.index));
  case sweep::BufferKind::Field:
    return named("field " + llvm::Twine(key.index));
  }
  llvm_unreachable("every kind is listed");
}

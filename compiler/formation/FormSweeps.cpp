// The pass ravine-form-sweeps: from what is computed to how memory is walked.
#include "compiler/formation/Passes.h"

#include "compiler/formation/ElementSweep.h"
#include "compiler/formation/ScalarProgram.h"
#include "compiler/transforms/Specialize.h"

namespace ravine {
#define GEN_PASS_DEF_FORMSWEEPS
#include "compiler/formation/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;

namespace {

/// Each condition doubles the kernels. The checker refuses more in source (E0702); this guards the pass itself.
constexpr size_t MaxConditions = 4;

Value yielded(Region &region) {
  return cast<ir::YieldOp>(region.front().getTerminator()).getValue();
}

struct FormSweeps : ravine::impl::FormSweepsBase<FormSweeps> {
  void runOnOperation() override {
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      if (failed(form(optimizer)))
        return signalPassFailure();
  }

  static LogicalResult form(ir::OptimizerOp optimizer) {
    Conditions conditions = collectConditions(optimizer);
    if (conditions.regions.size() > MaxConditions)
      return optimizer.emitError("has ") << conditions.regions.size()
                                         << " different conditions for optional states; at most " << MaxConditions
                                         << " are supported";
    auto requirements = llvm::map_to_vector(optimizer.declared<ir::RequirementOp>(),
                                            [](ir::RequirementOp op) { return yielded(op.getCondition()); });

    OpBuilder builder(optimizer.getContext());
    builder.setInsertionPointAfter(optimizer);
    Location location = optimizer.getLoc();
    // No optimizer can have a name with a dot in it.
    auto program =
        sweep::ProgramOp::create(builder, location, (optimizer.getSymName() + ".program").str(), optimizer.getSymName(),
                                 conditions.ofState, conditions.regions.size(), requirements.size());
    builder.createBlock(&program.getBody());
    emitScalarProgram(builder, location, "conditions", sweep::ScalarRole::Conditions, optimizer,
                      llvm::map_to_vector(conditions.regions, [](Region *region) { return yielded(*region); }));
    emitScalarProgram(builder, location, "requirements", sweep::ScalarRole::Requirements, optimizer, requirements);
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
      formVariant(builder, optimizer, conditions, variant);
    return success();
  }

  static void formVariant(OpBuilder &builder, ir::OptimizerOp optimizer, const Conditions &conditions,
                          uint32_t variant) {
    OwningOpRef<ir::OptimizerOp> specialized = specialize(optimizer, conditions, variant);
    ir::OptimizerOp rule = *specialized;
    std::string suffix = std::to_string(variant);
    Location location = optimizer.getLoc();
    if (SmallVector<Store> stores = initialValues(rule, conditions, variant); !stores.empty())
      emitElementSweep(builder, location, "initial_" + suffix, sweep::SweepRole::Initial, variant, rule, stores);
    emitElementSweep(builder, location, "step_" + suffix, sweep::SweepRole::Step, variant, rule, definitions(rule));
  }

  /// The initial values that have to be written: memory is zero to begin with.
  static SmallVector<Store> initialValues(ir::OptimizerOp rule, const Conditions &conditions, uint32_t variant) {
    SmallVector<Store> stores;
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>())) {
      Value initial = yielded(state.getInitial());
      auto constant = initial.getDefiningOp<ir::ConstantOp>();
      bool isZero = constant && cast<FloatAttr>(constant.getValue()).getValue().isPosZero();
      if (conditions.exists(index, variant) && !isZero)
        stores.push_back({sweep::BufferKind::State, static_cast<uint32_t>(index), initial});
    }
    return stores;
  }

  static SmallVector<Store> definitions(ir::OptimizerOp rule) {
    llvm::StringMap<uint32_t> stateIndex;
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
      stateIndex[state.getSymName()] = static_cast<uint32_t>(index);
    SmallVector<Store> stores;
    for (Operation &op : rule.getStep().getBody().front()) {
      if (auto update = dyn_cast<ir::UpdateOp>(op))
        stores.push_back({sweep::BufferKind::Parameter, 0, update.getValue()});
      else if (auto next = dyn_cast<ir::NextOp>(op))
        stores.push_back({sweep::BufferKind::State, stateIndex.lookup(next.getState()), next.getValue()});
    }
    return stores;
  }
};

} // namespace

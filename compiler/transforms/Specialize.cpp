// Specialising a rule to one outcome of its conditions, to one way of storing parameters and to one exit.
#include "compiler/transforms/Specialize.h"

#include "compiler/transforms/Coarsen.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;
using namespace ravine;

bool ravine::isNarrow(ir::OptimizerOp optimizer, ir::PrecisionAttr precision) {
  return precision.getParameter().getIntOrFloatBitWidth() < optimizer.getComputeType().getWidth();
}

/// Folds what is known in a step or a declaration, and with it what was not chosen, and erases what has no use.
static void simplify(ir::OptimizerOp optimizer) {
  RewritePatternSet noPatterns(optimizer.getContext());
  SmallVector<Operation *> ops;
  optimizer.walk([&](Operation *op) {
    if (op != optimizer)
      ops.push_back(op);
  });
  (void)applyOpPatternsGreedily(ops, std::move(noPatterns));
}

// ---- outcomes and storage

static double foldOfNothing(ir::ReductionKind kind) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (kind) {
  case ir::ReductionKind::Sum:
    return 0;
  case ir::ReductionKind::Max:
    return -infinity;
  case ir::ReductionKind::Min:
    return infinity;
  }
  llvm_unreachable("every kind is listed");
}

namespace {

class Specialization {
public:
  Specialization(ir::OptimizerOp copy, const Conditions &conditions, uint32_t outcome, bool isNarrow)
      : optimizer(copy), conditions(conditions), outcome(outcome), builder(copy->getContext()) {
    for (auto [index, state] : llvm::enumerate(optimizer.declared<ir::StateOp>()))
      if (!conditions.exists(index, outcome, isNarrow))
        absent.insert(state.getSymName());
  }

  void run() {
    SmallVector<Operation *> ops;
    optimizer.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      llvm::TypeSwitch<Operation *>(op)
          .Case([&](ir::ExistsOp exists) {
            bool holds = Conditions::holds(conditions.ofCase.lookup(exists.getCondition()), outcome);
            replaceByConstant(exists, builder.getBoolAttr(holds));
          })
          .Case([&](ir::CurrentOp current) {
            // The checker has seen to it that an absent state is read only where that read is not chosen; any number
            // will do.
            if (absent.contains(current.getState()))
              replaceByConstant(current, numberFor(current.getResult(), 0));
          })
          .Case([&](ir::NextOp next) {
            if (absent.contains(next.getState()))
              next.erase();
          })
          .Case([&](ir::ReduceOp reduce) {
            if (!conditions.allHold(reduce.getUnder(), outcome))
              operandBecomes(reduce, foldOfNothing(reduce.getKind()));
          })
          .Case([&](ir::SearchOp search) {
            if (!conditions.allHold(search.getUnder(), outcome))
              operandBecomes(search, 0);
          })
          .Case([&](ir::RearrangeOp rearrange) {
            if (!conditions.allHold(rearrange.getUnder(), outcome))
              replaceByConstant(rearrange, numberFor(rearrange.getResult(), 0));
          });
  }

private:
  static TypedAttr numberFor(Value value, double number) {
    return FloatAttr::get(cast<ir::FieldType>(value.getType()).getNumber(), number);
  }

  void replaceByConstant(Operation *op, TypedAttr value) {
    builder.setInsertionPoint(op);
    auto constant = ir::ConstantOp::create(builder, op->getLoc(), op->getResult(0).getType(), value);
    op->replaceAllUsesWith(constant);
    op->erase();
  }

  /// Nothing that the elements depend on is needed for a gathering that they are no part of, not even rows.
  template <typename Gathering> void operandBecomes(Gathering op, double number) {
    builder.setInsertionPoint(op);
    auto type = cast<ir::FieldType>(op.getOperand().getType());
    if (type.getSet().isOfGroups())
      type = ir::FieldType::get(builder.getContext(), type.getNumber(), IndexSet::Tensor);
    op.getOperandMutable().assign(
        ir::ConstantOp::create(builder, op.getLoc(), type, FloatAttr::get(type.getNumber(), number)));
  }

  ir::OptimizerOp optimizer;
  const Conditions &conditions;
  uint32_t outcome;
  OpBuilder builder;
  llvm::StringSet<> absent;
};

} // namespace

void ravine::useMaster(ir::OptimizerOp optimizer) {
  auto states = optimizer.declared<ir::StateOp>();
  auto master = llvm::find_if(states, [](ir::StateOp state) { return state.getMaster(); });
  if (master == states.end())
    return;
  StringRef name = (*master).getSymName();
  (*master).removeMasterAttr();
  OpBuilder builder(optimizer.getContext());
  optimizer.walk([&](Operation *op) {
    builder.setInsertionPoint(op);
    if (auto update = dyn_cast<ir::UpdateOp>(op)) {
      ir::NextOp::create(builder, op->getLoc(), name, update.getValue(), update.getSkipsBefore());
    } else if (isa<ir::ParameterOp>(op) && !isa<ir::StateOp>(op->getParentOp())) {
      // Initial values are found from the parameter, that of the master too.
      op->replaceAllUsesWith(ir::CurrentOp::create(builder, op->getLoc(), op->getResult(0).getType(), name));
      op->erase();
    }
  });
}

OwningOpRef<ir::OptimizerOp> ravine::specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                uint32_t outcome, ir::PrecisionAttr precision) {
  OwningOpRef<ir::OptimizerOp> copy(optimizer.clone());
  bool narrow = isNarrow(optimizer, precision);
  Specialization(*copy, conditions, outcome, narrow).run();
  if (narrow)
    useMaster(*copy);
  simplify(*copy);
  coarsen(*copy);
  simplify(*copy);
  return copy;
}

// ---- exits

OwningOpRef<ir::OptimizerOp> ravine::specializeToExit(ir::OptimizerOp optimizer, unsigned skip) {
  OwningOpRef<ir::OptimizerOp> copy(optimizer.clone());
  Block &body = copy->getStep().getBody().front();
  auto skips = llvm::to_vector(body.getOps<ir::SkipOp>());
  bool refuses = skips[skip].getRefuse();
  auto belongs = [&](Operation &op) {
    if (auto update = dyn_cast<ir::UpdateOp>(op))
      return !refuses && update.getSkipsBefore() <= skip;
    if (auto next = dyn_cast<ir::NextOp>(op))
      return !refuses && next.getSkipsBefore() <= skip;
    return !isa<ir::SkipOp, ir::MeasureOp>(op) && !(refuses && isa<ir::ZeroGradientOp>(op));
  };
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (!belongs(op))
      op.erase();
    else if (auto update = dyn_cast<ir::UpdateOp>(op))
      update.setSkipsBefore(0);
    else if (auto next = dyn_cast<ir::NextOp>(op))
      next.setSkipsBefore(0);
  }
  for (ir::MetricOp metric : llvm::make_early_inc_range(copy->declared<ir::MetricOp>()))
    metric.erase();
  simplify(*copy);
  return copy;
}

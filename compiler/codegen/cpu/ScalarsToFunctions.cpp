// The pass ravine-scalars-to-functions: scalar programs become plain functions on f64.
#include "compiler/codegen/cpu/FunctionNames.h"
#include "compiler/codegen/cpu/Passes.h"
#include "runtime/abi/plan.h"

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

namespace ravine {
#define GEN_PASS_DEF_SCALARSTOFUNCTIONS
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;

/// The C function that computes an elementary function in f64; empty for what hardware does.
static StringRef libraryFunction(Operation &op) {
  return llvm::TypeSwitch<Operation *, StringRef>(&op)
      .Case<math::PowFOp>([](auto) { return "pow"; })
      .Case<math::ExpOp>([](auto) { return "exp"; })
      .Case<math::ExpM1Op>([](auto) { return "expm1"; })
      .Case<math::LogOp>([](auto) { return "log"; })
      .Case<math::Log1pOp>([](auto) { return "log1p"; })
      .Case<math::SinOp>([](auto) { return "sin"; })
      .Case<math::CosOp>([](auto) { return "cos"; })
      .Case<math::TanOp>([](auto) { return "tan"; })
      .Case<math::AsinOp>([](auto) { return "asin"; })
      .Case<math::AcosOp>([](auto) { return "acos"; })
      .Case<math::AtanOp>([](auto) { return "atan"; })
      .Case<math::SinhOp>([](auto) { return "sinh"; })
      .Case<math::CoshOp>([](auto) { return "cosh"; })
      .Case<math::TanhOp>([](auto) { return "tanh"; })
      .Case<math::ErfOp>([](auto) { return "erf"; })
      .Default([](auto) { return ""; });
}

namespace {

/// The arguments of a ravine_scalar_function.
enum Argument : unsigned { Hypers, Clock, TensorValues, ModelValues, Slots, ArgumentCount };

struct ScalarsToFunctions : ravine::impl::ScalarsToFunctionsBase<ScalarsToFunctions> {
  void runOnOperation() override {
    // First of all: an optimizer may have the name of a function of the C library.
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      optimizer.erase();
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sweep::ProgramOp>())) {
      FunctionNames names(program);
      for (sweep::ScalarsOp scalars : program.all<sweep::ScalarsOp>())
        if (names.isFirst(scalars))
          write(scalars, names.of(scalars));
      program.erase();
    }
  }

  void write(sweep::ScalarsOp scalars, StringRef name) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    Location location = scalars.getLoc();
    Type memory = MemRefType::get(ShapedType::kDynamic, builder.getF64Type());
    SmallVector<Type> arguments(ArgumentCount, memory);
    auto function = func::FuncOp::create(builder, location, name, builder.getFunctionType(arguments, {}));
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, location, value).getResult(); };
    auto read = [&](unsigned argument, int64_t entry) {
      return memref::LoadOp::create(builder, location, body->getArgument(argument), ValueRange(index(entry)))
          .getResult();
    };

    IRMapping mapping;
    for (Operation &op : scalars.getBody().front().without_terminator()) {
      if (auto hyper = dyn_cast<sweep::HyperOp>(op))
        mapping.map(hyper.getResult(), read(Hypers, hyper.getIndex()));
      else if (auto clock = dyn_cast<sweep::ClockOp>(op))
        mapping.map(clock.getResult(), read(Clock, clock.getIndex()));
      else if (auto matches = dyn_cast<sweep::MatchesOp>(op)) // behind the clock
        mapping.map(matches.getResult(), read(Clock, RAVINE_CLOCK_COUNT + matches.getIndex()));
      else if (auto value = dyn_cast<sweep::TensorValueOp>(op))
        mapping.map(value.getResult(), read(TensorValues, value.getIndex()));
      else if (auto value = dyn_cast<sweep::ModelValueOp>(op))
        mapping.map(value.getResult(), read(ModelValues, value.getIndex()));
      else if (StringRef callee = libraryFunction(op); !callee.empty())
        mapping.map(op.getResult(0), call(builder, op, callee, mapping));
      else
        builder.clone(op, mapping);
    }
    for (auto [slot, value] : llvm::enumerate(scalars.getYield().getValues()))
      memref::StoreOp::create(builder, location, mapping.lookup(value), body->getArgument(Slots),
                              ValueRange(index(static_cast<int64_t>(slot))));
    func::ReturnOp::create(builder, location);
  }

  Value call(OpBuilder &builder, Operation &op, StringRef callee, IRMapping &mapping) {
    auto arguments = llvm::map_to_vector(op.getOperands(), [&](Value operand) { return mapping.lookup(operand); });
    if (!getOperation().lookupSymbol(callee)) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(getOperation().getBody());
      auto type = builder.getFunctionType(op.getOperandTypes(), op.getResultTypes());
      func::FuncOp::create(builder, getOperation().getLoc(), callee, type).setPrivate();
    }
    return func::CallOp::create(builder, op.getLoc(), callee, op.getResultTypes(), arguments).getResult(0);
  }
};

} // namespace

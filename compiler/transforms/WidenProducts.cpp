// The pass ravine-widen-products: what a reduction folds is multiplied in f64.
#include "compiler/transforms/Passes.h"
#include "dialect/ravine/Ravine.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace ravine {
#define GEN_PASS_DEF_WIDENPRODUCTS
#include "compiler/transforms/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine::ir;

namespace {

/// Widens the operand of one operation, and its factors where it is a product.
class Widening {
public:
  explicit Widening(WidenOp op) : builder(op), location(op.getLoc()), wide(op.getType()) {}

  /// `value` in f64, or null where no product stands below it.
  Value widenProducts(Value value) {
    if (auto known = products.find(value); known != products.end())
      return known->second;
    Value product = build(value.getDefiningOp());
    return products[value] = product;
  }

private:
  Value build(Operation *op) {
    if (auto product = dyn_cast_or_null<MulOp>(op)) {
      Value left = widen(product.getLhs()), right = widen(product.getRhs());
      return MulOp::create(builder, location, wide, left, right);
    }
    if (auto negated = dyn_cast_or_null<NegOp>(op))
      return rebuild<NegOp>(widenProducts(negated.getOperand()));
    if (auto magnitude = dyn_cast_or_null<AbsOp>(op))
      return rebuild<AbsOp>(widenProducts(magnitude.getOperand()));
    auto choice = dyn_cast_or_null<SelectOp>(op);
    if (!choice || (!widenProducts(choice.getTrueValue()) && !widenProducts(choice.getFalseValue())))
      return {};
    Value chosen = widen(choice.getTrueValue()), other = widen(choice.getFalseValue());
    return SelectOp::create(builder, location, wide, choice.getCondition(), chosen, other);
  }

  Value widen(Value value) {
    Value product = widenProducts(value);
    return product ? product : builder.createOrFold<WidenOp>(location, wide, value);
  }

  template <typename Unary> Value rebuild(Value operand) {
    return operand ? Value(Unary::create(builder, location, wide, operand)) : Value();
  }

  OpBuilder builder;
  Location location;
  Type wide;
  /// What a value was found to be: it may be a factor many times over.
  llvm::DenseMap<Value, Value> products;
};

struct WidenProducts : ravine::impl::WidenProductsBase<WidenProducts> {
  void runOnOperation() override {
    SmallVector<WidenOp> ops;
    getOperation()->walk([&](WidenOp op) { ops.push_back(op); });
    llvm::SmallSetVector<Block *, 4> changed;
    for (WidenOp op : ops)
      if (Value product = Widening(op).widenProducts(op.getOperand())) {
        changed.insert(op->getBlock());
        op->replaceAllUsesWith(ValueRange(product));
      }
    llvm::for_each(changed, eraseUnused);
  }

  /// Users come after what they use, so one walk from the end erases the products that nothing but a reduction used.
  static void eraseUnused(Block *block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};

} // namespace

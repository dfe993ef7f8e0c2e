// From operations on fields to operations on single numbers, one for one.
#include "compiler/formation/ArithmeticEmitter.h"

using namespace mlir;
using namespace ravine;

static arith::CmpFPredicate predicate(ir::Comparison comparison) {
  switch (comparison) {
  case ir::Comparison::Less:
    return arith::CmpFPredicate::OLT;
  case ir::Comparison::LessEqual:
    return arith::CmpFPredicate::OLE;
  case ir::Comparison::Greater:
    return arith::CmpFPredicate::OGT;
  case ir::Comparison::GreaterEqual:
    return arith::CmpFPredicate::OGE;
  case ir::Comparison::Equal:
    return arith::CmpFPredicate::OEQ;
  case ir::Comparison::NotEqual:
    return arith::CmpFPredicate::UNE;
  }
  llvm_unreachable("every comparison is listed");
}

/// ±1 by the sign of x. Where x compares neither less nor greater than zero, x·0: a zero of x's sign, also where x is a
/// subnormal that counts as zero, or NaN.
static Value emitSign(OpBuilder &builder, Location location, Value x) {
  Type type = x.getType();
  Value zero = arith::ConstantOp::create(builder, location, FloatAttr::get(type, 0.0));
  Value one = arith::ConstantOp::create(builder, location, FloatAttr::get(type, 1.0));
  Value isNonzero = arith::CmpFOp::create(builder, location, arith::CmpFPredicate::ONE, x, zero);
  Value unit = math::CopySignOp::create(builder, location, one, x);
  Value zeroOrNaN = arith::MulFOp::create(builder, location, x, zero);
  return arith::SelectOp::create(builder, location, isNonzero, unit, zeroOrNaN);
}

static Value emitNot(OpBuilder &builder, Location location, Value x) {
  Value yes = arith::ConstantOp::create(builder, location, builder.getBoolAttr(true));
  return arith::XOrIOp::create(builder, location, x, yes);
}

void ravine::emitArithmetic(OpBuilder &builder, Operation *op, IRMapping &mapping) {
  Location location = op->getLoc();
  SmallVector<Value> operands = llvm::map_to_vector(op->getOperands(), [&](Value v) { return mapping.lookup(v); });
  auto binary = [&]<typename Target>(Target *) {
    return Target::create(builder, location, operands[0], operands[1]).getResult();
  };
  auto unary = [&]<typename Target>(Target *) { return Target::create(builder, location, operands[0]).getResult(); };
  Value result = llvm::TypeSwitch<Operation *, Value>(op)
                     .Case([&](ir::ConstantOp constant) {
                       return arith::ConstantOp::create(builder, location, cast<TypedAttr>(constant.getValue()));
                     })
                     .Case([&](ir::CompareOp compare) {
                       return arith::CmpFOp::create(builder, location, predicate(compare.getComparison()), operands[0],
                                                    operands[1]);
                     })
                     .Case([&](ir::SelectOp) {
                       return arith::SelectOp::create(builder, location, operands[0], operands[1], operands[2]);
                     })
                     .Case([&](ir::FmaOp) {
                       return math::FmaOp::create(builder, location, operands[0], operands[1], operands[2]);
                     })
                     .Case([&](ir::WidenOp) {
                       return arith::ExtFOp::create(builder, location, builder.getF64Type(), operands[0]);
                     })
                     .Case([&](ir::SignOp) { return emitSign(builder, location, operands[0]); })
                     .Case([&](ir::NotOp) { return emitNot(builder, location, operands[0]); })
                     .Case([&](ir::AndOp) { return binary((arith::AndIOp *)nullptr); })
                     .Case([&](ir::OrOp) { return binary((arith::OrIOp *)nullptr); })
                     .Case([&](ir::AddOp) { return binary((arith::AddFOp *)nullptr); })
                     .Case([&](ir::SubOp) { return binary((arith::SubFOp *)nullptr); })
                     .Case([&](ir::MulOp) { return binary((arith::MulFOp *)nullptr); })
                     .Case([&](ir::DivOp) { return binary((arith::DivFOp *)nullptr); })
                     .Case([&](ir::MaxOp) { return binary((arith::MaximumFOp *)nullptr); })
                     .Case([&](ir::MinOp) { return binary((arith::MinimumFOp *)nullptr); })
                     .Case([&](ir::PowOp) { return binary((math::PowFOp *)nullptr); })
                     .Case([&](ir::NegOp) { return unary((arith::NegFOp *)nullptr); })
                     .Case([&](ir::AbsOp) { return unary((math::AbsFOp *)nullptr); })
                     .Case([&](ir::SqrtOp) { return unary((math::SqrtOp *)nullptr); })
                     .Case([&](ir::ExpOp) { return unary((math::ExpOp *)nullptr); })
                     .Case([&](ir::Expm1Op) { return unary((math::ExpM1Op *)nullptr); })
                     .Case([&](ir::LogOp) { return unary((math::LogOp *)nullptr); })
                     .Case([&](ir::Log1pOp) { return unary((math::Log1pOp *)nullptr); })
                     .Case([&](ir::SinOp) { return unary((math::SinOp *)nullptr); })
                     .Case([&](ir::CosOp) { return unary((math::CosOp *)nullptr); })
                     .Case([&](ir::TanOp) { return unary((math::TanOp *)nullptr); })
                     .Case([&](ir::AsinOp) { return unary((math::AsinOp *)nullptr); })
                     .Case([&](ir::AcosOp) { return unary((math::AcosOp *)nullptr); })
                     .Case([&](ir::AtanOp) { return unary((math::AtanOp *)nullptr); })
                     .Case([&](ir::SinhOp) { return unary((math::SinhOp *)nullptr); })
                     .Case([&](ir::CoshOp) { return unary((math::CoshOp *)nullptr); })
                     .Case([&](ir::TanhOp) { return unary((math::TanhOp *)nullptr); })
                     .Case([&](ir::ErfOp) { return unary((math::ErfOp *)nullptr); })
                     .Case([&](ir::FloorOp) { return unary((math::FloorOp *)nullptr); })
                     .Case([&](ir::CeilOp) { return unary((math::CeilOp *)nullptr); })
                     .Case([&](ir::RoundOp) { return unary((math::RoundEvenOp *)nullptr); });
  mapping.map(op->getResult(0), result);
}

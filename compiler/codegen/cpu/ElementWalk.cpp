// Walking consecutive elements of a sweep, a vector at a time: what kernels of all kinds are made of.
#include "compiler/codegen/cpu/ElementWalk.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ravine;

SmallVector<Value> ElementWalk::identities() {
  SmallVector<Value> values;
  for (FoldedValue &reduction : body.reductions())
    values.push_back(reduction.fold.identity());
  return values;
}

SmallVector<Value> ElementWalk::combine(ValueRange left, ValueRange right) {
  SmallVector<Value> combined;
  for (auto [reduction, one, other] : llvm::zip_equal(body.reductions(), left, right))
    combined.push_back(reduction.fold.combine(one, other));
  return combined;
}

void ElementWalk::writeResult(FoldedValue &reduction, Value accumulator, Value memory, Value place) {
  memref::StoreOp::create(builder, location, reduction.fold.lanes(accumulator), memory, ValueRange(place));
}

void ElementWalk::prefetch(Value memory, Value position, bool isNear) {
  memref::PrefetchOp::create(builder, location, memory, ValueRange(position), /*isWrite=*/false,
                             /*localityHint=*/isNear ? 3 : 2, /*isDataCache=*/true);
}

SmallVector<Value> ElementWalk::writeVectors(Value begin, Value end, ValueRange accumulators, Fetch fetch) {
  auto loop = scf::ForOp::create(builder, location, begin, end, index(width), accumulators);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  fetch(loop.getInductionVar());
  SmallVector<Value> advanced = body.write(loop.getInductionVar(), std::nullopt, loop.getRegionIterArgs());
  if (!advanced.empty()) // a loop that carries nothing has its end already
    scf::YieldOp::create(builder, location, advanced);
  return loop.getResults();
}

SmallVector<Value> ElementWalk::writeAll(Value begin, Value end, ValueRange accumulators, Fetch fetch,
                                         Fetch fetchRest) {
  Value rest = arith::RemUIOp::create(builder, location, subtract(end, begin), index(width));
  Value fullEnd = subtract(end, rest);
  bool isFolding = !accumulators.empty();
  SmallVector<Value> advanced = writeVectors(begin, fullEnd, accumulators, fetch);
  Value hasRest = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::ne, rest, index(0));
  auto tail = scf::IfOp::create(builder, location, accumulators.getTypes(), hasRest, /*addThenBlock=*/true,
                                /*addElseBlock=*/isFolding);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(tail.thenBlock());
  if (fetchRest)
    fetchRest(fullEnd);
  Value mask = vector::CreateMaskOp::create(builder, location, VectorType::get(width, builder.getI1Type()), rest);
  scf::YieldOp::create(builder, location, body.write(fullEnd, Rest{rest, mask}, advanced));
  if (isFolding) {
    builder.setInsertionPointToStart(tail.elseBlock());
    scf::YieldOp::create(builder, location, advanced);
  }
  return tail.getResults();
}

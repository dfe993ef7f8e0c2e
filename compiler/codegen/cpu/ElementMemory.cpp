// The memory of one buffer, a vector at a time.
#include "compiler/codegen/cpu/ElementMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ravine;

ElementMemory::ElementMemory(OpBuilder &builder, Location location, Value memory, Type number, unsigned width)
    : location(location), memory(memory), type(VectorType::get(width, number)) {
  if (number.getIntOrFloatBitWidth() < 32)
    aside = memref::AllocaOp::create(builder, location, MemRefType::get(width, number));
}

Value ElementMemory::index(OpBuilder &builder, int64_t value) {
  return arith::ConstantIndexOp::create(builder, location, value);
}

void ElementMemory::copyRest(OpBuilder &builder, Value from, Value fromPosition, Value to, Value toPosition,
                             Value count) {
  auto loop = scf::ForOp::create(builder, location, index(builder, 0), count, index(builder, 1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  auto place = [&](Value position) {
    return arith::AddIOp::create(builder, location, position, loop.getInductionVar()).getResult();
  };
  Value element = memref::LoadOp::create(builder, location, from, ValueRange(place(fromPosition)));
  memref::StoreOp::create(builder, location, element, to, ValueRange(place(toPosition)));
}

Value ElementMemory::load(OpBuilder &builder, Value position, std::optional<Rest> rest) {
  if (!rest)
    return vector::LoadOp::create(builder, location, type, memory, ValueRange(position));
  Value zero = arith::ConstantOp::create(builder, location, type, builder.getZeroAttr(type));
  if (!aside)
    return vector::MaskedLoadOp::create(builder, location, type, memory, ValueRange(position), rest->mask, zero);
  Value first = index(builder, 0);
  vector::StoreOp::create(builder, location, zero, aside, ValueRange(first));
  copyRest(builder, memory, position, aside, first, rest->count);
  return vector::LoadOp::create(builder, location, type, aside, ValueRange(first));
}

void ElementMemory::store(OpBuilder &builder, Value vector, Value position, std::optional<Rest> rest) {
  if (!rest) {
    vector::StoreOp::create(builder, location, vector, memory, ValueRange(position));
  } else if (!aside) {
    vector::MaskedStoreOp::create(builder, location, memory, ValueRange(position), rest->mask, vector);
  } else {
    Value first = index(builder, 0);
    vector::StoreOp::create(builder, location, vector, aside, ValueRange(first));
    copyRest(builder, aside, first, memory, position, rest->count);
  }
}

// The operations that a set of values needs.
#include "compiler/formation/Slice.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

SmallVector<Operation *> ravine::backwardSlice(ArrayRef<Value> roots, llvm::function_ref<bool(Operation *)> stopsAt) {
  llvm::SmallPtrSet<Operation *, 32> needed;
  llvm::SmallSetVector<Block *, 4> blocks;
  SmallVector<Operation *> pending;
  auto require = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); op && needed.insert(op).second) {
      pending.push_back(op);
      blocks.insert(op->getBlock());
    }
  };
  llvm::for_each(roots, require);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (!stopsAt(op))
      llvm::for_each(op->getOperands(), require);
  }
  SmallVector<Operation *> slice;
  for (Block *block : blocks)
    for (Operation &op : *block)
      if (needed.contains(&op))
        slice.push_back(&op);
  return slice;
}

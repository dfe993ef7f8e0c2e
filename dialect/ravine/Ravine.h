// The ravine dialect in C++: types, attributes and operations. What each means stands in the .td files.
#pragma once

#include "dialect/ravine/IndexSet.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/ravine/RavineDialect.h.inc"
#include "dialect/ravine/RavineEnums.h.inc"

namespace ravine {
inline llvm::hash_code hash_value(const IndexSet &set) {
  return llvm::hash_combine(set.kind, set.blockSize);
}
mlir::AsmPrinter &operator<<(mlir::AsmPrinter &printer, const IndexSet &set);
} // namespace ravine

/// `row`, `block 256`
template <> struct mlir::FieldParser<ravine::IndexSet> {
  static FailureOr<ravine::IndexSet> parse(AsmParser &parser);
};

#define GET_ATTRDEF_CLASSES
#include "dialect/ravine/RavineAttributes.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/ravine/RavineTypes.h.inc"

namespace ravine::ir {
class StepOp;
} // namespace ravine::ir

#define GET_OP_CLASSES
#include "dialect/ravine/RavineOps.h.inc"

namespace ravine::ir {
/// What the values of a hyper vary over.
[[nodiscard]] IndexSet indexSetOf(HyperSet set);

/// What a `reduce`, `search` or `rearrange` gathers elements over, for each member of which it needs all of them;
/// nothing for any other operation.
[[nodiscard]] std::optional<IndexSet> gatheredOver(mlir::Operation &op);
} // namespace ravine::ir

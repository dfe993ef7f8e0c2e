// The sweep dialect in C++. What each operation means stands in the .td files.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/sweep/SweepDialect.h.inc"
#include "dialect/sweep/SweepEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/sweep/SweepAttributes.h.inc"

namespace ravine::sweep {
class StageOp;
class YieldOp;
} // namespace ravine::sweep

#define GET_OP_CLASSES
#include "dialect/sweep/SweepOps.h.inc"

// The ravine dialect in C++: types, attributes and operations. What each means stands in the .td files.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/ravine/RavineDialect.h.inc"
#include "dialect/ravine/RavineEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/ravine/RavineAttributes.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/ravine/RavineTypes.h.inc"

namespace ravine::ir {
class StepOp;
} // namespace ravine::ir

#define GET_OP_CLASSES
#include "dialect/ravine/RavineOps.h.inc"

// The passes of CPU code generation. Passes.td says what each does.
#pragma once

#include "compiler/codegen/cpu/FunctionNames.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace ravine {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/codegen/cpu/Passes.h.inc"

/// The name under which the runtime core calls that function.
[[nodiscard]] std::string entryName(llvm::StringRef function);

/// Set on functions until EmitEntryPoints has run: how many buffers a kernel takes (absent on scalar programs), and
/// whether it is the kernel of a tile.
inline constexpr llvm::StringLiteral BufferCountAttr = "ravine.buffer_count";
inline constexpr llvm::StringLiteral TileAttr = "ravine.tile";
/// The fields of a ravine_plan_tile, which such a kernel takes one by one, in order.
inline constexpr unsigned TileFieldCount = 6;

} // namespace ravine

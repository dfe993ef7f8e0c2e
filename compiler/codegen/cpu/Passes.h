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

/// Set on functions until EmitEntryPoints has run: how many buffers a kernel takes (absent on scalar programs).
inline constexpr llvm::StringLiteral BufferCountAttr = "ravine.buffer_count";

} // namespace ravine

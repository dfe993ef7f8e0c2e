// The pass ravine-emit-entry-points: the signatures of plan.h around functions that were lowered from memrefs.
#include "compiler/codegen/cpu/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace ravine {
#define GEN_PASS_DEF_EMITENTRYPOINTS
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;

std::string ravine::entryName(StringRef function) {
  return (function + "_entry").str();
}

namespace {

/// hypers, clock, tensor_values, model_values, out.
constexpr unsigned ScalarArgumentCount = 5;

struct EmitEntryPoints : ravine::impl::EmitEntryPointsBase<EmitEntryPoints> {
  void runOnOperation() override {
    for (auto function : llvm::to_vector(getOperation().getOps<LLVM::LLVMFuncOp>()))
      if (!function.isExternal())
        wrap(function);
  }

  static void wrap(LLVM::LLVMFuncOp function) {
    OpBuilder builder(function->getContext());
    builder.setInsertionPointAfter(function);
    Location location = function.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(builder.getContext());
    Type i64 = builder.getI64Type();
    auto bufferCount = function->getAttrOfType<IntegerAttr>(ravine::BufferCountAttr);
    SmallVector<Type> signature = bufferCount ? SmallVector<Type>{pointer, pointer, i64, i64, pointer}
                                              : SmallVector<Type>(ScalarArgumentCount, pointer);
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()), signature);
    auto entry = LLVM::LLVMFuncOp::create(builder, location, ravine::entryName(function.getSymName()), type);
    Block *body = entry.addEntryBlock(builder);
    builder.setInsertionPointToStart(body);

    SmallVector<Value> arguments;
    // A memref of unknown length: pointer twice, offset, length, stride. Nothing reads the length.
    auto addMemory = [&](Value base) {
      Value zero = LLVM::ConstantOp::create(builder, location, i64, 0);
      Value one = LLVM::ConstantOp::create(builder, location, i64, 1);
      arguments.append({base, base, zero, zero, one});
    };
    if (!bufferCount) {
      llvm::for_each(body->getArguments(), addMemory);
    } else {
      for (int32_t buffer = 0; buffer < bufferCount.getInt(); ++buffer) {
        Value slot = LLVM::GEPOp::create(builder, location, pointer, pointer, body->getArgument(0),
                                         ArrayRef<LLVM::GEPArg>{buffer});
        addMemory(LLVM::LoadOp::create(builder, location, pointer, slot));
      }
      Value slots = body->getArgument(1), begin = body->getArgument(2), end = body->getArgument(3),
            partials = body->getArgument(4);
      addMemory(slots);
      addMemory(partials);
      arguments.append({begin, end});
    }
    LLVM::CallOp::create(builder, location, function, arguments);
    LLVM::ReturnOp::create(builder, location, ValueRange());

    function.setLinkage(LLVM::Linkage::Internal);
    function.setAlwaysInline(true);
    function->removeAttr(ravine::BufferCountAttr);
  }
};

} // namespace

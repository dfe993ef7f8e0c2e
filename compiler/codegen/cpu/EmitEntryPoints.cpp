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
/// buffers, scalars, tile, partials.
constexpr unsigned TileArgumentCount = 4;

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
    bool isOfTile = function->hasAttr(ravine::TileAttr);
    SmallVector<Type> signature = !bufferCount ? SmallVector<Type>(ScalarArgumentCount, pointer)
                                  : isOfTile   ? SmallVector<Type>(TileArgumentCount, pointer)
                                               : SmallVector<Type>{pointer, pointer, i64, i64, pointer};
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
      auto loadFrom = [&](Value array, Type type, int32_t place) {
        Value slot = LLVM::GEPOp::create(builder, location, pointer, type, array, ArrayRef<LLVM::GEPArg>{place});
        return LLVM::LoadOp::create(builder, location, type, slot).getResult();
      };
      for (int32_t buffer = 0; buffer < bufferCount.getInt(); ++buffer)
        addMemory(loadFrom(body->getArgument(0), pointer, buffer));
      addMemory(body->getArgument(1));        // slots
      addMemory(body->getArguments().back()); // partials
      if (isOfTile)
        for (unsigned field = 0; field < ravine::TileFieldCount; ++field)
          arguments.push_back(loadFrom(body->getArgument(2), i64, static_cast<int32_t>(field)));
      else
        arguments.append({body->getArgument(2), body->getArgument(3)}); // begin and end
    }
    LLVM::CallOp::create(builder, location, function, arguments);
    LLVM::ReturnOp::create(builder, location, ValueRange());

    function.setLinkage(LLVM::Linkage::Internal);
    function.setAlwaysInline(true);
    function->removeAttr(ravine::BufferCountAttr);
    function->removeAttr(ravine::TileAttr);
  }
};

} // namespace

// Array kernels of the vector mathematics, compiled in process.
#include "test/codegen/VectorMathKernels.h"

#include "compiler/codegen/cpu/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using llvm::cantFail;

namespace ravine::test {
namespace {

/// Those the pass expands, and those it leaves because hardware does them.
constexpr StringRef unaryOperations[] = {
    "math.exp",  "math.expm1", "math.log",  "math.log1p", "math.sin",   "math.cos",   "math.tan",
    "math.asin", "math.acos",  "math.atan", "math.sinh",  "math.cosh",  "math.tanh",  "math.erf",
    "math.sqrt", "math.absf",  "math.ceil", "math.floor", "math.trunc", "math.round", "math.roundeven"};
constexpr StringRef binaryOperations[] = {"math.powf", "math.copysign", "arith.maximumf", "arith.minimumf"};

/// Those that are also built with a second operand, y[0], that is the same for all elements.
constexpr StringRef boundedOperations[] = {"arith.maximumf", "arith.minimumf"};

enum class Operands { One, Two, Bound, BoundFirst };

std::string kernelSource(StringRef operation, Operands operands, StringRef element, int64_t width) {
  bool isBounded = operands == Operands::Bound || operands == Operands::BoundFirst;
  StringRef suffix = operands == Operands::Bound ? "_bound" : operands == Operands::BoundFirst ? "_bound_first" : "";
  StringRef passed = operands == Operands::One          ? "%a"
                     : operands == Operands::BoundFirst ? "%bound, %a"
                     : operands == Operands::Bound      ? "%a, %bound"
                                                        : "%a, %b";
  std::string vector = ("vector<" + Twine(width) + "x" + element + ">").str();
  std::string load = " {alignment = 4} : !llvm.ptr -> " + vector + "\n";
  std::string offset = "[%i] : (!llvm.ptr, i64) -> !llvm.ptr, " + element.str() + "\n";
  std::string bound = "  %first = llvm.load %y : !llvm.ptr -> " + element.str() +
                      "\n  %bound = vector.broadcast %first : " + element.str() + " to " + vector + "\n";
  return "func.func @" + (operation.split('.').second + suffix).str() +
         "(%x: !llvm.ptr, %y: !llvm.ptr, %out: !llvm.ptr, %count: i64) {\n" + (isBounded ? bound : "") +
         "  %zero = arith.constant 0 : i64\n"
         "  %width = arith.constant " +
         std::to_string(width) +
         " : i64\n"
         "  scf.for %i = %zero to %count step %width : i64 {\n"
         "    %xp = llvm.getelementptr %x" +
         offset + "    %yp = llvm.getelementptr %y" + offset + "    %op = llvm.getelementptr %out" + offset +
         "    %a = llvm.load %xp" + load + "    %b = llvm.load %yp" + load + "    %r = " + operation.str() + " " +
         passed.str() + " : " + vector + "\n    llvm.store %r, %op {alignment = 4} : " + vector +
         ", !llvm.ptr\n"
         "  }\n"
         "  return\n"
         "}\n";
}

std::string moduleSource(VectorMathKernels::Element element, int64_t width) {
  StringRef type = element == VectorMathKernels::Element::F32 ? "f32" : "f64";
  std::string source;
  for (StringRef operation : unaryOperations)
    source += kernelSource(operation, Operands::One, type, width);
  for (StringRef operation : binaryOperations)
    source += kernelSource(operation, Operands::Two, type, width);
  for (StringRef operation : boundedOperations)
    for (Operands operands : {Operands::Bound, Operands::BoundFirst})
      source += kernelSource(operation, operands, type, width);
  return source;
}

LogicalResult lowerToLLVMDialect(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createExpandVectorMath());
  passes.addNestedPass<func::FuncOp>(createExpandExtrema());
  passes.addPass(createCSEPass());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  return passes.run(module);
}

llvm::orc::JITTargetMachineBuilder machineFor(const std::string &processor) {
  auto machine = cantFail(llvm::orc::JITTargetMachineBuilder::detectHost());
  machine.setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  if (!processor.empty()) {
    machine.getFeatures() = llvm::SubtargetFeatures();
    machine.setCPU(processor);
  }
  return machine;
}

} // namespace

VectorMathKernels::VectorMathKernels(Element element, int64_t width, const std::string &processor) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();

  DialectRegistry registry;
  registry.insert<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                  scf::SCFDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(moduleSource(element, width), &context);
  if (!module || failed(lowerToLLVMDialect(*module)))
    llvm::report_fatal_error("the kernels do not lower");

  auto machineBuilder = machineFor(processor);
  auto machine = cantFail(machineBuilder.createTargetMachine());
  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  auto llvmModule = translateModuleToLLVMIR(*module, *llvmContext);
  llvmModule->setDataLayout(machine->createDataLayout());
  llvmModule->setTargetTriple(machine->getTargetTriple());
  cantFail(makeOptimizingTransformer(/*optLevel=*/3, /*sizeLevel=*/0, machine.get())(llvmModule.get()));

  jit = cantFail(llvm::orc::LLJITBuilder()
                     .setJITTargetMachineBuilder(machineBuilder)
                     .setLinkProcessSymbolsByDefault(false)
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create());
  cantFail(jit->addIRModule(llvm::orc::ThreadSafeModule(std::move(llvmModule), std::move(llvmContext))));
}

VectorMathKernels::~VectorMathKernels() = default;

VectorKernel *VectorMathKernels::find(const std::string &operation) const {
  return cantFail(jit->lookup(operation)).toPtr<VectorKernel *>();
}

bool hostSupports(const std::string &feature) {
  return llvm::sys::getHostCPUFeatures().lookup(feature);
}

} // namespace ravine::test

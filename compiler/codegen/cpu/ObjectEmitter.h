// LLVM IR in, machine code out, for one instruction set.
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace ravine {

/// An instruction set that kernels are generated for.
struct CpuTarget {
  /// RAVINE_TARGET_x of plan.h.
  uint32_t id;
  /// As LLVM, RAVINE_ISA and --cpu name it.
  llvm::StringLiteral name;
  /// What is appended to the names of kernels.
  llvm::StringLiteral suffix;
};

/// The instruction sets there are, from plain to wide. The plain one is the least that a library runs on.
[[nodiscard]] llvm::ArrayRef<CpuTarget> cpuTargets();

/// The target of that name, or null.
[[nodiscard]] const CpuTarget *findCpuTarget(llvm::StringRef name);

enum class MachineCode { Object, Assembly };

/// Generates position-independent code for one instruction set.
class ObjectEmitter {
public:
  static llvm::Expected<ObjectEmitter> create(const CpuTarget &target);

  /// Sets triple and data layout. To be done before anything else looks at the module.
  void prepare(llvm::Module &module) const;

  /// Optimises in place. Loops are neither vectorised nor unrolled: kernels come as they are to be walked.
  void optimize(llvm::Module &module) const;

  [[nodiscard]] llvm::SmallString<0> emit(llvm::Module &module, MachineCode kind) const;

private:
  explicit ObjectEmitter(std::unique_ptr<llvm::TargetMachine> machine) : machine(std::move(machine)) {}

  std::unique_ptr<llvm::TargetMachine> machine;
};

} // namespace ravine

// Kernels of sweeps, generated as for a library and loaded into this process.
#pragma once

#include "compiler/codegen/cpu/ObjectEmitter.h"
#include "runtime/abi/plan.h"

#include <memory>
#include <string>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace ravine::test {

/// A sweep that is written down for a test.
struct SweepSource {
  std::string name;
  /// The sweep's buffers, such as `#sweep.buffer<state, "m", 0, element, bf16, true, false>`, and its reductions.
  std::string buffers;
  std::string reductions;
  /// The region, without braces.
  std::string body;
  /// Such as `<row>`; empty for elements.
  std::string over = {};
  /// Those that are, stand last and are one run.
  bool isPass = false;
};

/// The instruction sets that this machine can run, from plain to wide.
[[nodiscard]] std::vector<const CpuTarget *> runnableTargets();

class SweepKernels {
public:
  /// Sweeps without slots, whose reductions go to a table of eight model values or to the group buffers, which are over
  /// `groups`, such as `#ravine.set<row>, #ravine.set<col>`.
  SweepKernels(const std::vector<SweepSource> &sweeps, const CpuTarget &target, const std::string &groups = {});
  SweepKernels(SweepKernels &&) noexcept;
  ~SweepKernels();

  [[nodiscard]] ravine_kernel_function find(const std::string &sweep) const;
  /// For a sweep over elements that knows of groups.
  [[nodiscard]] ravine_tile_function findTiles(const std::string &sweep) const;

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// While it lives, subnormal numbers count as zero in this thread's vector arithmetic, as the runtime core has it.
class FlushedSubnormals {
public:
  FlushedSubnormals();
  ~FlushedSubnormals();
  FlushedSubnormals(const FlushedSubnormals &) = delete;
  FlushedSubnormals &operator=(const FlushedSubnormals &) = delete;

private:
  unsigned before;
};

} // namespace ravine::test

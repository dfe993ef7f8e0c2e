// What the command line said.
#pragma once

#include "compiler/lowering/Precision.h"

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace ravine::driver {

/// Exit statuses of the command.
enum ExitStatus : int { Success = 0, Failure = 1, UsageError = 2 };

/// How far `ravine build` goes.
enum class Stage { Ast, Lowered, Ravine, Sweep, Vector, Llvm, Assembly, Object, Library };

/// What `ravine doc` writes.
enum class PageFormat { Markdown, Html };

/// What `ravine new` writes a file for.
enum class Starter { Optimizer, Penalty, Set };

struct Options {
  std::vector<std::string> inputs;
  std::string output;
  Stage stage = Stage::Library;
  /// Names of instruction sets; empty for all there are.
  std::vector<std::string> targets;
  /// How hosts store parameters and gradients, empty for f32.
  std::vector<Precision> precisions;
  /// `ravine build --depfile`: where to write what the library depends on; "" for nowhere.
  std::string depfile;
  bool json = false;
  /// `ravine doc --format`.
  PageFormat format = PageFormat::Markdown;
  /// `ravine new --kind`.
  Starter starter = Starter::Optimizer;
  /// `ravine test --filter` and `--junit`.
  std::string filter, junit;
  /// `ravine test --seed`: what laws are tried at.
  uint64_t seed = 1;
  /// `ravine fmt --check`.
  bool check = false;
  /// `ravine explain --html`.
  bool html = false;
};

} // namespace ravine::driver

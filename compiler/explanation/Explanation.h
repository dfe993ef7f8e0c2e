// What `ravine explain --html` shows: source, sweeps and assembly, each part with the line of the source it comes from.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/explanation/AssemblyListing.h"

namespace ravine::explanation {

/// An operation of a sweep or of a scalar program, as the sweep dialect prints it.
struct Operation {
  std::string text;
  /// From 1; 0 where it comes from no line in particular.
  unsigned line = 0;
};

/// Bytes per parameter that a buffer moves.
struct Buffer {
  std::string name;
  double read = 0;
  double written = 0;
};

struct Pass {
  /// What its kernels are called after, such as "step_0_0_1".
  std::string symbol;
  /// What it computes a number for, such as "element" or "row".
  std::string member;
  /// What runs once before it, and once for every member.
  std::vector<Operation> scalars;
  std::vector<Operation> members;
};

struct Sweep {
  /// "sweep 2".
  std::string name;
  std::vector<Buffer> buffers;
  double read = 0;
  double written = 0;
  /// When it runs, what it waits for and what it folds.
  std::vector<std::string> remarks;
  /// In the order in which they run.
  std::vector<Pass> passes;
};

/// A step under one outcome of the conditions that are fixed at creation.
struct Variant {
  /// The outcome, and whether it is the default; empty where there are no conditions.
  std::string condition;
  /// What the step costs, and why: whole sentences.
  std::vector<std::string> summary;
  std::vector<Sweep> sweeps;
};

struct Optimizer {
  std::string name;
  std::vector<Variant> variants;
  std::vector<AssemblyFunction> functions;
};

/// One source file and the optimizers in it.
struct File {
  uint32_t file = 0;
  std::vector<Optimizer> optimizers;
};

struct Explanation {
  std::string title;
  /// The instruction set of the assembly, such as "x86-64-v4".
  std::string target;
  std::vector<File> files;
};

/// One document that needs no other file and no network, and can be read without scripts.
[[nodiscard]] std::string writeHtml(const Explanation &explanation, const SourceManager &sources);

} // namespace ravine::explanation

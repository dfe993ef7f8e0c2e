// Whether an optimizer compiles, and whether compiled code does what the interpreter does, however it is run.
#pragma once

#include "test/fuzz/rules/Inputs.h"

#include <set>

namespace ravine::fuzz {

/// What to try, all of it where nothing is said.
struct CheckOptions {
  /// Kinds of findings that are looked for; empty for all.
  std::set<std::string> only = {};
  /// An operation that the interpreter gets wrong; empty for none.
  std::string fault = {};
  /// Where libraries and states are written.
  std::string scratch = "/tmp";

  [[nodiscard]] bool looksFor(const std::string &kind) const { return only.empty() || only.contains(kind); }
};

/// What has come of a check.
struct Verdict {
  /// Empty if all is well; else what is wrong, in a word that stays the same while the rule is cut down.
  std::string kind = {};
  std::string detail = {};
  /// Numbers compared with the interpreter's where that has no NaN, and those that differ but may: see perturbation().
  uint64_t compared = 0, excluded = 0;
  /// A requirement does not hold for the inputs, or conditions have too many outcomes, so that it was not run.
  bool isRefused = false;
};

/// Kinds of findings, for --only.
[[nodiscard]] const std::vector<std::string> &findingKinds();

[[nodiscard]] Verdict check(const std::string &source, const Inputs &inputs, const CheckOptions &options);

/// The same in a process of its own, so that a crash or an endless loop is a finding, too.
[[nodiscard]] Verdict checkApart(const std::string &source, const Inputs &inputs, const CheckOptions &options);

/// Deletes what a check in that process has left in the scratch folder.
void removeScratch(const std::string &scratch, int process);

} // namespace ravine::fuzz

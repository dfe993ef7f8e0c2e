// What `ravine info` says, in words.
#pragma once

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace ravine::driver {

/// Writes what a manifest says of one of its optimizers: hypers, states, metrics and views.
void printOptimizer(llvm::raw_ostream &out, const llvm::json::Object &optimizer);

/// Writes a table with columns as wide as they need to be, each line indented by `indent` blanks.
void printTable(llvm::raw_ostream &out, const std::vector<std::vector<std::string>> &rows, unsigned indent);

/// The first line of a documentation comment.
[[nodiscard]] llvm::StringRef firstLine(llvm::StringRef documentation);

/// "a, b and c"
[[nodiscard]] std::string listed(const llvm::json::Array *names);

} // namespace ravine::driver

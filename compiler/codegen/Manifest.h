// The JSON description of a library.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/formation/Report.h"

#include "llvm/Support/JSON.h"

namespace ravine {

/// The manifest: the text of the .json file beside a library, which the library holds as well.
[[nodiscard]] std::string writeManifest(const LibraryDescription &library);

/// The traffic of one optimizer: the variant that the default hypers choose, and where there are several, all of them.
[[nodiscard]] llvm::json::Object trafficJson(ir::OptimizerOp rule, sweep::ProgramOp program);

/// The variant that an optimizer runs in its first precision, with its default hypers, for a tensor of the most common
/// kind: a matrix of 1024 rows and columns.
[[nodiscard]] uint32_t defaultVariant(ir::OptimizerOp rule);

} // namespace ravine

// What others compute: vectors.json, which generate_vectors.py has written.
#pragma once

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace ravine::test {

/// The entries of one of the lists in vectors.json.
inline std::vector<llvm::json::Object> vectors(llvm::StringRef name) {
  auto buffer = llvm::MemoryBuffer::getFile(RAVINE_VECTORS);
  if (!buffer)
    throw std::runtime_error("vectors.json is missing");
  auto parsed = llvm::json::parse((*buffer)->getBuffer());
  if (!parsed)
    throw std::runtime_error(llvm::toString(parsed.takeError()));
  std::vector<llvm::json::Object> entries;
  for (const llvm::json::Value &entry : *parsed->getAsObject()->getArray(name))
    entries.push_back(*entry.getAsObject());
  return entries;
}

inline std::vector<double> numbers(const llvm::json::Array &array) {
  std::vector<double> result;
  for (const llvm::json::Value &number : array)
    result.push_back(*number.getAsNumber());
  return result;
}

} // namespace ravine::test

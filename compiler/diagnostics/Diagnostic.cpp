// The spelling of the codes, and the collection of diagnostics.
#include "compiler/diagnostics/Diagnostic.h"

#include <algorithm>
#include <array>

namespace ravine {

namespace {

constexpr std::array codeSpellings = {
#define RAVINE_CODE(name, text) std::string_view(#name),
#include "compiler/diagnostics/Codes.def"
#undef RAVINE_CODE
};

/// Nobody reads more, and a file of noise must not take more memory and time than a file of sense.
constexpr size_t mostKept = 100;

} // namespace

std::string_view spelling(Code code) {
  return codeSpellings[static_cast<size_t>(code)];
}

Severity Diagnostic::severity() const {
  return spelling(code).front() == 'E' ? Severity::Error : Severity::Warning;
}

void Diagnostics::add(Diagnostic diagnostic) {
  bool isError = diagnostic.severity() == Severity::Error;
  size_t errorsKept = std::min(errorCount, mostKept);
  size_t kept = isError ? errorsKept : diagnostics.size() - errorsKept;
  if (isError)
    ++errorCount;
  if (kept < mostKept)
    diagnostics.push_back(std::move(diagnostic));
}

} // namespace ravine

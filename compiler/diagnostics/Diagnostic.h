// What the compiler tells its user: typed values, collected while a phase runs and rendered only at the edge
// (Render.h for people, RenderJson.h for tools).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ravine {

/// A half-open range of bytes [begin, end) in one source file of a SourceManager.
struct SourceSpan {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;

  /// For messages that concern no place in a source file, such as a file that cannot be read.
  [[nodiscard]] static SourceSpan nowhere() { return {UINT32_MAX, 0, 0}; }
  [[nodiscard]] bool isNowhere() const { return file == UINT32_MAX; }
  bool operator==(const SourceSpan &) const = default;

  /// The smallest span that covers both; they are in the same file.
  [[nodiscard]] static SourceSpan covering(SourceSpan first, SourceSpan last) {
    return {first.file, first.begin < last.begin ? first.begin : last.begin,
            first.end > last.end ? first.end : last.end};
  }
};

enum class Severity { Error, Warning };

/// Every message has a stable code: E is an error, W a warning, P a warning about performance. Codes.def lists them.
enum class Code : uint16_t {
#define RAVINE_CODE(name, text) name,
#include "compiler/diagnostics/Codes.def"
#undef RAVINE_CODE
};

/// The stable spelling, such as "E0201".
[[nodiscard]] std::string_view spelling(Code code);

/// A remark at another place that explains the main one: "`beta1` is declared here".
struct Note {
  SourceSpan span;
  std::string message;
};

struct Diagnostic {
  Code code;
  SourceSpan span;
  /// What is wrong, in one sentence without a full stop.
  std::string message;
  /// A few words printed under the caret; may be empty.
  std::string label;
  /// What to do about it, one sentence; may be empty.
  std::string hint;
  std::vector<Note> notes;

  [[nodiscard]] Severity severity() const;
};

/// Collects what a phase has to say, in the order in which it was said. Warnings do not stop a build.
class Diagnostics {
public:
  void add(Diagnostic diagnostic);

  [[nodiscard]] const std::vector<Diagnostic> &all() const { return diagnostics; }
  [[nodiscard]] bool hasErrors() const { return errorCount > 0; }
  [[nodiscard]] size_t errors() const { return errorCount; }

private:
  std::vector<Diagnostic> diagnostics;
  size_t errorCount = 0;
};

} // namespace ravine

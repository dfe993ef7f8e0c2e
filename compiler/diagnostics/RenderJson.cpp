// Writes one JSON object per diagnostic.
#include "compiler/diagnostics/RenderJson.h"

#include "compiler/diagnostics/ByPlace.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace ravine {

namespace {

std::string valid(std::string_view text) {
  return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()));
}

void addPlace(llvm::json::Object &object, const SourceManager &sources, SourceSpan span) {
  if (span.isNowhere())
    return;
  LineColumn begin = sources.position(span.file, span.begin);
  LineColumn end = sources.position(span.file, span.end);
  object["file"] = valid(sources.name(span.file));
  object["line"] = begin.line;
  object["column"] = begin.column;
  object["endLine"] = end.line;
  object["endColumn"] = end.column;
}

} // namespace

llvm::json::Array jsonOf(const SourceManager &sources, const Diagnostics &diagnostics) {
  llvm::json::Array messages;
  for (const Diagnostic *at : byPlace(diagnostics)) {
    const Diagnostic &diagnostic = *at;
    llvm::json::Object object{
        {"code", valid(spelling(diagnostic.code))},
        {"severity", diagnostic.severity() == Severity::Error ? "error" : "warning"},
        {"message", valid(diagnostic.message)},
        {"label", valid(diagnostic.label)},
        {"hint", valid(diagnostic.hint)},
    };
    addPlace(object, sources, diagnostic.span);
    llvm::json::Array notes;
    for (const Note &note : diagnostic.notes) {
      llvm::json::Object noteObject{{"message", valid(note.message)}};
      addPlace(noteObject, sources, note.span);
      notes.push_back(std::move(noteObject));
    }
    object["notes"] = std::move(notes);
    messages.push_back(std::move(object));
  }
  return messages;
}

std::string renderJson(const SourceManager &sources, const Diagnostics &diagnostics) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (const llvm::json::Value &message : jsonOf(sources, diagnostics))
    stream << message << "\n";
  return text;
}

} // namespace ravine

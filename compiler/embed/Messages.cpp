// Diagnostics as a program that embeds the compiler sees them.
#include "compiler/embed/Messages.h"

#include "compiler/diagnostics/ByPlace.h"
#include "compiler/diagnostics/Render.h"

using namespace ravine;

static std::optional<Place> placeOf(const SourceManager &sources, SourceSpan span) {
  if (span.isNowhere())
    return std::nullopt;
  LineColumn begin = sources.position(span.file, span.begin);
  LineColumn end = sources.position(span.file, span.end);
  return Place{std::string(sources.name(span.file)), begin.line, begin.column, end.line, end.column};
}

std::vector<Message> ravine::messagesOf(const SourceManager &sources, const Diagnostics &diagnostics) {
  std::vector<Message> messages;
  for (const Diagnostic *diagnostic : byPlace(diagnostics)) {
    Message &message = messages.emplace_back();
    message.isError = diagnostic->severity() == Severity::Error;
    message.code = spelling(diagnostic->code);
    message.text = diagnostic->message;
    message.label = diagnostic->label;
    message.hint = diagnostic->hint;
    message.place = placeOf(sources, diagnostic->span);
    for (const Note &note : diagnostic->notes)
      message.remarks.push_back({note.message, placeOf(sources, note.span)});
    message.rendered = render(sources, *diagnostic);
  }
  return messages;
}

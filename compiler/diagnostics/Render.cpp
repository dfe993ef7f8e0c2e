// Draws the user's own line with carets under the span.
#include "compiler/diagnostics/Render.h"

#include "compiler/diagnostics/ByPlace.h"
#include "compiler/diagnostics/Utf8.h"

#include <algorithm>
#include <cstddef>

namespace ravine {

namespace {

constexpr size_t tabWidth = 4;
/// A longer line is cut to the part around the caret.
constexpr size_t widestLine = 160;
constexpr size_t contextBeforeCaret = 60;

/// Wraps text in the terminal's escape codes, or does nothing.
class Painter {
public:
  explicit Painter(Colour colour) : isOn(colour == Colour::On) {}

  [[nodiscard]] std::string red(std::string_view text) const { return paint("1;31", text); }
  [[nodiscard]] std::string yellow(std::string_view text) const { return paint("1;33", text); }
  [[nodiscard]] std::string blue(std::string_view text) const { return paint("1;34", text); }
  [[nodiscard]] std::string green(std::string_view text) const { return paint("1;32", text); }
  [[nodiscard]] std::string bold(std::string_view text) const { return paint("1", text); }

  [[nodiscard]] std::string bySeverity(Severity severity, std::string_view text) const {
    return severity == Severity::Error ? red(text) : yellow(text);
  }

private:
  [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const {
    if (!isOn)
      return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  bool isOn;
};

/// A line as it is shown, cell by cell: a tab is several cells, what a terminal cannot show is U+FFFD.
struct ShownLine {
  std::vector<std::string> cells;
  size_t caretBegin = 0;
  size_t caretEnd = 0;
};

ShownLine layOut(std::string_view line, size_t spanBegin, size_t spanEnd) {
  ShownLine shown;
  size_t at = 0;
  while (at < line.size()) {
    if (at <= spanBegin)
      shown.caretBegin = shown.cells.size();
    Utf8Character character = decodeUtf8(line.substr(at));
    bool isControl = character.value < 0x20 || (character.value >= 0x7F && character.value < 0xA0);
    if (character.value == '\t')
      shown.cells.insert(shown.cells.end(), tabWidth, " ");
    else if (!character.isValid || isControl)
      shown.cells.push_back("\uFFFD");
    else
      shown.cells.emplace_back(line.substr(at, character.length));
    at += character.length;
    if (at <= spanEnd)
      shown.caretEnd = shown.cells.size();
  }
  if (spanBegin >= line.size())
    shown.caretBegin = shown.cells.size();
  shown.caretEnd = std::max(shown.caretEnd, shown.caretBegin + 1);
  return shown;
}

/// Cuts a very long line to what surrounds the caret.
void cut(ShownLine &shown) {
  if (shown.cells.size() <= widestLine)
    return;
  size_t first = shown.caretBegin > contextBeforeCaret ? shown.caretBegin - contextBeforeCaret : 0;
  size_t last = std::min(shown.cells.size(), first + widestLine);
  if (last < shown.cells.size()) {
    shown.cells.resize(last);
    shown.cells.push_back("…");
  }
  shown.caretEnd = std::min(shown.caretEnd, last + 1) - first;
  shown.caretBegin -= first;
  if (first > 0) {
    shown.cells.erase(shown.cells.begin(), shown.cells.begin() + static_cast<std::ptrdiff_t>(first));
    shown.cells.insert(shown.cells.begin(), "…");
    ++shown.caretBegin;
    ++shown.caretEnd;
  }
}

std::string join(const std::vector<std::string> &cells) {
  std::string line;
  for (const std::string &cell : cells)
    line += cell;
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// The place of a span and the line it begins in, with carets as far as the span goes in that line.
std::string excerpt(const SourceManager &sources, SourceSpan span, std::string_view label, const Painter &paint,
                    size_t gutterWidth, Severity severity) {
  LineColumn begin = sources.position(span.file, span.begin);
  std::string_view line = sources.line(span.file, begin.line);
  auto lineOffset = static_cast<size_t>(line.data() - sources.text(span.file).data());
  ShownLine shown = layOut(line, span.begin - lineOffset, span.end - lineOffset);
  cut(shown);

  std::string number = std::to_string(begin.line);
  std::string gutter(gutterWidth, ' ');
  std::string text = gutter + paint.blue("--> ") + std::string(sources.name(span.file)) + ":" + number + ":" +
                     std::to_string(begin.column) + "\n";
  text += gutter + paint.blue(" |") + "\n";
  text += paint.blue(std::string(gutterWidth - number.size(), ' ') + number + " |");
  std::string source = join(shown.cells);
  text += (source.empty() ? "" : " " + source) + "\n";
  std::string carets(shown.caretEnd - shown.caretBegin, '^');
  if (!label.empty())
    carets += " " + std::string(label);
  text +=
      gutter + paint.blue(" |") + " " + std::string(shown.caretBegin, ' ') + paint.bySeverity(severity, carets) + "\n";
  return text;
}

size_t lineDigits(const SourceManager &sources, SourceSpan span) {
  if (span.isNowhere())
    return 0;
  return std::to_string(sources.position(span.file, span.begin).line).size();
}

std::string counted(size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

} // namespace

std::string render(const SourceManager &sources, const Diagnostic &diagnostic, Colour colour) {
  Painter paint(colour);
  Severity severity = diagnostic.severity();
  size_t gutterWidth = lineDigits(sources, diagnostic.span);
  for (const Note &note : diagnostic.notes)
    gutterWidth = std::max(gutterWidth, lineDigits(sources, note.span));

  std::string heading = severity == Severity::Error ? "error" : "warning";
  heading += "[" + std::string(spelling(diagnostic.code)) + "]";
  std::string text = paint.bySeverity(severity, heading) + paint.bold(": " + diagnostic.message) + "\n";
  if (!diagnostic.span.isNowhere())
    text += excerpt(sources, diagnostic.span, diagnostic.label, paint, gutterWidth, severity);
  for (const Note &note : diagnostic.notes) {
    text += paint.blue("note") + ": " + note.message + "\n";
    text += excerpt(sources, note.span, "", paint, gutterWidth, severity);
  }
  if (!diagnostic.hint.empty())
    text += paint.green("hint") + ": " + diagnostic.hint + "\n";
  return text;
}

std::string render(const SourceManager &sources, const Diagnostics &diagnostics, Colour colour) {
  if (diagnostics.all().empty())
    return "";
  std::string text;
  size_t errorsShown = 0;
  for (const Diagnostic *diagnostic : byPlace(diagnostics)) {
    text += render(sources, *diagnostic, colour) + "\n";
    errorsShown += diagnostic->severity() == Severity::Error ? 1 : 0;
  }
  size_t errors = diagnostics.errors();
  size_t warnings = diagnostics.all().size() - errorsShown;
  if (errors > 0)
    text += counted(errors, "error");
  if (errors > errorsShown)
    text += " (the first " + std::to_string(errorsShown) + " are shown)";
  if (warnings > 0)
    text += (errors > 0 ? ", " : "") + counted(warnings, "warning");
  return text + "\n";
}

} // namespace ravine

// From bytes to lines and columns.
#include "compiler/diagnostics/SourceManager.h"

#include "compiler/diagnostics/Utf8.h"

#include <algorithm>

namespace ravine {

uint32_t SourceManager::add(std::string name, std::string text) {
  File &file = files.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  file.lineStarts.push_back(0);
  for (uint32_t at = 0; at < file.text.size(); ++at)
    if (file.text[at] == '\n')
      file.lineStarts.push_back(at + 1);
  return static_cast<uint32_t>(files.size() - 1);
}

std::string_view SourceManager::text(SourceSpan span) const {
  return text(span.file).substr(span.begin, span.end - span.begin);
}

LineColumn SourceManager::position(uint32_t file, uint32_t offset) const {
  const std::vector<uint32_t> &starts = files[file].lineStarts;
  auto next = std::upper_bound(starts.begin(), starts.end(), offset);
  auto line = static_cast<uint32_t>(next - starts.begin());
  uint32_t start = starts[line - 1];
  uint32_t column = 1;
  for (std::string_view rest = text(file).substr(start, offset - start); !rest.empty(); ++column)
    rest.remove_prefix(decodeUtf8(rest).length);
  return {line, column};
}

std::string_view SourceManager::line(uint32_t file, uint32_t line) const {
  const std::vector<uint32_t> &starts = files[file].lineStarts;
  uint32_t begin = starts[line - 1];
  size_t end = line < starts.size() ? starts[line] - 1 : files[file].text.size();
  std::string_view text = this->text(file).substr(begin, end - begin);
  if (text.ends_with('\r'))
    text.remove_suffix(1);
  return text;
}

} // namespace ravine

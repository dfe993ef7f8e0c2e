// Which declaration a `///` comment belongs to.
#include "compiler/frontend/Parser.h"

namespace ravine {

Parser::Documentation Parser::takeDocumentation() {
  // Only what stands directly above the token is its documentation; anything before belongs to nothing.
  uint32_t first = position > 0 ? previous().docsBefore : 0;
  while (first < peek().docsBefore && docs[first].isTrailing)
    ++first;
  warnOfDocumentation(first);

  constexpr std::string_view citation = "@cite";
  Documentation result;
  auto append = [](std::string &text, std::string_view more, std::string_view separator) {
    if (!text.empty())
      text += separator;
    text += more;
  };
  for (; nextDoc < peek().docsBefore; ++nextDoc) {
    std::string_view line = docs[nextDoc].text;
    size_t cite = line.find(citation);
    std::string_view source = cite == std::string_view::npos ? "" : line.substr(cite + citation.size());
    line = line.substr(0, cite);
    if (!source.empty())
      append(result.citation, source.substr(std::min(source.find_first_not_of(" "), source.size())), "; ");
    while (line.ends_with(' '))
      line.remove_suffix(1);
    if (!line.empty() || cite == std::string_view::npos)
      append(result.text, line, "\n");
  }
  return result;
}

void Parser::dropDocumentation() {
  warnOfDocumentation(peek().docsBefore);
}

void Parser::warnOfDocumentation(uint32_t end) {
  if (nextDoc >= end)
    return;
  complain(Code::W0106, docs[nextDoc].span, "this documentation belongs to no declaration", "",
           "put it above an optimizer, a hyper or a state, or write `//` for a comment");
  nextDoc = end;
}

} // namespace ravine

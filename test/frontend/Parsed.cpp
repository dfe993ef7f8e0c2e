// Runs the parser on a text and prints its tree.
#include "test/frontend/Parsed.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/PrintAST.h"

namespace ravine::test {

Parsed::Parsed(std::string program) {
  uint32_t file = sources.add("file.rvn", std::move(program));
  module = parse(sources, file, diagnostics);
}

std::string Parsed::codes() const {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics.all())
    text += (text.empty() ? "" : " ") + std::string(spelling(diagnostic.code));
  return text;
}

std::string Parsed::tree() const {
  if (!diagnostics.all().empty())
    return render(sources, diagnostics);
  std::string text = printAst(module), result;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    size_t type = line.find(" : real[model]");
    bool isHyper = line.find("hyper ") != std::string::npos;
    result += (isHyper ? line : line.substr(0, type)) + "\n";
    at = end + 1;
  }
  return result;
}

std::string treeOf(std::string program) {
  return Parsed(std::move(program)).tree();
}

std::string codesOf(std::string program) {
  return Parsed(std::move(program)).codes();
}

} // namespace ravine::test

// Assembly, cleared of what is for the assembler only, with the line of the source that each instruction comes from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ravine::explanation {

struct Instruction {
  std::string text;
  /// From 1; 0 where the compiler no longer knows, for instance where it merged instructions of several lines.
  unsigned line = 0;
  bool isLabel = false;
};

/// One function, from its label to its end.
struct AssemblyFunction {
  std::string name;
  std::vector<Instruction> instructions;
};

/// Reads assembly in GNU syntax whose `.loc` directives say where instructions come from.
[[nodiscard]] std::vector<AssemblyFunction> readAssembly(std::string_view text);

} // namespace ravine::explanation

// Assembly as a listing.
#include "compiler/explanation/AssemblyListing.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace ravine::explanation {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view line) {
  size_t first = line.find_first_not_of(blanks);
  return first == std::string_view::npos ? "" : line.substr(first, line.find_last_not_of(blanks) + 1 - first);
}

/// The next word of `rest`, which is then behind it.
std::string_view takeWord(std::string_view &rest) {
  rest = trimmed(rest);
  size_t end = std::min(rest.find_first_of(blanks), rest.size());
  std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

class AssemblyReader {
public:
  std::vector<AssemblyFunction> read(std::string_view text) {
    while (!text.empty()) {
      size_t end = std::min(text.find('\n'), text.size());
      take(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    for (AssemblyFunction &function : functions)
      dropUnusedLabels(function);
    return std::move(functions);
  }

private:
  void take(std::string_view whole) {
    std::string_view content = trimmed(whole.substr(0, whole.find('#')));
    if (content.empty())
      return;
    std::string_view rest = content;
    std::string_view word = takeWord(rest);
    if (word == ".type" && rest.find("@function") != std::string_view::npos)
      expected = trimmed(rest).substr(0, trimmed(rest).find(','));
    else if (word == ".loc")
      readLocation(rest);
    else if (word == ".size" || word == ".section")
      isInside = false;
    else if (content.ends_with(':'))
      takeLabel(content.substr(0, content.size() - 1));
    else if (word.front() != '.' && isInside)
      addInstruction(word, trimmed(rest));
  }

  void takeLabel(std::string_view name) {
    if (name == expected) {
      functions.push_back({std::string(name), {}});
      isInside = true;
      line = 0;
    } else if (isInside) {
      functions.back().instructions.push_back({std::string(name) + ":", 0, /*isLabel=*/true});
    }
  }

  /// `.loc file line column …`
  void readLocation(std::string_view rest) {
    takeWord(rest);
    std::string_view digits = takeWord(rest);
    std::from_chars(digits.data(), digits.data() + digits.size(), line);
  }

  void addInstruction(std::string_view mnemonic, std::string_view operands) {
    std::string text(mnemonic);
    if (!operands.empty())
      text += std::string(mnemonic.size() < 14 ? 14 - mnemonic.size() : 1, ' ') + std::string(operands);
    functions.back().instructions.push_back({std::move(text), line, /*isLabel=*/false});
  }

  /// Many labels only mark places for directives that are left out.
  static void dropUnusedLabels(AssemblyFunction &function) {
    auto isUsed = [&](const Instruction &label) {
      std::string name = label.text.substr(0, label.text.size() - 1);
      return std::ranges::any_of(function.instructions, [&](const Instruction &other) {
        if (other.isLabel)
          return false;
        size_t at = other.text.find(name);
        size_t end = at + name.size();
        // .LBB0_1 is no use of it in .LBB0_12.
        return at != std::string::npos &&
               (end == other.text.size() || !std::isalnum(static_cast<unsigned char>(other.text[end])));
      });
    };
    std::vector<Instruction> kept;
    for (const Instruction &instruction : function.instructions)
      if (!instruction.isLabel || isUsed(instruction))
        kept.push_back(instruction);
    function.instructions = std::move(kept);
  }

  std::vector<AssemblyFunction> functions;
  std::string_view expected;
  bool isInside = false;
  unsigned line = 0;
};

} // namespace

std::vector<AssemblyFunction> readAssembly(std::string_view text) {
  return AssemblyReader().read(text);
}

} // namespace ravine::explanation

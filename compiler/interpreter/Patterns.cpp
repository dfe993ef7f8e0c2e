// Names of tensors and groups, and what they are compared with.
#include "compiler/interpreter/Patterns.h"

using namespace ravine;

/// The name after its first character.
static std::string_view withoutFirst(std::string_view name) {
  constexpr unsigned char mask = 0xC0, continuation = 0x80; // of the bytes of a character after the first
  do
    name.remove_prefix(1);
  while (!name.empty() && (static_cast<unsigned char>(name.front()) & mask) == continuation);
  return name;
}

bool ravine::isLike(std::string_view name, std::string_view pattern) {
  if (pattern.empty())
    return name.empty();
  std::string_view rest = pattern.substr(1);
  if (pattern.front() == '*')
    return isLike(name, rest) || (!name.empty() && isLike(withoutFirst(name), pattern));
  if (name.empty())
    return false;
  if (pattern.front() == '?')
    return isLike(withoutFirst(name), rest);
  return name.front() == pattern.front() && isLike(name.substr(1), rest);
}

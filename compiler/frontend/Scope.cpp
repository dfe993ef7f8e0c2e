// The names that one file knows.
#include "compiler/frontend/Program.h"

#include <algorithm>

namespace ravine {

void Scope::add(const std::string &name, Entry entry) {
  std::vector<Entry> &known = entries[name];
  bool isHidden = entry.import && !known.empty() && !known.front().import;
  bool isKnown = std::ranges::any_of(known, [&](const Entry &other) { return other.definition == entry.definition; });
  if (!isHidden && !isKnown)
    known.push_back(entry);
}

std::span<const Scope::Entry> Scope::find(const std::string &name) const {
  auto place = entries.find(name);
  if (place == entries.end())
    return {};
  for (const Entry &entry : place->second)
    if (entry.import)
      usedNames[entry.import].insert(name);
  return place->second;
}

bool Scope::isUsed(const ast::Import &import, const std::string &name) const {
  auto place = usedNames.find(&import);
  return place != usedNames.end() && place->second.contains(name);
}

std::vector<std::string_view> Scope::names() const {
  std::vector<std::string_view> result;
  for (const auto &[name, known] : entries)
    result.push_back(name);
  return result;
}

} // namespace ravine

// What to write in the place of a name that nobody knows.
#include "compiler/frontend/NameHints.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/MemberWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/StandardModules.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <vector>

namespace ravine {

std::string importOf(std::string_view name) {
  for (const StandardModule &module : standardModules()) {
    size_t slash = module.path.rfind('/');
    if (slash == std::string_view::npos || module.path.substr(slash + 1) != name)
      continue;
    std::string folder(module.path.substr(0, slash));
    std::ranges::replace(folder, '/', '.');
    return quote("import std." + folder + ": " + std::string(name));
  }
  return "";
}

std::string functionHint(std::string_view name) {
  if (std::string import = importOf(name); !import.empty())
    return import;
  if (std::string_view replacement = replacementOfFunction(name); !replacement.empty())
    return "write " + std::string(replacement);
  if (const MemberWord *member = findMemberWord(name))
    return std::string(member->isOfSet ? "a set is asked for it: `S." : "a penalty is asked for it: `P.") +
           std::string(name) + std::string(member->arguments) + "`";
  std::vector<std::string_view> candidates;
  for (const FunctionInfo &info : functions())
    candidates.push_back(info.name);
  for (const ReductionInfo &info : reductions())
    candidates.push_back(info.name);
  std::optional<std::string_view> meant = suggest(name, candidates);
  return meant ? "did you mean " + quote(*meant) + "?" : "";
}

} // namespace ravine

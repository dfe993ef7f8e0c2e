// The table of what penalties and sets offer.
#include "compiler/frontend/MemberWords.h"

#include "compiler/diagnostics/Suggest.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ravine {

namespace {

constexpr std::array words = {
    MemberWord{"prox", "(v, tau)", false},
    MemberWord{"value", "(v)", false},
    MemberWord{"grad", "(v)", false},
    MemberWord{"project", "(v)", true},
    MemberWord{"contains", "(v, tolerance)", true},
};

struct Synonym {
  std::string_view word;
  std::string_view name;
};

constexpr std::array synonyms = {
    Synonym{"gradient", "grad"},
    Synonym{"proximal", "prox"},
    Synonym{"projection", "project"},
    Synonym{"proj", "project"},
};

} // namespace

std::span<const MemberWord> memberWords() {
  return words;
}

const MemberWord *findMemberWord(std::string_view name) {
  const auto *found = std::ranges::find(words, name, &MemberWord::name);
  return found == words.end() ? nullptr : found;
}

const MemberWord *meantMember(std::string_view word) {
  if (const auto *synonym = std::ranges::find(synonyms, word, &Synonym::word); synonym != synonyms.end())
    return findMemberWord(synonym->name);
  std::vector<std::string_view> candidates;
  std::ranges::transform(words, std::back_inserter(candidates), &MemberWord::name);
  std::optional<std::string_view> meant = suggest(word, candidates);
  return meant ? findMemberWord(*meant) : nullptr;
}

} // namespace ravine

// The words for what penalties and sets offer: `P.prox(v, tau)`.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ravine {

struct MemberWord {
  std::string_view name;
  /// What it is asked with: "(v, tau)".
  std::string_view arguments;
  bool isOfSet;
};

[[nodiscard]] std::span<const MemberWord> memberWords();
/// Null if there is none of that name.
[[nodiscard]] const MemberWord *findMemberWord(std::string_view name);
/// The one that is meant by a word much like it or by its full name, such as `proximal`; null if there is none.
[[nodiscard]] const MemberWord *meantMember(std::string_view word);

} // namespace ravine

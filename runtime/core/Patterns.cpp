// Patterns with wildcards, without recursion.
#include "runtime/core/Patterns.h"

#include "runtime/core/Safetensors.h"

#include <algorithm>
#include <cstring>

namespace ravine::core {

namespace {

/// The rest of a text, character by character.
class Characters {
public:
  explicit Characters(const char *text) : rest_(text, std::strlen(text)) {}

  [[nodiscard]] bool areAtEnd() const { return rest_.empty(); }
  [[nodiscard]] bool startWith(char character) const { return !rest_.empty() && rest_[0] == character; }
  [[nodiscard]] bool startAlike(const Characters &other) const {
    std::span<const char> mine = rest_.first(length()), theirs = other.rest_.first(other.length());
    return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end());
  }
  void advance() { rest_ = rest_.subspan(length()); }

private:
  [[nodiscard]] size_t length() const { return rest_.empty() ? 0 : std::max<size_t>(1, characterLength(rest_)); }

  std::span<const char> rest_;
};

} // namespace

bool isLike(const char *name, const char *pattern) {
  Characters text(name), wanted(pattern);
  // Where to go on when something does not fit: behind the last star, which then stands for one character more. Stars
  // before that one have no need to change, for what they left to it only gets shorter.
  Characters starText(""), behindStar("");
  bool hasStar = false;
  while (!text.areAtEnd()) {
    if (wanted.startWith('*')) {
      wanted.advance();
      starText = text;
      behindStar = wanted;
      hasStar = true;
    } else if (!wanted.areAtEnd() && (wanted.startWith('?') || wanted.startAlike(text))) {
      wanted.advance();
      text.advance();
    } else if (hasStar) {
      starText.advance();
      text = starText;
      wanted = behindStar;
    } else {
      return false;
    }
  }
  while (wanted.startWith('*'))
    wanted.advance();
  return wanted.areAtEnd();
}

} // namespace ravine::core

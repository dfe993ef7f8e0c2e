// Edit distance with swaps of neighbours, in its "optimal string alignment" form.
#include "compiler/diagnostics/Suggest.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace ravine {

namespace {

/// No name that somebody mistypes is longer; keeps the quadratic work bounded.
constexpr size_t longestWord = 64;

size_t editDistance(std::string_view left, std::string_view right) {
  size_t width = right.size() + 1;
  std::vector<size_t> beforeLast(width), last(width), current(width);
  for (size_t j = 0; j < width; ++j)
    last[j] = j;
  for (size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (size_t j = 1; j < width; ++j) {
      size_t replacement = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({replacement, last[j] + 1, current[j - 1] + 1});
      bool isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (isSwap)
        current[j] = std::min(current[j], beforeLast[j - 2] + 1);
    }
    std::swap(beforeLast, last);
    std::swap(last, current);
  }
  return last[right.size()];
}

bool isSameButForCase(std::string_view left, std::string_view right) {
  auto lower = [](unsigned char letter) { return std::tolower(letter); };
  return std::ranges::equal(left, right, {}, lower, lower);
}

} // namespace

std::optional<std::string_view> suggest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > longestWord)
    return std::nullopt;
  for (std::string_view candidate : candidates)
    if (candidate != word && isSameButForCase(candidate, word))
      return candidate;
  std::optional<std::string_view> best;
  size_t bestDistance = std::max<size_t>(1, word.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    // One letter is like every other letter.
    if (candidate.size() > longestWord || candidate == word || (word.size() == 1 && candidate.size() == 1))
      continue;
    size_t distance = editDistance(word, candidate);
    if (distance < bestDistance && distance < candidate.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

} // namespace ravine

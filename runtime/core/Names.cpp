// Finding names, and the distance between two of them.
#include "runtime/core/Names.h"

#include <algorithm>
#include <cstring>

namespace ravine::core {

namespace {

constexpr size_t longestCompared = 63;

/// How many letters have to be inserted, left out, replaced or swapped with their neighbour to turn one name into the
/// other (optimal string alignment distance). Both have at most `longestCompared` bytes.
size_t editDistance(const char *from, size_t fromLength, const char *to, size_t toLength) {
  size_t rows[3][longestCompared + 1];
  size_t *beforeLast = rows[0], *last = rows[1], *current = rows[2];
  for (size_t j = 0; j <= toLength; ++j)
    last[j] = j;
  for (size_t i = 1; i <= fromLength; ++i) {
    current[0] = i;
    for (size_t j = 1; j <= toLength; ++j) {
      bool differ = from[i - 1] != to[j - 1];
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + differ});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        current[j] = std::min(current[j], beforeLast[j - 2] + 1);
    }
    size_t *oldest = beforeLast;
    beforeLast = last;
    last = current;
    current = oldest;
  }
  return last[toLength];
}

/// The name that differs in at most a third of its letters, and by the least; null where there is none.
const char *nearestName(const char *name, const NameList &names) {
  size_t length = std::strlen(name);
  const char *nearest = nullptr;
  size_t least = longestCompared;
  for (size_t i = 0; i < names.count(); ++i) {
    size_t candidateLength = std::strlen(names[i]);
    if (length > longestCompared || candidateLength > longestCompared)
      continue;
    size_t distance = editDistance(name, length, names[i], candidateLength);
    if (distance <= std::max<size_t>(1, std::max(length, candidateLength) / 3) && distance < least) {
      nearest = names[i];
      least = distance;
    }
  }
  return nearest;
}

} // namespace

const char *NameList::operator[](size_t index) const {
  const char *name;
  std::memcpy(&name, first_ + index * stride_, sizeof name);
  return name;
}

size_t NameList::find(const char *name) const {
  size_t index = 0;
  while (index < count_ && std::strcmp((*this)[index], name) != 0)
    ++index;
  return index;
}

Sentence &operator<<(Sentence &sentence, const NameList &names) {
  for (size_t i = 0; i < names.count(); ++i)
    sentence << (i == 0 ? "" : ", ") << names[i];
  return sentence;
}

Sentence unknownName(const char *owner, const char *kind, const char *name, const NameList &names) {
  Sentence sentence;
  sentence << owner << " has no " << kind << " " << Quoted{name};
  if (const char *nearest = nearestName(name, names))
    sentence << "; did you mean " << Quoted{nearest} << "?";
  else if (names.count() > 0)
    sentence << "; it has " << names;
  return sentence;
}

} // namespace ravine::core

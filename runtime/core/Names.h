// Looking things up by name, and the nearest name where there is none.
#pragma once

#include "runtime/core/Sentence.h"

namespace ravine::core {

/// The names of the entries of an array, where they stand.
class NameList {
public:
  /// Strings, one after another.
  NameList(const char *const *names, size_t count) : NameList(names, sizeof *names, count) {}

  /// The names of `count` structs that have a field `name`.
  template <typename Described> [[nodiscard]] static NameList of(const Described *entries, size_t count) {
    return count == 0 ? NameList(nullptr, 0) : NameList(&entries->name, sizeof(Described), count);
  }

  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] const char *operator[](size_t index) const;

  /// The index of the entry with that name, or count().
  [[nodiscard]] size_t find(const char *name) const;

private:
  NameList(const void *first, size_t stride, size_t count)
      : first_(static_cast<const char *>(first)), stride_(stride), count_(count) {}

  const char *first_;
  size_t stride_;
  size_t count_;
};

/// Appends the names, separated by commas.
Sentence &operator<<(Sentence &sentence, const NameList &names);

/// `OWNER has no KIND "NAME"`, and then the name that was probably meant or all there are.
[[nodiscard]] Sentence unknownName(const char *owner, const char *kind, const char *name, const NameList &names);

} // namespace ravine::core

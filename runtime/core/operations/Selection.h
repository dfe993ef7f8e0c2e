// Finding the element of a given rank without sorting.
#pragma once

#include "runtime/core/operations/Elements.h"

namespace ravine::core::operations {

/// Where an element stands among all, in the order of their keys.
struct Selection {
  /// Elements that are less, and that are equal, to the one selected.
  int64_t below, equal;
  uint64_t key;
  /// The element, as a number.
  double value;
  bool hasNaN;
};

/// The element that has `rank` others before it when all are sorted from below; 0 ≤ rank < elements.count(). A NaN
/// comes before all numbers, −0 counts as 0.
///
/// Radix selection: numbers are mapped to integers of the same order, whose digits are fixed one by one, from the
/// highest down, by counting how often each digit occurs among those that have the higher digits right (Alabi,
/// Blanchard, Gordon & Steinbach, *Fast k-selection algorithms for graphics processing units*, ACM JEA 17, 2012). Takes
/// three passes over floats and six over doubles, whatever they are.
[[nodiscard]] Selection select(const Elements &elements, int64_t rank, Crew &crew);

/// The least element that is greater than the selected one, which is not the last.
[[nodiscard]] double nextAfter(const Elements &elements, const Selection &selected, Crew &crew);

/// Replaces the k greatest elements by 1 and the others by 0; of equal ones those that come first count as greater.
/// 0 ≤ k ≤ elements.count(). A NaN is less than all numbers.
void markLargest(const Elements &elements, int64_t k, Crew &crew);

} // namespace ravine::core::operations

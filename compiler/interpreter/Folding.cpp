// Folding numbers to one: the definition of `ravine.reduce` in C++.
#include "compiler/interpreter/Folding.h"

#include "compiler/interpreter/Elementary.h"

#include <cmath>
#include <limits>

using namespace ravine;

static double foldOfNothing(ir::ReductionKind kind) {
  switch (kind) {
  case ir::ReductionKind::Sum:
    return 0;
  case ir::ReductionKind::Max:
    return -std::numeric_limits<double>::infinity();
  case ir::ReductionKind::Min:
    return std::numeric_limits<double>::infinity();
  }
  llvm_unreachable("every kind is listed");
}

Folding::Folding(ir::ReductionKind kind) : kind(kind), folded(foldOfNothing(kind)) {}

void Folding::add(std::span<const double> numbers) {
  for (double number : numbers)
    switch (kind) {
    case ir::ReductionKind::Sum:
      addToSum(number);
      break;
    case ir::ReductionKind::Max:
      folded = maximum(folded, number);
      break;
    case ir::ReductionKind::Min:
      folded = minimum(folded, number);
      break;
    }
}

void Folding::addToSum(double number) {
  double sum = folded + number;
  carried += std::abs(folded) >= std::abs(number) ? (folded - sum) + number : (number - sum) + folded;
  folded = sum;
}

double Folding::result() const {
  // An infinity among the numbers makes what is carried NaN; the plain sum is right then.
  return kind == ir::ReductionKind::Sum && std::isfinite(folded) ? folded + carried : folded;
}

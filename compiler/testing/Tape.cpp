// Recording values, and walking the recording backwards.
#include "compiler/testing/Tape.h"

namespace ravine::testing {

Tape::Index Tape::add(Entry entry) {
  entries.push_back(std::move(entry));
  return entries.size() - 1;
}

Tape::Index Tape::record(Array value) {
  return add({std::move(value)});
}

Tape::Index Tape::map(std::span<const Index> operands, bool isTruth, const Elementwise &function) {
  Entry entry{{}, Kind::Map};
  for (Index operand : operands) {
    entry.operands.push_back({operand, {}});
    if (!entries[operand].value.isScalar())
      entry.value = Array::filled(entries[operand].value.shape, 0);
  }
  entry.value.isTruth = isTruth;
  std::vector<double> arguments(operands.size());
  for (size_t i = 0; i < entry.value.numbers.size(); ++i) {
    for (size_t k = 0; k < operands.size(); ++k)
      arguments[k] = entries[operands[k]].value.at(i);
    Local local = function(arguments);
    entry.value.numbers[i] = local.value;
    for (size_t k = 0; k < operands.size(); ++k)
      entry.operands[k].slopes.push_back(local.slopes.empty() ? 0 : local.slopes[k]);
  }
  return add(std::move(entry));
}

Tape::Index Tape::fold(Index operand, bool isTruth, const Elementwise &function) {
  const Array &folded = entries[operand].value;
  Local local = function(folded.numbers);
  if (local.slopes.empty())
    local.slopes.assign(folded.numbers.size(), 0);
  Array value = isTruth ? Array::truth(local.value != 0) : Array::of(local.value);
  return add({std::move(value), Kind::Fold, {{operand, std::move(local.slopes)}}});
}

Tape::Index Tape::stack(std::span<const Index> operands) {
  Entry entry{{{static_cast<int64_t>(operands.size())}, {}}, Kind::Stack};
  for (Index operand : operands) {
    const Array &item = entries[operand].value;
    if (entry.operands.empty())
      entry.value.shape.insert(entry.value.shape.end(), item.shape.begin(), item.shape.end());
    entry.value.isTruth |= item.isTruth;
    entry.operands.push_back({operand, {}, entry.value.numbers.size()});
    entry.value.numbers.insert(entry.value.numbers.end(), item.numbers.begin(), item.numbers.end());
  }
  return add(std::move(entry));
}

std::vector<Array> Tape::derivatives(Index result) const {
  std::vector<Array> derivatives;
  for (Index i = 0; i <= result; ++i)
    derivatives.push_back(Array::filled(entries[i].value.shape, 0));
  derivatives[result].numbers.front() = 1;
  for (Index at = result + 1; at-- > 0;) {
    const std::vector<double> &outer = derivatives[at].numbers;
    for (const Operand &operand : entries[at].operands) {
      Array &inner = derivatives[operand.index];
      bool isFold = entries[at].kind == Kind::Fold;
      size_t count = isFold || entries[at].kind == Kind::Stack ? inner.numbers.size() : outer.size();
      for (size_t i = 0; i < count; ++i) {
        double factor = outer[isFold ? 0 : operand.offset + i];
        double slope = operand.slopes.empty() ? 1 : operand.slopes[i];
        // What has no influence adds nothing, however steep it is: 0·∞ is no derivative.
        if (factor != 0 && slope != 0)
          inner.numbers[inner.isScalar() ? 0 : i] += factor * slope;
      }
    }
  }
  return derivatives;
}

} // namespace ravine::testing

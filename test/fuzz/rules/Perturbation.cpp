// Moving the last digits of functions and sums.
#include "test/fuzz/rules/Perturbation.h"

#include "compiler/interpreter/Elementary.h"
#include "compiler/interpreter/Layout.h"

#include <bit>
#include <cfloat>
#include <cmath>

using namespace mlir;

namespace ravine::fuzz {

namespace {

/// Functions of elements are rounded from something within a thousandth of a unit in the last place.
constexpr double relativeOfElements = 1.3e-10, absoluteOfElements = 1.5e-48;
/// Those of elements in f64 are within two units in the last place, and so is what the interpreter takes.
constexpr double relativeOfWide = 4 * DBL_EPSILON;
/// Functions of scalars are those of the C library, which may be another one.
constexpr double relativeOfScalars = 4 * DBL_EPSILON;
/// Additions that a number takes part in, one after another, within a chunk and after it.
constexpr double longestSum = 2048, deepestTree = 64;

bool isElementary(Operation &op) {
  return isa<ir::ExpOp, ir::Expm1Op, ir::LogOp, ir::Log1pOp, ir::SinOp, ir::CosOp, ir::TanOp, ir::AsinOp, ir::AcosOp,
             ir::AtanOp, ir::SinhOp, ir::CoshOp, ir::TanhOp, ir::ErfOp, ir::PowOp>(op);
}

class Perturbation {
public:
  Perturbation(Direction direction, uint64_t seed) : direction(direction), seed(seed) {}

  void operator()(Operation &op, ArrayRef<Participant> participants, ArrayRef<const Rows *> operands,
                  Rows &result) const {
    auto type = cast<ir::FieldType>(op.getResult(0).getType());
    if (auto reduction = dyn_cast<ir::ReduceOp>(op); reduction && reduction.getKind() == ir::ReductionKind::Sum)
      moveSums(reduction, participants, *operands.front(), result);
    else if (auto search = dyn_cast<ir::SearchOp>(op); search && search.getKind() == ir::SearchKind::SimplexThreshold)
      moveThresholds(search, participants, *operands.front(), result);
    else if (isElementary(op) && type.isScalar())
      move(result, relativeOfScalars);
    else if (isElementary(op) && type.getNumber().isF64())
      move(result, relativeOfWide);
    else if (isElementary(op))
      moveElements(op, operands, result);
  }

private:
  /// 1 or −1, the same for the same number.
  [[nodiscard]] double sign(double value) const {
    if (direction != Direction::ByHash)
      return direction == Direction::Up ? 1 : -1;
    uint64_t hash = (std::bit_cast<uint64_t>(value) + seed) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9u;
    return (hash >> 63) != 0 ? 1 : -1;
  }

  void move(Rows &result, double relative) const {
    for (std::vector<double> &row : result)
      for (double &value : row)
        value *= 1 + sign(value) * relative;
  }

  /// What a sum adds.
  struct Added {
    double magnitude = 0, count = 0;
    bool areWhole = true;

    void add(double number) {
      magnitude += std::abs(number);
      count += 1;
      areWhole &= number == std::floor(number);
    }

    [[nodiscard]] bool isSameInEveryOrder() const {
      return (areWhole && magnitude < 0x1p53) || !std::isfinite(magnitude);
    }
    [[nodiscard]] double error() const {
      return (std::min(count, longestSum) + deepestTree) * DBL_EPSILON / 2 * magnitude;
    }
  };

  void moveSums(ir::ReduceOp op, ArrayRef<Participant> participants, const Rows &folded, Rows &result) const {
    for (auto [row, added] : llvm::enumerate(gathered(op.getOperand().getType(), op.getType(), participants, folded,
                                                      [](size_t, size_t, double) { return true; })))
      for (auto [member, sum] : llvm::enumerate(result[row]))
        if (!added[member].isSameInEveryOrder())
          sum += sign(sum) * added[member].error();
  }

  /// θ is the mean of what is above it, less a share of the total, which is what is above it less as many θ.
  void moveThresholds(ir::SearchOp op, ArrayRef<Participant> participants, const Rows &searched, Rows &result) const {
    const Rows thresholds = result;
    for (auto [row, added] :
         llvm::enumerate(gathered(op.getOperand().getType(), op.getType(), participants, searched,
                                  [&](size_t row, size_t member, double x) { return x > thresholds[row][member]; })))
      for (auto [member, threshold] : llvm::enumerate(result[row]))
        if (added[member].count > 0 && std::isfinite(added[member].magnitude))
          threshold += sign(threshold) *
                       (2 * added[member].error() / added[member].count + 2 * DBL_EPSILON * std::abs(threshold));
  }

  /// What is gathered to each member of `to`.
  static std::vector<std::vector<Added>> gathered(ir::FieldType from, ir::FieldType to,
                                                  ArrayRef<Participant> participants, const Rows &operand,
                                                  llvm::function_ref<bool(size_t, size_t, double)> counts) {
    std::vector<std::vector<Added>> all;
    bool isOfModel = to.getSet() == IndexSet::Model;
    if (isOfModel)
      all.resize(1, std::vector<Added>(1));
    for (auto [row, numbers] : llvm::enumerate(operand)) {
      Layout layout(*participants[row].tensor);
      if (!isOfModel)
        all.emplace_back(layout.count(to.getSet()));
      for (auto [member, number] : llvm::enumerate(numbers)) {
        size_t target = isOfModel ? 0 : layout.enclosing(from.getSet(), member, to.getSet());
        if (counts(all.size() - 1, target, number))
          all.back()[target].add(number);
      }
    }
    return all;
  }

  void moveElements(Operation &op, ArrayRef<const Rows *> operands, Rows &result) const {
    bool isFlushed = !op.getParentOfType<ir::OptimizerOp>().getKeepsSubnormals();
    ElementFunction function = elementFunction<double>(op);
    for (size_t row = 0; row < result.size(); ++row)
      for (size_t i = 0; i < result[row].size(); ++i) {
        std::array<double, 3> element{};
        for (size_t operand = 0; operand < operands.size(); ++operand)
          element[operand] = flushed((*operands[operand])[row][i], isFlushed);
        double exact = function(element);
        double moved = exact + sign(exact) * (std::abs(exact) * relativeOfElements + absoluteOfElements);
        if (std::isfinite(exact) && exact != 0)
          result[row][i] = flushed(static_cast<float>(moved), isFlushed);
      }
  }

  static double flushed(double value, bool isWanted) {
    return isWanted && std::abs(value) < static_cast<double>(FLT_MIN) ? std::copysign(0, value) : value;
  }

  Direction direction;
  uint64_t seed;
};

} // namespace

Adjustment perturbation(Direction direction, uint64_t seed) {
  return Perturbation(direction, seed);
}

Adjustment plantedFault(std::string operation) {
  return [name = "ravine." + std::move(operation)](Operation &op, ArrayRef<Participant>, ArrayRef<const Rows *>,
                                                   Rows &result) {
    if (op.getName().getStringRef() == name)
      for (std::vector<double> &row : result)
        for (double &value : row)
          value = static_cast<float>(value * 1.001);
  };
}

} // namespace ravine::fuzz

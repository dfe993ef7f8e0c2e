// What a step costs in memory traffic.
#include "compiler/formation/Report.h"

#include "compiler/transforms/Specialize.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ravine;

static unsigned bytes(Type number) {
  return number.getIntOrFloatBitWidth() / 8;
}

static SweepTraffic measure(sweep::SweepOp sweep) {
  SweepTraffic traffic;
  for (sweep::BufferAttr buffer : sweep.getBufferAttrs()) {
    // A buffer that is only written is fetched into cache before it is written: it costs both ways as well.
    unsigned size = bytes(buffer.getNumber());
    traffic.buffers.push_back({buffer.getName().str(), size, buffer.getIsWritten() ? size : 0});
  }
  traffic.read = sweep.getReadBytes();
  traffic.written = sweep.getWrittenBytes();
  return traffic;
}

/// Counts on the rule itself, before and independently of any formation: what its live values read, and what it
/// changes.
static unsigned compulsoryBytes(ir::OptimizerOp rule) {
  llvm::StringSet<> read, written;
  unsigned size = 0;
  rule.getStep().walk([&](Operation *op) {
    if (op->getNumResults() == 1 && op->use_empty())
      return;
    if (isa<ir::ParameterOp, ir::GradientOp>(op)) {
      read.insert(isa<ir::ParameterOp>(op) ? "w" : "g");
      size = bytes(cast<ir::FieldType>(op->getResult(0).getType()).getNumber());
    } else if (auto current = dyn_cast<ir::CurrentOp>(op)) {
      // A state whose next value is its present one is not even read for that.
      if (!llvm::all_of(current->getUsers(), [&](Operation *user) {
            auto next = dyn_cast<ir::NextOp>(user);
            return next && next.getState() == current.getState();
          }))
        read.insert(("state " + current.getState()).str());
      size = bytes(cast<ir::FieldType>(current.getResult().getType()).getNumber());
    } else if (auto update = dyn_cast<ir::UpdateOp>(op)) {
      size = bytes(update.getValue().getType().getNumber());
      if (!update.getValue().getDefiningOp<ir::ParameterOp>())
        written.insert("w");
    } else if (auto next = dyn_cast<ir::NextOp>(op)) {
      auto source = next.getValue().getDefiningOp<ir::CurrentOp>();
      if (!source || source.getState() != next.getState())
        written.insert(("state " + next.getState()).str());
    }
  });
  for (const auto &buffer : written)
    read.insert(buffer.getKey()); // fetched before it is written
  return size * (read.size() + written.size());
}

std::vector<VariantTraffic> ravine::measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program) {
  Conditions conditions = collectConditions(rule);
  std::vector<std::string> texts(conditions.regions.size());
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
    if (int32_t condition = conditions.ofState[index]; condition != Conditions::Always && texts[condition].empty())
      texts[condition] = state.getConditionText().str();

  std::vector<VariantTraffic> variants(program.getVariantCount());
  for (uint32_t number = 0; number < variants.size(); ++number) {
    VariantTraffic &variant = variants[number];
    for (auto [condition, text] : llvm::enumerate(texts))
      variant.conditions.push_back({text, (number >> condition & 1u) != 0});
    for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
      if (sweep.getRole() == sweep::SweepRole::Step && sweep.getVariant() == number)
        variant.sweeps.push_back(measure(sweep));
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
      if (conditions.exists(index, number))
        variant.stateBytes += bytes(state.getFieldType().getNumber());
    for (const SweepTraffic &sweep : variant.sweeps)
      variant.bytesPerParameter += sweep.read + sweep.written;
    variant.bytesCached = variant.bytesPerParameter; // one sweep: nothing is met a second time
    variant.compulsory = compulsoryBytes(*specialize(rule, conditions, number));
    variant.lowerBound = variant.compulsory; // one epoch: its only schedule is the single sweep
  }
  return variants;
}

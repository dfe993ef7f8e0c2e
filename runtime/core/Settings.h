// The hyperparameters of every group: their values, what values they may have, and the variant of the plan they choose.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/HostStructs.h"
#include "runtime/core/Memory.h"

namespace ravine::core {

class Settings {
public:
  /// Starts every group from the defaults, applies what the host sets and fixes each group's variant.
  [[nodiscard]] ravine_status initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                         uint32_t groupCount, const HostStructs<ravine_setting> &settings,
                                         const Memory &memory, Error error);

  /// Applies all settings in order, or, on an error, none.
  [[nodiscard]] ravine_status configure(const HostStructs<ravine_setting> &settings, Error error);

  /// Reads one value.
  [[nodiscard]] ravine_status read(const char *name, uint32_t group, double &value, Error error) const;

  /// The values of a group, in the order of the description.
  [[nodiscard]] const double *ofGroup(uint32_t group) const {
    return values_.data() + group * description_->hyper_count;
  }
  [[nodiscard]] uint32_t variant(uint32_t group) const { return variants_[group]; }
  /// Another number after every change of a value.
  [[nodiscard]] uint64_t generation() const { return generation_; }

private:
  [[nodiscard]] ravine_status propose(const HostStructs<ravine_setting> &settings, Error error);
  [[nodiscard]] ravine_status proposeOne(const ravine_setting &setting, size_t index, Error error);
  [[nodiscard]] ravine_status checkRequirements(uint32_t group, Error error);
  [[nodiscard]] ravine_status checkVariant(uint32_t group, Error error) const;
  [[nodiscard]] uint32_t proposedVariant(uint32_t group) const;
  [[nodiscard]] double *proposed(uint32_t group) { return proposed_.data() + group * description_->hyper_count; }
  [[nodiscard]] const double *proposed(uint32_t group) const {
    return proposed_.data() + group * description_->hyper_count;
  }
  /// " in group 2", or nothing where there is one group.
  [[nodiscard]] Sentence inGroup(uint32_t group) const;

  const ravine_optimizer_info *description_ = nullptr;
  const ravine_plan_optimizer *plan_ = nullptr;
  uint32_t groupCount_ = 0;
  /// groupCount x hyper_count values: those in force, and those that are being checked.
  Array<double> values_;
  Array<double> proposed_;
  Array<double> fulfilled_;
  Array<uint32_t> variants_;
  uint64_t generation_ = 0;
};

} // namespace ravine::core

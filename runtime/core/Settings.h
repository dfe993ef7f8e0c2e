// The hyperparameters: their values, what values they may have, and the variants of the plan they choose.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/HostStructs.h"
#include "runtime/core/Memory.h"
#include "runtime/core/Variants.h"

namespace ravine::core {

/// A value per group, in which those of the model are the same for all, and a value per tensor.
class Settings {
public:
  /// Starts from the defaults, applies what the host sets and fixes each tensor's variant. `tensors` outlives the
  /// settings.
  [[nodiscard]] ravine_status initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                         uint32_t groupCount, const TensorTable &tensors,
                                         const HostStructs<ravine_setting> &settings, const Memory &memory,
                                         Error error);

  /// Applies all settings in order, or, on an error, none.
  [[nodiscard]] ravine_status configure(const HostStructs<ravine_setting> &settings, Error error);

  /// Reads the value of a hyper per group or of the model.
  [[nodiscard]] ravine_status read(const char *name, uint32_t group, double &value, Error error) const;
  /// Reads the value that any hyper has for one tensor.
  [[nodiscard]] ravine_status readForTensor(const char *name, size_t tensor, double &value, Error error) const;

  [[nodiscard]] uint32_t groupCount() const { return groupCount_; }
  /// The values of a group, in the order of the description. Those of hypers per tensor mean nothing.
  [[nodiscard]] const double *ofGroup(uint32_t group) const {
    return values_.data() + group * description_->hyper_count;
  }
  /// The value of a hyper per tensor.
  [[nodiscard]] double ofTensor(size_t tensor, size_t hyper) const {
    return tensorValues_[tensorPlaces_[hyper] + tensor];
  }
  /// Which variant of the plan the tensor is in.
  [[nodiscard]] uint32_t variant(size_t tensor) const { return variants_.ofTensor(tensor); }
  /// What the conditions come to for the model as such, which has no size and no rank.
  [[nodiscard]] uint32_t variantOfModel() const { return variants_.outcome({}, ofGroup(0)); }
  /// Another number after every change of a value.
  [[nodiscard]] uint64_t generation() const { return generation_; }

private:
  [[nodiscard]] ravine_status propose(const HostStructs<ravine_setting> &settings, Error error);
  [[nodiscard]] ravine_status proposeOne(const ravine_setting &setting, size_t index, Error error);
  [[nodiscard]] ravine_status proposePerTensor(const ravine_setting &setting, size_t hyper, double value, Error error);
  [[nodiscard]] ravine_status checkRequirements(uint32_t group, Error error);
  [[nodiscard]] ravine_status checkVariants(uint32_t group, Error error) const;
  void acceptProposal();
  [[nodiscard]] ravine_status findHyper(const char *name, size_t &hyper, Error error) const;
  [[nodiscard]] double *proposed(uint32_t group) { return proposed_.data() + group * description_->hyper_count; }
  [[nodiscard]] const double *proposed(uint32_t group) const {
    return proposed_.data() + group * description_->hyper_count;
  }
  /// " in group 2", or nothing where there is one group.
  [[nodiscard]] Sentence inGroup(uint32_t group) const;

  const ravine_optimizer_info *description_ = nullptr;
  const ravine_plan_optimizer *plan_ = nullptr;
  const TensorTable *tensors_ = nullptr;
  uint32_t groupCount_ = 0;
  /// groupCount x hyper_count values: those in force, and those that are being checked.
  Array<double> values_;
  Array<double> proposed_;
  /// The same for hypers per tensor. Those of a hyper start at tensorPlaces_[hyper] and have one for each tensor.
  Array<double> tensorValues_;
  Array<double> tensorProposed_;
  Array<size_t> tensorPlaces_;
  Array<double> fulfilled_;
  Variants variants_;
  uint64_t generation_ = 0;
};

} // namespace ravine::core

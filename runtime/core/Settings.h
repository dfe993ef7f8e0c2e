// The hyperparameters: their values, what values they may have, and the variants of the plan they choose.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/HostStructs.h"
#include "runtime/core/Memory.h"
#include "runtime/core/Variants.h"

#include <optional>

namespace ravine::core {

/// A value per group, in which those of the model are the same for all, and a value per tensor. What is in force for a
/// group in a step is what the host has given, and, for hypers that follow their schedules, what these come to.
class Settings {
public:
  /// Starts from the defaults, applies what the host sets and fixes each tensor's variant. `tensors` outlives the
  /// settings; `groupNames` is as in ravine_create_args.
  [[nodiscard]] ravine_status initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                         uint32_t groupCount, const char *const *groupNames, const TensorTable &tensors,
                                         const HostStructs<ravine_setting> &settings, const Memory &memory,
                                         Error error);

  /// Applies all settings in order, or, on an error, none. `step` is the number of the next step.
  [[nodiscard]] ravine_status configure(const HostStructs<ravine_setting> &settings, int64_t step, Error error);

  /// Puts in force what holds in a step. An error says which schedule leads where it may not; then nothing changes.
  [[nodiscard]] ravine_status takeEffect(int64_t step, Error error);

  /// Puts in force what the settings come to in a past step, for views. That step may have been made with other
  /// settings, so nothing is checked; the next step is.
  void recall(int64_t step);

  /// Reads the value that a hyper per group or of the model has in a step.
  [[nodiscard]] ravine_status read(const char *name, uint32_t group, int64_t step, double &value, Error error) const;
  /// Reads whether a hyper of a group follows its schedule, which one per tensor never does.
  [[nodiscard]] ravine_status readFollowing(const char *name, uint32_t group, bool &follows, Error error) const;
  /// Reads the value that any hyper has for one tensor in a step.
  [[nodiscard]] ravine_status readForTensor(const char *name, size_t tensor, int64_t step, double &value,
                                            Error error) const;

  [[nodiscard]] uint32_t groupCount() const { return groupCount_; }
  /// The values of a group that are in force, in the order of the description. Those of hypers per tensor mean nothing.
  [[nodiscard]] const double *ofGroup(uint32_t group) const { return row(inForce_, group); }
  /// The same as the host has given them: followsSchedule where the schedule decides.
  [[nodiscard]] const double *givenTo(uint32_t group) const { return row(given_, group); }
  /// The value of a hyper per tensor.
  [[nodiscard]] double ofTensor(size_t tensor, size_t hyper) const {
    return tensorValues_[tensorPlaces_[hyper] + tensor];
  }
  /// Which variant of the plan the tensor is in.
  [[nodiscard]] uint32_t variant(size_t tensor) const { return variants_.ofTensor(tensor); }
  /// One in which exactly those states of the model exist that do: they are the same in all.
  [[nodiscard]] uint32_t variantOfModel() const { return variantOfModel_; }
  /// Another number after every change of a value in force.
  [[nodiscard]] uint64_t generation() const { return generation_; }

private:
  [[nodiscard]] bool allocate(const char *const *groupNames, const Memory &memory);
  [[nodiscard]] ravine_status chooseVariants(Error error);
  [[nodiscard]] ravine_status propose(const HostStructs<ravine_setting> &settings, Error error);
  [[nodiscard]] ravine_status proposeOne(const ravine_setting &setting, size_t index, Error error);
  [[nodiscard]] ravine_status proposePerTensor(const ravine_setting &setting, size_t hyper, double value, Error error);
  void acceptProposal();

  /// What values that the host has given to a group come to in a step.
  void evaluate(const double *given, int64_t step, double *values) const;
  /// Evaluates what was given to all groups, and checks the groups for which that is news. `changes` says whether it is
  /// for any.
  [[nodiscard]] ravine_status prepare(const Array<double> &given, int64_t step, bool &changes, Error error);
  /// Puts in force what was prepared.
  void enforce(int64_t step);
  /// Checks values that schedules gave, requirements, and that no tensor changes its variant.
  [[nodiscard]] ravine_status checkGroup(uint32_t group, const double *given, int64_t step, Error error);
  /// Where a check fails. The step is 0 where it does not matter.
  struct Place {
    uint32_t group;
    int64_t step;
  };
  /// " in group 2 at step 5", of which only what matters is said.
  [[nodiscard]] Sentence describe(Place place) const;
  [[nodiscard]] std::optional<Sentence> brokenRequirement(Place place);
  [[nodiscard]] std::optional<Sentence> changedVariant(Place place) const;

  [[nodiscard]] ravine_status findHyper(const char *name, size_t &hyper, Error error) const;
  [[nodiscard]] ravine_status checkGroupNumber(uint32_t group, Error error) const;
  /// The value of one hyper of a group in a step.
  [[nodiscard]] double valueIn(int64_t step, uint32_t group, size_t hyper) const;
  [[nodiscard]] bool isFollowing(const double *given) const;
  [[nodiscard]] double *row(Array<double> &values, uint32_t group) const {
    return values.data() + group * description_->hyper_count;
  }
  [[nodiscard]] const double *row(const Array<double> &values, uint32_t group) const {
    return values.data() + group * description_->hyper_count;
  }

  const ravine_optimizer_info *description_ = nullptr;
  const ravine_plan_optimizer *plan_ = nullptr;
  const TensorTable *tensors_ = nullptr;
  uint32_t groupCount_ = 0;
  /// groupCount x hyper_count values: given by the host, proposed to be given, in force, and to be so next.
  Array<double> given_;
  Array<double> proposed_;
  Array<double> inForce_;
  mutable Array<double> next_;
  /// Values of hypers per tensor. Those of a hyper start at tensorPlaces_[hyper] and have one for each tensor.
  Array<double> tensorValues_;
  Array<double> tensorProposed_;
  Array<size_t> tensorPlaces_;
  Array<double> fulfilled_;
  Variants variants_;
  uint32_t variantOfModel_ = 0;
  bool areVariantsChosen_ = false;
  /// Whether what is in force changes from step to step, and the step for which it was found.
  bool followsTime_ = false;
  int64_t inForceAt_ = 0;
  /// Whether a step may be made with what is in force.
  bool isInForceChecked_ = false;
  uint64_t generation_ = 0;
};

} // namespace ravine::core

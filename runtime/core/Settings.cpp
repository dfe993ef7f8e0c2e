// Checking and applying hyperparameters.
#include "runtime/core/Settings.h"

#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Names.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ravine::core {

namespace {

NameList hyperNames(const ravine_optimizer_info &description) {
  return NameList::of(description.hypers, description.hyper_count);
}

bool sameBits(double left, double right) {
  return std::bit_cast<uint64_t>(left) == std::bit_cast<uint64_t>(right);
}

bool isInRange(const ravine_hyper_info &hyper, double value) {
  return (hyper.lower_open != 0 ? value > hyper.lower : value >= hyper.lower) &&
         (hyper.upper_open != 0 ? value < hyper.upper : value <= hyper.upper);
}

ravine_status checkValue(const ravine_hyper_info &hyper, double value, Error error) {
  Sentence sentence;
  sentence << hyper.name << " = " << value;
  switch (hyper.kind) {
  case RAVINE_HYPER_BOOL:
    if (value != 0 && value != 1)
      return error(RAVINE_ERROR_RANGE, sentence << " is neither 0 nor 1");
    return RAVINE_OK;
  case RAVINE_HYPER_ENUM:
    if (!(value >= 0 && value < static_cast<double>(hyper.choice_count) && value == std::trunc(value)))
      return error(RAVINE_ERROR_RANGE, sentence << " is not the index of a choice; the choices are "
                                                << NameList(hyper.choices, hyper.choice_count));
    return RAVINE_OK;
  case RAVINE_HYPER_INT:
    if (std::isfinite(value) && value != std::trunc(value))
      return error(RAVINE_ERROR_RANGE, sentence << " is not a whole number");
    break;
  default:
    break;
  }
  bool isUsable = isInRange(hyper, value) && (hyper.kind != RAVINE_HYPER_INT || std::isfinite(value));
  if (!isUsable)
    return error(RAVINE_ERROR_RANGE, sentence << " is outside " << (hyper.lower_open != 0 ? "(" : "[") << hyper.lower
                                              << ", " << hyper.upper << (hyper.upper_open != 0 ? ")" : "]"));
  return RAVINE_OK;
}

/// The number that a setting means: its value, or the index of the choice it names.
ravine_status settingValue(const ravine_setting &setting, const ravine_hyper_info &hyper, double &value, Error error) {
  if (setting.choice == nullptr) {
    value = setting.value;
    return checkValue(hyper, value, error);
  }
  if (hyper.kind != RAVINE_HYPER_ENUM)
    return error(RAVINE_ERROR_RANGE, Sentence()
                                         << hyper.name << " takes a number, not the choice " << Quoted{setting.choice});
  NameList choices(hyper.choices, hyper.choice_count);
  size_t choice = choices.find(setting.choice);
  if (choice == choices.count())
    return error(RAVINE_ERROR_NAME, unknownName(hyper.name, "choice", setting.choice, choices));
  value = static_cast<double>(choice);
  return RAVINE_OK;
}

bool isWordCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

/// Whether the condition, as written, mentions the name as a word.
bool mentions(const char *condition, const char *name) {
  size_t length = std::strlen(name);
  for (const char *found = condition; (found = std::strstr(found, name)) != nullptr; ++found)
    if ((found == condition || !isWordCharacter(found[-1])) && !isWordCharacter(found[length]))
      return true;
  return false;
}

/// The values that a program over hypers alone finds in place of a clock.
constexpr double noClock[RAVINE_CLOCK_COUNT] = {};

} // namespace

ravine_status Settings::initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                   uint32_t groupCount, const HostStructs<ravine_setting> &settings,
                                   const Memory &memory, Error error) {
  description_ = &description;
  plan_ = &plan;
  groupCount_ = groupCount;
  size_t valueCount = description.hyper_count * groupCount;
  if (!values_.allocate(memory, valueCount) || !proposed_.allocate(memory, valueCount) ||
      !fulfilled_.allocate(memory, description.requirement_count) || !variants_.allocate(memory, groupCount))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the settings");

  for (uint32_t group = 0; group < groupCount; ++group)
    for (size_t hyper = 0; hyper < description.hyper_count; ++hyper)
      values_[group * description.hyper_count + hyper] = description.hypers[hyper].default_value;
  if (ravine_status status = propose(settings, error))
    return status;
  for (uint32_t group = 0; group < groupCount; ++group) {
    if (ravine_status status = checkRequirements(group, error))
      return status;
    variants_[group] = proposedVariant(group);
  }
  std::copy(proposed_.begin(), proposed_.end(), values_.begin());
  ++generation_;
  return RAVINE_OK;
}

ravine_status Settings::configure(const HostStructs<ravine_setting> &settings, Error error) {
  if (ravine_status status = propose(settings, error))
    return status;
  bool changes = false;
  for (uint32_t group = 0; group < groupCount_; ++group) {
    // Not memcmp, which may not be given the null of a rule without hypers.
    if (std::equal(ofGroup(group), ofGroup(group) + description_->hyper_count, proposed(group), sameBits))
      continue;
    changes = true;
    if (ravine_status status = checkRequirements(group, error))
      return status;
    if (ravine_status status = checkVariant(group, error))
      return status;
  }
  if (changes) {
    std::copy(proposed_.begin(), proposed_.end(), values_.begin());
    ++generation_;
  }
  return RAVINE_OK;
}

ravine_status Settings::read(const char *name, uint32_t group, double &value, Error error) const {
  size_t hyper = hyperNames(*description_).find(name);
  if (hyper == description_->hyper_count)
    return error(RAVINE_ERROR_NAME, unknownName(description_->name, "hyper", name, hyperNames(*description_)));
  if (group >= groupCount_)
    return error(RAVINE_ERROR_ARGUMENT,
                 Sentence() << "group " << group << " is not below group_count, which is " << groupCount_);
  value = ofGroup(group)[hyper];
  return RAVINE_OK;
}

ravine_status Settings::propose(const HostStructs<ravine_setting> &settings, Error error) {
  std::copy(values_.begin(), values_.end(), proposed_.begin());
  for (size_t i = 0; i < settings.count(); ++i) {
    ravine_setting setting;
    if (ravine_status status = settings.read(i, setting, error))
      return status;
    if (ravine_status status = proposeOne(setting, i, error))
      return status;
  }
  return RAVINE_OK;
}

ravine_status Settings::proposeOne(const ravine_setting &setting, size_t index, Error error) {
  if (setting.name == nullptr)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "setting " << index << " has no name");
  size_t hyper = hyperNames(*description_).find(setting.name);
  if (hyper == description_->hyper_count)
    return error(RAVINE_ERROR_NAME, unknownName(description_->name, "hyper", setting.name, hyperNames(*description_)));
  bool isForAll = setting.group == RAVINE_ALL_GROUPS;
  if (!isForAll && setting.group >= groupCount_)
    return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                            << "group " << setting.group << " of setting " << Quoted{setting.name}
                                            << " is not below group_count, which is " << groupCount_);
  double value = 0;
  if (ravine_status status = settingValue(setting, description_->hypers[hyper], value, error))
    return status;
  uint32_t first = isForAll ? 0 : setting.group, last = isForAll ? groupCount_ - 1 : setting.group;
  for (uint32_t group = first; group <= last; ++group)
    proposed(group)[hyper] = value;
  return RAVINE_OK;
}

ravine_status Settings::checkRequirements(uint32_t group, Error error) {
  if (description_->requirement_count == 0)
    return RAVINE_OK;
  {
    FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
    plan_->requirements(proposed(group), noClock, fulfilled_.data());
  }
  auto *broken = std::find(fulfilled_.begin(), fulfilled_.end(), 0.0);
  if (broken == fulfilled_.end())
    return RAVINE_OK;

  const char *condition = description_->requirements[broken - fulfilled_.begin()].condition;
  Sentence sentence;
  sentence << description_->name << " requires " << condition << ", which does not hold" << inGroup(group).text();
  const char *separator = ": ";
  for (size_t hyper = 0; hyper < description_->hyper_count; ++hyper)
    if (mentions(condition, description_->hypers[hyper].name)) {
      sentence << separator << description_->hypers[hyper].name << " = " << proposed(group)[hyper];
      separator = ", ";
    }
  return error(RAVINE_ERROR_REQUIREMENT, sentence);
}

uint32_t Settings::proposedVariant(uint32_t group) const {
  if (plan_->condition_count == 0)
    return 0;
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  double holds[32] = {};
  plan_->conditions(proposed(group), noClock, holds);
  uint32_t variant = 0;
  for (uint32_t condition = 0; condition < plan_->condition_count; ++condition)
    variant |= (holds[condition] != 0 ? 1u : 0u) << condition;
  return variant;
}

ravine_status Settings::checkVariant(uint32_t group, Error error) const {
  uint32_t differing = proposedVariant(group) ^ variants_[group];
  if (differing == 0)
    return RAVINE_OK;
  auto condition = static_cast<uint32_t>(std::countr_zero(differing));
  const uint32_t *conditions = plan_->state_conditions;
  const ravine_state_info &state =
      description_->states[std::find(conditions, conditions + description_->state_count, condition) - conditions];
  bool exists = (variants_[group] >> condition & 1) != 0;
  return error(RAVINE_ERROR_FIXED, Sentence() << "the settings would " << (exists ? "remove" : "add") << " state "
                                              << Quoted{state.name} << inGroup(group).text() << ", which exists when "
                                              << state.condition << ": that is decided at creation");
}

Sentence Settings::inGroup(uint32_t group) const {
  Sentence sentence;
  if (groupCount_ > 1)
    sentence << " in group " << group;
  return sentence;
}

} // namespace ravine::core

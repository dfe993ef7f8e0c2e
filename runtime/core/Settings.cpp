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
                                   uint32_t groupCount, const TensorTable &tensors,
                                   const HostStructs<ravine_setting> &settings, const Memory &memory, Error error) {
  description_ = &description;
  plan_ = &plan;
  tensors_ = &tensors;
  groupCount_ = groupCount;
  size_t valueCount = description.hyper_count * groupCount, tensorValueCount = 0;
  for (size_t hyper = 0; hyper < description.hyper_count; ++hyper)
    tensorValueCount += description.hypers[hyper].index_set == RAVINE_PER_TENSOR ? tensors.size() : 0;
  if (!values_.allocate(memory, valueCount) || !proposed_.allocate(memory, valueCount) ||
      !tensorValues_.allocate(memory, tensorValueCount) || !tensorProposed_.allocate(memory, tensorValueCount) ||
      !tensorPlaces_.allocate(memory, description.hyper_count) ||
      !fulfilled_.allocate(memory, description.requirement_count) || !variants_.initialize(plan, tensors, memory))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the settings");

  size_t place = 0;
  for (size_t hyper = 0; hyper < description.hyper_count; ++hyper) {
    const ravine_hyper_info &info = description.hypers[hyper];
    for (uint32_t group = 0; group < groupCount; ++group)
      values_[group * description.hyper_count + hyper] = info.default_value;
    if (info.index_set != RAVINE_PER_TENSOR)
      continue;
    tensorPlaces_[hyper] = place;
    std::fill_n(tensorValues_.begin() + place, tensors.size(), info.default_value);
    place += tensors.size();
  }
  if (ravine_status status = propose(settings, error))
    return status;
  for (uint32_t group = 0; group < groupCount; ++group)
    if (ravine_status status = checkRequirements(group, error))
      return status;
  for (VariantClass &one : variants_.classes())
    one.variant = variants_.outcome(one, proposed(one.group));
  acceptProposal();
  return RAVINE_OK;
}

ravine_status Settings::configure(const HostStructs<ravine_setting> &settings, Error error) {
  if (ravine_status status = propose(settings, error))
    return status;
  // Not memcmp, which may not be given the null of a rule without hypers.
  bool changes = !std::equal(tensorValues_.begin(), tensorValues_.end(), tensorProposed_.begin(), sameBits);
  for (uint32_t group = 0; group < groupCount_; ++group) {
    if (std::equal(ofGroup(group), ofGroup(group) + description_->hyper_count, proposed(group), sameBits))
      continue;
    changes = true;
    if (ravine_status status = checkRequirements(group, error))
      return status;
    if (ravine_status status = checkVariants(group, error))
      return status;
  }
  if (changes)
    acceptProposal();
  return RAVINE_OK;
}

ravine_status Settings::read(const char *name, uint32_t group, double &value, Error error) const {
  size_t hyper = 0;
  if (ravine_status status = findHyper(name, hyper, error))
    return status;
  if (description_->hypers[hyper].index_set == RAVINE_PER_TENSOR)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << name << " is a hyper per tensor, which has no value for a group");
  if (group >= groupCount_)
    return error(RAVINE_ERROR_ARGUMENT,
                 Sentence() << "group " << group << " is not below group_count, which is " << groupCount_);
  value = ofGroup(group)[hyper];
  return RAVINE_OK;
}

ravine_status Settings::readForTensor(const char *name, size_t tensor, double &value, Error error) const {
  size_t hyper = 0;
  if (ravine_status status = findHyper(name, hyper, error))
    return status;
  bool isPerTensor = description_->hypers[hyper].index_set == RAVINE_PER_TENSOR;
  value = isPerTensor ? ofTensor(tensor, hyper) : ofGroup((*tensors_)[tensor].group)[hyper];
  return RAVINE_OK;
}

ravine_status Settings::findHyper(const char *name, size_t &hyper, Error error) const {
  NameList names = hyperNames(*description_);
  hyper = names.find(name);
  if (hyper == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description_->name, "hyper", name, names));
  return RAVINE_OK;
}

ravine_status Settings::propose(const HostStructs<ravine_setting> &settings, Error error) {
  std::copy(values_.begin(), values_.end(), proposed_.begin());
  std::copy(tensorValues_.begin(), tensorValues_.end(), tensorProposed_.begin());
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
  size_t hyper = 0;
  if (ravine_status status = findHyper(setting.name, hyper, error))
    return status;
  bool isForAll = setting.group == RAVINE_ALL_GROUPS;
  if (!isForAll && setting.group >= groupCount_)
    return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                            << "group " << setting.group << " of setting " << Quoted{setting.name}
                                            << " is not below group_count, which is " << groupCount_);
  double value = 0;
  const ravine_hyper_info &info = description_->hypers[hyper];
  if (ravine_status status = settingValue(setting, info, value, error))
    return status;
  if (info.index_set == RAVINE_PER_TENSOR)
    return proposePerTensor(setting, hyper, value, error);
  if (setting.tensor != nullptr)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << setting.name << " is no hyper per tensor, so that tensor "
                                                   << Quoted{setting.tensor} << " cannot have a value of its own");
  if (info.index_set == RAVINE_PER_MODEL && !isForAll)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << setting.name << " has one value for the model, so that group "
                                                   << setting.group << " cannot have one of its own");
  uint32_t first = isForAll ? 0 : setting.group, last = isForAll ? groupCount_ - 1 : setting.group;
  for (uint32_t group = first; group <= last; ++group)
    proposed(group)[hyper] = value;
  return RAVINE_OK;
}

ravine_status Settings::proposePerTensor(const ravine_setting &setting, size_t hyper, double value, Error error) {
  double *values = tensorProposed_.begin() + tensorPlaces_[hyper];
  if (setting.tensor == nullptr) {
    for (size_t i = 0; i < tensors_->size(); ++i)
      if (setting.group == RAVINE_ALL_GROUPS || setting.group == (*tensors_)[i].group)
        values[i] = value;
    return RAVINE_OK;
  }
  size_t tensor = tensors_->find(setting.tensor);
  if (tensor == tensors_->size())
    return error(RAVINE_ERROR_NAME,
                 unknownName("the model", "tensor", setting.tensor, NameList::of(tensors_->begin(), tensors_->size())));
  values[tensor] = value;
  return RAVINE_OK;
}

void Settings::acceptProposal() {
  std::copy(proposed_.begin(), proposed_.end(), values_.begin());
  std::copy(tensorProposed_.begin(), tensorProposed_.end(), tensorValues_.begin());
  ++generation_;
}

ravine_status Settings::checkRequirements(uint32_t group, Error error) {
  if (description_->requirement_count == 0)
    return RAVINE_OK;
  {
    FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
    plan_->requirements(proposed(group), noClock, nullptr, nullptr, fulfilled_.data());
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

ravine_status Settings::checkVariants(uint32_t group, Error error) const {
  for (const VariantClass &one : variants_.classes()) {
    uint32_t differing = one.group == group ? variants_.outcome(one, proposed(group)) ^ one.variant : 0;
    if (differing == 0)
      continue;
    auto condition = static_cast<uint32_t>(std::countr_zero(differing));
    const uint32_t *conditions = plan_->state_conditions, *end = conditions + description_->state_count;
    const uint32_t *found = std::find(conditions, end, condition);
    if (found == end)
      return error(RAVINE_ERROR_FIXED, Sentence() << "the settings would choose another case of the rule"
                                                  << inGroup(group).text() << ": that is decided at creation");
    const ravine_state_info &state = description_->states[found - conditions];
    bool exists = (one.variant >> condition & 1) != 0;
    return error(RAVINE_ERROR_FIXED, Sentence() << "the settings would " << (exists ? "remove" : "add") << " state "
                                                << Quoted{state.name} << inGroup(group).text() << ", which exists when "
                                                << state.condition << ": that is decided at creation");
  }
  return RAVINE_OK;
}

Sentence Settings::inGroup(uint32_t group) const {
  Sentence sentence;
  if (groupCount_ > 1)
    sentence << " in group " << group;
  return sentence;
}

} // namespace ravine::core

// Taking hyperparameters from the host.
#include "runtime/core/Settings.h"

#include "runtime/core/Hypers.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ravine::core {

namespace {

bool sameBits(double left, double right) {
  return std::bit_cast<uint64_t>(left) == std::bit_cast<uint64_t>(right);
}

} // namespace

ravine_status Settings::initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                   uint32_t groupCount, const char *const *groupNames, const TensorTable &tensors,
                                   const HostStructs<ravine_setting> &settings, const Memory &memory, Error error) {
  description_ = &description;
  plan_ = &plan;
  tensors_ = &tensors;
  groupCount_ = groupCount;
  if (!allocate(groupNames, memory))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the settings");

  for (size_t hyper = 0; hyper < description.hyper_count; ++hyper) {
    const ravine_hyper_info &info = description.hypers[hyper];
    for (uint32_t group = 0; group < groupCount; ++group)
      row(given_, group)[hyper] = hasSchedule(info) ? followsSchedule : info.default_value;
    if (info.index_set == RAVINE_PER_TENSOR)
      std::fill_n(tensorValues_.begin() + tensorPlaces_[hyper], tensors.size(), info.default_value);
  }
  if (ravine_status status = propose(settings, error))
    return status;
  bool changes = false;
  if (ravine_status status = prepare(proposed_, 1, changes, error))
    return status;
  acceptProposal();
  enforce(1);
  return chooseVariants(error);
}

bool Settings::allocate(const char *const *groupNames, const Memory &memory) {
  size_t hyperCount = description_->hyper_count, valueCount = hyperCount * groupCount_, tensorValueCount = 0;
  if (!tensorPlaces_.allocate(memory, hyperCount))
    return false;
  for (size_t hyper = 0; hyper < hyperCount; ++hyper) {
    tensorPlaces_[hyper] = tensorValueCount;
    tensorValueCount += description_->hypers[hyper].index_set == RAVINE_PER_TENSOR ? tensors_->size() : 0;
  }
  return given_.allocate(memory, valueCount) && proposed_.allocate(memory, valueCount) &&
         inForce_.allocate(memory, valueCount) && next_.allocate(memory, valueCount) &&
         tensorValues_.allocate(memory, tensorValueCount) && tensorProposed_.allocate(memory, tensorValueCount) &&
         fulfilled_.allocate(memory, description_->requirement_count) &&
         variants_.initialize(*plan_, *tensors_, groupNames, memory);
}

ravine_status Settings::chooseVariants(Error error) {
  std::span<VariantClass> classes = variants_.classes();
  for (size_t i = 0; i < classes.size(); ++i) {
    classes[i].outcome = variants_.outcome(i, ofGroup(classes[i].group));
    if (classes[i].outcome == plan_->outcome_count)
      return error(RAVINE_ERROR_TENSOR, Sentence() << description_->name << " has no case for tensor "
                                                   << Quoted{(*tensors_)[classes[i].tensor].name});
  }
  uint32_t ofNothing = variants_.outcomeOfNothing(ofGroup(0));
  variantOfModel_ = tensors_->size() > 0 ? variants_.ofTensor(0) : ofNothing < plan_->outcome_count ? ofNothing : 0;
  areVariantsChosen_ = true;
  return RAVINE_OK;
}

ravine_status Settings::configure(const HostStructs<ravine_setting> &settings, int64_t step, Error error) {
  if (ravine_status status = propose(settings, error))
    return status;
  bool changes = false;
  if (ravine_status status = prepare(proposed_, step, changes, error))
    return status;
  changes |= !std::equal(tensorValues_.begin(), tensorValues_.end(), tensorProposed_.begin(), sameBits);
  acceptProposal();
  if (changes)
    enforce(step);
  inForceAt_ = step;
  return RAVINE_OK;
}

ravine_status Settings::takeEffect(int64_t step, Error error) {
  if (isInForceChecked_ && (!followsTime_ || inForceAt_ == step))
    return RAVINE_OK;
  bool changes = false;
  if (ravine_status status = prepare(given_, step, changes, error))
    return status;
  if (changes)
    enforce(step);
  inForceAt_ = step;
  return RAVINE_OK;
}

void Settings::recall(int64_t step) {
  if (!followsTime_ || inForceAt_ == step)
    return;
  for (uint32_t group = 0; group < groupCount_; ++group)
    evaluate(givenTo(group), step, row(next_, group));
  enforce(step);
  isInForceChecked_ = false;
}

ravine_status Settings::read(const char *name, uint32_t group, int64_t step, double &value, Error error) const {
  size_t hyper = 0;
  if (ravine_status status = findHyper(name, hyper, error))
    return status;
  if (description_->hypers[hyper].index_set == RAVINE_PER_TENSOR)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << name << " is a hyper per tensor, which has no value for a group");
  if (ravine_status status = checkGroupNumber(group, error))
    return status;
  value = valueIn(step, group, hyper);
  return RAVINE_OK;
}

ravine_status Settings::readFollowing(const char *name, uint32_t group, bool &follows, Error error) const {
  size_t hyper = 0;
  if (ravine_status status = findHyper(name, hyper, error))
    return status;
  if (ravine_status status = checkGroupNumber(group, error))
    return status;
  follows = std::isnan(givenTo(group)[hyper]);
  return RAVINE_OK;
}

ravine_status Settings::readForTensor(const char *name, size_t tensor, int64_t step, double &value, Error error) const {
  size_t hyper = 0;
  if (ravine_status status = findHyper(name, hyper, error))
    return status;
  bool isPerTensor = description_->hypers[hyper].index_set == RAVINE_PER_TENSOR;
  value = isPerTensor ? ofTensor(tensor, hyper) : valueIn(step, (*tensors_)[tensor].group, hyper);
  return RAVINE_OK;
}

double Settings::valueIn(int64_t step, uint32_t group, size_t hyper) const {
  double given = givenTo(group)[hyper];
  if (!std::isnan(given))
    return given;
  evaluate(givenTo(group), step, next_.data());
  return next_[hyper];
}

ravine_status Settings::findHyper(const char *name, size_t &hyper, Error error) const {
  NameList names = hyperNames(*description_);
  hyper = names.find(name);
  if (hyper == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description_->name, "hyper", name, names));
  return RAVINE_OK;
}

ravine_status Settings::checkGroupNumber(uint32_t group, Error error) const {
  if (group < groupCount_)
    return RAVINE_OK;
  return error(RAVINE_ERROR_ARGUMENT,
               Sentence() << "group " << group << " is not below group_count, which is " << groupCount_);
}

ravine_status Settings::propose(const HostStructs<ravine_setting> &settings, Error error) {
  std::copy(given_.begin(), given_.end(), proposed_.begin());
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
    row(proposed_, group)[hyper] = value;
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
  std::copy(proposed_.begin(), proposed_.end(), given_.begin());
  std::copy(tensorProposed_.begin(), tensorProposed_.end(), tensorValues_.begin());
  followsTime_ = false;
  if ((plan_->schedules.clock_mask >> RAVINE_CLOCK_STEP & 1) != 0)
    for (uint32_t group = 0; group < groupCount_; ++group)
      followsTime_ |= isFollowing(givenTo(group));
}

bool Settings::isFollowing(const double *given) const {
  return std::any_of(given, given + description_->hyper_count, [](double value) { return std::isnan(value); });
}

} // namespace ravine::core

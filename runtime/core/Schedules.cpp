// Settings in time: what they come to in a step, and whether a step may be made with that.
#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Hypers.h"
#include "runtime/core/Settings.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ravine::core {

namespace {

/// The values that a program over hypers alone finds in place of a clock.
constexpr double noClock[RAVINE_CLOCK_COUNT] = {};

/// Whether two rows of values are the same bits.
bool areSame(const double *left, const double *right, size_t count) {
  // Not memcmp, which may not be given the null of a rule without hypers.
  return count == 0 || std::memcmp(left, right, count * sizeof *left) == 0;
}

} // namespace

void Settings::evaluate(const double *given, int64_t step, double *values) const {
  if (plan_->schedules.function == nullptr || !isFollowing(given)) {
    std::copy_n(given, description_->hyper_count, values);
    return;
  }
  double clock[RAVINE_CLOCK_COUNT] = {};
  clock[RAVINE_CLOCK_T] = clock[RAVINE_CLOCK_STEP] = static_cast<double>(step);
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  plan_->schedules.function(given, clock, nullptr, nullptr, values);
}

ravine_status Settings::prepare(const Array<double> &given, int64_t step, bool &changes, Error error) {
  for (uint32_t group = 0; group < groupCount_; ++group) {
    const double *its = row(given, group);
    evaluate(its, step, row(next_, group));
    if (isInForceChecked_ && areSame(row(next_, group), ofGroup(group), description_->hyper_count))
      continue;
    changes = true;
    if (ravine_status status = checkGroup(group, its, step, error))
      return status;
  }
  return RAVINE_OK;
}

void Settings::enforce(int64_t step) {
  std::copy(next_.begin(), next_.end(), inForce_.begin());
  inForceAt_ = step;
  isInForceChecked_ = true;
  ++generation_;
}

ravine_status Settings::checkGroup(uint32_t group, const double *given, int64_t step, Error error) {
  Place place{group, isFollowing(given) ? step : 0};
  for (size_t hyper = 0; hyper < description_->hyper_count; ++hyper)
    if (std::isnan(given[hyper]))
      if (std::optional<Sentence> fault = faultOf(description_->hypers[hyper], row(next_, group)[hyper]))
        return error(RAVINE_ERROR_RANGE, *fault << describe(place).text() << ", where its schedule leads");
  if (std::optional<Sentence> broken = brokenRequirement(place))
    return error(RAVINE_ERROR_REQUIREMENT, *broken);
  if (std::optional<Sentence> changed = changedVariant(place))
    return error(RAVINE_ERROR_FIXED, *changed);
  return RAVINE_OK;
}

Sentence Settings::describe(Place place) const {
  Sentence where;
  if (groupCount_ > 1)
    where << " in group " << place.group;
  if (place.step != 0)
    where << " at step " << place.step;
  return where;
}

std::optional<Sentence> Settings::brokenRequirement(Place place) {
  if (description_->requirement_count == 0)
    return std::nullopt;
  const double *values = row(next_, place.group);
  {
    FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
    plan_->requirements(values, noClock, nullptr, nullptr, fulfilled_.data());
  }
  auto *broken = std::find(fulfilled_.begin(), fulfilled_.end(), 0.0);
  if (broken == fulfilled_.end())
    return std::nullopt;

  const char *condition = description_->requirements[broken - fulfilled_.begin()].condition;
  Sentence sentence;
  sentence << description_->name << " requires " << condition << ", which does not hold" << describe(place).text();
  const char *separator = ": ";
  for (size_t hyper = 0; hyper < description_->hyper_count; ++hyper)
    if (mentions(condition, description_->hypers[hyper].name)) {
      sentence << separator << description_->hypers[hyper].name << " = " << values[hyper];
      separator = ", ";
    }
  return sentence;
}

std::optional<Sentence> Settings::changedVariant(Place place) const {
  if (!areVariantsChosen_ || plan_->condition_count == 0)
    return std::nullopt;
  std::span<const VariantClass> classes = variants_.classes();
  for (const VariantClass &one : std::ranges::equal_range(classes, place.group, {}, &VariantClass::group)) {
    uint32_t outcome = variants_.outcome(static_cast<size_t>(&one - classes.data()), row(next_, place.group));
    if (outcome == one.outcome)
      continue;
    Sentence where = describe(place);
    uint32_t base = (*tensors_)[one.tensor].precision * plan_->outcome_count;
    for (size_t state = 0; outcome < plan_->outcome_count && state < description_->state_count; ++state) {
      bool exists = existsInVariant(*plan_, state, base + one.outcome);
      if (existsInVariant(*plan_, state, base + outcome) == exists)
        continue;
      const ravine_state_info &info = description_->states[state];
      bool isSaid = *info.condition != '\0';
      return Sentence() << "the settings would " << (exists ? "remove" : "add") << " state " << Quoted{info.name}
                        << where.text() << (isSaid ? ", which exists when " : "") << info.condition
                        << ": that is decided at creation";
    }
    return Sentence() << "the settings would choose another case of the rule" << where.text()
                      << ": that is decided at creation";
  }
  return std::nullopt;
}

} // namespace ravine::core

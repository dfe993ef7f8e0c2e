// Ranges, kinds and names of hyperparameters.
#include "runtime/core/Hypers.h"

#include <cmath>
#include <cstring>

namespace ravine::core {

namespace {

bool isInRange(const ravine_hyper_info &hyper, double value) {
  return (hyper.lower_open != 0 ? value > hyper.lower : value >= hyper.lower) &&
         (hyper.upper_open != 0 ? value < hyper.upper : value <= hyper.upper);
}

/// What a name is made of; a point joins the names of a part and of its hyper.
bool isNameCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         (c & 0x80) != 0;
}

} // namespace

std::optional<Sentence> faultOf(const ravine_hyper_info &hyper, double value) {
  Sentence sentence;
  sentence << hyper.name << " = " << value;
  switch (hyper.kind) {
  case RAVINE_HYPER_BOOL:
    if (value != 0 && value != 1)
      return sentence << " is neither 0 nor 1";
    return std::nullopt;
  case RAVINE_HYPER_ENUM:
    if (!(value >= 0 && value < static_cast<double>(hyper.choice_count) && value == std::trunc(value)))
      return sentence << " is not the index of a choice; the choices are "
                      << NameList(hyper.choices, hyper.choice_count);
    return std::nullopt;
  case RAVINE_HYPER_INT:
    if (std::isfinite(value) && value != std::trunc(value))
      return sentence << " is not a whole number";
    break;
  default:
    break;
  }
  bool isUsable = isInRange(hyper, value) && (hyper.kind != RAVINE_HYPER_INT || std::isfinite(value));
  if (isUsable)
    return std::nullopt;
  return sentence << " is outside " << (hyper.lower_open != 0 ? "(" : "[") << hyper.lower << ", " << hyper.upper
                  << (hyper.upper_open != 0 ? ")" : "]");
}

ravine_status settingValue(const ravine_setting &setting, const ravine_hyper_info &hyper, double &value, Error error) {
  if (setting.choice == nullptr) {
    value = setting.value;
    if (std::isnan(value) && hasSchedule(hyper)) {
      value = followsSchedule;
      return RAVINE_OK;
    }
    std::optional<Sentence> fault = faultOf(hyper, value);
    return fault ? error(RAVINE_ERROR_RANGE, *fault) : RAVINE_OK;
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

bool mentions(const char *condition, const char *name) {
  size_t length = std::strlen(name);
  for (const char *found = condition; (found = std::strstr(found, name)) != nullptr; ++found)
    if ((found == condition || !isNameCharacter(found[-1])) && !isNameCharacter(found[length]))
      return true;
  return false;
}

} // namespace ravine::core

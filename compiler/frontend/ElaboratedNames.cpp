// What messages say of names that elaboration gives.
#include "compiler/frontend/ElaboratedNames.h"

#include <algorithm>

namespace ravine {

namespace {

/// `soft.x.1`: the part between is a name of the source.
bool endsInNumber(std::string_view name) {
  size_t dot = name.rfind('.');
  auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  return dot != std::string_view::npos && dot + 1 < name.size() && std::ranges::all_of(name.substr(dot + 1), isDigit);
}

} // namespace

bool isElaborated(std::string_view name) {
  return name.find(':') != std::string_view::npos || endsInNumber(name);
}

std::string writtenName(const std::string &name) {
  if (size_t colon = name.rfind(':'); colon != std::string::npos) {
    std::string part = name.substr(0, name.find(':'));
    std::string own = name.substr(colon + 1);
    if (own == "g" || own == "w")
      return own + "'";
    return own == "at" || own == "gradient" ? part + "(…)" : writtenName(own);
  }
  if (!endsInNumber(name))
    return name;
  std::string stem = name.substr(0, name.rfind('.'));
  size_t dot = stem.rfind('.');
  return dot == std::string::npos ? stem : stem.substr(dot + 1);
}

std::string whereKnown(std::string_view name, bool isPrimed) {
  if (name == "w.old")
    return "`w.old` is what the step began with in the `after` of a transform; elsewhere this is `w`";
  if (name == "delta")
    return "`delta` is known in the `after` of a transform; elsewhere `w' - w` is what a step adds";
  if (name == "g" && isPrimed)
    return "`g'` is known in the `before` of a transform, which defines it; elsewhere write `g`";
  if (name == "w" && isPrimed)
    return "`w'` is known in the equations of an optimizer and in the `after` of a transform";
  return "";
}

} // namespace ravine

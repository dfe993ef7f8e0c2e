// Makes the parts of an optimizer: rules, transforms, and optimizers around others.
#pragma once

#include "test/fuzz/rules/ExpressionMaker.h"
#include "test/fuzz/rules/Inputs.h"

namespace ravine::fuzz {

/// A real hyper that may have another default where its part is used.
struct Adjustable {
  std::string name;
  /// Values between which all are in its range.
  std::string low, high;
  Set set = Set::Group;
};

/// A part, with what a subject may do with it.
struct MadePart {
  Part part;
  std::vector<Adjustable> adjustable = {};
  /// States of elements.
  std::vector<std::string> storable = {};
};

/// Makes one part. Its names begin with `prefix`; what the host sets of its hypers goes into `inputs`. What only some
/// tensors have skips no steps.
[[nodiscard]] MadePart makePart(Choice &choice, PartKind kind, const std::string &name, const std::string &prefix,
                                Inputs &inputs, bool isOfSomeTensors);

} // namespace ravine::fuzz

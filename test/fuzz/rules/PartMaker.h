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
  IndexSet set = IndexSet::Group;
};

/// A part, with what a subject may do with it.
struct MadePart {
  Part part;
  std::vector<Adjustable> adjustable = {};
  /// States of elements.
  std::vector<std::string> storable = {};
};

/// What is wanted of a part.
struct Wanted {
  PartKind kind;
  std::string name;
  /// What its names begin with.
  std::string prefix;
  Groups groups = {};
  /// What only some tensors have skips no steps.
  bool isOfSomeTensors = false;
};

/// Makes one part. What the host sets of its hypers goes into `inputs`.
[[nodiscard]] MadePart makePart(Choice &choice, const Wanted &wanted, Inputs &inputs);

} // namespace ravine::fuzz

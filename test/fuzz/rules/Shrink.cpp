// Tries one cut after another and keeps those after which the finding is still there.
#include "test/fuzz/rules/Shrink.h"

#include <algorithm>

namespace ravine::fuzz {

namespace {

class Shrinker {
public:
  Shrinker(Subject subject, const StillFails &stillFails, size_t tries)
      : best(std::move(subject)), stillFails(stillFails), left(tries) {}

  Subject run() {
    while (left > 0) {
      size_t before = sizeOf(best);
      cutTensors();
      cutItems();
      cutExpressions();
      cutHypers();
      if (sizeOf(best) == before)
        break;
    }
    return std::move(best);
  }

private:
  static size_t sizeOf(const Subject &subject) {
    size_t size = subject.rule.text().size() + subject.inputs.text().size();
    for (const TensorInput &tensor : subject.inputs.tensors)
      size += tensor.size();
    return size;
  }

  bool keeps(const Subject &smaller) {
    if (left == 0)
      return false;
    --left;
    if (!stillFails(smaller))
      return false;
    best = smaller;
    return true;
  }

  template <typename Change> bool tryTo(Change change) {
    Subject smaller = best;
    change(smaller);
    return keeps(smaller);
  }

  // ---- inputs

  void cutTensors() {
    for (size_t i = best.inputs.tensors.size(); i-- > 0;)
      if (best.inputs.tensors.size() > 1)
        tryTo([&](Subject &it) { it.inputs.tensors.erase(it.inputs.tensors.begin() + static_cast<ptrdiff_t>(i)); });
    while (best.inputs.steps > 1 && tryTo([](Subject &it) { --it.inputs.steps; })) {
    }
    for (size_t i = 0; i < best.inputs.tensors.size(); ++i) {
      if (!best.inputs.tensors[i].absent.empty())
        tryTo([&](Subject &it) { it.inputs.tensors[i].absent.clear(); });
      cutShape(i);
      if (best.inputs.tensors[i].numbers != Numbers::Mild)
        tryTo([&](Subject &it) { it.inputs.tensors[i].numbers = Numbers::Mild; });
    }
  }

  void cutShape(size_t tensor) {
    auto size = static_cast<int64_t>(best.inputs.tensors[tensor].size());
    for (int64_t smaller : {int64_t{1}, int64_t{2}, int64_t{9}, int64_t{17}, int64_t{100}, size / 2})
      if (smaller < size && tryTo([&](Subject &it) { it.inputs.tensors[tensor].shape = {smaller}; }))
        return;
  }

  void cutHypers() {
    auto cut = [&](std::map<std::string, double> Inputs::*which) {
      for (const auto &[name, value] : std::map<std::string, double>(best.inputs.*which))
        tryTo([&](Subject &it) { (it.inputs.*which).erase(name); });
    };
    cut(&Inputs::hypers);
    cut(&Inputs::odd);
    cut(&Inputs::later);
  }

  // ---- the rule

  void cutItems() {
    for (size_t i = best.rule.items.size(); i-- > 0;)
      if (i < best.rule.items.size())
        tryTo([&](Subject &it) { removeItem(it, i); });
  }

  static void removeItem(Subject &subject, size_t index) {
    Item item = subject.rule.items[index];
    std::vector<Item> &items = subject.rule.items;
    items.erase(items.begin() + static_cast<ptrdiff_t>(index));
    if (item.kind == ItemKind::Equation && item.name == "w")
      items.push_back({ItemKind::Equation, "w", "w' = %0", {leaf("w", Set::Element)}});
    if (item.kind == ItemKind::State)
      std::erase_if(items, [&](const Item &it) { return it.kind == ItemKind::Equation && it.name == item.name; });
    if (item.kind == ItemKind::Let)
      subject.rule.replaceName(item.name, item.expressions.front());
    if (item.kind == ItemKind::State)
      subject.rule.replaceName(item.name, item.expressions.back());
    if (item.kind == ItemKind::Hyper) {
      subject.rule.replaceName(item.name, leaf("0.5", Set::Model));
      for (auto *hypers : {&subject.inputs.hypers, &subject.inputs.odd, &subject.inputs.later})
        hypers->erase(item.name);
    }
  }

  void cutExpressions() {
    for (size_t item = 0; item < best.rule.items.size(); ++item)
      for (size_t which = 0; which < best.rule.items[item].expressions.size(); ++which)
        for (size_t node = 0; node < expression(best, item, which).size();)
          if (!cutNode(item, which, node))
            ++node;
  }

  static Expression &expression(Subject &subject, size_t item, size_t which) {
    return subject.rule.items[item].expressions[which];
  }

  /// Puts something simpler in the place of a node; what is left there may be cut again.
  bool cutNode(size_t item, size_t which, size_t node) {
    const Expression old = expression(best, item, which).at(node);
    std::vector<Expression> simpler;
    if (old.operands.empty()) {
      if (old.set != Set::Element || old.form == "w" || old.form == "g" || old.isCondition)
        return false;
      simpler = {leaf("w", Set::Element), leaf("g", Set::Element)};
    } else {
      simpler = {leaf(old.isCondition ? "true" : "1", Set::Model), leaf("g", Set::Element), leaf("w", Set::Element)};
      if (old.isCondition)
        simpler.resize(1);
      for (const Expression &operand : old.operands)
        if (operand.isCondition == old.isCondition)
          simpler.push_back(operand);
    }
    return std::ranges::any_of(simpler, [&](const Expression &candidate) {
      return tryTo([&](Subject &it) { expression(it, item, which).at(node) = candidate; });
    });
  }

  Subject best;
  const StillFails &stillFails;
  size_t left;
};

} // namespace

Subject shrink(Subject subject, const StillFails &stillFails, size_t tries) {
  return Shrinker(std::move(subject), stillFails, tries).run();
}

} // namespace ravine::fuzz

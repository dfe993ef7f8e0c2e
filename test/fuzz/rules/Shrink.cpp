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
    dropUnused();
    while (left > 0) {
      size_t before = sizeOf(best);
      cutTensors();
      cutStages();
      dropUnused();
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
    size_t size = subject.optimizer.text().size() + subject.inputs.text().size();
    for (const TensorInput &tensor : subject.inputs.tensors)
      size += tensor.size();
    return size;
  }

  /// Parts that nothing uses are not in the text.
  void dropUnused() {
    std::string text = textOf(best.optimizer.pipe);
    std::erase_if(best.optimizer.parts, [&](const Part &part) {
      return best.optimizer.parts.size() > 1 && text.find(part.name) == std::string::npos;
    });
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
      if (best.inputs.tensors[i].precision != "f32")
        tryTo([&](Subject &it) { it.inputs.tensors[i].precision = "f32"; });
    }
  }

  void cutShape(size_t tensor) {
    if (best.inputs.tensors[tensor].rowAxes != 1)
      tryTo([&](Subject &it) { it.inputs.tensors[tensor].rowAxes = 1; });
    for (size_t axis = best.inputs.tensors[tensor].shape.size(); axis-- > 0;)
      cutAxis(tensor, axis);
    auto size = static_cast<int64_t>(best.inputs.tensors[tensor].size());
    for (int64_t smaller : {int64_t{1}, int64_t{2}, int64_t{9}, int64_t{17}, int64_t{100}, size / 2})
      if (smaller < size && tryTo([&](Subject &it) { it.inputs.tensors[tensor].shape = {smaller}; }))
        return;
  }

  /// Takes an axis away, or elements along it.
  void cutAxis(size_t tensor, size_t axis) {
    auto shape = [&](Subject &it) -> std::vector<int64_t> & { return it.inputs.tensors[tensor].shape; };
    if (shape(best).size() > 2 &&
        tryTo([&](Subject &it) { shape(it).erase(shape(it).begin() + static_cast<ptrdiff_t>(axis)); }))
      return;
    for (bool isSmaller = true; isSmaller && shape(best)[axis] > 1;)
      isSmaller = tryTo([&](Subject &it) { shape(it)[axis] /= 2; }) || tryTo([&](Subject &it) { --shape(it)[axis]; });
  }

  void cutHypers() {
    auto cut = [&](std::map<std::string, double> Inputs::*which) {
      for (const auto &[name, value] : std::map<std::string, double>(best.inputs.*which))
        tryTo([&](Subject &it) { (it.inputs.*which).erase(name); });
    };
    cut(&Inputs::hypers);
    cut(&Inputs::odd);
    cut(&Inputs::later);
    if (!best.inputs.returned.empty())
      tryTo([](Subject &it) { it.inputs.returned.clear(); });
    if (!best.optimizer.hypers.empty())
      tryTo([](Subject &it) { it.optimizer.hypers.clear(); });
  }

  // ---- the pipe

  using Pipe = std::vector<Stage>;

  /// Every pipe of a subject in one order, whose numbers stay until one is cut.
  static void collect(Pipe &pipe, std::vector<Pipe *> &found) {
    found.push_back(&pipe);
    for (Stage &stage : pipe) {
      if (!stage.inner.empty())
        collect(stage.inner, found);
      for (Stage::Branch &branch : stage.branches)
        collect(branch.pipe, found);
    }
  }

  static Pipe &pipeOf(Subject &subject, size_t number) {
    std::vector<Pipe *> found;
    collect(subject.optimizer.pipe, found);
    return *found[number];
  }

  size_t countPipes() {
    std::vector<Pipe *> found;
    collect(best.optimizer.pipe, found);
    return found.size();
  }

  void cutStages() {
    for (size_t pipe = 0; pipe < countPipes(); ++pipe)
      for (size_t stage = 0; stage < pipeOf(best, pipe).size();)
        if (!replaceStage(pipe, stage))
          cutStage(pipe, stage++);
  }

  /// Leaves a stage out, or puts a part of it in its place.
  bool replaceStage(size_t pipe, size_t stage) {
    Stage old = pipeOf(best, pipe)[stage];
    std::vector<Pipe> simpler;
    if (!old.inner.empty())
      simpler.push_back(old.inner);
    for (const Stage::Branch &branch : old.branches)
      simpler.push_back(branch.pipe);
    if (pipeOf(best, pipe).size() > 1)
      simpler.emplace_back();
    return std::ranges::any_of(simpler, [&](const Pipe &candidate) {
      return tryTo([&](Subject &it) {
        Pipe &stages = pipeOf(it, pipe);
        auto place = stages.erase(stages.begin() + static_cast<ptrdiff_t>(stage));
        stages.insert(place, candidate.begin(), candidate.end());
      });
    });
  }

  void cutStage(size_t pipe, size_t stage) {
    auto cut = [&](auto Stage::*member) {
      if (!(pipeOf(best, pipe)[stage].*member).empty())
        tryTo([&](Subject &it) { (pipeOf(it, pipe)[stage].*member).clear(); });
    };
    cut(&Stage::predicate);
    cut(&Stage::arguments);
    cut(&Stage::storage);
    cut(&Stage::label);
    for (size_t i = pipeOf(best, pipe)[stage].branches.size(); i-- > 0;)
      tryTo([&](Subject &it) {
        auto &branches = pipeOf(it, pipe)[stage].branches;
        branches.erase(branches.begin() + static_cast<ptrdiff_t>(i));
      });
  }

  // ---- the parts

  void cutItems() {
    for (size_t part = 0; part < best.optimizer.parts.size(); ++part)
      for (size_t i = best.optimizer.parts[part].items.size(); i-- > 0;)
        if (i < best.optimizer.parts[part].items.size())
          tryTo([&](Subject &it) { removeItem(it, it.optimizer.parts[part], i); });
  }

  static void removeItem(Subject &subject, Part &part, size_t index) {
    std::vector<Item> &items = part.items;
    Item item = items[index];
    items.erase(items.begin() + static_cast<ptrdiff_t>(index));
    if (item.kind == ItemKind::Equation && item.name == "w" && part.kind != PartKind::Transform)
      items.push_back({ItemKind::Equation, "w", "w' = %0", {leaf("w", IndexSet::Element)}});
    if (item.kind == ItemKind::State)
      std::erase_if(items, [&](const Item &it) { return it.kind == ItemKind::Equation && it.name == item.name; });
    if (item.kind == ItemKind::Equation && item.name == "g")
      part.replaceName("g", leaf("g", IndexSet::Element));
    if (item.kind == ItemKind::Let)
      part.replaceName(item.name, item.expressions.front());
    if (item.kind == ItemKind::State)
      part.replaceName(item.name, item.expressions.back());
    if (item.kind == ItemKind::Hyper) {
      part.replaceName(item.name, leaf("0.5", IndexSet::Model));
      for (auto *hypers : {&subject.inputs.hypers, &subject.inputs.odd, &subject.inputs.later})
        hypers->erase(item.name);
      subject.inputs.returned.erase(item.name);
    }
  }

  void cutExpressions() {
    for (size_t part = 0; part < best.optimizer.parts.size(); ++part)
      for (size_t item = 0; item < best.optimizer.parts[part].items.size(); ++item)
        for (size_t which = 0; which < best.optimizer.parts[part].items[item].expressions.size(); ++which) {
          Place place{part, item, which};
          for (size_t node = 0; node < expression(best, place).size();)
            if (!cutNode(place, node))
              ++node;
        }
  }

  /// Where an expression stands.
  struct Place {
    size_t part, item, which;
  };

  static Expression &expression(Subject &subject, Place place) {
    return subject.optimizer.parts[place.part].items[place.item].expressions[place.which];
  }

  /// Puts something simpler in the place of a node; what is left there may be cut again.
  bool cutNode(Place place, size_t node) {
    const Expression old = expression(best, place).at(node);
    std::vector<Expression> simpler;
    if (old.operands.empty()) {
      if (old.set != IndexSet::Element || old.form == "w" || old.form == "g" || old.isCondition)
        return false;
      simpler = {leaf("w", IndexSet::Element), leaf("g", IndexSet::Element)};
    } else {
      simpler = {leaf(old.isCondition ? "true" : "1", IndexSet::Model), leaf("g", IndexSet::Element),
                 leaf("w", IndexSet::Element)};
      if (old.isCondition)
        simpler.resize(1);
      for (const Expression &operand : old.operands)
        if (operand.isCondition == old.isCondition)
          simpler.push_back(operand);
    }
    return std::ranges::any_of(simpler, [&](const Expression &candidate) {
      return tryTo([&](Subject &it) { expression(it, place).at(node) = candidate; });
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

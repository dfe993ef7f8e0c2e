// Optimizers composed of random parts, and what they are run on.
#include "test/fuzz/rules/Generate.h"

#include "test/fuzz/rules/PartMaker.h"

#include <algorithm>

namespace ravine::fuzz {

namespace {

class Generator {
public:
  explicit Generator(uint64_t seed) : choice(seed) { subject.seed = seed; }

  Subject run() {
    chooseGroups();
    bool isChosenForMatrices = groups.needMatrix() && !groups.areAllMatrices && choice.once(3);
    groups.areAllMatrices |= isChosenForMatrices;
    subject.optimizer.pipe = {stageOf(PartKind::Optimizer, "rule", "")};
    subject.optimizer.parts.back().isForMatrices = groups.areAllMatrices && choice.once(4);
    if (isChosenForMatrices) {
      groups.areAllMatrices = false;
      subject.optimizer.pipe = {selectionForMatrices(std::move(subject.optimizer.pipe))};
    }
    if (!choice.once(4)) // else the rule alone
      compose(isChosenForMatrices);
    addTensors();
    addPrecisions();
    addOfWhole();
    return std::move(subject);
  }

private:
  /// A new part, and a use of it.
  Stage stageOf(PartKind kind, const std::string &name, const std::string &prefix, bool isOfSomeTensors = false) {
    MadePart made = makePart(choice, {kind, name, prefix, groups, isOfSomeTensors}, subject.inputs);
    Stage stage;
    stage.part = name;
    if (!made.adjustable.empty() && choice.once(3))
      stage.arguments.push_back(argumentFor(choice.from(made.adjustable)));
    static const std::array formats = {"bf16", "f16", "f32", "f64"};
    if (!made.storable.empty() && choice.once(6))
      stage.storage.push_back(choice.from(made.storable) + " store " + choice.from(formats));
    subject.optimizer.parts.push_back(std::move(made.part));
    return stage;
  }

  std::string argumentFor(const Adjustable &hyper) {
    static const std::array schedules = {"ramp", "(fall then wave)", "0.5*wave(4)", "step/7"};
    if (choice.once(3))
      return hyper.name + " = " + hyper.low;
    std::string value = choice.from(schedules);
    if (hyper.set == IndexSet::Group && choice.once(2))
      value = useOfTop() + "*" + value;
    return hyper.name + " = clamp(" + value + ", " + hyper.low + ", " + hyper.high + ")";
  }

  /// A hyper of the whole.
  std::string useOfTop() {
    if (subject.optimizer.hypers.empty())
      subject.optimizer.hypers.push_back({ItemKind::Hyper, "top", "hyper top = 0.5 in [0, 10]"});
    return "top";
  }

  // ---- composition

  /// What can be computed in one walk of a tensor, mostly; else the compiler refuses it (E0710, E0711).
  void chooseGroups() {
    static const std::array<uint32_t, 10> sizes = {1, 2, 5, 8, 16, 64, 100, 256, 1000, 4096};
    const IndexSet block(IndexSet::Block, choice.from(sizes));
    const std::vector<std::vector<IndexSet>> sets = {{},
                                                     {},
                                                     {block},
                                                     {block},
                                                     {IndexSet::Row},
                                                     {IndexSet::Row, IndexSet::Col},
                                                     {IndexSet::Row, IndexSet::Channel},
                                                     {IndexSet::Col},
                                                     {IndexSet::Channel}};
    groups.sets = choice.from(sets);
    if (choice.once(40))
      groups.sets = {block, IndexSet::Row, IndexSet::Col, IndexSet::Channel};
    groups.areAllMatrices = groups.needMatrix() && choice.once(2);
    areTensorsMatrices = groups.areAllMatrices;
  }

  Stage selectionForMatrices(std::vector<Stage> pipe) {
    Stage selection;
    selection.branches = {{"of_matrices", choice.once(2) ? "matrix" : "rank >= 2", std::move(pipe)},
                          {"others", "_", {simpleRule()}}};
    return selection;
  }

  void compose(bool isSelection) {
    std::vector<Stage> &pipe = subject.optimizer.pipe;
    if (choice.once(3) && !isSelection)
      pipe = {selectionOf(std::move(pipe))};
    if (choice.once(4))
      pipe = {genericAround(std::move(pipe))};
    for (size_t i = choice.below(4); i > 0; --i)
      addTransform(pipe, std::string(1, static_cast<char>('a' + transforms++)));
    if (pipe.size() == 1 && pipe.front().isPlain())
      addTransform(pipe, std::string(1, static_cast<char>('a' + transforms++)));
  }

  void addTransform(std::vector<Stage> &pipe, const std::string &name, bool isInBranch = false) {
    bool isConditional = choice.once(3);
    Stage stage = stageOf(PartKind::Transform, "change_" + name, name + "_", isInBranch || isConditional);
    if (isConditional)
      stage.predicate = predicate();
    if (choice.once(4))
      stage.label = "label_" + name;
    size_t copies = choice.once(8) ? 2 : 1;
    for (size_t i = 0; i < copies; ++i) {
      if (copies > 1)
        stage.label = "label_" + name + std::to_string(i);
      pipe.insert(pipe.begin() + static_cast<ptrdiff_t>(choice.below(pipe.size() + 1)), stage);
    }
  }

  /// What one part says for all.
  void addOfWhole() {
    for (Stage &stage : subject.optimizer.pipe)
      if (stage.part.empty() || stage.part == "rule" || stage.part == "around")
        if (choice.once(6))
          stage.storage.emplace_back("master f32");
    const std::string &zeroing = choice.from(subject.optimizer.parts).name;
    std::vector<Stage> &pipe = subject.optimizer.pipe;
    auto use = std::ranges::find(pipe, zeroing, &Stage::part);
    bool isForAll = use != pipe.end() && use->predicate.empty() && std::ranges::count(pipe, zeroing, &Stage::part) == 1;
    for (Part &part : subject.optimizer.parts)
      if (part.name == zeroing && isForAll && choice.once(6))
        part.items.push_back({ItemKind::Policy, "", "zero g"});
  }

  /// In parentheses where it holds a sign that could end the arguments of a generic part.
  std::string predicate() {
    static const std::array predicates = {"matrix",
                                          "not matrix",
                                          "rank == 1",
                                          "(size > 16)",
                                          "(rows >= cols)",
                                          "(cols > 2)",
                                          "name(\"*.weight\")",
                                          "not name(\"*.bias\", \"embed?\")",
                                          "group(\"odd*\")",
                                          "(size > 8 and rank < 2)",
                                          "not group(\"even.?\")"};
    if (choice.once(6))
      return "(" + useOfTop() + " > 0.25)";
    return choice.from(predicates);
  }

  Stage genericAround(std::vector<Stage> inner) {
    if (choice.once(3))
      addTransform(inner, std::string(1, static_cast<char>('a' + transforms++)));
    Stage stage = stageOf(PartKind::Generic, "around", "o_");
    stage.inner = std::move(inner);
    return stage;
  }

  /// Of two or three branches, one of which is what is given.
  Stage selectionOf(std::vector<Stage> pipe) {
    if (choice.once(3))
      addTransform(pipe, std::string(1, static_cast<char>('a' + transforms++)), /*isInBranch=*/true);
    std::vector<std::vector<Stage>> pipes = {std::move(pipe)};
    pipes.push_back({simpleRule()});
    if (choice.once(2)) {
      Stage frozen;
      frozen.part = "frozen";
      pipes.push_back({frozen});
    }
    std::swap(pipes.front(), pipes[choice.below(pipes.size())]);
    Stage selection;
    for (size_t i = 0; i < pipes.size(); ++i)
      selection.branches.push_back({"branch" + std::to_string(i), i + 1 == pipes.size() ? "_" : predicate(), pipes[i]});
    return selection;
  }

  /// With a number of the model, which is that of its tensors, and a state.
  Stage simpleRule() {
    Part part{PartKind::Optimizer, "simple", {}};
    auto element = [](const char *text) { return leaf(text, IndexSet::Element); };
    part.items = {
        {ItemKind::Hyper, "q_h1", "hyper q_h1 = 0.1 in [0, inf)"},
        {ItemKind::State, "q_s1", "state q_s1 = %0", {leaf("0", IndexSet::Model)}},
        {ItemKind::State, "q_s2", "state q_s2 [model] = %0", {leaf("1", IndexSet::Model)}},
        {ItemKind::Equation, "q_s1", "q_s1' = 0.9*q_s1 + %0", {element("g")}},
        {ItemKind::Equation, "q_s2", "q_s2' = 0.5*q_s2 + %0", {leaf("max[model](abs(g))", IndexSet::Model)}},
        {ItemKind::Equation, "w", "w' = w - q_h1*%0", {element("q_s1'/(1 + q_s2)")}},
    };
    subject.optimizer.parts.push_back(std::move(part));
    Stage stage;
    stage.part = "simple";
    return stage;
  }

  // ---- inputs

  void addTensors() {
    static const std::vector<std::vector<int64_t>> small = {
        {},        {0},  {1},  {2, 3}, {7},   {8},    {15},      {4, 4},    {17},     {3, 0, 2},
        {2, 3, 5}, {33}, {64}, {1, 1}, {127}, {1000}, {13, 315}, {5, 1, 9}, {65, 63}, {4095}};
    static const std::vector<std::vector<int64_t>> matrices = {
        {2, 3},    {4, 4},    {3, 0, 2},    {2, 3, 5},   {1, 1},       {13, 315},       {5, 1, 9}, {65, 63}, {1, 100},
        {100, 1},  {3, 1000}, {1000, 3},    {0, 4},      {6, 5, 3, 3}, {2, 1, 4, 1},    {8, 16},   {33, 17}, {7, 64},
        {2, 3, 4}, {16, 9},   {3, 4, 5, 6}, {4, 16, 16}, {1, 7, 3},    {1, 2, 3, 4, 5}, {20, 129}};
    static const std::vector<std::vector<int64_t>> large = {{70001}, {256, 257}, {65536}, {1, 131073, 1}, {65537}};
    static const std::vector<std::vector<int64_t>> largeMatrices = {
        {256, 257}, {1, 131073, 1}, {70001, 1}, {3, 30000}, {30000, 3}, {32, 16, 11, 13}, {70, 1000}};
    static const std::array numbers = {Numbers::Ordinary, Numbers::Ordinary, Numbers::Mild,     Numbers::Mild,
                                       Numbers::Extreme,  Numbers::Zero,     Numbers::NonFinite};
    static const std::array names = {".weight", ".bias", ".scale"};
    Inputs &inputs = subject.inputs;
    inputs.steps = 1 + choice.below(4);
    size_t count = 1 + choice.below(6), largeAt = choice.once(6) ? choice.below(count) : count;
    bool isMild = choice.once(2); // NaN in one tensor reaches all others through the numbers of the model
    for (size_t i = 0; i < count; ++i) {
      bool isMatrix = areTensorsMatrices || (groups.needMatrix() && choice.once(2));
      const auto &shapes = isMatrix && i == largeAt ? largeMatrices
                           : isMatrix               ? matrices
                           : i == largeAt           ? large
                                                    : small;
      TensorInput tensor{choice.from(shapes), isMild ? Numbers::Mild : choice.from(numbers), choice.bits() >> 12};
      if (tensor.shape.size() > 2 && choice.once(2))
        tensor.rowAxes = 1 + static_cast<int64_t>(choice.below(tensor.shape.size() - 1));
      for (size_t step = 0; step < inputs.steps; ++step)
        if (choice.once(6))
          tensor.absent.push_back(static_cast<int64_t>(step));
      tensor.name = choice.once(4) ? "embed" + std::to_string(i) : "layer" + std::to_string(i) + choice.from(names);
      inputs.tensors.push_back(std::move(tensor));
    }
  }

  void addPrecisions() {
    static const std::vector<std::vector<std::string>> sets = {
        {"bf16"}, {"f16"}, {"bf16/f32"}, {"f64"}, {"f32", "bf16"}, {"f64", "f32"}, {"bf16/f32", "f16", "f64"}};
    if (!choice.once(2)) // else f32
      return;
    const std::vector<std::string> &set = choice.from(sets);
    for (TensorInput &tensor : subject.inputs.tensors)
      tensor.precision = choice.from(set);
  }

  Choice choice;
  Subject subject;
  /// What parts speak of.
  Groups groups;
  bool areTensorsMatrices = false;
  size_t transforms = 0;
};

} // namespace

Subject generate(uint64_t seed) {
  return Generator(seed).run();
}

} // namespace ravine::fuzz

// Finding index sets that no walk of a tensor's memory serves together.
#include "compiler/formation/GroupLimits.h"

#include "compiler/diagnostics/Utf8.h"
#include "compiler/formation/Reductions.h"
#include "compiler/transforms/Specialize.h"

using namespace mlir;
using namespace ravine;

// ---- places in sources

/// The byte at which a character of a line stands, both counted from 1.
static uint32_t offsetOf(const SourceManager &sources, uint32_t file, FileLineColLoc place) {
  std::string_view line = sources.line(file, place.getLine());
  auto offset = static_cast<uint32_t>(line.data() - sources.text(file).data());
  for (unsigned column = 1; column < place.getColumn() && !line.empty(); ++column) {
    uint32_t length = decodeUtf8(line).length;
    line.remove_prefix(length);
    offset += length;
  }
  return offset;
}

/// The word at a location, with an index set in brackets where that follows.
static SourceSpan spanOf(Location location, const SourceManager &sources) {
  auto place = location->findInstanceOf<FileLineColLoc>();
  for (uint32_t file = 0; place && file < sources.size(); ++file) {
    if (StringRef(sources.name(file)) != place.getFilename())
      continue;
    uint32_t begin = offsetOf(sources, file, place);
    StringRef rest = StringRef(sources.text(file)).drop_front(begin);
    size_t length = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; }).size();
    size_t bracket = rest.drop_front(length).starts_with("[") ? rest.find(']', length) : StringRef::npos;
    if (bracket != StringRef::npos)
      length = bracket + 1;
    return {file, begin, begin + static_cast<uint32_t>(std::max<size_t>(length, 1))};
  }
  return SourceSpan::nowhere();
}

static std::string quoted(IndexSet set) {
  return "`" + spelling(set) + "`";
}

// ---- searches

std::vector<ravine::Diagnostic> ravine::findSearchesAcrossRows(ir::OptimizerOp rule, const SourceManager &sources) {
  std::vector<ravine::Diagnostic> found;
  rule.walk([&](Operation *op) {
    if (!formation::isOperation(op))
      return;
    IndexSet set = formation::memberSetOf(op);
    if (set != IndexSet::Col && set != IndexSet::Channel)
      return;
    std::string name = formation::wordOf(op).str();
    found.push_back({Code::E0712,
                     spanOf(op->getLoc(), sources),
                     "`" + name + "` goes over what lies together in memory, and the elements of a " +
                         (set == IndexSet::Col ? "column" : "channel") + " do not",
                     "",
                     "write `" + name + "[row]`, `[block N]` or `[tensor]`",
                     {}});
  });
  return found;
}

// ---- clashes

namespace {

/// An index set of groups and the first place that asks for it.
struct Use {
  IndexSet set;
  Location place;
};

/// The index sets of groups that a rule folds, searches and keeps states over, each once.
std::vector<Use> usesIn(ir::OptimizerOp rule, llvm::function_ref<bool(size_t state)> exists) {
  std::vector<Use> uses;
  auto add = [&](IndexSet set, Location place) {
    if (set.isOfGroups() && llvm::none_of(uses, [&](const Use &use) { return use.set == set; }))
      uses.push_back({set, place});
  };
  llvm::SmallPtrSet<Operation *, 4> absent;
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>())) {
    if (exists(index))
      add(state.getFieldType().getSet(), state.getLoc());
    else
      absent.insert(state);
  }
  rule.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (absent.contains(op))
      return WalkResult::skip();
    if (formation::isReduction(op))
      add(formation::memberSetOf(op), op->getLoc());
    return WalkResult::advance();
  });
  return uses;
}

std::optional<Code> clashOf(IndexSet left, IndexSet right) {
  if (left.kind == IndexSet::Block || right.kind == IndexSet::Block)
    return left == right ? std::nullopt : std::optional(Code::E0710);
  bool isColumns = left == IndexSet::Col || right == IndexSet::Col;
  bool isChannels = left == IndexSet::Channel || right == IndexSet::Channel;
  return isColumns && isChannels ? std::optional(Code::E0711) : std::nullopt;
}

/// Collects clashes, each pair of index sets once.
class Clashes {
public:
  explicit Clashes(const SourceManager &sources) : sources(sources) {}

  void add(llvm::ArrayRef<Use> uses) {
    for (size_t second = 0; second < uses.size(); ++second)
      for (size_t first = 0; first < second; ++first)
        if (std::optional<Code> code = clashOf(uses[first].set, uses[second].set))
          add(*code, uses[first], uses[second]);
  }

  std::vector<ravine::Diagnostic> found;

private:
  void add(Code code, const Use &first, const Use &second) {
    std::pair pair = {quoted(first.set), quoted(second.set)};
    if (pair.first > pair.second)
      std::swap(pair.first, pair.second);
    if (llvm::is_contained(seen, pair))
      return;
    seen.push_back(pair);
    std::string hint =
        code == Code::E0710
            ? "a tensor goes by blocks of one size, or by rows with columns or channels: choose one, or let "
              "a `case` or a `select` decide which tensors take which"
            : "a channel is several columns: choose one of the two, or let a `case` or a `select` decide "
              "which tensors take which";
    found.push_back({code,
                     spanOf(second.place, sources),
                     quoted(second.set) + " cannot stand beside " + quoted(first.set) + " in the step of one tensor",
                     "",
                     std::move(hint),
                     {{spanOf(first.place, sources), quoted(first.set) + " is asked for here"}}});
  }

  const SourceManager &sources;
  std::vector<std::pair<std::string, std::string>> seen;
};

} // namespace

std::vector<ravine::Diagnostic> ravine::findClashesOfGroups(ir::OptimizerOp rule, const SourceManager &sources) {
  // Most rules have no two such index sets, in whatever outcome.
  Clashes anywhere(sources);
  anywhere.add(usesIn(rule, [](size_t) { return true; }));
  if (anywhere.found.empty())
    return {};
  Conditions conditions = collectConditions(rule);
  Clashes clashes(sources);
  for (uint32_t outcome : conditions.outcomes) {
    OwningOpRef<ir::OptimizerOp> variant = specialize(rule, conditions, outcome, rule.getStorage().front());
    clashes.add(usesIn(*variant, [&](size_t state) { return conditions.exists(state, outcome, false); }));
  }
  return std::move(clashes.found);
}

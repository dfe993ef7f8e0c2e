// What `ravine explain` says of the traffic of a step, in words.
#include "compiler/driver/TrafficText.h"

#include "compiler/formation/Precisions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace ravine;
using namespace ravine::driver;

/// Whether a text ends where the bracket closes that it begins with, of which `text` is what follows; what stands in
/// quotes closes none.
static bool closesAtEnd(llvm::StringRef text) {
  int depth = 1;
  bool isQuoted = false;
  for (size_t place = 0; place < text.size(); ++place) {
    char character = text[place];
    if (character == '"')
      isQuoted = !isQuoted;
    else if (!isQuoted && (character == '(' || character == ')'))
      depth += character == '(' ? 1 : -1;
    if (depth == 0)
      return place + 1 == text.size();
  }
  return false;
}

/// Whether nothing that stands beside it can be read together with a part of it: a name or a call.
static bool isOperand(llvm::StringRef condition) {
  auto isOfWord = [](char character) { return llvm::isAlnum(character) || character == '_'; };
  llvm::StringRef rest = condition.drop_while(isOfWord);
  return rest.size() < condition.size() && (rest.empty() || (rest.consume_front("(") && closesAtEnd(rest)));
}

/// What a condition denies as a whole; empty where it denies nothing or only a part of it.
static llvm::StringRef deniedBy(llvm::StringRef condition) {
  if (!condition.consume_front("not"))
    return "";
  llvm::StringRef denied = condition.ltrim();
  if (llvm::StringRef inner = denied; inner.consume_front("(") && closesAtEnd(inner))
    return inner.drop_back();
  return denied.size() < condition.size() && isOperand(denied) ? denied : "";
}

/// What holds or does not, in brackets wherever it could be read together with what stands beside it.
static std::string outcomeText(llvm::StringRef condition, bool holds, bool isAlone) {
  if (llvm::StringRef denied = deniedBy(condition); !holds && !denied.empty())
    return outcomeText(denied, true, isAlone);
  if (!holds)
    return "not (" + condition.str() + ")";
  return isAlone || isOperand(condition) ? condition.str() : "(" + condition.str() + ")";
}

/// Whether it says which branch of a selection is taken. Nothing that is asked in a source begins like this.
static bool isBranch(llvm::StringRef condition) {
  return condition.starts_with("in branch ");
}

/// `when (momentum > 0) and not (nesterov)`, `in branch rest (all others)`, and whether that is the default; empty
/// where nothing is decided at creation.
static std::string answersText(const ShownVariant &variant) {
  const auto &conditions = variant.traffic.conditions;
  std::string branches, others;
  size_t otherCount =
      static_cast<size_t>(llvm::count_if(conditions, [](const auto &it) { return !isBranch(it.first); }));
  for (const auto &[condition, holds] : conditions)
    if (isBranch(condition))
      branches += (branches.empty() ? "" : ", ") + condition;
    else
      others += (others.empty() ? "when " : " and ") + outcomeText(condition, holds, otherCount == 1);
  if (variant.isDefault && !others.empty())
    others += variant.asksForShape ? " (a matrix with default hypers)" : " (the default)";
  return branches + (branches.empty() || others.empty() ? "" : " ") + others;
}

size_t ravine::driver::precisionCount(const OptimizerDescription &optimizer) {
  return precisionsOf(optimizer.rule).size();
}

std::string ravine::driver::headOf(const ShownVariant &variant, bool hasPrecision) {
  std::string precision = hasPrecision ? "in " + variant.traffic.precision : "", condition = answersText(variant);
  return precision + (precision.empty() || condition.empty() ? "" : ", ") + condition;
}

static std::string sweepsText(size_t count, unsigned bytes) {
  return std::to_string(count) + (count == 1 ? " sweep, " : " sweeps, ") + std::to_string(bytes) +
         " bytes per parameter";
}

/// ` + 8 per row`
static std::string perGroup(IndexSet set, unsigned bytes) {
  return bytes == 0 ? "" : " + " + std::to_string(bytes) + " per " + spelling(set);
}

std::string ravine::driver::costText(const VariantTraffic &variant) {
  std::string asides;
  auto addAside = [&](const std::string &text) { asides += (asides.empty() ? "" : "; ") + text; };
  if (variant.bytesCached != variant.bytesPerParameter)
    addAside(std::to_string(variant.bytesCached) + " if tensors stay in cache");
  if (variant.lowerBound)
    addAside("the least in as many sweeps is " + std::to_string(*variant.lowerBound));
  std::string moved = sweepsText(variant.sweeps.size(), variant.bytesPerParameter);
  for (const GroupTraffic &group : variant.groups)
    moved += perGroup(group.set, group.read + group.written);
  std::string kept = std::to_string(variant.stateBytes) + " of state";
  for (auto [set, bytes] : variant.stateBytesOfGroups)
    kept += perGroup(set, bytes);
  return moved + (asides.empty() ? "" : " (" + asides + ")") + ", " + kept;
}

/// What is different for tensors that stay in cache; empty where nothing is.
static std::string cachedText(const VariantTraffic &variant) {
  if (variant.bytesCached == variant.bytesPerParameter && variant.residentSweeps.empty())
    return "";
  bool hasScratch = llvm::any_of(variant.residentSweeps, [](const SweepTraffic &sweep) {
    return llvm::any_of(sweep.buffers, [](const BufferTraffic &buffer) { return buffer.isScratch; });
  });
  return std::string("If a tensor stays in cache, a sweep finds there what those before it have touched") +
         (hasScratch ? "; scratch, which costs no main memory, keeps what would be computed again." : ".");
}

/// A member of an index set, to people: a block of 256 elements is a block.
static std::string groupName(IndexSet set) {
  return set.kind == IndexSet::Block ? "block" : spelling(set);
}

/// Why the step is one sweep; empty where that takes more than a sentence.
static std::string reasonText(const VariantTraffic &variant) {
  if (variant.sweeps.empty())
    return "No element changes.";
  const SweepTraffic &first = variant.sweeps.front();
  if (variant.sweeps.size() > 1 || !first.awaits.empty() || first.awaitsQuestion)
    return "";
  if (first.elementPasses() > 1 && !first.knownByTile.empty())
    return "No element waits for more than its " + groupName(first.knownByTile.front().set) +
           ", so one sweep is enough: it moves every buffer once.";
  return first.reductions.empty()
             ? "Each element needs nothing but its own numbers, so one sweep is enough: it moves every buffer once."
             : "No element waits for a reduction, so one sweep is enough: it moves every buffer once.";
}

/// What a step that ends early moves.
static std::string exitText(const ExitTraffic &exit, const SourceWords &words) {
  if (exit.refuses)
    return "";
  std::string when = exit.isOfGuard ? "Where a gradient is not finite" : "Where the step is skipped";
  if (exit.line > 0)
    when += " (" + words.place(exit.file, exit.line) + ")";
  return when + ": " + sweepsText(exit.sweeps.size(), exit.bytesPerParameter) + ".";
}

/// Where memory is written that is not read.
static std::string writingText(const VariantTraffic &variant) {
  auto isOnlyWritten = [](const BufferTraffic &buffer) { return buffer.read == 0 && !buffer.isScratch; };
  bool writesOnly = llvm::any_of(variant.sweeps,
                                 [&](const SweepTraffic &sweep) { return llvm::any_of(sweep.buffers, isOnlyWritten); });
  return writesOnly ? "What is only written counts once, though caches may fetch it before." : "";
}

std::vector<std::string> ravine::driver::remarksOn(const VariantTraffic &variant, const SourceWords &words) {
  std::vector<std::string> remarks = {reasonText(variant), cachedText(variant), writingText(variant)};
  for (const ExitTraffic &exit : variant.exits)
    remarks.push_back(exitText(exit, words));
  llvm::erase_if(remarks, [](const std::string &remark) { return remark.empty(); });
  return remarks;
}

/// "norm[tensor](r) (line 8), norm[tensor](w) (line 9)"; empty where there are none.
static std::string listed(const std::vector<FoldedNumber> &numbers, const SourceWords &words,
                          llvm::function_ref<bool(const FoldedNumber &)> isWanted) {
  std::vector<std::string> texts;
  for (const FoldedNumber &number : numbers)
    if (std::string text = words.of(number); isWanted(number) && !llvm::is_contained(texts, text))
      texts.push_back(std::move(text));
  return llvm::join(texts, ", ");
}

std::vector<SweepRun> ravine::driver::runsOf(const VariantTraffic &variant) {
  std::vector<SweepRun> runs = {{"", variant.sweeps, 1, variant.isGuarded}};
  for (llvm::ArrayRef<SweepTraffic> rest = variant.residentSweeps; !rest.empty();) {
    auto isOfStage = [stage = rest.front().stage](const SweepTraffic &sweep) { return sweep.stage == stage; };
    const auto *begin = llvm::find_if(llvm::ArrayRef(variant.sweeps), isOfStage);
    size_t first = static_cast<size_t>(begin - variant.sweeps.data()) + 1;
    auto count = static_cast<size_t>(llvm::count_if(variant.sweeps, isOfStage));
    std::string which = count == 1 ? "sweep " + std::to_string(first)
                                   : "sweeps " + std::to_string(first) + " to " + std::to_string(first + count - 1);
    llvm::ArrayRef<SweepTraffic> sweeps = rest.take_while(isOfStage);
    runs.push_back({which + " instead, for tensors that stay in cache", sweeps, first, variant.isGuarded});
    rest = rest.drop_front(sweeps.size());
  }
  return runs;
}

/// Why a sweep has several passes over elements; empty where it has one.
static std::string walksText(const SweepTraffic &sweep) {
  if (sweep.elementPasses() < 2 || sweep.knownByTile.empty())
    return "";
  std::string group = groupName(sweep.knownByTile.front().set);
  if (sweep.elementPasses() == 2)
    return "walks each " + group + " twice, the second time in cache";
  return "walks each " + group + " " + std::to_string(sweep.elementPasses()) + " times, all but the first in cache";
}

/// What the runtime does with the field that a pass has filled.
static std::string operationText(const PassTraffic &pass, const SourceWords &words) {
  std::string place = pass.over.isOfGroups() ? "each " + groupName(pass.over) : "the " + spelling(pass.over);
  return words.of(pass.operation) + ": the runtime " +
         (pass.isSearch ? "reads the field of " + place + " several times" : "rearranges the field of " + place);
}

std::vector<std::string> ravine::driver::remarksOn(const SweepRun &run, size_t index, const SourceWords &words) {
  const SweepTraffic &sweep = run.sweeps[index];
  std::vector<std::string> remarks;
  auto add = [&](llvm::StringRef before, const std::string &list, llvm::StringRef after = "") {
    if (!list.empty())
      remarks.push_back((before + list + after).str());
  };
  auto isOfModel = [](const FoldedNumber &number) { return number.set == IndexSet::Model; };
  auto isOfTensor = [](const FoldedNumber &number) { return number.set != IndexSet::Model; };
  auto isGuard = [](const FoldedNumber &number) { return number.isGuard; };
  auto isQuestion = [](const FoldedNumber &number) { return number.isAsked && !number.isGuard; };
  auto isWanted = [&](const FoldedNumber &number) { return !number.isGuard || words.has(number); };

  add("waits for ", listed(sweep.awaits, words, isOfModel), " over all tensors");
  bool follows = index > 0 && run.sweeps[index - 1].stage == sweep.stage;
  add(follows ? "follows sweep " + std::to_string(run.first + index - 1) + " tensor by tensor: needs " : "needs ",
      listed(sweep.awaits, words, isOfTensor));
  if (std::string walks = walksText(sweep); !walks.empty())
    add(walks + ": needs ", listed(sweep.knownByTile, words, isWanted));
  for (const PassTraffic &pass : sweep.passes)
    if (pass.isOperation)
      remarks.push_back(operationText(pass, words));
  bool knowsAnswer = llvm::any_of(sweep.awaits, [](const FoldedNumber &number) { return number.isAsked; });
  if (sweep.awaitsQuestion && !knowsAnswer)
    remarks.push_back(run.isGuarded ? "nonfinite: nothing may be written before every gradient is known to be finite"
                                    : "nothing may be written before it is known whether the step is skipped");
  add("folds ", listed(sweep.reductions, words, isWanted));
  add("tells by ", listed(sweep.reductions, words, isGuard), " whether every gradient is finite");
  add("tells by ", listed(sweep.reductions, words, isQuestion), " whether the step is skipped");
  return remarks;
}

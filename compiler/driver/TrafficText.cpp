// What `ravine explain` says of the traffic of a step, in words.
#include "compiler/driver/TrafficText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace ravine;
using namespace ravine::driver;

std::string ravine::driver::conditionText(const VariantTraffic &variant) {
  auto texts = llvm::map_range(variant.conditions, [](const auto &condition) {
    const auto &[text, holds] = condition;
    return holds ? text : "not (" + text + ")";
  });
  return llvm::join(texts, " and ");
}

std::string ravine::driver::costText(const VariantTraffic &variant) {
  size_t count = variant.sweeps.size();
  std::string asides;
  auto addAside = [&](const std::string &text) { asides += (asides.empty() ? "" : "; ") + text; };
  if (variant.bytesCached != variant.bytesPerParameter)
    addAside(std::to_string(variant.bytesCached) + " if tensors stay in cache");
  if (variant.lowerBound)
    addAside("the least possible is " + std::to_string(*variant.lowerBound));
  return std::to_string(count) + (count == 1 ? " sweep, " : " sweeps, ") + std::to_string(variant.bytesPerParameter) +
         " bytes per parameter" + (asides.empty() ? "" : " (" + asides + ")") + ", " +
         std::to_string(variant.stateBytes) + " of state";
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

/// Why the step is one sweep; empty where that takes more than a sentence.
static std::string reasonText(const VariantTraffic &variant) {
  if (variant.sweeps.empty())
    return "No element changes.";
  const SweepTraffic &first = variant.sweeps.front();
  if (variant.sweeps.size() > 1 || !first.awaits.empty() || first.awaitsGuard)
    return "";
  return first.reductions.empty()
             ? "Each element needs nothing but its own numbers, so one sweep is enough: it moves every buffer once."
             : "No element waits for a reduction, so one sweep is enough: it moves every buffer once.";
}

std::vector<std::string> ravine::driver::remarksOn(const VariantTraffic &variant) {
  std::vector<std::string> remarks = {reasonText(variant), cachedText(variant)};
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

std::vector<std::string> ravine::driver::remarksOn(const std::vector<SweepTraffic> &sweeps, size_t index,
                                                   const SourceWords &words) {
  const SweepTraffic &sweep = sweeps[index];
  std::vector<std::string> remarks;
  auto add = [&](llvm::StringRef before, const std::string &list, llvm::StringRef after = "") {
    if (!list.empty())
      remarks.push_back((before + list + after).str());
  };
  auto isOfModel = [](const FoldedNumber &number) { return number.isOfModel; };
  auto isOfTensor = [](const FoldedNumber &number) { return !number.isOfModel; };
  auto isGuard = [](const FoldedNumber &number) { return number.isGuard; };
  auto isAsked = [&](const FoldedNumber &number) { return !number.isGuard || words.has(number); };

  add("waits for ", listed(sweep.awaits, words, isOfModel), " over all tensors");
  bool follows = index > 0 && sweeps[index - 1].stage == sweep.stage;
  add(follows ? "follows sweep " + std::to_string(index) + " tensor by tensor: needs " : "needs ",
      listed(sweep.awaits, words, isOfTensor));
  if (sweep.awaitsGuard && llvm::none_of(sweep.awaits, isGuard))
    remarks.push_back("nonfinite: nothing may be written before every gradient is known to be finite");
  add("folds ", listed(sweep.reductions, words, isAsked));
  add("tells by ", listed(sweep.reductions, words, isGuard), " whether every gradient is finite");
  return remarks;
}

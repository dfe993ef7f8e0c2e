// An optimizer out of a compiled Ravine library, at work on a model.
#include "runtime/train/CompiledOptimizer.h"

#include <charconv>
#include <cmath>

namespace ravine::train {

namespace {

/// 'a', 'b' and 'c'.
std::string listOf(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
  return text;
}

const ravine_hyper_info &findHyper(const ravine_optimizer_info &optimizer, const std::string &name) {
  std::vector<std::string> names;
  for (const ravine_hyper_info &hyper : std::span(optimizer.hypers, optimizer.hyper_count)) {
    if (hyper.name == name)
      return hyper;
    names.emplace_back(hyper.name);
  }
  throw Error(RAVINE_ERROR_NAME, std::string(optimizer.name) + " has no hyperparameter '" + name + "'; it has " +
                                     (names.empty() ? "none" : listOf(names)));
}

/// The finite number that a user's text stands for, for a hyper that is no enum: decimal digits with an optional sign,
/// point and exponent, and nothing else. What has no nearest double but zero or infinity is refused, not rounded.
double numberFrom(const ravine_hyper_info &hyper, const std::string &text) {
  const bool isBool = hyper.kind == RAVINE_HYPER_BOOL;
  if (isBool && (text == "true" || text == "false"))
    return text == "true" ? 1 : 0;
  double value = 0;
  const char *const textEnd = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), textEnd, value);
  const std::string sentence = std::string(hyper.name) + " = '" + text + "' is ";
  if (end != textEnd || error == std::errc::invalid_argument || !std::isfinite(value))
    throw Error(RAVINE_ERROR_RANGE, sentence + "not a " + (isBool ? "truth value" : "decimal number"));
  if (error == std::errc::result_out_of_range)
    throw Error(RAVINE_ERROR_RANGE, sentence + "too large or too small for a 64-bit floating-point number");
  return value;
}

std::vector<Setting> settingsFrom(const ravine_optimizer_info &optimizer, std::span<const HyperSetting> given) {
  std::vector<Setting> settings;
  for (const HyperSetting &one : given) {
    const ravine_hyper_info &hyper = findHyper(optimizer, one.name);
    if (hyper.kind == RAVINE_HYPER_ENUM)
      settings.push_back({.name = one.name, .choice = one.value});
    else
      settings.push_back({.name = one.name, .value = numberFrom(hyper, one.value)});
  }
  return settings;
}

ravine_host hostOf(ThreadPool &pool) {
  ravine_host host{};
  host.struct_size = sizeof host;
  host.context = &pool;
  host.parallel_for = [](void *context, size_t count, void (*task)(void *, size_t), void *taskContext) {
    static_cast<ThreadPool *>(context)->forEach(count, [&](size_t index, size_t) { task(taskContext, index); });
  };
  return host;
}

} // namespace

Library openLibrary(const std::string &path) {
  try {
    return Library::open(path.find('/') == std::string::npos ? "./" + path : path);
  } catch (const Error &reason) {
    throw Error(reason.status(), path + " cannot be used as an optimizer: " + reason.what());
  }
}

const ravine_optimizer_info &findOptimizer(const Library &library, const std::string &name) {
  const std::span<const ravine_optimizer_info> optimizers = library.optimizers();
  if (name.empty() && optimizers.size() == 1)
    return optimizers.front();
  std::vector<std::string> names;
  for (const ravine_optimizer_info &optimizer : optimizers) {
    if (optimizer.name == name)
      return optimizer;
    names.emplace_back(optimizer.name);
  }
  const std::string choice = names.empty() ? "none" : listOf(names);
  throw Error(RAVINE_ERROR_NAME, name.empty()
                                     ? "the library has several optimizers, of which one must be chosen: " + choice
                                     : "the library has no optimizer '" + name + "'; it has " + choice);
}

CompiledOptimizer::CompiledOptimizer(const Library &library, const ravine_optimizer_info &description, Binding binding,
                                     std::span<const HyperSetting> settings, ThreadPool &pool)
    : description(&description), values(std::move(binding.values)), gradients(std::move(binding.gradients)),
      optimizer([&] {
        const ravine_host host = hostOf(pool);
        return Optimizer(
            library, binding.tensors,
            {.optimizer = description.name, .settings = settingsFrom(description, settings), .host = &host});
      }()) {}

double CompiledOptimizer::setting(const std::string &name) const {
  const bool isPerTensor = findHyper(*description, name).index_set == RAVINE_PER_TENSOR;
  return isPerTensor ? optimizer.getFor(0, name.c_str()) : optimizer.get(name.c_str());
}

} // namespace ravine::train

// The training run of the lenet program.
#include "examples/lenet/TrainLeNet.h"

#include "examples/lenet/FashionMnist.h"
#include "runtime/loss/SoftmaxCrossEntropy.h"
#include "runtime/nn/Initializer.h"
#include "runtime/nn/models/LeNet.h"
#include "runtime/train/ProgressBar.h"

#include <filesystem>
#include <iostream>
#include <limits>
#include <sstream>

namespace lenet {

namespace {

using namespace ravine;

/// The header that `ravine build` writes beside a library, if it is there: adamw.h for adamw.so or libadamw.so.
std::optional<std::filesystem::path> headerOf(const std::filesystem::path &library) {
  const std::string stem = library.stem().string();
  for (const std::string &name : {stem, stem.starts_with("lib") ? stem.substr(3) : stem}) {
    std::filesystem::path header = library.parent_path() / (name + ".h");
    if (std::filesystem::exists(header))
      return header;
  }
  return std::nullopt;
}

void describe(const train::CompiledOptimizer &optimizer) {
  const ravine_optimizer_info &info = optimizer.info();
  std::cout << "optimizer  " << info.name;
  for (const ravine_hyper_info &hyper : std::span(info.hypers, info.hyper_count)) {
    const double value = optimizer.setting(hyper.name);
    std::cout << "  " << hyper.name << "=";
    if (hyper.kind == RAVINE_HYPER_ENUM)
      std::cout << hyper.choices[static_cast<size_t>(value)];
    else
      std::cout << value;
  }
  std::cout << "\n";
}

/// A call of this program with another choice of one thing, all else as the user had it.
std::string callWith(const CommandLine &line) {
  const CommandLine defaults;
  std::ostringstream call;
  call << line.program << " --library " << line.library;
  const auto option = [&](const char *name, const auto &value, const auto &standard) {
    if (value != standard)
      call << " --" << name << " " << value;
  };
  option("optimizer", line.optimizer, defaults.optimizer);
  for (const auto &[name, value] : line.settings)
    call << " --set " << name << "=" << value;
  option("epochs", line.epochs, defaults.epochs);
  option("batch", line.batch, defaults.batch);
  option("seed", line.seed, defaults.seed);
  option("threads", line.threads, defaults.threads);
  option("data", line.data, defaults.data);
  option("limit", line.limit, defaults.limit);
  return call.str();
}

/// The same call with a hyperparameter `factor` times as large, if there is a learning rate for which that makes sense.
std::optional<std::string> callWithLearningRate(const CommandLine &line, const train::CompiledOptimizer &optimizer,
                                                double factor) {
  const ravine_optimizer_info &info = optimizer.info();
  for (const ravine_hyper_info &hyper : std::span(info.hypers, info.hyper_count)) {
    const std::string name = hyper.name;
    const double value = factor * optimizer.setting(name);
    if (name != "lr" || value <= hyper.lower || value >= hyper.upper)
      continue;
    std::ostringstream text;
    text << value;
    CommandLine changed = line;
    std::erase_if(changed.settings, [&](const auto &setting) { return setting.first == name; });
    changed.settings.emplace_back(name, text.str());
    return callWith(changed);
  }
  return std::nullopt;
}

void suggest(const CommandLine &line, const train::CompiledOptimizer &optimizer, bool hasDiverged) {
  std::cout << "\nTry next\n";
  if (const auto call = callWithLearningRate(line, optimizer, hasDiverged ? 0.1 : 2))
    std::cout << "  " << *call << (hasDiverged ? "   # smaller steps\n" : "   # larger steps\n");
  if (!hasDiverged && line.epochs <= std::numeric_limits<uint32_t>::max() / 2) {
    CommandLine longer = line;
    longer.epochs = 2 * line.epochs;
    std::cout << "  " << callWith(longer) << "   # longer\n";
  }
  CommandLine other = line;
  other.seed = line.seed + 1;
  std::cout << "  " << callWith(other) << "   # other first weights, another order\n";
}

} // namespace

int trainLeNet(const CommandLine &line) {
  const Library library = train::openLibrary(line.library);
  std::ignore = train::findOptimizer(library, line.optimizer); // A wrong name is told before the data are read.

  nn::Sequential<float> model = nn::makeLeNet<float>(classes);
  const auto [training, test] = loadFashionMnist(line.data, model.inputShape(), line.limit);
  if (line.batch > training.size())
    throw std::runtime_error("a batch of " + std::to_string(line.batch) + " images is more than the " +
                             std::to_string(training.size()) + " there are to train with; choose another by --batch N");

  const std::vector<nn::Parameter<float> *> parameters = model.parameters();
  nn::initialize<float>(parameters, nn::Initializer::HeUniform, line.seed);

  train::ThreadPool pool(line.threads ? line.threads
                                      : std::clamp(std::thread::hardware_concurrency(), 1U, mostThreads));
  std::vector<train::HyperSetting> settings;
  settings.reserve(line.settings.size());
  for (const auto &[name, value] : line.settings)
    settings.push_back({name, value});
  train::CompiledOptimizer optimizer(library, line.optimizer, std::span(parameters), settings, pool);

  int64_t parameterCount = 0;
  for (const nn::Parameter<float> *parameter : parameters)
    parameterCount += parameter->value.count();
  std::cout << "LeNet, " << parameterCount << " parameters; " << training.size() << " training and " << test.size()
            << " test images; " << pool.threadCount() << (pool.threadCount() == 1 ? " thread\n" : " threads\n");
  describe(optimizer);
  std::cout << "\n" << std::flush;

  const loss::SoftmaxCrossEntropy<float> loss;
  train::ParallelGradient<float> gradient(model, loss, line.batch, pool);
  train::ProgressBar bar(stdout);
  const train::TrainingResult result = train::train<float>(
      gradient, optimizer, training, test, {.epochs = line.epochs, .batchSize = line.batch, .seed = line.seed}, bar);

  std::printf("\ntest accuracy  %.4f\ntraining       %.1f s, %lld steps, %.0f images/s\n", result.test.accuracy(),
              result.seconds, static_cast<long long>(result.steps), result.examplesPerSecond);
  std::fflush(stdout);
  const std::filesystem::path libraryPath = std::filesystem::absolute(line.library);
  std::cout << "library        " << libraryPath.string() << "\n";
  if (const auto header = headerOf(libraryPath))
    std::cout << "header         " << header->string() << "\n";
  if (result.hasDiverged)
    std::cout << "\nThe loss is no longer a finite number: training has diverged and was stopped.\n";
  suggest(line, optimizer, result.hasDiverged);
  return result.hasDiverged ? 1 : 0;
}

} // namespace lenet

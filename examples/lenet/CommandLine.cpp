// What the user asks of the lenet program.
#include "examples/lenet/CommandLine.h"

#include <charconv>
#include <limits>

namespace lenet {

namespace {

template <typename Integer>
Integer integerFrom(const std::string &option, const std::string &text, Integer smallest,
                    Integer largest = std::numeric_limits<Integer>::max()) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < smallest || value > largest)
    throw UsageError(option + " takes a whole number from " + std::to_string(smallest) + " to " +
                     std::to_string(largest) + ", not '" + text + "'");
  return value;
}

std::pair<std::string, std::string> settingFrom(const std::string &text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError("--set takes name=value, not '" + text + "'");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

std::string usage() {
  const CommandLine defaults;
  return "usage: lenet --library PATH [options]\n"
         "\n"
         "Trains LeNet on Fashion-MNIST with an optimizer that ravine has compiled.\n"
         "\n"
         "  --library PATH     the compiled optimizer, as `ravine build` wrote it\n"
         "  --optimizer NAME   which optimizer of the library (default: the only one)\n"
         "  --set NAME=VALUE   a hyperparameter, such as --set lr=0.002; may be repeated\n"
         "  --epochs N         times that each image is used (default " +
         std::to_string(defaults.epochs) +
         ")\n"
         "  --batch N          images per step (default " +
         std::to_string(defaults.batch) +
         ")\n"
         "  --seed N           decides the first weights and the order of the images (default " +
         std::to_string(defaults.seed) +
         ")\n"
         "  --threads N        at most " +
         std::to_string(mostThreads) +
         " (default: one per processor; the result does not depend on it)\n"
         "  --data DIR         where the four IDX files are, compressed or not\n"
         "                     (default " +
         defaults.data +
         ")\n"
         "  --limit N          use only the first N training images\n";
}

std::optional<CommandLine> parseCommandLine(int count, const char *const *words) {
  CommandLine line;
  line.program = words[0];
  for (int i = 1; i < count; ++i) {
    const std::string option = words[i];
    if (option == "--help" || option == "-h")
      return std::nullopt;
    const auto value = [&]() -> std::string {
      if (i + 1 == count)
        throw UsageError(option + " takes a value");
      return words[++i];
    };
    if (option == "--library")
      line.library = value();
    else if (option == "--optimizer")
      line.optimizer = value();
    else if (option == "--set")
      line.settings.push_back(settingFrom(value()));
    else if (option == "--epochs")
      line.epochs = integerFrom<uint32_t>(option, value(), 1);
    else if (option == "--batch")
      line.batch = integerFrom<int64_t>(option, value(), 1);
    else if (option == "--seed")
      line.seed = integerFrom<uint64_t>(option, value(), 0);
    else if (option == "--threads")
      line.threads = integerFrom<uint32_t>(option, value(), 1, mostThreads);
    else if (option == "--data")
      line.data = value();
    else if (option == "--limit")
      line.limit = integerFrom<int64_t>(option, value(), 1);
    else if (option == "--lr")
      throw UsageError("hyperparameters are set by --set: --set lr=" + value());
    else
      throw UsageError("there is no option '" + option + "'");
  }
  if (line.library.empty())
    throw UsageError("--library is missing: the path of a compiled optimizer");
  return line;
}

} // namespace lenet

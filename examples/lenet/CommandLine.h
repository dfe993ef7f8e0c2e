// What the user asks of the lenet program.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lenet {

/// More would be a slip of the finger: they share the processors, and each needs memory.
inline constexpr uint32_t mostThreads = 1024;

struct CommandLine {
  /// As the program was called.
  std::string program;
  std::string library;
  /// Empty: the only one of the library.
  std::string optimizer;
  /// Hyperparameters, as (name, value).
  std::vector<std::pair<std::string, std::string>> settings;
  uint32_t epochs = 8;
  int64_t batch = 64;
  uint64_t seed = 1;
  /// 0: as many as there are processors.
  uint32_t threads = 0;
  std::string data = "/usr/share/datasets/fashion-mnist";
  /// How many training images to use; 0: all.
  int64_t limit = 0;
};

/// A call that makes no sense; `what()` says why.
class UsageError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] std::string usage();

/// Nothing if help is asked for. Throws UsageError.
[[nodiscard]] std::optional<CommandLine> parseCommandLine(int count, const char *const *words);

} // namespace lenet

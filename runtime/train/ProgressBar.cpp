// Training, watched from a terminal or a log.
#include "runtime/train/ProgressBar.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace ravine::train {

namespace {

constexpr auto timeBetweenDrawings = std::chrono::milliseconds(100);
constexpr int plainLinesPerEpoch = 4;
constexpr int longestBar = 40;

template <typename... Values> std::string formatted(const char *format, Values... values) {
  std::array<char, 200> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

int terminalWidth(std::FILE *output) {
  winsize size{};
  const bool isKnown = ioctl(fileno(output), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return isKnown ? size.ws_col : 80;
}

std::string position(const TrainingProgress &progress) {
  return formatted("epoch %u/%u", progress.epoch, progress.epochs);
}

std::string numbers(const TrainingProgress &progress) {
  const auto seconds = static_cast<long>(progress.secondsLeft + 0.5);
  return formatted("%3.0f %%  loss %.4f  accuracy %5.2f %%  %.0f images/s  %ld:%02ld left",
                   100.0 * static_cast<double>(progress.batch) / static_cast<double>(progress.batches),
                   progress.score.meanLoss(), 100 * progress.score.accuracy(), progress.examplesPerSecond, seconds / 60,
                   seconds % 60);
}

} // namespace

ProgressBar::ProgressBar(std::FILE *output) : output(output), isTerminal(isatty(fileno(output)) == 1) {}

void ProgressBar::onBatch(const TrainingProgress &progress) {
  if (!isTerminal) {
    const auto quartersAt = [&](int64_t batch) { return batch * plainLinesPerEpoch / progress.batches; };
    if (quartersAt(progress.batch) > quartersAt(progress.batch - 1)) {
      std::fprintf(output, "%s %s\n", position(progress).c_str(), numbers(progress).c_str());
      std::fflush(output);
    }
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - lastDrawn < timeBetweenDrawings)
    return;
  lastDrawn = now;
  draw(progress);
}

void ProgressBar::draw(const TrainingProgress &progress) {
  const std::string left = position(progress) + " ", right = " " + numbers(progress);
  const int room = terminalWidth(output) - static_cast<int>(left.size() + right.size()) - 3;
  std::string bar;
  if (room > 4) {
    const auto length = static_cast<size_t>(std::min(room, longestBar));
    const size_t done = length * static_cast<size_t>(progress.batch) / static_cast<size_t>(progress.batches);
    bar = "[" + std::string(done, '=') + std::string(length - done, ' ') + "]";
  }
  // Return to the start of the line, draw over it, and clear what is left of it.
  std::fprintf(output, "\r%s%s%s\x1b[K", left.c_str(), bar.c_str(), right.c_str());
  std::fflush(output);
}

void ProgressBar::onEpoch(const TrainingProgress &progress, const Score &test) {
  std::fprintf(output, "%s%s: loss %.4f, accuracy %.2f %%; on the test set: loss %.4f, accuracy %.2f %%%s\n",
               isTerminal ? "\r" : "", position(progress).c_str(), progress.score.meanLoss(),
               100 * progress.score.accuracy(), test.meanLoss(), 100 * test.accuracy(), isTerminal ? "\x1b[K" : "");
  std::fflush(output);
}

} // namespace ravine::train

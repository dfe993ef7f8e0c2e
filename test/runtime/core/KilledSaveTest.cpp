// A process that is killed while it saves, again and again: the file is always complete, and training goes on from it
// bit for bit.
#include "test/runtime/core/Checkpoints.h"

#include <csignal>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <sys/wait.h>

namespace ravine::test {

namespace {

const std::vector<int64_t> sizes = {9, 4, 150000};

void trainStep(Model &model, int64_t step) {
  setGradients(model, step);
  EXPECT_EQ(model.step(), ok);
}

/// What uninterrupted training comes to after each step.
class Reference {
public:
  Reference() : model_(sizes) {
    makeStaged(model_, "carried");
    keep();
  }

  [[nodiscard]] const std::string &contentsAfter(int64_t step) { return reach(step).contents; }
  [[nodiscard]] const std::vector<std::vector<float>> &parametersAfter(int64_t step) { return reach(step).parameters; }

private:
  struct Moment {
    std::string contents;
    std::vector<std::vector<float>> parameters;
  };

  const Moment &reach(int64_t step) {
    while (static_cast<int64_t>(moments_.size()) <= step) {
      trainStep(model_, static_cast<int64_t>(moments_.size()));
      keep();
    }
    return moments_[static_cast<size_t>(step)];
  }
  void keep() { moments_.push_back({contents(model_), model_.w}); }

  Model model_;
  std::vector<Moment> moments_;
};

/// Trains and saves after every step, for ever.
[[noreturn]] void trainAndSave(const std::string &path) {
  alarm(30); // should nobody kill us
  Model model(sizes);
  makeStaged(model, "carried");
  for (int64_t step = 1;; ++step) {
    trainStep(model, step);
    if (save(model, path) != ok)
      _exit(1);
  }
}

/// Tells a file from the one that it has replaced; 0 where there is none.
ino_t fileNumber(const std::string &path) {
  struct stat found = {};
  return stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

bool knowsFilesWithoutName(const Folder &folder) {
  int file = open(folder.path.c_str(), O_TMPFILE | O_WRONLY, 0600);
  if (file >= 0)
    close(file);
  return file >= 0;
}

TEST(KilledSave, LeavesTheOldFileOrTheNew) {
  Folder folder;
  uint32_t seed = 4711;
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937 random(seed);
  std::uniform_int_distribution<useconds_t> moment(0, 30000);
  Reference reference;
  constexpr int kills = 30;
  for (int kill = 0; kill < kills; ++kill) {
    ino_t before = fileNumber(folder.file());
    pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0)
      trainAndSave(folder.file());
    int status = 0;
    while (fileNumber(folder.file()) == before) {
      ASSERT_EQ(waitpid(child, &status, WNOHANG), 0) << "the child could not save";
      usleep(500); // until it has saved once
    }
    usleep(moment(random));
    ::kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "seed " << seed << ", kill " << kill;

    Model resumed(sizes);
    resumed.host.thread_count = 2;
    makeStaged(resumed, "carried");
    ASSERT_EQ(load(resumed, folder.file()), ok) << "seed " << seed << ", kill " << kill;
    int64_t step = resumed.progress().steps;
    ASSERT_GE(step, 1);
    ASSERT_EQ(contents(resumed), reference.contentsAfter(step));
    resumed.w = reference.parametersAfter(step);
    trainStep(resumed, step + 1);
    trainStep(resumed, step + 2);
    ASSERT_EQ(contents(resumed), reference.contentsAfter(step + 2));
    ASSERT_EQ(resumed.w, reference.parametersAfter(step + 2));
  }
  // A file has a temporary name only between being complete and being in its place.
  if (knowsFilesWithoutName(folder)) {
    EXPECT_LE(folder.count(), 1u + kills / 10);
  }
}

} // namespace

} // namespace ravine::test

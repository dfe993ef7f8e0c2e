// Several threads, and several processes, that compile at once.
#include "Rules.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <spawn.h>
#include <sys/wait.h>

using namespace ravine;
using namespace ravine::test;

constexpr int workers = 8;

/// Runs a task for each worker on a thread of its own.
template <typename Task> static void onThreads(Task task) {
  std::vector<std::thread> threads;
  for (int worker = 0; worker < workers; ++worker)
    threads.emplace_back(task, worker);
  for (std::thread &thread : threads)
    thread.join();
}

TEST(Concurrency, ThreadsCompileDifferentRulesAtOnce) {
  std::atomic<int> right = 0;
  onThreads([&](int worker) {
    double mu = worker / 16.0;
    Compiled compiled = compile(momentumRule(mu), uncached);
    right += compiled && takeThreeSteps(*compiled.library) == afterThreeSteps(mu);
  });
  EXPECT_EQ(right, workers);
}

TEST(Concurrency, ThreadsShareAColdCache) {
  ScratchFolder folder;
  std::atomic<int> right = 0;
  onThreads([&](int) {
    Compiled compiled = compile(momentumRule(0.5), folder.cached());
    right +=
        compiled && compiled.cacheUse != CacheUse::None && takeThreeSteps(*compiled.library) == afterThreeSteps(0.5);
  });
  EXPECT_EQ(right, workers);
  EXPECT_EQ(folder.files(".so").size(), 1u);
  EXPECT_TRUE(folder.files(".part").empty());
}

TEST(Concurrency, ErrorsStayWithTheirThread) {
  std::atomic<int> right = 0;
  onThreads([&](int worker) {
    bool isWrong = worker % 2 == 1;
    Compiled compiled = compile(isWrong ? "optimizer wrong { w' = unknown }" : momentumRule(0.5), uncached);
    right += isWrong ? !compiled && compiled.messages.size() == 1 && compiled.messages[0].code == "E0301"
                     : compiled && compiled.messages.empty();
  });
  EXPECT_EQ(right, workers);
}

TEST(Concurrency, TheProcessIsLeftAsItWas) {
  auto handlers = [] {
    std::vector<void (*)(int)> all;
    for (int signal = 1; signal < SIGRTMIN; ++signal) {
      struct sigaction action = {};
      sigaction(signal, nullptr, &action);
      all.push_back(action.sa_handler);
    }
    return all;
  };
  auto countIn = [](const char *folder) {
    auto entries = std::filesystem::directory_iterator(folder);
    return std::distance(begin(entries), end(entries));
  };
  auto handlersBefore = handlers();
  auto threadsBefore = countIn("/proc/self/task"), filesBefore = countIn("/proc/self/fd");
  {
    Compiled compiled = compile(momentumRule(0.5), uncached);
    ASSERT_TRUE(compiled) << compiled.text();
    // A thread that was joined may be listed for a moment longer.
    for (int attempt = 0; attempt < 500 && countIn("/proc/self/task") > threadsBefore; ++attempt)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_LE(countIn("/proc/self/task"), threadsBefore);
  }
  EXPECT_EQ(handlers(), handlersBefore);
  EXPECT_EQ(countIn("/proc/self/fd"), filesBefore);
}

TEST(Concurrency, ProcessesShareAColdCache) {
  ScratchFolder folder;
  std::string program = RAVINE_EMBED_PROCESS, directory = folder.path(), mu = "0.5";
  char *const arguments[] = {program.data(), directory.data(), mu.data(), nullptr};
  std::vector<pid_t> processes(workers);
  for (pid_t &process : processes)
    ASSERT_EQ(posix_spawn(&process, program.c_str(), nullptr, nullptr, arguments, environ), 0);
  for (pid_t process : processes) {
    int status = -1;
    ASSERT_EQ(waitpid(process, &status, 0), process);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_EQ(folder.files(".so").size(), 1u);
  EXPECT_TRUE(folder.files(".part").empty());
}

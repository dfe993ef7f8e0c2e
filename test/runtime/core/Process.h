// What the tests of threads and files want to know of processes.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

// The thread sanitizer does not start threads in a forked child.
#define SKIP_WITHOUT_THREADS_AFTER_FORK() static_cast<void>(0)
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef SKIP_WITHOUT_THREADS_AFTER_FORK
#define SKIP_WITHOUT_THREADS_AFTER_FORK() GTEST_SKIP() << "the thread sanitizer starts no threads in a forked child"
#endif
#endif

namespace ravine::test {

/// How many threads of pools this process has.
inline int poolThreads() {
  int count = 0;
  for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "comm");
    std::string name;
    count += std::getline(file, name) && name == "ravine";
  }
  return count;
}

/// The same, once it is `expected`, or after a second: the system lists a thread for a moment after it has been joined.
inline int poolThreads(int expected) {
  for (int wait = 0; wait < 1000 && poolThreads() != expected; ++wait)
    usleep(1000);
  return poolThreads();
}

/// Calls `function` in a forked child, which has to return true within half a minute.
template <typename Function> void ExitsWithZero(Function function) {
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(30); // a hang is a failure
    _exit(function() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace ravine::test

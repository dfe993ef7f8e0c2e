// Checking in a child process.
#include "test/fuzz/rules/Check.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ravine::fuzz {

/// Seconds until a check counts as one that never ends.
static constexpr unsigned Patience = 180;

static std::string inOneText(const Verdict &verdict) {
  return std::to_string(verdict.compared) + " " + std::to_string(verdict.excluded) + " " +
         std::to_string(verdict.isRefused ? 1 : 0) + "\n" + verdict.kind + "\n" + verdict.detail;
}

static Verdict fromText(const std::string &text) {
  Verdict verdict;
  int isRefused = 0;
  unsigned long compared = 0, excluded = 0;
  std::sscanf(text.c_str(), "%lu %lu %d", &compared, &excluded, &isRefused);
  size_t kind = text.find('\n') + 1, detail = text.find('\n', kind);
  verdict.compared = compared;
  verdict.excluded = excluded;
  verdict.isRefused = isRefused != 0;
  verdict.kind = text.substr(kind, detail - kind);
  verdict.detail = text.substr(detail + 1);
  return verdict;
}

[[noreturn]] static void report(int pipe, const std::string &source, const Inputs &inputs,
                                const CheckOptions &options) {
  // What a crash prints is of no use here; --replay shows it.
  int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
  alarm(Patience);
  std::string text = inOneText(check(source, inputs, options));
  for (size_t written = 0; written < text.size();) {
    ssize_t count = write(pipe, text.data() + written, text.size() - written);
    if (count <= 0)
      break;
    written += static_cast<size_t>(count);
  }
  _exit(0);
}

static std::string readAll(int pipe) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = read(pipe, buffer, sizeof(buffer))) != 0;)
    if (count > 0)
      text.append(buffer, static_cast<size_t>(count));
    else if (errno != EINTR)
      break;
  return text;
}

Verdict checkApart(const std::string &source, const Inputs &inputs, const CheckOptions &options) {
  int ends[2];
  if (pipe(ends) != 0)
    return {"process", std::strerror(errno)};
  pid_t child = fork();
  if (child < 0)
    return {"process", std::strerror(errno)};
  if (child == 0) {
    close(ends[0]);
    report(ends[1], source, inputs, options);
  }
  close(ends[1]);
  std::string text = readAll(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  removeScratch(options.scratch, child); // which a child that was killed has left
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return {"endless", "no end after " + std::to_string(Patience) + " s"};
  if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0 || text.empty())
    return {"crash", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "the check ended early"};
  return fromText(text);
}

} // namespace ravine::fuzz

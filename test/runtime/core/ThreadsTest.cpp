// Threads: how many, the host's parallel_for, results that do not depend on them, instances, busy calls and fork.
#include "runtime/core/Parallel.h"
#include "test/runtime/core/Model.h"
#include "test/runtime/core/Process.h"

#include <atomic>
#include <cstdlib>
#include <dlfcn.h>
#include <sched.h>
#include <thread>
#include <unistd.h>

namespace ravine::test {

namespace {

// ---- how many

TEST(ThreadCount, IsTheHostsElseTheEnvironmentsElseTheProcessors) {
  cpu_set_t set;
  ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  auto processors = static_cast<size_t>(CPU_COUNT(&set));
  static std::vector<std::string> lines;
  lines.clear();
  ravine_host host = {.struct_size = sizeof host};
  host.log = [](void *, const char *line) { lines.push_back(line); };

  EXPECT_EQ(core::poolThreadCount(host), processors);
  setenv("RAVINE_THREADS", "5", 1);
  EXPECT_EQ(core::poolThreadCount(host), 5u);
  host.thread_count = 3;
  EXPECT_EQ(core::poolThreadCount(host), 3u);
  host.thread_count = 0;
  EXPECT_TRUE(lines.empty());
  for (const char *nonsense : {"many", "0", "-2", "4x", " 4"}) {
    setenv("RAVINE_THREADS", nonsense, 1);
    EXPECT_EQ(core::poolThreadCount(host), processors) << nonsense;
  }
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "RAVINE_THREADS is \"many\", which is not a number of threads; it is ignored");
  host.log = nullptr;
  EXPECT_EQ(core::poolThreadCount(host), processors);
  unsetenv("RAVINE_THREADS");

  ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) {
      CPU_SET(cpu, &one);
      break;
    }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(core::poolThreadCount(host), 1u);
  ASSERT_EQ(sched_setaffinity(0, sizeof set, &set), 0);
}

// ---- results

/// Five steps of a rule on tensors of many sizes; what is left in parameters and states.
std::string bytesAfterSteps(const char *optimizer, uint32_t threads, const ravine_host *host = nullptr) {
  std::vector<int64_t> sizes = {1, 100003, 0, 17, 400000, 4095};
  sizes.insert(sizes.end(), 2000, 13);
  Model model(sizes);
  if (host != nullptr)
    model.host = *host;
  model.host.thread_count = threads;
  for (size_t i = 0; i < model.w.size(); ++i)
    for (size_t j = 0; j < model.w[i].size(); ++j) {
      model.w[i][j] = static_cast<float>(j % 1013) * 0.37f - static_cast<float>(i % 7);
      model.g[i][j] = static_cast<float>((j * 7 + i) % 811) * 0.013f - 4;
    }
  std::vector<ravine_setting> settings = {setting("lr", 0.1)};
  if (std::strcmp(optimizer, "momentum") == 0)
    settings.push_back(setting("momentum", 0.9));
  EXPECT_EQ(model.create(optimizer, settings), ok);
  for (int step = 0; step < 5; ++step)
    EXPECT_EQ(model.stepWithout(step == 2 ? std::vector<size_t>{1, 5, 77} : std::vector<size_t>{}), ok);
  std::string values;
  for (size_t i = 0; i < model.w.size(); ++i)
    for (const auto &vector : {model.w[i], model.state(i, std::strcmp(optimizer, "momentum") == 0 ? "b" : "u")})
      values.append(reinterpret_cast<const char *>(vector.data()), vector.size() * sizeof(float));
  return values;
}

TEST(Threads, DoNotChangeABit) {
  for (const char *optimizer : {"momentum", "averaged"}) {
    std::string alone = bytesAfterSteps(optimizer, 1);
    EXPECT_EQ(bytesAfterSteps(optimizer, 2), alone) << optimizer;
    EXPECT_EQ(bytesAfterSteps(optimizer, 7), alone) << optimizer;
  }
}

/// A host's parallel_for on two threads, from last to first, which counts its calls.
struct BackwardHost {
  int regions = 0;
  size_t tasks = 0;

  ravine_host host() {
    ravine_host host = {.struct_size = sizeof host, .context = this};
    host.parallel_for = [](void *self, size_t count, void (*task)(void *, size_t), void *context) {
      auto &counter = *static_cast<BackwardHost *>(self);
      ++counter.regions;
      counter.tasks += count;
      std::thread other([&] {
        for (size_t i = count; i-- > 0;)
          if (i % 2 == 1)
            task(context, i);
      });
      for (size_t i = count; i-- > 0;)
        if (i % 2 == 0)
          task(context, i);
      other.join();
    };
    return host;
  }
};

TEST(Threads, MayBeTheHosts) {
  BackwardHost backward;
  ravine_host host = backward.host();
  EXPECT_EQ(bytesAfterSteps("averaged", 0, &host), bytesAfterSteps("averaged", 1));
  EXPECT_EQ(backward.regions, 11); // five steps of two sweeps, and the initial values
}

TEST(Threads, EnterOneRegionForThousandsOfTensors) {
  BackwardHost backward;
  Model model(std::vector<int64_t>(5000, 100));
  model.host = backward.host();
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(backward.regions, 1);
  EXPECT_GE(backward.tasks, 4u);
  EXPECT_LE(backward.tasks, 20u);
  for (const auto &values : model.w)
    ASSERT_EQ(values, std::vector<float>(100, 0.0f));
}

TEST(Threads, AreNotBotheredForLittleWork) {
  BackwardHost backward;
  Model model({100, 200});
  model.host = backward.host();
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(backward.regions, 0);
}

TEST(Threads, AreSharedByAProgramAndTheLibrariesItLoads) {
  void *module = dlopen(RAVINE_SAMPLE_MODULE, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(module, nullptr) << dlerror();
  {
    Model own({400000}), loaded({400000});
    loaded.library = reinterpret_cast<ravine_entry_point>(dlsym(module, RAVINE_ENTRY_POINT))();
    ASSERT_NE(loaded.library, own.library);
    for (Model *model : {&loaded, &own}) {
      model->host.thread_count = 3;
      EXPECT_EQ(model->create("momentum"), ok);
      EXPECT_EQ(model->step(), ok);
    }
    EXPECT_EQ(poolThreads(2), 2);
  }
  EXPECT_EQ(poolThreads(0), 0);
  dlclose(module);
}

// ---- instances

TEST(Instances, WorkSideBySide) {
  std::string alone = bytesAfterSteps("momentum", 1);
  std::vector<std::thread> threads;
  std::array<std::string, 4> results;
  for (size_t i = 0; i < results.size(); ++i)
    threads.emplace_back([&, i] { results[i] = bytesAfterSteps("momentum", i % 2 == 0 ? 1 : 3); });
  for (auto &thread : threads)
    thread.join();
  for (const std::string &result : results)
    EXPECT_EQ(result, alone);
}

TEST(Instances, AreUsedByOneThreadAtATime) {
  Model model({300000});
  Outcome busy{RAVINE_ERROR_BUSY, "another thread is inside a call on this optimizer"};
  struct Context {
    Model &model;
    const Outcome &busy;
  } context{model, busy};
  model.host.context = &context;
  model.host.parallel_for = [](void *host, size_t count, void (*task)(void *, size_t), void *taskContext) {
    auto &[model, busy] = *static_cast<Context *>(host);
    std::thread other([&] {
      auto call = [&](auto function) { EXPECT_EQ(outcomeOf(function), busy); };
      double value;
      ravine_state_view view = {.struct_size = sizeof view};
      ravine_progress progress = {.struct_size = sizeof progress};
      EXPECT_EQ(model.step(), busy);
      EXPECT_EQ(model.configure({setting("lr", 1)}), busy);
      call([&](auto *error) { return model.library->read_setting(model.optimizer, "lr", 0, &value, error); });
      int32_t follows = 0;
      call([&](auto *error) { return model.library->read_following(model.optimizer, "lr", 0, &follows, error); });
      call([&](auto *error) { return model.library->view_state(model.optimizer, 0, "b", &view, error); });
      call([&](auto *error) { return model.library->read_progress(model.optimizer, 0, &progress, error); });
      call([&](auto *error) { return model.library->restore_progress(model.optimizer, 0, &progress, error); });
      call([&](auto *error) { return model.library->read_tensor_setting(model.optimizer, "lr", 0, &value, error); });
      call([&](auto *error) { return model.library->read_metric(model.optimizer, "norm", 0, &value, error); });
      call([&](auto *error) {
        void *output = nullptr;
        return model.library->read_view(model.optimizer, "eval", nullptr, &output, error);
      });
    });
    other.join();
    for (size_t i = 0; i < count; ++i)
      task(taskContext, i);
  };
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.read("lr"), 0.5);
  EXPECT_EQ(model.progress().steps, 1);
}

// ---- fork

TEST(Fork, LeavesAChildThatCanGoOn) {
  SKIP_WITHOUT_THREADS_AFTER_FORK();
  Model model({400000});
  model.host.thread_count = 3;
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.step(), ok); // the workers run now, and do not in the child
  ExitsWithZero([&] {
    bool isRight = model.step() == ok && model.step() == ok && model.w[0] == std::vector<float>(400000, -2.0f);
    model.library->destroy(model.optimizer);
    return isRight;
  });
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.w[0], std::vector<float>(400000, -1.0f));
}

TEST(Fork, LeavesAChildThatCanStop) {
  Model model({400000});
  model.host.thread_count = 3;
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.step(), ok);
  ExitsWithZero([&] {
    model.library->destroy(model.optimizer);
    return true;
  });
}

} // namespace

} // namespace ravine::test

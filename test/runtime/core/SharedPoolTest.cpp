// Several libraries in one process: they share one set of threads, in whatever order they come and go. This program is
// not linked with the core, so that every copy of it is a library's.
#include "runtime/abi/ravine.h"
#include "test/runtime/core/Process.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ravine::test {

namespace {

constexpr int64_t elements = 400000; // enough for several tasks

/// A file with a library of its own, and its name while it is loaded.
class Library {
public:
  Library() : path_(testing::TempDir() + "pool" + std::to_string(getpid()) + "-" + std::to_string(made++) + ".so") {
    std::filesystem::copy_file(RAVINE_SAMPLE_MODULE, path_);
    module_ = dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(module_, nullptr) << dlerror();
    table = reinterpret_cast<ravine_entry_point>(dlsym(module_, RAVINE_ENTRY_POINT))();
  }
  Library(const Library &) = delete;
  ~Library() {
    dlclose(module_);
    std::filesystem::remove(path_);
  }

  [[nodiscard]] std::string path() const { return path_; }

  const ravine_library *table;

private:
  static inline std::atomic<int> made = 0;
  std::string path_;
  void *module_;
};

bool isLoaded(const std::string &path) {
  void *module = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (module != nullptr)
    dlclose(module);
  return module != nullptr;
}

/// w' = w - 0.5*g on one tensor, with parameters 0 and gradients 2.
class Descent {
public:
  Descent(const Library &library, uint32_t threads, ravine_host host = {.struct_size = sizeof(ravine_host)})
      : table_(library.table), w_(elements, 0.0f), g_(elements, 2.0f) {
    ravine_tensor tensor = {.struct_size = sizeof tensor,
                            .name = "w",
                            .shape = &elements,
                            .rank = 1,
                            .parameter_dtype = RAVINE_F32,
                            .gradient_dtype = RAVINE_F32};
    host.thread_count = threads;
    ravine_create_args args = {.struct_size = sizeof args,
                               .abi_version = RAVINE_ABI_VERSION,
                               .group_count = 1,
                               .optimizer = "momentum",
                               .tensors = &tensor,
                               .tensor_count = 1,
                               .host = &host};
    EXPECT_EQ(table_->create(&args, &optimizer_, nullptr), RAVINE_OK);
  }
  Descent(const Descent &) = delete;
  ~Descent() { table_->destroy(optimizer_); }

  void step() {
    void *parameters[] = {w_.data()};
    const void *gradients[] = {g_.data()};
    ravine_step_args args = {.struct_size = sizeof args, .parameters = parameters, .gradients = gradients};
    ASSERT_EQ(table_->step(optimizer_, &args, nullptr), RAVINE_OK);
    ++steps_;
    ASSERT_EQ(w_, std::vector<float>(elements, -static_cast<float>(steps_)));
  }

private:
  const ravine_library *table_;
  std::vector<float> w_, g_;
  ravine_optimizer *optimizer_ = nullptr;
  int steps_ = 0;
};

TEST(SharedPool, HasOneSetOfThreadsForAllLibraries) {
  Library a, b, c;
  Descent ofA(a, 3);
  EXPECT_EQ(poolThreads(0), 0); // none before there is work
  ofA.step();
  EXPECT_EQ(poolThreads(2), 2);
  Descent ofB(b, 5), ofC(c, 2), another(a, 4);
  for (Descent *descent : {&ofB, &ofC, &another, &ofA, &ofB}) {
    descent->step();
    EXPECT_EQ(poolThreads(4), 4);
  }
}

TEST(SharedPool, StartsNoThreadsForOne) {
  Library a;
  Descent alone(a, 1);
  alone.step();
  EXPECT_EQ(poolThreads(0), 0);
}

TEST(SharedPool, EndsWithTheLastOptimizer) {
  Library a, b;
  auto ofA = std::make_unique<Descent>(a, 3), ofB = std::make_unique<Descent>(b, 3);
  ofA->step();
  ofA.reset();
  EXPECT_EQ(poolThreads(2), 2);
  ofB->step();
  ofB.reset();
  EXPECT_EQ(poolThreads(0), 0);
  Descent again(b, 4);
  again.step();
  EXPECT_EQ(poolThreads(3), 3);
}

TEST(SharedPool, SurvivesLibrariesThatGoInAnyOrder) {
  std::array<size_t, 3> order = {0, 1, 2};
  do {
    std::array<std::unique_ptr<Library>, 3> libraries;
    std::array<std::unique_ptr<Descent>, 3> descents;
    std::array<std::string, 3> paths;
    for (size_t i = 0; i < 3; ++i) {
      libraries[i] = std::make_unique<Library>();
      paths[i] = libraries[i]->path();
      descents[i] = std::make_unique<Descent>(*libraries[i], 3);
      descents[i]->step();
    }
    for (size_t gone : order) {
      descents[gone].reset();
      libraries[gone].reset();
      for (auto &left : descents)
        if (left != nullptr)
          left->step();
    }
    EXPECT_EQ(poolThreads(0), 0);
    for (const std::string &path : paths)
      EXPECT_FALSE(isLoaded(path));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(SharedPool, KeepsItsLibraryLoadedAsLongAsItIsUsed) {
  auto a = std::make_unique<Library>();
  std::string path = a->path();
  Library b;
  auto ofB = std::make_unique<Descent>(b, 3);
  ofB->step();
  a.reset();
  EXPECT_TRUE(isLoaded(path));
  ofB->step();
  Library c;
  Descent ofC(c, 3);
  ofC.step();
  EXPECT_EQ(poolThreads(2), 2);
  ofB.reset();
  EXPECT_TRUE(isLoaded(path));
}

TEST(SharedPool, ServesThreadsThatStepAtOnce) {
  Library a, b;
  Descent descents[] = {{a, 3}, {b, 3}, {a, 2}, {b, 3}};
  std::atomic<int> most = 0;
  std::vector<std::thread> hosts;
  for (Descent &descent : descents)
    hosts.emplace_back([&] {
      for (int step = 0; step < 20; ++step) {
        descent.step();
        most = std::max(most.load(), poolThreads());
      }
    });
  for (std::thread &host : hosts)
    host.join();
  EXPECT_LE(most.load(), 2);
}

TEST(SharedPool, IsFoundWhileLibrariesComeAndGo) {
  std::vector<std::thread> hosts;
  for (int host = 0; host < 4; ++host)
    hosts.emplace_back([] {
      for (int round = 0; round < 8; ++round) {
        Library library;
        Descent descent(library, 3);
        descent.step();
      }
    });
  for (std::thread &host : hosts)
    host.join();
  EXPECT_EQ(poolThreads(0), 0);
}

TEST(SharedPool, ServesACallFromInsideAHostsRegion) {
  Library a, b;
  Descent inner(b, 3);
  ravine_host host = {.struct_size = sizeof host, .context = &inner};
  host.parallel_for = [](void *context, size_t count, void (*task)(void *, size_t), void *taskContext) {
    static_cast<Descent *>(context)->step();
    for (size_t i = 0; i < count; ++i)
      task(taskContext, i);
  };
  Descent outer(a, 3, host);
  outer.step();
  outer.step();
  inner.step(); // counts its steps: it has made three
}

TEST(SharedPool, SleepsBetweenSteps) {
  Library a, b;
  Descent ofA(a, 4), ofB(b, 4);
  ofA.step();
  ofB.step();
  usleep(20000);
  auto processorTime = [] {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  double before = processorTime();
  usleep(200000);
  EXPECT_LT(processorTime() - before, 0.002);
}

TEST(SharedPool, LetsAProcessExitThatHasNotDestroyedItsOptimizers) {
  SKIP_WITHOUT_THREADS_AFTER_FORK();
  std::fflush(nullptr);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(30);
    static auto *library = new Library, *other = new Library;
    static auto *first = new Descent(*library, 3), *second = new Descent(*other, 3);
    first->step();
    second->step();
    std::filesystem::remove(library->path());
    std::filesystem::remove(other->path());
    std::exit(poolThreads(2) == 2 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(SharedPool, HasThreadsInAForkedChild) {
  SKIP_WITHOUT_THREADS_AFTER_FORK();
  Library a, b;
  Descent ofA(a, 3), ofB(b, 3);
  ofA.step();
  ofB.step();
  ExitsWithZero([&] {
    ofB.step();
    ofA.step();
    return poolThreads(2) == 2 && !testing::Test::HasFailure();
  });
  ofA.step();
}

} // namespace

} // namespace ravine::test

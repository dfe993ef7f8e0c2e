// The pool of threads: regions, several users, nested and concurrent ones, threads that cannot be had, and fork.
#include "runtime/core/ThreadPool.h"

#include "test/runtime/core/Process.h"

#include <atomic>
#include <sched.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ravine::test {

namespace {

/// A pool as a library has it, in static memory, and a user of it.
class ThreadPool : public testing::Test {
protected:
  ThreadPool() { pool.join(); }
  ~ThreadPool() override { pool.leave(); }

  static core::ThreadPool pool;
};

constinit core::ThreadPool ThreadPool::pool;

TEST_F(ThreadPool, RunsEveryTaskOnce) {
  for (size_t threads : {1, 2, 3, 7, 4}) {
    for (int region = 0; region < 300; ++region) {
      size_t count = static_cast<size_t>(region % 23);
      // Plain counters: that the caller sees them afterwards is part of what is tested.
      std::vector<int> calls(count);
      pool.run(
          threads, count, [](void *context, size_t index) { ++(*static_cast<std::vector<int> *>(context))[index]; },
          &calls);
      ASSERT_EQ(calls, std::vector<int>(count, 1)) << threads << " threads, region " << region;
    }
  }
}

/// Runs tasks that wait for each other, so that they return only if as many threads run them at once.
void meet(core::ThreadPool &pool, int threads) {
  struct Meeting {
    std::atomic<int> inside = 0;
    int expected;
  } meeting{.expected = threads};
  auto count = static_cast<size_t>(threads);
  pool.run(
      count, count,
      [](void *context, size_t) {
        auto &[inside, expected] = *static_cast<Meeting *>(context);
        ++inside;
        while (inside.load() < expected)
          sched_yield();
      },
      &meeting);
}

TEST_F(ThreadPool, UsesItsThreads) {
  meet(pool, 3);
}

TEST_F(ThreadPool, GrowsToTheLargestRegion) {
  EXPECT_EQ(poolThreads(0), 0);
  for (auto [threads, workers] : {std::pair{2, 1}, {5, 4}, {3, 4}}) {
    meet(pool, threads);
    EXPECT_EQ(poolThreads(workers), workers);
  }
  // Tasks that are fewer than the threads start no more than they need.
  pool.run(9, 6, [](void *, size_t) {}, nullptr);
  EXPECT_EQ(poolThreads(5), 5);
}

TEST_F(ThreadPool, KeepsToARegionsNumberOfThreads) {
  meet(pool, 6);
  struct Region {
    std::atomic<int> inside = 0, most = 0;
  } region;
  for (int round = 0; round < 20; ++round)
    pool.run(
        3, 40,
        [](void *context, size_t) {
          auto &[inside, most] = *static_cast<Region *>(context);
          int now = ++inside;
          for (int before = most; now > before && !most.compare_exchange_weak(before, now);) {
          }
          usleep(50);
          --inside;
        },
        &region);
  EXPECT_EQ(region.most.load(), 3);
}

TEST_F(ThreadPool, WakesSleepingThreads) {
  for (int region = 0; region < 5; ++region) {
    meet(pool, 2);
    usleep(3000); // longer than a worker spins
  }
}

TEST_F(ThreadPool, WaitsForTheLastTask) {
  struct Region {
    pthread_t caller = pthread_self();
    std::atomic<int> inside = 0;
    std::atomic<int> done = 0;
  } region;
  pool.run(
      2, 2,
      [](void *context, size_t) {
        auto &[caller, inside, done] = *static_cast<Region *>(context);
        ++inside;
        while (inside.load() < 2)
          sched_yield();
        if (pthread_equal(caller, pthread_self()) == 0)
          usleep(30000); // longer than the caller spins
        ++done;
      },
      &region);
  EXPECT_EQ(region.done.load(), 2);
}

/// Runs tasks and returns how many of them another thread ran.
int tasksOfOthers(core::ThreadPool &pool, size_t threads) {
  struct Region {
    pthread_t caller = pthread_self();
    std::atomic<int> others = 0;
  } region;
  pool.run(
      threads, 100,
      [](void *context, size_t) {
        auto &[caller, others] = *static_cast<Region *>(context);
        others += pthread_equal(caller, pthread_self()) == 0;
      },
      &region);
  return region.others.load();
}

TEST_F(ThreadPool, LeavesARegionInsideARegionToItsCaller) {
  struct Region {
    core::ThreadPool &pool;
    std::atomic<int> others = 0;
  } region{.pool = pool};
  pool.run(
      3, 30,
      [](void *context, size_t) {
        auto &[pool, others] = *static_cast<Region *>(context);
        others += tasksOfOthers(pool, 3);
      },
      &region);
  EXPECT_EQ(region.others.load(), 0);
}

TEST_F(ThreadPool, LeavesASecondCallerToItself) {
  struct Region {
    core::ThreadPool &pool;
    int others = -1;
  } region{.pool = pool};
  pool.run(
      2, 2,
      [](void *context, size_t index) {
        auto &[pool, others] = *static_cast<Region *>(context);
        // The region stays open until another caller has been served.
        if (index == 0)
          std::thread([&] { others = tasksOfOthers(pool, 2); }).join();
      },
      &region);
  EXPECT_EQ(region.others, 0);
}

TEST_F(ThreadPool, EndsItsThreadsWithItsLastUser) {
  meet(pool, 3);
  pool.join();
  pool.leave();
  EXPECT_EQ(poolThreads(2), 2);
  pool.leave();
  EXPECT_EQ(poolThreads(0), 0);
  pool.join();
  meet(pool, 4);
  EXPECT_EQ(poolThreads(3), 3);
}

TEST_F(ThreadPool, IsJoinedLeftAndUsedFromManyThreads) {
  pool.leave(); // so that the last user leaves again and again
  std::vector<std::thread> users;
  std::atomic<int> done = 0;
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&] {
      for (int round = 0; round < 150; ++round) {
        pool.join();
        pool.run(3, 5, [](void *context, size_t) { ++*static_cast<std::atomic<int> *>(context); }, &done);
        pool.leave();
      }
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(done.load(), 4 * 150 * 5);
  EXPECT_EQ(poolThreads(0), 0);
  pool.join();
}

TEST_F(ThreadPool, UsesOneThreadWhereThatIsAsked) {
  EXPECT_EQ(tasksOfOthers(pool, 1), 0);
  EXPECT_EQ(poolThreads(0), 0);
}

TEST_F(ThreadPool, DoesWithoutThreadsThatTheSystemRefuses) {
  ExitsWithZero([] {
    if (getuid() == 0 && setuid(65534) != 0) // the limit does not hold for root
      return false;
    rlimit one = {1, 1};
    setrlimit(RLIMIT_NPROC, &one);
    return tasksOfOthers(pool, 4) == 0 && poolThreads(0) == 0 && tasksOfOthers(pool, 4) == 0;
  });
}

// ---- fork

TEST_F(ThreadPool, HasThreadsInAForkedChild) {
  SKIP_WITHOUT_THREADS_AFTER_FORK();
  meet(pool, 3);
  ExitsWithZero([] {
    meet(pool, 3); // without threads the tasks would wait for each other for ever
    return poolThreads(2) == 2;
  });
}

TEST_F(ThreadPool, IsFreeInAChildThatWasForkedFromARegion) {
  SKIP_WITHOUT_THREADS_AFTER_FORK();
  pool.run(
      3, 6,
      [](void *, size_t index) {
        if (index == 2)
          ExitsWithZero([] {
            meet(pool, 3);
            return true;
          });
      },
      nullptr);
  meet(pool, 3);
}

} // namespace

} // namespace ravine::test

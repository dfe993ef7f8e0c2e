// What the shared pool of threads costs: to find it, to enter a region with it, and while it sleeps.
#include "runtime/core/SharedPool.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <unistd.h>
#include <vector>

using namespace ravine::core;

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The median time of one call, in microseconds.
template <typename Prepare, typename Call> double medianTime(int rounds, Prepare prepare, Call call) {
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    prepare();
    double begin = now();
    call();
    times.push_back(1e6 * (now() - begin));
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<size_t>(rounds) / 2];
}

void measureRegions(SharedPool &pool) {
  auto region = [&](size_t threads) { pool.run(threads, 2, [](void *, size_t) {}, nullptr); };
  // The second task is finished by a thread that was asleep: as long as that one takes to wake up and say so.
  std::atomic<bool> woken = false;
  auto handOver = [&] {
    woken = false;
    pool.run(
        2, 2,
        [](void *context, size_t) {
          auto &done = *static_cast<std::atomic<bool> *>(context);
          static thread_local bool isWorker = getpid() != gettid();
          if (isWorker)
            done = true;
          else
            while (!done)
              __builtin_ia32_pause();
        },
        &woken);
  };
  std::printf("a region of two empty tasks, alone          %8.2f us\n", medianTime(2001, [] {}, [&] { region(1); }));
  std::printf("the same with a worker that is awake        %8.2f us\n", medianTime(2001, [] {}, [&] { region(2); }));
  std::printf("the same with a worker that sleeps          %8.2f us\n",
              medianTime(501, [] { usleep(1000); }, [&] { region(2); }));
  std::printf("until a sleeping worker has run a task      %8.2f us\n",
              medianTime(501, [] { usleep(1000); }, handOver));
}

double processorTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

} // namespace

int main() {
  std::printf("finding the pool and leaving it             %8.2f us\n", medianTime(
                                                                            501, [] {},
                                                                            [] {
                                                                              SharedPool pool;
                                                                              pool.join();
                                                                            }));
  SharedPool pool;
  pool.join();
  measureRegions(pool);
  double before = processorTime();
  usleep(2'000'000);
  std::printf("processor time of two seconds asleep        %8.2f us\n", 1e6 * (processorTime() - before));
}

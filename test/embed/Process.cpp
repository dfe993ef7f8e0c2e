// Compiles a rule through the cache in a folder, takes three steps with it, and prints where the library came from and
// how long that took: `embed_process FOLDER MU`. The exit status is 1 if the steps went wrong.
#include "Rules.h"

#include <chrono>
#include <cstdio>

int main(int, char **arguments) {
  double mu = std::stod(arguments[2]);
  auto start = std::chrono::steady_clock::now();
  ravine::Compiled compiled = ravine::compile(ravine::test::momentumRule(mu), {.cache = {.directory = arguments[1]}});
  std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("%s%s%s, %.2f ms\n", compiled.text().c_str(), compiled.cacheNote.c_str(),
              compiled.cacheUse == ravine::CacheUse::Hit      ? "from the cache"
              : compiled.cacheUse == ravine::CacheUse::Stored ? "compiled and stored"
                                                              : "compiled",
              elapsed.count());
  return compiled && ravine::test::takeThreeSteps(*compiled.library) == ravine::test::afterThreeSteps(mu) ? 0 : 1;
}

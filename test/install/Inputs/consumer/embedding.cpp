// Compiles the file that is its argument, without a cache, and says what is in it.
#include "ravine_compile.hpp"

#include <cstdio>
#include <vector>

int main(int, char **arguments) {
  const std::vector<std::string> files = {arguments[1]};
  ravine::Compiled compiled = ravine::compileFiles(files, {.cache = {.isOn = false}});
  std::fputs(compiled.text().c_str(), stderr);
  if (!compiled)
    return 1;
  for (const ravine_optimizer_info &optimizer : compiled.library->optimizers())
    std::printf("compiled %s\n", optimizer.name);
}

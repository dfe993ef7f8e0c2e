// `ravine check`: what is wrong with sources, and nothing made of them.
#include "compiler/driver/Compilation.h"
#include "compiler/driver/Verbs.h"

int ravine::driver::check(const Options &options) {
  Compilation compilation(options);
  if (compilation.loadEach())
    (void)compilation.checkLimits();
  return compilation.report();
}

// `ravine check`: everything that is wrong with a source, and nothing made of it.
#include "compiler/driver/Compilation.h"
#include "compiler/driver/Verbs.h"

int ravine::driver::check(const Options &options) {
  Compilation compilation(options);
  if (compilation.loadEach())
    (void)compilation.checkLimits();
  return compilation.report();
}

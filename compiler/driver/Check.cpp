// `ravine check`: the frontend alone.
#include "compiler/driver/Compilation.h"
#include "compiler/driver/Verbs.h"

int ravine::driver::check(const Options &options) {
  Compilation compilation(options);
  compilation.loadEach();
  return compilation.report();
}

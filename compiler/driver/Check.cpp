// `ravine check`: the frontend alone.
#include "compiler/driver/Session.h"
#include "compiler/driver/Verbs.h"

int ravine::driver::check(const Options &options) {
  Session session(options);
  session.loadEach();
  return session.report();
}

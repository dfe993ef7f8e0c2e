// A variable that has another value for a while.
#pragma once

#include <utility>

namespace ravine {

/// Sets a variable for as long as the scope lasts.
template <typename T> class Scoped {
public:
  Scoped(T &variable, T value) : variable(variable), saved(std::exchange(variable, value)) {}
  ~Scoped() { variable = saved; }
  Scoped(const Scoped &) = delete;
  Scoped &operator=(const Scoped &) = delete;

private:
  T &variable;
  T saved;
};

} // namespace ravine

// How a call tells the host what went wrong.
#pragma once

#include "runtime/core/Sentence.h"

namespace ravine::core {

/// The host's `ravine_error`, which may be null.
class Error {
public:
  explicit Error(ravine_error *host) : host_(host) {}

  /// Hands the sentence over and returns the status, to be returned in turn.
  [[nodiscard]] ravine_status operator()(ravine_status status, const Sentence &sentence) const;

private:
  ravine_error *host_;
};

} // namespace ravine::core

// An optimizer of a compiled library, through the C contract.
#pragma once

#include "compiler/testing/Subject.h"
#include "runtime/abi/ravine.hpp"

namespace ravine::testing {

/// Makes the optimizer that a case tries, or says why there is none.
[[nodiscard]] std::unique_ptr<Subject> compiledSubject(const Library &library, const Case &tried,
                                                       Subject::Problem &problem);

} // namespace ravine::testing

// The training run of the lenet program.
#pragma once

#include "examples/lenet/CommandLine.h"

namespace lenet {

/// Trains and reports to standard output. Returns the exit status. What is wrong with the library, the data or the
/// settings is thrown as an exception whose `what()` is meant for the user.
int trainLeNet(const CommandLine &line);

} // namespace lenet

// lenet: trains LeNet on Fashion-MNIST with an optimizer that ravine has compiled.
#include "examples/lenet/CommandLine.h"
#include "examples/lenet/TrainLeNet.h"
#include "runtime/nn/Processor.h"

#include <cstdio>
#include <iostream>

namespace {

int run(int count, char **words) {
  if (const auto missing = ravine::nn::missingProcessorFeature()) {
    std::cerr << "lenet: " << *missing << "\n";
    return 1;
  }
  try {
    const std::optional<lenet::CommandLine> line = lenet::parseCommandLine(count, words);
    if (line)
      return lenet::trainLeNet(*line);
    std::cout << lenet::usage();
    return 0;
  } catch (const lenet::UsageError &error) {
    std::cerr << "lenet: " << error.what() << "\n\n" << lenet::usage();
    return 2;
  } catch (const std::bad_alloc &) {
    std::cerr << "lenet: there is not enough memory\n";
    return 1;
  } catch (const std::exception &error) {
    std::cerr << "lenet: " << error.what() << "\n";
    return 1;
  }
}

/// Whether all that was written to standard output has got there.
bool isOutputWritten() {
  std::cout.flush();
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
}

} // namespace

int main(int count, char **words) {
  const int status = run(count, words);
  if (isOutputWritten())
    return status;
  std::cerr << "lenet: standard output cannot be written\n";
  return status ? status : 1;
}

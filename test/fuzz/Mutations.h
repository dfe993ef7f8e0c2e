// Ways to break a program.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace ravine::test {

using Random = std::mt19937_64;

/// Makes a broken program out of `corpus`: a text of it, or two spliced together, with a few mutations of tokens, of
/// bytes and of nesting.
[[nodiscard]] std::string mutant(const std::vector<std::string> &corpus, Random &random);

} // namespace ravine::test

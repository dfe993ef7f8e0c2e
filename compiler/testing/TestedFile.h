// The tests of one file, from its path to a report.
#pragma once

#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/testing/Report.h"
#include "compiler/testing/laws/ProbedLaw.h"

#include "runtime/abi/ravine.hpp"

#include <functional>

namespace ravine::testing {

/// Runs the tests of one file and tries the laws of its penalties. What these use becomes one library, which is loaded
/// into this process.
class TestedFile {
public:
  /// Which tests are meant, by their names.
  using Filter = std::function<bool(std::string_view)>;

  explicit TestedFile(std::string path) : path(std::move(path)) {}

  /// False where the file, or one of the tests that are meant, has errors: then nothing was run. `seed` decides what
  /// laws are tried at.
  [[nodiscard]] bool run(const Filter &filter, uint64_t seed);

  [[nodiscard]] const FileReport &report() const { return result; }
  [[nodiscard]] const SourceManager &sources() const { return compilation.sources(); }
  /// What is wrong with the file, as `ravine check` has it; what is wrong with the tests.
  [[nodiscard]] const Diagnostics &messages() const { return problems; }

private:
  [[nodiscard]] bool isAnythingMeant(const Filter &filter);
  void declareTested(Program &program, const Filter &filter);
  bool resolveTests(const Filter &filter);
  [[nodiscard]] const ast::OptimizerDecl &optimizerOf(const std::string &name) const;
  [[nodiscard]] std::optional<Library> makeLibrary();
  [[nodiscard]] TestReport runCase(const Case &tried, const Library &library);
  /// Takes over what a failed compilation has to say.
  bool fail();

  std::string path;
  LibraryCompilation compilation;
  Diagnostics problems;
  /// What each test that is meant uses, by the name that it has in the library.
  std::vector<std::string> testedNames;
  std::vector<Case> cases;
  std::vector<ProbedLaw> laws;
  FileReport result;
};

} // namespace ravine::testing

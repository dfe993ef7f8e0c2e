// A compilation as the command line asks for it: its inputs are files, its messages are printed.
#pragma once

#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/driver/Options.h"

namespace ravine::driver {

class Compilation : public LibraryCompilation {
public:
  explicit Compilation(const Options &options) : options(options) { setPrecisions(options.precisions); }

  /// Reads, parses and checks the inputs, each by itself.
  bool loadEach();
  /// The same for inputs that are to become one library.
  bool load();

  /// Prints what was said so far, for people on stderr or as JSON on stdout, and returns the exit status. Where a stage
  /// is printed on stdout, JSON goes to stderr, too: the two never share a stream.
  int report() const;

private:
  /// Whether `build` prints a stage on stdout.
  [[nodiscard]] bool printsStage() const;

  const Options &options;
};

} // namespace ravine::driver

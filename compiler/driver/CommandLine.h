// The command line: which verbs there are, what options they take, and what to say where it is used the wrong way.
#pragma once

#include "compiler/driver/Options.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

#include <variant>

namespace ravine::driver {

struct Verb {
  llvm::StringRef name;
  llvm::StringRef description;
  /// What it works on, in its usage (`FILE.rvn or CODE`) and in the message that says that it is missing.
  llvm::StringRef operands;
  llvm::StringRef missingOperand;
  llvm::SmallVector<llvm::StringRef, 2> examples;
  int (*run)(const Options &);
  /// A sentence of its help on what the operands mean; may be empty.
  llvm::StringRef note = "";
};

[[nodiscard]] llvm::ArrayRef<Verb> verbs();
/// Null if there is none of that name.
[[nodiscard]] const Verb *findVerb(llvm::StringRef name);

void printUsage(llvm::raw_ostream &out);
void printHelp(llvm::raw_ostream &out, const Verb &verb);

/// Reads what stands behind the verb. Either its options or the exit status, after help or a message was printed.
[[nodiscard]] std::variant<Options, ExitStatus> parseArguments(const Verb &verb,
                                                               llvm::ArrayRef<const char *> arguments);

/// What to say of a word that is no verb; with the usage.
[[nodiscard]] ExitStatus unknownVerb(llvm::StringRef word);

} // namespace ravine::driver

// `ravine new`: a file to start from.
#include "compiler/driver/Verbs.h"
#include "compiler/frontend/Lexer.h"
#include "compiler/frontend/Vocabulary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace ravine;
using namespace ravine::driver;

/// Momentum, which shows a hyper, a state, two equations and two tests. `NAME` stands for the optimizer's name.
static constexpr llvm::StringRef starter = R"(/// NAME: say in one line what the optimizer does.
///
///     m ← β·m + (1 − β)·g
///     w ← w − η·m
///
/// To start from, this is momentum. Say here what it is good for, and whose it is.
/// @cite Author & Author 2026, Title
optimizer NAME {
  /// The learning rate η.
  hyper lr = 0.01 in [0, inf)
  /// The decay β of the running mean of the gradients.
  hyper beta = 0.9 in [0, 1)

  /// The running mean of the gradients.
  state m = 0

  m' = beta*m + (1 - beta)*g
  w' = w - lr*m'
}

test "the first step moves by a share of the gradient" {
  use NAME(lr = 0.1)
  w = [1, -2]
  g = [0.5, -1]
  expect w' == [0.995, -1.99] within 1e-6
}

test "it finds the lowest point of a bowl" {
  use NAME(lr = 0.1)
  w = [4, -3]
  minimize sum((w - 1)^2)/2
  steps 400
  expect w' == [1, 1] within 1e-3
}
)";

static int complain(const llvm::Twine &message, ExitStatus status) {
  llvm::errs() << "ravine: " << message << "\n";
  return status;
}

/// Whether an optimizer can have the name, and can be named where others are composed of it.
static bool isPossibleName(const std::string &name) {
  SourceManager sources;
  Diagnostics diagnostics;
  TokenStream stream = tokenize(sources, sources.add("", name), diagnostics);
  bool isWord = stream.tokens.size() == 2 && stream.tokens.front().kind == TokenKind::Identifier &&
                stream.tokens.front().text == name && llvm::all_of(name, llvm::isPrint);
  return isWord && !isCompositionWord(name) && !isReserved(name);
}

/// Writes a file that must not be there yet.
static int write(const std::string &path, llvm::StringRef text) {
  int descriptor = -1;
  if (std::error_code problem =
          llvm::sys::fs::openFileForWrite(path, descriptor, llvm::sys::fs::CD_CreateNew, llvm::sys::fs::OF_None))
    return problem == std::errc::file_exists ? complain("`" + path + "` exists already and stays as it is", Failure)
                                             : complain("cannot write `" + path + "`: " + problem.message(), Failure);
  llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  stream << text;
  stream.close();
  if (std::error_code problem = stream.error()) {
    stream.clear_error();
    (void)llvm::sys::fs::remove(path);
    return complain("cannot write `" + path + "`: " + problem.message(), Failure);
  }
  return Success;
}

static int make(const std::string &name) {
  if (!isPossibleName(name)) {
    llvm::StringRef stem = name;
    bool hasEnding = stem.consume_back(".rvn") && isPossibleName(stem.str());
    return complain("`" + name + "` cannot be the name of an optimizer" +
                        (hasEnding ? "; did you mean `ravine new " + stem + "`?"
                                   : ": that is a word of letters, digits and `_` which has no other meaning"),
                    UsageError);
  }
  std::string text = starter.str();
  for (size_t at = text.find("NAME"); at != std::string::npos; at = text.find("NAME", at + name.size()))
    text.replace(at, 4, name);
  std::string path = name + ".rvn";
  if (int status = write(path, text))
    return status;
  llvm::outs() << "wrote " << path << "; go on with\n\n  ravine test " << path << "\n  ravine build " << path << "\n";
  return Success;
}

int ravine::driver::createNew(const Options &options) {
  int status = Success;
  for (const std::string &name : options.inputs)
    status = std::max(status, make(name));
  return status;
}

// `ravine new`: a file to start from.
#include "compiler/driver/Verbs.h"
#include "compiler/frontend/Lexer.h"
#include "compiler/frontend/Vocabulary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace ravine;
using namespace ravine::driver;

// What the files say at first. `NAME` stands for the name of what they declare.

/// Momentum, which shows a hyper, a state, two equations and two tests.
static constexpr llvm::StringRef optimizerStarter = R"(/// NAME: say in one line what the optimizer does.
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

/// ℓ1, which shows a value, a prox, laws and how to try the prox out.
static constexpr llvm::StringRef penaltyStarter = R"(import std.optimizers: apply_prox

/// NAME: say in one line what the penalty wants of its argument.
///
///     P(x) = λ·Σ|x|
///     prox(x) = sign(x)·max(|x| − τλ, 0)
///
/// To start from, this is ℓ1, which wants few elements other than 0. Say here what it is good for, and whose it is.
/// @cite Author & Author 2026, Title
penalty NAME(x) {
  /// The weight λ.
  hyper lambda = 1 in [0, inf)

  value = lambda*sum(abs(x))
  prox(tau) = sign(x)*max(abs(x) - tau*lambda, 0)

  law convex
  law separable
  law minimizes
}

test "every element comes nearer to 0 by the step times the weight" {
  use apply_prox<NAME(lambda = 2)>(tau = 0.5)
  w = [3, -1.5, 0.25]
  g = 0
  expect w' == [2, -0.5, 0]
}
)";

/// A ball, which shows a projection, a block, laws and over what a set takes its argument.
static constexpr llvm::StringRef setStarter = R"(import std.optimizers: apply_projection

/// NAME: say in one line which vectors lie in the set.
///
///     project(x) = x where ‖x‖ ≤ ρ, else ρ·x/‖x‖
///
/// To start from, this is a ball. Say here what it is good for, and whose it is.
/// @cite Author & Author 2026, Title
set NAME(x) {
  /// The radius ρ.
  hyper radius = 1 in [0, inf)

  project = {
    let n = norm(x)
    if n > radius then radius*x/n else x
  }
  contains(tolerance) = norm(x) <= radius + tolerance

  law convex
  law projection
  law idempotent
}

test "a point outside goes to the nearest one of the set" {
  use apply_projection<NAME[tensor](radius = 2)>
  w = [3, -4]
  g = 0
  expect w' == [1.2, -1.6] within 1e-6
}

test "a point of the set stays where it is" {
  use apply_projection<NAME[tensor](radius = 5)>
  w = [3, -4]
  g = 0
  expect w' == [3, -4]
}
)";

namespace {

/// How to begin with a declaration of some kind.
struct Beginning {
  llvm::StringRef text;
  /// "an optimizer"
  llvm::StringRef kind;
  /// What to do with the file besides testing it.
  llvm::StringRef verb;
};

Beginning beginningOf(Starter starter) {
  switch (starter) {
  case Starter::Penalty:
    return {penaltyStarter, "a penalty", "doc"};
  case Starter::Set:
    return {setStarter, "a set", "doc"};
  case Starter::Optimizer:
    break;
  }
  return {optimizerStarter, "an optimizer", "build"};
}

} // namespace

static int complain(const llvm::Twine &message, ExitStatus status) {
  llvm::errs() << "ravine: " << message << "\n";
  return status;
}

/// Whether an optimizer, a penalty or a set can have the name, and can be named where others are composed of it.
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

static int make(const std::string &name, const Beginning &beginning) {
  if (!isPossibleName(name)) {
    llvm::StringRef stem = name;
    bool hasEnding = stem.consume_back(".rvn") && isPossibleName(stem.str());
    return complain("`" + name + "` cannot be the name of " + beginning.kind +
                        (hasEnding ? "; did you mean `ravine new " + stem + "`?"
                                   : ": that is a word of letters, digits and `_` which has no other meaning"),
                    UsageError);
  }
  std::string text = beginning.text.str();
  for (size_t at = text.find("NAME"); at != std::string::npos; at = text.find("NAME", at + name.size()))
    text.replace(at, 4, name);
  std::string path = name + ".rvn";
  if (int status = write(path, text))
    return status;
  llvm::outs() << "wrote " << path << "; go on with\n\n  ravine test " << path << "\n  ravine " << beginning.verb << " "
               << path << "\n";
  return Success;
}

int ravine::driver::createNew(const Options &options) {
  int status = Success;
  for (const std::string &name : options.inputs)
    status = std::max(status, make(name, beginningOf(options.starter)));
  return status;
}

// Which function computes a sweep or a scalar program: those that compute the same share one.
#include "compiler/codegen/cpu/FunctionNames.h"

#include "compiler/codegen/cpu/SweepBody.h"

using namespace mlir;
using namespace ravine;
using llvm::hash_code;

std::string ravine::functionName(StringRef optimizer, StringRef part) {
  return (optimizer + "_" + part).str();
}

/// What the code of a kernel depends on beside the body, buffer by buffer. Only to a kernel of tiles is a number of
/// groups another thing than that of an element, and only such a kernel shares the fetching with others.
static auto walkOf(sweep::SweepOp sweep, const TilePasses &passes) {
  bool isOfTiles = sweep.knowsOfGroups();
  SmallVector<std::tuple<Type, bool, bool, bool, bool, bool, unsigned, unsigned>> walk;
  for (auto [buffer, share] : llvm::zip_equal(sweep.getBufferAttrs(), passes.sharesOf(sweep)))
    walk.emplace_back(buffer.getNumber(), buffer.getIsRead(), buffer.getIsWritten(),
                      buffer.getKind() == sweep::BufferKind::Scratch, isOfTiles && isAlongRows(buffer.getSet()),
                      isOfTiles && isAlongColumns(buffer.getSet()), share.number, share.count);
  return std::pair(isOfTiles, walk);
}

static auto foldsOf(sweep::SweepOp sweep) {
  return llvm::map_to_vector(sweep.getReductionAttrs(), [](sweep::ReductionAttr fold) {
    return std::tuple(fold.getKind(), isAlongRows(fold.getSet()), isAlongColumns(fold.getSet()));
  });
}

/// Equal for regions that compute the same.
static hash_code hashOf(Region &body) {
  hash_code hash = llvm::hash_value(body.getNumArguments());
  for (Operation &op : body.front())
    hash = llvm::hash_combine(hash, op.getName().getAsOpaquePointer(), op.getNumOperands());
  return hash;
}

static bool areAlike(Operation *one, Operation *other, const TilePasses &passes) {
  if (auto sweep = dyn_cast<sweep::SweepOp>(one)) {
    auto otherSweep = cast<sweep::SweepOp>(other);
    if (walkOf(sweep, passes) != walkOf(otherSweep, passes) || foldsOf(sweep) != foldsOf(otherSweep))
      return false;
  }
  return OperationEquivalence::isRegionEquivalentTo(&one->getRegion(0), &other->getRegion(0),
                                                    OperationEquivalence::IgnoreLocations);
}

FunctionNames::FunctionNames(sweep::ProgramOp program) : program(program), passes(program) {
  llvm::DenseMap<size_t, Bucket> kernels, scalarFunctions;
  for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
    add(sweep, hashOf(sweep.getBody()), kernels);
  for (sweep::ScalarsOp scalars : program.all<sweep::ScalarsOp>())
    add(scalars, hashOf(scalars.getBody()), scalarFunctions);
}

void FunctionNames::add(Operation *part, hash_code hash, llvm::DenseMap<size_t, Bucket> &buckets) {
  Bucket &bucket = buckets[hash];
  auto like = llvm::find_if(bucket, [&](Operation *first) { return areAlike(first, part, passes); });
  if (like == bucket.end()) {
    bucket.push_back(part);
    firsts[part] = part;
  } else {
    firsts[part] = *like;
  }
}

std::string FunctionNames::of(Operation *part) const {
  return functionName(sweep::ProgramOp(program).getOptimizer(), SymbolTable::getSymbolName(firsts.lookup(part)));
}

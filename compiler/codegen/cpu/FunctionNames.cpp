// Which function computes a sweep or a scalar program: those that compute the same share one.
#include "compiler/codegen/cpu/FunctionNames.h"

using namespace mlir;
using namespace ravine;
using llvm::hash_code;

std::string ravine::functionName(StringRef optimizer, StringRef part) {
  return (optimizer + "_" + part).str();
}

/// What the code of a kernel depends on beside the body.
static auto walkOf(sweep::BufferAttr buffer) {
  return std::tuple(buffer.getNumber(), buffer.getIsRead(), buffer.getIsWritten(),
                    buffer.getKind() == sweep::BufferKind::Scratch);
}

/// Equal for regions that compute the same.
static hash_code hashOf(Region &body) {
  hash_code hash = llvm::hash_value(body.getNumArguments());
  for (Operation &op : body.front())
    hash = llvm::hash_combine(hash, op.getName().getAsOpaquePointer(), op.getNumOperands());
  return hash;
}

static bool areAlike(Operation *one, Operation *other) {
  if (auto sweep = dyn_cast<sweep::SweepOp>(one)) {
    auto otherSweep = cast<sweep::SweepOp>(other);
    auto walks = [](sweep::SweepOp of) { return llvm::map_to_vector(of.getBufferAttrs(), walkOf); };
    auto folds = [](sweep::SweepOp of) {
      return llvm::map_to_vector(of.getReductionAttrs(), [](sweep::ReductionAttr fold) { return fold.getKind(); });
    };
    if (walks(sweep) != walks(otherSweep) || folds(sweep) != folds(otherSweep))
      return false;
  }
  return OperationEquivalence::isRegionEquivalentTo(&one->getRegion(0), &other->getRegion(0),
                                                    OperationEquivalence::IgnoreLocations);
}

FunctionNames::FunctionNames(sweep::ProgramOp program) : program(program) {
  llvm::DenseMap<size_t, Bucket> kernels, scalarFunctions;
  for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
    add(sweep, hashOf(sweep.getBody()), kernels);
  for (sweep::ScalarsOp scalars : program.all<sweep::ScalarsOp>())
    add(scalars, hashOf(scalars.getBody()), scalarFunctions);
}

void FunctionNames::add(Operation *part, hash_code hash, llvm::DenseMap<size_t, Bucket> &buckets) {
  Bucket &bucket = buckets[hash];
  auto like = llvm::find_if(bucket, [&](Operation *first) { return areAlike(first, part); });
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

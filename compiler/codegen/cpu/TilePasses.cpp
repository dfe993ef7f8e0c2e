// How the passes over a tile share the fetching of the next one.
#include "compiler/codegen/cpu/TilePasses.h"

using namespace mlir;
using namespace ravine;

TilePasses::TilePasses(sweep::ProgramOp program) {
  llvm::StringMap<sweep::SweepOp> byName;
  for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
    byName[sweep.getSymName()] = sweep;
  for (sweep::StageOp stage : program.all<sweep::StageOp>())
    for (auto [list, tiles] :
         {std::pair(stage.getSweeps(), stage.getTiles()), std::pair(stage.getResident(), stage.getResidentTiles())}) {
      auto next = list.getAsRange<FlatSymbolRefAttr>().begin();
      for (int32_t count : tiles) {
        SmallVector<sweep::SweepOp> passes;
        for (int32_t pass = 0; pass < count; ++pass)
          if (sweep::SweepOp sweep = byName.lookup((*next++).getValue()); sweep && sweep.knowsOfGroups())
            passes.push_back(sweep);
        addRun(passes);
      }
    }
}

void TilePasses::addRun(ArrayRef<sweep::SweepOp> passes) {
  auto isSame = [](sweep::BufferAttr one, sweep::BufferAttr other) {
    return one.getKind() == other.getKind() && one.getIndex() == other.getIndex();
  };
  for (auto [number, pass] : llvm::enumerate(passes)) {
    SmallVector<Share> ofPass;
    for (sweep::BufferAttr buffer : sweep::SweepOp(pass).getBufferAttrs()) {
      Share share{0, 0};
      for (auto [other, otherPass] : llvm::enumerate(passes))
        if (llvm::any_of(sweep::SweepOp(otherPass).getBufferAttrs(),
                         [&](sweep::BufferAttr candidate) { return isSame(buffer, candidate); })) {
          share.number += other < number ? 1 : 0;
          ++share.count;
        }
      ofPass.push_back(share);
    }
    shares.try_emplace(pass, ofPass);
  }
}

SmallVector<Share> TilePasses::sharesOf(sweep::SweepOp sweep) const {
  auto found = shares.find(sweep);
  return found == shares.end() ? SmallVector<Share>(sweep.getBuffers().size()) : found->second;
}

// Numbering group buffers and fields.
#include "compiler/formation/GroupBuffers.h"

#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

std::string formation::describe(Operation *folding) {
  std::string text = wordOf(folding).str() + "[" + spelling(memberSetOf(folding)) + "]";
  auto ofRule = folding->getParentOfType<ir::OptimizerOp>()->getLoc()->findInstanceOf<FileLineColLoc>();
  if (auto place = dyn_cast<FileLineColLoc>(folding->getLoc())) {
    bool isElsewhere = ofRule && ofRule.getFilename() != place.getFilename();
    text += (isElsewhere ? " at " + place.getFilename().str() + ":" : " at line ") + std::to_string(place.getLine());
  }
  return text;
}

GroupBuffers::GroupBuffers(ir::OptimizerOp rule) : context(rule.getContext()) {
  // By what is done at one time: the step, all initial values, each view.
  llvm::DenseMap<Operation *, uint32_t> counts;
  rule.walk([&](Operation *op) {
    if (!isReduction(op))
      return;
    unsigned number = numberOf(op);
    if (!isa<ir::RearrangeOp>(op) && memberSetOf(op).isOfGroups() && !buffers.contains(number))
      buffers[number] = add(memberSetOf(op), describe(op));
    if (!isOperation(op))
      return;
    Operation *place = op->getParentOp();
    uint32_t &count = counts[isa<ir::StateOp>(place) ? rule.getOperation() : place];
    fields[number] = count++;
    allFields = std::max(allFields, count);
    if (isa<ir::StepOp>(place))
      ofStep.push_back(number);
  });
}

uint32_t GroupBuffers::add(IndexSet set, const llvm::Twine &name) {
  setOf.push_back(set);
  names.push_back(StringAttr::get(context, name));
  return static_cast<uint32_t>(setOf.size() - 1);
}

std::optional<unsigned> GroupBuffers::reductionOf(BufferKey buffer) const {
  if (buffer.kind == sweep::BufferKind::Field)
    return ofStep[buffer.index];
  for (auto [number, index] : buffers)
    if (index == buffer.index)
      return number;
  return std::nullopt;
}

uint32_t GroupBuffers::spare(IndexSet set, unsigned count) {
  for (uint32_t buffer : spares)
    if (setOf[buffer] == set && count-- == 0)
      return buffer;
  spares.push_back(add(set, "group " + llvm::Twine(setOf.size())));
  return spares.back();
}

ArrayAttr GroupBuffers::sets() const {
  auto attributes =
      llvm::map_to_vector(setOf, [&](IndexSet set) -> Attribute { return ir::IndexSetAttr::get(context, set); });
  return ArrayAttr::get(context, attributes);
}

bool GroupNumbers::isFolded(Value number) {
  return isa_and_nonnull<ir::ReduceOp, ir::SearchOp>(number.getDefiningOp());
}

BufferKey GroupNumbers::bufferOf(Value number) {
  if (isFolded(number))
    return {sweep::BufferKind::Group, buffers.ofReduction(numberOf(number.getDefiningOp()))};
  if (auto found = known.find(number); found != known.end())
    return {sweep::BufferKind::Group, found->second};
  IndexSet set = cast<ir::FieldType>(number.getType()).getSet();
  auto isOfSet = [&](const auto &entry) { return cast<ir::FieldType>(entry.first.getType()).getSet() == set; };
  uint32_t buffer = buffers.spare(set, static_cast<unsigned>(llvm::count_if(known, isOfSet)));
  known[number] = buffer;
  return {sweep::BufferKind::Group, buffer};
}

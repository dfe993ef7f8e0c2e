// The plan as constant data. Each function writes one struct of ravine.h or plan.h, field by field in its order.
#include "compiler/codegen/Plan.h"

#include "compiler/codegen/ConstantData.h"
#include "compiler/codegen/cpu/Passes.h"

using namespace ravine;
using llvm::Constant;
using llvm::SmallVector;
using llvm::StringRef;

// The dialects count as the contract does.
static_assert(static_cast<int>(ir::HyperKind::Real) == RAVINE_HYPER_REAL);
static_assert(static_cast<int>(ir::HyperKind::Int) == RAVINE_HYPER_INT);
static_assert(static_cast<int>(ir::HyperKind::Bool) == RAVINE_HYPER_BOOL);
static_assert(static_cast<int>(ir::HyperKind::Enum) == RAVINE_HYPER_ENUM);
static_assert(static_cast<int>(ir::ClockKind::T) == RAVINE_CLOCK_T);
static_assert(static_cast<int>(ir::ClockKind::Step) == RAVINE_CLOCK_STEP);
static_assert(static_cast<int>(ir::ClockKind::Size) == RAVINE_CLOCK_SIZE);
static_assert(static_cast<int>(sweep::BufferKind::Parameter) == RAVINE_BUFFER_PARAMETER);
static_assert(static_cast<int>(sweep::BufferKind::Gradient) == RAVINE_BUFFER_GRADIENT);
static_assert(static_cast<int>(sweep::BufferKind::State) == RAVINE_BUFFER_STATE);

namespace {

class PlanWriter {
public:
  PlanWriter(llvm::Module &module, const LibraryDescription &library, llvm::ArrayRef<StringRef> suffixes)
      : module(module), data(module), library(library), suffixes(suffixes) {}

  void write(StringRef manifest) {
    SmallVector<Constant *> targets, names, descriptions, plans;
    for (uint32_t target : library.targets)
      targets.push_back(data.i32(target));
    for (const std::string &name : library.targetNames)
      names.push_back(data.string(name));
    for (OptimizerDescription optimizer : library.optimizers) {
      descriptions.push_back(optimizerInfo(optimizer));
      plans.push_back(optimizerPlan(optimizer));
    }
    Constant *plan = data.structure<ravine_plan_library>({
        {offsetof(ravine_plan_library, name), data.string(library.name)},
        {offsetof(ravine_plan_library, compiler), data.string(compilerVersion())},
        {offsetof(ravine_plan_library, source_hash), data.string(library.sourceHash)},
        {offsetof(ravine_plan_library, manifest), data.string(manifest)},
        {offsetof(ravine_plan_library, targets), data.array(targets)},
        {offsetof(ravine_plan_library, target_names), data.array(names)},
        {offsetof(ravine_plan_library, target_count), data.i32(static_cast<int64_t>(targets.size()))},
        {offsetof(ravine_plan_library, optimizer_count), data.i32(static_cast<int64_t>(plans.size()))},
        {offsetof(ravine_plan_library, descriptions), data.array(descriptions)},
        {offsetof(ravine_plan_library, optimizers), data.array(plans)},
    });
    auto *global = new llvm::GlobalVariable(module, plan->getType(), /*isConstant=*/true,
                                            llvm::GlobalValue::ExternalLinkage, plan, RAVINE_PLAN_SYMBOL);
    global->setVisibility(llvm::GlobalValue::HiddenVisibility);
  }

private:
  // ---- descriptions

  Constant *hyperInfo(ir::HyperOp hyper) {
    SmallVector<Constant *> choices;
    if (hyper.getChoices())
      for (auto choice : hyper.getChoices()->getAsRange<mlir::StringAttr>())
        choices.push_back(data.string(choice));
    return data.structure<ravine_hyper_info>({
        {offsetof(ravine_hyper_info, struct_size), data.size(sizeof(ravine_hyper_info))},
        {offsetof(ravine_hyper_info, name), data.string(hyper.getSymName())},
        {offsetof(ravine_hyper_info, doc), data.string(hyper.getDoc())},
        {offsetof(ravine_hyper_info, kind), data.i32(static_cast<int32_t>(hyper.getKind()))},
        {offsetof(ravine_hyper_info, default_value), data.f64(hyper.getDefaultValue().convertToDouble())},
        {offsetof(ravine_hyper_info, lower), data.f64(hyper.getLower().convertToDouble())},
        {offsetof(ravine_hyper_info, upper), data.f64(hyper.getUpper().convertToDouble())},
        {offsetof(ravine_hyper_info, lower_open), data.i32(hyper.getLowerOpen())},
        {offsetof(ravine_hyper_info, upper_open), data.i32(hyper.getUpperOpen())},
        {offsetof(ravine_hyper_info, choices), data.array(choices)},
        {offsetof(ravine_hyper_info, choice_count), data.size(choices.size())},
    });
  }

  Constant *stateInfo(ir::StateOp state) {
    return data.structure<ravine_state_info>({
        {offsetof(ravine_state_info, struct_size), data.size(sizeof(ravine_state_info))},
        {offsetof(ravine_state_info, name), data.string(state.getSymName())},
        {offsetof(ravine_state_info, doc), data.string(state.getDoc())},
        {offsetof(ravine_state_info, index_set), data.i32(RAVINE_PER_ELEMENT)},
        {offsetof(ravine_state_info, storage), data.i32(RAVINE_DTYPE_COMPUTE)},
        {offsetof(ravine_state_info, condition), data.string(state.getConditionText())},
    });
  }

  Constant *requirementInfo(ir::RequirementOp requirement) {
    return data.structure<ravine_requirement_info>({
        {offsetof(ravine_requirement_info, struct_size), data.size(sizeof(ravine_requirement_info))},
        {offsetof(ravine_requirement_info, condition), data.string(requirement.getText())},
    });
  }

  Constant *precisionInfo(const Precision &precision) {
    return data.structure<ravine_precision_info>({
        {offsetof(ravine_precision_info, struct_size), data.size(sizeof(ravine_precision_info))},
        {offsetof(ravine_precision_info, name), data.string(precision.name)},
        {offsetof(ravine_precision_info, parameter), data.i32(precision.parameter)},
        {offsetof(ravine_precision_info, gradient), data.i32(precision.gradient)},
        {offsetof(ravine_precision_info, compute), data.i32(precision.compute)},
    });
  }

  Constant *optimizerInfo(OptimizerDescription optimizer) {
    SmallVector<Constant *> hypers, states, requirements, precisions;
    for (ir::HyperOp hyper : optimizer.rule.declared<ir::HyperOp>())
      hypers.push_back(hyperInfo(hyper));
    for (ir::StateOp state : optimizer.rule.declared<ir::StateOp>())
      states.push_back(stateInfo(state));
    for (ir::RequirementOp requirement : optimizer.rule.declared<ir::RequirementOp>())
      requirements.push_back(requirementInfo(requirement));
    for (const Precision &precision : library.precisions)
      precisions.push_back(precisionInfo(precision));
    return data.structure<ravine_optimizer_info>({
        {offsetof(ravine_optimizer_info, struct_size), data.size(sizeof(ravine_optimizer_info))},
        {offsetof(ravine_optimizer_info, name), data.string(optimizer.rule.getSymName())},
        {offsetof(ravine_optimizer_info, doc), data.string(optimizer.rule.getDoc())},
        {offsetof(ravine_optimizer_info, citation), data.string(optimizer.rule.getCitation())},
        {offsetof(ravine_optimizer_info, hypers), data.array(hypers)},
        {offsetof(ravine_optimizer_info, hyper_count), data.size(hypers.size())},
        {offsetof(ravine_optimizer_info, states), data.array(states)},
        {offsetof(ravine_optimizer_info, state_count), data.size(states.size())},
        {offsetof(ravine_optimizer_info, requirements), data.array(requirements)},
        {offsetof(ravine_optimizer_info, requirement_count), data.size(requirements.size())},
        {offsetof(ravine_optimizer_info, precisions), data.array(precisions)},
        {offsetof(ravine_optimizer_info, precision_count), data.size(precisions.size())},
    });
  }

  // ---- programs

  Constant *scalarFunction(sweep::ProgramOp program, StringRef name) {
    return data.function(entryName(functionName(program.getOptimizer(), name)));
  }

  Constant *scalarsPlan(sweep::ProgramOp program, StringRef name) {
    auto scalars = program.lookupSymbol<sweep::ScalarsOp>(name);
    size_t slots = scalars.getYield().getValues().size();
    return data.structure<ravine_plan_scalars>({
        {offsetof(ravine_plan_scalars, function), slots == 0 ? data.null() : scalarFunction(program, name)},
        {offsetof(ravine_plan_scalars, slot_count), data.i32(static_cast<int64_t>(slots))},
        {offsetof(ravine_plan_scalars, clock_mask), data.i32(scalars.getClockMask())},
    });
  }

  Constant *bufferPlan(sweep::BufferAttr buffer) {
    return data.structure<ravine_plan_buffer>({
        {offsetof(ravine_plan_buffer, kind), data.i32(static_cast<int32_t>(buffer.getKind()))},
        {offsetof(ravine_plan_buffer, state), data.i32(buffer.getState())},
        {offsetof(ravine_plan_buffer, is_read), data.u8(buffer.getIsRead())},
        {offsetof(ravine_plan_buffer, is_written), data.u8(buffer.getIsWritten())},
    });
  }

  Constant *sweepPlan(sweep::ProgramOp program, sweep::SweepRole role, uint32_t variant) {
    for (sweep::SweepOp sweep : program.all<sweep::SweepOp>()) {
      if (sweep.getRole() != role || sweep.getVariant() != variant)
        continue;
      SmallVector<Constant *> buffers, kernels;
      for (sweep::BufferAttr buffer : sweep.getBufferAttrs())
        buffers.push_back(bufferPlan(buffer));
      std::string kernel = entryName(functionName(program.getOptimizer(), sweep.getSymName()));
      for (StringRef suffix : suffixes)
        kernels.push_back(data.function(kernel + suffix.str()));
      return data.structure<ravine_plan_sweep>({
          {offsetof(ravine_plan_sweep, buffers), data.array(buffers)},
          {offsetof(ravine_plan_sweep, buffer_count), data.i32(static_cast<int64_t>(buffers.size()))},
          {offsetof(ravine_plan_sweep, kernels), data.array(kernels)},
          {offsetof(ravine_plan_sweep, scalars), scalarsPlan(program, sweep.getScalars())},
      });
    }
    Constant *noScalars = data.structure<ravine_plan_scalars>({
        {offsetof(ravine_plan_scalars, function), data.null()},
        {offsetof(ravine_plan_scalars, slot_count), data.i32(0)},
        {offsetof(ravine_plan_scalars, clock_mask), data.i32(0)},
    });
    return data.structure<ravine_plan_sweep>({
        {offsetof(ravine_plan_sweep, buffers), data.null()},
        {offsetof(ravine_plan_sweep, buffer_count), data.i32(0)},
        {offsetof(ravine_plan_sweep, kernels), data.null()},
        {offsetof(ravine_plan_sweep, scalars), noScalars},
    });
  }

  Constant *optimizerPlan(OptimizerDescription optimizer) {
    sweep::ProgramOp program = optimizer.program;
    SmallVector<Constant *> stateConditions, initial, steps;
    for (int32_t condition : program.getStateConditions())
      stateConditions.push_back(data.i32(condition)); // −1 is UINT32_MAX: always
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant) {
      initial.push_back(sweepPlan(program, sweep::SweepRole::Initial, variant));
      steps.push_back(sweepPlan(program, sweep::SweepRole::Step, variant));
    }
    Constant *runSweep = data.structure<ravine_plan_instruction>({
        {offsetof(ravine_plan_instruction, opcode), data.i32(RAVINE_PLAN_SWEEP)},
        {offsetof(ravine_plan_instruction, operand), data.i32(0)},
    });
    return data.structure<ravine_plan_optimizer>({
        {offsetof(ravine_plan_optimizer, conditions), scalarFunction(program, "conditions")},
        {offsetof(ravine_plan_optimizer, condition_count), data.i32(program.getConditionCount())},
        {offsetof(ravine_plan_optimizer, state_conditions), data.array(stateConditions)},
        {offsetof(ravine_plan_optimizer, requirements), scalarFunction(program, "requirements")},
        {offsetof(ravine_plan_optimizer, initial), data.array(initial)},
        {offsetof(ravine_plan_optimizer, sweeps), data.array(steps)},
        {offsetof(ravine_plan_optimizer, sweep_count), data.i32(1)},
        {offsetof(ravine_plan_optimizer, instructions), data.array({runSweep})},
        {offsetof(ravine_plan_optimizer, instruction_count), data.i32(1)},
        {offsetof(ravine_plan_optimizer, flush_subnormals), data.i32(!optimizer.rule.getKeepsSubnormals())},
    });
  }

  llvm::Module &module;
  ConstantData data;
  const LibraryDescription &library;
  llvm::ArrayRef<StringRef> suffixes;
};

} // namespace

void ravine::emitPlan(llvm::Module &module, const LibraryDescription &library, llvm::ArrayRef<StringRef> targetSuffixes,
                      StringRef manifest) {
  PlanWriter(module, library, targetSuffixes).write(manifest);
}

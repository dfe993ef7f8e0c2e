// The plan as constant data. Each function writes one struct of ravine.h or plan.h, field by field in its order.
#include "compiler/codegen/Plan.h"

#include "compiler/codegen/ConstantData.h"
#include "compiler/codegen/cpu/Passes.h"

using namespace ravine;
using llvm::Constant;
using llvm::SmallVector;
using llvm::StringRef;

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
    Constant *plan = data.structure({
        data.string(library.name),
        data.string(compilerVersion()),
        data.string(library.sourceHash),
        data.string(manifest),
        data.array(targets),
        data.array(names),
        data.i32(static_cast<int64_t>(targets.size())),
        data.i32(static_cast<int64_t>(plans.size())),
        data.array(descriptions),
        data.array(plans),
        data.i32(1), // flush_subnormals
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
    return data.structure({
        data.size(sizeof(ravine_hyper_info)),
        data.string(hyper.getSymName()),
        data.string(hyper.getDoc()),
        data.i32(static_cast<int32_t>(hyper.getKind())),
        data.f64(hyper.getDefaultValue().convertToDouble()),
        data.f64(hyper.getLower().convertToDouble()),
        data.f64(hyper.getUpper().convertToDouble()),
        data.i32(hyper.getLowerOpen()),
        data.i32(hyper.getUpperOpen()),
        data.array(choices),
        data.size(choices.size()),
    });
  }

  Constant *stateInfo(ir::StateOp state) {
    return data.structure({
        data.size(sizeof(ravine_state_info)),
        data.string(state.getSymName()),
        data.string(state.getDoc()),
        data.i32(RAVINE_PER_ELEMENT),
        data.i32(RAVINE_DTYPE_COMPUTE),
        data.string(state.getConditionText()),
    });
  }

  Constant *requirementInfo(ir::RequirementOp requirement) {
    return data.structure({data.size(sizeof(ravine_requirement_info)), data.string(requirement.getText())});
  }

  Constant *precisionInfo(const Precision &precision) {
    return data.structure({
        data.size(sizeof(ravine_precision_info)),
        data.string(precision.name),
        data.i32(precision.parameter),
        data.i32(precision.gradient),
        data.i32(precision.compute),
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
    return data.structure({
        data.size(sizeof(ravine_optimizer_info)),
        data.string(optimizer.rule.getSymName()),
        data.string(optimizer.rule.getDoc()),
        data.string(optimizer.rule.getCitation()),
        data.array(hypers),
        data.size(hypers.size()),
        data.array(states),
        data.size(states.size()),
        data.array(requirements),
        data.size(requirements.size()),
        data.array(precisions),
        data.size(precisions.size()),
    });
  }

  // ---- programs

  Constant *scalarFunction(sweep::ProgramOp program, StringRef name) {
    return data.function(entryName(functionName(program.getOptimizer(), name)));
  }

  Constant *scalarsPlan(sweep::ProgramOp program, StringRef name) {
    auto scalars = program.lookupSymbol<sweep::ScalarsOp>(name);
    size_t slots = scalars.getYield().getValues().size();
    return data.structure({
        slots == 0 ? data.null() : scalarFunction(program, name),
        data.i32(static_cast<int64_t>(slots)),
        data.i32(scalars.getClockMask()),
    });
  }

  Constant *bufferPlan(sweep::BufferAttr buffer) {
    return data.structure({
        data.i32(static_cast<int32_t>(buffer.getKind())),
        data.i32(buffer.getState()),
        data.u8(buffer.getIsRead()),
        data.u8(buffer.getIsWritten()),
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
      return data.structure({
          data.array(buffers),
          data.i32(static_cast<int64_t>(buffers.size())),
          data.array(kernels),
          scalarsPlan(program, sweep.getScalars()),
      });
    }
    Constant *noScalars = data.structure({data.null(), data.i32(0), data.i32(0)});
    return data.structure({data.null(), data.i32(0), data.null(), noScalars});
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
    Constant *runSweep = data.structure({data.i32(RAVINE_PLAN_SWEEP), data.i32(0)});
    return data.structure({
        scalarFunction(program, "conditions"),
        data.i32(program.getConditionCount()),
        data.array(stateConditions),
        scalarFunction(program, "requirements"),
        data.array(initial),
        data.array(steps),
        data.i32(1), // sweep_count
        data.array({runSweep}),
        data.i32(1), // instruction_count
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

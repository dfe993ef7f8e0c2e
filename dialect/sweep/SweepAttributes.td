// What programs and sweeps say in attributes.
#ifndef SWEEP_ATTRIBUTES_TD
#define SWEEP_ATTRIBUTES_TD

include "dialect/sweep/SweepDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Sweep_ValueKind : I32EnumAttr<"ValueKind", "what a number that outlives a sweep is", [
    I32EnumAttrCase<"Hyper", 0, "hyper">,
    I32EnumAttrCase<"State", 1, "state">,
    I32EnumAttrCase<"Reduction", 2, "reduction">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_ValueAttr : AttrDef<Sweep_Dialect, "Value"> {
  let mnemonic = "value";
  let summary = "a number coarser than elements that outlives a sweep";
  let description = [{
    `name` is for people. `index` counts the optimizer's hypers or states, or the rule's reductions, from 0.
  }];
  let parameters = (ins "::ravine::sweep::ValueKind":$kind, "::mlir::StringAttr":$name, "uint32_t":$index);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_ExitAttr : AttrDef<Sweep_Dialect, "Exit"> {
  let mnemonic = "exit";
  let summary = "a place where a step may end early";
  let description = [{
    After the first `afterStages` stages of the step its condition is asked. Where it holds, the stages and the end programs
    of this exit follow in place of the rest, and no counter advances. One that refuses has no stages; `culprit` is the
    model value whose parts tell the tensors to blame, −1 for the others.
  }];
  let parameters = (ins "uint32_t":$afterStages, "bool":$refuses, "int32_t":$culprit);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_PatternAttr : AttrDef<Sweep_Dialect, "Pattern"> {
  let mnemonic = "pattern";
  let summary = "what the name of a tensor, or of its group, is compared with";
  let parameters = (ins "::mlir::StringAttr":$pattern, "bool":$isOfGroup);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_ScalarRole : I32EnumAttr<"ScalarRole", "what a scalar program is for", [
    I32EnumAttrCase<"Conditions", 0, "conditions">,
    I32EnumAttrCase<"Requirements", 1, "requirements">,
    I32EnumAttrCase<"Slots", 2, "slots">,
    I32EnumAttrCase<"InitialTensor", 3, "initial_tensor">,
    I32EnumAttrCase<"InitialModel", 4, "initial_model">,
    I32EnumAttrCase<"EndTensor", 5, "end_tensor">,
    I32EnumAttrCase<"EndModel", 6, "end_model">,
    I32EnumAttrCase<"Schedules", 7, "schedules">,
    I32EnumAttrCase<"ExitCondition", 8, "exit_condition">,
    I32EnumAttrCase<"Fold", 9, "fold">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_SweepRole : I32EnumAttr<"SweepRole", "when a sweep runs", [
    I32EnumAttrCase<"Initial", 0, "initial">,
    I32EnumAttrCase<"Step", 1, "step">,
    I32EnumAttrCase<"View", 2, "view">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_BufferKind : I32EnumAttr<"BufferKind", "what a buffer holds", [
    I32EnumAttrCase<"Parameter", 0, "parameter">,
    I32EnumAttrCase<"Gradient", 1, "gradient">,
    I32EnumAttrCase<"State", 2, "state">,
    I32EnumAttrCase<"Scratch", 3, "scratch">,
    I32EnumAttrCase<"View", 4, "view">,
    I32EnumAttrCase<"Group", 5, "group">,
    I32EnumAttrCase<"Field", 6, "field">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_BufferAttr : AttrDef<Sweep_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "a buffer that a sweep walks";
  let description = [{
    `name` is for people: w, g or the state's name. `index` counts the optimizer's states, or the scratch buffers of a
    stage, or the program's group buffers or fields, from 0, and is 0 for the rest. Scratch holds a value from one sweep of a
    stage to a later one, and belongs to nobody between stages. A view is what the host asked for. A group buffer holds an
    f64 for each group of elements, a field a number of the type that elements are computed in for each element; both
    keep what they hold from where it is written to the end of the step.

    `set` is what the buffer has a number for: elements or groups of them. `number` is how the memory stores one, which
    need not be how the sweep computes it: what is read is widened, what is written rounded to nearest, ties to even.
  }];
  let parameters = (ins "::ravine::sweep::BufferKind":$kind, "::mlir::StringAttr":$name, "uint32_t":$index,
                        "::ravine::IndexSet":$set, "::mlir::Type":$number, "bool":$isRead, "bool":$isWritten);
  let assemblyFormat = "`<` params `>`";
  let extraClassDeclaration = [{
    /// Whether it is written and what is written is seen after the step: that of a parameter, a gradient or a state.
    bool outlivesStep() const {
      return getIsWritten() && (getKind() == BufferKind::Parameter || getKind() == BufferKind::Gradient ||
                                getKind() == BufferKind::State);
    }
  }];
}

def Sweep_ReductionAttr : AttrDef<Sweep_Dialect, "Reduction"> {
  let mnemonic = "reduction";
  let summary = "a number that a sweep folds";
  let description = [{
    `value` is its place in the program's table of model values or of tensor values, by `set`. For groups of elements it is
    the number of the `group` buffer that receives one number for each.
  }];
  let parameters = (ins "::ravine::ir::ReductionKind":$kind, "::ravine::IndexSet":$set, "uint32_t":$value);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_OperationKind : I32EnumAttr<"OperationKind", "what is done with all elements of a member at once", [
    I32EnumAttrCase<"KthLargest", 1, "kth_largest">,
    I32EnumAttrCase<"Quantile", 2, "quantile">,
    I32EnumAttrCase<"SimplexThreshold", 3, "simplex_threshold">,
    I32EnumAttrCase<"Largest", 4, "largest">,
    I32EnumAttrCase<"Difference", 5, "difference">,
    I32EnumAttrCase<"TautString", 6, "taut_string">]> {
  let cppNamespace = "::ravine::sweep";
}

#endif

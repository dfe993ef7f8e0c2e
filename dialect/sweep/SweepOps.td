// Programs, scalar programs and sweeps.
#ifndef SWEEP_OPS_TD
#define SWEEP_OPS_TD

include "dialect/sweep/SweepDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Sweep_Op<string mnemonic, list<Trait> traits = []> : Op<Sweep_Dialect, mnemonic, traits>;

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

def Sweep_ProgramOp : Sweep_Op<"program",
    [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "what one optimizer does";
  let description = [{
    Stands beside the `ravine.optimizer` of the same rule, whose declarations its scalar programs and sweeps refer to by
    position. A *variant* is one outcome of the conditions under which optional states exist: in variant v, condition i
    holds where bit i of v is set.

    Numbers that outlive a sweep and are coarser than elements stand in two tables, one with a row for each tensor and one
    for the model: per-tensor hypers, states, and the results of reductions. `guard` is the number of the model value that
    has to be finite for the step to happen, known after stage `guardStage`; −1 where there is none.

    - `c1`: there is one `scalars` for the conditions and one for the requirements, with as many results.
    - `c2`: for every variant there is at most one `sweep` in the role `initial`, and one `scalars` for the initial values
      and one for the ends of tensors; there is one of each for the model.
    - `c3`: there are at most 8 conditions.
    - `c4`: every variant has the same number of stages, in order.
    - `c5`: `guard` and `guardStage` name a model value and a stage, and no stage up to that one writes to w or a state.
    - `c6`: hypers and states are those of the optimizer, where it stands in the same module.

    ```mlir
    sweep.program @descent.program optimizer @descent conditions 0 states [] requirements 0
        tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] { … }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$optimizer, DenseI32ArrayAttr:$stateConditions,
                       I32Attr:$conditionCount, I32Attr:$requirementCount,
                       TypedArrayAttrBase<Sweep_ValueAttr, "values">:$tensorValues,
                       TypedArrayAttrBase<Sweep_ValueAttr, "values">:$modelValues,
                       DefaultValuedAttr<I32Attr, "-1">:$guard, DefaultValuedAttr<I32Attr, "-1">:$guardStage);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `optimizer` $optimizer `conditions` $conditionCount `states` $stateConditions `requirements` $requirementCount
    `tensor_values` $tensorValues `model_values` $modelValues (`guard` $guard^ `after` $guardStage)?
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    template <typename T> auto all() { return getBody().front().getOps<T>(); }
    unsigned getVariantCount() { return 1u << getConditionCount(); }
    /// The stages of a variant, in order.
    std::vector<StageOp> getStages(unsigned variant);
  }];
}

def Sweep_ScalarRole : I32EnumAttr<"ScalarRole", "what a scalar program is for", [
    I32EnumAttrCase<"Conditions", 0, "conditions">,
    I32EnumAttrCase<"Requirements", 1, "requirements">,
    I32EnumAttrCase<"Slots", 2, "slots">,
    I32EnumAttrCase<"InitialTensor", 3, "initial_tensor">,
    I32EnumAttrCase<"InitialModel", 4, "initial_model">,
    I32EnumAttrCase<"EndTensor", 5, "end_tensor">,
    I32EnumAttrCase<"EndModel", 6, "end_model">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_ScalarsOp : Sweep_Op<"scalars", [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "uniform arithmetic that was moved out of the loops";
  let description = [{
    Runs in f64, once for each group, clock and tensor value that differ. It reads `hyper`, `clock`, `tensor_value` and
    `model_value` and yields f64 *slots*; a truth value is 0 or 1. Its role says when it runs and what it yields:

    - `conditions`, `requirements`: the truth of each, at creation;
    - `slots`: what a sweep reads, before that sweep;
    - `initial_tensor`, `initial_model`: the initial values of the states in the table of tensor or model values, in the
      table's order, before the first step of a tensor or of the optimizer;
    - `end_tensor`, `end_model`: the next values of those states, then the metrics of that index set in the order of their
      declaration, after the last sweep. All of them see what the step began with.

    `variant` says for which outcome of the conditions it is; the programs of the model have variant 0.

    ```mlir
    sweep.scalars @step_0_scalars slots {
      %lr = sweep.hyper 0
      sweep.yield %lr : f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_ScalarRole:$role, DefaultValuedAttr<I32Attr, "0">:$variant);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $role (`variant` $variant^)? attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    YieldOp getYield();
    /// Bit RAVINE_CLOCK_x for each entry of the clock that is read.
    uint32_t getClockMask();
    bool readsTensorValues();
    bool readsModelValues();
  }];
}

def Sweep_HyperOp : Sweep_Op<"hyper", [Pure, HasParent<"ScalarsOp">]> {
  let summary = "the value of a hyperparameter, by position";
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
}

def Sweep_ClockOp : Sweep_Op<"clock", [Pure, HasParent<"ScalarsOp">]> {
  let summary = "an entry of the clock, by its RAVINE_CLOCK_x number";
  let arguments = (ins ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<4>]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
}

def Sweep_TensorValueOp : Sweep_Op<"tensor_value", [Pure, HasParent<"ScalarsOp">]> {
  let summary = "an entry of the program's table of tensor values, for the tensor at hand";
  let description = [{
    - `c1`: the table has that entry.
  }];
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
  let hasVerifier = 1;
}

def Sweep_ModelValueOp : Sweep_Op<"model_value", [Pure, HasParent<"ScalarsOp">]> {
  let summary = "an entry of the program's table of model values";
  let description = [{
    - `c1`: the table has that entry.
  }];
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
  let hasVerifier = 1;
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
    I32EnumAttrCase<"View", 4, "view">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_BufferAttr : AttrDef<Sweep_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "a buffer that a sweep walks";
  let description = [{
    `name` is for people: w, g or the state's name. `index` counts the optimizer's states, or the scratch buffers of a
    stage, from 0, and is 0 for the rest. Scratch holds a value from one sweep of a stage to a later one, and belongs to
    nobody between stages. A view is what the host asked for.
  }];
  let parameters = (ins "::ravine::sweep::BufferKind":$kind, "::mlir::StringAttr":$name, "uint32_t":$index,
                        "::mlir::Type":$number, "bool":$isRead, "bool":$isWritten);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_ReductionAttr : AttrDef<Sweep_Dialect, "Reduction"> {
  let mnemonic = "reduction";
  let summary = "a number that a sweep folds";
  let description = [{
    `value` is its place in the program's table of model values or of tensor values, by `set`.
  }];
  let parameters = (ins "::ravine::ir::ReductionKind":$kind, "::ravine::ir::IndexSet":$set, "uint32_t":$value);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_SweepOp : Sweep_Op<"sweep",
    [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one traversal of a tensor's memory";
  let description = [{
    The body computes one element. Its arguments are the numbers read from the buffers that are read, in order, then the
    slots of the scalar program; `yield` gives what goes to the buffers that are written, in order, then an f64 for each
    reduction, which folds it over the elements. `view` counts the optimizer's views from 0, for a sweep in that role.

    - `c1`: the arguments are as described.
    - `c2`: the yielded numbers are as described.
    - `c3`: a gradient is not written.
    - `c4`: a reduction names an entry for a reduction in the table of its index set.
    - `c5`: a view is written, once, by a sweep in the role `view`, and that sweep writes nothing else.

    ```mlir
    sweep.sweep @step_0 step variant 0 scalars @step_0_scalars
        buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>, #sweep.buffer<gradient, "g", 0, f32, true, false>]
        reductions [#sweep.reduction<sum, model, 0>] {
    ^bb0(%w: f32, %g: f32, %lr: f64):
      …
      sweep.yield %next, %square : f32, f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_SweepRole:$role, I32Attr:$variant,
                       DefaultValuedAttr<I32Attr, "0">:$view, FlatSymbolRefAttr:$scalars,
                       TypedArrayAttrBase<Sweep_BufferAttr, "buffers">:$buffers,
                       TypedArrayAttrBase<Sweep_ReductionAttr, "reductions">:$reductions);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $role (`number` $view^)? `variant` $variant `scalars` $scalars `buffers` $buffers `reductions` $reductions
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    YieldOp getYield();
    auto getBufferAttrs() { return getBuffers().getAsRange<BufferAttr>(); }
    auto getReductionAttrs() { return getReductions().getAsRange<ReductionAttr>(); }
  }];
}

def Sweep_StageOp : Sweep_Op<"stage", [HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "sweeps between two points at which all tensors wait for each other";
  let description = [{
    The stages of a variant run in order. Within one, each tensor goes through the sweeps on its own: the scalar program of
    a sweep finds what the tensor's reductions in the sweeps before have given. Reductions over the model are complete
    when the stage ends.

    `resident` is another way to do the same, bit for bit, for a tensor that stays in cache from one sweep to the next:
    it may store in scratch what `sweeps` computes again. Empty where `sweeps` is the best for both.

    - `c1`: the symbols name sweeps in the role `step` of this variant.
    - `c2`: `sweeps` and `resident` write the same buffers, scratch aside, and fold the same reductions.

    ```mlir
    sweep.stage variant 0 sweeps [@step_0_0, @step_0_1] resident [@step_0_0_resident, @step_0_1_resident]
    ```
  }];
  let arguments = (ins I32Attr:$variant, FlatSymbolRefArrayAttr:$sweeps, FlatSymbolRefArrayAttr:$resident);
  let assemblyFormat = "`variant` $variant `sweeps` $sweeps `resident` $resident attr-dict";
}

def Sweep_YieldOp : Sweep_Op<"yield", [Terminator, Pure, ParentOneOf<["ScalarsOp", "SweepOp"]>]> {
  let summary = "the results of a scalar program or a sweep";
  let arguments = (ins Variadic<AnyFloat>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

#endif

// Programs, scalar programs and sweeps.
#ifndef SWEEP_OPS_TD
#define SWEEP_OPS_TD

include "dialect/sweep/SweepAttributes.td"
include "dialect/ravine/RavineTypes.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Sweep_Op<string mnemonic, list<Trait> traits = []> : Op<Sweep_Dialect, mnemonic, traits>;

def Sweep_ProgramOp : Sweep_Op<"program",
    [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "what one optimizer does";
  let description = [{
    Stands beside the `ravine.optimizer` of the same rule, whose declarations its scalar programs and sweeps refer to by
    position. A *variant* is one way of storing parameter and gradient together with one outcome of the rule's conditions
    for a tensor. With n outcomes, variant v has precision v / n and outcome v % n; in outcome o, condition i holds where
    bit i of `outcomes[o]` is set. `stateExists[s · variants + v]` says whether state s exists in variant v, and
    `stateTypes[s · precisions + p]` how a state over elements is stored.

    Numbers that outlive a sweep and are coarser than elements stand in two tables, one with a row for each tensor and one
    for the model: per-tensor hypers, states, and the results of reductions. `exits` are in the order in which they are
    asked. `patterns` are compared with names when the optimizer is created. `minimumRanks[o]` is how many axes a tensor
    has to have in outcome o: 2 where its rule speaks of rows, columns or channels, else 0.

    Beside the tables, each tensor has `groupSets.size()` *group buffers*, the i-th with an f64 for each member of
    `groupSets[i]`, and `fieldCount` *fields*, as long as the tensor, of the type that elements are computed in. A tensor
    has those that the sweeps of its variant mention.

    - `c1`: there is one `scalars` for the conditions and one for the requirements, with as many results, and at most one
      for the schedules, with a result for each hyper.
    - `c2`: for every variant there is at most one `stage` in the role `initial`, and one `scalars` for the initial values;
      for every variant, in the step itself and in every exit that does not refuse, one for the ends of tensors. There is
      one of each for the model.
    - `c3`: there are at most 32 conditions, at least one outcome and one precision, and no two outcomes are the same.
      Each outcome has a minimum rank, and `groupSets` are groups of elements.
    - `c4`: every variant has the same number of stages in the role `step`, in order, in the step itself and in each exit;
      exits that refuse have none.
    - `c5`: every exit has a `scalars` for its condition, with one result. Exits are asked after a number of stages that
      never falls and that the step has, and no stage before that writes to w, g or a state. An exit that refuses has a
      model value for its culprit.
    - `c6`: hypers and states are those of the optimizer, where it stands in the same module, and over the index sets
      that it says; there is an entry for each state and variant in `stateExists`, for each state and precision in
      `stateTypes`.

    ```mlir
    sweep.program @descent.program optimizer @descent conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
        tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 { … }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$optimizer, I32Attr:$conditionCount,
                       DenseI32ArrayAttr:$outcomes, I32Attr:$precisionCount, DenseBoolArrayAttr:$stateExists,
                       TypeArrayAttr:$stateTypes, I32Attr:$requirementCount,
                       TypedArrayAttrBase<Sweep_ValueAttr, "values">:$tensorValues,
                       TypedArrayAttrBase<Sweep_ValueAttr, "values">:$modelValues,
                       TypedArrayAttrBase<Sweep_ExitAttr, "exits">:$exits,
                       TypedArrayAttrBase<Sweep_PatternAttr, "patterns">:$patterns,
                       DenseI32ArrayAttr:$minimumRanks,
                       TypedArrayAttrBase<Ravine_IndexSetAttr, "index sets">:$groupSets, I32Attr:$fieldCount);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `optimizer` $optimizer `conditions` $conditionCount `outcomes` $outcomes `precisions` $precisionCount
    `states` $stateExists `:` $stateTypes `requirements` $requirementCount `tensor_values` $tensorValues
    `model_values` $modelValues `exits` $exits `patterns` $patterns `ranks` $minimumRanks `groups` $groupSets
    `fields` $fieldCount attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    template <typename T> auto all() { return getBody().front().getOps<T>(); }
    unsigned getOutcomeCount() { return getOutcomes().size(); }
    unsigned getVariantCount() { return getPrecisionCount() * getOutcomeCount(); }
    /// The stages of a variant, in order, of the step itself or of one of its exits.
    std::vector<StageOp> getStages(unsigned variant, int32_t exit = -1);
    /// The stage that gives states their initial values, or null.
    StageOp getInitial(unsigned variant);
    /// The stage that computes a view; null where it is the parameter itself.
    StageOp getView(unsigned view, unsigned variant);
    /// Whether the table of that index set, `tensor` or `model`, has a place for a reduction there.
    bool hasReduction(::ravine::IndexSet set, uint32_t place);
  }];
}

def Sweep_ScalarsOp : Sweep_Op<"scalars", [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "uniform arithmetic that was moved out of the loops";
  let description = [{
    Runs in f64, once for each group, clock and tensor value that differ. It reads `hyper`, `clock`, `matches`,
    `tensor_value` and `model_value` and yields f64 *slots*; a truth value is 0 or 1. Its role says when it runs and what it yields:

    - `conditions`, `requirements`: the truth of each, at creation;
    - `slots`: what a sweep reads, before that sweep;
    - `initial_tensor`, `initial_model`: the initial values of the states in the table of tensor or model values, in the
      table's order, before the first step of a tensor or of the optimizer;
    - `end_tensor`, `end_model`: the next values of those states, then the metrics of that index set in the order of their
      declaration, after the last sweep. All of them see what the step began with. Those of an exit yield no metrics;
    - `schedules`: the value of every hyper in this step. It finds the values that the host has set, and NaN for a hyper
      that follows its schedule;
    - `exit_condition`: whether the step ends at an exit, for the model;
    - `fold`: numbers of a tensor that are folded over the model at the end of a stage.

    `variant` says for which variant it is; the programs of the model have variant 0. `exit` says for which exit, −1 for
    the step itself.

    ```mlir
    sweep.scalars @step_0_scalars slots {
      %lr = sweep.hyper 0
      sweep.yield %lr : f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_ScalarRole:$role, DefaultValuedAttr<I32Attr, "0">:$variant,
                       DefaultValuedAttr<I32Attr, "-1">:$exit);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $role (`variant` $variant^)? (`exit` $exit^)? attr-dict-with-keyword $body";
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
  let arguments = (ins ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<7>]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
}

def Sweep_MatchesOp : Sweep_Op<"matches", [Pure, HasParent<"ScalarsOp">]> {
  let summary = "whether one of the program's patterns fits the tensor at hand: 1 or 0";
  let description = [{
    - `c1`: the program has that pattern.
    - `c2`: the scalar program is the one for the conditions.
  }];
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
  let hasVerifier = 1;
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

def Sweep_SweepOp : Sweep_Op<"sweep",
    [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one traversal of a tensor's memory, or one pass of it";
  let description = [{
    The body computes one member of the index set `over`, an element unless said otherwise. Its arguments are the numbers
    read from the buffers that are read, in order, then the slots of the scalar program; `yield` gives what goes to the
    buffers that are written, in order, then an f64 for each reduction, which folds it over the members. `view` counts the
    optimizer's views from 0, for a sweep that belongs to one.

    Elements are computed in one type, f32 or f64, whatever their buffers store; scratch and fields store that type.
    Groups of elements are computed in f64. A sweep over elements reads numbers of groups from group buffers, as f64, and
    writes them by reductions. One over groups reads and writes states and group buffers over the same groups, and its
    reductions are over the tensor or the model.

    - `c1`: the arguments are as described.
    - `c2`: the yielded numbers are as described.
    - `c3`: nothing but 0 is written to a gradient.
    - `c4`: a reduction names an entry for a reduction in the table of its index set.
    - `c5`: a view is written by a sweep in the role `view`, and that sweep writes nothing else. Sweeps in that role write
      no parameter, gradient or state.
    - `c6`: elements are computed in f32 or f64; buffers store f32, f64, bf16 or f16, scratch and fields what is computed
      in, group buffers f64.
    - `c7`: `over` is `element` or groups of elements. Every buffer is over that set; a sweep over elements may read group
      buffers of other sets besides. A reduction over groups is made by a sweep over elements, and stands for a group
      buffer of that set. Group buffers and fields are the program's.
    - `c8`: the sets of groups that occur in a variant are either blocks of one size, or rows together with columns or
      channels.

    ```mlir
    sweep.sweep @step_0 step variant 0 scalars @step_0_scalars
        buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
        reductions [#sweep.reduction<sum, model, 0>] {
    ^bb0(%w: f32, %g: f32, %lr: f64):
      …
      sweep.yield %next, %square : f32, f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_SweepRole:$role, I32Attr:$variant,
                       DefaultValuedAttr<I32Attr, "0">:$view,
                       DefaultValuedAttr<Ravine_IndexSetAttr, "::ravine::IndexSet::Element">:$over,
                       FlatSymbolRefAttr:$scalars,
                       TypedArrayAttrBase<Sweep_BufferAttr, "buffers">:$buffers,
                       TypedArrayAttrBase<Sweep_ReductionAttr, "reductions">:$reductions);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $role (`number` $view^)? `variant` $variant (`over` $over^)? `scalars` $scalars `buffers` $buffers `reductions` $reductions
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    YieldOp getYield();
    /// What members are computed in: f32 or f64.
    ::mlir::Type getComputeType();
    /// What the body finds of a buffer that is read.
    ::mlir::Type getComputeType(BufferAttr buffer);
    /// What it computes a number for.
    ::ravine::IndexSet getMembers() { return getOver().getValue(); }
    /// Whether it goes over elements and reads or folds numbers of groups of them.
    bool knowsOfGroups();
    auto getBufferAttrs() { return getBuffers().getAsRange<BufferAttr>(); }
    auto getReductionAttrs() { return getReductions().getAsRange<ReductionAttr>(); }
  }];
}

def Sweep_OperationOp : Sweep_Op<"operation",
    [Symbol, HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a `search` or a `rearrange` of the ravine dialect, done by the runtime";
  let description = [{
    Stands in a stage where a sweep could stand. Works on `field`, which a sweep before it has written, for each member of
    `set`: blocks, rows, the tensor, or all tensors of the model that take part and whose variant has the operation. A
    search leaves the field as it is and gives one number, which goes to `result`: the group buffer of that number, or the
    entry of the table of tensor or model values. The others replace the field; `result` is −1.

    The argument is the one slot of its scalar program, or, where that has none, what the group buffer `argument` holds
    for the member.

    - `c1`: `scalars` has one slot and `argument` is −1, or it has none and `argument` is a group buffer over `set`.
    - `c2`: `result` is an entry for a reduction, or a group buffer over `set`, for `kth_largest`, `quantile` and
      `simplex_threshold`; it is −1 for the others.
    - `c3`: over the model it is the last of its stage's sweeps, or followed by operations over the model alone.
    - `c4`: `field` is the program's, of f32 or f64. `set` is blocks, `row`, `tensor` or, but for `difference` and
      `taut_string`, `model`.

    ```mlir
    sweep.operation @step_0_1 simplex_threshold variant 0 scalars @step_0_1_scalars over <row> field 0 : f32 argument -1 result 2
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_OperationKind:$kind, I32Attr:$variant,
                       FlatSymbolRefAttr:$scalars, Ravine_IndexSetAttr:$set, I32Attr:$field, TypeAttr:$number,
                       I32Attr:$argument, I32Attr:$result);
  let assemblyFormat = [{
    $sym_name $kind `variant` $variant `scalars` $scalars `over` $set `field` $field `:` $number `argument` $argument
    `result` $result attr-dict
  }];
  let extraClassDeclaration = [{
    ::ravine::IndexSet getMembers() { return getSet().getValue(); }
    /// Whether it gives a number for each member, and leaves the field as it is.
    bool isSearch();
  }];
}

def Sweep_StageOp : Sweep_Op<"stage", [HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "sweeps between two points at which all tensors wait for each other";
  let description = [{
    The stages of a variant run in order. Within one, each tensor goes through the sweeps on its own: the scalar program of
    a sweep finds what the tensor's reductions in the sweeps before have given. Reductions over the model are complete
    when the stage ends.

    `tiles` cuts the list of sweeps into runs: [1, 3, 1] says that the second to the fourth are *passes* of one traversal. It
    goes through memory tile by tile, a tile being some whole rows or blocks, and each tile through all of its passes
    before the next tile is touched, so that each pass finds in cache what the one before has left there. Numbers of rows or
    blocks that a pass has made are known to the next.

    `fold` is a scalar program that is run for each tensor at the end; `fold_reductions` fold what it yields over the
    model, as those of a sweep do.

    `resident` is another way to do the same, bit for bit, for a tensor that stays in cache from one sweep to the next:
    it may store in scratch what `sweeps` computes again. Empty where `sweeps` is the best for both.

    - `c1`: the symbols name sweeps of this role, variant and view, or operations of this variant.
    - `c2`: `sweeps` and `resident` write the same buffers, scratch and the group buffers of sweeps over groups aside, and
      fold the same reductions.
    - `c3`: `exit`, which says that the stage belongs to what follows an exit, is one of the program's; −1 for the step
      itself.
    - `c4`: `tiles` adds up to the number of sweeps, `resident_tiles` to that of `resident`; no entry is 0.
    - `c5`: a run of several passes holds sweeps over elements, rows or blocks, and operations over rows or blocks. Their
      scalar programs read nothing that the run itself folds.
    - `c6`: a stage in the role `initial` or `view`, at most one for each variant or each view and variant, folds nothing
      over the model and has no resident form. Its `exit` is −1. That of a view writes the view once.
    - `c7`: `fold` is in the role of that name and has a slot for each of `foldReductions`, which are reductions over the
      model.

    ```mlir
    sweep.stage step variant 0 sweeps [@step_0_0, @step_0_1] tiles [1, 1] resident [@step_0_0_resident, @step_0_1_resident]
        tiles [1, 1]
    ```
  }];
  let arguments = (ins Sweep_SweepRole:$role, DefaultValuedAttr<I32Attr, "0">:$view, I32Attr:$variant,
                       DefaultValuedAttr<I32Attr, "-1">:$exit, FlatSymbolRefArrayAttr:$sweeps,
                       DenseI32ArrayAttr:$tiles, FlatSymbolRefArrayAttr:$resident, DenseI32ArrayAttr:$residentTiles,
                       OptionalAttr<FlatSymbolRefAttr>:$fold,
                       DefaultValuedAttr<TypedArrayAttrBase<Sweep_ReductionAttr, "reductions">, "{}">:$foldReductions);
  let assemblyFormat = [{
    $role (`number` $view^)? `variant` $variant (`exit` $exit^)? `sweeps` $sweeps `tiles` $tiles `resident` $resident
    `tiles` $residentTiles (`fold` $fold^ `reductions` $foldReductions)? attr-dict
  }];
}

def Sweep_YieldOp : Sweep_Op<"yield", [Terminator, Pure, ParentOneOf<["ScalarsOp", "SweepOp"]>]> {
  let summary = "the results of a scalar program or a sweep";
  let arguments = (ins Variadic<AnyFloat>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

#endif

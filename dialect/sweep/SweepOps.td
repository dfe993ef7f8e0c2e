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

def Sweep_ProgramOp : Sweep_Op<"program", [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "what one optimizer does";
  let description = [{
    Stands beside the `ravine.optimizer` of the same rule, whose declarations its scalar programs and sweeps refer to by
    position. A *variant* is one outcome of the conditions under which optional states exist: in variant v, condition i
    holds where bit i of v is set.

    - `c1`: there is one `scalars` for the conditions and one for the requirements, with as many results.
    - `c2`: for every variant there is one `sweep` in the role `step`, and at most one in the role `initial`.
    - `c3`: there are at most 8 conditions.

    ```mlir
    sweep.program @descent.program optimizer @descent conditions 0 states [] requirements 0 { … }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$optimizer, DenseI32ArrayAttr:$stateConditions,
                       I32Attr:$conditionCount, I32Attr:$requirementCount);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `optimizer` $optimizer `conditions` $conditionCount `states` $stateConditions `requirements` $requirementCount
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    template <typename T> auto all() { return getBody().front().getOps<T>(); }
    unsigned getVariantCount() { return 1u << getConditionCount(); }
  }];
}

def Sweep_ScalarRole : I32EnumAttr<"ScalarRole", "what a scalar program is for", [
    I32EnumAttrCase<"Conditions", 0, "conditions">,
    I32EnumAttrCase<"Requirements", 1, "requirements">,
    I32EnumAttrCase<"Slots", 2, "slots">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_ScalarsOp : Sweep_Op<"scalars", [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "uniform arithmetic that was moved out of the loops";
  let description = [{
    Runs in f64, once for each group and clock that differ, before the sweep that uses it. It reads `hyper` and `clock`
    and yields f64 *slots*; a truth value is 0 or 1.

    ```mlir
    sweep.scalars @step_0_scalars slots {
      %lr = sweep.hyper 0
      sweep.yield %lr : f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_ScalarRole:$role);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $role attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    YieldOp getYield();
    /// Bit RAVINE_CLOCK_x for each entry of the clock that is read.
    uint32_t getClockMask();
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
  let arguments = (ins ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<2>]>:$index);
  let results = (outs F64:$result);
  let assemblyFormat = "$index attr-dict";
}

def Sweep_SweepRole : I32EnumAttr<"SweepRole", "when a sweep runs", [
    I32EnumAttrCase<"Initial", 0, "initial">,
    I32EnumAttrCase<"Step", 1, "step">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_BufferKind : I32EnumAttr<"BufferKind", "what a buffer holds", [
    I32EnumAttrCase<"Parameter", 0, "parameter">,
    I32EnumAttrCase<"Gradient", 1, "gradient">,
    I32EnumAttrCase<"State", 2, "state">]> {
  let cppNamespace = "::ravine::sweep";
}

def Sweep_BufferAttr : AttrDef<Sweep_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "a buffer that a sweep walks";
  let description = [{
    `name` is for people: w, g or the state's name. `state` counts the optimizer's states from 0 and is 0 for the rest.
  }];
  let parameters = (ins "::ravine::sweep::BufferKind":$kind, "::mlir::StringAttr":$name, "uint32_t":$state,
                        "::mlir::Type":$number, "bool":$isRead, "bool":$isWritten);
  let assemblyFormat = "`<` params `>`";
}

def Sweep_SweepOp : Sweep_Op<"sweep",
    [Symbol, HasParent<"ProgramOp">, SingleBlockImplicitTerminator<"YieldOp">, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one traversal of a tensor's memory";
  let description = [{
    The body computes one element. Its arguments are the numbers read from the buffers that are read, in order, then the
    slots of the scalar program; `yield` gives what goes to the buffers that are written, in order.

    - `c1`: the arguments are as described.
    - `c2`: the yielded numbers are as described.
    - `c3`: a gradient is not written.

    ```mlir
    sweep.sweep @step_0 step variant 0 scalars @step_0_scalars
        buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>, #sweep.buffer<gradient, "g", 0, f32, true, false>] {
    ^bb0(%w: f32, %g: f32, %lr: f64):
      …
      sweep.yield %next : f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sweep_SweepRole:$role, I32Attr:$variant, FlatSymbolRefAttr:$scalars,
                       TypedArrayAttrBase<Sweep_BufferAttr, "buffers">:$buffers);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $role `variant` $variant `scalars` $scalars `buffers` $buffers attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    YieldOp getYield();
    auto getBufferAttrs() { return getBuffers().getAsRange<BufferAttr>(); }
    /// Bytes of main memory that one element costs, each way; a buffer that is only written is fetched as well.
    unsigned getReadBytes();
    unsigned getWrittenBytes();
  }];
}

def Sweep_YieldOp : Sweep_Op<"yield", [Terminator, Pure, ParentOneOf<["ScalarsOp", "SweepOp"]>]> {
  let summary = "the results of a scalar program or a sweep";
  let arguments = (ins Variadic<AnyFloat>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

#endif

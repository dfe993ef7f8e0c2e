// The operations that make up an optimizer: its declarations and what a step reads and defines.
#ifndef RAVINE_OPS_TD
#define RAVINE_OPS_TD

include "dialect/ravine/RavineTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"

class Ravine_Op<string mnemonic, list<Trait> traits = []> : Op<Ravine_Dialect, mnemonic, traits>;

def Ravine_HyperKind : I32EnumAttr<"HyperKind", "what values a hyperparameter takes", [
    I32EnumAttrCase<"Real", 0, "real">,
    I32EnumAttrCase<"Int", 1, "int">,
    I32EnumAttrCase<"Bool", 2, "bool">,
    I32EnumAttrCase<"Enum", 3, "enum">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_ClockKind : I32EnumAttr<"ClockKind", "what a rule may ask about the step and the tensor", [
    I32EnumAttrCase<"T", 0, "t">,
    I32EnumAttrCase<"Step", 1, "step">,
    I32EnumAttrCase<"Size", 2, "size">,
    I32EnumAttrCase<"Rank", 3, "rank">,
    I32EnumAttrCase<"ModelSize", 4, "model_size">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_NonFinite : I32EnumAttr<"NonFinite", "what a step does where a gradient is infinite or NaN", [
    I32EnumAttrCase<"Propagate", 0, "propagate">,
    I32EnumAttrCase<"Skip", 1, "skip">,
    I32EnumAttrCase<"Error", 2, "error">]> {
  let cppNamespace = "::ravine::ir";
}

// ---- declarations

def Ravine_OptimizerOp : Ravine_Op<"optimizer",
    [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "an update rule";
  let description = [{
    Holds the declarations of a rule (`hyper`, `state`, `case`, `requirement`, `metric`, `view`) and its `step`. With
    `keeps_subnormals`, arithmetic on elements does not flush subnormal numbers to zero. `nonfinite` says what a step does
    where a gradient holds an infinity or a NaN: nothing special, end without changing anything, or that and an error.

    - `c1`: there is exactly one `step`.
    - `c2`: the body holds nothing but declarations and `step`.
    - `c3`: the step measures every metric.

    ```mlir
    ravine.optimizer @descent doc "w − lr·g" citation "" {
      ravine.hyper @lr : real = 1.0e-2 from 0.0 to 0x7FF0000000000000 open_above doc ""
      ravine.step { … }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$doc, StrAttr:$citation, UnitAttr:$keeps_subnormals,
                       DefaultValuedAttr<Ravine_NonFinite, "::ravine::ir::NonFinite::Propagate">:$nonfinite);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `doc` $doc `citation` $citation (`keeps_subnormals` $keeps_subnormals^)? (`nonfinite` $nonfinite^)?
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    StepOp getStep();
    template <typename T> auto declared() { return getBody().front().getOps<T>(); }
  }];
}

def Ravine_HyperOp : Ravine_Op<"hyper", [Symbol, HasParent<"OptimizerOp">]> {
  let summary = "a hyperparameter";
  let description = [{
    A number that the host sets, for each member of its index set: each parameter group unless said otherwise. A bool is
    0 or 1, an enum the index of its choice.

    - `c1`: the default lies in the range.
    - `c2`: an enum has choices, and only an enum has; its default counts them from 0.
    - `c3`: the index set is `model`, `group` or `tensor`.

    ```mlir
    ravine.hyper @beta1 : real = 0.9 from 0.0 to 1.0 open_above doc "decay of the mean"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ravine_HyperKind:$kind, F64Attr:$default_value, F64Attr:$lower,
                       F64Attr:$upper, UnitAttr:$lower_open, UnitAttr:$upper_open, OptionalAttr<StrArrayAttr>:$choices,
                       StrAttr:$doc, DefaultValuedAttr<Ravine_IndexSet, "::ravine::ir::IndexSet::Group">:$set);
  let assemblyFormat = [{
    $sym_name (`per` $set^)? `:` $kind `=` $default_value `from` $lower (`open_below` $lower_open^)? `to` $upper
    (`open_above` $upper_open^)? (`choices` $choices^)? `doc` $doc attr-dict
  }];
  let hasVerifier = 1;
}

def Ravine_StateOp : Ravine_Op<"state", [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "memory that the optimizer keeps from step to step";
  let description = [{
    `initial` computes the value it has before a tensor's first step (before the optimizer's first step, for a state of
    the model). Where `condition` is not empty, the state exists only for tensors for which the condition holds at
    creation; `condition_text` is how the author wrote it.

    - `c1`: `initial` yields one value of the state's type.
    - `c2`: `condition` is empty or yields one truth value that varies over nothing finer than `tensor`.
    - `c3`: the type is a field of real numbers over elements, or of f64 over tensors or the model.
    - `c4`: a state of the model always exists.
    - `c5`: `condition` reads hypers and the clock's `size` and `rank` alone: what is known at creation.
    - `c6`: `initial` holds neither `gradient` nor `current` nor `reduce`, and reads of the clock `size` and `rank` alone.

    ```mlir
    ravine.state @m : !ravine.field<f32, element> doc "" initial {
      %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
      ravine.yield %zero : !ravine.field<f32, element>
    } when "" {}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Ravine_Field>:$type, StrAttr:$doc, StrAttr:$condition_text);
  let regions = (region SizedRegion<1>:$initial, MaxSizedRegion<1>:$condition);
  let assemblyFormat = [{
    $sym_name `:` $type `doc` $doc `initial` $initial `when` $condition_text $condition attr-dict
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    bool isOptional() { return !getCondition().empty(); }
    FieldType getFieldType() { return ::mlir::cast<FieldType>(getType()); }
  }];
}

def Ravine_CaseOp : Ravine_Op<"case", [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a choice that is made for each tensor at creation";
  let description = [{
    What `case` of the language asks: `condition` is decided from the tensor's shape and from hypers when the optimizer is
    created; `exists` reads the outcome. `text` is how the author wrote it.

    - `c1`: `condition` yields one truth value that varies over nothing finer than `tensor`.
    - `c2`: `condition` reads hypers and the clock's `size` and `rank` alone: what is known at creation.

    ```mlir
    ravine.case @case_0 "matrix" { … ravine.yield %isMatrix : !ravine.field<i1, tensor> }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$text);
  let regions = (region SizedRegion<1>:$condition);
  let assemblyFormat = "$sym_name $text attr-dict-with-keyword $condition";
  let hasRegionVerifier = 1;
}

def Ravine_MetricOp : Ravine_Op<"metric", [Symbol, HasParent<"OptimizerOp">]> {
  let summary = "a number that the host may read after a step";
  let description = [{
    The step gives it its value by `measure`.

    - `c1`: the type is a field of f64 over tensors or the model.

    ```mlir
    ravine.metric @grad_norm : !ravine.field<f64, model> doc ""
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Ravine_Field>:$type, StrAttr:$doc);
  let assemblyFormat = "$sym_name `:` $type `doc` $doc attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    FieldType getFieldType() { return ::mlir::cast<FieldType>(getType()); }
  }];
}

def Ravine_ViewOp : Ravine_Op<"view", [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a value for each element that the host may ask for between steps";
  let description = [{
    `value` is computed when the host asks, from w and states as the last step left them; `clock` gives the counters of
    that step.

    - `c1`: `value` yields one real number for each element.
    - `c2`: `value` holds neither `gradient` nor `reduce` nor the clock's `model_size`, which belong to a step.

    ```mlir
    ravine.view @eval doc "" { … ravine.yield %x : !ravine.field<f32, element> }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$doc);
  let regions = (region SizedRegion<1>:$value);
  let assemblyFormat = "$sym_name `doc` $doc attr-dict-with-keyword $value";
  let hasRegionVerifier = 1;
}

def Ravine_RequirementOp : Ravine_Op<"requirement",
    [HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a relation between hyperparameters that must hold";
  let description = [{
    Checked by the runtime for every group whenever hypers change, before anything is written.

    - `c1`: yields one truth value that varies over nothing finer than `group`.
    - `c2`: reads hypers alone.

    ```mlir
    ravine.requirement "beta1 < beta2" { … ravine.yield %holds : !ravine.field<i1, group> }
    ```
  }];
  let arguments = (ins StrAttr:$text);
  let regions = (region SizedRegion<1>:$condition);
  let assemblyFormat = "$text attr-dict-with-keyword $condition";
  let hasRegionVerifier = 1;
}

def Ravine_StepOp : Ravine_Op<"step",
    [HasParent<"OptimizerOp">, NoTerminator, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "one step of the rule for one tensor";
  let description = [{
    All reads see what the step began with; what `next` and `update` define is what it ends with. Order has no meaning.

    - `c1`: `update` and `guard` stand at most once, `next` and `measure` at most once for each symbol.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Ravine_YieldOp : Ravine_Op<"yield",
    [Terminator, Pure, ParentOneOf<["StateOp", "CaseOp", "ViewOp", "RequirementOp"]>]> {
  let summary = "the value of an initial value or a condition";
  let arguments = (ins Ravine_Field:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

// ---- what a step reads

class Ravine_ReadOp<string mnemonic, string what> : Ravine_Op<mnemonic, [Pure]> {
  let summary = what;
  let results = (outs Ravine_Field:$result);
}

def Ravine_ParameterOp : Ravine_ReadOp<"parameter", "w, the parameter as the step began"> {
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Ravine_GradientOp : Ravine_ReadOp<"gradient", "g, the gradient on the step's batch"> {
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Ravine_CurrentOp : Ravine_Op<"current", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a state as the step began";
  let description = [{
    - `c1`: the symbol names a `state` of this optimizer with the result's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$state);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$state attr-dict `:` type($result)";
}

def Ravine_HyperValueOp : Ravine_Op<"hyper_value", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a hyperparameter of the tensor's group";
  let description = [{
    f64 for a real, int or enum hyper, i1 for a bool.

    - `c1`: the symbol names a `hyper` of this optimizer.
    - `c2`: the result is an i1 field exactly when the hyper is a bool.
    - `c3`: the result varies over the hyper's index set.
  }];
  let arguments = (ins FlatSymbolRefAttr:$hyper);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$hyper attr-dict `:` type($result)";
}

def Ravine_ExistsOp : Ravine_Op<"exists", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "whether an optional state exists or a case applies";
  let description = [{
    The truth of the condition, as decided for each tensor at creation. Sweep formation makes one variant of a step for each
    outcome and folds this operation to a constant in it.

    - `c1`: the symbol names a `case`, or a `state` that has a condition, of this optimizer.
    - `c2`: the result varies over the condition's index set.
  }];
  let arguments = (ins FlatSymbolRefAttr:$condition);
  let results = (outs Ravine_BooleanField:$result);
  let assemblyFormat = "$condition attr-dict `:` type($result)";
  let extraClassDeclaration = [{
    /// The condition of the declaration that the symbol names.
    ::mlir::Region &getConditionRegion();
  }];
}

def Ravine_ClockOp : Ravine_Op<"clock", [Pure]> {
  let summary = "the step counters and the tensor's size";
  let description = [{
    `t`: steps in which this tensor took part, this one included. `step`: committed steps of the optimizer, this one
    included. `size`: elements of this tensor. `rank`: axes of this tensor. `model_size`: elements of all tensors that
    take part in this step.

    - `c1`: `step` and `model_size` vary over the model, the others over tensors.
  }];
  let arguments = (ins Ravine_ClockKind:$kind);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = "$kind attr-dict `:` type($result)";
  let hasVerifier = 1;
}

// ---- from fine to coarse

def Ravine_ReductionKind : I32EnumAttr<"ReductionKind", "how numbers are folded into one", [
    I32EnumAttrCase<"Sum", 0, "sum">,
    I32EnumAttrCase<"Max", 1, "max">,
    I32EnumAttrCase<"Min", 2, "min">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_WidenOp : Ravine_Op<"widen", [Pure]> {
  let summary = "elements in f64, exactly";
  let description = [{
    What reductions fold is f64, so that neither the square of a large gradient nor a long sum overflows or loses its
    digits. The product of two widened f32 is exact. A subnormal operand counts as zero, as in arithmetic, unless the
    optimizer keeps it.

    - `c1`: the operand is a field over elements and not f64.
    - `c2`: the result is a field of f64 over elements.

    ```mlir
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    ```
  }];
  let arguments = (ins Ravine_RealField:$operand);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Ravine_ReduceOp : Ravine_Op<"reduce", [Pure]> {
  let summary = "one number for all elements of a tensor, or of the model";
  let description = [{
    Folds the elements of one tensor, or those of all tensors that take part in the step. The order of a sum is not
    defined here; compiled code adds in a fixed order of its own, the same for every thread count and instruction set.
    Nothing is folded to 0, −inf (max) or +inf (min). `max` and `min` are NaN where any element is.

    - `c1`: the operand is a field of f64 over elements.
    - `c2`: the result is a field of f64 over tensors or the model.

    ```mlir
    %sum = ravine.reduce sum %squares : !ravine.field<f64, element> to !ravine.field<f64, model>
    ```
  }];
  let arguments = (ins Ravine_ReductionKind:$kind, Ravine_RealField:$operand);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = "$kind $operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}

// ---- what a step defines

def Ravine_UpdateOp : Ravine_Op<"update", [HasParent<"StepOp">]> {
  let summary = "w′, the parameter as the step ends";
  let arguments = (ins Ravine_RealField:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Ravine_NextOp : Ravine_Op<"next", [HasParent<"StepOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a state as the step ends";
  let description = [{
    A state without `next` keeps its value.

    - `c1`: the symbol names a `state` of this optimizer with the value's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$state, Ravine_Field:$value);
  let assemblyFormat = "$state `,` $value attr-dict `:` type($value)";
}

def Ravine_MeasureOp : Ravine_Op<"measure", [HasParent<"StepOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a metric in this step";
  let description = [{
    - `c1`: the symbol names a `metric` of this optimizer with the value's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$metric, Ravine_RealField:$value);
  let assemblyFormat = "$metric `,` $value attr-dict `:` type($value)";
}

def Ravine_GuardOp : Ravine_Op<"guard", [HasParent<"StepOp">]> {
  let summary = "the step happens only if a number is finite";
  let description = [{
    Where the number is infinite or NaN, nothing that the step defines comes about and no counter advances.

    - `c1`: the value is an f64 of the model and stands once in a step.

    ```mlir
    ravine.guard %sumOfSquares : !ravine.field<f64, model>
    ```
  }];
  let arguments = (ins Ravine_RealField:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
}

#endif

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
    I32EnumAttrCase<"Size", 2, "size">]> {
  let cppNamespace = "::ravine::ir";
}

// ---- declarations

def Ravine_OptimizerOp : Ravine_Op<"optimizer",
    [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "an update rule";
  let description = [{
    Holds the declarations of a rule (`hyper`, `state`, `requirement`) and its `step`. With `keeps_subnormals`, arithmetic
    on elements does not flush subnormal numbers to zero.

    - `c1`: there is exactly one `step`.
    - `c2`: the body holds nothing but `hyper`, `state`, `requirement` and `step`.

    ```mlir
    ravine.optimizer @descent doc "w − lr·g" citation "" {
      ravine.hyper @lr : real = 1.0e-2 from 0.0 to 0x7FF0000000000000 open_above doc ""
      ravine.step { … }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$doc, StrAttr:$citation, UnitAttr:$keeps_subnormals);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `doc` $doc `citation` $citation (`keeps_subnormals` $keeps_subnormals^)? attr-dict-with-keyword $body
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
    A number that the host sets, for each parameter group. A bool is 0 or 1, an enum the index of its choice.

    - `c1`: the default lies in the range.
    - `c2`: an enum has choices, and only an enum has; its default counts them from 0.

    ```mlir
    ravine.hyper @beta1 : real = 0.9 from 0.0 to 1.0 open_above doc "decay of the mean"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ravine_HyperKind:$kind, F64Attr:$default_value, F64Attr:$lower,
                       F64Attr:$upper, UnitAttr:$lower_open, UnitAttr:$upper_open, OptionalAttr<StrArrayAttr>:$choices,
                       StrAttr:$doc);
  let assemblyFormat = [{
    $sym_name `:` $kind `=` $default_value `from` $lower (`open_below` $lower_open^)? `to` $upper
    (`open_above` $upper_open^)? (`choices` $choices^)? `doc` $doc attr-dict
  }];
  let hasVerifier = 1;
}

def Ravine_StateOp : Ravine_Op<"state", [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "memory that the optimizer keeps from step to step";
  let description = [{
    `initial` computes the value it has before a tensor's first step. Where `condition` is not empty, the state exists
    only in groups for whose hypers the condition holds at creation; `condition_text` is how the author wrote it.

    - `c1`: `initial` yields one value of the state's type.
    - `c2`: `condition` is empty or yields one truth value that varies over nothing finer than `group`.
    - `c3`: the type is a field of real numbers over elements.

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

def Ravine_RequirementOp : Ravine_Op<"requirement",
    [HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a relation between hyperparameters that must hold";
  let description = [{
    Checked by the runtime for every group whenever hypers change, before anything is written.

    - `c1`: yields one truth value that varies over nothing finer than `group`.

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

    - `c1`: `update` stands at most once, `next` at most once for each state.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Ravine_YieldOp : Ravine_Op<"yield",
    [Terminator, Pure, ParentOneOf<["StateOp", "RequirementOp"]>]> {
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
  }];
  let arguments = (ins FlatSymbolRefAttr:$hyper);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$hyper attr-dict `:` type($result)";
}

def Ravine_ExistsOp : Ravine_Op<"exists", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "whether an optional state exists";
  let description = [{
    The truth of the state's condition, as decided at creation. Sweep formation makes one variant of a step for each
    outcome and folds this operation to a constant in it.

    - `c1`: the symbol names a `state` of this optimizer that has a condition.
  }];
  let arguments = (ins FlatSymbolRefAttr:$state);
  let results = (outs Ravine_BooleanField:$result);
  let assemblyFormat = "$state attr-dict `:` type($result)";
}

def Ravine_ClockOp : Ravine_Op<"clock", [Pure]> {
  let summary = "the step counters and the tensor's size";
  let description = [{
    `t`: steps in which this tensor took part, this one included. `step`: committed steps of the optimizer, this one
    included. `size`: elements of this tensor.
  }];
  let arguments = (ins Ravine_ClockKind:$kind);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = "$kind attr-dict `:` type($result)";
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

#endif

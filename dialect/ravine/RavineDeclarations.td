// What an optimizer declares, and the step as a whole.
#ifndef RAVINE_DECLARATIONS_TD
#define RAVINE_DECLARATIONS_TD

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

def Ravine_HyperSet : I32EnumAttr<"HyperSet", "what a hyperparameter has one value for", [
    I32EnumAttrCase<"Model", 0, "model">,
    I32EnumAttrCase<"Group", 1, "group">,
    I32EnumAttrCase<"Tensor", 2, "tensor">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_NonFinite : I32EnumAttr<"NonFinite", "what a step does where a gradient is infinite or NaN", [
    I32EnumAttrCase<"Propagate", 0, "propagate">,
    I32EnumAttrCase<"Skip", 1, "skip">,
    I32EnumAttrCase<"Error", 2, "error">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_PrecisionAttr : AttrDef<Ravine_Dialect, "Precision"> {
  let mnemonic = "precision";
  let summary = "how a host stores parameters and gradients";
  let description = [{
    - `c1`: both are f32, f64, bf16 or f16.

    ```mlir
    #ravine.precision<"bf16/f32", bf16, f32>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::Type":$parameter, "::mlir::Type":$gradient);
  let assemblyFormat = "`<` params `>`";
  let genVerifyDecl = 1;
}

def Ravine_OptimizerOp : Ravine_Op<"optimizer",
    [Symbol, SymbolTable, NoTerminator, NoRegionArguments, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "an update rule";
  let description = [{
    Holds the declarations of a rule (`hyper`, `state`, `case`, `requirement`, `metric`, `view`) and its `step`. With
    `keeps_subnormals`, arithmetic on elements does not flush subnormal numbers to zero. One `on_matrices` is for tensors
    with at least two axes alone, whatever it computes. `nonfinite` says what a step does
    where a gradient holds an infinity or a NaN: nothing special, end without changing anything, or that and an error.

    A rule is written for the type that it computes elements in, f32 or f64. `precisions` are the ways of storing
    parameters and gradients that it is compiled for; where nothing is said, both are stored as they are computed. `wide`
    names another `ravine.optimizer`, the same rule computing in f64, with the precisions that call for it. One that is
    named so is no rule of its own.

    - `c1`: there is exactly one `step`.
    - `c2`: the body holds nothing but declarations and `step`.
    - `c3`: the step measures every metric.
    - `c4`: `precisions`, where they are given, are not empty, and none has a name twice. Parameters are stored in f64
      exactly where the rule computes in f64.
    - `c5`: `wide` names an optimizer with the same declarations in the same order, which computes in f64 and names none.
    - `c6`: there are at most 32 cases.

    ```mlir
    ravine.optimizer @descent doc "w − lr·g" citation "" precisions [#ravine.precision<"f32", f32, f32>] {
      ravine.hyper @lr : real = 1.0e-2 from 0.0 to 0x7FF0000000000000 open_above doc ""
      ravine.step { … }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$doc, StrAttr:$citation, UnitAttr:$keeps_subnormals,
                       UnitAttr:$on_matrices,
                       DefaultValuedAttr<Ravine_NonFinite, "::ravine::ir::NonFinite::Propagate">:$nonfinite,
                       OptionalAttr<TypedArrayAttrBase<Ravine_PrecisionAttr, "precisions">>:$precisions,
                       OptionalAttr<FlatSymbolRefAttr>:$wide);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `doc` $doc `citation` $citation (`keeps_subnormals` $keeps_subnormals^)? (`on_matrices` $on_matrices^)? (`nonfinite` $nonfinite^)?
    (`precisions` $precisions^)? (`wide` $wide^)? attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    StepOp getStep();
    /// What elements are computed in: f32 or f64.
    ::mlir::FloatType getComputeType();
    /// What it is compiled for, also where `precisions` says nothing.
    ::llvm::SmallVector<PrecisionAttr> getStorage();
    template <typename T> auto declared() { return getBody().front().getOps<T>(); }
  }];
}

def Ravine_HyperOp : Ravine_Op<"hyper",
    [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a hyperparameter";
  let description = [{
    A number that the host sets, for each member of its index set: each parameter group unless said otherwise. A bool is
    0 or 1, an enum the index of its choice.

    `schedule`, where it is not empty, gives the value that the hyper has in a step until the host sets it; `schedule_text`
    is how the author wrote it. Each hyper that it reads may be scheduled too, but none is scheduled by itself.

    - `c1`: the default lies in the range.
    - `c2`: an enum has choices, and only an enum has; its default counts them from 0.
    - `c3`: the index set is `model`, `group` or `tensor`.
    - `c4`: `schedule` yields an f64 that varies over nothing finer than the hyper, which is real and whose index set is
      not `tensor`. It reads hypers and of the clock `step` alone.
    - `c5`: no schedule reads its own hyper, neither itself nor through the schedules of others.

    ```mlir
    ravine.hyper @beta1 : real = 0.9 from 0.0 to 1.0 open_above doc "decay of the mean"
    ravine.hyper @lr : real = 1.0 from 0.0 to 1.0 doc "" follows "1/step" { … ravine.yield %q : !ravine.field<f64, model> }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ravine_HyperKind:$kind, F64Attr:$default_value, F64Attr:$lower,
                       F64Attr:$upper, UnitAttr:$lower_open, UnitAttr:$upper_open, OptionalAttr<StrArrayAttr>:$choices,
                       StrAttr:$doc, DefaultValuedAttr<Ravine_HyperSet, "::ravine::ir::HyperSet::Group">:$set,
                       OptionalAttr<StrAttr>:$schedule_text);
  let regions = (region MaxSizedRegion<1>:$schedule);
  let assemblyFormat = [{
    $sym_name (`per` $set^)? `:` $kind `=` $default_value `from` $lower (`open_below` $lower_open^)? `to` $upper
    (`open_above` $upper_open^)? (`choices` $choices^)? `doc` $doc attr-dict-with-keyword (`follows` $schedule_text^ $schedule)?
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    bool isScheduled() { return !getSchedule().empty(); }
  }];
}

def Ravine_StateOp : Ravine_Op<"state",
    [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "memory that the optimizer keeps from step to step";
  let description = [{
    `initial` computes the value it has before a tensor's first step (before the optimizer's first step, for a state of
    the model). The state exists only for tensors for which all the cases in `under` hold. `store` says how a state over
    elements or groups of elements is kept between steps: rounded to nearest, ties to even, when a step ends; as the step
    computes it where nothing is said.

    A `master` is the parameter itself, for precisions that store the parameter in less than the rule computes in: only
    there it exists, its initial value is the parameter, the step reads it in the parameter's place and updates both.

    - `c1`: `initial` yields one value of the state's type.
    - `c2`: the type is a field of real numbers over elements, or of f64 over groups of elements, tensors or the model.
    - `c3`: `under` names cases of this optimizer.
    - `c4`: a state of the model is under cases only whose condition is the same for all tensors.
    - `c5`: `initial` holds neither `gradient` nor `current` nor anything that is folded or searched over the model, and
      reads of the clock `size`, `rank`, `rows`, `cols` and `channels` alone. That of a state over tensors or the model
      folds and searches nothing.
    - `c6`: only a state over elements or groups of elements has a `store`, which is f32, f64, bf16 or f16.
    - `c7`: a master is over elements, is called `master`, exists under no case, has no `next` and is read nowhere.

    ```mlir
    ravine.state @m : !ravine.field<f32, element> store bf16 under [@case_0] doc "" initial {
      %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
      ravine.yield %zero : !ravine.field<f32, element>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Ravine_Field>:$type, OptionalAttr<TypeAttr>:$store,
                       OptionalAttr<FlatSymbolRefArrayAttr>:$under, UnitAttr:$master, StrAttr:$doc);
  let regions = (region SizedRegion<1>:$initial);
  let assemblyFormat = [{
    $sym_name `:` $type (`store` $store^)? (`under` $under^)? (`master` $master^)? `doc` $doc `initial` $initial attr-dict
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    bool isOptional() { return getMaster() || (getUnder() && !getUnder()->empty()); }
    FieldType getFieldType() { return ::mlir::cast<FieldType>(getType()); }
  }];
}

def Ravine_CaseOp : Ravine_Op<"case",
    [Symbol, HasParent<"OptimizerOp">, NoRegionArguments, IsolatedFromAbove,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a choice that is made for each tensor at creation";
  let description = [{
    What `case` of the language asks, under what condition a state exists, which branch of a selection a tensor takes:
    `condition` is decided from the tensor's shape and names and from hypers when the optimizer is created; `exists` reads
    the outcome. `text` is how the author wrote it. It is asked only for tensors for which all cases in `under` hold; for
    others it does not hold. Of the cases with the same `choice` and the same `under`, exactly one holds.

    - `c1`: `condition` yields one truth value that varies over nothing finer than `tensor`.
    - `c2`: `condition` reads hypers, `matches` and the clock's `size`, `rank`, `rows`, `cols` and `channels` alone: what
      is known at creation.
    - `c3`: `under` names cases that stand before.
    - `c4`: cases with the same `choice` have the same `under`.
    - `c5`: `condition` varies over nothing coarser than those of the cases in `under` do.

    ```mlir
    ravine.case @case_0 "matrix" { … ravine.yield %isMatrix : !ravine.field<i1, tensor> }
    ravine.case @other "else" under [@case_0] choice 0 { … }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$text,
                       OptionalAttr<FlatSymbolRefArrayAttr>:$under, OptionalAttr<I32Attr>:$choice);
  let regions = (region SizedRegion<1>:$condition);
  let assemblyFormat = [{
    $sym_name $text (`under` $under^)? (`choice` $choice^)? attr-dict-with-keyword $condition
  }];
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
    - `c2`: `value` holds neither `gradient` nor anything that is folded or searched over the model, nor the clock's
      `model_size`, which belong to a step.

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
    All reads see what the step began with; what `next` and `update` define is what it ends with. Order has no meaning,
    but among `skip`s: the first whose condition is true ends the step. Then what is defined `after` at most as many skips
    as stand before that one comes about, and nothing else; no counter advances and no metric is measured.

    - `c1`: `update` and `zero_gradient` stand at most once, `next` and `measure` at most once for each symbol.
    - `c2`: nothing is defined after more skips than there are.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Ravine_YieldOp : Ravine_Op<"yield",
    [Terminator, Pure, ParentOneOf<["HyperOp", "StateOp", "CaseOp", "ViewOp", "RequirementOp"]>]> {
  let summary = "the value of an initial value or a condition";
  let arguments = (ins Ravine_Field:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif

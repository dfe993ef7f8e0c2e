// What a step is made of: what it reads, folds and defines. Arithmetic is in RavineElementwise.td.
#ifndef RAVINE_OPS_TD
#define RAVINE_OPS_TD

include "dialect/ravine/RavineDeclarations.td"

// ---- what a step reads

def Ravine_ClockKind : I32EnumAttr<"ClockKind", "what a rule may ask about the step and the tensor", [
    I32EnumAttrCase<"T", 0, "t">,
    I32EnumAttrCase<"Step", 1, "step">,
    I32EnumAttrCase<"Size", 2, "size">,
    I32EnumAttrCase<"Rank", 3, "rank">,
    I32EnumAttrCase<"ModelSize", 4, "model_size">,
    I32EnumAttrCase<"Rows", 5, "rows">,
    I32EnumAttrCase<"Cols", 6, "cols">,
    I32EnumAttrCase<"Channels", 7, "channels">]> {
  let cppNamespace = "::ravine::ir";
}

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
  let summary = "whether a case applies";
  let description = [{
    The truth of the condition, as decided for each tensor at creation. Sweep formation makes one variant of a step for each
    outcome and folds this operation to a constant in it.

    - `c1`: the symbol names a `case` of this optimizer.
    - `c2`: the result varies over the condition's index set.
  }];
  let arguments = (ins FlatSymbolRefAttr:$condition);
  let results = (outs Ravine_BooleanField:$result);
  let assemblyFormat = "$condition attr-dict `:` type($result)";
}

def Ravine_MatchesOp : Ravine_Op<"matches", [Pure]> {
  let summary = "whether the tensor's name, or that of its group, is like a pattern";
  let description = [{
    In the pattern `*` stands for any characters, none included, and `?` for one.

    - `c1`: the result varies over tensors.

    ```mlir
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ```
  }];
  let arguments = (ins UnitAttr:$ofGroup, StrAttr:$pattern);
  let results = (outs Ravine_BooleanField:$result);
  let assemblyFormat = "(`group` $ofGroup^) : (`name`)? $pattern attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Ravine_ClockOp : Ravine_Op<"clock", [Pure]> {
  let summary = "the step counters and the tensor's size";
  let description = [{
    `t`: steps in which this tensor took part, this one included. `step`: committed steps of the optimizer, this one
    included. `size`: elements of this tensor. `rank`: axes of this tensor. `model_size`: elements of all tensors that
    take part in this step. `rows`, `cols`: the extent of the first axis and those of the others multiplied; `channels`: the
    extent of the second axis. 0 where there are fewer than two axes. Where the host gives the rows more than one axis,
    the first of the rest takes the place of the second.

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

def Ravine_ReduceOp : Ravine_Op<"reduce", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one number for each member of a coarser index set";
  let description = [{
    Folds what lies in each member of the result's index set: the elements of a row, of a tensor, or of all tensors that
    take part in the step; or, where the operand varies over something coarser than elements, its members there, each
    once: the rows of a tensor, the tensors of the model. The order of a sum is not
    defined here; compiled code adds in a fixed order of its own, the same for every thread count and instruction set.
    Nothing is folded to 0, −inf (max) or +inf (min). `max` and `min` are NaN where any element is. Over the model, only
    tensors for which all the cases in `under` hold are folded.

    - `c1`: the operand is a field of f64 over elements, groups of elements or tensors.
    - `c2`: the result is a field of f64 over an index set that is not `group` and that the operand's strictly refines.
    - `c3`: `under` names cases of this optimizer, and is empty unless the result is over the model.

    ```mlir
    %sum = ravine.reduce sum %squares : !ravine.field<f64, element> to !ravine.field<f64, model>
    ```
  }];
  let arguments = (ins Ravine_ReductionKind:$kind, Ravine_RealField:$operand,
                       OptionalAttr<FlatSymbolRefArrayAttr>:$under);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = "$kind $operand (`under` $under^)? attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}

// ---- what needs all elements of a member at once

def Ravine_SearchKind : I32EnumAttr<"SearchKind", "what is sought among numbers", [
    I32EnumAttrCase<"KthLargest", 0, "kth_largest">,
    I32EnumAttrCase<"Quantile", 1, "quantile">,
    I32EnumAttrCase<"SimplexThreshold", 2, "simplex_threshold">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_SearchOp : Ravine_Op<"search", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one number for each member of a coarser index set, found and not folded";
  let description = [{
    Among the elements x of each member:

    - `kth_largest`: the k-th of them from above, counted from 1, equal ones one by one; k is the argument, rounded to the
      nearest whole number, ties to even. +inf for k < 1, −inf for k beyond their number.
    - `quantile`: with x sorted from below and h = (n − 1)·q, q the argument clamped to [0, 1], the number between the
      sorted x at floor(h) and ceil(h), linearly interpolated (definition 7 of Hyndman & Fan, *The American Statistician*
      50, 1996). NaN for no elements.
    - `simplex_threshold`: the θ for which Σ max(x − θ, 0) is the argument s. Largest x for s = 0, NaN for s < 0 and for no
      elements.

    Any NaN among the elements or in the argument makes the result NaN. −0 counts as 0. What is sought is stored in
    memory of the runtime's, as long as the tensor.

    - `c1`: the operand is a field over elements, f32 or f64.
    - `c2`: the result is a field of f64 over blocks, rows, tensors or the model.
    - `c3`: the argument is a field of f64 that the result's index set refines.
    - `c4`: `under` names cases of this optimizer, and is empty unless the result is over the model.

    ```mlir
    %theta = ravine.search simplex_threshold %x, %one : !ravine.field<f32, element>, !ravine.field<f64, model>
        to !ravine.field<f64, row>
    ```
  }];
  let arguments = (ins Ravine_SearchKind:$kind, Ravine_RealField:$operand, Ravine_RealField:$argument,
                       OptionalAttr<FlatSymbolRefArrayAttr>:$under);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = [{
    $kind $operand `,` $argument (`under` $under^)? attr-dict `:` type($operand) `,` type($argument) `to` type($result)
  }];
  let hasVerifier = 1;
}

def Ravine_RearrangementKind : I32EnumAttr<"RearrangementKind", "how elements follow from all elements of a member", [
    I32EnumAttrCase<"Largest", 0, "largest">,
    I32EnumAttrCase<"Difference", 1, "difference">,
    I32EnumAttrCase<"TautString", 2, "taut_string">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_RearrangeOp : Ravine_Op<"rearrange", [Pure, AllTypesMatch<["operand", "result"]>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "an element that depends on all elements of its member, in their order";
  let description = [{
    With x the elements of one member of `set`, in the order of memory (tensors in the order of creation):

    - `largest`: 1 for the k greatest of them, 0 for the others; of equal ones those that come first. k is the argument,
      rounded as in `search` and clamped to their number, and 0 where it is NaN. A NaN comes after all numbers.
    - `difference`: x of the next one less x; 0 for the last one.
    - `taut_string`: argmin over u of Σ|u of the next one − u|·λ + ‖u − x‖²/2, λ ≥ 0 the argument: total variation
      denoising, exactly (Davies & Kovac, *Annals of Statistics* 29, 2001; Condat, *IEEE Signal Processing Letters* 20, 2013).
      A NaN or an infinity in x, or a λ that is NaN or below 0, makes all of the member NaN.

    What is rearranged is stored in memory of the runtime's, as long as the tensor.

    - `c1`: operand and result are fields of the same type over elements, f32 or f64.
    - `c2`: `set` is a block, `row`, `tensor` or, for `largest`, `model`.
    - `c3`: the argument is a field of f64 that `set` refines. `difference` has the constant 0.
    - `c4`: `under` names cases of this optimizer, and is empty unless `set` is the model.

    ```mlir
    %kept = ravine.rearrange largest %size, %k in <tensor> : !ravine.field<f32, element>, !ravine.field<f64, model>
    ```
  }];
  let arguments = (ins Ravine_RearrangementKind:$kind, Ravine_RealField:$operand, Ravine_RealField:$argument,
                       Ravine_IndexSetAttr:$set, OptionalAttr<FlatSymbolRefArrayAttr>:$under);
  let results = (outs Ravine_RealField:$result);
  let assemblyFormat = [{
    $kind $operand `,` $argument `in` $set (`under` $under^)? attr-dict `:` type($operand) `,` type($argument)
  }];
  let hasVerifier = 1;
}

// ---- what a step defines

def Ravine_UpdateOp : Ravine_Op<"update", [HasParent<"StepOp">]> {
  let summary = "w′, the parameter as the step ends";
  let arguments = (ins Ravine_RealField:$value, DefaultValuedAttr<I32Attr, "0">:$skipsBefore);
  let assemblyFormat = "$value (`after` $skipsBefore^)? attr-dict `:` type($value)";
}

def Ravine_NextOp : Ravine_Op<"next", [HasParent<"StepOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a state as the step ends";
  let description = [{
    A state without `next` keeps its value.

    - `c1`: the symbol names a `state` of this optimizer with the value's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$state, Ravine_Field:$value, DefaultValuedAttr<I32Attr, "0">:$skipsBefore);
  let assemblyFormat = "$state `,` $value (`after` $skipsBefore^)? attr-dict `:` type($value)";
}

def Ravine_MeasureOp : Ravine_Op<"measure", [HasParent<"StepOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a metric in this step";
  let description = [{
    - `c1`: the symbol names a `metric` of this optimizer with the value's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$metric, Ravine_RealField:$value);
  let assemblyFormat = "$metric `,` $value attr-dict `:` type($value)";
}

def Ravine_SkipOp : Ravine_Op<"skip", [HasParent<"StepOp">]> {
  let summary = "ends the step where a condition is true";
  let description = [{
    See `step`. With `refuse` the host is told so by an error, which names the tensors whose own part of `culprit` is not
    finite; then nothing changes at all, not even gradients.

    - `c1`: the condition is a truth value of the model.
    - `c2`: only with `refuse` there is a `culprit`, an f64 of the model and the result of a `reduce`; and no skip stands
      before it.

    ```mlir
    ravine.skip %isLarge : !ravine.field<i1, model>
    ravine.skip %isInfinite refuse culprit %sum : !ravine.field<f64, model> : !ravine.field<i1, model>
    ```
  }];
  let arguments = (ins Ravine_BooleanField:$condition, Optional<Ravine_RealField>:$culprit, UnitAttr:$refuse);
  let assemblyFormat = [{
    $condition (`refuse` $refuse^)? (`culprit` $culprit^ `:` type($culprit))? attr-dict `:` type($condition)
  }];
  let hasVerifier = 1;
}

def Ravine_ZeroGradientOp : Ravine_Op<"zero_gradient", [HasParent<"StepOp">]> {
  let summary = "the step ends with gradients that are 0";
  let description = [{
    Also where a `skip` ends it, unless that refuses the step.
  }];
  let assemblyFormat = "attr-dict";
}

#endif

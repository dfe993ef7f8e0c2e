// The elementwise operations: each result depends on the operands at the same member of the index set alone.
#ifndef RAVINE_ELEMENTWISE_TD
#define RAVINE_ELEMENTWISE_TD

include "dialect/ravine/RavineOps.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

// Arithmetic is that of IEEE 754 in the operands' format, rounded to nearest, ties to even. On elements and groups of
// them, subnormal operands and results of arithmetic, comparisons and functions count as zero unless the optimizer keeps
// them; `neg`, `abs` and `select` pass bits on and keep them always. Nothing is contracted or reassociated below this
// dialect: a product and a sum stay two roundings unless they are written as `fma`.
class Ravine_Elementwise<string mnemonic, list<Trait> traits = []>
    : Ravine_Op<mnemonic, [Pure, SameOperandsAndResultType] # traits> {
  let results = (outs Ravine_RealField:$result);
}

class Ravine_Unary<string mnemonic, string what, list<Trait> traits = []> : Ravine_Elementwise<mnemonic, traits> {
  let summary = what;
  let arguments = (ins Ravine_RealField:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

class Ravine_Binary<string mnemonic, string what, list<Trait> traits = []> : Ravine_Elementwise<mnemonic, traits> {
  let summary = what;
  let arguments = (ins Ravine_RealField:$lhs, Ravine_RealField:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

def Ravine_AddOp : Ravine_Binary<"add", "x + y", [Commutative]> { let hasFolder = 1; }
def Ravine_SubOp : Ravine_Binary<"sub", "x − y"> { let hasFolder = 1; }
def Ravine_MulOp : Ravine_Binary<"mul", "x · y", [Commutative]> {
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}
def Ravine_DivOp : Ravine_Binary<"div", "x / y"> { let hasFolder = 1; }
def Ravine_MaxOp : Ravine_Binary<"max", "the greater of x and y; NaN if either is, and +0 above −0", [Commutative]> { let hasFolder = 1; }
def Ravine_MinOp : Ravine_Binary<"min", "the lesser of x and y; NaN if either is, and −0 below +0", [Commutative]> { let hasFolder = 1; }
def Ravine_PowOp : Ravine_Binary<"pow", "x to the power y"> {
  let description = [{
    A constant whole exponent of at most 4 in magnitude means the product: canonicalization writes `x^2` as x·x and
    `x^-3` as (r·r)·r with r = 1/x, which overflows only where the power does. Any other power has the special cases of
    C's `pow`.
  }];
  let hasCanonicalizeMethod = 1;
}

def Ravine_FmaOp : Ravine_Elementwise<"fma"> {
  let summary = "x · y + z with one rounding";
  let description = [{
    Written by the pass `ravine-form-fma` only, before anything else looks at the numbers, so that the interpreter and
    every target agree on where a product and a sum are one operation.
  }];
  let arguments = (ins Ravine_RealField:$lhs, Ravine_RealField:$rhs, Ravine_RealField:$addend);
  let assemblyFormat = "$lhs `,` $rhs `,` $addend attr-dict `:` type($result)";
}

def Ravine_NegOp : Ravine_Unary<"neg", "−x"> { let hasFolder = 1; }
def Ravine_AbsOp : Ravine_Unary<"abs", "|x|"> { let hasFolder = 1; }
def Ravine_SignOp : Ravine_Unary<"sign", "−1 or 1 by the sign of x; a zero or a NaN stays one"> { let hasFolder = 1; }
def Ravine_SqrtOp : Ravine_Unary<"sqrt", "√x; NaN below 0"> { let hasFolder = 1; }
def Ravine_ExpOp : Ravine_Unary<"exp", "e to the power x">;
def Ravine_Expm1Op : Ravine_Unary<"expm1", "e to the power x, less 1, accurate near 0">;
def Ravine_LogOp : Ravine_Unary<"log", "ln x; −inf at 0, NaN below">;
def Ravine_Log1pOp : Ravine_Unary<"log1p", "ln(1 + x), accurate near 0">;
def Ravine_SinOp : Ravine_Unary<"sin", "sin x, x in radians">;
def Ravine_CosOp : Ravine_Unary<"cos", "cos x, x in radians">;
def Ravine_TanOp : Ravine_Unary<"tan", "tan x, x in radians">;
def Ravine_AsinOp : Ravine_Unary<"asin", "arcsin x, in [−π/2, π/2]; NaN outside [−1, 1]">;
def Ravine_AcosOp : Ravine_Unary<"acos", "arccos x, in [0, π]; NaN outside [−1, 1]">;
def Ravine_AtanOp : Ravine_Unary<"atan", "arctan x, in [−π/2, π/2]">;
def Ravine_SinhOp : Ravine_Unary<"sinh", "sinh x">;
def Ravine_CoshOp : Ravine_Unary<"cosh", "cosh x">;
def Ravine_TanhOp : Ravine_Unary<"tanh", "tanh x">;
def Ravine_ErfOp : Ravine_Unary<"erf", "the error function, 2/√π times the integral of exp(−u²) from 0 to x">;
def Ravine_FloorOp : Ravine_Unary<"floor", "the greatest whole number not above x">;
def Ravine_CeilOp : Ravine_Unary<"ceil", "the least whole number not below x">;
def Ravine_RoundOp : Ravine_Unary<"round", "the nearest whole number, ties to even">;

// ---- truth values and choice

def Ravine_Comparison : I32EnumAttr<"Comparison", "how two numbers are compared", [
    I32EnumAttrCase<"Less", 0, "lt">,
    I32EnumAttrCase<"LessEqual", 1, "le">,
    I32EnumAttrCase<"Greater", 2, "gt">,
    I32EnumAttrCase<"GreaterEqual", 3, "ge">,
    I32EnumAttrCase<"Equal", 4, "eq">,
    I32EnumAttrCase<"NotEqual", 5, "ne">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_CompareOp : Ravine_Op<"compare", [Pure, SameTypeOperands]> {
  let summary = "whether x stands in a relation to y";
  let description = [{
    A comparison with NaN is false, except `ne`, which is true.

    - `c1`: the result varies over the operands' index set.

    ```mlir
    %1 = ravine.compare gt %momentum, %zero : !ravine.field<f64, group>
    ```
  }];
  let arguments = (ins Ravine_Comparison:$comparison, Ravine_RealField:$lhs, Ravine_RealField:$rhs);
  let results = (outs Ravine_BooleanField:$result);
  let assemblyFormat = "$comparison $lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

class Ravine_Logic<string mnemonic, string what, dag operands> : Ravine_Op<mnemonic, [Pure, SameOperandsAndResultType]> {
  let summary = what;
  let arguments = operands;
  let results = (outs Ravine_BooleanField:$result);
  let hasFolder = 1;
}

def Ravine_AndOp : Ravine_Logic<"and", "both", (ins Ravine_BooleanField:$lhs, Ravine_BooleanField:$rhs)> {
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}
def Ravine_OrOp : Ravine_Logic<"or", "either", (ins Ravine_BooleanField:$lhs, Ravine_BooleanField:$rhs)> {
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}
def Ravine_NotOp : Ravine_Logic<"not", "the opposite", (ins Ravine_BooleanField:$operand)> {
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

def Ravine_SelectOp : Ravine_Op<"select", [Pure, AllTypesMatch<["trueValue", "falseValue", "result"]>]> {
  let summary = "one of two values";
  let description = [{
    What is not chosen never shows, not even as a NaN.

    - `c1`: the condition varies over the values' index set.

    ```mlir
    %2 = ravine.select %condition, %a, %b : !ravine.field<i1, element>, !ravine.field<f32, element>
    ```
  }];
  let arguments = (ins Ravine_BooleanField:$condition, Ravine_Field:$trueValue, Ravine_Field:$falseValue);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$condition `,` $trueValue `,` $falseValue attr-dict `:` type($condition) `,` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

// ---- constants and the way from coarse to fine

def Ravine_ConstantOp : Ravine_Op<"constant", [Pure, ConstantLike]> {
  let summary = "the same known value everywhere";
  let description = [{
    - `c1`: the attribute has the field's number type.

    ```mlir
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ```
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Ravine_BroadcastOp : Ravine_Op<"broadcast", [Pure]> {
  let summary = "a coarser value at every member of a finer index set";
  let description = [{
    Where the number type changes, the value is rounded once, to nearest, ties to even. This is the one place at which
    a scalar, computed in f64, meets tensors of another precision.

    - `c1`: the result varies over a finer index set than the operand.
    - `c2`: a truth value stays one, a number stays one.

    ```mlir
    %3 = ravine.broadcast %lr : !ravine.field<f64, group> to !ravine.field<f32, element>
    ```
  }];
  let arguments = (ins Ravine_Field:$operand);
  let results = (outs Ravine_Field:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

#endif

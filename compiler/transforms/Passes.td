// Passes on the ravine dialect, one per file of the same name.
#ifndef RAVINE_TRANSFORMS_PASSES_TD
#define RAVINE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def FormReciprocal : Pass<"ravine-form-reciprocal"> {
  let summary = "divide elements by something coarser through its reciprocal";
  let description = [{
    Rewrites `x / broadcast(s)`, where x varies over elements, to `x · broadcast(1 / s)`. The reciprocal is formed in f64,
    once where s is a scalar, once for each row where it has a number for each row; what was a division for every element
    becomes a multiplication. This is how the language defines division by something coarser (docs/language.md), so it happens before the interpreter or any target looks at the
    numbers. The result is within 1.5 ulp of the quotient where s and 1/s are normal numbers of the elements' type, that
    is, for 2^-126 <= |s| <= 2^126 in f32 and 2^-1022 <= |s| <= 2^1022 in f64.

    A fused AdamW divides three times for each element as it is written and once after this pass: the difference between
    a loop bound by the divider and one bound by memory.
  }];
  let dependentDialects = ["::ravine::ir::RavineDialect"];
}

def WidenProducts : Pass<"ravine-widen-products"> {
  let summary = "multiply in f64 what a reduction folds";
  let description = [{
    Rewrites, as deep as products go,

        widen(x·y)           →  widen(x)·widen(y)
        widen(−x), widen(|x|)  →  −widen(x), |widen(x)|           where a product stands below
        widen(select(c, x, y))  →  select(c, widen(x), widen(y))  where a product stands below

    This is a rule of the language (docs/language.md): a product that is folded is multiplied in f64. The product of two
    f32 is exact there, and neither overflows nor underflows; so `sum[model](g^2)` squares as `norm` does and is finite
    for every finite gradient. Signs, magnitudes and choices pass numbers on, so that widening before or after them is the
    same.

    A product with other uses is widened all the same, and stays in f32 for them: so the bits of a reduction depend on its
    own expression alone, not on what else a rule computes. No memory traffic is added.
  }];
  let dependentDialects = ["::ravine::ir::RavineDialect"];
}

def FormFma : Pass<"ravine-form-fma"> {
  let summary = "make one rounding of a product and a sum";
  let description = [{
    Rewrites on elements, in this order of preference:

        x·y + z  →  fma(x, y, z)          the left product where both sides are products
        z − x·y  →  fma(−x, y, z)
        x·y − z  →  fma(x, y, −z)

    A product with other uses is fused all the same, and stays for them: so the bits of a sum depend on its own
    expression alone, not on what else a rule computes, and no instruction is added. For the same reason the pass runs
    before equal values are merged, which takes no notice of the order of operands.

    Assumes that nothing below contracts anything: this pass alone decides where a multiply-add is fused, so that the
    interpreter and every target compute the same bits. What is coarser than elements is left alone.
  }];
  let dependentDialects = ["::ravine::ir::RavineDialect"];
}

def GuardGradients : Pass<"ravine-guard-gradients", "::ravine::ir::OptimizerOp"> {
  let summary = "make a step depend on finite gradients";
  let description = [{
    In an optimizer with `nonfinite skip` or `error`, adds a `skip` that stands before all others and asks whether a number
    of the model is infinite or NaN, which it is exactly when an element of a gradient is; with `error` it refuses. If the
    rule folds such a number anyway, that one is asked at no cost: the sum, over the model, of g² or |g| in f64, or the
    maximum of one of them; no sum of finite f32 reaches the range of f64. Otherwise, and in a rule with a form in f64 (`wide`),
    where finite numbers may have infinite squares, it is the sum of 0·g, which costs one read of g unless a sweep of the
    first stage reads it anyway.

    Assumes that equal values are merged and that the pass has not run before.
  }];
  let dependentDialects = ["::ravine::ir::RavineDialect"];
}

#endif

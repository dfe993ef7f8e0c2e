// Passes on the ravine dialect, one per file of the same name.
#ifndef RAVINE_TRANSFORMS_PASSES_TD
#define RAVINE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def FormReciprocal : Pass<"ravine-form-reciprocal"> {
  let summary = "divide elements by a scalar through its reciprocal";
  let description = [{
    Rewrites `x / broadcast(s)`, where s is a scalar, to `x · broadcast(1 / s)`. The reciprocal is formed once, in f64,
    in a scalar program; what was a division for every element becomes a multiplication. This is how the language
    defines division by a scalar (docs/language.md), so it happens before the interpreter or any target looks at the
    numbers. The result is within 1.5 ulp of the quotient where s and 1/s are normal numbers of the elements' type, that
    is, for 2^-126 <= |s| <= 2^126 in f32.

    A fused AdamW divides three times for each element as it is written and once after this pass: the difference between
    a loop bound by the divider and one bound by memory.
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
    interpreter and every target compute the same bits. Scalars are left alone.
  }];
  let dependentDialects = ["::ravine::ir::RavineDialect"];
}

#endif

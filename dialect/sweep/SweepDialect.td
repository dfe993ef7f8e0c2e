// The sweep dialect: how memory is walked.
#ifndef SWEEP_DIALECT_TD
#define SWEEP_DIALECT_TD

include "mlir/IR/OpBase.td"

def Sweep_Dialect : Dialect {
  let name = "sweep";
  let cppNamespace = "::ravine::sweep";
  let summary = "How an optimizer step walks memory";
  let description = [{
    A step after sweep formation: scalar programs, which run once, and *sweeps*, each one traversal of a tensor's memory
    that reads every buffer it needs once and writes every buffer it changes once. Inside a sweep stand operations of
    `arith` and `math` on single numbers; the code generator decides how many it takes at a time.
  }];
  // Index sets are attributes of the ravine dialect.
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::ravine::ir::RavineDialect"];
  let useDefaultAttributePrinterParser = 1;
}

#endif

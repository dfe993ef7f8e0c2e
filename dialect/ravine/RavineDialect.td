// The ravine dialect: what an optimizer computes.
#ifndef RAVINE_DIALECT_TD
#define RAVINE_DIALECT_TD

include "mlir/IR/OpBase.td"

def Ravine_Dialect : Dialect {
  let name = "ravine";
  let cppNamespace = "::ravine::ir";
  let summary = "What an optimizer computes, as pure SSA over fields";
  let description = [{
    An optimizer step as its author wrote it: values are *fields*, numbers that vary over an index set, and operations
    are elementwise. Nothing here says how memory is walked; that is what sweep formation decides (see the `sweep`
    dialect). The dialect is also what the interpreter gives meaning to, so each operation's description is its
    definition.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

#endif

// Fields and the index sets they vary over.
#ifndef RAVINE_TYPES_TD
#define RAVINE_TYPES_TD

include "dialect/ravine/RavineDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Ravine_IndexSetAttr : AttrDef<Ravine_Dialect, "IndexSet"> {
  let mnemonic = "set";
  let summary = "an index set, such as `row` or `block 256`";
  let parameters = (ins "::ravine::IndexSet":$value);
  let assemblyFormat = "`<` $value `>`";
  let constBuilderCall = "::ravine::ir::IndexSetAttr::get($_builder.getContext(), $0)";
}

def Ravine_Field : TypeDef<Ravine_Dialect, "Field"> {
  let mnemonic = "field";
  let summary = "a number for every member of an index set";
  let description = [{
    `!ravine.field<f32, element>` is one f32 for each element of the tensor at hand; `!ravine.field<f64, group>` one f64
    for each parameter group; `!ravine.field<f64, block 256>` one for each block of 256 elements (dialect/ravine/IndexSet.h
    says what the index sets are). Values coarser than `element` are computed in f64: those over the model, parameter groups
    and tensors are *scalars*, computed once, outside of all loops. A field of f64 over elements is what reductions fold.

    - `c1`: the number is `f32`, `f64` or `i1`.
    - `c2`: what is coarser than `element` is `f64` or `i1`.
  }];
  let parameters = (ins "::mlir::Type":$number, "::ravine::IndexSet":$set);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether the value is computed outside of all loops: over the model, parameter groups or tensors.
    bool isScalar() const { return !isOfElements() && !getSet().isOfGroups(); }
    bool isOfElements() const { return getSet() == IndexSet::Element; }
    bool isBoolean() const { return getNumber().isInteger(1); }
  }];
}

def Ravine_RealField : Type<CPred<
    "::mlir::isa<::ravine::ir::FieldType>($_self) && !::mlir::cast<::ravine::ir::FieldType>($_self).isBoolean()">,
    "field of real numbers", "::ravine::ir::FieldType">;

def Ravine_BooleanField : Type<CPred<
    "::mlir::isa<::ravine::ir::FieldType>($_self) && ::mlir::cast<::ravine::ir::FieldType>($_self).isBoolean()">,
    "field of truth values", "::ravine::ir::FieldType">;

#endif

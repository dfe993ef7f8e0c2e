// Fields and the index sets they vary over.
#ifndef RAVINE_TYPES_TD
#define RAVINE_TYPES_TD

include "dialect/ravine/RavineDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Ravine_IndexSet : I32EnumAttr<"IndexSet", "over what a value varies, from coarse to fine", [
    I32EnumAttrCase<"Model", 0, "model">,
    I32EnumAttrCase<"Group", 1, "group">,
    I32EnumAttrCase<"Tensor", 2, "tensor">,
    I32EnumAttrCase<"Element", 3, "element">]> {
  let cppNamespace = "::ravine::ir";
}

def Ravine_Field : TypeDef<Ravine_Dialect, "Field"> {
  let mnemonic = "field";
  let summary = "a number for every member of an index set";
  let description = [{
    `!ravine.field<f32, element>` is one f32 for each element of the tensor at hand; `!ravine.field<f64, group>` one f64
    for each parameter group. Values coarser than `element` are *scalars*: they are computed in f64, once, outside the
    loops. A field of f64 over elements is what reductions fold.

    - `c1`: the number is `f32`, `f64` or `i1`.
    - `c2`: a scalar is `f64` or `i1`.
  }];
  let parameters = (ins "::mlir::Type":$number, "::ravine::ir::IndexSet":$set);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether the value is computed outside the loops.
    bool isScalar() const { return getSet() != IndexSet::Element; }
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

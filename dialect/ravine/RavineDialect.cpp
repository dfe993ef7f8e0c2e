// Registration of the ravine dialect, its types and how they are written.
#include "dialect/ravine/Ravine.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ravine::ir;

#include "dialect/ravine/RavineDialect.cpp.inc"
#include "dialect/ravine/RavineEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/ravine/RavineAttributes.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/ravine/RavineTypes.cpp.inc"

void RavineDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/ravine/RavineAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/ravine/RavineTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/ravine/RavineOps.cpp.inc"
      >();
}

Operation *RavineDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location location) {
  auto typed = dyn_cast<TypedAttr>(value);
  auto field = dyn_cast<FieldType>(type);
  if (!typed || !field || typed.getType() != field.getNumber())
    return nullptr;
  return ConstantOp::create(builder, location, field, typed);
}

static bool isStored(Type number) {
  return number.isF32() || number.isF64() || number.isBF16() || number.isF16();
}

LogicalResult PrecisionAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringAttr, Type parameter,
                                    Type gradient) {
  if (!isStored(parameter) || !isStored(gradient))
    return emitError() << "c1: memory holds f32, f64, bf16 or f16";
  return success();
}

AsmPrinter &ravine::operator<<(AsmPrinter &printer, const IndexSet &set) {
  return printer << spelling(set);
}

FailureOr<ravine::IndexSet> FieldParser<ravine::IndexSet>::parse(AsmParser &parser) {
  llvm::SMLoc place = parser.getCurrentLocation();
  StringRef word;
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<ravine::IndexSet::Kind> kind = ravine::findIndexSetKind(word);
  if (!kind)
    return parser.emitError(place, "expected an index set: model, group, tensor, block, row, channel, col or element");
  uint32_t blockSize = 0;
  if (*kind == ravine::IndexSet::Block && parser.parseInteger(blockSize))
    return failure();
  if (*kind == ravine::IndexSet::Block && blockSize == 0)
    return parser.emitError(place, "a block has at least one element");
  return ravine::IndexSet(*kind, blockSize);
}

// `field<f32, element>`
Type FieldType::parse(AsmParser &parser) {
  Type number;
  if (parser.parseLess() || parser.parseType(number) || parser.parseComma())
    return {};
  llvm::SMLoc place = parser.getCurrentLocation();
  FailureOr<IndexSet> set = FieldParser<IndexSet>::parse(parser);
  if (failed(set) || parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(place); }, parser.getContext(), number, *set);
}

void FieldType::print(AsmPrinter &printer) const {
  printer << "<" << getNumber() << ", " << spelling(getSet()) << ">";
}

LogicalResult FieldType::verify(function_ref<InFlightDiagnostic()> emitError, Type number, IndexSet set) {
  if (!number.isF32() && !number.isF64() && !number.isInteger(1))
    return emitError() << "c1: a field holds f32, f64 or i1, not " << number;
  if (set != IndexSet::Element && number.isF32())
    return emitError() << "c2: a field coarser than element holds f64 or i1, not f32";
  return success();
}

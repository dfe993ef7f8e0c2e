// Writing C structs as LLVM constants.
#pragma once

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ErrorHandling.h"
namespace ravine {

/// Builds constant data whose memory is laid out as a C compiler lays out the same fields in the same order. The module
/// has its data layout already.
class ConstantData {
public:
  explicit ConstantData(llvm::Module &module) : module(module), context(module.getContext()) {}

  llvm::Constant *u8(bool value) { return integer(8, value); }
  llvm::Constant *i32(int64_t value) { return integer(32, static_cast<uint64_t>(value)); }
  llvm::Constant *size(uint64_t value) { return integer(64, value); }
  llvm::Constant *f64(double value) { return llvm::ConstantFP::get(llvm::Type::getDoubleTy(context), value); }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0)); }

  /// A pointer to a NUL-terminated string; equal strings share memory.
  llvm::Constant *string(llvm::StringRef text) {
    llvm::Constant *&known = strings[text];
    if (!known)
      known = global(llvm::ConstantDataArray::getString(context, text));
    return known;
  }

  /// A field of a C struct: its offset and its value.
  struct Field {
    size_t offset;
    llvm::Constant *value;
  };

  /// The C struct `Struct`, given all its fields in order. The offsets are what the C compiler says, the layout is what
  /// LLVM makes of the values: a field that is missing, swapped or of the wrong size is a fault found at the first use.
  template <typename Struct> llvm::Constant *structure(llvm::ArrayRef<Field> fields) {
    llvm::SmallVector<llvm::Constant *> values;
    for (const Field &field : fields)
      values.push_back(field.value);
    llvm::Constant *value = llvm::ConstantStruct::getAnon(context, values);
    const llvm::StructLayout *layout =
        module.getDataLayout().getStructLayout(llvm::cast<llvm::StructType>(value->getType()));
    bool isSame = layout->getSizeInBytes() == sizeof(Struct);
    for (auto [index, field] : llvm::enumerate(fields))
      isSame &= layout->getElementOffset(static_cast<unsigned>(index)) == field.offset;
    if (!isSame)
      llvm::report_fatal_error("a plan struct is not laid out as C has it");
    return value;
  }

  /// A pointer to elements of one type, one after another; null where there are none.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    auto *type = llvm::ArrayType::get(elements.front()->getType(), elements.size());
    return global(llvm::ConstantArray::get(type, elements));
  }

  /// A function defined in another object of the same library.
  llvm::Constant *function(llvm::StringRef name) {
    auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), /*isVarArg=*/false);
    auto *declared = llvm::cast<llvm::GlobalValue>(module.getOrInsertFunction(name, type).getCallee());
    declared->setVisibility(llvm::GlobalValue::HiddenVisibility);
    return declared;
  }

private:
  llvm::Constant *integer(unsigned bits, uint64_t value) {
    return llvm::ConstantInt::get(llvm::IntegerType::get(context, bits), value, /*IsSigned=*/false,
                                  /*ImplicitTrunc=*/true);
  }

  llvm::Constant *global(llvm::Constant *value) {
    return new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true, llvm::GlobalValue::PrivateLinkage,
                                    value);
  }

  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::StringMap<llvm::Constant *> strings;
};

} // namespace ravine

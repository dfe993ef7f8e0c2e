// The C header beside a library.
#include "compiler/codegen/Header.h"

#include "llvm/ADT/StringSet.h"

#include <charconv>

using namespace ravine;
using llvm::StringRef;

/// A name with everything that C does not allow in an identifier replaced: a library's may hold anything, a part's name
/// has dots.
static std::string identifier(StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (!llvm::isAlnum(c))
      c = '_';
  return result;
}

std::string ravine::entryPointAlias(StringRef libraryName) {
  return "ravine_" + identifier(libraryName) + "_v1";
}

/// Text that may stand inside a C comment: nothing in it ends the comment or starts another.
static std::string comment(StringRef text) {
  std::string result;
  for (char c : text) {
    bool joinsPrevious = !result.empty() && ((c == '/' && result.back() == '*') || (c == '*' && result.back() == '/'));
    if (joinsPrevious)
      result += ' ';
    result += c;
  }
  return result;
}

/// A comment of its own with the text's lines.
static void writeBlockComment(llvm::raw_ostream &out, StringRef text) {
  out << "\n/*\n";
  std::string safe = comment(text);
  for (StringRef line : llvm::split(safe, '\n')) {
    out << " *";
    if (!line.empty())
      out << " " << line;
    out << "\n";
  }
  out << " */\n";
}

static std::string number(double value) {
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char digits[32];
  auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), value);
  return {digits, end};
}

/// The default and the range, as the source writes them.
static std::string summary(ir::HyperOp hyper) {
  double value = hyper.getDefaultValue().convertToDouble();
  // What it is by default is then another number in every step.
  std::string given = hyper.isScheduled() ? "follows " + scheduleText(hyper).str() : "default " + number(value);
  switch (hyper.getKind()) {
  case ir::HyperKind::Bool:
    return value != 0 ? "bool, default true" : "bool, default false";
  case ir::HyperKind::Enum: {
    auto choices = llvm::to_vector(hyper.getChoices()->getAsValueRange<mlir::StringAttr>());
    return "one of " + llvm::join(choices, ", ") + "; default " + choices[static_cast<size_t>(value)].str();
  }
  case ir::HyperKind::Int:
  case ir::HyperKind::Real:
    return given + " in " + (hyper.getLowerOpen() ? "(" : "[") + number(hyper.getLower().convertToDouble()) + ", " +
           number(hyper.getUpper().convertToDouble()) + (hyper.getUpperOpen() ? ")" : "]");
  }
  llvm_unreachable("every kind is listed");
}

/// What an index set means to a host; empty for what is usual.
static std::string remark(IndexSet set) {
  switch (set.kind) {
  case IndexSet::Model:
    return "one for the model";
  case IndexSet::Tensor:
    return "one for each tensor";
  case IndexSet::Block:
    return "one for each " + std::to_string(set.blockSize) + " elements";
  case IndexSet::Row:
    return "one for each row";
  case IndexSet::Channel:
    return "one for each channel";
  case IndexSet::Col:
    return "one for each column";
  case IndexSet::Group:
  case IndexSet::Element:
    return "";
  }
  llvm_unreachable("every index set is listed");
}

static std::string remark(ir::HyperSet set) {
  return set == ir::HyperSet::Model    ? ", one for the model"
         : set == ir::HyperSet::Tensor ? ", one for each tensor"
                                       : "";
}

static std::string remark(ir::StateOp state) {
  std::string set = remark(state.getFieldType().getSet());
  if (!state.isOptional())
    return set;
  std::string condition = conditionText(state);
  bool isBranch = llvm::StringRef(condition).starts_with("in branch ");
  return set + (set.empty() ? "" : ", ") + (isBranch ? "" : "when ") + condition;
}

namespace {

/// Writes the macros of names. Names of the language may meet once they are put together (`a` with `b_c`, `a_b` with
/// `c`, `a.b` with `a_b`); the later macro then has a number behind it.
class NameMacros {
public:
  explicit NameMacros(llvm::raw_ostream &out) : out(out) {}

  void define(const std::string &wanted, StringRef name, const std::string &remark) {
    std::string macro = identifier(wanted);
    for (unsigned number = 2; !taken.insert(macro).second; ++number)
      macro = identifier(wanted) + "_" + std::to_string(number);
    out << "#define " << macro << " \"" << name << "\"";
    if (!remark.empty())
      out << " /* " << comment(remark) << " */";
    out << "\n";
  }

private:
  llvm::raw_ostream &out;
  llvm::StringSet<> taken;
};

} // namespace

static void writeOptimizer(llvm::raw_ostream &out, NameMacros &macros, ir::OptimizerOp rule) {
  std::string name = rule.getSymName().str();
  std::string heading = name;
  if (!rule.getDoc().empty())
    heading += "\n\n" + rule.getDoc().str();
  if (!rule.getCitation().empty())
    heading += "\n\n" + rule.getCitation().str();
  writeBlockComment(out, heading);
  macros.define("RAVINE_NAME_" + name, name, "");
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>())
    macros.define("RAVINE_HYPER_" + name + "_" + hyper.getSymName().str(), hyper.getSymName(),
                  summary(hyper) + remark(hyper.getSet()));
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    macros.define("RAVINE_STATE_" + name + "_" + state.getSymName().str(), state.getSymName(), remark(state));
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
    macros.define("RAVINE_METRIC_" + name + "_" + metric.getSymName().str(), metric.getSymName(),
                  remark(metric.getFieldType().getSet()));
  for (ir::ViewOp view : rule.declared<ir::ViewOp>())
    macros.define("RAVINE_VIEW_" + name + "_" + view.getSymName().str(), view.getSymName(), "");
}

std::string ravine::writeHeader(const LibraryDescription &library) {
  std::string text;
  llvm::raw_string_ostream out(text);
  std::string guard = "RAVINE_LIBRARY_" + identifier(library.name) + "_H";
  std::string alias = entryPointAlias(library.name);
  out << "/* Written by " << compilerVersion() << " together with lib" << library.name << ".so. Do not edit. */\n"
      << "#ifndef " << guard << "\n#define " << guard << "\n\n"
      << "#include \"ravine.h\"\n\n"
      << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
      << "/* The entry point of this library; the same function as RAVINE_ENTRY_POINT, under a name of its own. */\n"
      << "const ravine_library *" << alias << "(void);\n\n"
      << "#ifdef __cplusplus\n}\n#endif\n";
  NameMacros macros(out);
  for (const OptimizerDescription &optimizer : library.optimizers)
    writeOptimizer(out, macros, optimizer.rule);
  out << "\n#endif /* " << guard << " */\n";
  return text;
}

// The C header beside a library.
#include "compiler/codegen/Header.h"

using namespace ravine;
using llvm::StringRef;

/// A library's name with everything that C does not allow in an identifier replaced.
static std::string identifier(StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (!llvm::isAlnum(c))
      c = '_';
  return result;
}

std::string ravine::entryPointAlias(StringRef libraryName) { return "ravine_" + identifier(libraryName) + "_v1"; }

/// Text that stands inside a C comment.
static std::string comment(StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '/' && !result.empty() && result.back() == '*')
      result += ' ';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

static void writeOptimizer(llvm::raw_ostream &out, ir::OptimizerOp rule) {
  std::string prefix = StringRef(identifier(rule.getSymName())).upper();
  out << "\n/* " << rule.getSymName();
  if (!rule.getDoc().empty())
    out << ": " << comment(rule.getDoc());
  out << " */\n";
  out << "#define RAVINE_" << prefix << " \"" << rule.getSymName() << "\"\n";
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>()) {
    out << "#define RAVINE_" << prefix << "_HYPER_" << hyper.getSymName().upper() << " \"" << hyper.getSymName() << "\"";
    if (!hyper.getDoc().empty())
      out << " /* " << comment(hyper.getDoc()) << " */";
    out << "\n";
  }
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    out << "#define RAVINE_" << prefix << "_STATE_" << state.getSymName().upper() << " \"" << state.getSymName()
        << "\"\n";
}

std::string ravine::writeHeader(const LibraryDescription &library) {
  std::string text;
  llvm::raw_string_ostream out(text);
  std::string guard = "RAVINE_LIBRARY_" + StringRef(identifier(library.name)).upper() + "_H";
  std::string alias = entryPointAlias(library.name);
  out << "/* Written by " << compilerVersion() << " together with lib" << library.name << ".so. Do not edit. */\n"
      << "#ifndef " << guard << "\n#define " << guard << "\n\n"
      << "#include \"ravine.h\"\n\n"
      << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
      << "/* The entry point of this library; the same function as RAVINE_ENTRY_POINT, under a name of its own. */\n"
      << "const ravine_library *" << alias << "(void);\n\n"
      << "#ifdef __cplusplus\n}\n#endif\n";
  for (const OptimizerDescription &optimizer : library.optimizers)
    writeOptimizer(out, optimizer.rule);
  out << "\n#endif /* " << guard << " */\n";
  return text;
}

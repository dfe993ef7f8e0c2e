// `ravine build`: source files in, a shared library with its header and manifest out, or one stage on the way there.
#include "compiler/codegen/Header.h"
#include "compiler/codegen/Link.h"
#include "compiler/codegen/MachineModules.h"
#include "compiler/codegen/Manifest.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Verbs.h"
#include "compiler/frontend/PrintAST.h"
#include "compiler/pipelines/Pipelines.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace ravine;
using namespace ravine::driver;
using llvm::SmallString;
using llvm::StringRef;

namespace {

/// Where the three files of a library go.
struct LibraryPaths {
  std::string name; // adamw
  std::string library, header, manifest;
};

/// `-o DIR/` or an existing directory: default names in there. `-o PATH`: the library itself, the others beside it.
LibraryPaths libraryPaths(const Options &options) {
  StringRef input = options.inputs.front();
  std::string stem = input == "-" ? "optimizer" : llvm::sys::path::stem(input).str();
  SmallString<128> directory, file;
  StringRef output = options.output;
  if (output.empty() || output.ends_with("/") || llvm::sys::fs::is_directory(output)) {
    directory = output;
    file = "lib" + stem + ".so";
  } else {
    directory = llvm::sys::path::parent_path(output);
    file = llvm::sys::path::filename(output);
    StringRef name = llvm::sys::path::stem(file);
    name.consume_front("lib");
    stem = name.empty() ? "optimizer" : name.str();
  }
  auto in = [&](const llvm::Twine &name) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    return std::string(path);
  };
  return {stem, in(file), in(stem + ".h"), in(stem + ".json")};
}

class Builder {
public:
  Builder(const Options &options, Compilation &compilation) : options(options), compilation(compilation) {}

  bool run() {
    if (!compilation.load())
      return false;
    if (options.stage == Stage::Ast)
      return print([&](llvm::raw_ostream &out) {
        for (const auto &module : compilation.modules())
          out << printAst(*module);
      });
    compilation.lower();
    if (options.stage == Stage::Lowered)
      return print([&](llvm::raw_ostream &out) { compilation.module().print(out); });
    if (!compilation.simplify())
      return false;
    if (options.stage == Stage::Ravine)
      return print([&](llvm::raw_ostream &out) { compilation.module().print(out); });
    if (!compilation.form())
      return false;
    if (options.stage == Stage::Sweep)
      return print([&](llvm::raw_ostream &out) { compilation.module().print(out); });

    paths = libraryPaths(options);
    compilation.describe(paths.name);
    mlir::OwningOpRef<mlir::ModuleOp> kernels(compilation.module().clone());
    if (!compilation.run(*kernels, "vectorisation", addVectorPipeline))
      return false;
    if (options.stage == Stage::Vector)
      return print([&](llvm::raw_ostream &out) { kernels->print(out); });
    return generate(*kernels);
  }

private:
  bool generate(mlir::ModuleOp kernels) {
    mlir::OwningOpRef<mlir::ModuleOp> scalars(compilation.module().clone());
    if (!compilation.run(*scalars, "lowering of scalar programs", addScalarPipeline) ||
        !compilation.run(*scalars, "lowering of scalar programs", addLLVMPipeline) ||
        !compilation.run(kernels, "lowering of kernels", addLLVMPipeline))
      return false;
    llvm::Expected<MachineModules> modules = MachineModules::create(kernels, *scalars, compilation.library());
    if (!modules)
      return internalFailure(llvm::toString(modules.takeError()));
    llvm::SmallVector<SmallString<0>> objects;
    for (const std::string &name : compilation.library().targetNames) {
      const CpuTarget &target = *findCpuTarget(name);
      llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(target);
      if (!emitter)
        return internalFailure(llvm::toString(emitter.takeError()));
      std::unique_ptr<llvm::Module> module = modules->kernelsFor(target, *emitter);
      bool isWidest = name == compilation.library().targetNames.back();
      if (options.stage == Stage::Library)
        objects.push_back(emitter->emit(*module, MachineCode::Object));
      else if (isWidest)
        return emitStage(*module, *emitter);
    }
    llvm::Expected<ObjectEmitter> plain = ObjectEmitter::create(cpuTargets().front());
    if (!plain)
      return internalFailure(llvm::toString(plain.takeError()));
    objects.push_back(plain->emit(modules->shared(), MachineCode::Object));
    return writeLibrary(objects);
  }

  bool emitStage(llvm::Module &module, const ObjectEmitter &emitter) {
    if (options.stage == Stage::Llvm)
      return print([&](llvm::raw_ostream &out) { module.print(out, nullptr); });
    if (options.stage == Stage::Assembly)
      return print([&](llvm::raw_ostream &out) { out << emitter.emit(module, MachineCode::Assembly); });
    std::string path = options.output.empty() ? paths.name + ".o" : options.output;
    return write(path, emitter.emit(module, MachineCode::Object));
  }

  /// No output may be an input, or another output.
  bool checkPaths(llvm::ArrayRef<StringRef> outputs) {
    for (auto [index, output] : llvm::enumerate(outputs)) {
      for (const std::string &input : options.inputs)
        if (llvm::sys::fs::equivalent(input, output)) {
          compilation.fail(Code::E0803, "cannot write `" + output + "`: it is a source file of this library",
                           "choose another path with -o");
          return false;
        }
      if (llvm::is_contained(outputs.take_front(index), output)) {
        compilation.fail(Code::E0803, "cannot write `" + output + "`: library, header and manifest would be one file",
                         "name the library lib<name>.so with -o");
        return false;
      }
    }
    return true;
  }

  bool writeLibrary(llvm::ArrayRef<SmallString<0>> objects) {
    if (!checkPaths({paths.library, paths.header, paths.manifest}))
      return false;
    if (StringRef(options.output).ends_with("/"))
      if (std::error_code problem = llvm::sys::fs::create_directories(options.output))
        return cannotWrite(
            llvm::createStringError(problem, "cannot make the folder `" + options.output + "`: " + problem.message()));
    StringRef soname = llvm::sys::path::filename(paths.library);
    llvm::Expected<SmallString<0>> library = linkLibrary(objects, paths.name, soname);
    if (!library)
      return cannotLink(library.takeError());
    OutputFiles files;
    files.add(paths.library, *library, /*isExecutable=*/true);
    files.add(paths.header, writeHeader(compilation.library()));
    files.add(paths.manifest, writeManifest(compilation.library()));
    if (llvm::Error problem = files.commit())
      return cannotWrite(std::move(problem));
    if (llvm::errs().is_displayed()) // for people; a build system has no use for it
      llvm::errs() << "wrote " << paths.library << ", " << paths.header << " and " << paths.manifest << "\n";
    return true;
  }

  bool print(llvm::function_ref<void(llvm::raw_ostream &)> writeText) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    writeText(stream);
    if (text.empty() || text.back() != '\n')
      text += '\n';
    if (!options.output.empty() && options.output != "-")
      return write(options.output, text);
    llvm::outs() << text;
    return true;
  }

  bool write(StringRef path, StringRef contents) {
    if (!checkPaths(path))
      return false;
    OutputFiles files;
    files.add(path, contents);
    if (llvm::Error problem = files.commit())
      return cannotWrite(std::move(problem));
    return true;
  }

  bool cannotWrite(llvm::Error problem) {
    compilation.fail(Code::E0803, llvm::toString(std::move(problem)));
    return false;
  }

  bool cannotLink(llvm::Error problem) {
    bool isSystemError = false;
    llvm::Error rest = llvm::handleErrors(std::move(problem), [&](std::unique_ptr<llvm::StringError> error) {
      isSystemError = error->convertToErrorCode() != llvm::inconvertibleErrorCode();
      return llvm::Error(std::move(error));
    });
    return isSystemError ? cannotWrite(std::move(rest)) : internalFailure(llvm::toString(std::move(rest)));
  }

  bool internalFailure(const llvm::Twine &message) {
    compilation.fail(Code::E0804, message,
                     "this is a fault of the compiler, not of your program; please report it with the file");
    return false;
  }

  const Options &options;
  Compilation &compilation;
  LibraryPaths paths;
};

} // namespace

int ravine::driver::build(const Options &options) {
  Compilation compilation(options);
  Builder(options, compilation).run();
  return compilation.report();
}

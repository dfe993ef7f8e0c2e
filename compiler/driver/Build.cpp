// `ravine build`: source files in, a shared library with its header and manifest out, or one stage on the way there.
#include "compiler/compilation/Generation.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Verbs.h"
#include "compiler/frontend/PrintAST.h"

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
    compilation.describe(paths.name, options.targets);
    Generation generation(compilation);
    if (!generation.vectorize())
      return false;
    if (options.stage == Stage::Vector)
      return print([&](llvm::raw_ostream &out) { generation.kernels().print(out); });
    if (!generation.translate())
      return false;
    return options.stage == Stage::Library ? writeLibrary(generation) : writeWidest(generation);
  }

private:
  /// Writes one of the stages that there are for each target.
  bool writeWidest(Generation &generation) {
    bool isWritten = false;
    return generation.showWidest([&](llvm::Module &module, const ObjectEmitter &emitter) {
      isWritten = writeMachineStage(module, emitter);
    }) && isWritten;
  }

  bool writeMachineStage(llvm::Module &module, const ObjectEmitter &emitter) {
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
      for (const std::string &input : compilation.filesRead())
        if (llvm::sys::fs::equivalent(input, output))
          return compilation.fail(Code::E0803, "cannot write `" + output + "`: it is a source file of this library",
                                  "choose another path with -o");
      if (llvm::is_contained(outputs.take_front(index), output))
        return compilation.fail(Code::E0803, "cannot write `" + output + "`: two of the outputs would be one file",
                                "name the library lib<name>.so with -o");
    }
    return true;
  }

  bool writeLibrary(Generation &generation) {
    llvm::SmallVector<StringRef> outputs = {paths.library, paths.header, paths.manifest};
    if (!options.depfile.empty())
      outputs.push_back(options.depfile);
    if (!checkPaths(outputs))
      return false;
    if (StringRef(options.output).ends_with("/"))
      if (std::error_code problem =
              llvm::sys::fs::create_directories(options.output, /*IgnoreExisting=*/true, llvm::sys::fs::all_all))
        return cannotWrite(
            llvm::createStringError(problem, "cannot make the folder `" + options.output + "`: " + problem.message()));
    StringRef soname = llvm::sys::path::filename(paths.library);
    std::optional<LibraryFiles> built = generation.link(soname);
    if (!built)
      return false;
    OutputFiles files;
    files.add(paths.library, built->library, /*isExecutable=*/true);
    files.add(paths.header, built->header);
    files.add(paths.manifest, built->manifest);
    if (!options.depfile.empty())
      files.add(options.depfile, dependencies());
    if (llvm::Error problem = files.commit())
      return cannotWrite(std::move(problem));
    if (llvm::errs().is_displayed()) // for people; a build system has no use for it
      llvm::errs() << "wrote " << paths.library << ", " << paths.header << " and " << paths.manifest << "\n";
    return true;
  }

  /// A rule of make: the library, and every file that it was made from.
  std::string dependencies() const {
    auto escaped = [](StringRef path) {
      std::string result;
      for (char c : path) {
        if (c == ' ' || c == '#')
          result += '\\';
        else if (c == '$')
          result += '$';
        result += c;
      }
      return result;
    };
    std::string rule = escaped(paths.library) + ":";
    for (const std::string &file : compilation.filesRead())
      rule += " " + escaped(file);
    return rule + "\n";
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

  bool cannotWrite(llvm::Error problem) { return compilation.fail(Code::E0803, llvm::toString(std::move(problem))); }

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

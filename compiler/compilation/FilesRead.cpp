// The files and texts that a compilation is made from.
#include "compiler/compilation/FilesRead.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace ravine;
using llvm::SmallString;
using llvm::StringRef;

void FilesRead::addText(const std::string &name) {
  texts.push_back(name);
}

llvm::Expected<SourceText> FilesRead::addFile(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer)
    return llvm::errorCodeToError(buffer.getError());
  if (path != "-")
    filePaths.push_back(path);
  return SourceText{path == "-" ? "<stdin>" : path, (*buffer)->getBuffer().str()};
}

bool FilesRead::isText(std::string_view name) const {
  return llvm::is_contained(texts, name);
}

std::optional<SourceText> FilesRead::find(std::string_view importer, std::string_view path) {
  SmallString<128> target;
  if (!llvm::sys::path::is_absolute(path))
    target = llvm::sys::path::parent_path(StringRef(importer));
  llvm::sys::path::append(target, StringRef(path));
  llvm::sys::path::remove_dots(target, /*remove_dot_dot=*/true);
  // A source that is there already: the loader knows it by its name and has no use for the text.
  for (const std::string &known : texts) {
    SmallString<128> name(known);
    llvm::sys::path::remove_dots(name, /*remove_dot_dot=*/true);
    if (name == target)
      return SourceText{known, ""};
  }
  for (const std::string &known : filePaths)
    if (llvm::sys::fs::equivalent(known, target))
      return SourceText{known, ""};
  // What is no file may have no end, or wait for a writer.
  if (isText(importer) || !llvm::sys::fs::is_regular_file(target))
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(target);
  if (!buffer)
    return std::nullopt;
  filePaths.emplace_back(target);
  return SourceText{std::string(target), (*buffer)->getBuffer().str()};
}

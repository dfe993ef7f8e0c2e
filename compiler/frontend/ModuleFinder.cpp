// Modules of the standard library by their names, files by their paths.
#include "compiler/frontend/ModuleFinder.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/StandardModules.h"

#include <algorithm>
#include <filesystem>

namespace ravine {

namespace {

constexpr std::string_view ending = ".rvn";
constexpr std::string_view standardFolder = "std/";

std::string dotted(std::string_view path) {
  std::string text = "std";
  if (!path.empty())
    text += "." + std::string(path);
  std::ranges::replace(text, '/', '.');
  return text;
}

/// The modules and folders directly in a folder of the standard library, "" for all of it.
std::vector<std::string_view> contentOf(std::string_view folder) {
  std::vector<std::string_view> names;
  for (const StandardModule &module : standardModules()) {
    std::string_view rest = module.path;
    bool isInside =
        folder.empty() || (rest.starts_with(folder) && rest.size() > folder.size() && rest[folder.size()] == '/');
    if (!isInside)
      continue;
    rest.remove_prefix(folder.empty() ? 0 : folder.size() + 1);
    rest = rest.substr(0, rest.find('/'));
    if (names.empty() || names.back() != rest)
      names.push_back(rest);
  }
  return names;
}

/// "`a`, `b` and 3 more"
std::string listed(const std::vector<std::string_view> &names) {
  constexpr size_t most = 12;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), most); ++i)
    text += (i == 0 ? "" : ", ") + quote(names[i]);
  return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

} // namespace

std::string spelling(const ast::Import &import) {
  if (import.words.empty())
    return import.path;
  std::string text;
  for (const std::string &word : import.words)
    text += (text.empty() ? "" : ".") + word;
  return text;
}

void ModuleFinder::add(uint32_t file) {
  files.try_emplace(std::string(sources.name(file)), file);
}

uint32_t ModuleFinder::addText(std::string name, std::string text) {
  auto [place, isNew] = files.try_emplace(name, 0);
  if (isNew)
    place->second = sources.add(std::move(name), std::move(text));
  return place->second;
}

uint32_t ModuleFinder::addStandard(std::string_view path, std::string_view text) {
  uint32_t file = addText(std::string(standardFolder) + std::string(path) + std::string(ending), std::string(text));
  standardFiles.insert(file);
  return file;
}

std::vector<uint32_t> ModuleFinder::find(uint32_t importer, const ast::Import &import) {
  if (!import.words.empty())
    return findStandard(import);
  if (std::optional<uint32_t> file = findFile(importer, import.path))
    return {*file};
  reportNoFile(importer, import);
  return {};
}

std::vector<uint32_t> ModuleFinder::findStandard(const ast::Import &import) {
  std::string path;
  for (size_t i = 1; i < import.words.size(); ++i)
    path += (path.empty() ? "" : "/") + import.words[i];
  std::vector<uint32_t> found;
  if (import.words.front() == "std")
    for (const StandardModule &module : standardModules())
      if (path.empty() || module.path == path || module.path.starts_with(path + "/"))
        found.push_back(addStandard(module.path, module.text));
  if (found.empty())
    reportUnknown(import, path);
  return found;
}

std::optional<uint32_t> ModuleFinder::findFile(uint32_t importer, const std::string &path) {
  if (standardFiles.contains(importer)) {
    std::filesystem::path folder = std::filesystem::path(sources.name(importer)).parent_path();
    std::string name = (folder / path).lexically_normal().generic_string();
    for (const StandardModule &module : standardModules())
      if (name == std::string(standardFolder) + std::string(module.path) + std::string(ending))
        return addStandard(module.path, module.text);
    return std::nullopt;
  }
  std::optional<SourceText> source = readFile(sources.name(importer), path);
  if (!source)
    return std::nullopt;
  return addText(std::move(source->name), std::move(source->text));
}

void ModuleFinder::reportUnknown(const ast::Import &import, std::string_view path) {
  std::string name = spelling(import);
  std::vector<std::string> all;
  for (const StandardModule &module : standardModules()) {
    for (size_t end = module.path.find('/'); end != std::string_view::npos; end = module.path.find('/', end + 1))
      all.push_back(dotted(module.path.substr(0, end)));
    all.push_back(dotted(module.path));
  }
  auto complete = std::ranges::find(all, "std." + name);
  std::optional<std::string_view> meant = complete != all.end()
                                              ? std::optional<std::string_view>(*complete)
                                              : suggest(name, std::vector<std::string_view>(all.begin(), all.end()));
  std::string hint = meant ? "did you mean " + quote(*meant) + "?" : "";
  if (import.words.front() != "std") {
    hint = meant ? hint
                 : "a module of the standard library begins with `std`; another file is imported by its path: "
                   "`import \"" +
                       name + ".rvn\"`";
  } else {
    // What there is in the nearest folder that there is.
    std::string_view folder = path;
    while (!folder.empty() && contentOf(folder).empty())
      folder = folder.find('/') == std::string_view::npos ? "" : folder.substr(0, folder.rfind('/'));
    hint += (meant ? " " : "") + quote(dotted(folder)) + " has " + listed(contentOf(folder));
  }
  diagnostics.add({Code::E0130, import.moduleSpan, "there is no module " + quote(name), "", std::move(hint), {}});
}

void ModuleFinder::reportNoFile(uint32_t importer, const ast::Import &import) {
  std::string hint = "the path is relative to the folder of " + quote(sources.name(importer));
  bool isComplete = import.path.ends_with(ending);
  if (!isComplete && !import.path.empty() && readFile(sources.name(importer), import.path + std::string(ending)))
    hint = "did you mean `\"" + import.path + std::string(ending) + "\"`?";
  else if (import.path.starts_with("std.") || import.path.starts_with(standardFolder))
    hint = "a module of the standard library is imported by its name, without quotes: `import std.schedules`";
  diagnostics.add({Code::E0130,
                   import.moduleSpan,
                   "there is no file " + quote(import.path) + " that can be read",
                   "",
                   std::move(hint),
                   {}});
}

} // namespace ravine

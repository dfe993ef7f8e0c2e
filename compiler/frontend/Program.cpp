// Loading a program: parse what was asked for, then what that imports, and find out which names each file knows.
#include "compiler/frontend/Program.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ComponentNames.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/ModuleFinder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/StandardModules.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// A declaration of a file, of whatever kind.
struct Declared {
  Definition definition;
  std::string name;
  SourceSpan nameSpan;
  bool isExported;
};

std::vector<Declared> declarationsOf(const Module &module) {
  std::vector<Declared> result;
  auto append = [&](const auto &declarations) {
    for (const auto &declaration : declarations)
      // One without a name has been reported.
      if (!declaration->name.empty())
        result.push_back({declaration.get(), declaration->name, declaration->nameSpan, module.exports(*declaration)});
  };
  append(module.constants);
  append(module.functions);
  append(module.schedules);
  append(module.transforms);
  append(module.penalties);
  append(module.optimizers);
  std::ranges::sort(result, {}, [](const Declared &declared) { return declared.nameSpan.begin; });
  return result;
}

/// Whether penalties are added or multiplied in it.
bool hasOperators(const Component *component) {
  if (!component)
    return false;
  if (component->as<Scaled>() || component->as<Sum>())
    return true;
  auto isOne = [](const auto &part) { return hasOperators(part.component.get()); };
  if (const auto *use = component->as<Use>())
    return std::ranges::any_of(use->parts, [](const ComponentPtr &part) { return hasOperators(part.get()); });
  if (const auto *pipe = component->as<Pipe>())
    return std::ranges::any_of(pipe->stages, isOne);
  if (const auto *select = component->as<Select>())
    return std::ranges::any_of(select->branches, isOne);
  const auto *with = component->as<With>();
  return with && hasOperators(with->base.get());
}

bool hasOperators(const std::vector<GenericParameter> &generics) {
  return std::ranges::any_of(
      generics, [](const GenericParameter &parameter) { return hasOperators(parameter.defaultPart.get()); });
}

/// Whether it needs the standard library's rules for operators on penalties.
bool needsCalculus(const Module &module) {
  auto hasThem = [](const auto &declaration) {
    return hasOperators(declaration->composition.get()) || hasOperators(declaration->generics);
  };
  auto hasInLaws = [](const auto &penalty) {
    return std::ranges::any_of(penalty->laws, [](const Law &law) { return hasOperators(law.other.get()); });
  };
  auto isTested = [](const auto &test) { return hasOperators(test->tested.get()); };
  return std::ranges::any_of(module.optimizers, hasThem) || std::ranges::any_of(module.penalties, hasThem) ||
         std::ranges::any_of(module.penalties, hasInLaws) || std::ranges::any_of(module.tests, isTested);
}

class Loader {
public:
  Loader(SourceManager &sources, const FileReader &readFile, Diagnostics &diagnostics)
      : sources(sources), diagnostics(diagnostics), finder(sources, readFile, diagnostics) {}

  Program run(std::span<const uint32_t> roots) {
    for (uint32_t file : roots) {
      finder.add(file);
      add(file);
    }
    program.rootCount = program.modules.size();
    // What is imported joins the list behind its importer.
    std::optional<size_t> calculus;
    for (size_t index = 0; index < program.modules.size(); ++index) {
      for (const Import &import : program.modules[index]->imports)
        follow(index, import);
      if (!calculus && needsCalculus(*program.modules[index]))
        calculus = addCalculus(index);
    }
    if (calculus)
      program.calculus = program.modules[*calculus].get();
    reportCycles();
    for (size_t index = 0; index < program.modules.size(); ++index)
      defineScope(index);
    return std::move(program);
  }

private:
  /// An import and the modules that it means.
  struct Link {
    const Import *import;
    std::vector<size_t> targets;
  };
  struct Loaded {
    std::vector<Link> links;
    std::vector<Declared> declarations;
    /// Has mistakes of syntax: what it seems to lack may well be there.
    bool isBroken = false;
  };

  size_t add(uint32_t file) {
    size_t errorsBefore = diagnostics.errors();
    program.modules.push_back(std::make_unique<Module>(parse(sources, file, diagnostics)));
    Loaded &added = loaded.emplace_back();
    added.declarations = declarationsOf(*program.modules.back());
    added.isBroken = diagnostics.errors() > errorsBefore;
    indices.try_emplace(file, program.modules.size() - 1);
    return program.modules.size() - 1;
  }

  /// The rules are known without an import: operators have no name to import.
  std::optional<size_t> addCalculus(size_t importer) {
    if (std::ranges::find(standardModules(), "prox/calculus", &StandardModule::path) == standardModules().end())
      return std::nullopt;
    Import import;
    import.words = {"std", "prox", "calculus"};
    uint32_t file = finder.find(program.modules[importer]->file, import).front();
    auto known = indices.find(file);
    return known != indices.end() ? known->second : add(file);
  }

  void follow(size_t importer, const Import &import) {
    Link link{&import, {}};
    for (uint32_t file : finder.find(program.modules[importer]->file, import)) {
      auto known = indices.find(file);
      link.targets.push_back(known != indices.end() ? known->second : add(file));
    }
    loaded[importer].links.push_back(std::move(link));
  }

  /// Depth first, without recursion: nobody knows how long a chain of imports is.
  void reportCycles() {
    enum class Mark : uint8_t { New, Open, Done };
    struct Step {
      size_t module;
      size_t link = 0;
      size_t target = 0;
    };
    std::vector<Mark> marks(program.modules.size(), Mark::New);
    for (size_t start = 0; start < marks.size(); ++start) {
      if (marks[start] != Mark::New)
        continue;
      std::vector<Step> path = {{start}};
      marks[start] = Mark::Open;
      while (!path.empty()) {
        Step &step = path.back();
        const std::vector<Link> &links = loaded[step.module].links;
        if (step.link == links.size()) {
          marks[step.module] = Mark::Done;
          path.pop_back();
          continue;
        }
        if (step.target == links[step.link].targets.size()) {
          ++step.link;
          step.target = 0;
          continue;
        }
        size_t next = links[step.link].targets[step.target++];
        if (marks[next] == Mark::Open) {
          auto first = std::ranges::find(path, next, &Step::module);
          std::vector<const Import *> imports;
          for (; first != path.end(); ++first)
            imports.push_back(loaded[first->module].links[first->link].import);
          reportCycle(imports);
        } else if (marks[next] == Mark::New) {
          marks[next] = Mark::Open;
          path.push_back({next});
        }
      }
    }
  }

  /// Each import leads to the file of the next, the last one to the file of the first.
  void reportCycle(const std::vector<const Import *> &imports) {
    const Import &last = *imports.back();
    std::string_view first = sources.name(imports.front()->moduleSpan.file);
    if (imports.size() == 1)
      return diagnostics.add(
          {Code::E0133, last.moduleSpan, quote(first) + " imports itself", "", "delete the import", {}});
    std::vector<Note> notes;
    for (size_t i = 0; i + 1 < imports.size(); ++i)
      notes.push_back({imports[i]->moduleSpan, quote(sources.name(imports[i]->moduleSpan.file)) + " imports " +
                                                   quote(sources.name(imports[i + 1]->moduleSpan.file)) + " here"});
    diagnostics.add(
        {Code::E0133, last.moduleSpan,
         quote(sources.name(last.moduleSpan.file)) + " imports " + quote(first) + ", which leads back to it", "",
         "put what both need into a file of its own", std::move(notes)});
  }

  void defineScope(size_t index) {
    const Module &module = *program.modules[index];
    Scope &scope = program.scopes[&module];
    std::map<std::string_view, SourceSpan> own;
    for (const Declared &declared : loaded[index].declarations) {
      auto [first, isNew] = own.try_emplace(declared.name, declared.nameSpan);
      if (isNew)
        scope.add(declared.name, {declared.definition, &module, nullptr});
      else
        diagnostics.add({Code::E0303,
                         declared.nameSpan,
                         "the name " + quote(declared.name) + " is declared twice",
                         "",
                         "choose another name for one of them",
                         {{first->second, quote(declared.name) + " is declared here"}}});
    }
    std::map<std::vector<size_t>, const Import *> whole;
    std::map<std::pair<Definition, std::string>, SourceSpan> items;
    for (const Link &link : loaded[index].links) {
      if (link.targets.empty()) {
        if (link.import->items.empty())
          scope.addFailedImport();
        for (const Import::Item &item : link.import->items)
          scope.addFailedImport(item.alias);
        continue;
      }
      if (link.import->items.empty()) {
        auto [first, isNew] = whole.try_emplace(link.targets, link.import);
        if (!isNew)
          reportTwice(link.import->moduleSpan, first->second->moduleSpan);
        importAll(scope, link);
      }
      for (const Import::Item &item : link.import->items)
        importItem(scope, link, item, items);
    }
  }

  void importAll(Scope &scope, const Link &link) {
    for (size_t target : link.targets) {
      if (loaded[target].isBroken)
        scope.addFailedImport();
      for (const Declared &declared : loaded[target].declarations)
        if (declared.isExported)
          scope.add(declared.name, {declared.definition, program.modules[target].get(), link.import});
    }
  }

  void importItem(Scope &scope, const Link &link, const Import::Item &item,
                  std::map<std::pair<Definition, std::string>, SourceSpan> &items) {
    const Declared *hidden = nullptr;
    size_t home = 0; // of the hidden one
    bool isFound = false, isBroken = false;
    for (size_t target : link.targets) {
      isBroken = isBroken || loaded[target].isBroken;
      auto declared = std::ranges::find(loaded[target].declarations, item.name, &Declared::name);
      if (declared == loaded[target].declarations.end())
        continue;
      if (!declared->isExported) {
        hidden = &*declared;
        home = target;
        continue;
      }
      isFound = true;
      auto [first, isNew] = items.try_emplace({declared->definition, item.alias}, item.nameSpan);
      if (!isNew)
        reportTwice(item.nameSpan, first->second);
      scope.add(item.alias, {declared->definition, program.modules[target].get(), link.import});
    }
    if (isFound)
      return;
    if (!hidden)
      scope.addFailedImport(item.alias);
    if (isBroken)
      return;
    // It is known nevertheless: its uses are no further mistakes.
    if (hidden)
      scope.add(item.alias, {hidden->definition, program.modules[home].get(), link.import});
    if (hidden)
      diagnostics.add({Code::E0132,
                       item.nameSpan,
                       quote(spelling(*link.import)) + " does not export " + quote(item.name),
                       "",
                       "write `export` in front of its declaration",
                       {{hidden->nameSpan, quote(item.name) + " is declared here, and others are exported"}}});
    else
      reportMissing(link, item);
  }

  void reportMissing(const Link &link, const Import::Item &item) {
    std::vector<std::string_view> candidates;
    for (size_t target : link.targets)
      for (const Declared &declared : loaded[target].declarations)
        if (declared.isExported)
          candidates.push_back(declared.name);
    std::optional<std::string_view> meant = suggest(item.name, candidates);
    constexpr size_t most = 12;
    std::string hint = meant ? "did you mean " + quote(*meant) + "?" : "";
    for (size_t i = 0; i < candidates.size() && !meant && candidates.size() <= most; ++i)
      hint += (i == 0 ? "it has " : ", ") + quote(candidates[i]);
    diagnostics.add({Code::E0131,
                     item.nameSpan,
                     "there is no " + quote(item.name) + " in " + quote(spelling(*link.import)),
                     "",
                     std::move(hint),
                     {}});
  }

  void reportTwice(SourceSpan span, SourceSpan first) {
    diagnostics.add({Code::E0134,
                     span,
                     quote(sources.text(span)) + " is imported twice",
                     "",
                     "delete one of the two",
                     {{first, "it is imported here"}}});
  }

  SourceManager &sources;
  Diagnostics &diagnostics;
  ModuleFinder finder;
  Program program;
  std::vector<Loaded> loaded; // like program.modules
  std::unordered_map<uint32_t, size_t> indices;
};

} // namespace

Program load(SourceManager &sources, std::span<const uint32_t> roots, const FileReader &readFile,
             Diagnostics &diagnostics) {
  return Loader(sources, readFile, diagnostics).run(roots);
}

void warnAboutUnusedImports(const Program &program, Diagnostics &diagnostics) {
  // What could not be understood may have used them.
  if (diagnostics.hasErrors())
    return;
  for (size_t index = 0; index < program.rootCount; ++index) {
    const Module &module = *program.modules[index];
    const Scope &scope = program.scopes.at(&module);
    for (const auto &test : module.tests)
      if (test->tested)
        forEachNameIn(*test->tested, [&](const std::string &name) { (void)scope.find(name); });
    for (const Import &import : module.imports) {
      if (!scope.isUsed(import)) {
        diagnostics.add({Code::W0110,
                         import.moduleSpan,
                         "the import " + quote(spelling(import)) + " is not used",
                         "",
                         "delete the import",
                         {}});
        continue;
      }
      for (const Import::Item &item : import.items)
        if (!scope.isUsed(import, item.alias))
          diagnostics.add(
              {Code::W0110, item.nameSpan, quote(item.alias) + " is imported and not used", "", "delete it", {}});
    }
  }
}

} // namespace ravine

// Gathering what the page of `ravine explain --html` shows.
#include "compiler/driver/ExplainHtml.h"

#include "compiler/codegen/Manifest.h"
#include "compiler/codegen/cpu/Passes.h"
#include "compiler/compilation/Generation.h"
#include "compiler/driver/TrafficText.h"
#include "compiler/explanation/Explanation.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::driver;

namespace {

unsigned lineOf(Location location) {
  auto place = location->findInstanceOf<FileLineColLoc>();
  return place ? place.getLine() : 0;
}

std::string nameOf(Value value, AsmState &state) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  value.printAsOperand(stream, state);
  return text;
}

/// The operations of a body, a line for each, behind a line that says what its arguments are.
std::vector<explanation::Operation> operationsOf(Block &body, llvm::ArrayRef<std::string> argumentNames,
                                                 AsmState &state) {
  std::vector<explanation::Operation> operations;
  for (auto [argument, name] : llvm::zip(body.getArguments(), argumentNames))
    operations.push_back({nameOf(argument, state) + " is " + name, 0});
  for (Operation &op : body) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    op.print(stream, state);
    operations.push_back({std::move(text), lineOf(op.getLoc())});
  }
  return operations;
}

/// What the arguments of a sweep's body are: numbers from buffers, then slots, named after what the scalar program
/// yields.
std::vector<std::string> argumentNames(sweep::SweepOp sweep, sweep::ScalarsOp scalars, AsmState &state) {
  std::vector<std::string> names;
  for (sweep::BufferAttr buffer : sweep.getBufferAttrs())
    if (buffer.getIsRead())
      names.push_back(buffer.getName().str());
  if (scalars)
    for (Value slot : scalars.getYield().getValues())
      names.push_back(nameOf(slot, state) + " from above");
  return names;
}

explanation::Pass describe(const PassTraffic &traffic, sweep::ProgramOp program, AsmState &state) {
  explanation::Pass pass{traffic.name, spelling(traffic.over), {}, {}};
  FlatSymbolRefAttr before;
  if (auto sweep = program.lookupSymbol<sweep::SweepOp>(traffic.name)) {
    before = sweep.getScalarsAttr();
    auto scalars = program.lookupSymbol<sweep::ScalarsOp>(before);
    pass.members = operationsOf(sweep.getBody().front(), argumentNames(sweep, scalars, state), state);
  } else if (auto operation = program.lookupSymbol<sweep::OperationOp>(traffic.name)) {
    before = operation.getScalarsAttr();
    std::string text;
    llvm::raw_string_ostream stream(text);
    operation->print(stream, state);
    pass.members.push_back({std::move(text), lineOf(operation.getLoc())});
  }
  pass.scalars = operationsOf(program.lookupSymbol<sweep::ScalarsOp>(before).getBody().front(), {}, state);
  return pass;
}

explanation::Sweep describe(const SweepTraffic &traffic, sweep::ProgramOp program, AsmState &state) {
  explanation::Sweep result;
  for (const BufferTraffic &buffer : traffic.buffers)
    result.buffers.push_back(
        {buffer.isScratch ? buffer.name + " (in cache)" : buffer.name, double(buffer.read), double(buffer.written)});
  result.read = traffic.read;
  result.written = traffic.written;
  for (const PassTraffic &pass : traffic.passes)
    result.passes.push_back(describe(pass, program, state));
  return result;
}

explanation::Optimizer describe(const OptimizerDescription &optimizer, const SourceWords &words) {
  ir::OptimizerOp rule = optimizer.rule;
  sweep::ProgramOp program = optimizer.program;
  AsmState state(program);
  explanation::Optimizer result;
  result.name = rule.getSymName().str();
  std::vector<ShownVariant> variants;
  size_t precisions = precisionCount(optimizer);
  for (size_t precision = 0; precision < precisions; ++precision)
    llvm::append_range(variants, shownVariants(optimizer, precision));
  for (const ShownVariant &variant : variants) {
    explanation::Variant shown{headOf(variant, precisions > 1), {costText(variant.traffic)}, {}};
    llvm::append_range(shown.summary, remarksOn(variant.traffic, words));
    for (const SweepRun &run : runsOf(variant.traffic))
      for (auto [index, sweep] : llvm::enumerate(run.sweeps)) {
        explanation::Sweep &added = shown.sweeps.emplace_back(describe(sweep, program, state));
        added.name = "sweep " + std::to_string(run.first + index);
        if (!run.head.empty())
          added.remarks.push_back(run.head);
        llvm::append_range(added.remarks, remarksOn(run, index, words));
      }
    result.variants.push_back(std::move(shown));
  }
  return result;
}

/// Forgets of what comes from other files which lines it comes from: they are not on the page, and a line of the same
/// number there is another.
void keepLinesOf(llvm::StringRef file, sweep::ProgramOp program) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FileLineColLoc place) -> Attribute {
    return place.getFilename() == file ? place : FileLineColLoc::get(place.getContext(), file, 0, 0);
  });
  replacer.recursivelyReplaceElementsIn(program, /*replaceAttrs=*/false, /*replaceLocs=*/true);
}

/// Gives every function to the optimizer whose sweep it is the kernel of.
void addAssembly(std::vector<explanation::AssemblyFunction> functions,
                 llvm::ArrayRef<OptimizerDescription> descriptions,
                 llvm::MutableArrayRef<explanation::Optimizer *> optimizers) {
  for (explanation::AssemblyFunction &function : functions) {
    size_t longest = 0;
    explanation::Optimizer *owner = optimizers.front();
    for (auto [description, optimizer] : llvm::zip_equal(descriptions, optimizers))
      for (sweep::SweepOp sweep : sweep::ProgramOp(description.program).all<sweep::SweepOp>()) {
        std::string name = functionName(optimizer->name, sweep.getSymName());
        if (llvm::StringRef(function.name).starts_with(name) && name.size() > longest) {
          longest = name.size();
          owner = optimizer;
        }
      }
    owner->functions.push_back(std::move(function));
  }
}

} // namespace

std::optional<std::string> ravine::driver::explainHtml(Compilation &compilation, const Options &options) {
  compilation.describe("explained", options.targets);
  explanation::Explanation page;
  page.target = compilation.library().targetNames.back();
  std::vector<OptimizerDescription> descriptions = describeOptimizers(compilation.module());
  SourceWords words(compilation);
  size_t next = 0;
  for (const auto &module : compilation.modules()) {
    explanation::File file{module->file, {}};
    for (size_t count = 0; count < module->optimizers.size(); ++count, ++next) {
      keepLinesOf(compilation.sources().name(module->file), descriptions[next].program);
      file.optimizers.push_back(describe(descriptions[next], words));
    }
    page.title += (page.title.empty() ? "" : ", ") +
                  llvm::sys::path::filename(llvm::StringRef(compilation.sources().name(module->file))).str();
    page.files.push_back(std::move(file));
  }

  Generation generation(compilation);
  generation.keepSourceLines();
  std::string assembly;
  auto emit = [&](llvm::Module &module, const ObjectEmitter &emitter) {
    assembly = emitter.emit(module, MachineCode::Assembly).str().str();
  };
  if (!generation.vectorize() || !generation.translate() || !generation.showWidest(emit))
    return std::nullopt;
  std::vector<explanation::Optimizer *> optimizers;
  for (explanation::File &file : page.files)
    for (explanation::Optimizer &optimizer : file.optimizers)
      optimizers.push_back(&optimizer);
  addAssembly(explanation::readAssembly(assembly), descriptions, optimizers);
  return explanation::writeHtml(page, compilation.sources());
}

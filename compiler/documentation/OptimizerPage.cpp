// The page of an optimizer, made from its source.
#include "compiler/documentation/OptimizerPage.h"

#include "compiler/documentation/HyperTable.h"
#include "compiler/documentation/OptimizerEquations.h"
#include "compiler/documentation/Typeset.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <array>
#include <set>

namespace ravine::documentation {

namespace {

std::string sourceOf(const SourceManager &sources, SourceSpan span) {
  return codeOnOneLine(sources.text(span));
}

/// Which parts of the language a rule uses, for the words that explain them.
struct Uses {
  std::set<ast::Predefined> names;
  bool reductions = false;
  bool parts = false;  // reductions over their tensors
  bool groups = false; // reductions over rows, columns, channels or blocks
  bool cases = false;

  void look(const ast::Expr &expr) {
    if (const auto *name = expr.as<ast::Name>())
      if (const auto *predefined = std::get_if<ast::Predefined>(&name->symbol))
        names.insert(*predefined);
    const auto *reduction = expr.as<ast::Reduction>();
    reductions |= reduction != nullptr;
    parts |= reduction && !reduction->under.empty();
    groups |= reduction && reduction->set && reduction->set->isOfGroups();
    cases |= expr.as<ast::Case>() != nullptr;
    forEachChild(expr, [&](const ast::Expr &child) { look(child); });
  }

  explicit Uses(const ast::OptimizerDecl &optimizer) {
    forEachRoot(optimizer, [&](const ast::Expr &root) { look(root); });
  }
};

struct PredefinedMeaning {
  ast::Predefined name;
  std::string_view text;
  std::string_view meaning;
};

/// What the page says of predefined names that a rule uses; w and g it explains in any case.
constexpr std::array predefinedMeanings = {
    PredefinedMeaning{ast::Predefined::T, "t",
                      " counts the steps in which the tensor took part: those with a gradient for it."},
    PredefinedMeaning{ast::Predefined::Step, "step",
                      " counts the steps that the optimizer has made, this one included."},
    PredefinedMeaning{ast::Predefined::Size, "size", " is the number of elements of the tensor."},
    PredefinedMeaning{ast::Predefined::Rank, "rank", " is the number of axes of the tensor."},
    PredefinedMeaning{ast::Predefined::Matrix, "matrix",
                      " says whether the tensor has rows and columns, that is, two axes or more."},
    PredefinedMeaning{ast::Predefined::Rows, "rows",
                      " is the number of rows of the tensor: the extent of its first axis."},
    PredefinedMeaning{ast::Predefined::Cols, "cols",
                      " is the number of columns of the tensor: the extents of its other axes, multiplied."},
    PredefinedMeaning{ast::Predefined::Channels, "channels",
                      " is the number of channels of the tensor: the extent of its second axis."},
};

/// Builds the page section by section; a section without content is left out.
class PageBuilder {
public:
  PageBuilder(const Documented &documented, const SourceManager &sources)
      : optimizer(documented.optimizer), costs(documented.costs), sources(sources), notation(optimizer) {}

  Page build() {
    add(Heading{1, optimizer.name});
    for (Block &block : parseComment(optimizer.doc))
      add(std::move(block));
    if (!optimizer.citation.empty())
      add(Paragraph{{Text{"Source: " + optimizer.citation}}});
    addEquations();
    addBranches();
    addHypers();
    addStates();
    addMetrics();
    addViews();
    addCosts();
    addUse();
    return {pageName(optimizer), optimizer.name, std::move(blocks)};
  }

private:
  void add(Block block) { blocks.push_back(std::move(block)); }

  /// A table under a heading, if it has rows.
  void addTable(const std::string &title, Table table) {
    if (table.rows.empty())
      return;
    add(Heading{2, title});
    add(withoutEmptyColumns(std::move(table)));
  }

  [[nodiscard]] Formula typeset(const ast::Expr &expr, Moment moment = Moment::Step) const {
    return Typesetter(notation, moment, /*inlinesLets=*/moment == Moment::After).typeset(expr);
  }

  void addEquations() {
    RuleEquations equations = equationsOf(optimizer, notation);
    add(Heading{2, "Equations"});
    add(Display{std::move(equations.step)});
    addParagraphThen("with the scheduled hyperparameters", std::move(equations.schedules));
    addParagraphThen("where", std::move(equations.where));
    addConventions();
    addEnd();
    if (optimizer.requirements.empty())
      return;
    add(Paragraph{{Text{"The hyperparameters satisfy"}}});
    List list;
    for (const ast::Requirement &requirement : optimizer.requirements)
      list.items.push_back({typeset(*requirement.condition)});
    add(std::move(list));
  }

  void addParagraphThen(const std::string &text, std::vector<Equation> equations) {
    if (equations.empty())
      return;
    add(Paragraph{{Text{text}}});
    add(Display{std::move(equations)});
  }

  /// What becomes of a step besides its equations.
  void addEnd() {
    if (!optimizer.skips.empty()) {
      add(Paragraph{{Text{"A step is skipped, and leaves the parameter as it is, if"}}});
      List list;
      for (const ast::Skip &skip : optimizer.skips)
        list.items.push_back({typeset(*skip.condition)});
      add(std::move(list));
    }
    if (optimizer.zeroesGradient)
      add(Paragraph{{Text{"Every step, a skipped one too, ends with gradients that are 0."}}});
    if (optimizer.hasMaster)
      add(Paragraph{{Text{"Where parameters are stored in less than f32, the step works on a copy in f32, the state "},
                     Code{"master"}, Text{"."}}});
  }

  void addBranches() {
    Table table{{"branch", "tensors"}, {}};
    for (const auto &condition : optimizer.conditions)
      if (std::string text = sourceOf(sources, condition->span); condition->choice && text == "_")
        table.rows.push_back({{Code{condition->name}}, {Text{"all others"}}});
      else if (condition->choice)
        table.rows.push_back({{Code{condition->name}}, {Code{text}}});
    addTable("Branches", std::move(table));
  }

  void addConventions() {
    Uses uses(optimizer);
    Formula before = notation.use({"w", false, ast::Predefined::Parameter}, Moment::Step);
    Formula after = notation.defined("w", Moment::Step);
    Formula gradient = notation.use({"g", false, ast::Predefined::Gradient}, Moment::Step);
    add(Paragraph{{Text{"Step "}, letter("t"), Text{" takes the parameter "}, std::move(before), Text{" ("}, Code{"w"},
                   Text{"), with the gradient "}, std::move(gradient), Text{" there, to "}, std::move(after),
                   Text{" ("}, Code{"w'"}, Text{"), and the states likewise. Equations hold for each element."}}});
    for (const PredefinedMeaning &predefined : predefinedMeanings)
      if (uses.names.contains(predefined.name))
        add(Paragraph{{notation.use({std::string(predefined.text), false, predefined.name}, Moment::Step),
                       Text{std::string(predefined.meaning)}}});
    if (optimizer.isComposed)
      add(Paragraph{{Text{"What belongs to a part has the part as a subscript; with it, "}, letter("w"),
                     Text{" is the parameter that the part proposes, and "}, letter("g"),
                     Text{" the gradient that it hands on."}}});
    if (uses.reductions)
      add(Paragraph{{Text{std::string("A norm, sum or other reduction names what it runs over, ") +
                          (uses.groups ? "a row, column, channel or block, " : "") +
                          (uses.parts ? "the tensor, the model or the tensors of a part" : "the tensor or the model") +
                          ", and is one number for it."}}});
    if (uses.cases)
      add(Paragraph{{Text{"What holds "}, Emphasis{"where"},
                     Text{" a tensor has a property is settled when the optimizer is created; what holds "},
                     Emphasis{"if"}, Text{" a condition does, in every step."}}});
  }

  void addHypers() { addTable("Hyperparameters", hyperTable(optimizer.hypers, notation, sources, Ranges::Computed)); }

  [[nodiscard]] Line conditionOf(const ast::StateDecl &state) const {
    Line result;
    auto conjoin = [&](Inline part) {
      if (!result.empty())
        result.push_back(Text{" and "});
      result.push_back(std::move(part));
    };
    for (const ast::ConditionDecl *condition : state.under)
      if (condition->choice)
        conjoin(Text{"in branch " + condition->name});
      else
        conjoin(Code{sourceOf(sources, condition->span)});
    if (state.condition)
      conjoin(typeset(*state.condition));
    return result;
  }

  void addStates() {
    Table table{{"name", "symbol", "one per", "exists if", "at first", "stored in", "meaning"}, {}};
    for (const auto &state : optimizer.states) {
      Line condition = conditionOf(*state);
      table.rows.push_back({{Code{state->name}},
                            {notation.symbol(state->name)},
                            {Text{setName(state->set)}},
                            std::move(condition),
                            {row({notation.defined(state->name, Moment::Creation), sign("="),
                                  typeset(*state->initial, Moment::Creation)})},
                            line(std::string(spelling(state->storage))),
                            onOneLine(state->doc)});
    }
    addTable("States", std::move(table));
    addParagraphThen("where, at first,", equationsOf(optimizer, notation).initial);
  }

  void addMetrics() {
    Table table{{"name", "one per", "value", "meaning"}, {}};
    for (const auto &metric : optimizer.metrics)
      table.rows.push_back({{Code{metric->name}},
                            {Text{setName(metric->value->type.set)}},
                            {typeset(*metric->value)},
                            onOneLine(metric->doc)});
    addTable("Metrics", std::move(table));
  }

  [[nodiscard]] Line valueOf(const ast::ViewDecl &view) const {
    if (canBeInlined(view))
      return {typeset(*view.value, Moment::After)};
    return {Typesetter(notation, Moment::After).typeset(*view.value), Text{", all of it as the step left it"}};
  }

  void addViews() {
    Table table{{"name", "value after a step", "meaning"}, {}};
    for (const auto &view : optimizer.views)
      table.rows.push_back({{Code{view->name}}, valueOf(*view), onOneLine(view->doc)});
    addTable("Views", std::move(table));
  }

  static Line line(std::string text) { return text.empty() ? Line() : Line{Text{std::move(text)}}; }

  static Line conditionsOf(const Cost &cost) {
    Line result;
    for (const auto &[text, holds] : cost.conditions) {
      if (!result.empty())
        result.push_back(Text{" and "});
      if (!holds)
        result.push_back(Text{"not "});
      result.push_back(Code{text});
    }
    auto isBranch = [](const auto &condition) { return condition.first.starts_with("in branch "); };
    if (cost.isDefault && !std::ranges::all_of(cost.conditions, isBranch))
      result.push_back(Text{cost.asksForShape ? " (a matrix with default hyperparameters)" : " (the default)"});
    return result;
  }

  void addCosts() {
    Table table{{"if", "sweeps over memory", "bytes a step moves", "the same, tensors in cache", "bytes of state"}, {}};
    for (const Cost &cost : costs)
      table.rows.push_back({conditionsOf(cost),
                            {Text{std::to_string(cost.sweeps)}},
                            {Text{shown(cost.bytes)}},
                            {Text{shown(cost.bytesCached)}},
                            {Text{shown(cost.stateBytes)}}});
    addTable("Cost per parameter", std::move(table));
    if (optimizer.nonFinite == ast::NonFinite::Skip)
      add(Paragraph{{Text{"A step whose gradients hold an infinity or a NaN is skipped: it changes nothing."}}});
    if (optimizer.nonFinite == ast::NonFinite::Error)
      add(Paragraph{{Text{"A step whose gradients hold an infinity or a NaN changes nothing and is an error."}}});
    if (optimizer.keepsSubnormals)
      add(Paragraph{{Text{"Subnormal numbers are kept, not flushed to zero."}}});
  }

  void addUse() {
    std::string file(sources.name(optimizer.nameSpan.file));
    file.erase(0, file.rfind('/') + 1);
    if (!file.ends_with(".rvn"))
      file = optimizer.name + ".rvn";
    std::string library = file.substr(0, file.size() - 4);
    add(Heading{2, "Use"});
    add(Preformatted{"", "ravine build " + file + "    # lib" + library + ".so, " + library + ".h, " + library +
                             ".json\n"});
    add(Paragraph{{Text{"and then, with NumPy arrays for example:"}}});
    add(Preformatted{"python", "import ravine\n\noptimizer = ravine.load(\"lib" + library + ".so\").optimizer(\"" +
                                   optimizer.name +
                                   "\", {\"weight\": weight})\noptimizer.step({\"weight\": gradient})\n"});
  }

  const ast::OptimizerDecl &optimizer;
  const std::vector<Cost> &costs;
  const SourceManager &sources;
  Notation notation;
  std::vector<Block> blocks;
};

} // namespace

std::string pageName(const ast::OptimizerDecl &optimizer) {
  return optimizer.name == "index" ? "index-optimizer" : optimizer.name;
}

Page describe(const Documented &documented, const SourceManager &sources) {
  return PageBuilder(documented, sources).build();
}

static Table tableOf(std::span<const Documented> optimizers) {
  Table table{{"optimizer", "what it does", "bytes a step moves", "bytes of state"}, {}};
  for (const Documented &documented : optimizers) {
    auto chosen = std::ranges::find_if(documented.costs, &Cost::isDefault);
    bool isKnown = chosen != documented.costs.end();
    table.rows.push_back({{Link{pageName(documented.optimizer), documented.optimizer.name}},
                          summaryOf(documented.optimizer.doc),
                          {Text{isKnown ? shown(chosen->bytes) : ""}},
                          {Text{isKnown ? shown(chosen->stateBytes) : ""}}});
  }
  return table;
}

static Table tableOf(std::span<const DocumentedPenalty> penalties, const SourceManager &sources) {
  Table table{{"name", "kind", "what it is", "laws"}, {}};
  for (const DocumentedPenalty &documented : penalties)
    table.rows.push_back({{Link{documented.page, documented.penalty.name}},
                          {Text{documented.penalty.isSet ? "set" : "penalty"}},
                          summaryOf(documented.penalty.doc),
                          {Text{lawsOf(documented.penalty, sources)}}});
  return table;
}

Page describeAll(std::span<const Documented> optimizers, std::span<const DocumentedPenalty> penalties,
                 const SourceManager &sources) {
  constexpr const char *penaltyTitle = "Penalties and sets";
  Page page{"index", optimizers.empty() ? penaltyTitle : "Optimizers", {}};
  page.blocks.push_back(Heading{1, page.title});
  if (!optimizers.empty()) {
    page.blocks.push_back(tableOf(optimizers));
    page.blocks.push_back(
        Paragraph{{Text{"Bytes are per parameter, in the precision f32, with the default hyperparameters."}}});
  }
  if (!optimizers.empty() && !penalties.empty())
    page.blocks.push_back(Heading{2, penaltyTitle});
  if (!penalties.empty())
    page.blocks.push_back(tableOf(penalties, sources));
  return page;
}

} // namespace ravine::documentation

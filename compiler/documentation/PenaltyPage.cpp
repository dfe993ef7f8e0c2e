// The page of a penalty or a set.
#include "compiler/documentation/PenaltyPage.h"

#include "compiler/documentation/HyperTable.h"
#include "compiler/documentation/Typeset.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <array>

namespace ravine::documentation {

namespace {

/// What each law says, in the order of ast::LawKind.
constexpr std::array<std::string_view, 10> lawMeanings = {
    "It is convex.",
    "Each element is by itself: the value is a sum over elements, and the prox, or the projection, that of each.",
    "The images of two points are no farther from each other than the points.",
    "The prox at x is a minimizer of the value at u plus ‖u − x‖²/(2τ) over u.",
    "Projecting twice is projecting once.",
    "The projected point lies in the set, and none of the set is nearer.",
    "Moreau's identity holds with this one as the conjugate.",
    "The value is ρ/2·‖x − c‖², of these ρ and c.",
    "The gradient is the slope of the value.",
    "The prox is the same as that of this one.",
};
static_assert(lawMeanings.size() == static_cast<size_t>(ast::LawKind::AgreesWith) + 1);

/// `convex when P convex`
std::string written(const ast::Law &law, const SourceManager &sources) {
  std::string text = codeOnOneLine(sources.text(law.span));
  constexpr std::string_view keyword = "law ";
  return text.starts_with(keyword) ? text.substr(keyword.size()) : text;
}

/// The lets of the blocks of an expression, each behind those that stand in it.
void addLets(const ast::Expr &expr, const Typesetter &typesetter, const Notation &notation,
             std::vector<Equation> &equations) {
  if (const auto *block = expr.as<ast::Block>()) {
    for (const auto &let : block->lets) {
      addLets(*let->value, typesetter, notation, equations);
      equations.push_back({notation.symbol(let->name), typesetter.typeset(*let->value), {}});
    }
    return addLets(*block->value, typesetter, notation, equations);
  }
  forEachChild(expr, [&](const ast::Expr &child) { addLets(child, typesetter, notation, equations); });
}

class PenaltyPageBuilder {
public:
  PenaltyPageBuilder(const DocumentedPenalty &documented, const SourceManager &sources)
      : penalty(documented.penalty), page(documented.page), sources(sources), notation(penalty) {}

  Page build() {
    add(Heading{1, penalty.name});
    for (Block &block : parseComment(penalty.doc))
      add(std::move(block));
    if (!penalty.citation.empty())
      add(Paragraph{{Text{"Source: " + penalty.citation}}});
    addParts();
    if (penalty.composition)
      add(Paragraph{{Text{"It is "}, Code{textOf(penalty.composition->span)}, Text{"."}}});
    else
      addDefinition();
    addHypers();
    addLaws();
    return {page, penalty.name, std::move(blocks)};
  }

private:
  void add(Block block) { blocks.push_back(std::move(block)); }
  [[nodiscard]] std::string textOf(SourceSpan span) const { return codeOnOneLine(sources.text(span)); }
  [[nodiscard]] Formula typeset(const ast::Expr &expr) const {
    return Typesetter(notation, Moment::Step).typeset(expr);
  }

  void addParts() {
    if (penalty.generics.empty())
      return;
    add(Paragraph{{Text{std::string(penalty.isSet ? "A set" : "A penalty") + " that is built from others:"}}});
    List list;
    for (const ast::GenericParameter &parameter : penalty.generics) {
      Line line = {Code{parameter.name}, Text{parameter.kind == ast::ParameterKind::Set       ? ", a set"
                                              : parameter.kind == ast::ParameterKind::Penalty ? ", a penalty"
                                                                                              : ", a function"}};
      for (const ast::LawName &law : parameter.laws) {
        line.push_back(Text{&law == parameter.laws.data() ? " that declares " : ", "});
        line.push_back(Code{law.name});
      }
      list.items.push_back(std::move(line));
    }
    add(std::move(list));
  }

  /// `name` of the argument, with a subscript where one is given.
  [[nodiscard]] Formula ofArgument(std::string_view name, const std::string &subscript = "") const {
    Formula function = word(name);
    if (!subscript.empty())
      function = withSubscript(std::move(function), notation.symbol(subscript));
    return row({std::move(function), fenced("(", notation.symbol(penalty.argument))});
  }

  void addBody(Formula left, const ast::ExprPtr &body) {
    if (!body)
      return;
    std::vector<Equation> lets;
    add(Display{{Equation{std::move(left), typeset(*body), {}}}});
    addLets(*body, Typesetter(notation, Moment::Step), notation, lets);
    addWhere(std::move(lets));
  }

  void addWhere(std::vector<Equation> lets) {
    if (lets.empty())
      return;
    add(Paragraph{{Text{"where"}}});
    add(Display{std::move(lets)});
  }

  void addDefinition() {
    add(Heading{2, "Definition"});
    addBody(ofArgument(penalty.name), penalty.value);
    addBody(ofArgument("prox", penalty.step), penalty.prox);
    addBody(ofArgument("grad"), penalty.gradient);
    addBody(ofArgument("project"), penalty.project);
    addBody(ofArgument("contains", penalty.tolerance), penalty.contains);
    std::vector<Equation> lets;
    for (const auto &let : penalty.lets)
      lets.push_back({notation.symbol(let->name), typeset(*let->value), {}});
    addWhere(std::move(lets));
    addConventions();
    if (penalty.requirements.empty())
      return;
    add(Paragraph{{Text{"The hyperparameters satisfy"}}});
    List list;
    for (const ast::Requirement &requirement : penalty.requirements)
      list.items.push_back({typeset(*requirement.condition)});
    add(std::move(list));
  }

  void addConventions() {
    Formula argument = notation.symbol(penalty.argument);
    Line line = {std::move(argument), Text{" is the vector that it is taken over, whole: all of a row, a channel, a "
                                           "tensor. Sums, norms and the like fold all of it."}};
    if (penalty.prox) {
      line.push_back(Text{" The prox is that with the step "});
      line.push_back(notation.symbol(penalty.step));
      line.push_back(Text{"."});
    }
    if (penalty.contains) {
      line.push_back(Text{" It counts as contained up to a distance of "});
      line.push_back(notation.symbol(penalty.tolerance));
      line.push_back(Text{"."});
    }
    add(Paragraph{std::move(line)});
  }

  void addHypers() {
    if (penalty.hypers.empty())
      return;
    add(Heading{2, "Hyperparameters"});
    add(withoutEmptyColumns(hyperTable(penalty.hypers, notation, sources, Ranges::Written)));
    add(Paragraph{{Text{"An optimizer with the parameter "}, Code{"P"}, Text{" has them as "},
                   Code{"P." + penalty.hypers.front()->name}, Text{" and so on."}}});
  }

  void addLaws() {
    if (penalty.laws.empty())
      return;
    add(Heading{2, "Laws"});
    Table table{{"law", "what it promises"}, {}};
    for (const ast::Law &law : penalty.laws)
      table.rows.push_back(
          {{Code{written(law, sources)}}, {Text{std::string(lawMeanings[static_cast<size_t>(law.kind)])}}});
    add(std::move(table));
    add(Paragraph{{Code{"ravine test"}, Text{" tries to refute them. They are tested, not proved."}}});
  }

  const ast::PenaltyDecl &penalty;
  const std::string &page;
  const SourceManager &sources;
  Notation notation;
  std::vector<Block> blocks;
};

} // namespace

Page describe(const DocumentedPenalty &documented, const SourceManager &sources) {
  return PenaltyPageBuilder(documented, sources).build();
}

std::string lawsOf(const ast::PenaltyDecl &penalty, const SourceManager &sources) {
  std::string result;
  for (const ast::Law &law : penalty.laws) {
    std::string text = written(law, sources);
    if (!law.part.empty())
      text = text.substr(0, text.rfind(" when "));
    result += (result.empty() ? "" : ", ") + text;
  }
  return result;
}

} // namespace ravine::documentation

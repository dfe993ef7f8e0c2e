// The table of hypers.
#include "compiler/documentation/HyperTable.h"

#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ravine::documentation {

namespace {

std::string kindOf(const ast::HyperDecl &hyper) {
  constexpr std::array<std::string_view, 3> names = {"real", "int", "bool"};
  if (hyper.kind != ast::ValueKind::Enum)
    return std::string(names[static_cast<size_t>(hyper.kind)]);
  std::string choices;
  for (const std::string &choice : hyper.choices)
    choices += (choices.empty() ? "" : ", ") + choice;
  return "one of " + choices;
}

std::string computedRange(const ast::HyperDecl &hyper) {
  return (hyper.lower.isOpen || std::isinf(hyper.lower.value) ? "(" : "[") + shown(hyper.lower.value) + ", " +
         shown(hyper.upper.value) + (hyper.upper.isOpen || std::isinf(hyper.upper.value) ? ")" : "]");
}

Line rangeOf(const ast::HyperDecl &hyper, const SourceManager &sources, Ranges ranges) {
  bool isNumber = hyper.kind == ast::ValueKind::Real || hyper.kind == ast::ValueKind::Int;
  if (!isNumber)
    return {};
  if (ranges == Ranges::Computed)
    return {Text{computedRange(hyper)}};
  std::string written = codeOnOneLine(sources.text(hyper.rangeSpan));
  return written.empty() ? Line() : Line{Code{written}};
}

} // namespace

std::string shown(double value) {
  if (std::isinf(value))
    return value < 0 ? "−∞" : "∞";
  char digits[32];
  auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), value);
  return {digits, end};
}

std::string setName(ast::IndexSet set) {
  return set == ast::IndexSet::Group ? "parameter group" : spelling(set);
}

Table hyperTable(std::span<const std::unique_ptr<ast::HyperDecl>> hypers, const Notation &notation,
                 const SourceManager &sources, Ranges ranges) {
  Table table{{"name", "symbol", "kind", "default", "range", "per", "meaning"}, {}};
  for (const auto &hyper : hypers)
    table.rows.push_back({{Code{hyper->name}},
                          {notation.symbol(hyper->name)},
                          {Text{kindOf(*hyper)}},
                          {Code{codeOnOneLine(sources.text(hyper->defaultExpr->span))}},
                          rangeOf(*hyper, sources, ranges),
                          {Text{setName(hyper->set)}},
                          onOneLine(hyper->doc)});
  return table;
}

Table withoutEmptyColumns(Table table) {
  for (size_t column = table.header.size(); column-- > 0;) {
    bool isEmpty = std::ranges::all_of(table.rows, [&](const auto &row) { return row[column].empty(); });
    if (!isEmpty)
      continue;
    auto at = static_cast<std::ptrdiff_t>(column);
    table.header.erase(table.header.begin() + at);
    for (auto &row : table.rows)
      row.erase(row.begin() + at);
  }
  return table;
}

} // namespace ravine::documentation

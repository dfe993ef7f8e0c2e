// What `ravine info` says, in words.
#include "compiler/driver/InfoText.h"

#include "compiler/frontend/Quote.h"

#include "llvm/ADT/STLExtras.h"

#include <limits>

using namespace llvm;
using namespace ravine;
using namespace ravine::driver;

StringRef ravine::driver::firstLine(StringRef documentation) {
  return documentation.split('\n').first;
}

std::string ravine::driver::listed(const json::Array *names) {
  std::string text;
  if (names)
    for (const json::Value &name : *names)
      text += (text.empty() ? "" : ", ") + name.getAsString().value_or("").str();
  return text;
}

void ravine::driver::printTable(raw_ostream &out, const std::vector<std::vector<std::string>> &rows, unsigned indent) {
  std::vector<size_t> widths;
  for (const std::vector<std::string> &row : rows)
    for (auto [column, cell] : enumerate(row)) {
      widths.resize(std::max(widths.size(), column + 1));
      widths[column] = std::max(widths[column], cell.size());
    }
  for (const std::vector<std::string> &row : rows) {
    std::string line(indent, ' ');
    for (auto [column, cell] : enumerate(row))
      line += cell + std::string(widths[column] - cell.size() + 2, ' ');
    out << StringRef(line).rtrim() << "\n";
  }
}

/// A member that is a text; "" where there is none.
static std::string text(const json::Object &object, StringRef name) {
  return object.getString(name).value_or("").str();
}

static std::string numberOr(const json::Value *value, double otherwise) {
  return shown(value ? value->getAsNumber().value_or(otherwise) : otherwise);
}

/// "in [0, inf)"; "" where there is no bound.
static std::string rangeText(const json::Object &range) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::string lower = numberOr(range.get("lower"), -infinity), upper = numberOr(range.get("upper"), infinity);
  if (lower == "-inf" && upper == "inf")
    return "";
  auto isOpen = [&](StringRef name, bool isInfinite) { return isInfinite || range.getBoolean(name).value_or(false); };
  return (isOpen("lower_open", lower == "-inf") ? "in (" : "in [") + lower + ", " + upper +
         (isOpen("upper_open", upper == "inf") ? ")" : "]");
}

/// "per tensor"; "" for the set that is not worth a word.
static std::string setText(const json::Object &object, StringRef usual) {
  std::string set = text(object, "index_set");
  return set == usual ? "" : "per " + set;
}

static std::string defaultText(const json::Object &hyper) {
  if (std::string schedule = text(hyper, "schedule"); !schedule.empty())
    return "follows " + schedule;
  const json::Value *value = hyper.get("default");
  if (!value)
    return "";
  if (std::optional<bool> truth = value->getAsBoolean())
    return *truth ? "true" : "false";
  if (std::optional<StringRef> choice = value->getAsString())
    return choice->str();
  return numberOr(value, 0);
}

static std::vector<std::string> hyperRow(const json::Object &hyper) {
  std::string kind = text(hyper, "kind");
  if (const json::Array *choices = hyper.getArray("choices"))
    kind += "(" + listed(choices) + ")";
  std::string range;
  if (const json::Object *bounds = hyper.getObject("range"))
    range = rangeText(*bounds);
  return {text(hyper, "name"),     kind,
          defaultText(hyper),      range,
          setText(hyper, "group"), firstLine(text(hyper, "doc")).str()};
}

static std::vector<std::string> stateRow(const json::Object &state) {
  std::string storage = text(state, "storage"), condition = text(state, "when");
  bool isBranch = StringRef(condition).starts_with("in branch ");
  bool isOwn = !storage.empty() && storage != "compute" && text(state, "index_set") == "element";
  return {text(state, "name"), setText(state, ""), isOwn ? "stored as " + storage : "",
          condition.empty() || isBranch ? condition : "where " + condition, firstLine(text(state, "doc")).str()};
}

static std::vector<std::string> metricRow(const json::Object &metric) {
  return {text(metric, "name"), setText(metric, ""), firstLine(text(metric, "doc")).str()};
}

static std::vector<std::string> viewRow(const json::Object &view) {
  return {text(view, "name"), firstLine(text(view, "doc")).str()};
}

/// Columns in which no row has anything are left out.
static std::vector<std::vector<std::string>> withoutEmptyColumns(std::vector<std::vector<std::string>> rows) {
  for (size_t column = rows.empty() ? 0 : rows.front().size(); column-- > 0;)
    if (all_of(rows, [&](const auto &row) { return row[column].empty(); }))
      for (std::vector<std::string> &row : rows)
        row.erase(row.begin() + static_cast<ptrdiff_t>(column));
  return rows;
}

static void printPart(raw_ostream &out, StringRef title, const json::Array *members,
                      std::vector<std::string> (*rowOf)(const json::Object &)) {
  std::vector<std::vector<std::string>> rows;
  if (members)
    for (const json::Value &member : *members)
      if (const json::Object *object = member.getAsObject())
        rows.push_back(rowOf(*object));
  if (rows.empty())
    return;
  out << "  " << title << "\n";
  printTable(out, withoutEmptyColumns(std::move(rows)), 4);
}

void ravine::driver::printOptimizer(raw_ostream &out, const json::Object &optimizer) {
  out << "optimizer " << text(optimizer, "name") << "\n";
  if (std::string doc = text(optimizer, "doc"); !doc.empty())
    out << "  " << firstLine(doc) << "\n";
  if (optimizer.getBoolean("writes_gradient").value_or(false))
    out << "  a step sets the gradients to 0\n";
  printPart(out, "hypers", optimizer.getArray("hypers"), hyperRow);
  printPart(out, "states", optimizer.getArray("states"), stateRow);
  printPart(out, "metrics", optimizer.getArray("metrics"), metricRow);
  printPart(out, "views", optimizer.getArray("views"), viewRow);
}

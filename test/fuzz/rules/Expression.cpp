// Writing out rules, and replacing names in them.
#include "test/fuzz/rules/Expression.h"

#include <algorithm>

namespace ravine::fuzz {

static std::string fill(const std::string &form, const std::vector<Expression> &operands) {
  std::string text;
  for (size_t i = 0; i < form.size(); ++i)
    if (form[i] == '%' && i + 1 < form.size())
      text += operands[static_cast<size_t>(form[++i] - '0')].text();
    else
      text += form[i];
  return text;
}

std::string Expression::text() const {
  return fill(form, operands);
}

size_t Expression::size() const {
  size_t count = 1;
  for (const Expression &operand : operands)
    count += operand.size();
  return count;
}

Expression &Expression::at(size_t number) {
  if (number == 0)
    return *this;
  --number;
  for (Expression &operand : operands) {
    size_t size = operand.size();
    if (number < size)
      return operand.at(number);
    number -= size;
  }
  return *this;
}

std::string Item::text() const {
  return fill(form, expressions);
}

/// What stands between `<` and `>`. A penalty is left out where nothing asks for it.
static std::string generics(const Part &part) {
  std::string list = part.kind == PartKind::Generic ? "inner: optimizer" : "";
  bool isAsked =
      std::ranges::any_of(part.items, [](const Item &item) { return item.text().find("P.") != std::string::npos; });
  if (isAsked)
    list += (list.empty() ? "P: penalty = " : ", P: penalty = ") + part.penalty;
  return list.empty() ? "" : "<" + list + ">";
}

std::string Part::text(const std::string &called) const {
  std::string outside, halves[2];
  for (const Item &item : items)
    (item.half == Half::None ? outside : halves[item.half == Half::After ? 1 : 0]) +=
        (item.half == Half::None ? "  " : "    ") + item.text() + "\n";
  std::string text = (kind == PartKind::Transform ? "transform " : "optimizer ") + called + generics(*this) +
                     (isForMatrices ? " on w[row, col] {\n" : " {\n") + outside;
  if (!halves[0].empty())
    text += "  before {\n" + halves[0] + "  }\n";
  if (!halves[1].empty())
    text += "  after {\n" + halves[1] + "  }\n";
  return text + "}\n";
}

static void replaceIn(Expression &expression, const std::string &name, const Expression &replacement) {
  if (expression.form == name || expression.form == name + "'") {
    expression = replacement;
    return;
  }
  for (Expression &operand : expression.operands)
    replaceIn(operand, name, replacement);
}

void Part::replaceName(const std::string &name, const Expression &replacement) {
  for (Item &item : items)
    for (Expression &expression : item.expressions)
      replaceIn(expression, name, replacement);
}

Expression leaf(const std::string &text, IndexSet set) {
  return {text, {}, set};
}

Expression make(const std::string &form, std::vector<Expression> operands, bool isCondition) {
  while (!operands.empty() && form.find("%" + std::to_string(operands.size() - 1)) == std::string::npos)
    operands.pop_back();
  IndexSet set = IndexSet::Model;
  for (const Expression &operand : operands)
    set = join(set, operand.set);
  return {form, std::move(operands), set, isCondition};
}

} // namespace ravine::fuzz

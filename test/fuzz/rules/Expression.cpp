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

std::string RuleTree::text() const {
  std::string text = "optimizer " + optimizerName + " {\n";
  for (const Item &item : items)
    text += "  " + item.text() + "\n";
  return text + "}\n";
}

size_t RuleTree::count(ItemKind kind) const {
  return static_cast<size_t>(std::ranges::count(items, kind, &Item::kind));
}

static void replaceIn(Expression &expression, const std::string &name, const Expression &replacement) {
  if (expression.form == name || expression.form == name + "'") {
    expression = replacement;
    return;
  }
  for (Expression &operand : expression.operands)
    replaceIn(operand, name, replacement);
}

void RuleTree::replaceName(const std::string &name, const Expression &replacement) {
  for (Item &item : items)
    for (Expression &expression : item.expressions)
      replaceIn(expression, name, replacement);
}

Expression leaf(const std::string &text, Set set) {
  return {text, {}, set};
}

} // namespace ravine::fuzz

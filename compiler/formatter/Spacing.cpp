// Whether a blank stands between two tokens of a line.
#include "compiler/formatter/Spacing.h"

#include <algorithm>
#include <array>

namespace ravine::formatter {

namespace {

using Kind = TokenKind;

bool isOneOf(Kind kind, std::initializer_list<Kind> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

/// Finds the brackets around parts and generic parameters. In an expression the same signs compare.
class AngleFinder {
public:
  AngleFinder(std::span<const Token> tokens, std::vector<Role> &roles) : tokens(tokens), roles(roles) {}

  /// An optimizer, a penalty or a set.
  template <typename Declaration> void visitDeclaration(const Declaration &declaration) {
    if (!declaration.generics.empty()) {
      const ast::GenericParameter &last = declaration.generics.back();
      mark(declaration.nameSpan.end, last.defaultPart ? last.defaultPart->span.end : last.nameSpan.end);
    }
    for (const ast::GenericParameter &parameter : declaration.generics)
      if (parameter.defaultPart)
        visit(*parameter.defaultPart);
    if (declaration.composition)
      visit(*declaration.composition);
  }

  void visit(const ast::PenaltyDecl &penalty) {
    visitDeclaration(penalty);
    for (const ast::Law &law : penalty.laws)
      if (law.other)
        visit(*law.other);
  }

  void visit(const ast::Component &component) {
    if (const auto *use = component.as<ast::Use>()) {
      for (const ast::ComponentPtr &part : use->parts)
        visit(*part);
      if (!use->parts.empty())
        mark(use->nameSpan.end, use->parts.back()->span.end);
    } else if (const auto *pipe = component.as<ast::Pipe>()) {
      for (const ast::Stage &stage : pipe->stages)
        visit(*stage.component);
    } else if (const auto *select = component.as<ast::Select>()) {
      for (const ast::Branch &branch : select->branches)
        visit(*branch.component);
    } else if (const auto *with = component.as<ast::With>()) {
      visit(*with->base);
    } else if (const auto *scaled = component.as<ast::Scaled>()) {
      visit(*scaled->penalty);
    } else if (const auto *sum = component.as<ast::Sum>()) {
      visit(*sum->left);
      visit(*sum->right);
    }
  }

private:
  /// The first `<` behind a place and the first `>` behind another.
  void mark(uint32_t open, uint32_t close) {
    markFirst(Kind::Less, open);
    markFirst(Kind::Greater, close);
  }

  void markFirst(Kind kind, uint32_t from) {
    auto first = std::ranges::lower_bound(tokens, from, {}, [](const Token &token) { return token.span.begin; });
    auto found = std::ranges::find(first, tokens.end(), kind, &Token::kind);
    if (found != tokens.end())
      roles[static_cast<size_t>(found - tokens.begin())] = Role::Angle;
  }

  std::span<const Token> tokens;
  std::vector<Role> &roles;
};

/// Whether a value can end with the token.
bool endsValue(const Token &token, Role role) {
  return role != Role::Word &&
         isOneOf(token.kind, {Kind::Identifier, Kind::Number, Kind::Text, Kind::True, Kind::False, Kind::Inf,
                              Kind::RightParenthesis, Kind::RightBracket, Kind::RightBrace, Kind::Prime});
}

/// Words in front of a value. All but `where` begin an item.
bool isWord(const Token &token, bool beginsItem) {
  constexpr std::array<std::string_view, 3> words = {"use", "expect", "minimize"};
  return token.kind == Kind::Identifier &&
         (token.text == "where" || (beginsItem && std::ranges::find(words, token.text) != words.end()));
}

} // namespace

std::vector<Role> rolesOf(std::span<const Token> tokens, const ast::Module &module) {
  std::vector<Role> roles(tokens.size(), Role::Ordinary);
  AngleFinder angles(tokens, roles);
  for (const auto &penalty : module.penalties)
    angles.visit(*penalty);
  for (const auto &optimizer : module.optimizers)
    angles.visitDeclaration(*optimizer);
  for (const auto &test : module.tests)
    if (test->tested)
      angles.visit(*test->tested);

  // Whether lines count, as they do in braces, for each bracket that is open.
  std::vector<bool> areBraces = {true};
  bool isInHead = false; // of a hyper or state, before its `=`
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token &token = tokens[i];
    bool beginsItem = i == 0 || (token.startsLine && areBraces.back()) ||
                      isOneOf(tokens[i - 1].kind, {Kind::LeftBrace, Kind::Semicolon});
    isInHead = isOneOf(token.kind, {Kind::Hyper, Kind::State}) || (isInHead && token.kind != Kind::Assign);
    bool isName = i >= 2 && isOneOf(tokens[i - 2].kind, {Kind::Hyper, Kind::State});
    if (isWord(token, beginsItem))
      roles[i] = Role::Word;
    else if (token.kind == Kind::Minus && (beginsItem || !endsValue(tokens[i - 1], roles[i - 1])))
      roles[i] = Role::Unary;
    else if (token.kind == Kind::Colon && isInHead)
      roles[i] = Role::Typed;
    else if (token.kind == Kind::LeftBracket && isName)
      roles[i] = Role::Declared;
    if (isOneOf(token.kind, {Kind::LeftParenthesis, Kind::LeftBracket, Kind::LeftBrace}))
      areBraces.push_back(token.kind == Kind::LeftBrace);
    bool closes = isOneOf(token.kind, {Kind::RightParenthesis, Kind::RightBracket, Kind::RightBrace});
    if (closes && areBraces.size() > 1)
      areBraces.pop_back();
  }
  return roles;
}

bool isSpaced(std::span<const Token> tokens, std::span<const Role> roles, std::span<const Gap> gaps, size_t index) {
  Kind left = tokens[index - 1].kind, right = tokens[index].kind;
  Role leftRole = roles[index - 1], rightRole = roles[index];
  bool isTight = isOneOf(right, {Kind::Comma, Kind::Semicolon, Kind::RightParenthesis, Kind::RightBracket, Kind::Prime,
                                 Kind::Dot, Kind::DotDot, Kind::Caret}) ||
                 isOneOf(left, {Kind::LeftParenthesis, Kind::LeftBracket, Kind::Dot, Kind::DotDot, Kind::Caret});
  if (isTight || leftRole == Role::Unary)
    return false;
  if (rightRole == Role::Angle || (leftRole == Role::Angle && left == Kind::Less))
    return false;
  // The author says how tightly factors stand together: with blanks on both sides, or on neither.
  static constexpr std::initializer_list<Kind> products = {Kind::Star, Kind::Slash, Kind::At};
  auto isLoose = [&](size_t product) {
    return !gaps[product].isEmpty && product + 1 < gaps.size() && !gaps[product + 1].isEmpty;
  };
  if (isOneOf(right, products))
    return isLoose(index);
  if (isOneOf(left, products))
    return isLoose(index - 1);
  switch (right) {
  case Kind::Colon:
    return rightRole == Role::Typed;
  case Kind::LeftParenthesis:
    return !(left == Kind::RightBracket || leftRole == Role::Angle ||
             (left == Kind::Identifier && leftRole != Role::Word));
  case Kind::LeftBracket:
    return (left != Kind::Identifier && leftRole != Role::Angle) || rightRole == Role::Declared;
  default:
    return true;
  }
}

} // namespace ravine::formatter

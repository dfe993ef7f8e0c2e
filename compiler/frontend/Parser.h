// Tokens to a syntax tree, by recursive descent. The grammar (docs/language.md explains it):
//
//   file       = { optimizer }
//   optimizer  = "optimizer" NAME "{" { item } "}"
//   item       = hyper | state | require | let | equation | metric | view | policy
//                each ends with its line or with ";"
//   policy     = "denormals" "keep" | "nonfinite" ( "propagate" | "skip" | "error" )
//   hyper      = "hyper" NAME [ set ] [ ":" type ] "=" expression [ "in" range ]
//   set        = "[" ( "element" | "tensor" | "model" ) "]"
//   type       = "real" | "int" | "bool" | "enum" "(" NAME { "," NAME } ")"
//   range      = ( "[" | "(" ) end "," end ( "]" | ")" )  |  end ".." end
//   end        = expression | "inf" | "-" "inf"
//   state      = "state" NAME [ set ] [ "when" expression ] "=" expression
//   require    = "require" expression
//   let        = "let" NAME "=" expression
//   equation   = NAME "'" "=" expression
//   metric     = "metric" NAME "=" expression
//   view       = "view" NAME "=" expression
//   expression = "if" expression "then" expression "else" expression
//              | block | "case" expression block "else" block | expression OPERATOR expression | ( "-" | "not" )
//              expression | NAME [ "'" ] | NAME [ set ] "(" expression { "," expression } ")" | NUMBER | "true" |
//              "false" | "(" expression ")"
//   block      = "{" { let } expression "}"
//
// An enum is spelled `hyper reduction : enum(mean, sum) = mean`. Operators from loose to tight: or, and, not, the
// comparisons (which do not chain), + -, * /, unary minus, ^ (to the right). A line that ends in an operator, in an
// open parenthesis or bracket, or before `then` or `else`, goes on in the next.
//
// After a syntax error the parser is silent (`panicking`) until it has found the next item, so that one mistake gives
// one message. A part of the language that is not available yet is reported, skipped and replaced by a placeholder
// (isPlaceholder) and does not disturb the rest.
#pragma once

#include "compiler/frontend/AST.h"
#include "compiler/frontend/Features.h"
#include "compiler/frontend/Lexer.h"

#include <unordered_set>

namespace ravine {

/// From loose to tight.
enum class Precedence : uint8_t { Lowest, Or, And, Not, Comparison, Sum, Product, Power };

/// What an index set in brackets belongs to.
enum class SetOwner : uint8_t { Reduction, State, Hyper };

class Parser {
public:
  Parser(const SourceManager &sources, uint32_t file, const TokenStream &stream, Diagnostics &diagnostics);

  [[nodiscard]] ast::Module run();

private:
  // ---- Parser.cpp: the file and recovery
  void collectNames();
  void parseTopLevel(ast::Module &module);
  void reportOutside();
  void recover();
  void skipBalanced();
  void skipStatement();
  /// Whether an item of an optimizer begins here.
  [[nodiscard]] bool looksLikeItem() const;
  /// `denormals keep`, `nonfinite skip`, `metric n = …`, `view v = …`; the word by itself is a name like any other.
  [[nodiscard]] bool atItemWord() const;
  /// `m += …` and `m <- …`
  [[nodiscard]] bool looksLikeForeignAssignment() const;

  // ---- ParserTokens.cpp: reading tokens and reporting
  [[nodiscard]] const Token &peek(size_t ahead = 0) const;
  [[nodiscard]] const Token &previous() const { return tokens[position - 1]; }
  [[nodiscard]] bool at(TokenKind kind) const { return peek().kind == kind; }
  [[nodiscard]] bool atWord(std::string_view word) const;
  /// The expression or item that stands here ends because the line does.
  [[nodiscard]] bool atLineEnd() const;
  [[nodiscard]] bool atOptimizer() const;
  const Token &next();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view what);
  /// The closing bracket of `open`; E0203 or E0204 if it is missing.
  void expectClosing(TokenKind kind, const Token &open);
  /// The token that stands where it should not, as messages call it; and its place, which is the end of the line before
  /// if the token is on the next.
  [[nodiscard]] std::string found() const;
  [[nodiscard]] SourceSpan place() const;
  [[nodiscard]] SourceSpan since(const Token &first) const;

  /// A mistake after which nothing can be said about the rest of the item.
  void error(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
             std::vector<Note> notes = {});
  /// A mistake that is understood: the parser goes on.
  void complain(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
                std::vector<Note> notes = {});
  /// Names the feature by what stands at `span`.
  void refuse(Feature feature, SourceSpan span);
  /// E0201, or a better message where the token has one.
  void unexpected(std::string_view expected);
  void reportTooDeep(SourceSpan span);
  /// What to write instead of a sign of another language; empty if that depends.
  [[nodiscard]] static std::string foreignSignHint(std::string_view sign);

  // ---- ParserDocumentation.cpp
  struct Documentation {
    std::string text;
    std::string citation;
  };
  /// The `///` lines directly above the current token.
  Documentation takeDocumentation();
  /// The current token is not documented: warns of lines that nobody takes.
  void dropDocumentation();
  void warnOfDocumentation(uint32_t end);

  // ---- ParserOptimizer.cpp
  void parseOptimizer(ast::Module &module);
  void parseOptimizerHeader();
  void refuseInstantiation(const Token &name);
  void parseBody(ast::OptimizerDecl &optimizer);
  void parseItem(ast::OptimizerDecl &optimizer);
  void finishItem();
  bool refuseItem();
  void parseDenormals(ast::OptimizerDecl &optimizer);
  void parseNonFinite(ast::OptimizerDecl &optimizer);
  /// `skip nonfinite`
  [[nodiscard]] bool atReversedNonFinite() const;
  void parseReversedNonFinite(ast::OptimizerDecl &optimizer);
  void parseUnknownItem(ast::OptimizerDecl &optimizer);
  void reportUnknownDeclaration(ast::OptimizerDecl &optimizer);

  // ---- ParserDeclarations.cpp
  void parseHyper(ast::OptimizerDecl &optimizer);
  void parseHyperType(ast::HyperDecl &hyper);
  /// `hyper k : int [model]`
  void parseSetBehindType(ast::HyperDecl &hyper, SourceSpan type);
  void parseChoices(ast::HyperDecl &hyper);
  void parseState(ast::OptimizerDecl &optimizer);
  /// `state s = 0 when c`
  void parseLateCondition(ast::StateDecl &state, SourceSpan declared);
  void refuseStorage();
  [[nodiscard]] std::unique_ptr<ast::LetDecl> parseLet();
  void parseEquation(ast::OptimizerDecl &optimizer);
  /// A metric or a view.
  template <typename Declaration> void parseNamedValue(std::vector<std::unique_ptr<Declaration>> &declarations);
  void parseUnprimed(ast::OptimizerDecl &optimizer);
  /// Forgets equations that had a mistake and are defined properly elsewhere, often as the corrected line below them.
  void dropDoubtfulEquations(ast::OptimizerDecl &optimizer);
  /// The name that a declaration introduces; empty after a message.
  std::string parseDeclaredName(std::string_view declaration, SourceSpan &span);

  // ---- ParserRanges.cpp
  void parseRange(ast::HyperDecl &hyper);
  /// Nothing after a message.
  [[nodiscard]] std::optional<ast::Bound> parseBound(bool isOpen);

  // ---- ParserOperators.cpp
  [[nodiscard]] ast::ExprPtr parseOperators(Precedence minimum);
  /// Reads the operator that stands here if it binds at least as tightly as `minimum`.
  struct Operator {
    ast::BinaryOp op;
    Precedence precedence;
    SourceSpan span;
    bool isRefused = false;
  };
  [[nodiscard]] std::optional<Operator> parseOperator(Precedence minimum);
  [[nodiscard]] std::optional<Operator> parseMissingOperator(Precedence minimum);
  /// `a % b`, not the `%` of a number.
  [[nodiscard]] bool atRemainder() const;
  [[nodiscard]] std::string remainderHint(const ast::Expr &left, const ast::Expr &right) const;
  [[nodiscard]] bool startsOperand() const;
  /// `a if c else b`, as Python has it: reports it and reads on.
  [[nodiscard]] bool atPythonChoice() const;
  [[nodiscard]] ast::ExprPtr parsePythonChoice(const Token &first, ast::ExprPtr value);

  // ---- ParserExpressions.cpp
  [[nodiscard]] ast::ExprPtr parseExpression(Precedence minimum = Precedence::Lowest);
  [[nodiscard]] ast::ExprPtr parsePrefix();
  [[nodiscard]] ast::ExprPtr parsePrimary();
  [[nodiscard]] ast::ExprPtr parsePostfix(ast::ExprPtr base);
  [[nodiscard]] ast::ExprPtr parseIf();
  [[nodiscard]] ast::ExprPtr parseCase();
  [[nodiscard]] ast::ExprPtr parseBlock();
  bool parseBlockItem(ast::Block &block);
  [[nodiscard]] ast::ExprPtr parseParenthesized();
  /// `|a|`, as papers have it, is reported and read as `abs(a)`; `||a||` is a norm. Null where no bar closes it.
  [[nodiscard]] ast::ExprPtr parseBars();
  [[nodiscard]] ast::ExprPtr parseNameOrCall();
  [[nodiscard]] ast::ExprPtr parseCall(const Token &callee);
  /// `(a, b)`; returns the height of the tallest, nothing after a message that leaves open what was meant. `hint` says
  /// what to write instead of keyword arguments.
  [[nodiscard]] std::optional<unsigned> parseArguments(std::vector<ast::ExprPtr> &arguments, std::string_view hint);
  /// The value of a keyword argument.
  void skipArgument();

  // ---- ParserReductions.cpp
  [[nodiscard]] bool atReduction() const;
  [[nodiscard]] ast::ExprPtr parseReduction();
  /// `[tensor]`; nothing after a message that leaves open what was meant.
  [[nodiscard]] std::optional<ast::IndexSet> parseIndexSet(SetOwner owner);
  /// What to say of brackets that hold no index set.
  void reportNoIndexSet(SetOwner owner, const Token &open);
  /// Whether the brackets that have just been read hold an index set that the full language has.
  [[nodiscard]] bool isUnavailableSet(const Token &open) const;
  /// `norm<tensor>(g)`
  [[nodiscard]] bool atAngleReduction() const;
  [[nodiscard]] std::optional<ast::IndexSet> parseAngleSet(const Token &name);
  /// `state [tensor] s`, read as `state s [tensor]`.
  [[nodiscard]] std::optional<ast::IndexSet> parseSetBeforeName(std::string_view declaration, SetOwner owner);
  /// `metric m [model]`: what has a value varies as that does.
  void refuseSetOfValue(std::string_view declaration);
  /// An index set where none belongs: behind `subject`.
  void refuseIndexSet(std::string_view subject);
  /// `name[…]` and `name[…](…)` of what is no reduction.
  [[nodiscard]] ast::ExprPtr refuseIndexed();

  // ---- ParserRefusals.cpp: expressions of parts of the language that are not available yet
  [[nodiscard]] ast::ExprPtr refuseExpression();
  [[nodiscard]] ast::ExprPtr refuseMembers(const Token &first);
  /// `np.max(g)`, `torch.linalg.norm(g)`; null for any other member.
  [[nodiscard]] ast::ExprPtr refuseForeignModule(const Token &first);
  void skipPostfix();

  [[nodiscard]] ast::ExprPtr make(SourceSpan span, decltype(ast::Expr::node) node, unsigned height);
  [[nodiscard]] ast::ExprPtr placeholder(SourceSpan span);

  const SourceManager &sources;
  const std::vector<Token> &tokens;
  const std::vector<DocComment> &docs;
  uint32_t file;
  Diagnostics &diagnostics;

  size_t position = 0;
  uint32_t nextDoc = 0;
  bool panicking = false;
  bool saidOutside = false;
  /// How many braces of blocks are open, and how many parentheses and brackets since the last of them.
  unsigned openBraces = 0;
  unsigned openParentheses = 0;
  /// Directly in the condition of an `if`, not in parentheses inside it; in an end of a range.
  bool inCondition = false;
  bool inBound = false;
  /// Levels of the descent, and the height of the tree that the last expression function returned. Both are limited:
  /// whoever walks the tree later may recurse. No formula comes near the limit, and no stack overflows below it.
  static constexpr unsigned deepestNesting = 256;
  unsigned nesting = 0;
  unsigned height = 0;

  /// Names that refused declarations of this file introduce: their uses are not reported again.
  std::unordered_set<std::string_view> refusedNames;
  std::unordered_set<std::string_view> stateNames;
  /// Where the equations begin that were reported and understood all the same.
  std::unordered_set<uint32_t> doubtfulEquations;
  /// Where the optimizer says `denormals keep` and `nonfinite …`.
  std::optional<SourceSpan> denormals;
  std::optional<SourceSpan> nonFinite;
};

} // namespace ravine

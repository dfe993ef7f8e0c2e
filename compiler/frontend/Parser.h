// Tokens to a syntax tree, by recursive descent along the grammar of docs/language.md. Operators are read by precedence
// climbing; lines end items, except where something is open or an operator stands last.
//
// After a syntax error the parser is silent (`panicking`) until it has found the next item, so that one mistake gives
// one message. A part of the language that is not available yet is reported, skipped and replaced by a placeholder
// (isPlaceholder) and does not disturb the rest.
#pragma once

#include "compiler/frontend/AST.h"
#include "compiler/frontend/Body.h"
#include "compiler/frontend/TokenReader.h"

#include <functional>
#include <unordered_set>

namespace ravine {

struct LawInfo;

/// From loose to tight.
enum class Precedence : uint8_t { Lowest, Or, And, Not, Comparison, Sum, Product, Power };

/// What an index set in brackets belongs to.
enum class SetOwner : uint8_t { Reduction, State, Hyper, Argument };

class Parser : private TokenReader {
public:
  Parser(const SourceManager &sources, uint32_t file, const TokenStream &stream, Diagnostics &diagnostics);

  [[nodiscard]] ast::Module run();

private:
  // ---- Parser.cpp: the file and recovery
  void collectNames();
  void parseTopLevel(ast::Module &module);
  /// A declaration of the file begins here, whatever is still open.
  [[nodiscard]] bool atDeclaration() const;
  /// The line begins with a word that introduces a declaration of the file and is followed by what that is followed by.
  [[nodiscard]] bool atDeclarationWord() const;
  void reportOutside();
  void recover();
  void skipBalanced();
  void skipStatement();
  /// Behind a declaration that has no braces.
  void finishDeclaration();

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

  // ---- ParserModule.cpp: what a file is made of besides optimizers
  /// How a declaration of the file begins.
  struct Beginning {
    SourceSpan span;
    Documentation documentation;
    bool isExported = false;
  };
  /// With `export`, if that stands here.
  Beginning parseBeginning(ast::Module &module);
  static void takeBeginning(ast::DeclarationHead &head, Beginning &beginning);
  bool parseMisspelt(ast::Module &module);
  bool parseMisspeltPenalty(ast::Module &module);
  void parseDeclaration(ast::Module &module);
  void parseImport(ast::Module &module);
  void parseImportItems(ast::Import &import);
  void parseConstant(ast::Module &module, Beginning beginning);
  void parseFunction(ast::Module &module, Beginning beginning);
  void parseParameters(ast::FunctionDecl &function);
  void parseSchedule(ast::Module &module, Beginning beginning);
  void parseTransform(ast::Module &module, Beginning beginning);
  /// The brace of a declaration that `what` names; reports what stands in its place.
  bool parseOpening(std::string_view what);

  // ---- ParserOptimizer.cpp
  void parseOptimizer(ast::Module &module, Beginning beginning);
  /// `on w[row, col]`
  void parseAxes(ast::OptimizerDecl &optimizer);
  void parseComposition(ast::OptimizerDecl &optimizer);
  /// The last line of `= { … }`.
  void parseComposed(Body &body);
  void parseDenormals(Body &body);
  void parseNonFinite(Body &body);
  /// `skip nonfinite`
  [[nodiscard]] bool atReversedNonFinite() const;
  void parseReversedNonFinite(Body &body);

  // ---- ParserGenerics.cpp: `<P: penalty with convex = l1>`
  void parseGenerics(std::vector<ast::GenericParameter> &generics);
  void parseGeneric(std::vector<ast::GenericParameter> &generics);
  /// `with convex, separable`
  void parseBounds(ast::GenericParameter &parameter);
  void reportParameterKind(const Token &name);
  void skipGeneric();

  // ---- ParserPenalties.cpp
  void parsePenalty(ast::Module &module, Beginning beginning);
  /// `(x)`
  void parsePenaltyArgument(ast::PenaltyDecl &penalty);
  /// `value = …`, `prox(tau) = …`, also where it stands in something else.
  [[nodiscard]] std::optional<Item> definitionAt() const;
  /// `prox(tau) =`, which can be nothing else.
  [[nodiscard]] bool looksLikeDefinition() const;
  void parseDefinition(Item item, Body &body);
  /// `proximal(tau) = …`; false where it is like none of them.
  bool reportUnknownDefinition(Body &body);
  /// `(tau)`, where `expected` is its usual name, and empty where there is none.
  void parseDefinitionParameter(std::string_view word, std::string_view expected, std::string &name, SourceSpan &span);
  void reportIncomplete(const ast::PenaltyDecl &penalty);

  // ---- ParserLaws.cpp: `law convex when P convex`
  void parseLaw(Body &body);
  /// False after a message.
  [[nodiscard]] bool parseLawArguments(const LawInfo &info, ast::Law &law);
  [[nodiscard]] bool parseLawCondition(const ast::PenaltyDecl &penalty, ast::Law &law);
  void reportUnknownLaw(const Token &name);

  // ---- ParserBody.cpp: braces and the items between them
  void parseBody(Body &body);
  void expectItemEnd();
  void finishItem();
  void parseItem(Body &body);
  void parseItem(Item item, Body &body);
  /// What stands in braces that cannot hold it is reported and understood all the same.
  void parseMisplaced(Item item, const Body &body);
  bool refuseItem();
  /// `before { … }`
  void parseHalf(Body &body, ast::TransformBlock &half, BodyKind kind);
  void parseSkip(Body &body);
  void parseZero(Body &body);
  void parseScheduleItem(Body &body, ast::ExprPtr &value);
  /// Reports what the braces have said before; the current item begins at `first`.
  bool isFirst(Body &body, std::string_view word, const Token &first, Code code = Code::E0231);

  // ---- ParserUnknownItems.cpp: what stands where an item should and is none
  void parseUnknownItem(Body &body);
  void reportUnknownDeclaration(Body &body);

  // ---- ParserItems.cpp: what an item looks like
  /// Whether an item of a declaration begins here.
  [[nodiscard]] bool looksLikeItem() const;
  /// `denormals keep`, `metric n = …`, `skip when …`, `before {`; the word by itself is a name like any other.
  [[nodiscard]] bool atItemWord() const;
  [[nodiscard]] std::optional<Item> itemAt(const Body &body) const;
  [[nodiscard]] bool looksLikeComponent() const;
  /// `m += …` and `m <- …`
  [[nodiscard]] bool looksLikeForeignAssignment() const;

  // ---- ParserComponents.cpp: what an optimizer is composed of
  [[nodiscard]] ast::ComponentPtr parsePipe();
  bool acceptForeignPipe();
  [[nodiscard]] bool atComposition() const;
  [[nodiscard]] ast::Stage parseStage();
  /// `select`, `frozen`, a use or what stands in parentheses, with what stands behind it.
  [[nodiscard]] ast::ComponentPtr parseComponent();
  [[nodiscard]] ast::ComponentPtr parsePart();
  [[nodiscard]] ast::ComponentPtr parseUse();
  void parseParts(ast::Use &use);
  void refuseNamedPart();
  void parseUseArguments(ast::Use &use);
  [[nodiscard]] ast::ComponentPtr parseSelect();
  [[nodiscard]] ast::Branch parseBranch();
  /// `slow:`
  void parseLabel(std::string &label, SourceSpan &span);
  [[nodiscard]] ast::ComponentPtr makeComponent(SourceSpan span, decltype(ast::Component::node) node);
  /// Stands for what could not be understood: a use of the name that nobody can write.
  [[nodiscard]] ast::ComponentPtr emptyComponent();

  // ---- ParserCalculus.cpp: `2*l1 + ridge`
  [[nodiscard]] ast::ComponentPtr parseSum();
  [[nodiscard]] ast::ComponentPtr parseTerm();
  /// `l1*2`
  [[nodiscard]] ast::ComponentPtr parseLateFactor(const Token &first, ast::ComponentPtr penalty);
  [[nodiscard]] bool atFactor() const;
  /// Where what stands `ahead` ends if it can be a factor; `ahead` itself if not.
  [[nodiscard]] size_t behindFactor(size_t ahead) const;

  // ---- ParserStorage.cpp
  /// `store …`, `with { … }`, `where …`, `round …`: what stands behind a value and is none.
  [[nodiscard]] bool atStorageClause() const;
  /// The format behind `store`, with what the full language has there; nothing after a message.
  [[nodiscard]] std::optional<ast::Storage> parseFormat();
  void parseStore(ast::StateDecl &state);
  /// `state s = 0 store bf16`
  void parseLateStore(ast::StateDecl &state, SourceSpan declared);
  /// `master f32`; false after a message.
  bool parseMaster();
  void parseMasterItem(Body &body);
  [[nodiscard]] ast::ComponentPtr parseWith(ast::ComponentPtr base);
  void parseStorageClause(ast::With &with);

  // ---- ParserDeclarations.cpp: hypers, states, lets and equations
  void parseHyper(Body &body);
  void parseHyperType(ast::HyperDecl &hyper);
  /// `hyper k : int [model]`
  void parseSetBehindType(ast::HyperDecl &hyper, SourceSpan type);
  void parseChoices(ast::HyperDecl &hyper);
  void parseState(Body &body);
  /// `state s = 0 when c`
  void parseLateCondition(ast::StateDecl &state, SourceSpan declared);
  void refuseStateClause();
  void parseRequire(Body &body);
  void parseLet(Body &body);
  [[nodiscard]] std::unique_ptr<ast::LetDecl> parseLet();
  void parseEquation(Body &body);
  /// A metric or a view.
  template <typename Declaration> void parseNamedValue(std::vector<std::unique_ptr<Declaration>> &declarations);
  void parseUnprimed(Body &body);
  /// Forgets equations that had a mistake and are defined properly elsewhere, often as the corrected line below them.
  void dropDoubtfulEquations(std::vector<ast::Equation> &equations);
  /// The name that a declaration introduces; empty after a message.
  std::string parseDeclaredName(std::string_view declaration, SourceSpan &span);
  /// The same for an optimizer or a transform.
  std::string parseComponentName(std::string_view declaration, SourceSpan &span);
  /// The same for what is called like a function.
  std::string parseFunctionName(std::string_view declaration, SourceSpan &span);

  // ---- ParserRanges.cpp
  void parseRange(ast::HyperDecl &hyper);
  /// Nothing after a message.
  [[nodiscard]] std::optional<ast::Bound> parseBound(bool isOpen);

  // ---- ParserOperators.cpp
  [[nodiscard]] ast::ExprPtr parseOperators(Precedence minimum);
  /// `a then b then c`, behind its first value.
  [[nodiscard]] ast::ExprPtr parseThen(const Token &first, ast::ExprPtr left);
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
  void reportTooDeep(SourceSpan span);
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

  // ---- ParserCalls.cpp
  [[nodiscard]] ast::ExprPtr parseCall(const Token &callee);
  /// `name("*.bias")`
  [[nodiscard]] ast::ExprPtr parseMatch(const Token &function);
  /// `(a, b)`; returns the height of the tallest, nothing after a message that leaves open what was meant. `names` are
  /// filled if one has a name; where they are null, names are refused, and `hint` says what to write instead.
  [[nodiscard]] std::optional<unsigned> parseArguments(std::vector<ast::ExprPtr> &arguments,
                                                       std::vector<std::string> *names, std::string_view hint);
  /// The value of a keyword argument.
  void skipArgument();

  // ---- ParserMembers.cpp: `P.prox(w, 1/beta)`
  /// Whether a point, a member and its arguments stand behind so many tokens.
  [[nodiscard]] bool atMemberCall(size_t dot) const;
  /// Whether it is a predefined name or a state: a value, of which no member can be asked.
  [[nodiscard]] bool isValueName(std::string_view name) const;
  /// Whether a part or a penalty is asked for something that none offers, or without arguments.
  [[nodiscard]] bool atMisspeltMember() const;
  [[nodiscard]] ast::ExprPtr parseMemberCall();
  /// What a part does not offer, or not so.
  [[nodiscard]] ast::ExprPtr reportMember();
  /// Where the point stands in `l2_ball[row](radius = 2).project(w)`, `scaled<l1>.prox(w, lr)`: nothing has a name
  /// there that could be asked. No value if nothing like that stands here.
  [[nodiscard]] std::optional<size_t> dotBehindUnnamed() const;
  /// How many tokens farther on stands what follows the bracket that opens so many tokens farther on. No value where
  /// that is too far away to look for.
  [[nodiscard]] std::optional<size_t> behindBalanced(size_t offset) const;
  /// At the point behind such.
  [[nodiscard]] ast::ExprPtr refuseUnnamed(SourceSpan asked);

  // ---- ParserReductions.cpp
  [[nodiscard]] bool atReduction() const;
  [[nodiscard]] ast::ExprPtr parseReduction();

  // ---- ParserIndexSets.cpp
  /// `[tensor]`; nothing after a message that leaves open what was meant.
  [[nodiscard]] std::optional<ast::IndexSet> parseIndexSet(SetOwner owner);
  /// `[block 256]`
  [[nodiscard]] std::optional<ast::IndexSet> parseBlockSet();
  /// What to say of brackets that hold no index set.
  void reportNoIndexSet(SetOwner owner, const Token &open);
  /// Whether the brackets that have just been read hold an index set that the full language has.
  [[nodiscard]] bool isUnavailableSet(const Token &open) const;
  [[nodiscard]] bool isPairOfAxes(const Token &open) const;
  /// `norm<tensor>(g)`
  [[nodiscard]] bool atAngleReduction() const;
  [[nodiscard]] std::optional<ast::IndexSet> parseAngleSet(const Token &name);
  /// `state [tensor] s`, read as `state s [tensor]`.
  [[nodiscard]] std::optional<ast::IndexSet> parseSetBeforeName(std::string_view declaration, SetOwner owner);
  /// `metric m [model]`: what has a value varies as that does.
  void refuseSetOfValue(std::string_view declaration);
  /// An index set where none belongs: behind `subject`.
  void refuseIndexSet(std::string_view subject);
  /// `name[…]` and `name[…](…)` of what is no reduction (ParserReductions.cpp).
  [[nodiscard]] ast::ExprPtr refuseIndexed();

  // ---- ParserRefusals.cpp: expressions of parts of the language that are not available yet
  [[nodiscard]] ast::ExprPtr refuseExpression();
  [[nodiscard]] ast::ExprPtr refuseMembers(const Token &first);
  /// `np.max(g)`, `torch.linalg.norm(g)`; null for any other member.
  [[nodiscard]] ast::ExprPtr refuseForeignModule(const Token &first);
  void skipPostfix();

  // ---- ParserTests.cpp, which has their grammar, and ParserExpectations.cpp
  void parseTest(ast::Module &module);
  void parseTestBody(std::string_view what, const std::function<void()> &parseItem);
  void recoverInTest();
  void reportIncomplete(const ast::TestDecl &test);
  void parseTestItem(ast::TestDecl &test);
  /// The tensor that `w` and `g` directly in a test belong to; null after a message.
  [[nodiscard]] ast::TestTensor *ownTensor(ast::TestDecl &test);
  void parseTestTensor(ast::TestDecl &test);
  void parseTensorItem(ast::TestTensor &tensor, bool isOwn);
  void parseGradients(ast::TestTensor &tensor);
  void parseTestPrecision(ast::TestDecl &test);
  void parseLateSetting(ast::TestDecl &test);
  void parseTestSetting(std::vector<ast::TestSetting> &settings, std::optional<ast::TestNumber> step);
  void parseExpectation(std::vector<ast::TestExpectation> &expectations);
  [[nodiscard]] std::optional<ast::Tolerance> parseTolerance(ast::BinaryOp op);
  /// What stands between the quotes.
  [[nodiscard]] std::string parseText();
  [[nodiscard]] std::string parseDottedName();
  [[nodiscard]] std::optional<ast::TestNumber> parseTestNumber(std::string_view what);
  void saidTwice(bool isSaid, SourceSpan span);
  void reportUnknownTestItem(bool inTensor);
  [[nodiscard]] ast::ExprPtr parseArray();
  /// A name with dots, or `inf`.
  [[nodiscard]] bool atTestName() const;
  [[nodiscard]] ast::ExprPtr parseTestName();
  /// A word that ends a value in a test.
  [[nodiscard]] bool atTestWord() const;

  [[nodiscard]] ast::ExprPtr make(SourceSpan span, decltype(ast::Expr::node) node, unsigned height);
  [[nodiscard]] ast::ExprPtr placeholder(SourceSpan span);

  const std::vector<DocComment> &docs;
  uint32_t nextDoc = 0;
  bool saidOutside = false;
  /// How many braces of blocks are open.
  unsigned openBraces = 0;
  /// Directly in the condition of an `if`, not in parentheses inside it; in an end of a range or the condition of a
  /// branch, behind which something else stands that is no factor.
  bool inCondition = false;
  bool isFollowed = false;
  bool inTest = false;
  /// Where `max(x)` is a reduction to the argument.
  bool inPenalty = false;
  /// What a component is here, for messages.
  std::string_view wanted = "an optimizer or a transform";
  /// Between `<` and `>`, not in parentheses inside them.
  bool inAngles = false;
  /// Levels of the descent, and the height of the tree that the last expression function returned. Both are limited:
  /// whoever walks the tree later may recurse. No formula comes near the limit, and no stack overflows below it.
  static constexpr unsigned deepestNesting = 256;
  unsigned nesting = 0;
  unsigned height = 0;

  /// Names that refused declarations of this file introduce: their uses are not reported again.
  std::unordered_set<std::string_view> refusedNames;
  std::unordered_set<std::string_view> stateNames;
  /// The penalties and sets that the declaration at hand is built from.
  std::unordered_map<std::string_view, ast::ParameterKind> partNames;
  /// Where the equations begin that were reported and understood all the same.
  std::unordered_set<uint32_t> doubtfulEquations;
};

} // namespace ravine

// The layout of source files.
#include "compiler/diagnostics/Render.h"
#include "compiler/formatter/Format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace ravine::test {
namespace {

std::string formatted(const std::string &text) {
  SourceManager sources;
  Diagnostics diagnostics;
  std::optional<std::string> result = formatter::format(sources, sources.add("file.rvn", text), diagnostics);
  return result ? *result : render(sources, diagnostics);
}

/// What one line of an optimizer becomes.
std::string line(const std::string &text) {
  std::string result = formatted("optimizer o {\n" + text + "\n}\n");
  constexpr std::string_view head = "optimizer o {\n  ", tail = "\n}\n";
  if (!result.starts_with(head) || !result.ends_with(tail))
    return result;
  return result.substr(head.size(), result.size() - head.size() - tail.size());
}

TEST(Spacing, ofOperators) {
  EXPECT_EQ(line("w'=w-lr*g"), "w' = w - lr*g");
  EXPECT_EQ(line("w' = a / b + c*d/e"), "w' = a / b + c*d/e");
  EXPECT_EQ(line("w' = a /b + c* d"), "w' = a/b + c*d");
  EXPECT_EQ(line("w' = a ^ 2 + 2^ - 3"), "w' = a^2 + 2^-3");
  EXPECT_EQ(line("w' = - a - - b*-c"), "w' = -a - -b*-c");
  EXPECT_EQ(line("w' = if a<b and not(c>=d) then - 1 else(2)"), "w' = if a < b and not (c >= d) then -1 else (2)");
  EXPECT_EQ(line("w' = ( a+b ) * max ( a , -b )"), "w' = (a + b) * max(a, -b)");
  EXPECT_EQ(line("w' = norm [tensor] (g)*m '"), "w' = norm[tensor](g)*m'");
  EXPECT_EQ(line("w' = w . old+delta"), "w' = w.old + delta");
  EXPECT_EQ(line("w' = case matrix{a}else{b}"), "w' = case matrix { a } else { b }");
}

TEST(Spacing, ofDeclarations) {
  EXPECT_EQ(line("hyper  k[model]:int=3 in[1,inf)"), "hyper k [model] : int = 3 in [1, inf)");
  EXPECT_EQ(line("hyper k:enum( a,b )=a"), "hyper k : enum(a, b) = a");
  EXPECT_EQ(line("hyper k = 3 in 1 .. 10"), "hyper k = 3 in 1..10");
  EXPECT_EQ(line("state m[tensor]  store bf16 when(k>1)=0"), "state m [tensor] store bf16 when (k > 1) = 0");
  EXPECT_EQ(line("state m = 0 ;m' = g"), "state m = 0; m' = g");
}

TEST(Spacing, ofCompositions) {
  EXPECT_EQ(formatted("optimizer x=clip( 1.0 )|>slow :adamw( lr=3e-4 )where( rank>1 )with{m,v store bf16;master f32}\n")
                .substr(0, 5),
            "error");
  EXPECT_EQ(
      formatted("optimizer x=clip( 1.0 )|>slow :adamw( lr=3e-4 )with{m,v store bf16;master f32}where( rank>1 )\n"),
      "optimizer x = clip(1.0) |> slow: adamw(lr = 3e-4) with { m, v store bf16; master f32 } where (rank > 1)\n");
  EXPECT_EQ(formatted("optimizer x = sam < clip|>lookahead<adamw> ( k=6 ) ,b > (0.1)\n"),
            "optimizer x = sam<clip |> lookahead<adamw>(k = 6), b>(0.1)\n");
  EXPECT_EQ(formatted("optimizer x < inner:optimizer > { w' = inner (w,g) }\n"),
            "optimizer x<inner: optimizer> { w' = inner(w, g) }\n");
  EXPECT_EQ(formatted("optimizer x = select{hidden:matrix and not name( \"a\",\"b\" )->muon;_->frozen}\n"),
            "optimizer x = select { hidden: matrix and not name(\"a\", \"b\") -> muon; _ -> frozen }\n");
  EXPECT_EQ(formatted("import std . schedules:a,b  as c\nlet x=1\n"), "import std.schedules: a, b as c\nlet x = 1\n");
}

TEST(Spacing, ofPenalties) {
  EXPECT_EQ(
      formatted("export  penalty l1 (x){hyper lambda=1 in[0,inf);value=lambda*sum( abs(x) );prox( tau )=x/ tau}\n"),
      "export penalty l1(x) { hyper lambda = 1 in [0, inf); value = lambda*sum(abs(x)); prox(tau) = x/tau }\n");
  EXPECT_EQ(formatted("set s(x){\nproject=x\ncontains( tolerance )= - norm (x)<tolerance\n\n\nlaw  convex;law "
                      "quadratic( 2,0 )\nlaw agrees_with(a <b>)\n}\n"),
            "set s(x) {\n  project = x\n  contains(tolerance) = -norm(x) < tolerance\n\n  law convex; law "
            "quadratic(2, 0)\n  law agrees_with(a<b>)\n}\n");
  EXPECT_EQ(formatted("penalty p<P:penalty>(x){\nprox(s)=P . prox (x,s)\nlaw convex when  P convex\n}\n"),
            "penalty p<P: penalty>(x) {\n  prox(s) = P.prox(x, s)\n  law convex when P convex\n}\n");
  EXPECT_EQ(formatted("penalty q=2*a [row]( lambda=1 )+b<c >[block  64]\n"),
            "penalty q = 2*a[row](lambda = 1) + b<c>[block 64]\n");
}

TEST(Spacing, ofGenericParameters) {
  EXPECT_EQ(formatted("optimizer x < P:penalty with convex,separable=a<b> [ row ],phi:fn > on w [row,col]{w'=g}\n"),
            "optimizer x<P: penalty with convex, separable = a<b>[row], phi: fn> on w[row, col] { w' = g }\n");
  EXPECT_EQ(formatted("optimizer x<P:penalty=a<b>>{\nw'=P.prox(w,-1)\n}\n"),
            "optimizer x<P: penalty = a<b>> {\n  w' = P.prox(w, -1)\n}\n");
  EXPECT_EQ(line("state s[block  64]store bf16=max[block 64](abs(w))"),
            "state s [block 64] store bf16 = max[block 64](abs(w))");
}

TEST(Lines, areIndentedByNesting) {
  EXPECT_EQ(
      formatted("transform wrap {\nhyper k = 1\nbefore {\nlet a = {\nlet b = 1\n-b\n}\ng' = g*\na\n}\n}\n"),
      "transform wrap {\n  hyper k = 1\n  before {\n    let a = {\n      let b = 1\n      -b\n    }\n    g' = g*\n"
      "      a\n  }\n}\n");
  EXPECT_EQ(formatted("let x = max(a,\n b + max(c,\nd\n)\n)\nlet y = if a\nthen b\n else c\n"),
            "let x = max(a,\n  b + max(c,\n    d\n  )\n)\nlet y = if a\n  then b\n  else c\n");
  EXPECT_EQ(formatted("let x = (a\n- b)\n"), "let x = (a\n  - b)\n");
  EXPECT_EQ(formatted("optimizer x =\nclip |>\nselect {\nmatrix -> a\n|> b\n_ -> c\n} |>\nema\noptimizer y = "
                      "s<\nx\n>\nlet z = 1\n"),
            "optimizer x =\n  clip |>\n  select {\n    matrix -> a\n      |> b\n    _ -> c\n  } |>\n  ema\n"
            "optimizer y = s<\n  x\n>\nlet z = 1\n");
}

TEST(Lines, blankOnesAreOneAtMostAndNeverAtTheEdges) {
  EXPECT_EQ(formatted("\n\nlet x = 1\n\n\n\nlet y = 2\n\n\n"), "let x = 1\n\nlet y = 2\n");
  EXPECT_EQ(formatted("optimizer o {\n\n  w' = w\n\n}\n"), "optimizer o {\n  w' = w\n}\n");
  EXPECT_EQ(formatted("let x = 1 +\n\n  2\n"), "let x = 1 +\n\n  2\n");
}

TEST(Comments, stay) {
  EXPECT_EQ(formatted("// first  \n\n\n/// doc\noptimizer o {   // why\n// inside\n\n  w' = w -   // a\n// b\n g // "
                      "c\n\n  // last\n}\n"
                      "// end"),
            "// first\n\n/// doc\noptimizer o {  // why\n  // inside\n\n  w' = w -  // a\n    // b\n    g  // c\n\n  "
            "// last\n}\n"
            "// end\n");
  EXPECT_EQ(formatted("///     m <- g   \noptimizer o { w' = w }\n"), "///     m <- g\noptimizer o { w' = w }\n");
  EXPECT_EQ(formatted("// only\n"), "// only\n");
}

TEST(Files, ofEveryForm) {
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted("\n\n"), "");
  EXPECT_EQ(formatted("let x = 1"), "let x = 1\n");
  EXPECT_EQ(formatted("\xEF\xBB\xBFlet\tx\t=\t1\r\n\r\n\r\n// a\r\nlet y = x\r\n"), "let x = 1\n\n// a\nlet y = x\n");
  EXPECT_EQ(formatted("let β1 = 0.9\n"), "let β1 = 0.9\n");
}

TEST(Files, withMistakesAreLeftAlone) {
  EXPECT_THAT(formatted("let x = )\n"), testing::HasSubstr("error[E0202]"));
  EXPECT_THAT(formatted("let x = § 1\n"), testing::HasSubstr("error[E0101]"));
}

/// The .rvn files of the repository; those that are there to be wrong are left alone.
std::vector<std::filesystem::path> everyFile() {
  std::vector<std::filesystem::path> paths;
  for (const char *folder : {"stdlib", "examples", "bench", "test"})
    for (const auto &entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(RAVINE_SOURCES) / folder))
      if (entry.path().extension() == ".rvn")
        paths.push_back(entry.path());
  return paths;
}

std::string read(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool isRefused(const std::string &text) {
  return text.starts_with("error[") || text.starts_with("warning[");
}

TEST(Repository, formattingTwiceIsFormattingOnce) {
  size_t count = 0;
  for (const auto &path : everyFile()) {
    std::string once = formatted(read(path));
    EXPECT_EQ(once.find("E0804"), std::string::npos) << path;
    if (isRefused(once))
      continue;
    EXPECT_EQ(formatted(once), once) << path;
    ++count;
  }
  EXPECT_GT(count, 80u);
}

/// Whatever blanks there are, the same text comes out.
TEST(Repository, blanksMakeNoDifference) {
  std::mt19937 random(1);
  for (const auto &path : everyFile()) {
    std::string text = read(path);
    std::string expected = formatted(text);
    if (isRefused(expected))
      continue;
    std::string scrambled;
    bool isComment = false, isText = false;
    for (size_t i = 0; i < text.size(); ++i) {
      isComment = text[i] == '\n' ? false : isComment || (!isText && text.compare(i, 2, "//") == 0);
      isText = text[i] == '\n' ? false : isText != (text[i] == '"' && !isComment);
      scrambled += text[i];
      bool isBlank = text[i] == ' ' && !isComment && !isText;
      if (isBlank)
        scrambled += std::string(random() % 3, random() % 2 ? ' ' : '\t');
      if (text[i] == '\n')
        scrambled += std::string(random() % 5, ' ');
    }
    EXPECT_EQ(formatted(scrambled), expected) << path;
  }
}

} // namespace
} // namespace ravine::test

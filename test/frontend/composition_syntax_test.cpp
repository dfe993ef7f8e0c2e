// Modules, functions, schedules, transforms and compositions: tokens to trees.
#include "test/frontend/Checked.h"
#include "test/frontend/Parsed.h"

namespace ravine::test {
namespace {

/// The tree of what follows `optimizer x = `, without its first line.
std::string composed(const std::string &text) {
  std::string tree = treeOf("optimizer x = " + text + "\n");
  constexpr std::string_view head = "optimizer x\n";
  return tree.starts_with(head) ? tree.substr(head.size()) : tree;
}

TEST(Imports, haveThreeForms) {
  EXPECT_EQ(treeOf("import std.schedules\nimport std.schedules.cosine: cosine, warm as w0\n"
                   "import \"lib/mine.rvn\": a as b,\n  c\nlet x = 1\n"),
            "import std.schedules\nimport std.schedules.cosine: cosine, warm as w0\n"
            "import \"lib/mine.rvn\": a as b, c\nconstant x\n  1\n");
}

TEST(Imports, thatAreNoneAreReportedOnce) {
  EXPECT_EQ(codesOf("import std.\nlet x = 1\n"), "E0201");
  EXPECT_EQ(codesOf("import std.schedules as s\nlet x = 1\n"), "E0223");
  EXPECT_EQ(codesOf("import std.a, std.b\nlet x = 1\n"), "E0223");
  EXPECT_EQ(codesOf("import std.a: *\nlet x = 1\n"), "E0223");
  EXPECT_EQ(codesOf("import std.a: b as w\nlet x = 1\n"), "E0304");
  EXPECT_EQ(codesOf("import std.a: 3\nlet x = 1\n"), "E0201");
  EXPECT_EQ(codesOf("import \"a.rvn\nlet x = 1\n"), "E0105");
}

TEST(Exports, standInFrontOfDeclarations) {
  Parsed parsed("/// Documented.\nexport let x = 1\nlet y = 2\nexport fn f(a) = a\nexport schedule s { value = step }\n"
                "/// Wraps.\nexport transform wrap { after { w' = w } }\nexport optimizer o { w' = w - g }\n");
  ASSERT_EQ(parsed.codes(), "") << parsed.tree();
  const ast::Module &module = parsed.module;
  EXPECT_TRUE(module.hasExports);
  EXPECT_TRUE(module.constants.at(0)->isExported);
  EXPECT_EQ(module.constants.at(0)->doc, "Documented.");
  EXPECT_FALSE(module.constants.at(1)->isExported);
  EXPECT_FALSE(module.exports(*module.constants.at(1)));
  EXPECT_TRUE(module.functions.at(0)->isExported);
  EXPECT_TRUE(module.schedules.at(0)->isExported);
  EXPECT_TRUE(module.transforms.at(0)->isExported);
  EXPECT_EQ(module.transforms.at(0)->doc, "Wraps.");
  EXPECT_TRUE(module.optimizers.at(0)->isExported);
  EXPECT_EQ(codesOf("export 3\nlet y = 1\n"), "E0230");
  EXPECT_EQ(codesOf("export import std.a\nlet x = 1\n"), "E0230");
}

TEST(Exports, aFileWithoutThemExportsEverything) {
  Parsed parsed("let y = 2\n");
  EXPECT_TRUE(parsed.module.exports(*parsed.module.constants.at(0)));
}

TEST(Arguments, areNamedInEitherAlphabet) {
  EXPECT_EQ(codesOf("optimizer x = adamw(β₁ = 0.8)\n"), "");
  EXPECT_EQ(composed("adamw(β₁ = 0.8)"), composed("adamw(beta1 = 0.8)"));
  // Which part has the hyper, the elaboration says.
  EXPECT_EQ(codesOf("optimizer x = lasso<l1>(P.λ = 0.8)\n"), "");
  EXPECT_EQ(composed("lasso<l1>(P.λ = 0.8)"), composed("lasso<l1>(P.lambda = 0.8)"));
}

TEST(Spans, coverWholeDeclarations) {
  Parsed parsed("/// Doc.\nexport optimizer o {\n  w' = w\n}\nfn f(x) = x +\n  1\nschedule s { value = 1 }\n"
                "transform wrap {\n  after { w' = w }\n}\noptimizer p = o |>\n  wrap\n");
  ASSERT_EQ(parsed.codes(), "") << parsed.tree();
  const ast::Module &module = parsed.module;
  EXPECT_EQ(parsed.sources.text(module.optimizers.at(0)->span), "export optimizer o {\n  w' = w\n}");
  EXPECT_EQ(parsed.sources.text(module.functions.at(0)->span), "fn f(x) = x +\n  1");
  EXPECT_EQ(parsed.sources.text(module.schedules.at(0)->span), "schedule s { value = 1 }");
  EXPECT_EQ(parsed.sources.text(module.transforms.at(0)->span), "transform wrap {\n  after { w' = w }\n}");
  EXPECT_EQ(parsed.sources.text(module.transforms.at(0)->after.span), "after { w' = w }");
  EXPECT_EQ(parsed.sources.text(module.optimizers.at(1)->span), "optimizer p = o |>\n  wrap");
}

TEST(Functions, haveParametersAndDefaults) {
  EXPECT_EQ(treeOf("fn soft(x, tau = 1) = sign(x)*max(abs(x) - tau, 0)\n"),
            "fn soft\n  parameter x\n  parameter tau\n    1\n  value\n    *\n      call sign\n        x\n"
            "      call max\n        -\n          call abs\n            x\n          tau\n        0\n");
  EXPECT_EQ(treeOf("fn zero() = {\n  let a = 1\n  a\n}\n"),
            "fn zero\n  value\n    block\n      let a\n        1\n      a\n");
}

TEST(Functions, mistakesInThem) {
  EXPECT_EQ(codesOf("fn f(x) { x }\nlet y = 1\n"), "E0232");
  EXPECT_EQ(codesOf("fn f = 2\nlet y = 1\n"), "E0232");
  EXPECT_EQ(codesOf("fn f(a = 1, b) = a\nlet y = 1\n"), "E0232");
  EXPECT_EQ(codesOf("fn f(w) = w\nlet y = 1\n"), "E0304");
  EXPECT_EQ(codesOf("fn max(x) = x\nlet y = 1\n"), "E0304");
  EXPECT_EQ(codesOf("fn f(x = x\nlet y = q(\n"), "E0203 E0202");
  EXPECT_EQ(codesOf("def f(x) = x\n"), "E0212");
}

TEST(Schedules, haveALengthAndAValue) {
  EXPECT_EQ(
      treeOf("schedule linear {\n  hyper steps : int = 10 in [1, inf)\n  require steps > 1\n  let x = step/steps\n"
             "  length = steps\n  value = 1 - x\n}\n"),
      "schedule linear\n  hyper steps [group] : int = 0 in [1, inf)\n  require\n    >\n      steps\n      1\n  let x\n"
      "    /\n      step\n      steps\n  length\n    steps\n  value\n    -\n      1\n      x\n");
}

TEST(Schedules, mistakesInThem) {
  EXPECT_EQ(codesOf("schedule s { length = 3 }\n"), "E0226");
  EXPECT_EQ(codesOf("schedule s { value = 1; value = 2 }\n"), "E0231");
  EXPECT_EQ(codesOf("schedule s { state m = 0; value = 1 }\n"), "E0222");
  EXPECT_EQ(codesOf("schedule s { m' = 0; value = 1 }\n"), "E0222");
  EXPECT_EQ(codesOf("schedule s { x = 2; value = x }\n"), "E0211");
  EXPECT_EQ(codesOf("schedule s = 2\n"), "E0201");
  EXPECT_EQ(codesOf("schedle s { value = 2 }\n"), "E0212");
}

TEST(Schedules, followEachOther) {
  EXPECT_EQ(structureOf("a then b then c"), "(then (then a b) c)");
  EXPECT_EQ(structureOf("2*a + b then c or d"), "(then (+ (* 2 a) b) (or c d))");
  EXPECT_EQ(structureOf("1e-3*(a then b)"), "(* 0.001 (then a b))");
  EXPECT_EQ(structureOf("a\n  then b\n  then c"), "(then (then a b) c)");
  EXPECT_EQ(structureOf("a then\n  b"), "(then a b)");
}

TEST(Schedules, inAChoiceTheThenIsThatOfTheChoice) {
  EXPECT_EQ(structureOf("if a then b else c then d"), "(if a b (then c d))");
  EXPECT_EQ(structureOf("if a then b then c else d"), "(if a (then b c) d)");
  EXPECT_EQ(structureOf("if (a then b) > 1 then c else d"), "(if (> (then a b) 1) c d)");
  EXPECT_EQ(structureOf("if if a then b else c then d else e"), "(if (if a b c) d e)");
}

TEST(Transforms, haveTwoHalves) {
  EXPECT_EQ(
      treeOf("transform wrap {\n  hyper k = 2 in [1, 9)\n  state s = w\n  let h = k/2\n  zero g\n"
             "  before {\n    let n = h\n    g' = g*n\n    s' = s\n    skip when n > 1\n  }\n"
             "  after {\n    w' = w.old + delta\n  }\n  metric a = n\n  view b = s\n}\n"),
      "transform wrap\n  zero g\n  hyper k [group] : real = 0 in [1, 9)\n  state s [element]\n    initial\n      w\n"
      "  let h\n    /\n      k\n      2\n  before\n    let n\n      h\n    equation g'\n      *\n        g\n        n\n"
      "    equation s'\n      s\n    skip\n      >\n        n\n        1\n  after\n    equation w'\n      +\n"
      "        w.old\n        delta\n  metric a\n    n\n  view b\n    s\n");
}

TEST(Transforms, mistakesInThem) {
  EXPECT_EQ(codesOf("transform wrap {\n  w' = w\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  after {\n    skip when true\n    w' = w\n  }\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  skip when true\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  before {\n    hyper k = 1\n    g' = k*g\n  }\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  before { }\n  before { }\n}\n"), "E0231");
  EXPECT_EQ(codesOf("transform wrap {\n  before {\n    skip step > 1\n  }\n}\n"), "E0229");
  EXPECT_EQ(codesOf("transform wrap {\n  zero w\n}\n"), "E0229");
  EXPECT_EQ(codesOf("transform wrap {\n  denormals keep\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  master f32\n}\n"), "E0222");
  EXPECT_EQ(codesOf("transform wrap {\n  befor {\n    g' = 2*g\n  }\n}\n"), "E0212");
  EXPECT_EQ(codesOf("transform wrap {\n  before {\n    g' = (2*g\n  }\n  after { w' = w }\n}\nlet x = )\n"),
            "E0203 E0202");
}

TEST(Optimizers, doNotHoldWhatWrapsThem) {
  EXPECT_EQ(codesOf("optimizer o {\n  before {\n    g' = 2*g\n  }\n  w' = w\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer o {\n  skip when step > 1\n  w' = w\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer o {\n  fn f(x) = x\n  w' = w - f(g)\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer o {\n  zero g; zero g\n  w' = w\n}\n"), "E0231");
}

TEST(Optimizers, keepAMasterAndZeroTheGradient) {
  Parsed parsed("optimizer o {\n  master f32\n  zero g\n  state m store bf16 = 0\n  w' = w - g\n}\n");
  ASSERT_EQ(parsed.codes(), "") << parsed.tree();
  const ast::OptimizerDecl &optimizer = *parsed.module.optimizers.at(0);
  EXPECT_TRUE(optimizer.hasMaster);
  EXPECT_EQ(parsed.sources.text(optimizer.masterSpan), "master f32");
  EXPECT_TRUE(optimizer.zeroesGradient);
  EXPECT_EQ(optimizer.states.at(0)->storage, ast::Storage::BF16);
  EXPECT_EQ(codesOf("optimizer o {\n  master bf16\n  w' = w\n}\n"), "E0228");
  EXPECT_EQ(codesOf("optimizer o {\n  master f32; master f32\n  w' = w\n}\n"), "E0231");
}

TEST(Optimizers, theirWordsAreNamesElsewhere) {
  EXPECT_EQ(
      codesOf("optimizer o {\n  hyper skip = 1\n  state before = 0\n  before' = skip*zero\n"
              "  let zero = 2\n  let master = 1\n  let after = master\n  w' = w - after*frozen*select*store\n}\n"),
      "");
}

TEST(Storage, isOneOfFourFormats) {
  auto codes = [](const std::string &clause) {
    return codesOf("optimizer o {\n  state m " + clause + " = 0\n  w' = w\n}\n");
  };
  EXPECT_EQ(codes("store f64"), "");
  EXPECT_EQ(codes("store f16 when matrix"), "");
  EXPECT_EQ(codes("store float16"), "E0228");
  EXPECT_EQ(codes("store bf61"), "E0228");
  EXPECT_EQ(codes("store q8(block 256)"), "E0919");
  EXPECT_EQ(codes("store bf16 round stochastic"), "E0919");
  EXPECT_EQ(codes("store"), "E0217");
  EXPECT_EQ(codesOf("optimizer o {\n  state m = 0 store bf16\n  w' = w\n}\n"), "E0201");
}

TEST(Pipes, areStagesInARow) {
  EXPECT_EQ(composed("clip(1.0) |> adamw |> slow: ema(decay = 0.999) where matrix"),
            "  pipe\n    stage\n      use clip\n        argument\n          1\n    stage\n      use adamw\n"
            "    stage slow\n      use ema\n        argument decay\n          0.999\n      where\n        matrix\n");
  EXPECT_EQ(composed("\n  clip\n  |> adamw\n  |> ema"),
            "  pipe\n    stage\n      use clip\n    stage\n      use adamw\n    stage\n      use ema\n");
  EXPECT_EQ(composed("adamw"), "  use adamw\n");
  EXPECT_EQ(composed("(clip |> adamw) |> ema"),
            "  pipe\n    stage\n      pipe\n        stage\n          use clip\n        stage\n          use adamw\n"
            "    stage\n      use ema\n");
}

TEST(Pipes, mistakesInThem) {
  EXPECT_EQ(codesOf("optimizer x =\noptimizer y { w' = w }\n"), "E0224");
  EXPECT_EQ(codesOf("optimizer x = clip |>\nlet y = 1\n"), "E0224");
  EXPECT_EQ(codesOf("optimizer x = clip adamw\nlet y = 1\n"), "E0201");
  EXPECT_EQ(codesOf("optimizer x = 3\nlet y = 1\n"), "E0224");
  EXPECT_EQ(codesOf("optimizer x {\n  let y = a |> b\n  w' = w - y\n}\n"), "E0227");
  EXPECT_EQ(codesOf("optimizer x = a(lr = ) |> b\noptimizer y = c(\n"), "E0202 E0202");
}

TEST(Generics, areMadeOfOptimizers) {
  EXPECT_EQ(treeOf("optimizer slow<inner: optimizer, other: optimizer> {\n  w' = inner(w, g)\n}\n"),
            "optimizer slow\n  part inner : optimizer\n  part other : optimizer\n  equation w'\n    call inner\n      "
            "w\n      g\n");
  EXPECT_EQ(composed("sam<clip |> lookahead<adamw>(k = 6)>(0.1)"),
            "  use sam\n    pipe\n      stage\n        use clip\n      stage\n        use lookahead\n"
            "          use adamw\n          argument k\n            6\n    argument\n      0.1\n");
  EXPECT_EQ(composed("a<b where rank >= 2>"), composed("a<b where (rank >= 2)>"));
  EXPECT_EQ(composed("a<b where (rank > 2) |> c(1 > 2)>").substr(0, 7), "  use a");
  EXPECT_EQ(codesOf("optimizer x<P> {\n  w' = w\n}\n"), "E0256");
  EXPECT_EQ(codesOf("optimizer x = a<b\nlet y = 1\n"), "E0203");
}

TEST(Selections, haveBranches) {
  EXPECT_EQ(composed("select {\n  hidden: matrix and not name(\"embed*\", \"head*\") -> muon(lr = 0.02)\n"
                     "  group(\"norms\") -> frozen\n  _ -> clip\n    |> adamw\n}"),
            "  select\n    branch hidden\n      of\n        and\n          matrix\n          not\n"
            "            name(\"embed*\", \"head*\")\n      use muon\n        argument lr\n          0.02\n"
            "    branch\n      of\n        group(\"norms\")\n      frozen\n    branch\n      pipe\n        stage\n"
            "          use clip\n        stage\n          use adamw\n");
  EXPECT_EQ(composed("clip |> select { rank > 1 -> a; rest: _ -> b } |> ema").substr(0, 7), "  pipe\n");
}

TEST(Selections, mistakesInThem) {
  EXPECT_EQ(codesOf("optimizer x = select { }\n"), "E0225");
  EXPECT_EQ(codesOf("optimizer x = select { matrix => a; _ -> b }\nlet y = 1\n"), "E0225");
  EXPECT_EQ(codesOf("optimizer x = select { matrix: a; _ -> b }\nlet y = 1\n"), "E0225");
  EXPECT_EQ(codesOf("optimizer x = select { matrix -> a, _ -> b }\nlet y = 1\n"), "E0225");
  EXPECT_EQ(codesOf("optimizer x = select { matrix -> a; else -> b }\n"), "E0225");
  EXPECT_EQ(codesOf("optimizer x = select { name(embed) -> a; _ -> b }\nlet y = 1\n"), "E0233");
  EXPECT_EQ(codesOf("optimizer x = select {\n  matrix -> a\nlet y = 1\n"), "E0204");
}

TEST(Clauses, sayHowStatesAreStored) {
  EXPECT_EQ(composed("adamw(lr = 1) with { m, v store bf16; master f32 } |> ema with {\n  shadow store f32\n}"),
            "  pipe\n    stage\n      with\n        use adamw\n          argument lr\n            1\n"
            "        m, v store bf16\n        master f32\n    stage\n      with\n        use ema\n"
            "        shadow store f32\n");
  EXPECT_EQ(codesOf("optimizer x = a with { m store q8(block 256); v store bf16 }\n"), "E0919");
  EXPECT_EQ(codesOf("optimizer x = a with { m store bf16 when size > 10 }\n"), "E0919");
  EXPECT_EQ(codesOf("optimizer x = a with { w store bf16 }\n"), "E0304");
  EXPECT_EQ(codesOf("optimizer x = a with { m bf16 }\nlet y = 1\n"), "E0201");
}

TEST(Compositions, theirWordsNameNoDeclarations) {
  EXPECT_EQ(codesOf("optimizer frozen { w' = w }\n"), "E0304");
  EXPECT_EQ(codesOf("optimizer select { w' = w }\n"), "E0304");
  EXPECT_EQ(codesOf("transform _ { after { w' = w } }\n"), "E0304");
}

TEST(Compositions, mayHaveHypersOfTheirOwn) {
  EXPECT_EQ(
      composed("{\n  hyper peak = 1e-3 in [0, inf)\n  metric rate = peak\n\n  clip(1)\n    |> adamw(lr = peak)\n}"),
      "  hyper peak [group] : real = 0 in [0, inf)\n  pipe\n    stage\n      use clip\n        argument\n          1\n"
      "    stage\n      use adamw\n        argument lr\n          peak\n  metric rate\n    peak\n");
  EXPECT_EQ(codesOf("optimizer x = {\n  hyper peak = 1\n}\n"), "E0224");
  EXPECT_EQ(codesOf("optimizer x = {\n  adamw\n  ema\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer x = {\n  adamw\n  hyper peak = 1\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer x = {\n  hyper lr = 1\n  w' = w - lr*g\n}\n"), "E0222");
  EXPECT_EQ(codesOf("optimizer x = {\n  lr = 1\n  adamw(lr = lr)\n}\n"), "E0211");
  EXPECT_EQ(codesOf("optimizer x = {\n  hypr lr = 1\n  adamw(lr = lr)\n}\n"), "E0212");
}

TEST(Calls, mayNameTheirArguments) {
  EXPECT_EQ(treeOf("let a = cosine(1000, floor = 0.1)\n"),
            "constant a\n  call cosine\n    1000\n    floor =\n      0.1\n");
  EXPECT_EQ(codesOf("let a = max(x = 1, 2)\n"), "E0217");
}

TEST(Depth, ofCompositionsIsLimited) {
  auto repeated = [](std::string_view text, size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i)
      result += text;
    return result;
  };
  constexpr size_t many = 50000;
  EXPECT_EQ(codesOf("optimizer x = " + repeated("(", many)), "E0208");
  EXPECT_EQ(codesOf("optimizer x = " + repeated("a<", many)), "E0208");
  EXPECT_EQ(codesOf("optimizer x = " + repeated("select { _ -> ", many)), "E0208");
  EXPECT_EQ(codesOf("optimizer x = a" + repeated(" with { master f32 }", many)), "E0201");
  EXPECT_EQ(codesOf("let x = a" + repeated(" then a", many)), "E0208");
  EXPECT_EQ(codesOf("let x = " + repeated("f(a = ", many)), "E0208");
}

} // namespace
} // namespace ravine::test

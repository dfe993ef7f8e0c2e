// Sentences: numbers as people write them, cutting, and names that are not well behaved.
#include "runtime/core/Sentence.h"
#include "runtime/core/Names.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <string>

namespace ravine::core {

namespace {

std::string written(double value) {
  Sentence sentence;
  sentence << value;
  return sentence.text();
}

TEST(Sentence, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(written(0), "0");
  EXPECT_EQ(written(-1), "-1");
  EXPECT_EQ(written(1000), "1000");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(0.999), "0.999");
  EXPECT_EQ(written(-2.5), "-2.5");
  EXPECT_EQ(written(1e-8), "1e-8");
  EXPECT_EQ(written(1.5e-10), "1.5e-10");
  EXPECT_EQ(written(1e20), "1e20");
  EXPECT_EQ(written(-1e100), "-1e100");
  EXPECT_EQ(written(INFINITY), "inf");
  EXPECT_EQ(written(-INFINITY), "-inf");
  EXPECT_EQ(written(NAN), "nan");
}

TEST(Sentence, WritesTheShortestNumberThatReadsBack) {
  for (double value : {1.0 / 3, 0.1 + 0.2, DBL_MIN, DBL_MAX, DBL_TRUE_MIN, std::nextafter(1.0, 2.0)})
    EXPECT_EQ(std::strtod(written(value).c_str(), nullptr), value);
  EXPECT_EQ(written(0.1 + 0.2), "0.30000000000000004");
}

TEST(Sentence, IgnoresTheLocale) {
  // A locale with a decimal comma, made here because few machines have one installed.
  std::string folder = testing::TempDir() + "ravine_locale";
  std::string make = "mkdir -p " + folder + " && localedef -i de_DE -f UTF-8 " + folder + "/de_DE.UTF-8 2> /dev/null";
  bool isMade = std::system(make.c_str()) == 0;
  setenv("LOCPATH", folder.c_str(), 1);
  isMade = isMade && std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;
  unsetenv("LOCPATH");
  if (!isMade)
    GTEST_SKIP() << "localedef cannot make a locale with a decimal comma";
  EXPECT_EQ(std::localeconv()->decimal_point[0], ',');
  EXPECT_EQ(written(2.5), "2.5");
  EXPECT_EQ(written(1.5e-10), "1.5e-10");
  std::setlocale(LC_NUMERIC, "C");
}

TEST(Sentence, CutsBetweenCharacters) {
  std::string name(Sentence::capacity - 2, 'a');
  Sentence sentence;
  sentence << (name + "β and more").c_str() << "!";
  EXPECT_EQ(sentence.text(), name);

  char four[4];
  copyText(four, sizeof four, "aββ");
  EXPECT_STREQ(four, "aβ");
  copyText(four, sizeof four, "ββ");
  EXPECT_STREQ(four, "β");
}

TEST(Sentence, IsOneLine) {
  Sentence sentence;
  sentence << "tensor " << Quoted{"a\nb\tc"};
  EXPECT_STREQ(sentence.text(), "tensor \"a b c\"");
}

std::string suggested(const char *name) {
  static const char *const names[] = {"lr", "momentum", "weight_decay"};
  return unknownName("sgd", "hyper", name, NameList(names, 3)).text();
}

TEST(Names, SuggestsTheNearest) {
  EXPECT_EQ(suggested("l"), "sgd has no hyper \"l\"; did you mean \"lr\"?");
  EXPECT_EQ(suggested("rl"), "sgd has no hyper \"rl\"; did you mean \"lr\"?");
  EXPECT_EQ(suggested("momentun"), "sgd has no hyper \"momentun\"; did you mean \"momentum\"?");
  EXPECT_EQ(suggested("weightdecay"), "sgd has no hyper \"weightdecay\"; did you mean \"weight_decay\"?");
}

TEST(Names, ListsThemWhereNoneIsNear) {
  EXPECT_EQ(suggested("epsilon"), "sgd has no hyper \"epsilon\"; it has lr, momentum, weight_decay");
  std::string endless(1000, 'x');
  EXPECT_EQ(suggested(endless.c_str()).substr(0, 30), "sgd has no hyper \"xxxxxxxxxxxx");
  EXPECT_STREQ(unknownName("sgd", "state", "m", NameList(nullptr, 0)).text(), "sgd has no state \"m\"");
}

} // namespace

} // namespace ravine::core

// The command line of the lenet program: what it takes, and the sentences for what it does not.
#include "examples/lenet/CommandLine.h"

#include <gmock/gmock.h>

namespace lenet {
namespace {

std::optional<CommandLine> parse(std::vector<const char *> words) {
  words.insert(words.begin(), "lenet");
  return parseCommandLine(static_cast<int>(words.size()), words.data());
}

/// What is said about a call with the library and these words.
std::string refusal(const std::vector<const char *> &words) {
  std::vector<const char *> all = {"--library", "a.so"};
  all.insert(all.end(), words.begin(), words.end());
  try {
    parse(all);
  } catch (const UsageError &error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(LeNetCommandLine, TakesEveryOption) {
  const std::optional<CommandLine> line =
      parse({"--library", "a.so",     "--optimizer", "lion",    "--set",   "lr=1e-3", "--set",
             "note=a=b",  "--epochs", "3",           "--batch", "32",      "--seed",  "18446744073709551615",
             "--threads", "1024",     "--data",      "d",       "--limit", "500"});
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->program, "lenet");
  EXPECT_EQ(line->library, "a.so");
  EXPECT_EQ(line->optimizer, "lion");
  EXPECT_THAT(line->settings, testing::ElementsAre(testing::Pair("lr", "1e-3"), testing::Pair("note", "a=b")));
  EXPECT_EQ(line->epochs, 3U);
  EXPECT_EQ(line->batch, 32);
  EXPECT_EQ(line->seed, UINT64_MAX);
  EXPECT_EQ(line->threads, 1024U);
  EXPECT_EQ(line->data, "d");
  EXPECT_EQ(line->limit, 500);
}

TEST(LeNetCommandLine, HelpIsNoCall) {
  EXPECT_FALSE(parse({"--help"}).has_value());
  EXPECT_FALSE(parse({"--epochs", "2", "-h"}).has_value());
}

TEST(LeNetCommandLine, TakesWholeNumbersInRangeOnly) {
  for (const std::string text : {"0", "1025", "4294967295", "4294967297", "99999999999999999999", "-1", "+1", " 1",
                                 "1 ", "1.0", "1e2", "0x10", "two", ""})
    EXPECT_EQ(refusal({"--threads", text.c_str()}),
              "--threads takes a whole number from 1 to 1024, not '" + text + "'");
  EXPECT_EQ(refusal({"--epochs", "0"}), "--epochs takes a whole number from 1 to 4294967295, not '0'");
  EXPECT_EQ(refusal({"--batch", "0"}), "--batch takes a whole number from 1 to 9223372036854775807, not '0'");
  EXPECT_EQ(refusal({"--limit", "-5"}), "--limit takes a whole number from 1 to 9223372036854775807, not '-5'");
  EXPECT_EQ(refusal({"--seed", "-1"}), "--seed takes a whole number from 0 to 18446744073709551615, not '-1'");
}

TEST(LeNetCommandLine, TakesSettingsWithAName) {
  EXPECT_EQ(refusal({"--set", "lr"}), "--set takes name=value, not 'lr'");
  EXPECT_EQ(refusal({"--set", "=1"}), "--set takes name=value, not '=1'");
  EXPECT_EQ(refusal({"--lr", "0.1"}), "hyperparameters are set by --set: --set lr=0.1");
}

TEST(LeNetCommandLine, SaysWhatIsMissingOrUnknown) {
  EXPECT_EQ(refusal({"--epochs"}), "--epochs takes a value");
  EXPECT_EQ(refusal({"--eopchs", "3"}), "there is no option '--eopchs'");
  EXPECT_THAT([] { parse({}); },
              testing::ThrowsMessage<UsageError>("--library is missing: the path of a compiled optimizer"));
}

} // namespace
} // namespace lenet

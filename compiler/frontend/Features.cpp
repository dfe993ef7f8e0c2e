// The words by which unavailable parts of the language are recognised.
#include "compiler/frontend/Features.h"

#include <algorithm>
#include <array>

namespace ravine {

namespace {

struct Word {
  std::string_view text;
  Feature feature;
};

constexpr Feature declaration(Code code) {
  return {code, "declaration"};
}
constexpr Feature statement(Code code) {
  return {code, "statement"};
}
constexpr Feature oracle{Code::E0923, "oracle"};
constexpr Feature draw{Code::E0924, "random draw"};

constexpr std::array itemWords = {
    Word{"compressor", declaration(Code::E0902)}, Word{"message", declaration(Code::E0902)},
    Word{"encode", declaration(Code::E0902)},     Word{"decode", declaration(Code::E0902)},
    Word{"index", declaration(Code::E0918)},      Word{"push", statement(Code::E0918)},
    Word{"compute", statement(Code::E0919)},      Word{"store", statement(Code::E0919)},
    Word{"every", statement(Code::E0920)},        Word{"when", statement(Code::E0920)},
    Word{"iterate", statement(Code::E0921)},      Word{"objective", declaration(Code::E0923)},
};

constexpr std::array functionWords = {
    Word{"grad", oracle},
    Word{"gradient", oracle},
    Word{"loss", {oracle.code, oracle.noun, "let the host set the loss at `w`: `hyper loss [model] = 0`"}},
    Word{"hvp", oracle},
    Word{"grads", oracle},
    Word{"losses", oracle},
    Word{"uniform", draw},
    Word{"normal", draw},
    Word{"rademacher", draw},
    Word{"bernoulli", draw},
    Word{"laplace", draw},
    Word{"sphere", draw},
    Word{"permutation", draw},
    Word{"scatter", {Code::E0918, "placement"}},
    Word{"decode", {Code::E0902, "compressor function"}},
};

template <size_t count> std::optional<Feature> find(const std::array<Word, count> &words, std::string_view text) {
  const auto *word = std::ranges::find(words, text, &Word::text);
  return word == words.end() ? std::nullopt : std::optional(word->feature);
}

} // namespace

std::optional<Feature> featureOfItem(std::string_view word) {
  return find(itemWords, word);
}

std::optional<Feature> featureOfFunction(std::string_view name) {
  return find(functionWords, name);
}

std::vector<std::string_view> itemFeatureWords() {
  std::vector<std::string_view> words;
  for (const Word &word : itemWords)
    words.push_back(word.text);
  return words;
}

} // namespace ravine

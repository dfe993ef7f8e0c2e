// The numbers of tensors, and inputs as text.
#include "test/fuzz/rules/Inputs.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>

namespace ravine::fuzz {

namespace json = llvm::json;

// ---- numbers

/// SplitMix64 (Steele, Lea & Flood 2014): a number that depends on every bit of `key`.
static uint64_t mix(uint64_t key) {
  key += 0x9e3779b97f4a7c15u;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
  key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
  return key ^ (key >> 31);
}

static float ordinary(uint64_t bits) {
  double unit = static_cast<double>(bits >> 40) / 0x1p23 - 1;
  int exponent = static_cast<int>(bits % 24) - 16;
  switch (bits / 24 % 64) {
  case 0:
    return 0.0f;
  case 1:
    return -0.0f;
  case 2:
    return std::bit_cast<float>(static_cast<uint32_t>(bits >> 41)); // subnormal
  case 3:
    return -1.0f;
  default:
    return static_cast<float>(std::ldexp(unit, exponent));
  }
}

static float extreme(uint64_t bits) {
  double unit = static_cast<double>(bits >> 40) / 0x1p23 - 1;
  static constexpr int exponents[] = {-149, -140, -127, -126, -125, -64, 0, 63, 64, 126, 127};
  return static_cast<float>(std::ldexp(unit, exponents[bits % 11]));
}

static float nonFinite(uint64_t bits) {
  switch (bits >> 59) {
  case 0:
    return INFINITY;
  case 1:
    return -INFINITY;
  case 2:
    return NAN;
  default:
    return ordinary(mix(bits));
  }
}

static float number(Numbers numbers, uint64_t bits) {
  switch (numbers) {
  case Numbers::Ordinary:
    return ordinary(bits);
  case Numbers::Mild:
    return static_cast<float>((static_cast<double>(bits >> 40) / 0x1p24 + 0.5) * ((bits & 1) != 0 ? 1 : -1));
  case Numbers::Extreme:
    return extreme(bits);
  case Numbers::NonFinite:
    return nonFinite(bits);
  case Numbers::Zero:
    return (bits & 1) != 0 ? 0.0f : -0.0f;
  }
  return 0;
}

/// What memory holds of a number.
static float rounded(float number, ravine_dtype dtype) {
  if (dtype != RAVINE_BF16 && dtype != RAVINE_F16)
    return number;
  llvm::APFloat narrow(number);
  bool losesDigits = false;
  narrow.convert(dtype == RAVINE_BF16 ? llvm::APFloat::BFloat() : llvm::APFloat::IEEEhalf(),
                 llvm::APFloat::rmNearestTiesToEven, &losesDigits);
  return static_cast<float>(narrow.convertToDouble());
}

static std::vector<float> draw(const TensorInput &tensor, Numbers numbers, uint64_t stream, ravine_dtype dtype) {
  std::vector<float> values(tensor.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = rounded(number(numbers, mix(mix(tensor.seed + stream) + i)), dtype);
  return values;
}

size_t TensorInput::size() const {
  return static_cast<size_t>(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
}

bool TensorInput::isAbsent(size_t step) const {
  return std::ranges::find(absent, static_cast<int64_t>(step)) != absent.end();
}

std::vector<float> TensorInput::parameter() const {
  return draw(*this, numbers == Numbers::NonFinite ? Numbers::Ordinary : numbers, 0,
              parsePrecision(precision)->parameter);
}

std::vector<float> TensorInput::gradient(size_t step) const {
  // Infinite and NaN gradients come in every second step, so that those which are skipped have steps around them.
  bool isFinite = numbers != Numbers::NonFinite || step % 2 == 1;
  return draw(*this, isFinite && numbers == Numbers::NonFinite ? Numbers::Ordinary : numbers, step + 1,
              parsePrecision(precision)->gradient);
}

// ---- for the host

std::map<std::string, double> Inputs::changesBefore(size_t step) const {
  std::map<std::string, double> changes;
  if (step == 1)
    changes = later;
  if (step == 2)
    for (const std::string &name : returned)
      changes[name] = NAN;
  return changes;
}

std::string Inputs::nameOf(size_t tensor) const {
  const std::string &name = tensors[tensor].name;
  return name.empty() ? "tensor" + std::to_string(tensor) : name;
}

std::vector<Precision> Inputs::precisions() const {
  std::vector<Precision> all;
  for (const TensorInput &tensor : tensors)
    if (std::ranges::none_of(all, [&](const Precision &it) { return it.name == tensor.precision; }))
      all.push_back(*parsePrecision(tensor.precision));
  return all;
}

Inputs Inputs::forHost(const std::vector<std::string> &names, const std::set<std::string> &scheduled) const {
  Inputs named = *this;
  for (auto *values : {&named.hypers, &named.odd, &named.later})
    values->clear();
  named.returned.clear();
  for (const std::string &name : names) {
    std::string own = name.substr(name.rfind('.') + 1); // all of it if there is no dot
    auto take = [&](const std::map<std::string, double> &from, std::map<std::string, double> &to) {
      if (auto value = from.find(own); value != from.end())
        to[name] = value->second;
    };
    take(hypers, named.hypers);
    take(odd, named.odd);
    take(later, named.later);
    if (returned.contains(own) && scheduled.contains(name))
      named.returned.insert(name);
  }
  return named;
}

// ---- text

std::map<std::string, double> Inputs::hypersOf(size_t tensor) const {
  return tensor % 2 == 1 ? odd : std::map<std::string, double>();
}

static json::Object objectOf(const std::map<std::string, double> &hypers) {
  json::Object object;
  for (const auto &[name, value] : hypers)
    object[name] = value;
  return object;
}

std::string Inputs::text() const {
  json::Array list;
  for (const TensorInput &tensor : tensors)
    list.push_back(json::Object{{"shape", json::Array(tensor.shape)},
                                {"numbers", static_cast<int64_t>(tensor.numbers)},
                                {"seed", static_cast<int64_t>(tensor.seed)},
                                {"absent", json::Array(tensor.absent)},
                                {"name", tensor.name},
                                {"rowAxes", tensor.rowAxes},
                                {"precision", tensor.precision}});
  json::Object all{{"steps", static_cast<int64_t>(steps)},
                   {"hypers", objectOf(hypers)},
                   {"odd", objectOf(odd)},
                   {"later", objectOf(later)},
                   {"returned", json::Array(returned)},
                   {"tensors", std::move(list)}};
  return llvm::formatv("{0}", json::Value(std::move(all)));
}

static std::map<std::string, double> hypersIn(const json::Object &object, llvm::StringRef key) {
  std::map<std::string, double> hypers;
  if (const json::Object *given = object.getObject(key))
    for (const auto &[name, value] : *given)
      hypers[name.str()] = value.getAsNumber().value_or(0);
  return hypers;
}

static std::vector<int64_t> integersIn(const json::Object &object, llvm::StringRef key) {
  std::vector<int64_t> integers;
  if (const json::Array *given = object.getArray(key))
    for (const json::Value &value : *given)
      integers.push_back(value.getAsInteger().value_or(0));
  return integers;
}

std::optional<Inputs> parseInputs(const std::string &text) {
  llvm::Expected<json::Value> parsed = json::parse(text);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return std::nullopt;
  }
  const json::Object *all = parsed->getAsObject();
  const json::Array *list = all ? all->getArray("tensors") : nullptr;
  if (!list)
    return std::nullopt;
  Inputs inputs;
  inputs.steps = static_cast<size_t>(all->getInteger("steps").value_or(1));
  inputs.hypers = hypersIn(*all, "hypers");
  inputs.odd = hypersIn(*all, "odd");
  inputs.later = hypersIn(*all, "later");
  if (const json::Array *names = all->getArray("returned"))
    for (const json::Value &name : *names)
      inputs.returned.insert(name.getAsString().value_or("").str());
  for (const json::Value &value : *list)
    if (const json::Object *tensor = value.getAsObject())
      inputs.tensors.push_back(
          {integersIn(*tensor, "shape"), static_cast<Numbers>(tensor->getInteger("numbers").value_or(0)),
           static_cast<uint64_t>(tensor->getInteger("seed").value_or(0)), integersIn(*tensor, "absent"),
           tensor->getString("name").value_or("").str(), tensor->getInteger("rowAxes").value_or(1),
           tensor->getString("precision").value_or("f32").str()});
  bool areKnown = std::ranges::all_of(
      inputs.tensors, [](const TensorInput &tensor) { return parsePrecision(tensor.precision).has_value(); });
  return areKnown ? std::optional(inputs) : std::nullopt;
}

} // namespace ravine::fuzz

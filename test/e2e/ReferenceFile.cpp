// A file of reference trajectories.
#include "test/e2e/ReferenceFile.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <limits>
#include <stdexcept>

namespace ravine::test {
namespace {

namespace json = llvm::json;

int64_t size(const std::vector<int64_t> &shape) {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

/// A row of numbers, cut into tensors.
ModelRow row(const json::Value &value, const std::vector<std::vector<int64_t>> &shapes) {
  const json::Array &numbers = *value.getAsArray();
  int64_t total = 0;
  for (const std::vector<int64_t> &shape : shapes)
    total += size(shape);
  if (total != static_cast<int64_t>(numbers.size()))
    throw std::runtime_error("a row does not have as many numbers as the tensors have elements");
  ModelRow tensors;
  size_t next = 0;
  for (const std::vector<int64_t> &shape : shapes) {
    std::vector<double> &tensor = tensors.emplace_back();
    for (int64_t i = 0; i < size(shape); ++i)
      tensor.push_back(numbers[next++].getAsNumber().value());
  }
  return tensors;
}

std::vector<ModelRow> rows(const json::Array *array, const std::vector<std::vector<int64_t>> &shapes) {
  std::vector<ModelRow> result;
  if (array != nullptr)
    for (const json::Value &value : *array)
      result.push_back(row(value, shapes));
  return result;
}

/// NaN for null, which stands for a hyper that follows its schedule.
HyperValue hyperValue(const json::Value &value) {
  if (value.getAsNull())
    return std::numeric_limits<double>::quiet_NaN();
  if (auto boolean = value.getAsBoolean())
    return *boolean ? 1.0 : 0.0;
  if (auto number = value.getAsNumber())
    return *number;
  return value.getAsString()->str();
}

/// A number, or one for each tensor.
std::vector<double> numbers(const json::Value &value) {
  const json::Array *array = value.getAsArray();
  if (array == nullptr)
    return {value.getAsNumber().value()};
  std::vector<double> result;
  for (const json::Value &element : *array)
    result.push_back(element.getAsNumber().value());
  return result;
}

/// Calls `read(name, values)` for what the object has by names.
template <typename Read> void forEachMember(const json::Object &object, llvm::StringRef key, Read read) {
  if (const json::Object *members = object.getObject(key))
    for (const auto &[name, value] : *members)
      read(name.str(), value);
}

void readHypers(const json::Object &object, ReferenceCase &result) {
  forEachMember(object, "hypers", [&](const std::string &name, const json::Value &value) {
    std::vector<HyperValue> &values = result.hypers[name];
    if (const json::Array *perStep = value.getAsArray())
      for (const json::Value &element : *perStep)
        values.push_back(hyperValue(element));
    else
      values.push_back(hyperValue(value));
  });
}

/// Changes the gradients that all cases of the file share to those of this one.
void readGradients(const json::Object &object, std::vector<ModelRow> &gradients) {
  if (const json::Array *scales = object.getArray("scales"))
    for (size_t step = 0; step < gradients.size(); ++step)
      for (std::vector<double> &tensor : gradients[step])
        for (double &element : tensor)
          element *= (*scales)[step].getAsNumber().value();
  if (const json::Array *specials = object.getArray("specials"))
    for (const json::Value &special : *specials) {
      const json::Array &place = *special.getAsArray();
      auto at = [&](size_t i) { return static_cast<size_t>(place[i].getAsInteger().value()); };
      gradients.at(at(0) - 1).at(at(1)).at(at(2)) = std::stod(place[3].getAsString()->str());
    }
  if (const json::Array *absent = object.getArray("absent"))
    for (const json::Value &pair : *absent) {
      int64_t step = (*pair.getAsArray())[0].getAsInteger().value();
      int64_t tensor = (*pair.getAsArray())[1].getAsInteger().value();
      gradients.at(static_cast<size_t>(step - 1)).at(static_cast<size_t>(tensor)).clear();
    }
}

ReferenceCase readCase(const json::Object &object, const std::vector<std::vector<int64_t>> &shapes, ModelRow start,
                       std::vector<ModelRow> gradients) {
  ReferenceCase result;
  result.name = object.getString("name")->str();
  readHypers(object, result);
  readGradients(object, gradients);
  result.start = object.get("w0") != nullptr ? row(*object.get("w0"), shapes) : std::move(start);
  result.gradients = std::move(gradients);
  result.weights = rows(object.getArray("w"), shapes);
  if (const json::Array *eval = object.getArray("eval"))
    result.views["eval"] = rows(eval, shapes);
  forEachMember(object, "views", [&](const std::string &name, const json::Value &value) {
    result.views[name] = rows(value.getAsArray(), shapes);
  });
  forEachMember(object, "states",
                [&](const std::string &name, const json::Value &value) { result.states[name] = numbers(value); });
  forEachMember(object, "metrics", [&](const std::string &name, const json::Value &value) {
    for (const json::Value &step : *value.getAsArray())
      result.metrics[name].push_back(numbers(step));
  });
  if (const json::Array *skipped = object.getArray("skipped"))
    for (const json::Value &count : *skipped)
      result.skipped.push_back(count.getAsInteger().value());
  result.zeroesGradient = object.getBoolean("zeroes_gradient").value_or(false);
  return result;
}

std::vector<std::string> strings(const json::Object &object, llvm::StringRef key) {
  std::vector<std::string> result;
  if (const json::Array *array = object.getArray(key))
    for (const json::Value &value : *array)
      result.push_back(value.getAsString()->str());
  return result;
}

} // namespace

ReferenceFile::ReferenceFile(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    throw std::runtime_error(path + ": " + buffer.getError().message());
  llvm::Expected<json::Value> parsed = json::parse((*buffer)->getBuffer());
  if (!parsed)
    throw std::runtime_error(path + ": " + llvm::toString(parsed.takeError()));
  const json::Object &file = *parsed->getAsObject();
  optimizer = file.getString("optimizer").value_or("").str();
  names = strings(file, "names");
  groups = strings(file, "groups");
  if (const json::Array *given = file.getArray("group_of"))
    for (const json::Value &group : *given)
      groupOf.push_back(static_cast<uint32_t>(group.getAsInteger().value()));
  const json::Array &gradients = *file.getArray("g");
  if (const json::Array *given = file.getArray("shapes")) {
    for (const json::Value &shape : *given)
      for (shapes.emplace_back(); const json::Value &extent : *shape.getAsArray())
        shapes.back().push_back(extent.getAsInteger().value());
  } else {
    shapes = {{static_cast<int64_t>(gradients[0].getAsArray()->size())}};
  }
  ModelRow start = file.get("w0") != nullptr ? row(*file.get("w0"), shapes) : ModelRow();
  for (const json::Value &value : *file.getArray("cases"))
    cases.push_back(readCase(*value.getAsObject(), shapes, start, rows(&gradients, shapes)));
}

} // namespace ravine::test

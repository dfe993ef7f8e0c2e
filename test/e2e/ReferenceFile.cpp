// A file of reference trajectories.
#include "test/e2e/ReferenceFile.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

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

HyperValue hyperValue(const json::Value &value) {
  if (auto boolean = value.getAsBoolean())
    return *boolean ? 1.0 : 0.0;
  if (auto number = value.getAsNumber())
    return *number;
  return value.getAsString()->str();
}

ReferenceCase readCase(const json::Object &object, const std::vector<std::vector<int64_t>> &shapes,
                       std::vector<ModelRow> gradients) {
  ReferenceCase result;
  result.name = object.getString("name")->str();
  for (const auto &[name, value] : *object.getObject("hypers")) {
    std::vector<HyperValue> &values = result.hypers[name.str()];
    if (const json::Array *perStep = value.getAsArray())
      for (const json::Value &element : *perStep)
        values.push_back(hyperValue(element));
    else
      values.push_back(hyperValue(value));
  }
  if (const json::Array *absent = object.getArray("absent"))
    for (const json::Value &pair : *absent) {
      int64_t step = (*pair.getAsArray())[0].getAsInteger().value();
      int64_t tensor = (*pair.getAsArray())[1].getAsInteger().value();
      gradients.at(static_cast<size_t>(step - 1)).at(static_cast<size_t>(tensor)).clear();
    }
  result.start = row(*object.get("w0"), shapes);
  result.gradients = std::move(gradients);
  result.weights = rows(object.getArray("w"), shapes);
  result.eval = rows(object.getArray("eval"), shapes);
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
  optimizer = file.getString("optimizer")->str();
  const json::Array &gradients = *file.getArray("g");
  if (const json::Array *given = file.getArray("shapes")) {
    for (const json::Value &shape : *given)
      for (shapes.emplace_back(); const json::Value &extent : *shape.getAsArray())
        shapes.back().push_back(extent.getAsInteger().value());
  } else {
    shapes = {{static_cast<int64_t>(gradients[0].getAsArray()->size())}};
  }
  for (const json::Value &value : *file.getArray("cases"))
    cases.push_back(readCase(*value.getAsObject(), shapes, rows(&gradients, shapes)));
}

} // namespace ravine::test

// Parameters, gradients and states in bf16, f16 and f64, against references that round where memory is written and
// nowhere else (see test/stdlib/generate_precisions.py). What is stored in bf16 or f16 has to be the same to the last
// bit.
#include "runtime/abi/ravine.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <gtest/gtest.h>

namespace {

namespace json = llvm::json;

const json::Array &cases() {
  static const json::Value file = [] {
    auto buffer = llvm::MemoryBuffer::getFile(RAVINE_SOURCE "/test/stdlib/compositions/precisions.json");
    return llvm::cantFail(json::parse((*buffer)->getBuffer()));
  }();
  return *file.getAsObject()->getArray("cases");
}

std::vector<double> numbers(const json::Value &value) {
  std::vector<double> result;
  for (const json::Value &number : *value.getAsArray())
    result.push_back(number.getAsNumber().value());
  return result;
}

ravine_dtype dtypeOf(llvm::StringRef name) {
  if (name == "f64")
    return RAVINE_F64;
  if (name == "bf16")
    return RAVINE_BF16;
  return name == "f16" ? RAVINE_F16 : RAVINE_F32;
}

bool isNarrow(ravine_dtype dtype) {
  return dtype == RAVINE_BF16 || dtype == RAVINE_F16;
}

const llvm::fltSemantics &semantics(ravine_dtype dtype) {
  return dtype == RAVINE_BF16 ? llvm::APFloat::BFloat() : llvm::APFloat::IEEEhalf();
}

/// Memory of a host, in one of its formats.
class Stored {
public:
  Stored(ravine_dtype dtype, const std::vector<double> &values)
      : dtype(dtype), bytes(values.size() * (dtype == RAVINE_F64 ? 8
                                             : isNarrow(dtype)   ? 2
                                                                 : 4)) {
    for (size_t i = 0; i < values.size(); ++i)
      write(i, values[i]);
  }

  void *data() { return bytes.data(); }

  static double read(ravine_dtype dtype, const void *data, size_t index) {
    if (dtype == RAVINE_F64)
      return static_cast<const double *>(data)[index];
    if (dtype == RAVINE_F32)
      return static_cast<const float *>(data)[index];
    uint16_t bits = static_cast<const uint16_t *>(data)[index];
    return llvm::APFloat(semantics(dtype), llvm::APInt(16, bits)).convertToDouble();
  }

  [[nodiscard]] double at(size_t index) const { return read(dtype, bytes.data(), index); }

private:
  void write(size_t index, double value) {
    if (dtype == RAVINE_F64)
      return put(index, value);
    if (dtype == RAVINE_F32)
      return put(index, static_cast<float>(value));
    llvm::APFloat narrow(value);
    bool losesDigits = false;
    narrow.convert(semantics(dtype), llvm::APFloat::rmNearestTiesToEven, &losesDigits);
    ASSERT_FALSE(losesDigits) << "the reference has a number that its format cannot hold";
    put(index, static_cast<uint16_t>(narrow.bitcastToAPInt().getZExtValue()));
  }
  template <typename T> void put(size_t index, T value) { std::memcpy(&bytes[index * sizeof(T)], &value, sizeof(T)); }

  ravine_dtype dtype;
  std::vector<unsigned char> bytes;
};

class Precision : public testing::TestWithParam<size_t> {
protected:
  void SetUp() override {
    library = dlopen(RAVINE_COMPOSITION_LIBRARIES "/libprecisions.so", RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    table = reinterpret_cast<ravine_entry_point>(dlsym(library, RAVINE_ENTRY_POINT))();
    create();
  }
  void TearDown() override {
    if (instance != nullptr)
      table->destroy(instance);
    if (library != nullptr)
      dlclose(library);
  }

  void create() {
    auto shape = static_cast<int64_t>(test.getArray("w0")->size());
    ravine_tensor tensor{};
    tensor.struct_size = sizeof(tensor);
    tensor.name = "w";
    tensor.shape = &shape;
    tensor.rank = 1;
    tensor.parameter_dtype = parameterDtype;
    tensor.gradient_dtype = gradientDtype;
    std::string name = test.getString("optimizer")->str();
    ravine_create_args args{};
    args.struct_size = sizeof(args);
    args.abi_version = RAVINE_ABI_VERSION;
    args.group_count = 1;
    args.optimizer = name.c_str();
    args.tensors = &tensor;
    args.tensor_count = 1;
    ASSERT_EQ(table->create(&args, &instance, &error), RAVINE_OK) << error.message;
  }

  void step(Stored &parameter, Stored &gradient) {
    void *const parameters[] = {parameter.data()};
    const void *const gradients[] = {gradient.data()};
    ravine_step_args args{};
    args.struct_size = sizeof(args);
    args.parameters = parameters;
    args.gradients = gradients;
    ASSERT_EQ(table->step(instance, &args, &error), RAVINE_OK) << error.message;
  }

  void expectState(const std::string &name, const json::Object &state, size_t step) {
    ravine_state_view view{};
    view.struct_size = sizeof(view);
    ASSERT_EQ(table->view_state(instance, 0, name.c_str(), &view, &error), RAVINE_OK) << error.message;
    ASSERT_TRUE(view.exists);
    llvm::StringRef stored = *state.getString("stored");
    ravine_dtype expected = stored.empty() ? (parameterDtype == RAVINE_F64 ? RAVINE_F64 : RAVINE_F32) : dtypeOf(stored);
    ASSERT_EQ(view.dtype, expected);
    std::vector<double> truth = numbers((*state.getArray("numbers"))[step]);
    ASSERT_EQ(view.count, truth.size());
    for (size_t i = 0; i < truth.size(); ++i)
      expectNumber(Stored::read(view.dtype, view.data, i), truth[i], view.dtype, step);
  }

  /// A narrow number is what the reference says; what f32 and f64 hold has an error that grows with the steps.
  static void expectNumber(double actual, double truth, ravine_dtype dtype, size_t step) {
    double unit = isNarrow(dtype) ? 0 : dtype == RAVINE_F64 ? 0x1p-52 : 0x1p-23;
    ASSERT_NEAR(actual, truth, 4 * static_cast<double>(step + 1) * unit * std::max(std::abs(truth), 1.0));
  }

  const json::Object &test = *cases()[GetParam()].getAsObject();
  ravine_dtype parameterDtype = dtypeOf(*test.getString("parameter"));
  ravine_dtype gradientDtype = dtypeOf(*test.getString("gradient"));
  void *library = nullptr;
  const ravine_library *table = nullptr;
  ravine_optimizer *instance = nullptr;
  ravine_error error = [] {
    ravine_error none{};
    none.struct_size = sizeof(none);
    return none;
  }();
};

TEST_P(Precision, RoundsWhereItStores) {
  Stored parameter(parameterDtype, numbers(*test.get("w0")));
  const json::Array &gradients = *test.getArray("g");
  for (size_t step = 0; step < gradients.size(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step + 1));
    Stored gradient(gradientDtype, numbers(gradients[step]));
    this->step(parameter, gradient);
    std::vector<double> truth = numbers((*test.getArray("w"))[step]);
    for (size_t i = 0; i < truth.size(); ++i)
      expectNumber(parameter.at(i), truth[i], parameterDtype, step);
    for (const auto &[name, state] : *test.getObject("states")) {
      SCOPED_TRACE(name.str());
      expectState(name.str(), *state.getAsObject(), step);
    }
  }
}

/// A master copy exists only where parameters are stored in less than a step computes in.
TEST_P(Precision, MasterExistsWhereItIsNeeded) {
  ravine_state_view view{};
  view.struct_size = sizeof(view);
  ravine_status status = table->view_state(instance, 0, "master", &view, &error);
  bool exists = status == RAVINE_OK && view.exists != 0;
  EXPECT_EQ(exists, test.getObject("states")->get("master") != nullptr);
}

INSTANTIATE_TEST_SUITE_P(Stdlib, Precision, testing::Range<size_t>(0, cases().size()), [](const auto &info) {
  const json::Object &test = *cases()[info.param].getAsObject();
  return (*test.getString("optimizer") + "_" + *test.getString("parameter") + "_" + *test.getString("gradient")).str();
});

} // namespace

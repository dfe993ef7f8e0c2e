// ravine.hpp: lifetimes, exceptions and spans around the C contract.
#include "runtime/abi/ravine.hpp"
#include "test/runtime/core/Model.h"

namespace ravine::test {

namespace {

using Values = std::vector<float>;

/// The status and the sentence of the Error that `function` throws.
template <typename Function> Outcome thrownBy(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return {error.status(), error.what()};
  }
  return ok;
}

struct Wrapper : testing::TestWithParam<bool> {
  Library library = GetParam() ? Library::open(RAVINE_SAMPLE_MODULE) : Library(ravine_library_v1);
  std::vector<Tensor> tensors = {{.name = "a", .shape = {3}}, {.name = "b", .shape = {1, 2}, .group = 1}};
  Options options = {.optimizer = "momentum",
                     .groupCount = 2,
                     .settings = {{"lr", 0.25}, {.name = "momentum", .value = 0.5, .group = 1}}};
  Values a = Values(3, 1.0f), b = Values(2, 1.0f), ga = Values(3, 2.0f), gb = Values(2, 2.0f);
  std::vector<void *> parameters = {a.data(), b.data()};
  std::vector<const void *> gradients = {ga.data(), gb.data()};
};

INSTANTIATE_TEST_SUITE_P(LinkedAndLoaded, Wrapper, testing::Bool());

TEST_P(Wrapper, DescribesTheLibrary) {
  EXPECT_STREQ(library->name, "sample");
  EXPECT_STREQ((*library).compiler, "written by hand");
  ASSERT_EQ(library.optimizers().size(), 3u);
  EXPECT_STREQ(library.optimizers()[1].name, "averaged");
}

TEST_P(Wrapper, Steps) {
  Optimizer optimizer(library, tensors, options);
  optimizer.step(parameters, gradients);
  EXPECT_EQ(a, Values(3, 0.5f));
  EXPECT_EQ(b, Values(2, 0.5f));
  EXPECT_EQ(optimizer.state<float>(1, "b").size(), 2u);
  EXPECT_EQ(optimizer.state<float>(1, "b")[0], 2.0f);
  EXPECT_TRUE(optimizer.state<float>(0, "b").empty());
  optimizer.set("lr", 0.5, 0);
  EXPECT_EQ(optimizer.get("lr", 0), 0.5);
  EXPECT_EQ(optimizer.get("lr", 1), 0.25);
  optimizer.step();
  EXPECT_EQ(a, Values(3, -0.5f));
  optimizer.configure(std::vector<Setting>{{"period", 3}, {.name = "mode", .choice = "cubic"}});
  EXPECT_EQ(optimizer.get("mode"), 2);
  gradients[0] = nullptr;
  optimizer.step(parameters, gradients);
  EXPECT_EQ(optimizer.steps(), 3);
  EXPECT_EQ(optimizer.tensorSteps(0), 2);
  EXPECT_EQ(optimizer.tensorSteps(1), 3);
}

TEST_P(Wrapper, Moves) {
  Optimizer first(library, tensors, options);
  first.step(parameters, gradients);
  Optimizer second(std::move(first));
  second.step();
  Optimizer third(library, tensors, options);
  third = std::move(second);
  third.step();
  EXPECT_EQ(third.steps(), 3);
  EXPECT_EQ(first.handle(), nullptr);
  EXPECT_EQ(second.handle(), nullptr);
}

TEST_P(Wrapper, KeepsTheLibraryLoaded) {
  Optimizer optimizer = [&] {
    Library copy = library;
    library = Library(ravine_library_v1);
    return Optimizer(std::move(copy), tensors, options);
  }();
  optimizer.step(parameters, gradients);
  EXPECT_EQ(a, Values(3, 0.5f));
}

TEST_P(Wrapper, ThrowsWhatTheLibrarySays) {
  Optimizer optimizer(library, tensors, options);
  EXPECT_EQ(thrownBy([&] { optimizer.set("lr", -1); }), (Outcome{RAVINE_ERROR_RANGE, "lr = -1 is outside [0, inf)"}));
  EXPECT_EQ(thrownBy([&] { optimizer.step(); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "parameters is null, but there is no step before to take them from"}));
  EXPECT_EQ(thrownBy([&] { (void)optimizer.view(0, "c"); }),
            (Outcome{RAVINE_ERROR_NAME, "momentum has no state \"c\"; did you mean \"b\"?"}));
  options.optimizer = "";
  EXPECT_EQ(thrownBy([&] { Optimizer(library, tensors, options); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "sample has several optimizers; name one of momentum, averaged, sized"}));
}

TEST(WrapperOfDtypes, NamesWhatArraysHold) {
  EXPECT_EQ(dtypeOf<float>, RAVINE_F32);
  EXPECT_EQ(dtypeOf<double>, RAVINE_F64);
  EXPECT_EQ(dtypeOf<BFloat16>, RAVINE_BF16);
  EXPECT_EQ(dtypeOf<Float16>, RAVINE_F16);
  static_assert(sizeof(BFloat16) == 2 && sizeof(Float16) == 2);
}

TEST(WrapperOfDtypes, WorksInEach) {
  Library library = Library::open(RAVINE_COMPOSITION_MODULE);
  std::vector<Tensor> tensors = {
      {.name = "w", .shape = {2, 1}, .parameter = dtypeOf<BFloat16>, .gradient = dtypeOf<float>},
      {.name = "v", .shape = {2, 1}, .parameter = dtypeOf<double>, .gradient = dtypeOf<double>, .group = 1}};
  Options options = {.optimizer = "lenient", .groupCount = 2, .groupNames = {"", "frozen"}, .settings = {{"every", 2}}};
  Optimizer optimizer(library, tensors, options);
  std::vector<BFloat16> w(2, BFloat16{0x4000}); // 2
  std::vector<float> gw(2, 1.0f);
  std::vector<double> v(2, 2.0), gv(2, 1.0);
  std::vector<void *> parameters = {w.data(), v.data()};
  std::vector<const void *> gradients = {gw.data(), gv.data()};

  EXPECT_EQ(optimizer.get("hidden.lr"), 1);
  EXPECT_TRUE(optimizer.follows("hidden.lr"));
  optimizer.set("hidden.lr", 2, 0);
  EXPECT_EQ(optimizer.get("hidden.lr"), 2);
  EXPECT_FALSE(optimizer.follows("hidden.lr"));
  EXPECT_TRUE(optimizer.follows("hidden.lr", 1));
  optimizer.follow("hidden.lr");
  EXPECT_EQ(optimizer.get("hidden.lr"), 1);
  optimizer.step(parameters, gradients);
  EXPECT_EQ(optimizer.skipped(), 1);
  EXPECT_EQ(optimizer.progress(0).tensor_initialized, 1);
  EXPECT_EQ(optimizer.state<float>(0, "acc")[1], 1);
  EXPECT_TRUE(optimizer.state<double>(1, "acc").empty());
  gw.assign(2, 3.0f);
  optimizer.step();
  EXPECT_EQ(w[1].bits, 0x3FC0); // 2 - 0.25*2 = 1.5
  EXPECT_EQ(v[1], 2);
  EXPECT_EQ(gw[1], 0);
  EXPECT_EQ(optimizer.state<BFloat16>(0, "hidden.b")[0].bits, 0x4000);
  EXPECT_EQ(thrownBy([&] { (void)optimizer.state<Float16>(0, "hidden.b"); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "state hidden.b is stored in another dtype"}));

  ravine_progress progress = optimizer.progress(0);
  Optimizer second(library, tensors, options);
  second.restoreProgress(0, progress);
  EXPECT_EQ(second.progress(0).tensor_steps, 1);
  options.groupNames.pop_back();
  EXPECT_EQ(thrownBy([&] { Optimizer(library, tensors, options); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "1 names for 2 groups"}));
}

TEST_P(Wrapper, ChecksWhatTheLibraryCannotSee) {
  Optimizer optimizer(library, tensors, options);
  EXPECT_EQ(thrownBy([&] { optimizer.step(std::span(parameters).first(1), gradients); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "parameters and gradients need one entry for each of the 2 tensors"}));
  EXPECT_EQ(thrownBy([&] { (void)optimizer.state<double>(1, "b"); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "state b is stored in another dtype"}));
}

TEST(WrapperLibrary, HasToBeOne) {
  EXPECT_EQ(thrownBy([] { (void)Library::open("/nowhere/libnothing.so"); }).status, RAVINE_ERROR_ARGUMENT);
  // A library, but not one of Ravine's.
  EXPECT_EQ(thrownBy([] { (void)Library::open("libm.so.6"); }).status, RAVINE_ERROR_ARGUMENT);
  static ravine_library other;
  other = *ravine_library_v1();
  other.abi_version = 2;
  EXPECT_EQ(thrownBy([] { Library([]() -> const ravine_library * { return &other; }); }),
            (Outcome{RAVINE_ERROR_VERSION, "sample keeps to another version of the contract"}));
  other.abi_version = RAVINE_ABI_VERSION;
  other.struct_size = offsetof(ravine_library, load);
  EXPECT_EQ(thrownBy([] { Library([]() -> const ravine_library * { return &other; }); }),
            (Outcome{RAVINE_ERROR_VERSION, "sample is older than what this program needs of it"}));
}

} // namespace

} // namespace ravine::test

// Hosts that were compiled with an older or a newer header: structs may be shorter or longer than ours.
#include "test/runtime/core/Model.h"

#include <cstddef>

namespace ravine::test {

namespace {

/// A struct of a header to come, with fields that this library does not know.
template <typename Struct> struct Newer {
  Struct known = {};
  uint64_t unknown[3] = {~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}};

  explicit Newer(const Struct &value) : known(value) { known.struct_size = sizeof *this; }
};

TEST(Version, OfTheContractHasToAgree) {
  Model model({3});
  model.args.abi_version = 2;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_VERSION, "the host was compiled for version 2 of the contract, the "
                                                           "library for version 1"}));
}

TEST(Version, NewerStructsAreRead) {
  Model model({3, 2});
  std::vector<Newer<ravine_tensor>> tensors(model.tensors.begin(), model.tensors.end());
  std::vector<Newer<ravine_setting>> settings = {Newer(setting("lr", 0.25)), Newer(setting("momentum", 0.5))};
  Newer host(model.host);
  Newer args(model.args);
  args.known.tensors = &tensors[0].known;
  args.known.settings = &settings[0].known;
  args.known.setting_count = 2;
  args.known.host = &host.known;
  Newer error(ravine_error{});
  ASSERT_EQ(model.library->create(&args.known, &model.optimizer, &error.known), RAVINE_OK);
  EXPECT_EQ(model.read("momentum"), 0.5);

  auto parameters = model.parameters();
  auto gradients = model.gradients();
  Newer step(
      ravine_step_args{.parameters = parameters.data(), .gradients = gradients.data(), .tensors = &tensors[0].known});
  ASSERT_EQ(model.library->step(model.optimizer, &step.known, &error.known), RAVINE_OK);
  EXPECT_EQ(model.w[1], std::vector<float>(2, 0.5f));

  // Fields that only the host knows come back as zero.
  Newer view(ravine_state_view{});
  ASSERT_EQ(model.library->view_state(model.optimizer, 1, "b", &view.known, nullptr), RAVINE_OK);
  EXPECT_EQ(view.known.count, 2u);
  EXPECT_EQ(view.known.struct_size, sizeof view);
  EXPECT_EQ(view.unknown[0] | view.unknown[1] | view.unknown[2], 0u);
  Newer progress(ravine_progress{});
  ASSERT_EQ(model.library->read_progress(model.optimizer, 0, &progress.known, nullptr), RAVINE_OK);
  EXPECT_EQ(progress.known.tensor_steps, 1);
  EXPECT_EQ(progress.unknown[0] | progress.unknown[1] | progress.unknown[2], 0u);
  ASSERT_EQ(model.library->view_state(model.optimizer, 9, "b", &view.known, &error.known), RAVINE_ERROR_ARGUMENT);
  EXPECT_EQ(error.known.struct_size, sizeof error);
  EXPECT_EQ(error.known.status, RAVINE_ERROR_ARGUMENT);
  EXPECT_STREQ(error.known.message, "tensor 9 is not below the number of tensors, which is 2");
}

TEST(Version, OlderStructsAreReadAsFarAsTheyReach) {
  Model model({3});
  // Before the host could be given, and with settings that had no choices.
  std::vector<ravine_setting> settings = {setting("lr", 0.25)};
  settings[0].struct_size = offsetof(ravine_setting, choice);
  settings[0].choice = reinterpret_cast<const char *>(1);
  model.args.settings = settings.data();
  model.args.setting_count = 1;
  model.args.host = reinterpret_cast<const ravine_host *>(1);
  model.args.struct_size = offsetof(ravine_create_args, host);
  EXPECT_EQ(model.create(), ok);
  EXPECT_EQ(model.read("lr"), 0.25);

  // Before threads could be counted.
  model.args.struct_size = sizeof model.args;
  model.host.struct_size = offsetof(ravine_host, thread_count);
  model.host.device = 55;
  model.args.host = &model.host;
  EXPECT_EQ(model.create(), ok);

  // Before streams and repeated descriptions.
  auto parameters = model.parameters();
  auto gradients = model.gradients();
  EXPECT_EQ(model.step({.struct_size = offsetof(ravine_step_args, tensors),
                        .parameters = parameters.data(),
                        .gradients = gradients.data(),
                        .tensors = reinterpret_cast<const ravine_tensor *>(1),
                        .stream = &model}),
            ok);

  // Tensors without dtypes: zero is none.
  model.tensors[0].struct_size = offsetof(ravine_tensor, parameter_dtype);
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has dtype 0, which is none"}));
}

TEST(Version, OlderStructsAreFilledAsFarAsTheyReach) {
  Model model({3});
  EXPECT_EQ(model.create("averaged"), ok);
  EXPECT_EQ(model.step(), ok);
  ravine_progress progress = {.struct_size = offsetof(ravine_progress, tensor_steps), .steps = 77, .tensor_steps = 77};
  EXPECT_EQ(model.library->read_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  EXPECT_EQ(progress.steps, 1);
  EXPECT_EQ(progress.tensor_steps, 77);
  EXPECT_EQ(progress.struct_size, offsetof(ravine_progress, tensor_steps));

  ravine_state_view view = {.struct_size = offsetof(ravine_state_view, count), .count = 77};
  EXPECT_EQ(model.library->view_state(model.optimizer, 0, "u", &view, nullptr), RAVINE_OK);
  EXPECT_EQ(view.exists, 1);
  EXPECT_EQ(view.count, 77u);

  ravine_error error = {.struct_size = 24, .status = 77, .message = "untouched and longer"};
  EXPECT_EQ(model.library->view_state(model.optimizer, 0, "x", &view, &error), RAVINE_ERROR_NAME);
  EXPECT_EQ(error.status, RAVINE_ERROR_NAME);
  EXPECT_STREQ(error.message, "averaged ha"); // 24 bytes hold 11 characters and NUL
  EXPECT_EQ(std::string(error.message + 12), "d longer");
}

TEST(Version, SizesThatNoHeaderHasAreRefused) {
  for (size_t size : {size_t{0}, size_t{4}, size_t{20}, size_t{1} << 40}) {
    std::string is = ".struct_size is " + std::to_string(size) + ", which this library cannot read";
    auto refused = [&](const char *name) { return Outcome{RAVINE_ERROR_VERSION, name + is}; };
    Model model({3});
    model.args.struct_size = size;
    EXPECT_EQ(model.create(), refused("ravine_create_args"));
    model.args.struct_size = sizeof model.args;
    model.host.struct_size = size;
    EXPECT_EQ(model.create(), refused("ravine_host"));
    model.host.struct_size = sizeof model.host;
    model.tensors[0].struct_size = size;
    EXPECT_EQ(model.create(), refused("ravine_tensor"));
    model.tensors[0].struct_size = sizeof(ravine_tensor);
    ravine_setting lr = setting("lr", 0.25);
    lr.struct_size = size;
    EXPECT_EQ(model.create("momentum", {lr}), refused("ravine_setting"));

    EXPECT_EQ(model.create("momentum"), ok);
    EXPECT_EQ(model.configure({lr}), refused("ravine_setting"));
    EXPECT_EQ(model.step({.struct_size = size}), refused("ravine_step_args"));
    ravine_state_view view = {.struct_size = size};
    EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->view_state(model.optimizer, 0, "b", &view, error); }),
              refused("ravine_state_view"));
    ravine_progress progress = {.struct_size = size};
    EXPECT_EQ(
        outcomeOf([&](auto *error) { return model.library->read_progress(model.optimizer, 0, &progress, error); }),
        refused("ravine_progress"));
    ravine_error error = {.struct_size = size, .status = 77, .message = "untouched"};
    EXPECT_EQ(model.library->view_state(model.optimizer, 0, "x", &(view = {.struct_size = sizeof view}), &error),
              RAVINE_ERROR_NAME);
    EXPECT_STREQ(error.message, "untouched");
  }
}

TEST(Version, StructsOfOneArrayAreOfOneSize) {
  Model model({3, 3});
  model.tensors[1].struct_size = 96;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_VERSION, "ravine_tensor 1 has struct_size 96, the first one 56"}));
}

} // namespace

} // namespace ravine::test

// Views: what they show, where they may write, and before the first step.
#include "test/runtime/core/StagesModel.h"

namespace ravine::test {

namespace {

using Values = std::vector<float>;

TEST(Views, ShowWhatTheRuleSays) {
  StagesModel model({70000, 3, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.stepWithout({2}), ok);
  std::vector<Values> before = model.w, outputs = {Values(70000), Values(3), Values(16)};
  EXPECT_EQ(model.readView("eval", {outputs[0].data(), outputs[1].data(), outputs[2].data()}), ok);
  Values twice = model.state(0, "u");
  for (float &value : twice)
    value *= 2; // t of the last step
  EXPECT_EQ(outputs[0], twice);
  EXPECT_EQ(outputs[1], model.w[1]);          // a variant without u
  EXPECT_EQ(outputs[2], model.state(2, "u")); // t = 1
  EXPECT_EQ(model.readView("shifted", {nullptr, outputs[1].data(), outputs[2].data()}), ok);
  EXPECT_EQ(outputs[0], twice);
  EXPECT_EQ(outputs[1][0], model.w[1][0] + static_cast<float>(model.number("n", 1)));
  EXPECT_EQ(outputs[2][15], model.w[2][15] + static_cast<float>(model.number("n", 2)));
  EXPECT_EQ(model.w, before);
}

TEST(Views, MayReplaceTheParameter) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  float w = model.w[0][0];
  EXPECT_EQ(model.readView("shifted", model.parameters()), ok);
  EXPECT_EQ(model.w[0], Values(16, w + static_cast<float>(model.number("n", 0))));
}

TEST(Views, AreTheSameOnEveryNumberOfThreads) {
  auto show = [](uint32_t threads) {
    StagesModel model({300000, 20, 100003});
    model.host.thread_count = threads;
    model.scatter();
    EXPECT_EQ(model.create("recomputed"), ok);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.readView("shifted", model.parameters()), ok);
    return model.w;
  };
  EXPECT_TRUE(show(2) == show(1));
  EXPECT_TRUE(show(7) == show(1));
}

TEST(Views, ShowTheParameterBeforeTheFirstStep) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  Values first(16), second(16);
  EXPECT_EQ(
      model.readView("eval", {first.data(), nullptr}),
      (Outcome{RAVINE_ERROR_ARGUMENT,
               "the parameter of tensor \"t0\" is not known: no step has been made, or the last one named none"}));
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.readView("shifted", {nullptr, second.data()}), ok);
  EXPECT_EQ(second, Values(16, 1.0f));
  EXPECT_EQ(model.readView("shifted", model.parameters()), ok); // which tensor 1 gives to itself
  EXPECT_EQ(model.w[1], Values(16, 1.0f));
}

TEST(Views, NeedNoParameterWhereTheyReadNone) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed"), ok);
  ravine_progress progress = {.struct_size = sizeof progress, .steps = 3, .tensor_steps = 2};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  std::fill_n(static_cast<float *>(model.view(0, "u").data), 16, 5.0f);
  Values output(16);
  EXPECT_EQ(model.readView("eval", {output.data()}), ok);
  EXPECT_EQ(output, Values(16, 10.0f));
  EXPECT_EQ(
      model.readView("shifted", {output.data()}),
      (Outcome{RAVINE_ERROR_ARGUMENT,
               "the parameter of tensor \"t0\" is not known: no step has been made, or the last one named none"}));
}

TEST(Views, ReadParametersWhereTheHostSays) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  Values first(16), second(16);
  // Before any step, what is shown is the parameter.
  EXPECT_EQ(model.readViewOf(model.parameters(), "shifted", {first.data(), second.data()}), ok);
  EXPECT_EQ(first, model.w[0]);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.readView("shifted", {first.data(), second.data()}), ok);
  Values moved = model.w[0];
  EXPECT_EQ(model.readViewOf({moved.data(), nullptr}, "shifted", {second.data(), nullptr}), ok);
  EXPECT_EQ(second, first);
  std::fill(moved.begin(), moved.end(), 9.0f); // it is these that are read
  EXPECT_EQ(model.readViewOf({moved.data(), nullptr}, "shifted", {second.data(), nullptr}), ok);
  EXPECT_NE(second, first);
  EXPECT_EQ(model.readViewOf({moved.data(), nullptr}, "shifted", {moved.data(), nullptr}), ok);
  EXPECT_EQ(moved, second);
  EXPECT_EQ(model.readViewOf({moved.data(), nullptr}, "shifted", {moved.data() + 4, nullptr}).status,
            RAVINE_ERROR_OVERLAP);
  EXPECT_EQ(model.readViewOf({nullptr, nullptr}, "shifted", {second.data(), nullptr}).status, RAVINE_ERROR_ARGUMENT);
  // A step is none the wiser.
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.readView("shifted", {second.data(), nullptr}), ok);
}

TEST(Views, TakeTensorsWithoutElementsAndEmptyModels) {
  StagesModel model({0, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  Values output(16);
  EXPECT_EQ(model.readView("eval", {nullptr, output.data()}), ok);
  EXPECT_EQ(model.readView("eval", {&output, output.data()}), ok); // nobody looks at the first
  StagesModel none({});
  EXPECT_EQ(none.create("recomputed"), ok);
  EXPECT_EQ(none.library->read_view(none.optimizer, "eval", nullptr, nullptr, nullptr), RAVINE_OK);
}

TEST(Views, CheckTheirOutputs) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  Values output(40);
  auto refused = [&](const std::vector<void *> &outputs, ravine_status status, const char *message) {
    std::string before = model.everything();
    Values outputBefore = output;
    EXPECT_EQ(model.readView("eval", outputs), (Outcome{status, message}));
    EXPECT_EQ(model.everything(), before);
    EXPECT_EQ(output, outputBefore);
  };
  refused({output.data(), reinterpret_cast<char *>(output.data()) + 66}, RAVINE_ERROR_ARGUMENT,
          "the output for tensor \"t1\" is not aligned to 4 bytes");
  refused({output.data(), output.data() + 15}, RAVINE_ERROR_OVERLAP,
          "the output of tensor \"t0\" overlaps that of tensor \"t1\"");
  refused({output.data(), model.w[0].data()}, RAVINE_ERROR_OVERLAP,
          "the output of tensor \"t1\" overlaps the parameter of tensor \"t0\"");
  refused({model.w[0].data() + 1, output.data()}, RAVINE_ERROR_OVERLAP,
          "the output of tensor \"t0\" overlaps the parameter of tensor \"t0\"");
  refused({output.data(), model.view(1, "u").data}, RAVINE_ERROR_OVERLAP,
          "the output of tensor \"t1\" overlaps a state of this optimizer");
  EXPECT_EQ(model.readView("evil", {nullptr, nullptr}),
            (Outcome{RAVINE_ERROR_NAME, "recomputed has no view \"evil\"; did you mean \"eval\"?"}));
  auto call = [&](ravine_optimizer *optimizer, const char *name) {
    return outcomeOf([&](auto *error) { return model.library->read_view(optimizer, name, nullptr, nullptr, error); });
  };
  EXPECT_EQ(call(nullptr, "eval"), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(call(model.optimizer, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "name is null"}));
  EXPECT_EQ(call(model.optimizer, "eval"), (Outcome{RAVINE_ERROR_ARGUMENT, "outputs is null"}));
}

TEST(Views, FindOverlapsAfterAStepThatWasRefused) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  auto parameters = model.parameters();
  std::swap(parameters[0], parameters[1]);
  parameters[0] = parameters[1];
  EXPECT_EQ(model.step(parameters, model.gradients()).status, RAVINE_ERROR_OVERLAP);
  Values output(16);
  EXPECT_EQ(model.readView("eval", {output.data(), model.w[0].data()}).status, RAVINE_ERROR_OVERLAP);
  EXPECT_EQ(model.readView("eval", {model.w[0].data(), model.w[1].data()}), ok);
}

} // namespace

} // namespace ravine::test

// Stages: reductions over tensors and the model, several sweeps in a row, and that the way there does not matter.
#include "test/runtime/core/StagesModel.h"

#include <cmath>
#include <limits>
#include <thread>
#include <tuple>
#include <xmmintrin.h>

namespace ravine::test {

namespace {

using Values = std::vector<float>;

struct StagesIn : testing::TestWithParam<Form> {};
INSTANTIATE_TEST_SUITE_P(BothForms, StagesIn, testing::Values(Form::Resident, Form::Streamed));

TEST_P(StagesIn, ComputeWhatTheRuleSays) {
  for (const char *name : {"recomputed", "carried"}) {
    StagesModel model({16, 3, 64});
    EXPECT_EQ(model.createAs(GetParam(), name, {setting("lr", 0.25)}), ok);
    model.g[0].assign(16, -4.0f); // largest = 4, so that d = -1, 0.5, 0.5
    // Tensor 0: dd = 16, w = 1 - 0.25*4*(-1); 1: w = 1 - 0.25*2; 2: dd = 16, w = 1 - 0.25*4*0.5.
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.w[0], Values(16, 2.0f));
    EXPECT_EQ(model.w[1], Values(3, 0.5f));
    EXPECT_EQ(model.w[2], Values(64, 0.5f));
    EXPECT_EQ(model.state(0, "u"), Values(16, 2.0f));
    EXPECT_EQ(model.view(1, "u").exists, 0);
    EXPECT_EQ(model.number("n", 0), 16 + 16);
    EXPECT_EQ(model.number("n", 1), 3 + 0); // nothing is folded for it
    EXPECT_EQ(model.number("n", 2), 64 + 16);
    EXPECT_EQ(model.number("total"), 16 * 16 + 3 * 4 + 64 * 4);
    EXPECT_EQ(model.metric("norm"), std::sqrt(16 * 16 + 3 * 4 + 64 * 4));
    EXPECT_EQ(model.metric("low", 0), 1); // of the step's beginning
    EXPECT_EQ(model.metric("low", 1), std::numeric_limits<double>::infinity());
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.w[0], Values(16, 3.0f));
    EXPECT_EQ(model.metric("low", 0), 2);
    EXPECT_EQ(model.metric("depth", 0), 32);
    EXPECT_EQ(model.number("n", 0), 48);
    EXPECT_EQ(model.number("total"), 2 * (16 * 16 + 3 * 4 + 64 * 4));
  }
}

TEST_P(StagesIn, LeaveAbsentTensorsOutOfReductions) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.createAs(GetParam(), "recomputed"), ok);
  model.g[1].assign(16, 1000.0f);
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.metric("norm"), 8);
  EXPECT_EQ(model.metric("elements"), 16);
  EXPECT_EQ(model.w[0], Values(16, -1.0f)); // d = 1, dd = 16
  EXPECT_EQ(model.w[1], Values(16, 1.0f));
  EXPECT_EQ(model.metric("depth", 0), 16);
  EXPECT_TRUE(std::isnan(model.metric("depth", 1)));
  EXPECT_EQ(model.view(1, "n").initialized, 0);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.metric("elements"), 32);
  EXPECT_EQ(model.metric("depth", 1), 16); // its first step
  EXPECT_EQ(model.number("n", 1), 32);
  EXPECT_EQ(model.stepWithout({0, 1}), ok); // nothing is folded, and nothing written
  EXPECT_TRUE(std::isnan(model.metric("norm")));
  EXPECT_TRUE(std::isnan(model.metric("elements")));
  EXPECT_EQ(model.progress().steps, 3);
}

TEST_P(StagesIn, TakeTensorsAndModelsWithoutElements) {
  StagesModel model({0, 16, 0});
  EXPECT_EQ(model.createAs(GetParam(), "carried"), ok);
  EXPECT_EQ(model.step({nullptr, model.w[1].data(), nullptr}, {nullptr, model.g[1].data(), nullptr}), ok);
  EXPECT_EQ(model.w[1], Values(16, -1.0f));
  EXPECT_EQ(model.metric("norm"), 8);
  EXPECT_EQ(model.metric("depth", 0), 0);
  EXPECT_EQ(model.metric("low", 0), std::numeric_limits<double>::infinity());

  StagesModel none({});
  EXPECT_EQ(none.createAs(GetParam(), "carried", {setting("first", 7)}), ok);
  EXPECT_EQ(none.step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_TRUE(std::isnan(none.metric("norm")));
  EXPECT_EQ(none.number("total"), 7);
}

TEST_P(StagesIn, FoldMaximaWithNaN) {
  StagesModel model({16, 8});
  EXPECT_EQ(model.createAs(GetParam(), "unguarded"), ok);
  model.g[1][5] = NAN;
  EXPECT_EQ(model.step(), ok);
  EXPECT_TRUE(std::isnan(model.metric("norm")));
  EXPECT_TRUE(std::isnan(model.w[0][0])); // by the largest of the model
}

// ---- forms and threads

std::vector<int64_t> manySizes() {
  std::vector<int64_t> sizes = {1, 300007, 0, 17, 5, 131072, 65537, 4095, 7, 8};
  sizes.insert(sizes.end(), 2000, 13);
  sizes.insert(sizes.end(), 3, 100003);
  return sizes;
}

/// Everything that five steps leave, of a model with tensors that sit steps out.
std::string bytesAfterSteps(const char *optimizer, Form form, uint32_t threads, const ravine_host *host = nullptr) {
  StagesModel model(manySizes());
  if (host != nullptr)
    model.host = *host;
  model.host.thread_count = threads;
  model.scatter();
  EXPECT_EQ(model.createAs(form, optimizer, {setting("lr", 0.01), tensorSetting("scale", 0.5, "t1")}), ok);
  for (int step = 0; step < 5; ++step)
    EXPECT_EQ(model.stepWithout(step == 2 ? std::vector<size_t>{1, 5, 77} : std::vector<size_t>{}), ok);
  std::string values;
  auto append = [&](const void *data, size_t size) { values.append(static_cast<const char *>(data), size); };
  for (size_t i = 0; i < model.w.size(); ++i) {
    append(model.w[i].data(), model.w[i].size() * sizeof(float));
    if (model.view(i, "u").exists != 0)
      append(model.view(i, "u").data, model.view(i, "u").count * sizeof(float));
    for (double number : {model.number("n", i), model.metric("depth", i), model.metric("low", i)})
      append(&number, sizeof number);
  }
  for (double number : {model.number("total"), model.metric("norm"), model.metric("elements")})
    append(&number, sizeof number);
  return values;
}

TEST(Stages, GiveTheSameBitsInEveryFormOnEveryNumberOfThreads) {
  const std::string alone = bytesAfterSteps("recomputed", Form::Streamed, 1);
  for (const char *optimizer : {"recomputed", "carried"})
    for (Form form : {Form::Resident, Form::Streamed})
      for (uint32_t threads : {1u, 2u, 7u})
        EXPECT_TRUE(bytesAfterSteps(optimizer, form, threads) == alone)
            << optimizer << (form == Form::Resident ? " resident " : " streamed ") << threads;
}

TEST(Stages, DoNotDependOnTheHostsOrder) {
  ravine_host host = {.struct_size = sizeof host};
  host.parallel_for = [](void *, size_t count, void (*task)(void *, size_t), void *context) {
    // Five threads, more than scratch may be there for.
    std::vector<std::thread> threads;
    for (size_t thread = 0; thread < 5; ++thread)
      threads.emplace_back([=] {
        for (size_t i = count; i-- > 0;)
          if (i % 5 == thread)
            task(context, i);
      });
    for (std::thread &thread : threads)
      thread.join();
  };
  for (Form form : {Form::Resident, Form::Streamed})
    EXPECT_TRUE(bytesAfterSteps("carried", form, 0, &host) == bytesAfterSteps("recomputed", Form::Streamed, 1));
}

TEST(Stages, DoNotDependOnGroups) {
  auto run = [](bool areGrouped) {
    StagesModel model(manySizes());
    model.scatter();
    model.args.group_count = areGrouped ? 3 : 1;
    for (size_t i = 0; areGrouped && i < model.tensors.size(); ++i)
      model.tensors[i].group = static_cast<uint32_t>((i * 7) % 3);
    EXPECT_EQ(model.create("recomputed", {setting("lr", 0.01)}), ok);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.step(), ok);
    return std::pair(model.w, model.metric("norm"));
  };
  EXPECT_TRUE(run(true) == run(false));
}

TEST_P(StagesIn, DoNotDependOnTheHostsRoundingMode) {
  auto run = [](unsigned rounding) {
    StagesModel model(manySizes());
    model.scatter();
    EXPECT_EQ(model.createAs(GetParam(), "recomputed", {setting("lr", 0.01)}), ok);
    const unsigned before = _MM_GET_ROUNDING_MODE();
    _MM_SET_ROUNDING_MODE(rounding);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.step(), ok);
    _MM_SET_ROUNDING_MODE(before);
    return std::tuple(model.w, model.metric("norm"), model.number("total"));
  };
  EXPECT_TRUE(run(_MM_ROUND_UP) == run(_MM_ROUND_NEAREST));
  EXPECT_TRUE(run(_MM_ROUND_TOWARD_ZERO) == run(_MM_ROUND_NEAREST));
}

TEST(Stages, ChooseTheFormByTheWorkingSet) {
  StagesModel model({1000, 100000});
  // w, g, u and d: 16 bytes for each element.
  setenv("RAVINE_L2_BYTES", "16000", 1);
  EXPECT_EQ(model.create("recomputed"), ok);
  unsetenv("RAVINE_L2_BYTES");
  (void)sample_carried_chunks();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_carried_chunks(), 1u);
  setenv("RAVINE_L2_BYTES", "15999", 1);
  EXPECT_EQ(model.create("recomputed"), ok);
  unsetenv("RAVINE_L2_BYTES");
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_carried_chunks(), 0u);
  EXPECT_EQ(model.create("carried"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_carried_chunks(), 3u); // it always carries: one chunk and two
}

TEST(Stages, EnterOneRegionForTensorsThatStayInCache) {
  struct Counter {
    int regions = 0;
  } counter;
  StagesModel model(std::vector<int64_t>(5000, 100));
  model.host.context = &counter;
  model.host.parallel_for = [](void *host, size_t count, void (*task)(void *, size_t), void *context) {
    ++static_cast<Counter *>(host)->regions;
    for (size_t i = 0; i < count; ++i)
      task(context, i);
  };
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(counter.regions, 3); // the initial values and two stages
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(counter.regions, 5);
  EXPECT_EQ(model.createAs(Form::Streamed, "recomputed"), ok);
  EXPECT_EQ(model.step(), ok);
  counter.regions = 0;
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(counter.regions, 3); // the second stage is one batch, which goes sweep by sweep
}

// ---- scalar programs

TEST(StageScalars, RunOncePerTensorOnlyWhereTheyReadItsValues) {
  for (Form form : {Form::Resident, Form::Streamed}) {
    StagesModel model(std::vector<int64_t>(50, 20));
    EXPECT_EQ(model.createAs(form, "recomputed"), ok);
    (void)sample_tensor_scalar_calls();
    (void)sample_model_scalar_calls();
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(sample_tensor_scalar_calls(), 50u);
    EXPECT_EQ(sample_model_scalar_calls(), 1u);
    EXPECT_EQ(model.stepWithout({3, 4}), ok);
    EXPECT_EQ(sample_tensor_scalar_calls(), 48u);
    EXPECT_EQ(sample_model_scalar_calls(), 1u); // the model's values are new in every step
  }
}

// ---- memory

/// A host that counts its allocations and lets one fail.
struct ScarceHost {
  int made = 0;
  int live = 0;
  int failAt = -1;

  void install(ravine_host &host) {
    host.context = this;
    host.allocate = [](void *self, size_t bytes, size_t alignment) -> void * {
      auto &scarce = *static_cast<ScarceHost *>(self);
      if (scarce.made++ == scarce.failAt)
        return nullptr;
      ++scarce.live;
      return std::aligned_alloc(alignment, (bytes + alignment - 1) & ~(alignment - 1));
    };
    host.release = [](void *self, void *memory, size_t, size_t) {
      --static_cast<ScarceHost *>(self)->live;
      std::free(memory);
    };
  }
};

TEST(StageMemory, MayFailAtEveryAllocation) {
  for (Form form : {Form::Resident, Form::Streamed})
    for (int failAt = 0;; ++failAt) {
      ScarceHost host{.failAt = failAt};
      StagesModel model({20, 70000, 3, 0});
      host.install(model.host);
      Outcome outcome = model.createAs(form, "carried");
      if (outcome == ok) {
        EXPECT_GT(failAt, 30);
        break;
      }
      ASSERT_EQ(outcome.status, RAVINE_ERROR_MEMORY);
      ASSERT_EQ(host.live, 0) << "a leak after allocation " << failAt << " failed";
    }
}

TEST(StageMemory, IsAllocatedAtCreationOnly) {
  for (Form form : {Form::Resident, Form::Streamed}) {
    ScarceHost host;
    {
      StagesModel model({20, 70000, 3, 0});
      host.install(model.host);
      EXPECT_EQ(model.createAs(form, "carried"), ok);
      int made = host.made;
      for (int step = 0; step < 3; ++step)
        EXPECT_EQ(model.step(), ok);
      EXPECT_EQ(model.readView("shifted", model.parameters()), ok);
      EXPECT_EQ(host.made, made);
    }
    EXPECT_EQ(host.live, 0);
  }
}

// ---- states that are numbers, and metrics

TEST(Numbers, StartAtTheFirstStep) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed", {setting("first", 100)}), ok);
  EXPECT_EQ(model.view(0, "total").initialized, 0);
  EXPECT_EQ(model.view(0, "total").exists, 1);
  EXPECT_EQ(model.configure({setting("first", 200)}), ok);
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.number("total"), 200 + 64);
  EXPECT_EQ(model.view(99, "total").initialized, 1); // which tensor is no matter
  EXPECT_EQ(model.configure({setting("first", 300)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("total"), 200 + 64 + 128);
}

TEST(Numbers, OfTheModelStayWhereNothingTakesPart) {
  StagesModel model({16, 0});
  EXPECT_EQ(model.create("recomputed", {setting("first", 100)}), ok);
  EXPECT_EQ(model.stepWithout({0}), ok); // what is left has no element
  EXPECT_EQ(model.number("total"), 100);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("total"), 100 + 64);
  EXPECT_EQ(model.stepWithout({0, 1}), ok);
  EXPECT_EQ(model.number("total"), 100 + 64);
}

TEST(Numbers, MayBeOverwrittenAndRestored) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed", {setting("first", 100)}), ok);
  EXPECT_EQ(model.step(), ok);
  *static_cast<double *>(model.view(0, "total").data) = -64;
  *static_cast<double *>(model.view(0, "n").data) = 5;
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("total"), 0);
  EXPECT_EQ(model.metric("depth"), 5);

  StagesModel other({16});
  EXPECT_EQ(other.create("recomputed"), ok);
  ravine_progress saved = model.progress();
  EXPECT_EQ(other.library->restore_progress(other.optimizer, 0, &saved, nullptr), RAVINE_OK);
  *static_cast<double *>(other.view(0, "total").data) = 1000;
  *static_cast<double *>(other.view(0, "n").data) = 17;
  EXPECT_EQ(other.step(), ok);
  EXPECT_EQ(other.number("total"), 1064);
  EXPECT_EQ(other.metric("depth"), 17);
}

TEST(Numbers, OfHalfRestoredCountersStopTheStep) {
  StagesModel model({16, 16});
  EXPECT_EQ(model.create("recomputed"), ok);
  for (int step = 0; step < 3; ++step)
    EXPECT_EQ(model.step(), ok);
  ravine_progress earlier = {.struct_size = sizeof earlier, .steps = 1, .tensor_steps = 1};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &earlier, nullptr), RAVINE_OK);
  std::string before = model.everything();
  EXPECT_EQ(model.step(),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor \"t1\" has taken 3 steps and the optimizer 1: restore "
                                            "the progress of every tensor"}));
  EXPECT_EQ(model.everything(), before);
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 1, &earlier, nullptr), RAVINE_OK);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().steps, 2);
}

TEST(Metrics, AreNaNBeforeTheFirstStep) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed"), ok);
  for (const char *name : {"depth", "norm", "low", "elements"})
    EXPECT_TRUE(std::isnan(model.metric(name))) << name;
  EXPECT_EQ(model.step(), ok);
  for (const char *name : {"depth", "norm", "low", "elements"})
    EXPECT_FALSE(std::isnan(model.metric(name))) << name;
}

TEST(Metrics, AreReadWithCare) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed"), ok);
  double value = 77;
  auto read = [&](const ravine_optimizer *optimizer, const char *name, size_t tensor, double *to) {
    return outcomeOf([&](auto *error) { return model.library->read_metric(optimizer, name, tensor, to, error); });
  };
  EXPECT_EQ(read(nullptr, "norm", 0, &value), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(read(model.optimizer, nullptr, 0, &value), (Outcome{RAVINE_ERROR_ARGUMENT, "name is null"}));
  EXPECT_EQ(read(model.optimizer, "norm", 0, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "value is null"}));
  EXPECT_EQ(read(model.optimizer, "norn", 0, &value),
            (Outcome{RAVINE_ERROR_NAME, "recomputed has no metric \"norn\"; did you mean \"norm\"?"}));
  EXPECT_EQ(read(model.optimizer, "depth", 1, &value),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor 1 is not below the number of tensors, which is 1"}));
  EXPECT_EQ(value, 77);
  EXPECT_EQ(read(model.optimizer, "norm", 1, &value), ok);
}

} // namespace

} // namespace ravine::test

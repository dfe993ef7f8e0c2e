// The overlap check against a check of every pair, on random layouts that change from step to step.
#include "test/runtime/core/Model.h"

#include <random>

namespace ravine::test {

namespace {

constexpr size_t tensorCount = 6;

struct Layout {
  std::vector<void *> parameters;
  std::vector<const void *> gradients;
};

bool meet(const void *a, size_t aCount, const void *b, size_t bCount) {
  auto *x = static_cast<const float *>(a), *y = static_cast<const float *>(b);
  return x < y + bCount && y < x + aCount;
}

bool overlaps(const Layout &layout, const std::vector<int64_t> &sizes) {
  for (size_t i = 0; i < tensorCount; ++i)
    for (size_t j = 0; j < tensorCount; ++j) {
      if (i < j && meet(layout.parameters[i], sizes[i], layout.parameters[j], sizes[j]))
        return true;
      if (layout.gradients[j] != nullptr && meet(layout.parameters[i], sizes[i], layout.gradients[j], sizes[j]))
        return true;
    }
  return false;
}

TEST(Overlap, AgreesWithComparingAllPairs) {
  std::mt19937 random(20240517);
  std::vector<int64_t> sizes = {1, 2, 3, 4, 5, 1};
  Model model(sizes);
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  std::vector<float> space(150);
  auto place = [&] { return space.data() + random() % 140; };

  Layout layout;
  for (size_t i = 0; i < tensorCount; ++i) {
    layout.parameters.push_back(space.data() + 6 * i);
    layout.gradients.push_back(space.data() + 60 + 6 * i);
  }
  int accepted = 0, refused = 0;
  for (int step = 0; step < 3000; ++step) {
    // Mostly gradients move, as in life; sometimes a parameter does. What was accepted is where the next change starts.
    Layout changed = layout;
    for (int changes = random() % 3; changes >= 0; --changes)
      changed.gradients[random() % tensorCount] = random() % 8 == 0 ? nullptr : place();
    if (random() % 4 == 0)
      changed.parameters[random() % tensorCount] = place();
    bool expected = overlaps(changed, sizes);
    Outcome outcome = model.step(changed.parameters, changed.gradients);
    ASSERT_EQ(outcome.status, expected ? RAVINE_ERROR_OVERLAP : RAVINE_OK)
        << "step " << step << ": " << outcome.message;
    (expected ? refused : accepted) += 1;
    if (!expected)
      layout = changed;
  }
  EXPECT_GT(accepted, 300);
  EXPECT_GT(refused, 300);
}

} // namespace

} // namespace ravine::test

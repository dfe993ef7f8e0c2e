// Groups of elements: rows, columns, channels and blocks, by hand and by the core.
#include "test/runtime/core/GroupsModel.h"

#include <cmath>

namespace ravine::test {

namespace {

constexpr double lr = 0.5, lambda = 0.25;

void expectClose(const std::vector<float> &found, const std::vector<double> &expected, const char *what,
                 size_t tensor) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], expected[i], 1e-5 * std::max(1.0, std::abs(expected[i])))
        << what << " of tensor " << tensor << ", number " << i;
}

/// A tensor of a model as it was, as a matrix.
struct Matrix {
  Matrix(const GroupsModel &model, size_t i) : w(model.w[i]), g(model.g[i]) {
    size_t rowAxes = std::max(1u, model.tensors[i].row_axes);
    for (size_t axis = 0; axis < model.extents[i].size(); ++axis)
      (axis < rowAxes ? rows : cols) *= static_cast<size_t>(model.extents[i][axis]);
    channels = static_cast<size_t>(model.extents[i][rowAxes]);
  }

  std::vector<float> w, g;
  size_t rows = 1, cols = 1, channels = 1;
};

// ---- rows

TEST(Groups, RowsAreFoldedScaledAndKept) {
  GroupsModel model(matrixShapes);
  ASSERT_EQ(model.createFor("rows", 2), ok);
  std::vector<Matrix> before;
  for (size_t i = 0; i < model.w.size(); ++i)
    before.emplace_back(model, i);
  ASSERT_EQ(model.step(), ok);
  double mostKept = -std::numeric_limits<double>::infinity(), square = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    const Matrix &m = before[i];
    std::vector<double> expected(m.w.size()), kept(m.w.empty() ? 0 : m.rows);
    double scales = 0;
    for (size_t r = 0; r < kept.size(); ++r) {
      double norm = 0;
      for (size_t c = 0, j = r * m.cols; c < m.cols; ++c, ++j) {
        double v = m.w[j] - lr * m.g[j];
        norm += v * v;
        kept[r] += static_cast<double>(m.w[j]) * m.w[j];
      }
      double scale = std::max(0.0, 1 - lambda / std::sqrt(norm));
      for (size_t c = 0, j = r * m.cols; c < m.cols; ++c, ++j)
        expected[j] = scale * (m.w[j] - lr * m.g[j]);
      kept[r] += norm;
      square += norm;
      scales += scale;
    }
    if (!m.w.empty())
      mostKept = std::max(mostKept, scales);
    expectClose(model.w[i], expected, "w", i);
    expectClose(model.state(i, "r"), kept, "r", i);
  }
  EXPECT_NEAR(model.metric("kept"), mostKept, 1e-7 * mostKept);
  EXPECT_NEAR(model.metric("square"), square, 1e-9 * square);
}

TEST(Groups, ViewsHaveSweepsOfTheirOwn) {
  GroupsModel model({{700, 300}, {3, 5}});
  ASSERT_EQ(model.createFor("rows", 2), ok);
  ASSERT_EQ(model.step(), ok);
  std::vector<float> unit(model.w[0].size()), same(model.w[1].size());
  const std::string state = model.bytesOf(0, "r");
  const std::vector<float> w = model.w[0];
  ASSERT_EQ(model.readView("unit", {unit.data(), nullptr}), ok);
  EXPECT_EQ(model.w[0], w);
  EXPECT_EQ(model.bytesOf(0, "r"), state);
  for (size_t r = 0; r < 700; ++r) {
    double norm = 0;
    for (size_t c = 0; c < 300; ++c)
      norm += static_cast<double>(unit[r * 300 + c]) * unit[r * 300 + c];
    ASSERT_NEAR(norm, 1, 1e-5) << r;
  }
  // In place, as a scope that shows a view does, and with steps that have not seen it.
  GroupsModel other({{700, 300}, {3, 5}});
  ASSERT_EQ(other.createFor("rows", 1), ok);
  ASSERT_EQ(other.step(), ok);
  ASSERT_EQ(other.readView("unit", {other.w[0].data(), other.w[1].data()}), ok);
  EXPECT_EQ(other.w[0], unit);
  other.w[0] = model.w[0];
  other.w[1] = model.w[1];
  ASSERT_EQ(model.step(), ok);
  ASSERT_EQ(other.step(), ok);
  EXPECT_EQ(other.w, model.w);
}

// ---- columns

TEST(Groups, ColumnsAndChannelsAreFoldedSpreadAndKept) {
  GroupsModel model(matrixShapes);
  model.tensors.back().row_axes = 2;
  ASSERT_EQ(model.createFor("columns", 2), ok);
  std::vector<Matrix> before;
  for (size_t i = 0; i < model.w.size(); ++i)
    before.emplace_back(model, i);
  ASSERT_EQ(model.step(), ok);
  for (size_t i = 0; i < before.size(); ++i) {
    const Matrix &m = before[i];
    if (m.w.empty())
      continue;
    std::vector<double> sums(m.cols), squares(m.cols), largest(m.channels), expected(m.w.size());
    const size_t length = m.cols / m.channels;
    for (size_t j = 0; j < m.w.size(); ++j) {
      sums[j % m.cols] += static_cast<double>(m.g[j]) * m.g[j];
      squares[j % m.cols] += static_cast<double>(m.w[j]) * m.w[j];
      double &its = largest[j % m.cols / length];
      its = std::max(its, static_cast<double>(std::abs(m.w[j])));
    }
    for (size_t j = 0; j < m.w.size(); ++j)
      expected[j] = m.w[j] - lr * m.g[j] * largest[j % m.cols / length] / (1 + sums[j % m.cols]);
    expectClose(model.w[i], expected, "w", i);
    expectClose(model.state(i, "q"), largest, "q", i);
    expectClose(model.state(i, "o"), squares, "o", i);
    ravine_state_view p = model.view(i, "p");
    EXPECT_EQ(p.dtype, RAVINE_BF16);
    ASSERT_EQ(p.count, m.cols);
    for (size_t c = 0; c < m.cols; ++c) {
      uint32_t bits = uint32_t{static_cast<const uint16_t *>(p.data)[c]} << 16;
      float kept;
      std::memcpy(&kept, &bits, sizeof kept);
      ASSERT_NEAR(kept, sums[c], sums[c] / 128) << "tensor " << i << ", column " << c;
    }
  }
}

// ---- blocks

TEST(Groups, BlocksAreSearchedAndRearranged) {
  const std::vector<std::vector<int64_t>> shapes = {{}, {3}, {4}, {70003}, {50, 7}};
  GroupsModel model(shapes);
  ASSERT_EQ(model.createFor("blocks", 2), ok);
  std::vector<std::vector<float>> w = model.w, g = model.g;
  ASSERT_EQ(model.step(), ok);
  for (size_t i = 0; i < w.size(); ++i) {
    std::vector<double> expected(w[i].size());
    for (size_t begin = 0; begin < w[i].size(); begin += 4) {
      std::vector<float> f;
      for (size_t j = begin; j < std::min(begin + 4, w[i].size()); ++j)
        f.push_back(w[i][j] - 0.5f * g[i][j]);
      std::vector<float> order = f;
      std::sort(order.begin(), order.end());
      double place = lambda * (static_cast<double>(f.size()) - 1), part = place - std::floor(place);
      size_t below = static_cast<size_t>(place), above = std::min(below + 1, f.size() - 1);
      double quantile = order[below] * (1 - part) + order[above] * part;
      for (size_t k = 0; k < f.size(); ++k)
        expected[begin + k] = f[k] - quantile + (k + 1 < f.size() ? f[k + 1] - f[k] : 0);
    }
    expectClose(model.w[i], expected, "w", i);
  }
}

// ---- tensors and the model

TEST(Groups, TensorsAndTheModelAreSearched) {
  const std::vector<std::vector<int64_t>> shapes = {{300000}, {1}, {0}, {30, 4}, {70000}};
  for (std::vector<size_t> absent : {std::vector<size_t>{}, {0}, {3, 4}}) {
    GroupsModel model(shapes);
    ASSERT_EQ(model.createFor("searched", 2), ok);
    std::vector<std::vector<float>> w = model.w, g = model.g;
    ASSERT_EQ(model.stepWithout(absent), ok);

    std::vector<double> all;
    struct Place {
      float size;
      size_t tensor, element;
    };
    std::vector<Place> candidates;
    for (size_t i = 0; i < g.size(); ++i)
      for (size_t j = 0; j < g[i].size(); ++j)
        if (std::find(absent.begin(), absent.end(), i) == absent.end()) {
          all.push_back(std::abs(g[i][j]));
          if (g[i].size() > 1)
            candidates.push_back({std::abs(g[i][j]), i, j});
        }
    std::sort(all.begin(), all.end(), std::greater<>());
    double sum = 0, threshold = 0;
    for (size_t k = 0; k < all.size() && (k == 0 || all[k] > threshold); ++k)
      threshold = ((sum += all[k]) - lambda) / static_cast<double>(k + 1);
    std::sort(candidates.begin(), candidates.end(), [](const Place &a, const Place &b) {
      return std::tuple(-a.size, a.tensor, a.element) < std::tuple(-b.size, b.tensor, b.element);
    });
    candidates.resize(3);
    for (size_t i = 0; i < w.size(); ++i) {
      std::vector<double> expected(w[i].begin(), w[i].end());
      std::vector<float> sizes;
      for (float x : g[i])
        sizes.push_back(std::abs(x));
      std::sort(sizes.begin(), sizes.end(), std::greater<>());
      for (size_t j = 0; j < w[i].size() && std::find(absent.begin(), absent.end(), i) == absent.end(); ++j) {
        bool isMarked = std::any_of(candidates.begin(), candidates.end(),
                                    [&](const Place &place) { return place.tensor == i && place.element == j; });
        expected[j] -= (isMarked ? sizes[1] : 0) + threshold;
      }
      expectClose(model.w[i], expected, "w", i);
    }
  }
}

// ---- bits

TEST(Groups, BitsDependOnNeitherThreadsNorForms) {
  for (const char *name : {"rows", "columns", "blocks", "searched"}) {
    std::vector<std::vector<float>> first;
    std::string states;
    for (bool isResident : {true, false})
      for (uint32_t threads : {1u, 2u, 7u}) {
        GroupsModel model(matrixShapes);
        ASSERT_EQ(model.createFor(name, threads, isResident), ok) << name;
        for (int i = 0; i < 3; ++i)
          ASSERT_EQ(model.step(), ok) << name;
        std::string found;
        for (size_t i = 0; i < model.tensors.size(); ++i)
          for (size_t s = 0; s < model.optimizer->description->state_count; ++s)
            found += model.bytesOf(i, model.optimizer->description->states[s].name);
        for (size_t m = 0; m < model.optimizer->description->metric_count; ++m) {
          double value = model.metric(model.optimizer->description->metrics[m].name);
          found.append(reinterpret_cast<const char *>(&value), sizeof value);
        }
        if (first.empty()) {
          first = model.w;
          states = found;
        }
        for (size_t i = 0; i < first.size(); ++i)
          if (!first[i].empty())
            ASSERT_EQ(std::memcmp(model.w[i].data(), first[i].data(), first[i].size() * sizeof(float)), 0)
                << name << ", tensor " << i << ", " << threads << " threads, resident " << isResident;
        EXPECT_EQ(found, states) << name << ", " << threads << " threads, resident " << isResident;
      }
  }
}

// ---- creation

TEST(Groups, MatricesAreAskedFor) {
  GroupsModel model({{3, 4}, {7}});
  EXPECT_EQ(
      model.create("rows"),
      (Outcome{RAVINE_ERROR_TENSOR,
               "tensor \"t1\" has rank 1, and rows speaks of rows, columns or channels, which take 2 axes: let the "
               "rule say, by `select` or `case matrix`, what holds for others"}));
  EXPECT_EQ(model.create("blocks"), ok);
  GroupsModel scalar(std::vector<std::vector<int64_t>>{{}});
  EXPECT_EQ(scalar.create("columns").status, RAVINE_ERROR_TENSOR);
}

TEST(Groups, RowAxesAreBelowTheRank) {
  GroupsModel model({{2, 3, 4}});
  for (uint32_t axes : {0u, 1u, 2u}) {
    model.tensors[0].row_axes = axes;
    ASSERT_EQ(model.create("rows"), ok);
    EXPECT_EQ(model.view(0, "r").count, axes == 2 ? 6u : 2u);
  }
  model.tensors[0].row_axes = 3;
  EXPECT_EQ(model.create("rows"),
            (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has rank 3 and row_axes 3, which leaves no "
                                          "axis for the columns"}));
}

TEST(Groups, RowAxesStay) {
  GroupsModel model({{2, 3, 4}});
  ASSERT_EQ(model.create("rows"), ok);
  std::vector<void *> parameters = model.parameters();
  std::vector<const void *> gradients = model.gradients();
  ravine_step_args args = {.struct_size = sizeof args,
                           .parameters = parameters.data(),
                           .gradients = gradients.data(),
                           .tensors = model.tensors.data()};
  model.tensors[0].row_axes = 1; // which 0 stands for
  EXPECT_EQ(model.step(args), ok);
  model.tensors[0].row_axes = 2;
  EXPECT_EQ(model.step(args), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" had row_axes 1 at creation and has 2 now"}));
}

TEST(Groups, StatesHaveAsManyNumbersAsThereAreMembers) {
  GroupsModel model({{4, 3, 5, 2}, {0, 7}});
  ASSERT_EQ(model.create("columns"), ok);
  EXPECT_EQ(model.view(0, "p").count, 30u);
  EXPECT_EQ(model.view(0, "q").count, 3u);
  EXPECT_EQ(model.view(1, "p").count, 0u);
  model.tensors[0].row_axes = 2;
  ASSERT_EQ(model.create("columns"), ok);
  EXPECT_EQ(model.view(0, "p").count, 10u);
  EXPECT_EQ(model.view(0, "q").count, 5u);
}

} // namespace

} // namespace ravine::test

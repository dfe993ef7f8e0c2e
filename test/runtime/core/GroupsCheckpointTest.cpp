// Checkpoints of states over rows, columns and channels.
#include "test/runtime/core/Checkpoints.h"
#include "test/runtime/core/GroupsModel.h"

namespace ravine::test {

namespace {

const std::vector<std::vector<int64_t>> shapes = {{4, 3, 5, 2}, {0, 7}, {300, 400}};

TEST(GroupsCheckpoint, ResumesWithEveryState) {
  Folder folder;
  for (const char *name : {"rows", "columns"})
    for (int stop : {0, 1, 3}) {
      GroupsModel whole(shapes), first(shapes), second(shapes);
      for (GroupsModel *model : {&whole, &first, &second})
        ASSERT_EQ(model->create(name), ok);
      for (int step = 0; step < 4; ++step)
        ASSERT_EQ(whole.step(), ok);
      for (int step = 0; step < stop; ++step)
        ASSERT_EQ(first.step(), ok);
      ASSERT_EQ(save(first, folder.file()), ok);
      ASSERT_EQ(load(second, folder.file()), ok);
      EXPECT_EQ(contents(second), contents(first)) << name << ", " << stop;
      second.w = first.w;
      for (int step = stop; step < 4; ++step)
        ASSERT_EQ(second.step(), ok);
      EXPECT_EQ(contentsAndParameters(second), contentsAndParameters(whole)) << name << ", " << stop;
    }
}

TEST(GroupsCheckpoint, HasOneAxisForEachState) {
  Folder folder;
  GroupsModel model(shapes);
  ASSERT_EQ(model.create("columns"), ok);
  ASSERT_EQ(model.step(), ok);
  ASSERT_EQ(save(model, folder.file()), ok);
  const std::string header = FileParts::read(folder.file()).header;
  for (const char *entry : {"\"t0/p\":{\"dtype\":\"BF16\",\"shape\":[30]", "\"t0/q\":{\"dtype\":\"F32\",\"shape\":[3]",
                            "\"t1/p\":{\"dtype\":\"BF16\",\"shape\":[0]"})
    EXPECT_NE(header.find(entry), std::string::npos) << entry << " is not in " << header;
}

TEST(GroupsCheckpoint, FitsTheSameRowAxesOnly) {
  Folder folder;
  GroupsModel model({{4, 3, 5, 2}});
  ASSERT_EQ(model.create("columns"), ok);
  ASSERT_EQ(model.step(), ok);
  ASSERT_EQ(save(model, folder.file()), ok);
  model.tensors[0].row_axes = 2;
  ASSERT_EQ(model.create("columns"), ok);
  EXPECT_EQ(
      load(model, folder.file()),
      (Outcome{RAVINE_ERROR_FILE, "cannot load \"state.safetensors\": state \"q\" of tensor \"t0\" has shape [3] in "
                                  "it, and [5] here"}));
}

/// Also where each state has as many numbers, which belong to other axes then.
TEST(GroupsCheckpoint, NamesRowsOfSeveralAxes) {
  Folder folder;
  GroupsModel model({{4, 1, 1}});
  for (auto [saved, here, sentence] : {std::tuple{1u, 2u, "of 1 axis, and here they are of 2"},
                                       std::tuple{2u, 1u, "of 2 axes, and here they are of 1"}}) {
    model.tensors[0].row_axes = saved;
    ASSERT_EQ(model.create("columns"), ok);
    ASSERT_EQ(model.step(), ok);
    ASSERT_EQ(save(model, folder.file()), ok);
    ASSERT_EQ(load(model, folder.file()), ok);
    model.tensors[0].row_axes = here;
    ASSERT_EQ(model.create("columns"), ok);
    EXPECT_EQ(
        load(model, folder.file()),
        (Outcome{RAVINE_ERROR_FILE, std::string("cannot load \"state.safetensors\": the rows of tensor \"t0\" were "
                                                "made up ") +
                                        sentence}));
  }
}

TEST(GroupsCheckpoint, RefusesWrongNumbersOfAxes) {
  Folder folder;
  GroupsModel model({{4, 1, 1}});
  model.tensors[0].row_axes = 2;
  ASSERT_EQ(model.create("columns"), ok);
  ASSERT_EQ(model.step(), ok);
  ASSERT_EQ(save(model, folder.file()), ok);
  const FileParts parts = FileParts::read(folder.file());
  auto loadWith = [&](const std::string &entry) {
    FileParts changed = parts;
    changed.replace("\"row_axes/t0\":\"2\"", entry);
    changed.write(folder.file());
    return load(model, folder.file());
  };
  const std::string cannot = "cannot load \"state.safetensors\": ";
  for (const std::string axes : {"0", "-1", "two", "99999999999"})
    EXPECT_EQ(loadWith("\"row_axes/t0\":\"" + axes + "\""),
              (Outcome{RAVINE_ERROR_FILE,
                       cannot + "its metadata says that \"" + axes + "\" axes make up the rows of tensor \"t0\""}));
  EXPECT_EQ(loadWith("\"row_axes/t1\":\"2\""),
            (Outcome{RAVINE_ERROR_FILE, cannot + "it has a tensor \"t1\", which this optimizer does not have"}));
}

} // namespace

} // namespace ravine::test

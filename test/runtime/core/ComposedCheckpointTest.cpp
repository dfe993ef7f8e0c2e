// Checkpoints of composed rules: dtypes, schedules, and a step of which a part has been gathered.
#include "test/runtime/core/Checkpoints.h"
#include "test/runtime/core/ComposedModel.h"

namespace ravine::test {

namespace {

struct ComposedCheckpoint : testing::Test {
  static std::vector<ComposedModel::Described> tensors() {
    return {{"w", {2, 3}},
            {"half", {3, 2}, RAVINE_BF16, RAVINE_BF16},
            {"wide", {2, 2}, RAVINE_F64, RAVINE_F64, 1},
            {"late", {2, 2}, RAVINE_F16, RAVINE_F16, 1}};
  }
  /// Steps [first, last), of which `late` takes no part in the first four.
  static void run(ComposedModel &model, int first, int last) {
    for (int step = first; step < last; ++step)
      EXPECT_EQ(model.stepWith(1 + step % 4, step < 4 ? std::vector<size_t>{3} : std::vector<size_t>{}), ok);
  }
  static std::string outcomeOfRun(ComposedModel &model) {
    std::string bytes = contents(model);
    for (Numbers &one : model.parameter)
      bytes.append(reinterpret_cast<const char *>(one.bytes().data()), one.bytes().size());
    return bytes;
  }

  Folder folder;
};

TEST_F(ComposedCheckpoint, ResumesAnywhere) {
  for (int stop = 0; stop <= 8; ++stop) {
    ComposedModel whole(tensors()), first(tensors()), second(tensors());
    for (ComposedModel *model : {&whole, &first})
      EXPECT_EQ(model->create("lenient", {setting("every", 3), setting("peak", 0.5, 1)}), ok);
    EXPECT_EQ(second.create("lenient"), ok);
    run(whole, 0, 8);
    run(first, 0, stop);
    EXPECT_EQ(save(first, folder.file()), ok);
    EXPECT_EQ(load(second, folder.file()), ok) << stop;
    EXPECT_EQ(contents(first), contents(second)) << stop;
    second.parameter = first.parameter;
    run(second, stop, 8);
    EXPECT_EQ(outcomeOfRun(second), outcomeOfRun(whole)) << stop;
  }
}

TEST_F(ComposedCheckpoint, SaysWhatHasOnlyBeenStarted) {
  ComposedModel model(tensors());
  EXPECT_EQ(model.create("lenient", {setting("every", 3)}), ok);
  run(model, 0, 1);
  EXPECT_EQ(save(model, folder.file()), ok);
  std::string header = FileParts::read(folder.file()).header;
  for (const char *started :
       {"\"initialized/\":\"true\"", "\"initialized/w\":\"true\"", "\"initialized/half\":\"true\""})
    EXPECT_NE(header.find(started), std::string::npos) << started;
  EXPECT_EQ(header.find("initialized/late"), std::string::npos);
  // Once steps are complete, it goes without saying.
  run(model, 1, 6);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(model.progress(3).tensor_steps, 1);
  EXPECT_EQ(FileParts::read(folder.file()).header.find("initialized/"), std::string::npos);
}

TEST_F(ComposedCheckpoint, RefusesWrongStarts) {
  ComposedModel model(tensors());
  EXPECT_EQ(model.create("lenient", {setting("every", 3)}), ok);
  run(model, 0, 1);
  EXPECT_EQ(save(model, folder.file()), ok);
  const FileParts parts = FileParts::read(folder.file());
  auto loadChanged = [&](const char *from, const char *to) {
    FileParts changed = parts;
    changed.replace(from, to);
    changed.write(folder.file());
    std::string before = contents(model);
    Outcome outcome = load(model, folder.file());
    EXPECT_EQ(contents(model), before);
    EXPECT_EQ(outcome.status, RAVINE_ERROR_FILE);
    return outcome.message;
  };
  const std::string cannot = "cannot load \"state.safetensors\": ";
  EXPECT_EQ(loadChanged("\"initialized/w\":\"true\",", ""),
            cannot + "it has state \"acc\" of tensor \"w\", which has no initial value yet");
  EXPECT_EQ(loadChanged("\"initialized/\":\"true\",", ""),
            cannot + "it has state \"count\" of the model, which has no initial value yet");
  EXPECT_EQ(loadChanged("initialized/half\"", "initialized/late\""),
            cannot + "it has state \"acc\" of tensor \"half\", which has no initial value yet");
  EXPECT_EQ(loadChanged("\"initialized/w\":\"true\"", "\"initialized/w\":\"maybe\""),
            cannot + "its metadata says \"maybe\" of whether something is initialized");
  EXPECT_EQ(loadChanged("initialized/w\"", "initialized/v\""),
            cannot + "it has a tensor \"v\", which this optimizer does not have");
}

TEST_F(ComposedCheckpoint, KeepsWhoFollows) {
  ComposedModel model(tensors()), other(tensors());
  EXPECT_EQ(model.create("lenient", {setting("every", 1), setting("hidden.lr", 0.25, 1)}), ok);
  EXPECT_EQ(other.create("lenient", {setting("every", 1), setting("hidden.lr", 0.75, 0), setting("warm", 0)}), ok);
  run(model, 0, 2);
  EXPECT_EQ(save(model, folder.file()), ok);
  std::string header = FileParts::read(folder.file()).header;
  for (const char *kept :
       {"\"group 0/hidden.lr\":\"scheduled\"", "\"group 1/hidden.lr\":\"0.25\"", "\"model/warm\":\"scheduled\""})
    EXPECT_NE(header.find(kept), std::string::npos) << kept;
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(other.read("hidden.lr", 0), 1.0 / 3);
  EXPECT_EQ(other.read("hidden.lr", 1), 0.25);
  EXPECT_EQ(other.read("warm"), 0.75);
  // Only what has a schedule can follow it.
  FileParts parts = FileParts::read(folder.file());
  parts.replace("\"model/limit\":\"1\"", "\"model/limit\":\"scheduled\"");
  parts.write(folder.file());
  EXPECT_EQ(load(other, folder.file()).message, "cannot load \"state.safetensors\": its setting \"model/limit\" is "
                                                "\"scheduled\", which is no value of limit");
}

TEST_F(ComposedCheckpoint, KeepsStatesInTheirDtypes) {
  ComposedModel model(tensors()), other(tensors());
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  EXPECT_EQ(other.create("lenient"), ok);
  run(model, 0, 5);
  EXPECT_EQ(save(model, folder.file()), ok);
  const FileParts parts = FileParts::read(folder.file());
  for (const char *kept : {"\"half/hidden.b\":{\"dtype\":\"BF16\",\"shape\":[3,2]", "\"wide/acc\":{\"dtype\":\"F64\"",
                           "\"half/master\":{\"dtype\":\"F32\"", "\"late/acc\":{\"dtype\":\"F32\""})
    EXPECT_NE(parts.header.find(kept), std::string::npos) << kept;
  FileParts changed = parts;
  changed.replace("\"half/hidden.b\":{\"dtype\":\"BF16\"", "\"half/hidden.b\":{\"dtype\":\"F16\"");
  changed.write(folder.file());
  EXPECT_EQ(load(other, folder.file()).message,
            "cannot load \"state.safetensors\": state \"hidden.b\" of tensor \"half\" has dtype F16 in it, and BF16 "
            "here");
}

TEST_F(ComposedCheckpoint, RefusesTheStatesOfOtherPrecisions) {
  ComposedModel half({{"w", {3, 2}, RAVINE_BF16, RAVINE_BF16}}), single({{"w", {3, 2}}}),
      full({{"w", {3, 2}, RAVINE_F64, RAVINE_F64}});
  for (ComposedModel *model : {&half, &single, &full})
    EXPECT_EQ(model->create("lenient", {setting("every", 1)}), ok);
  EXPECT_EQ(half.step(), ok);
  EXPECT_EQ(save(half, folder.file()), ok);
  EXPECT_EQ(load(single, folder.file()).message, "cannot load \"state.safetensors\": it has state \"master\" of tensor "
                                                 "\"w\", which does not exist for these dtypes");
  EXPECT_EQ(load(full, folder.file()).message, "cannot load \"state.safetensors\": state \"acc\" of tensor \"w\" has "
                                               "dtype F32 in it, and F64 here");
  EXPECT_EQ(single.step(), ok);
  EXPECT_EQ(save(single, folder.file()), ok);
  EXPECT_EQ(load(half, folder.file()).message,
            "cannot load \"state.safetensors\": state \"master\" of tensor \"w\" is not in it");
}

} // namespace

} // namespace ravine::test

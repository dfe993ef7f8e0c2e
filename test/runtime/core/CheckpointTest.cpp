// Saving and loading: what comes back, what goes on bit for bit, and what becomes of files.
#include "test/runtime/core/Checkpoints.h"
#include "test/runtime/core/Process.h"

#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace ravine::test {

namespace {

const std::vector<int64_t> sizes = {100, 3, 0, 70000, 8};

/// Makes step number `step`, in which the last tensor takes part every other time and tensor 1 from step 4 on.
void trainStep(Model &model, int64_t step) {
  setGradients(model, step);
  std::vector<size_t> absent;
  if (step < 4)
    absent.push_back(1);
  if (step % 2 == 0)
    absent.push_back(4);
  ASSERT_EQ(model.stepWithout(absent), ok);
}

TEST(Checkpoint, GoesOnBitForBitWithOtherThreads) {
  for (const char *optimizer : {"recomputed", "carried", "unguarded"}) {
    Folder folder;
    Model model(sizes);
    makeStaged(model, optimizer, {setting("lr", 0.1), setting("first", 3), tensorSetting("scale", 0.7, "t3")});
    for (int64_t step = 1; step <= 5; ++step)
      trainStep(model, step);
    EXPECT_EQ(model.configure({setting("lr", 1.0 / 3), tensorSetting("scale", 1e-300, "t0")}), ok);
    std::string atFive = contents(model);
    EXPECT_EQ(save(model, folder.file()), ok);
    EXPECT_EQ(contents(model), atFive);
    auto parametersAtFive = model.w;
    for (int64_t step = 6; step <= 10; ++step)
      trainStep(model, step);

    for (uint32_t threads : {1, 2, 7}) {
      Model resumed(sizes);
      resumed.host.thread_count = threads;
      makeStaged(resumed, optimizer);
      EXPECT_EQ(load(resumed, folder.file()), ok);
      EXPECT_EQ(contents(resumed), atFive);
      EXPECT_EQ(resumed.read("lr"), 1.0 / 3);
      EXPECT_EQ(resumed.readTensor("scale", 0), 1e-300);
      resumed.w = parametersAtFive;
      for (int64_t step = 6; step <= 10; ++step)
        trainStep(resumed, step);
      EXPECT_EQ(contentsAndParameters(resumed), contentsAndParameters(model)) << threads;
    }
  }
}

TEST(Checkpoint, ReplacesWhatTheOptimizerHasBeenThrough) {
  Folder folder;
  Model early(sizes), late(sizes);
  makeStaged(early);
  makeStaged(late);
  trainStep(early, 1); // in which tensor 1 takes no part
  EXPECT_EQ(save(early, folder.file()), ok);
  auto parameters = early.w;
  for (int64_t step = 1; step <= 7; ++step)
    trainStep(late, step);
  EXPECT_EQ(load(late, folder.file()), ok);
  EXPECT_EQ(late.progress(1).tensor_steps, 0);
  EXPECT_EQ(late.view(1, "n").initialized, 0);
  EXPECT_TRUE(std::isnan(late.metric("norm")));
  late.w = parameters;
  for (int64_t step = 2; step <= 5; ++step) {
    trainStep(early, step);
    trainStep(late, step);
  }
  EXPECT_EQ(contentsAndParameters(late), contentsAndParameters(early));
}

TEST(Checkpoint, LeavesMemoryOfATensorThatHasTakenNoStepAsCreateDoes) {
  Folder folder;
  Model fresh({20}), used({20});
  for (Model *model : {&fresh, &used})
    EXPECT_EQ(model->create("momentum", {setting("momentum", 0.5)}), ok);
  EXPECT_EQ(save(fresh, folder.file()), ok);
  EXPECT_EQ(used.step(), ok);
  ASSERT_NE(used.state(0, "b"), std::vector<float>(20));
  EXPECT_EQ(load(used, folder.file()), ok);
  EXPECT_EQ(used.state(0, "b"), std::vector<float>(20));
}

TEST(Checkpoint, KeepsOptionalStatesOfEachGroupAndEveryKindOfHyper) {
  Folder folder;
  auto make = [](Model &model, const std::vector<ravine_setting> &settings) {
    model.args.group_count = 2;
    model.tensors[1].group = 1;
    ASSERT_EQ(model.create("momentum", settings), ok);
  };
  Model model({20, 30});
  make(model, {setting("momentum", 0.9, 1), choice("mode", "cubic", 0), setting("nesterov", 1, 1),
               setting("period", 100, 0), setting("lr", 0.1, 0), setting("lr", 2.5e-7, 1)});
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  std::string header = FileParts::read(folder.file()).header;
  for (const char *written :
       {R"("group 0/lr":"0.1")", R"("group 1/lr":"2.5e-7")", R"("group 0/mode":"cubic")", R"("group 1/mode":"plain")",
        R"("group 0/nesterov":"false")", R"("group 1/nesterov":"true")", R"("group 0/period":"100")"})
    EXPECT_NE(header.find(written), std::string::npos) << written << " in " << header;
  EXPECT_EQ(header.find("t0/b"), std::string::npos);

  Model other({20, 30});
  make(other, {setting("momentum", 0.5, 1)});
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(contents(other), contents(model));
}

/// Counters and states of a tensor of doubles, without a step.
TEST(Checkpoint, KeepsWhatTheHostHasWritten) {
  Folder folder;
  Model model({3}), other({3});
  std::vector<double> values = {0.1, -1e308, 5e-324};
  for (Model *each : {&model, &other}) {
    each->tensors[0].parameter_dtype = each->tensors[0].gradient_dtype = RAVINE_F64;
    ASSERT_EQ(each->create("momentum", {setting("momentum", 0.9)}), ok);
  }
  ravine_progress progress = {.struct_size = sizeof progress, .steps = 1ll << 53, .tensor_steps = 7, .skipped = 12};
  ASSERT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  std::copy(values.begin(), values.end(), static_cast<double *>(model.view(0, "b").data));
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(contents(other), contents(model));
  EXPECT_EQ(other.progress().skipped, 12);
}

TEST(Checkpoint, TakesAnyNameOfATensor) {
  Folder folder;
  Model model({9, 9, 9, 9}), other({9, 9, 9, 9});
  for (Model *each : {&model, &other}) {
    const char *names[] = {"a/t", "a", "\"\\\n\x01/", "größe 🙂/u"};
    for (size_t i = 0; i < 4; ++i)
      each->tensors[i].name = names[i];
    makeStaged(*each);
  }
  setGradients(model, 1);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(contents(other), contents(model));

  model.tensors[1].name = "\xC3";
  ASSERT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(save(model, folder.file()), (Outcome{RAVINE_ERROR_FILE, "cannot save \"state.safetensors\": the name of "
                                                                    "tensor 1 is not UTF-8"}));
}

TEST(Checkpoint, MayBeAnEmptyModels) {
  Folder folder;
  Model model({}), other({});
  makeStaged(model);
  makeStaged(other);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(other.number("total"), model.number("total"));
}

TEST(Checkpoint, FitsOtherGroupsOfTheSameNumber) {
  Folder folder;
  Model model({20, 30}), other({20, 30});
  model.args.group_count = other.args.group_count = 2;
  model.tensors[0].group = 1;
  other.tensors[1].group = 1;
  makeStaged(model, "recomputed", {setting("lr", 0.25, 1)});
  makeStaged(other);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(other.readTensor("lr", 1), 0.25);
  EXPECT_EQ(other.state(0, "u"), model.state(0, "u"));
}

TEST(Checkpoint, FitsALibraryThatWasCompiledAgainAndSaysSo) {
  Folder folder;
  Model model({20}), other({20});
  makeStaged(model);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  ravine_plan_library again = sample_stages;
  again.source_hash = "1";
  std::vector<std::string> lines;
  other.host.context = &lines;
  other.host.log = [](void *context, const char *line) {
    static_cast<std::vector<std::string> *>(context)->emplace_back(line);
  };
  makeStaged(other);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(lines, std::vector<std::string>{});
  other.plan = &again;
  ASSERT_EQ(other.create(), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(lines,
            std::vector<std::string>{"\"state.safetensors\" was saved by recomputed compiled from another source; "
                                     "its states were taken over by name"});
  EXPECT_EQ(contents(other), contents(model));
}

TEST(Checkpoint, IsReadInAnyOrderAndSpelling) {
  Folder folder;
  Model model({2}), other({2});
  EXPECT_EQ(model.create("averaged"), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file()), ok);
  // As another writer of the format might put it: other order, spaces, escapes, notes of its own.
  FileParts parts = FileParts::read(folder.file());
  std::string source(64, '0'), counter = parts.data.substr(0, 8), state = parts.data.substr(8);
  parts.header = R"({ "t0\/\u0075" : {"data_offsets":[0,8], "dtype":"F32","shape":[ 2 ]},
    "__metadata__":{"skipped":"0","format":"pt","group 0/lr":"5e-1","step":"1","groups":"1","ravi\u006ee":"1",
    "model_size":"2","source":")" +
                 source + R"(","\ud83d\ude42":"","optimizer":"averaged"},
    "t0/t":{"shape":[],"data_offsets":[8,16],"dtype":"I64"}}  )";
  parts.data = state + counter;
  parts.write(folder.file());
  EXPECT_EQ(load(other, folder.file()).status, RAVINE_ERROR_ARGUMENT); // there is no optimizer yet
  EXPECT_EQ(other.create("averaged"), ok);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(contents(other), contents(model));
}

TEST(Checkpoint, IsAFileOfTheFormat) {
  Folder folder;
  Model model(sizes);
  makeStaged(model);
  trainStep(model, 1);
  EXPECT_EQ(save(model, folder.file()), ok);
  if (std::system("python3 -c 'import safetensors, numpy' 2>/dev/null") != 0)
    GTEST_SKIP() << "Python's safetensors package is not installed";
  std::string program = R"(
import sys, numpy
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
path = sys.argv[1]
arrays = load_file(path)
with safe_open(path, 'np') as file:
    metadata = file.metadata()
assert metadata['optimizer'] == 'recomputed' and metadata['step'] == '1'
assert arrays['t3/u'].dtype == numpy.float32 and arrays['t3/u'].shape == (70000,)
assert arrays['t3/t'].dtype == numpy.int64 and arrays['t3/t'] == 1 and arrays['t1/t'] == 0
assert arrays['t3/n'].dtype == numpy.float64 and arrays['t3/n'].shape == ()
assert '/total' in arrays and 't1/n' not in arrays
metadata['note'] = 'written by another'
save_file(dict(reversed(list(arrays.items()))), path, metadata=metadata)
)";
  ASSERT_EQ(std::system(("python3 -c \"" + program + "\" " + folder.file()).c_str()), 0);
  EXPECT_NE(FileParts::read(folder.file()).header.find("written by another"), std::string::npos);
  Model other(sizes);
  makeStaged(other);
  EXPECT_EQ(load(other, folder.file()), ok);
  EXPECT_EQ(contents(other), contents(model));
}

// ---- files

TEST(SavedFile, ReplacesWhatALinkLeadsTo) {
  Folder folder;
  std::filesystem::create_directory(folder.path / "disk");
  writeFile(folder.file("disk/real"), "old");
  std::filesystem::create_symlink("disk/link", folder.path / "latest");
  std::filesystem::create_symlink("real", folder.path / "disk/link");
  Model model({20}), other({20});
  makeStaged(model);
  makeStaged(other);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(save(model, folder.file("latest")), ok);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path / "latest"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path / "disk/link"));
  EXPECT_FALSE(std::filesystem::is_symlink(folder.path / "disk/real"));
  EXPECT_EQ(load(other, folder.file("disk/real")), ok);
  EXPECT_EQ(contents(other), contents(model));
  // A link to nothing yet is a place to write to as well.
  std::filesystem::create_symlink("disk/new", folder.path / "next");
  EXPECT_EQ(save(model, folder.file("next")), ok);
  EXPECT_TRUE(std::filesystem::is_regular_file(folder.path / "disk/new"));
  EXPECT_EQ(folder.count(), 3u);
}

TEST(SavedFile, HasThePermissionsOfTheOldOneOrOfAnyNewFile) {
  Folder folder;
  Model model({20});
  makeStaged(model);
  auto mode = [&] {
    struct stat found = {};
    stat(folder.file().c_str(), &found);
    return found.st_mode & 0777;
  };
  mode_t before = umask(027);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(mode(), 0640u);
  chmod(folder.file().c_str(), 0606);
  EXPECT_EQ(save(model, folder.file()), ok);
  EXPECT_EQ(mode(), 0606u);
  umask(before);
}

TEST(SavedFile, SaysWhyItCannotBe) {
  Folder folder;
  Model model({20});
  makeStaged(model);
  std::filesystem::create_directory(folder.path / "folder");
  std::filesystem::create_symlink("loop", folder.path / "loop");
  auto refused = [](const std::string &name, const std::string &reason) {
    return Outcome{RAVINE_ERROR_FILE, "cannot save \"" + name + "\": " + reason};
  };
  EXPECT_EQ(save(model, folder.file("missing/x")),
            refused("x", "its folder cannot be opened: No such file or directory"));
  EXPECT_EQ(save(model, folder.file("folder")), refused("folder", "there is something else than a file of that name"));
  EXPECT_EQ(save(model, "/dev/null"), refused("null", "there is something else than a file of that name"));
  EXPECT_EQ(save(model, folder.file("folder/")), refused("", "that is no name of a file: Is a directory"));
  EXPECT_EQ(save(model, folder.file("loop")), refused("loop", "it cannot be found: Too many levels of symbolic links"));
  std::string tooLong(256, 'n');
  EXPECT_EQ(save(model, folder.file(tooLong)), refused(tooLong, "that is no name of a file: File name too long"));
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->save(model.optimizer, nullptr, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "path is null"}));
  EXPECT_EQ(folder.count(), 2u);
}

TEST(SavedFile, IsTheOldOneWhereTheNewOneHasNoRoom) {
  Folder folder;
  Model model({100000});
  makeStaged(model);
  EXPECT_EQ(model.step(), ok);
  writeFile(folder.file(), "old");
  ExitsWithZero([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {100000, 100000}; // as a full disk, in bytes of a file
    setrlimit(RLIMIT_FSIZE, &limit);
    return save(model, folder.file()) ==
           Outcome{RAVINE_ERROR_FILE, "cannot save \"state.safetensors\": it cannot be written: File too large"};
  });
  EXPECT_EQ(readFile(folder.file()), "old");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(SavedFile, IsTheOldOneWhereTheFolderMayNotBeWrittenTo) {
  Folder folder;
  Model model({20});
  makeStaged(model);
  writeFile(folder.file(), "old");
  chmod(folder.path.c_str(), 0555);
  ExitsWithZero([&] {
    if (getuid() == 0 && setuid(65534) != 0) // root may write anywhere
      return false;
    return save(model, folder.file()) == Outcome{RAVINE_ERROR_FILE, "cannot save \"state.safetensors\": no file can be "
                                                                    "made in its folder: Permission denied"};
  });
  EXPECT_EQ(readFile(folder.file()), "old");
  chmod(folder.path.c_str(), 0755);
}

TEST(SavedFile, IsFoundFromTheWorkingFolder) {
  Folder folder;
  Model model({20}), other({20});
  makeStaged(model);
  makeStaged(other);
  EXPECT_EQ(model.step(), ok);
  auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path);
  EXPECT_EQ(save(model, "here"), ok);
  EXPECT_EQ(load(other, "here"), ok);
  std::filesystem::current_path(before);
  EXPECT_EQ(contents(other), contents(model));
}

TEST(Checkpoint, TurnsASecondThreadAway) {
  Model model({300000});
  model.host.context = &model;
  model.host.parallel_for = [](void *host, size_t count, void (*task)(void *, size_t), void *context) {
    Outcome busy{RAVINE_ERROR_BUSY, "another thread is inside a call on this optimizer"};
    std::thread([&] {
      EXPECT_EQ(save(*static_cast<Model *>(host), "/nowhere"), busy);
      EXPECT_EQ(load(*static_cast<Model *>(host), "/nowhere"), busy);
    }).join();
    for (size_t i = 0; i < count; ++i)
      task(context, i);
  };
  EXPECT_EQ(model.create("averaged"), ok);
  EXPECT_EQ(model.step(), ok);
}

} // namespace

} // namespace ravine::test

// Files that are refused: damaged, foreign, or of another model; each with its reason, and nothing changed.
#include "test/runtime/core/Checkpoints.h"

#include <functional>
#include <random>
#include <sys/stat.h>

namespace ravine::test {

namespace {

/// A saved checkpoint of two tensors, and a model that can take it up.
class RefusedFile : public testing::Test {
protected:
  RefusedFile() : model({9, 4}) {
    makeStaged(model, "recomputed", {setting("lr", 0.125), setting("first", 2)});
    setGradients(model, 1);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(save(model, folder.file()), ok);
    parts = FileParts::read(folder.file());
    EXPECT_EQ(model.step(), ok); // so that taking it up would change something
  }

  /// Loads the file as `parts` now are.
  Outcome loadParts() {
    parts.write(folder.file());
    return loadUnchanged();
  }
  /// Loads the file, which must fail and change nothing.
  Outcome loadUnchanged() {
    std::string before = contents(model);
    Outcome outcome = load(model, folder.file());
    EXPECT_EQ(contents(model), before);
    return outcome;
  }
  /// Loads the file with one thing in its header replaced.
  Outcome loadWith(const std::string &from, const std::string &to) {
    FileParts kept = parts;
    parts.replace(from, to);
    Outcome outcome = loadParts();
    parts = kept;
    return outcome;
  }

  static Outcome refused(const std::string &reason) {
    return {RAVINE_ERROR_FILE, "cannot load \"state.safetensors\": " + reason};
  }

  Folder folder;
  Model model;
  FileParts parts;
};

TEST_F(RefusedFile, CannotBeRead) {
  std::filesystem::remove(folder.file());
  EXPECT_EQ(loadUnchanged(), refused("it cannot be opened: No such file or directory"));
  std::filesystem::create_directory(folder.file());
  EXPECT_EQ(loadUnchanged(), refused("it is not a file"));
  std::filesystem::remove(folder.file());
  ASSERT_EQ(mkfifo(folder.file().c_str(), 0600), 0);
  EXPECT_EQ(loadUnchanged(), refused("it is not a file"));
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->load(model.optimizer, nullptr, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "path is null"}));
}

TEST_F(RefusedFile, IsNoSafetensorsFile) {
  writeFile(folder.file(), "");
  EXPECT_EQ(loadUnchanged(), refused("it has 0 bytes, too few for a safetensors file"));
  writeFile(folder.file(), "a text that is longer");
  EXPECT_EQ(loadUnchanged(), refused("it is no safetensors file, or cut off: its header would have 8367816168101388385 "
                                     "bytes, and the file has 21"));
  parts.header[0] = ' ';
  EXPECT_EQ(loadParts(), refused("its header is damaged at byte 0: it does not start with {"));
}

TEST_F(RefusedFile, IsCutOffAnywhere) {
  std::string whole = readFile(folder.file());
  for (size_t length = 0; length < whole.size(); ++length) {
    writeFile(folder.file(), whole.substr(0, length));
    Outcome outcome = load(model, folder.file());
    ASSERT_EQ(outcome.status, RAVINE_ERROR_FILE) << length;
  }
  EXPECT_EQ(loadUnchanged(), refused("its arrays need 76 bytes, and 75 follow the header"));
  writeFile(folder.file(), whole + "x");
  EXPECT_EQ(loadUnchanged(), refused("its arrays need 76 bytes, and 77 follow the header"));
}

TEST_F(RefusedFile, IsForeign) {
  EXPECT_EQ(loadWith("\"ravine\":", "\"format\":"), refused("it is no checkpoint of a Ravine optimizer"));
  EXPECT_EQ(loadWith(R"("ravine":"1")", R"("ravine":"2")"),
            refused("it has version \"2\" of the checkpoint format, and this library reads \"1\""));
  EXPECT_EQ(loadWith(R"("optimizer":"recomputed")", R"("optimizer":"carried")"),
            refused("it was saved by optimizer \"carried\", and this one is \"recomputed\""));
  EXPECT_EQ(loadWith(R"("optimizer":"recomputed",)", ""), refused("its metadata has no \"optimizer\""));
  EXPECT_EQ(loadWith(R"("groups":"1")", R"("groups":"3")"),
            refused("it has settings for 3 parameter groups, and this optimizer has 1"));
  EXPECT_EQ(loadWith(R"("ravine":"1",)", R"("ravine":"1","ravine":"1",)"),
            refused("its metadata has \"ravine\" twice"));
}

TEST_F(RefusedFile, HasCountersThatCannotBe) {
  for (const char *step : {"-1", "1.0", "", "01", "9007199254740993", "99999999999999999999", "one"})
    EXPECT_EQ(loadWith(R"("step":"1")", "\"step\":\"" + std::string(step) + "\""),
              refused("the \"step\" in its metadata is no number that can be"));
  EXPECT_EQ(loadWith(R"("skipped":"0")", R"("skipped":"x")"),
            refused("the \"skipped\" in its metadata is no number that can be"));
  EXPECT_EQ(loadWith(R"("model_size":"13")", R"("model_size":"14")"),
            refused("the \"model_size\" in its metadata is no number that can be"));
  EXPECT_EQ(loadWith(R"("step":"1")", R"("step":"0")"), refused("tensor \"t0\" has taken 1 of 0 steps in it"));
  auto offsetOf = [&](const std::string &name) {
    size_t at = parts.header.find("\"data_offsets\":[", parts.header.find("\"" + name + "\""));
    return std::stoul(parts.header.substr(at + 16));
  };
  int64_t none = 0, negative = -1;
  std::string data = parts.data;
  std::memcpy(parts.data.data() + offsetOf("t1/t"), &negative, sizeof negative);
  EXPECT_EQ(loadParts(), refused("tensor \"t1\" has taken -1 of 1 steps in it"));
  parts.data = data;
  std::memcpy(parts.data.data() + offsetOf("t1/t"), &none, sizeof none);
  EXPECT_EQ(loadParts(), refused("it has state \"n\" of tensor \"t1\", which has no initial value yet"));
}

TEST_F(RefusedFile, HasOtherTensors) {
  FileParts kept = parts;
  auto renameAll = [&](const std::string &from, const std::string &to) {
    for (size_t at = 0; (at = parts.header.find(from, at)) != std::string::npos; at += to.size())
      parts.header.replace(at, from.size(), to);
  };
  renameAll("\"t1/", "\"t2/");
  EXPECT_EQ(loadParts(), refused("it has a tensor \"t2\", which this optimizer does not have"));
  parts = kept;
  EXPECT_EQ(loadWith("\"t1/n\"", "\"t1/t\""), refused("it has the counter of tensor \"t1\" twice"));
  EXPECT_EQ(loadWith("\"t1/n\"", "\"t1/m\""), refused("it has an array \"t1/m\", and recomputed has no such state"));
  EXPECT_EQ(loadWith("\"t1/n\"", "\"t1/total\""),
            refused("it has an array \"t1/total\", and recomputed has no such state"));
  EXPECT_EQ(loadWith("\"t1/n\"", "\"/n\""), refused("it has an array \"/n\", and recomputed has no such state"));
  EXPECT_EQ(loadWith("\"t1/n\"", "\"n\""), refused("it has an array \"n\", which is no state of a tensor"));
  EXPECT_EQ(loadWith("\"t1/n\"", "\"t0/n\""), refused("it has state \"n\" of tensor \"t0\" twice"));
  EXPECT_EQ(loadWith("\"t0/u\"", "\"t1/u\""),
            refused("it has state \"u\" of tensor \"t1\", which exists when size >= 8 and so does not here"));

  Model larger({9, 4, 5});
  makeStaged(larger);
  parts.write(folder.file());
  EXPECT_EQ(load(larger, folder.file()), refused("tensor \"t2\" is not in it"));
  Model smaller({9});
  makeStaged(smaller);
  EXPECT_EQ(load(smaller, folder.file()).status, RAVINE_ERROR_FILE);
}

TEST_F(RefusedFile, HasOtherArrays) {
  EXPECT_EQ(loadWith(R"("dtype":"F32")", R"("dtype":"BF16")"),
            refused("state \"u\" of tensor \"t0\" has dtype BF16 in it, and F32 here"));
  EXPECT_EQ(loadWith(R"("t1/t":{"dtype":"I64")", R"("t1/t":{"dtype":"F64")"),
            refused("the counter of tensor \"t1\" has dtype F64 in it, and I64 here"));
  EXPECT_EQ(loadWith(R"("shape":[9])", R"("shape":[3,3])"),
            refused("state \"u\" of tensor \"t0\" has shape of rank 2 in it, and [9] here"));
  EXPECT_EQ(loadWith(R"("shape":[9])", R"("shape":[10])"),
            refused("state \"u\" of tensor \"t0\" has shape [10] in it, and [9] here"));
  EXPECT_EQ(loadWith(R"("shape":[9])", R"("shape":[])"),
            refused("state \"u\" of tensor \"t0\" has shape [] in it, and [9] here"));
  EXPECT_EQ(loadWith(R"("t1/n":{"dtype":"F64","shape":[])", R"("t1/n":{"dtype":"F64","shape":[1])"),
            refused("state \"n\" of tensor \"t1\" has shape [1] in it, and [] here"));

  // The data are, 8 bytes each: /total, t0/t, t0/n, t1/t, t1/n; and then the 36 bytes of t0/u.
  EXPECT_EQ(loadWith("[40,76]", "[8,44]"), refused("its arrays overlap at byte 8 of the data"));
  EXPECT_EQ(loadWith("[32,40]", "[24,32]"), refused("its arrays overlap at byte 24 of the data"));
  EXPECT_EQ(loadWith("[40,76]", "[48,84]"), refused("its arrays leave a gap at byte 40 of the data"));
  EXPECT_EQ(loadWith("[32,40]", "[32,41]"),
            refused("state \"n\" of tensor \"t1\" stands at bytes 32 to 41 and needs 8"));
  EXPECT_EQ(loadWith("[32,40]", "[40,32]"),
            refused("state \"n\" of tensor \"t1\" stands at bytes 40 to 32 and needs 8"));
  EXPECT_EQ(loadWith("[32,40]", "[9223372036854775800,9223372036854775807]").status, RAVINE_ERROR_FILE);
}

TEST_F(RefusedFile, LacksAState) {
  // Without t0/u, whose bytes are the last.
  size_t begin = parts.header.find(",\"t0/u\""), end = parts.header.find('}', begin) + 1;
  parts.header.erase(begin, end - begin);
  parts.data.resize(parts.data.size() - 36);
  EXPECT_EQ(loadParts(), refused("state \"u\" of tensor \"t0\" is not in it"));
}

TEST_F(RefusedFile, HasSettingsThatDoNotFit) {
  EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", R"("group 0/lr":"-1")"), refused("lr = -1 is outside [0, inf)"));
  for (const char *value : {"", "x", "0.1x", "nan", "0x1p3", "1 ", "1,5", "infinity", "--1"})
    EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", "\"group 0/lr\":\"" + std::string(value) + "\""),
              refused("its setting \"group 0/lr\" is \"" + std::string(value) + "\", which is no value of lr"));
  EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", R"("group 0/rate":"0.125")"),
            refused("it has a setting \"group 0/rate\", and recomputed has no such hyper"));
  EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", R"("group 1/lr":"0.125")"),
            refused("it has a setting \"group 1/lr\", which belongs to nothing in this optimizer"));
  EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", R"("tensor t0/lr":"0.125")"),
            refused("it has a setting \"tensor t0/lr\", which belongs to nothing in this optimizer"));
  EXPECT_EQ(loadWith(R"("tensor t1/scale")", R"("tensor t5/scale")"),
            refused("it has a setting \"tensor t5/scale\", which belongs to nothing in this optimizer"));
  EXPECT_EQ(loadWith(R"("tensor t1/scale")", R"("tensor t0/scale")"),
            refused("it has the setting \"tensor t0/scale\" twice"));
  EXPECT_EQ(loadWith(R"("tensor t1/scale":"1")", R"("note":"1")"),
            refused("it has no value of scale for tensor \"t1\""));
  EXPECT_EQ(loadWith(R"("group 0/lr":"0.125")", R"("note":"1")"), refused("it has no value of lr for group 0"));
  EXPECT_EQ(loadWith(R"("model/first":"2")", R"("note":"2")"), refused("it has no value of first"));
}

TEST_F(RefusedFile, WantsOtherStatesOrBreaksARequirement) {
  Model plain({20}), heavy({20});
  ASSERT_EQ(plain.create("momentum"), ok);
  ASSERT_EQ(heavy.create("momentum", {setting("momentum", 0.5)}), ok);
  EXPECT_EQ(heavy.step(), ok);
  EXPECT_EQ(plain.step(), ok);
  ASSERT_EQ(save(plain, folder.file()), ok);
  EXPECT_EQ(load(heavy, folder.file()), refused("state \"b\" of tensor \"t0\" is not in it"));
  parts = FileParts::read(folder.file());
  parts.replace(R"("group 0/damping":"0")", R"("group 0/damping":"1")");
  parts.write(folder.file());
  EXPECT_EQ(load(plain, folder.file()),
            refused("momentum requires damping <= momentum, which does not hold: momentum = "
                    "0, damping = 1"));
  ASSERT_EQ(save(heavy, folder.file()), ok);
  EXPECT_EQ(load(plain, folder.file()),
            refused("it has state \"b\" of tensor \"t0\", which exists when momentum > 0 and so does not here"));
}

TEST_F(RefusedFile, FindsNoMemory) {
  model.host.context = nullptr;
  static int left;
  left = 1000;
  model.host.allocate = [](void *, size_t bytes, size_t alignment) {
    return left-- > 0 ? std::aligned_alloc(alignment, (bytes + alignment - 1) & ~(alignment - 1)) : nullptr;
  };
  model.host.release = [](void *, void *memory, size_t, size_t) { std::free(memory); };
  makeStaged(model);
  int refusals = 0;
  for (int allowed = 0;; ++allowed) {
    left = allowed;
    std::string before = contents(model);
    Outcome outcome = load(model, folder.file());
    if (outcome == ok)
      break;
    ++refusals;
    ASSERT_EQ(outcome, (Outcome{RAVINE_ERROR_MEMORY, "there is no memory for what is in the file"}));
    ASSERT_EQ(contents(model), before);
  }
  EXPECT_GE(refusals, 5);
  left = 0;
  EXPECT_EQ(save(model, folder.file()),
            (Outcome{RAVINE_ERROR_MEMORY, "there is no memory for the header of the file"}));
}

/// Files that nobody would write: a valid one with bits turned, bytes put in, taken out and copied about, and noise.
TEST_F(RefusedFile, MayBeAnything) {
  uint32_t seed = 20240607;
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937 random(seed);
  auto below = [&](size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random); };
  const std::string valid = readFile(folder.file());
  const size_t headerEnd = sizeof(uint64_t) + parts.header.size();
  const std::string pieces[] = {
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "0", "-", "1e9", "99999999999999999999"};
  const std::function<void(std::string &)> mutations[] = {
      [&](std::string &bytes) { bytes[below(bytes.size())] ^= static_cast<char>(1 << below(8)); },
      [&](std::string &bytes) { bytes[8 + below(headerEnd - 8)] = static_cast<char>(below(256)); },
      [&](std::string &bytes) { bytes.resize(below(bytes.size()) + 1); },
      [&](std::string &bytes) { bytes.insert(8 + below(headerEnd - 8), pieces[below(std::size(pieces))]); },
      [&](std::string &bytes) { bytes.erase(below(bytes.size() - 1), 1 + below(20)); },
      [&](std::string &bytes) {
        std::string copied = bytes.substr(below(bytes.size()), 1 + below(60));
        bytes.insert(below(bytes.size()), copied);
      },
      [&](std::string &bytes) { bytes[below(8)] = static_cast<char>(below(256)); }, // the length of the header
      [&](std::string &bytes) {
        for (char &byte : bytes)
          byte = static_cast<char>(below(256));
        bytes.replace(0, 8, std::string("\x40\0\0\0\0\0\0\0", 8));
      },
  };
  std::string before = contents(model);
  int taken = 0;
  constexpr int rounds = 4000;
  for (int round = 0; round < rounds; ++round) {
    std::string bytes = valid;
    for (size_t count = 1 + below(3); count > 0 && bytes.size() > headerEnd; --count)
      mutations[below(std::size(mutations))](bytes);
    // Most damage would already show in the length of the header.
    if (below(2) == 0 && bytes.size() > headerEnd) {
      uint64_t length = bytes.size() - (valid.size() - headerEnd) - sizeof length;
      std::memcpy(bytes.data(), &length, sizeof length);
    }
    writeFile(folder.file(), bytes);
    Outcome outcome = load(model, folder.file());
    if (outcome == ok) {
      // Only what is data, a value or a note of somebody's can differ.
      ++taken;
      ASSERT_EQ(save(model, folder.file()), ok);
      ASSERT_EQ(load(model, folder.file()), ok);
      before = contents(model);
    } else {
      ASSERT_EQ(outcome.status, RAVINE_ERROR_FILE) << outcome.message;
      ASSERT_EQ(contents(model), before) << "seed " << seed << ", round " << round << ": " << outcome.message;
    }
  }
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, rounds / 2);
}

} // namespace

} // namespace ravine::test

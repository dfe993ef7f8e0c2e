// Taking up a checkpoint: first everything is read and checked, then everything is changed.
#include "runtime/core/CheckpointReader.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ravine::core {

namespace {

/// A file that is read.
class File {
public:
  File() = default;
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  ~File() {
    if (descriptor_ >= 0)
      close(descriptor_);
  }

  [[nodiscard]] bool open(const char *path) {
    // Without waiting: a pipe of that name would keep us here for ever.
    descriptor_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat found;
    if (descriptor_ < 0 || fstat(descriptor_, &found) != 0)
      return fail("it cannot be opened", errno);
    if (!S_ISREG(found.st_mode)) {
      problem_ << "it is not a file";
      return false;
    }
    size_ = static_cast<uint64_t>(found.st_size);
    return true;
  }

  /// Reads bytes [offset, offset + out.size()).
  [[nodiscard]] bool read(uint64_t offset, std::span<char> out) { return check(readPiece(offset, out)); }
  /// The same on many threads: what the system copies is as much as a step would move.
  [[nodiscard]] bool read(uint64_t offset, std::span<char> out, Parallel &parallel) {
    struct Region {
      const File &file;
      uint64_t offset;
      std::span<char> out;
      std::atomic<int> result = 0;
    } region{*this, offset, out};
    static constexpr size_t piece = size_t{8} << 20;
    parallel.run((out.size() + piece - 1) / piece,
                 [](void *context, size_t index) {
                   auto &[file, offset, out, result] = *static_cast<Region *>(context);
                   size_t begin = index * piece;
                   if (int failed =
                           file.readPiece(offset + begin, out.subspan(begin, std::min(piece, out.size() - begin))))
                     result = failed;
                 },
                 &region);
    return check(region.result);
  }

  [[nodiscard]] uint64_t size() const { return size_; }
  [[nodiscard]] const Sentence &problem() const { return problem_; }

private:
  static constexpr int endOfFile = -1;

  /// Returns 0, an error of the system, or endOfFile.
  [[nodiscard]] int readPiece(uint64_t offset, std::span<char> out) const {
    while (!out.empty()) {
      ssize_t count = pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return count < 0 ? errno : endOfFile;
      out = out.subspan(static_cast<size_t>(count));
      offset += static_cast<uint64_t>(count);
    }
    return 0;
  }
  bool check(int result) {
    if (result == endOfFile)
      problem_ << "it became shorter while it was read";
    else if (result != 0)
      fail("it cannot be read", result);
    return result == 0;
  }
  bool fail(const char *what, int code) {
    const char *reason = strerrordesc_np(code);
    problem_ << what << ": " << (reason != nullptr ? reason : "unknown error");
    return false;
  }

  int descriptor_ = -1;
  uint64_t size_ = 0;
  Sentence problem_;
};

/// What is changed once nothing can fail any more.
struct Change {
  ravine_optimizer &optimizer;
  const CheckpointReader &checkpoint;
  const char *data;

  void apply() const {
    optimizer.steps = checkpoint.steps();
    optimizer.skipped = checkpoint.skipped();
    optimizer.modelSize = checkpoint.modelSize();
    optimizer.isModelInitialized = checkpoint.isModelInitialized();
    for (size_t i = 0; i < optimizer.tensors.size(); ++i) {
      optimizer.tensors[i].steps = checkpoint.tensorSteps(i);
      optimizer.tensors[i].isInitialized = checkpoint.isInitialized(i);
    }
    optimizer.isOrderStale = true;
    optimizer.scalarStates.forgetMetrics();
    const ravine_optimizer_info &description = *optimizer.description;
    for (size_t state = 0; state < description.state_count; ++state) {
      if (description.states[state].index_set == RAVINE_PER_MODEL)
        copy(0, state, 0, 1);
      else if (description.states[state].index_set == RAVINE_PER_TENSOR)
        for (size_t tensor = 0; tensor < optimizer.tensors.size(); ++tensor)
          copy(tensor, state, 0, 1);
      else if (description.states[state].index_set != RAVINE_PER_ELEMENT)
        for (size_t tensor = 0; tensor < optimizer.tensors.size(); ++tensor)
          copy(tensor, state, 0, static_cast<int64_t>(locateState(optimizer, tensor, state).count));
    }
    // By the threads that will work on them, which places memory that nobody has touched yet.
    optimizer.parallel.run(
        optimizer.chunks.taskCount(),
        [](void *self, size_t task) { static_cast<const Change *>(self)->copyElements(task); },
        const_cast<Change *>(this));
  }

private:
  void copyElements(size_t task) const {
    const ravine_optimizer_info &description = *optimizer.description;
    for (const Piece &piece : optimizer.chunks.task(task)) {
      ElementRange range = elementsOf(optimizer.cuts[piece.tensor].chunk(piece.first));
      for (size_t state = 0; state < description.state_count; ++state)
        if (description.states[state].index_set == RAVINE_PER_ELEMENT)
          copy(piece.tensor, state, range.first, range.last);
    }
  }

  /// Numbers [begin, end) of a state. One that has no value yet becomes zero, as after `create`.
  void copy(size_t tensor, size_t state, int64_t begin, int64_t end) const {
    StatePlace place = locateState(optimizer, tensor, state);
    if (!place.exists || begin == end) // what has no numbers has no memory
      return;
    size_t size = dtypeSize(place.dtype), bytes = static_cast<size_t>(end - begin) * size;
    char *to = static_cast<char *>(place.data) + static_cast<size_t>(begin) * size;
    const DataRange &range = checkpoint.state(tensor, state);
    if (range.isPresent)
      std::memcpy(to, data + range.begin + static_cast<size_t>(begin) * size, bytes);
    else
      std::memset(to, 0, bytes);
  }
};

ravine_status outOfMemory(Error error) {
  return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for what is in the file");
}

} // namespace

ravine_status load(ravine_optimizer *optimizer, const char *path, Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"path", path}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  auto refuse = [&](const Sentence &reason) {
    return error(RAVINE_ERROR_FILE,
                 Sentence() << "cannot load " << Quoted{checkpoint::fileName(path)} << ": " << reason.text());
  };

  File file;
  uint64_t length = 0;
  if (!file.open(path))
    return refuse(file.problem());
  if (file.size() < sizeof length)
    return refuse(Sentence() << "it has " << file.size() << " bytes, too few for a safetensors file");
  if (!file.read(0, {reinterpret_cast<char *>(&length), sizeof length}))
    return refuse(file.problem());
  if (length > longestHeader || length > file.size() - sizeof length)
    return refuse(Sentence() << "it is no safetensors file, or cut off: its header would have " << length
                             << " bytes, and the file has " << file.size());
  Array<char> header, data;
  uint64_t dataBytes = file.size() - sizeof length - length;
  if (!header.allocate(optimizer->memory, length))
    return outOfMemory(error);
  if (!file.read(sizeof length, {header.data(), length}))
    return refuse(file.problem());

  CheckpointReader checkpoint(*optimizer);
  if (!checkpoint.read({header.data(), length}, dataBytes))
    return checkpoint.lacksMemory() ? outOfMemory(error) : refuse(checkpoint.problem());
  // The header accounts for every byte of the data, so that there are no more than the states have.
  if (!data.allocate(optimizer->memory, dataBytes))
    return outOfMemory(error);
  if (!file.read(sizeof length + length, {data.data(), dataBytes}, optimizer->parallel))
    return refuse(file.problem());
  if (!checkpoint.readCounters(data.data()))
    return refuse(checkpoint.problem());

  ravine_error reason = {.struct_size = sizeof reason, .status = RAVINE_OK, .message = ""};
  std::span<const ravine_setting> settings = checkpoint.settings();
  if (optimizer->settings.configure({settings.data(), settings.size(), "ravine_setting"}, checkpoint.steps() + 1,
                                    Error(&reason)) != RAVINE_OK)
    return refuse(Sentence() << reason.message);
  Change{*optimizer, checkpoint, data.data()}.apply();

  if (checkpoint.isFromOtherSource() && optimizer->host.log != nullptr) {
    Sentence line;
    line << Quoted{checkpoint::fileName(path)} << " was saved by " << optimizer->description->name
         << " compiled from another source; its states were taken over by name";
    optimizer->host.log(optimizer->host.context, line.text());
  }
  return RAVINE_OK;
}

} // namespace ravine::core

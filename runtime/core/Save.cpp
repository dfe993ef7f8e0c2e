// Writing a checkpoint.
#include "runtime/core/Checkpoint.h"
#include "runtime/core/Optimizer.h"
#include "runtime/core/ReplacedFile.h"
#include "runtime/core/Safetensors.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ravine::core {

namespace {

/// One array in the file. The tensor is null for a state of the model, the state for a tensor's counter.
struct Entry {
  const Tensor *tensor;
  const ravine_state_info *state;
  const char *dtype;
  const void *data;
  int64_t count;
  size_t bytes;
};

/// Visits everything that belongs in the file, in its order: what has larger elements first, so that every array is
/// aligned to its elements.
template <typename Visitor> void forEachEntry(ravine_optimizer &optimizer, Visitor visit) {
  const ravine_optimizer_info &description = *optimizer.description;
  auto visitState = [&](const Tensor *tensor, size_t state, size_t size) {
    StatePlace place = locateState(optimizer, tensor == nullptr ? 0 : tensor - optimizer.tensors.begin(), state);
    if (place.exists && place.isInitialized && dtypeSize(place.dtype) == size)
      visit(Entry{tensor, &description.states[state], checkpoint::dtypeName(place.dtype), place.data,
                  static_cast<int64_t>(place.count), place.count * size});
  };
  for (size_t size : {8, 4, 2}) {
    for (size_t state = 0; state < description.state_count; ++state)
      if (description.states[state].index_set == RAVINE_PER_MODEL)
        visitState(nullptr, state, size);
    for (const Tensor &tensor : optimizer.tensors) {
      if (size == 8)
        visit(Entry{&tensor, nullptr, checkpoint::counterDtype, &tensor.steps, 1, sizeof tensor.steps});
      for (size_t state = 0; state < description.state_count; ++state)
        if (description.states[state].index_set != RAVINE_PER_MODEL)
          visitState(&tensor, state, size);
    }
  }
}

/// Puts text into a buffer, or, without one, only counts.
class Text {
public:
  explicit Text(char *buffer) : buffer_(buffer) {}

  [[nodiscard]] size_t length() const { return length_; }

  Text &operator<<(const char *text) {
    for (; *text != '\0'; ++text)
      put(*text);
    return *this;
  }
  Text &operator<<(uint64_t number) { return *this << (Sentence() << number).text(); }

  /// A part of a string: what JSON wants escaped is.
  Text &escape(const char *text) {
    for (; *text != '\0'; ++text) {
      auto byte = static_cast<unsigned char>(*text);
      if (byte == '"' || byte == '\\') {
        put('\\');
        put(*text);
      } else if (byte < ' ') {
        constexpr char digits[] = "0123456789abcdef";
        *this << "\\u00";
        put(digits[byte >> 4]);
        put(digits[byte & 15]);
      } else {
        put(*text);
      }
    }
    return *this;
  }
  /// Spaces up to a multiple of `unit`.
  void pad(size_t unit) {
    while (length_ % unit != 0)
      put(' ');
  }

private:
  void put(char character) {
    if (buffer_ != nullptr)
      buffer_[length_] = character;
    ++length_;
  }

  char *buffer_;
  size_t length_ = 0;
};

void writeSettings(Text &text, const ravine_optimizer &optimizer) {
  const ravine_optimizer_info &description = *optimizer.description;
  auto finish = [&](const ravine_hyper_info &hyper, double value) {
    text.escape(hyper.name) << "\":\"";
    text.escape(checkpoint::settingText(hyper, value).text()) << "\"";
  };
  for (size_t i = 0; i < description.hyper_count; ++i) {
    const ravine_hyper_info &hyper = description.hypers[i];
    if (hyper.index_set == RAVINE_PER_TENSOR) {
      for (size_t tensor = 0; tensor < optimizer.tensors.size(); ++tensor) {
        text << ",\"" << checkpoint::tensorPrefix;
        text.escape(optimizer.tensors[tensor].name) << "/";
        finish(hyper, optimizer.settings.ofTensor(tensor, i));
      }
    } else if (hyper.index_set == RAVINE_PER_MODEL) {
      text << ",\"" << checkpoint::modelPrefix;
      finish(hyper, optimizer.settings.givenTo(0)[i]);
    } else {
      for (uint32_t group = 0; group < optimizer.settings.groupCount(); ++group) {
        text << ",\"" << checkpoint::groupPrefix << uint64_t{group} << "/";
        finish(hyper, optimizer.settings.givenTo(group)[i]);
      }
    }
  }
}

void writeInitialized(Text &text, const ravine_optimizer &optimizer) {
  auto write = [&](const char *tensor) {
    text << ",\"" << checkpoint::initializedPrefix;
    text.escape(tensor) << "\":\"" << checkpoint::isInitialized << "\"";
  };
  if (optimizer.steps == 0 && optimizer.isModelInitialized)
    write("");
  for (const Tensor &tensor : optimizer.tensors)
    if (tensor.steps == 0 && tensor.isInitialized)
      write(tensor.name);
}

void writeRowAxes(Text &text, const ravine_optimizer &optimizer) {
  for (const Tensor &tensor : optimizer.tensors)
    if (tensor.rowAxes > 1) {
      text << ",\"" << checkpoint::rowAxesPrefix;
      text.escape(tensor.name) << "\":\"" << uint64_t{tensor.rowAxes} << "\"";
    }
}

void writeMetadata(Text &text, const ravine_optimizer &optimizer) {
  const char *comma = "";
  auto begin = [&](const char *key) -> Text & {
    text << comma << "\"" << key << "\":\"";
    comma = ",";
    return text;
  };
  text << "\"__metadata__\":{";
  begin(checkpoint::versionKey) << checkpoint::version << "\"";
  begin(checkpoint::optimizerKey).escape(optimizer.description->name) << "\"";
  begin(checkpoint::libraryKey).escape(optimizer.library->name) << "\"";
  begin(checkpoint::sourceKey).escape(optimizer.library->source_hash) << "\"";
  begin(checkpoint::groupCountKey) << uint64_t{optimizer.settings.groupCount()} << "\"";
  begin(checkpoint::stepKey) << static_cast<uint64_t>(optimizer.steps) << "\"";
  begin(checkpoint::skippedKey) << static_cast<uint64_t>(optimizer.skipped) << "\"";
  begin(checkpoint::modelSizeKey) << static_cast<uint64_t>(optimizer.modelSize) << "\"";
  writeInitialized(text, optimizer);
  writeRowAxes(text, optimizer);
  writeSettings(text, optimizer);
  text << "}";
}

void writeHeader(Text &text, ravine_optimizer &optimizer) {
  text << "{";
  writeMetadata(text, optimizer);
  uint64_t offset = 0;
  forEachEntry(optimizer, [&](const Entry &entry) {
    text << ",\"";
    if (entry.tensor != nullptr)
      text.escape(entry.tensor->name);
    text << "/";
    text.escape(entry.state != nullptr ? entry.state->name : checkpoint::counterName);
    text << "\":{\"dtype\":\"" << entry.dtype << "\",\"shape\":[";
    const char *comma = "";
    if (entry.state != nullptr)
      for (int64_t extent : extentsOf(*entry.state, entry.tensor, entry.count))
        text << std::exchange(comma, ",") << static_cast<uint64_t>(extent);
    text << "],\"data_offsets\":[" << offset << "," << offset + entry.bytes << "]}";
    offset += entry.bytes;
  });
  text << "}";
  // Readers that map the file find the data aligned.
  text.pad(sizeof(uint64_t));
}

/// Collects pieces and hands them to the file many at a time.
class Gather {
public:
  explicit Gather(ReplacedFile &file) : file_(file) {}

  void add(const void *data, size_t bytes) {
    if (bytes == 0)
      return;
    pieces_[count_++] = {const_cast<void *>(data), bytes};
    if (count_ == pieces_.size())
      flush();
  }
  /// Whether everything so far could be written.
  bool flush() {
    isGood_ = isGood_ && file_.append({pieces_.data(), count_});
    count_ = 0;
    return isGood_;
  }

private:
  ReplacedFile &file_;
  std::array<iovec, 256> pieces_;
  size_t count_ = 0;
  bool isGood_ = true;
};

bool isUtf8(const char *text) {
  std::span<const char> rest(text, std::strlen(text));
  while (!rest.empty()) {
    size_t length = characterLength(rest);
    if (length == 0)
      return false;
    rest = rest.subspan(length);
  }
  return true;
}

} // namespace

ravine_status save(ravine_optimizer *optimizer, const char *path, Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"path", path}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  Sentence cannot;
  cannot << "cannot save " << Quoted{checkpoint::fileName(path)} << ": ";

  for (size_t i = 0; i < optimizer->tensors.size(); ++i) {
    const Tensor &tensor = optimizer->tensors[i];
    if (!isUtf8(tensor.name))
      return error(RAVINE_ERROR_FILE, cannot << "the name of tensor " << i << " is not UTF-8");
    if (tensor.steps > optimizer->steps)
      return error(RAVINE_ERROR_FILE, cannot << "tensor " << Quoted{tensor.name} << " has taken " << tensor.steps
                                             << " of " << optimizer->steps << " steps");
  }
  Text counted(nullptr);
  writeHeader(counted, *optimizer);
  uint64_t length = counted.length();
  if (length > longestHeader)
    return error(RAVINE_ERROR_FILE,
                 cannot << "its header would have " << length << " bytes, and readers take " << longestHeader);
  Array<char> header;
  if (!header.allocate(optimizer->memory, length))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the header of the file");
  Text text(header.data());
  writeHeader(text, *optimizer);

  ReplacedFile file;
  if (!file.open(path))
    return error(RAVINE_ERROR_FILE, cannot << file.problem());
  Gather gather(file);
  gather.add(&length, sizeof length);
  gather.add(header.data(), length);
  forEachEntry(*optimizer, [&](const Entry &entry) { gather.add(entry.data, entry.bytes); });
  if (!gather.flush() || !file.finish())
    return error(RAVINE_ERROR_FILE, cannot << file.problem());
  return RAVINE_OK;
}

} // namespace ravine::core

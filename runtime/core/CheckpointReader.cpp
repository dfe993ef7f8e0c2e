// Comparing a checkpoint with an optimizer, entry by entry.
#include "runtime/core/CheckpointReader.h"

#include "runtime/core/Names.h"

#include <algorithm>
#include <cstring>

namespace ravine::core {

namespace {

/// Cuts "OWNER/NAME" at its last slash. Returns the name, or null where there is no slash.
const char *cutAtLastSlash(char *key) {
  char *slash = std::strrchr(key, '/');
  if (slash == nullptr)
    return nullptr;
  *slash = '\0';
  return slash + 1;
}

const char *afterPrefix(const char *key, const char *prefix) {
  size_t length = std::strlen(prefix);
  return std::strncmp(key, prefix, length) == 0 ? key + length : nullptr;
}

/// "state "m" of tensor "w"", "state "k" of the model", "the counter of tensor "w"".
Sentence describeArray(const ravine_state_info *state, const Tensor *tensor) {
  Sentence sentence;
  if (state == nullptr)
    return sentence << "the counter of tensor " << Quoted{tensor->name};
  sentence << "state " << Quoted{state->name} << " of ";
  return tensor == nullptr ? sentence << "the model" : sentence << "tensor " << Quoted{tensor->name};
}

} // namespace

bool CheckpointReader::read(std::span<const char> header, uint64_t dataBytes) {
  if (!allocate(header)) {
    lacksMemory_ = true;
    return fail(Sentence() << "there is no memory for what is in the file");
  }
  HeaderReader reader(header, room_.data(), {extents_.data(), extents_.size()});
  return readIdentity(reader) && readEntries(reader) && checkComplete() && checkRows() && checkCoverage(dataBytes);
}

bool CheckpointReader::allocate(std::span<const char> header) {
  const Memory &memory = optimizer_.memory;
  size_t tensorCount = optimizer_.tensors.size(), hyperCount = optimizer_.description->hyper_count;
  uint32_t rank = 1; // of a state over groups
  for (const Tensor &tensor : optimizer_.tensors)
    rank = std::max(rank, tensor.rank);
  if (!settingPlaces_.allocate(memory, hyperCount))
    return false;
  size_t settingCount = 0;
  for (size_t hyper = 0; hyper < hyperCount; ++hyper) {
    settingPlaces_[hyper] = settingCount;
    settingCount += ownerCount(hyper);
  }
  size_t stateCount = optimizer_.description->state_count;
  return room_.allocate(memory, header.size()) && extents_.allocate(memory, rank) &&
         ranges_.allocate(memory, tensorCount * stride()) && modelStates_.allocate(memory, stateCount) &&
         sorted_.allocate(memory, tensorCount * stride() + stateCount) && counters_.allocate(memory, tensorCount) &&
         initialized_.allocate(memory, tensorCount) && rowAxes_.allocate(memory, tensorCount) &&
         settings_.allocate(memory, settingCount);
}

size_t CheckpointReader::ownerCount(size_t hyper) const {
  switch (optimizer_.description->hypers[hyper].index_set) {
  case RAVINE_PER_TENSOR:
    return optimizer_.tensors.size();
  case RAVINE_PER_MODEL:
    return 1;
  default:
    return optimizer_.settings.groupCount();
  }
}

bool CheckpointReader::readIdentity(HeaderReader reader) {
  enum { Version, Optimizer, Source, Groups, Step, Skipped, ModelSize, count };
  static constexpr const char *keys[] = {checkpoint::versionKey,    checkpoint::optimizerKey, checkpoint::sourceKey,
                                         checkpoint::groupCountKey, checkpoint::stepKey,      checkpoint::skippedKey,
                                         checkpoint::modelSizeKey};
  bool isPresent[count] = {}, isRight[count] = {};
  // What a sentence about a value that does not fit shows of it.
  Sentence version, optimizer;
  int64_t groups = 0, mostElements = 0;
  for (const Tensor &tensor : optimizer_.tensors)
    mostElements += tensor.count;

  Item item;
  while ((item = reader.next()) == Item::Metadata || item == Item::Tensor) {
    const char *const *key =
        item == Item::Tensor ? std::end(keys) : std::find_if(std::begin(keys), std::end(keys), [&](const char *known) {
          return std::strcmp(known, reader.name) == 0;
        });
    if (key == std::end(keys))
      continue;
    auto index = key - keys;
    if (isPresent[index])
      return fail(Sentence() << "its metadata has " << Quoted{*key} << " twice");
    isPresent[index] = true;
    switch (index) {
    case Version:
      version << Quoted{reader.value};
      isRight[index] = std::strcmp(reader.value, checkpoint::version) == 0;
      break;
    case Optimizer:
      optimizer << Quoted{reader.value};
      isRight[index] = std::strcmp(reader.value, optimizer_.description->name) == 0;
      break;
    case Source:
      isRight[index] = true;
      isFromOtherSource_ = std::strcmp(reader.value, optimizer_.library->source_hash) != 0;
      break;
    case Groups:
      isRight[index] = checkpoint::readCount(reader.value, INT64_MAX, groups);
      break;
    case Step:
      isRight[index] = checkpoint::readCount(reader.value, mostSteps, steps_);
      break;
    case Skipped:
      isRight[index] = checkpoint::readCount(reader.value, mostSteps, skipped_);
      break;
    default: // ModelSize
      isRight[index] = checkpoint::readCount(reader.value, mostElements, modelSize_);
      break;
    }
  }
  if (item == Item::Broken)
    return fail(Sentence() << "its header is damaged at byte " << reader.position() << ": " << reader.problem());
  if (!isPresent[Version])
    return fail(Sentence() << "it is no checkpoint of a Ravine optimizer");
  if (!isRight[Version])
    return fail(Sentence() << "it has version " << version.text()
                           << " of the checkpoint format, and this library reads " << Quoted{checkpoint::version});
  if (isPresent[Optimizer] && !isRight[Optimizer])
    return fail(Sentence() << "it was saved by optimizer " << optimizer.text() << ", and this one is "
                           << Quoted{optimizer_.description->name});
  for (int index = 0; index < count; ++index) {
    if (!isPresent[index])
      return fail(Sentence() << "its metadata has no " << Quoted{keys[index]});
    if (!isRight[index])
      return fail(Sentence() << "the " << Quoted{keys[index]} << " in its metadata is no number that can be");
  }
  if (groups != optimizer_.settings.groupCount())
    return fail(Sentence() << "it has settings for " << groups << " parameter groups, and this optimizer has "
                           << optimizer_.settings.groupCount());
  return true;
}

bool CheckpointReader::readEntries(HeaderReader reader) {
  for (;;)
    switch (reader.next()) {
    case Item::Metadata: {
      const char *initialized = afterPrefix(reader.name, checkpoint::initializedPrefix);
      const char *rowAxes = afterPrefix(reader.name, checkpoint::rowAxesPrefix);
      if (!(initialized != nullptr ? readInitialized(initialized, reader.value)
            : rowAxes != nullptr   ? readRowAxes(rowAxes, reader.value)
                                   : readSetting(reader.name, reader.value)))
        return false;
      break;
    }
    case Item::Tensor:
      if (!readArray(reader))
        return false;
      break;
    default: // the first pass has seen that nothing is broken
      return true;
    }
}

bool CheckpointReader::readInitialized(const char *tensor, const char *text) {
  if (std::strcmp(text, checkpoint::isInitialized) != 0)
    return fail(Sentence() << "its metadata says " << Quoted{text} << " of whether something is initialized");
  if (*tensor == '\0') {
    isModelInitialized_ = true;
    return true;
  }
  size_t found = findTensor(tensor);
  if (found == optimizer_.tensors.size())
    return false;
  initialized_[found] = true;
  return true;
}

size_t CheckpointReader::findTensor(const char *name) {
  size_t found = optimizer_.tensors.find(name);
  if (found == optimizer_.tensors.size())
    (void)fail(Sentence() << "it has a tensor " << Quoted{name} << ", which this optimizer does not have");
  return found;
}

bool CheckpointReader::readRowAxes(const char *tensor, const char *text) {
  size_t found = findTensor(tensor);
  if (found == optimizer_.tensors.size())
    return false;
  if (!checkpoint::readCount(text, INT32_MAX, rowAxes_[found]) || rowAxes_[found] == 0)
    return fail(Sentence() << "its metadata says that " << Quoted{text} << " axes make up the rows of tensor "
                           << Quoted{tensor});
  return true;
}

bool CheckpointReader::checkRows() {
  const ravine_optimizer_info &description = *optimizer_.description;
  bool hasRows = std::any_of(description.states, description.states + description.state_count, [](const auto &state) {
    return state.index_set == RAVINE_PER_ROW || state.index_set == RAVINE_PER_COL ||
           state.index_set == RAVINE_PER_CHANNEL;
  });
  for (size_t i = 0; hasRows && i < optimizer_.tensors.size(); ++i) {
    const Tensor &tensor = optimizer_.tensors[i];
    int64_t saved = std::max<int64_t>(1, rowAxes_[i]);
    if (tensor.rowAxes > 0 && saved != tensor.rowAxes)
      return fail(Sentence() << "the rows of tensor " << Quoted{tensor.name} << " were made up of " << saved
                             << (saved == 1 ? " axis" : " axes") << ", and here they are of "
                             << int64_t{tensor.rowAxes});
  }
  return true;
}

bool CheckpointReader::readSetting(const char *key, const char *text) {
  const char *model = afterPrefix(key, checkpoint::modelPrefix);
  const char *group = afterPrefix(key, checkpoint::groupPrefix), *tensor = afterPrefix(key, checkpoint::tensorPrefix);
  if (model == nullptr && group == nullptr && tensor == nullptr)
    return true; // somebody's note
  Sentence quoted;
  quoted << Quoted{key};
  const char *name = cutAtLastSlash(const_cast<char *>(key)); // it is in our room
  const ravine_optimizer_info &description = *optimizer_.description;
  NameList names = NameList::of(description.hypers, description.hyper_count);
  size_t hyper = name == nullptr ? names.count() : names.find(name);
  if (hyper == names.count())
    return fail(Sentence() << "it has a setting " << quoted.text() << ", and " << description.name
                           << " has no such hyper");
  ravine_index_set set = description.hypers[hyper].index_set;
  int64_t owner = 0;
  if (group != nullptr && set == RAVINE_PER_GROUP) {
    if (checkpoint::readCount(group, int64_t{optimizer_.settings.groupCount()} - 1, owner))
      return placeSetting(hyper, static_cast<size_t>(owner), quoted.text(), text);
  } else if (tensor != nullptr && set == RAVINE_PER_TENSOR) {
    size_t found = optimizer_.tensors.find(tensor);
    if (found < optimizer_.tensors.size())
      return placeSetting(hyper, found, quoted.text(), text);
  } else if (model != nullptr && name == model && set == RAVINE_PER_MODEL) {
    return placeSetting(hyper, 0, quoted.text(), text);
  }
  return fail(Sentence() << "it has a setting " << quoted.text() << ", which belongs to nothing in this optimizer");
}

bool CheckpointReader::placeSetting(size_t hyper, size_t owner, const char *key, const char *text) {
  const ravine_hyper_info &info = optimizer_.description->hypers[hyper];
  ravine_setting &setting = settings_[settingPlaces_[hyper] + owner];
  if (setting.name != nullptr)
    return fail(Sentence() << "it has the setting " << key << " twice");
  double value;
  if (!checkpoint::readSetting(info, text, value))
    return fail(Sentence() << "its setting " << key << " is " << Quoted{text} << ", which is no value of "
                           << info.name);
  bool isPerTensor = info.index_set == RAVINE_PER_TENSOR;
  setting = {.struct_size = sizeof setting,
             .name = info.name,
             .group = info.index_set == RAVINE_PER_GROUP ? static_cast<uint32_t>(owner) : RAVINE_ALL_GROUPS,
             .value = value,
             .choice = nullptr,
             .tensor = isPerTensor ? optimizer_.tensors[owner].name : nullptr};
  return true;
}

bool CheckpointReader::checkComplete() {
  for (size_t i = 0; i < optimizer_.tensors.size(); ++i)
    if (!counterRange(i).isPresent)
      return fail(Sentence() << "tensor " << Quoted{optimizer_.tensors[i].name} << " is not in it");
  const ravine_optimizer_info &description = *optimizer_.description;
  for (size_t hyper = 0; hyper < description.hyper_count; ++hyper)
    for (size_t owner = 0; owner < ownerCount(hyper); ++owner) {
      if (settings_[settingPlaces_[hyper] + owner].name != nullptr)
        continue;
      Sentence sentence;
      sentence << "it has no value of " << description.hypers[hyper].name;
      if (description.hypers[hyper].index_set == RAVINE_PER_TENSOR)
        sentence << " for tensor " << Quoted{optimizer_.tensors[owner].name};
      else if (description.hypers[hyper].index_set == RAVINE_PER_GROUP)
        sentence << " for group " << owner;
      return fail(sentence);
    }
  return true;
}

bool CheckpointReader::readArray(HeaderReader &reader) {
  const ravine_optimizer_info &description = *optimizer_.description;
  const char *owner = reader.name;
  Sentence quoted;
  quoted << Quoted{reader.name};
  const char *name = cutAtLastSlash(const_cast<char *>(reader.name)); // it is in the reader's room, which is ours
  if (name == nullptr)
    return fail(Sentence() << "it has an array " << quoted.text() << ", which is no state of a tensor");
  bool isModels = *owner == '\0';
  size_t tensor = isModels ? 0 : optimizer_.tensors.find(owner);
  if (!isModels && tensor == optimizer_.tensors.size())
    return fail(Sentence() << "it has a tensor " << Quoted{owner} << ", which this optimizer does not have");
  const Tensor *of = isModels ? nullptr : &optimizer_.tensors[tensor];
  if (!isModels && std::strcmp(name, checkpoint::counterName) == 0)
    return matchArray(reader, counterRange(tensor), checkpoint::counterDtype, {}, sizeof(int64_t),
                      describeArray(nullptr, of).text());

  NameList names = NameList::of(description.states, description.state_count);
  size_t state = names.find(name);
  if (state == names.count() || isOfModel(state) != isModels)
    return fail(Sentence() << "it has an array " << quoted.text() << ", and " << description.name
                           << " has no such state");
  StatePlace place = locateState(optimizer_, tensor, state);
  const ravine_state_info &info = description.states[state];
  Sentence what = describeArray(&info, of);
  if (!place.exists && *info.condition == '\0')
    return fail(Sentence() << "it has " << what.text() << ", which does not exist for these dtypes");
  if (!place.exists)
    return fail(Sentence() << "it has " << what.text() << ", which exists when " << info.condition
                           << " and so does not here");
  const auto count = static_cast<int64_t>(place.count);
  return matchArray(reader, isModels ? modelStates_[state] : ranges_[tensor * stride() + state],
                    checkpoint::dtypeName(place.dtype), extentsOf(info, of, count),
                    place.count * dtypeSize(place.dtype), what.text());
}

bool CheckpointReader::matchArray(const HeaderReader &reader, DataRange &range, const char *dtype,
                                  std::span<const int64_t> shape, size_t bytes, const char *what) {
  if (range.isPresent)
    return fail(Sentence() << "it has " << what << " twice");
  if (std::strcmp(reader.dtype, dtype) != 0)
    return fail(Sentence() << what << " has dtype " << reader.dtype << " in it, and " << dtype << " here");
  if (reader.rank != shape.size() || !std::equal(shape.begin(), shape.end(), extents_.begin())) {
    Sentence sentence;
    auto write = [&](const int64_t *extents, uint64_t axes) {
      for (uint64_t axis = 0; axis < axes; ++axis)
        sentence << (axis == 0 ? "[" : ", ") << extents[axis];
      sentence << (axes == 0 ? "[]" : "]");
    };
    sentence << what << " has shape ";
    if (reader.rank <= extents_.size())
      write(extents_.data(), reader.rank);
    else
      sentence << "of rank " << reader.rank;
    sentence << " in it, and ";
    write(shape.data(), shape.size());
    return fail(sentence << " here");
  }
  if (reader.end < reader.begin || static_cast<uint64_t>(reader.end - reader.begin) != bytes)
    return fail(Sentence() << what << " stands at bytes " << reader.begin << " to " << reader.end << " and needs "
                           << bytes);
  range = {reader.begin, reader.end, true};
  return true;
}

bool CheckpointReader::checkCoverage(uint64_t dataBytes) {
  auto end = std::copy_if(ranges_.begin(), ranges_.end(), sorted_.begin(), [](auto &range) { return range.isPresent; });
  end = std::copy_if(modelStates_.begin(), modelStates_.end(), end, [](auto &range) { return range.isPresent; });
  std::sort(sorted_.begin(), end, [](const DataRange &a, const DataRange &b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  int64_t reached = 0;
  for (const DataRange *range = sorted_.begin(); range != end; reached = range++->end)
    if (range->begin != reached)
      return fail(Sentence() << "its arrays " << (range->begin < reached ? "overlap" : "leave a gap") << " at byte "
                             << std::min(range->begin, reached) << " of the data");
  if (static_cast<uint64_t>(reached) != dataBytes)
    return fail(Sentence() << "its arrays need " << reached << " bytes, and " << dataBytes << " follow the header");
  return true;
}

bool CheckpointReader::readCounters(const char *data) {
  const ravine_optimizer_info &description = *optimizer_.description;
  auto checkPresence = [&](size_t tensor, size_t state, bool isStarted) {
    bool isExpected = isStarted && locateState(optimizer_, tensor, state).exists;
    if (this->state(tensor, state).isPresent == isExpected)
      return true;
    Sentence what = describeArray(&description.states[state], isOfModel(state) ? nullptr : &optimizer_.tensors[tensor]);
    return fail(isExpected ? Sentence() << what.text() << " is not in it"
                           : Sentence() << "it has " << what.text() << ", which has no initial value yet");
  };
  for (size_t i = 0; i < optimizer_.tensors.size(); ++i) {
    std::memcpy(&counters_[i], data + counterRange(i).begin, sizeof(int64_t));
    if (counters_[i] < 0 || counters_[i] > steps_)
      return fail(Sentence() << "tensor " << Quoted{optimizer_.tensors[i].name} << " has taken " << counters_[i]
                             << " of " << steps_ << " steps in it");
    for (size_t state = 0; state < description.state_count; ++state)
      if (!isOfModel(state) && !checkPresence(i, state, isInitialized(i)))
        return false;
  }
  for (size_t state = 0; state < description.state_count; ++state)
    if (isOfModel(state) && !checkPresence(0, state, isModelInitialized()))
      return false;
  return true;
}

} // namespace ravine::core

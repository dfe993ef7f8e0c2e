// A checkpoint's header, compared with the optimizer that is to take it up.
#pragma once

#include "runtime/core/Checkpoint.h"
#include "runtime/core/Optimizer.h"
#include "runtime/core/Safetensors.h"

namespace ravine::core {

/// Where an array is in the file's data.
struct DataRange {
  int64_t begin = 0, end = 0;
  bool isPresent = false;
};

/// Takes in the header, finds the first thing in it that does not fit, and changes nothing. Each function returns false
/// where something does not fit, and `problem` says what.
class CheckpointReader {
public:
  explicit CheckpointReader(ravine_optimizer &optimizer) : optimizer_(optimizer) {}

  /// Reads the header of a file with `dataBytes` bytes of data. Everything in it that can be checked without the data
  /// is.
  [[nodiscard]] bool read(std::span<const char> header, uint64_t dataBytes);
  /// Whether `read` failed for want of memory.
  [[nodiscard]] bool lacksMemory() const { return lacksMemory_; }
  /// Takes the counters out of the data and checks them, and that the states of each tensor that is initialized, and of
  /// no other, are there.
  [[nodiscard]] bool readCounters(const char *data);

  [[nodiscard]] const Sentence &problem() const { return problem_; }

  /// The array of a state; `tensor` is ignored for a state of the model.
  [[nodiscard]] const DataRange &state(size_t tensor, size_t state) const {
    return isOfModel(state) ? modelStates_[state] : ranges_[tensor * stride() + state];
  }
  /// Steps in which the tensor took part.
  [[nodiscard]] int64_t tensorSteps(size_t tensor) const { return counters_[tensor]; }
  /// Whether the states of a tensor, or of the model, have values.
  [[nodiscard]] bool isInitialized(size_t tensor) const { return initialized_[tensor] || counters_[tensor] > 0; }
  [[nodiscard]] bool isModelInitialized() const { return isModelInitialized_ || steps_ > 0; }
  [[nodiscard]] int64_t steps() const { return steps_; }
  [[nodiscard]] int64_t skipped() const { return skipped_; }
  [[nodiscard]] int64_t modelSize() const { return modelSize_; }
  /// Whether the library that wrote the file has another source.
  [[nodiscard]] bool isFromOtherSource() const { return isFromOtherSource_; }
  /// All settings, by names that live as long as the optimizer.
  [[nodiscard]] std::span<const ravine_setting> settings() const { return {settings_.data(), settings_.size()}; }

private:
  using Item = HeaderReader::Item;

  [[nodiscard]] bool allocate(std::span<const char> header);
  /// The first pass: what the file is.
  [[nodiscard]] bool readIdentity(HeaderReader reader);
  /// The second pass: settings and arrays.
  [[nodiscard]] bool readEntries(HeaderReader reader);
  [[nodiscard]] bool readSetting(const char *key, const char *text);
  [[nodiscard]] bool readInitialized(const char *tensor, const char *text);
  [[nodiscard]] bool readRowAxes(const char *tensor, const char *text);
  /// Whether the numbers of rows, columns and channels in the file belong to the same rows as here.
  [[nodiscard]] bool checkRows();
  /// The tensor of that name, or, having failed, their number.
  [[nodiscard]] size_t findTensor(const char *name);
  [[nodiscard]] bool placeSetting(size_t hyper, size_t owner, const char *key, const char *text);
  [[nodiscard]] bool readArray(HeaderReader &reader);
  [[nodiscard]] bool matchArray(const HeaderReader &reader, DataRange &range, const char *dtype,
                                std::span<const int64_t> shape, size_t bytes, const char *what);
  /// Whether every tensor and every setting is there.
  [[nodiscard]] bool checkComplete();
  /// Whether the arrays fill the data, without overlap or gap.
  [[nodiscard]] bool checkCoverage(uint64_t dataBytes);

  [[nodiscard]] bool isOfModel(size_t state) const {
    return optimizer_.description->states[state].index_set == RAVINE_PER_MODEL;
  }
  /// Ranges of a tensor: its states, and then its counter.
  [[nodiscard]] size_t stride() const { return optimizer_.description->state_count + 1; }
  [[nodiscard]] DataRange &counterRange(size_t tensor) { return ranges_[(tensor + 1) * stride() - 1]; }
  [[nodiscard]] size_t ownerCount(size_t hyper) const;
  bool fail(const Sentence &sentence) {
    problem_ = sentence;
    return false;
  }

  ravine_optimizer &optimizer_;
  Sentence problem_;
  bool lacksMemory_ = false;
  Array<char> room_;
  Array<int64_t> extents_;
  Array<DataRange> ranges_;
  Array<DataRange> modelStates_;
  Array<DataRange> sorted_;
  Array<int64_t> counters_;
  /// By tensor: whether the file says that it has initial values, though it has taken no step.
  Array<bool> initialized_;
  bool isModelInitialized_ = false;
  /// By tensor: the row axes that the file names; 0 where it names none, which means 1.
  Array<int64_t> rowAxes_;
  /// For each hyper the settings of its owners, the model, the groups or the tensors: those of a hyper start at
  /// settingPlaces_[hyper]. One without a name has not been found yet.
  Array<ravine_setting> settings_;
  Array<size_t> settingPlaces_;
  int64_t steps_ = 0, skipped_ = 0, modelSize_ = 0;
  bool isFromOtherSource_ = false;
};

} // namespace ravine::core

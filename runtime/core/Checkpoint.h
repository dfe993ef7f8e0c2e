// What a checkpoint is: the names in it, and how settings are written. docs/decisions/checkpoints.md has the reasons.
#pragma once

#include "runtime/abi/ravine.h"
#include "runtime/core/Error.h"

#include <cstddef>

namespace ravine::core::checkpoint {

/// A checkpoint is a safetensors file with, for each tensor of the model,
///
///   TENSOR/t        I64, shape []: the steps in which it took part
///   TENSOR/STATE    a state per element, with its dtype and the tensor's shape; or per row, column, channel or block,
///                   with its dtype and their number for a shape; or per tensor, F64 with shape []
///   /STATE          a state of the model, F64 with shape []
///
/// where only states are present that exist and have their initial value or another. The last slash is the one that
/// separates, for names of states have none. The rest is in the metadata, under these keys, and
///
///   model/HYPER, group N/HYPER, tensor TENSOR/HYPER    settings
///   initialized/TENSOR, initialized/                   present where a tensor, or the model, has taken no step and has
///                                                      its initial values all the same
///   row_axes/TENSOR                                    how many axes make up the rows, where that is more than one
inline constexpr const char *counterName = "t";
inline constexpr const char *versionKey = "ravine";
inline constexpr const char *optimizerKey = "optimizer";
inline constexpr const char *libraryKey = "library";
inline constexpr const char *sourceKey = "source";
inline constexpr const char *groupCountKey = "groups";
inline constexpr const char *stepKey = "step";
inline constexpr const char *skippedKey = "skipped";
inline constexpr const char *modelSizeKey = "model_size";
inline constexpr const char *modelPrefix = "model/";
inline constexpr const char *groupPrefix = "group ";
inline constexpr const char *tensorPrefix = "tensor ";
inline constexpr const char *initializedPrefix = "initialized/";
inline constexpr const char *rowAxesPrefix = "row_axes/";
/// The value of a key that says that something is initialized.
inline constexpr const char *isInitialized = "true";

/// The value of versionKey. A file of another version is refused.
inline constexpr const char *version = "1";

/// The format's name of a dtype.
[[nodiscard]] const char *dtypeName(ravine_dtype dtype);
inline constexpr const char *counterDtype = "I64";

/// How a value is written: the name of an enum's choice, true or false, the shortest decimal number that reads back as
/// the same bits, or that the hyper follows its schedule.
[[nodiscard]] Sentence settingText(const ravine_hyper_info &hyper, double value);
/// Reads what settingText writes, or any other decimal number; false where `text` is none of these.
[[nodiscard]] bool readSetting(const ravine_hyper_info &hyper, const char *text, double &value);

/// Reads a decimal number from 0 to `most`; false where `text` is none.
[[nodiscard]] bool readCount(const char *text, int64_t most, int64_t &count);

/// The last part of a path, for sentences.
[[nodiscard]] const char *fileName(const char *path);

} // namespace ravine::core::checkpoint

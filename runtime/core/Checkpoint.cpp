// Texts of settings and counters.
#include "runtime/core/Checkpoint.h"

#include "runtime/core/Hypers.h"

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <locale.h>

namespace ravine::core::checkpoint {

namespace {

/// Stands for the value of a hyper that follows its schedule.
constexpr const char *scheduledText = "scheduled";

} // namespace

const char *dtypeName(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_F64:
    return "F64";
  case RAVINE_BF16:
    return "BF16";
  case RAVINE_F16:
    return "F16";
  default:
    return "F32";
  }
}

Sentence settingText(const ravine_hyper_info &hyper, double value) {
  Sentence text;
  if (hyper.kind == RAVINE_HYPER_ENUM)
    text << hyper.choices[static_cast<size_t>(value)];
  else if (hyper.kind == RAVINE_HYPER_BOOL)
    text << (value != 0 ? "true" : "false");
  else if (std::isnan(value))
    text << scheduledText;
  else
    text << value;
  return text;
}

bool readSetting(const ravine_hyper_info &hyper, const char *text, double &value) {
  if (hyper.kind == RAVINE_HYPER_ENUM) {
    NameList choices(hyper.choices, hyper.choice_count);
    size_t choice = choices.find(text);
    value = static_cast<double>(choice);
    return choice < choices.count();
  }
  if (hyper.kind == RAVINE_HYPER_BOOL) {
    value = std::strcmp(text, "true") == 0 ? 1 : 0;
    return value != 0 || std::strcmp(text, "false") == 0;
  }
  if (hasSchedule(hyper) && std::strcmp(text, scheduledText) == 0) {
    value = followsSchedule;
    return true;
  }
  bool isInfinite = std::strcmp(text, "inf") == 0 || std::strcmp(text, "-inf") == 0;
  if (*text == '\0' || (!isInfinite && std::strspn(text, "0123456789+-.e") != std::strlen(text)))
    return false;
  // The host's locale may write numbers in another way; the C one always exists and takes no memory.
  locale_t plain = newlocale(LC_ALL_MASK, "C", nullptr);
  if (plain == nullptr)
    return false;
  char *end = nullptr;
  value = strtod_l(text, &end, plain);
  freelocale(plain);
  return *end == '\0';
}

bool readCount(const char *text, int64_t most, int64_t &count) {
  count = 0;
  if (*text == '\0' || (*text == '0' && text[1] != '\0'))
    return false;
  for (; *text != '\0'; ++text)
    if (*text < '0' || *text > '9' || __builtin_mul_overflow(count, 10, &count) ||
        __builtin_add_overflow(count, *text - '0', &count))
      return false;
  return count <= most;
}

const char *fileName(const char *path) {
  const char *slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

} // namespace ravine::core::checkpoint

// Filling the host's ravine_error, as far as it reaches.
#include "runtime/core/Error.h"

#include "runtime/core/HostStructs.h"

namespace ravine::core {

ravine_status Error::operator()(ravine_status status, const Sentence &sentence) const {
  if (host_ != nullptr && isReadableSize(host_->struct_size)) {
    ravine_error filled = {};
    filled.status = status;
    constexpr size_t messageOffset = offsetof(ravine_error, message);
    size_t room = host_->struct_size > messageOffset ? host_->struct_size - messageOffset : 0;
    if (room > 0)
      copyText(filled.message, room < sizeof filled.message ? room : sizeof filled.message, sentence.text());
    fillHostStruct(host_, filled);
  }
  return status;
}

} // namespace ravine::core

// Comparing names with patterns.
#pragma once

namespace ravine::core {

/// Whether the whole of `name` is as `pattern` says: `*` stands for any characters, none included, `?` for one, and
/// every other character for itself. Characters are those of UTF-8; a byte that belongs to none counts as one. Takes at
/// most the product of both lengths.
[[nodiscard]] bool isLike(const char *name, const char *pattern);

} // namespace ravine::core

// Names and source text inside messages.
#pragma once

#include <string>
#include <string_view>

namespace ravine {

/// The text in backquotes, cut where it is too long for a message and where its line ends.
[[nodiscard]] std::string quote(std::string_view text);

/// A piece of source on one line, without its comments.
[[nodiscard]] std::string codeOnOneLine(std::string_view text);

/// A number as a person writes it: the shortest form that reads back as the same value.
[[nodiscard]] std::string shown(double value);

} // namespace ravine

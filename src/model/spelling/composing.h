#pragma once

#include <string>
#include <string_view>

namespace fansipan::model {

/// The text with each letter and its marks as one character where there is one (Unicode NFC).
/// Programs on a Mac write "ế" as e and two marks: it looks the same, and is another name. What is
/// not UTF-8 stays as it is.
std::string Compose(std::string_view utf8);

}  // namespace fansipan::model

#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fansipan::model {

/// A text in the center's languages, by language code ("vi", "en").
using LocalizedText = std::map<std::string, std::string, std::less<>>;

/// The text in `language`, or in the first language there is; empty when there is none.
std::string_view TextIn(const LocalizedText& text, std::string_view language);

/// What `lower` means in a condition, whatever the locale: small letters of Latin (with all of
/// Vietnamese), Greek and Cyrillic; every other byte stays, also where the text is not UTF-8.
std::string LowerCase(std::string text);

}  // namespace fansipan::model

#pragma once

#include <string>
#include <string_view>

namespace fansipan::model {

/// Lower case without accents, for finding names as people type them: "Bắc Hà" and "bac ha" give
/// the same. Folds Latin letters of U+00C0–U+024F and U+1EA0–U+1EFF, composed or written with
/// combining marks (đ becomes d); leaves every other character and malformed UTF-8 as it is.
std::string FoldForSearch(std::string_view utf8);

}  // namespace fansipan::model

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fansipan::sources::internal {

/// The names that a table's header gives its columns, in their places: composed (NFC), as declared
/// ones are, however the program wrote them. `unnamed` says what a column is called without one.
std::vector<std::string> NamesOfHeader(std::vector<std::string> terms,
                                       const std::function<std::string(std::size_t)>& unnamed);

/// Which of the names is the first that cannot be used: `_row`, or one that was there before. SQL
/// tells columns apart without regard to capitals.
std::optional<std::size_t> FindUnusable(const std::vector<std::string>& names);
/// Why it cannot be.
std::string_view WhyUnusable(const std::string& name);

/// Says which declared columns are not among the names, and what is; nothing when all are.
std::string TellMissing(const std::vector<std::string>& names,
                        const std::vector<std::string>& declared, std::string_view holder);

}  // namespace fansipan::sources::internal

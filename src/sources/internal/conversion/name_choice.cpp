#include "sources/internal/conversion/name_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kShownNames = 30;

base::Error Refusal(std::string reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
}

std::string Listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kShownNames);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", CutUtf8(names[i], 100));
  }
  return shown < names.size() ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

/// `*` stands for any characters, none among them.
bool Matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  name.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  while (true) {
    const std::size_t next = pattern.find('*');
    const std::string_view part = pattern.substr(0, next);
    if (next == std::string_view::npos) return name.ends_with(part);
    const std::size_t found = name.find(part);
    if (found == std::string_view::npos) return false;
    name.remove_prefix(found + part.size());
    pattern.remove_prefix(next + 1);
  }
}

}  // namespace

base::Result<std::string> ChooseName(const std::vector<std::string>& names,
                                     const std::vector<std::string>& hidden,
                                     const std::string& wanted, const ChoiceWords& words) {
  std::vector<std::string> meant;
  for (const std::string& name : names) {
    const bool is_hidden = std::find(hidden.begin(), hidden.end(), name) != hidden.end();
    const bool matches = wanted.empty() || Matches(wanted, name);
    if (name == wanted || (matches && !is_hidden)) meant.push_back(name);
  }
  if (meant.empty()) {
    return Refusal(
        fmt::format("no_{}", words.thing),
        wanted.empty()
            ? fmt::format("the {} has no {} with anything in it", words.holder, words.thing)
            : fmt::format("no {} is called '{}'; the {} has {}", words.thing, wanted, words.holder,
                          names.empty() ? "none with anything in it" : Listed(names)));
  }
  if (meant.size() > 1) {
    return Refusal(
        fmt::format("several_{}s", words.thing),
        fmt::format("{} {}s could be meant{}: {}; declare which one in '{}'", meant.size(),
                    words.thing, wanted.empty() ? "" : " by '" + wanted + "'", Listed(meant),
                    words.thing));
  }
  // As a word of a command it would be an option.
  if (!meant[0].starts_with('-')) return meant[0];
  return Refusal(fmt::format("no_{}", words.thing),
                 fmt::format("the {} '{}' cannot be read, since its name begins with a hyphen; "
                             "rename it",
                             words.thing, CutUtf8(meant[0], 100)));
}

}  // namespace fansipan::sources::internal

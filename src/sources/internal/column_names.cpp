#include "sources/internal/column_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/spelling/ascii.h"
#include "model/spelling/composing.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {

std::vector<std::string> NamesOfHeader(std::vector<std::string> terms,
                                       const std::function<std::string(std::size_t)>& unnamed) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    terms[i] = terms[i].empty() ? unnamed(i) : model::Compose(terms[i]);
  }
  return terms;
}

std::optional<std::size_t> FindUnusable(const std::vector<std::string>& names) {
  std::set<std::string> taken = {"_row"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!taken.insert(model::LowerAscii(names[i])).second) return i;
  }
  return std::nullopt;
}

std::string_view WhyUnusable(const std::string& name) {
  return name == "_row" ? "reserved" : "there twice";
}

std::string TellMissing(const std::vector<std::string>& names,
                        const std::vector<std::string>& declared, std::string_view holder) {
  std::string missing;
  for (const std::string& name : declared) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    missing += fmt::format("{}'{}'", missing.empty() ? "" : ", ", name);
  }
  if (missing.empty()) return "";
  return fmt::format("the declared column(s) {} are missing; the {} has: {}", missing, holder,
                     CutUtf8(fmt::format("{}", fmt::join(names, ", ")), 1000));
}

}  // namespace fansipan::sources::internal

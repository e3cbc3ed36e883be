#include "http/call.h"

#include <algorithm>
#include <charconv>

#include "center/nearest.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kNearest = 5;
constexpr std::uint64_t kMaxPage = 1'000;
constexpr std::size_t kDefaultPage = 100;

base::Error Invalid(std::string_view name, std::string_view allowed) {
  return {base::ErrorCode::kInvalidArgument, "invalid_parameter",
          "parameter '" + std::string(name) + "': " + std::string(allowed)};
}

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename Declared>
std::vector<std::string> NamesOf(const std::vector<Declared>& declared) {
  std::vector<std::string> names;
  names.reserve(declared.size());
  for (const auto& one : declared) names.push_back(one.name);
  return names;
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

const std::string& Call::PathText(std::string_view name) const {
  static const std::string kNone;
  const auto found = path.find(name);
  return found == path.end() ? kNone : found->second;
}

std::optional<std::string> Call::QueryText(std::string_view name) const {
  for (const auto& [known, value] : request->query) {
    if (known == name && !value.empty()) return value;
  }
  return std::nullopt;
}

base::Error Call::Unknown(std::string_view what, const std::string& wanted,
                          const std::vector<std::string>& names) {
  nearest = center::NearestNames(wanted, names, kNearest);
  if (nearest.empty()) {
    nearest.assign(names.begin(),
                   names.begin() + static_cast<std::ptrdiff_t>(std::min(kNearest, names.size())));
  }
  std::string message = "there is no " + std::string(what) + " '" + wanted + "'";
  if (!nearest.empty()) message += "; near it: " + Join(nearest);
  return {base::ErrorCode::kNotFound, "unknown_" + std::string(what), std::move(message)};
}

base::Result<std::string> Call::GetQueryText(std::string_view name) const {
  auto text = QueryText(name);
  if (text) return *std::move(text);
  return base::Error{base::ErrorCode::kInvalidArgument, "missing_parameter",
                     "parameter '" + std::string(name) + "' is missing"};
}

base::Result<std::optional<std::uint64_t>> Call::FindNumber(std::string_view name,
                                                            std::uint64_t least,
                                                            std::uint64_t most) const {
  const auto text = QueryText(name);
  if (!text) return std::optional<std::uint64_t>();
  const auto number = ParseNumber(*text);
  if (number && *number >= least && *number <= most) return number;
  return Invalid(name, "a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most) + " is allowed");
}

base::Result<bool> Call::FindFlag(std::string_view name, bool otherwise) const {
  const auto text = QueryText(name);
  if (!text) return otherwise;
  if (*text == "true") return true;
  if (*text == "false") return false;
  return Invalid(name, "true or false is allowed");
}

base::Result<std::size_t> Call::GetLimit() const {
  FANSIPAN_ASSIGN_OR_RETURN(const auto limit, FindNumber("limit", 1, kMaxPage));
  return limit ? static_cast<std::size_t>(*limit) : kDefaultPage;
}

base::Result<model::Sequence> Call::GetSequence(std::string_view reason) const {
  const std::string& text = PathText("sequence");
  const auto number = ParseNumber(text);
  if (number && *number > 0 && text.front() != '0') return model::Sequence{*number};
  return base::Error{base::ErrorCode::kNotFound, std::string(reason),
                     "'" + text + "' is not a sequence; sequences are whole numbers from 1"};
}

base::Result<model::TreeKind> Call::GetTree() const {
  const auto text = QueryText("tree");
  if (!text || *text == NameOf(model::TreeKind::kTerritory)) return model::TreeKind::kTerritory;
  if (*text == NameOf(model::TreeKind::kOrganisation)) return model::TreeKind::kOrganisation;
  return Invalid("tree", "territory or organisation is allowed");
}

base::Result<std::optional<base::Timestamp>> Call::FindMoment(const std::string& name) const {
  const auto text = QueryText(name);
  if (!text) return std::optional<base::Timestamp>();
  const bool has_zone =
      text->find('T') != std::string::npos &&
      (text->back() == 'Z' || text->find_first_of("+-", text->find('T')) != std::string::npos);
  auto value = model::ParseValue(*text, model::ColumnType::kTimestamp, 0, base::TimeZone::Utc());
  if (!has_zone || !value.ok()) {
    return Invalid(name, "a moment such as 2026-11-23T08:00:00Z is allowed (RFC 3339)");
  }
  const auto moment = std::get<base::Timestamp>(*value);
  if (moment > services->clock->Now()) {
    return base::Error{base::ErrorCode::kInvalidArgument, name + "_ahead",
                       name + " " + *text + " is ahead of the center's clock; nobody knows yet"};
  }
  return std::optional(moment);
}

base::Result<std::optional<model::Date>> Call::FindTerritory(model::TreeKind tree,
                                                             model::UnitId unit) {
  const auto text = QueryText("territory");
  if (!text || *text == "as_reported") return std::optional<model::Date>();
  const auto value = model::ParseValue(*text, model::ColumnType::kDate, 0, base::TimeZone::Utc());
  if (!value.ok())
    return Invalid("territory", "as_reported or a day such as 2025-07-01 is allowed");
  const auto day = std::get<model::Date>(*value);
  const model::UnitTree& units = center().TreeOf(tree);
  if (unit == units.root() || units.IsValidOn(unit, day)) return std::optional(day);
  nearest.clear();
  const model::Date own = units.NearestDayOf(unit, day);
  std::string names;
  for (const model::Holding& holding :
       center().HistoryOf(tree).lineage.TraceContent(units, unit, own, day)) {
    if (!units.IsValidOn(holding.unit, day)) continue;
    const model::Unit& holder = units.Get(holding.unit);
    nearest.push_back(holder.code);
    names += (names.empty() ? "" : ", ") + holder.code + " " +
             std::string(model::TextIn(holder.name, "vi"));
  }
  return base::Error{base::ErrorCode::kInvalidArgument, "unit_not_on_day",
                     "unit '" + units.Get(unit).code + "' does not exist on " + *text +
                         (names.empty() ? "" : "; what it holds lies there in " + names)};
}

base::Result<model::UnitId> Call::GetUnit(model::TreeKind tree) {
  const auto code = QueryText("unit");
  if (code) return GetUnitByCode(tree, *code);
  const model::UnitTree& units = center().TreeOf(tree);
  if (!units.empty()) return units.root();
  return GetUnitByCode(tree, "");
}

base::Result<model::UnitId> Call::GetUnitByCode(model::TreeKind tree, const std::string& code) {
  const model::UnitTree& units = center().TreeOf(tree);
  if (const auto found = units.FindByCode(code)) return *found;
  nearest.clear();
  if (units.empty()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_unit",
                       "this center declares no " + std::string(NameOf(tree)) + " tree"};
  }
  std::string names;
  for (const model::UnitId id : units.Nearest(code, kNearest)) {
    const model::Unit& unit = units.Get(id);
    nearest.push_back(unit.code);
    names +=
        (names.empty() ? "" : ", ") + unit.code + " " + std::string(model::TextIn(unit.name, "vi"));
  }
  return base::Error{base::ErrorCode::kNotFound, "unknown_unit",
                     "the " + std::string(NameOf(tree)) + " tree has no unit '" + code + "'" +
                         (names.empty() ? "" : "; near it: " + names)};
}

base::Result<std::optional<model::Period>> Call::FindPeriod() {
  const auto text = QueryText("period");
  if (!text) return std::optional<model::Period>();
  auto period = center().ParsePeriod(*text);
  if (period.ok()) return std::optional(*std::move(period));
  const base::LocalTime now = center().time_zone.ToLocal(services->clock->Now());
  const std::string name = text->substr(0, text->find(':'));
  const model::Regime* regime = model::FindRegime(center().regimes, name);
  if (regime == nullptr) regime = &model::Regime::Calendar();
  for (const model::PeriodKind& kind : regime->kinds()) {
    nearest.push_back(model::ToText(model::PeriodContaining(*regime, kind, now)));
  }
  std::ranges::reverse(nearest);
  return base::Error{base::ErrorCode::kNotFound, "unknown_period",
                     period.error().message + "; now it is " + Join(nearest)};
}

base::Result<model::Period> Call::GetPeriod() {
  FANSIPAN_RETURN_IF_ERROR(GetQueryText("period"));
  FANSIPAN_ASSIGN_OR_RETURN(auto period, FindPeriod());
  return *period;
}

base::Result<const center::Source*> Call::GetSource(const std::string& name) {
  if (const auto* found = center().FindSource(name)) return found;
  return Unknown("source", name, NamesOf(center().sources));
}

base::Result<const model::Dataset*> Call::GetDataset(const std::string& name) {
  if (const auto* found = center().FindDataset(name)) return found;
  return Unknown("dataset", name, NamesOf(center().datasets));
}

base::Result<const model::Indicator*> Call::GetIndicator(const std::string& name) {
  if (const auto* found = center().FindIndicator(name)) return found;
  return Unknown("indicator", name, NamesOf(center().indicators));
}

base::Result<const model::Measure*> Call::GetMeasure(const std::string& name) {
  if (const auto* found = center().FindMeasure(name)) return found;
  return Unknown("measure", name, NamesOf(center().measures));
}

base::Result<const center::Panel*> Call::GetPanel(const std::string& name) {
  if (const auto* found = center().FindPanel(name)) return found;
  return Unknown("panel", name, NamesOf(center().panels));
}

base::Result<bool> WantsCsv(const Call& call) {
  if (const auto format = call.QueryText("format")) {
    if (*format == "csv") return true;
    if (*format == "json") return false;
    return Invalid("format", "json or csv is allowed");
  }
  const auto accept = call.request->fields.Find("accept");
  if (!accept) return false;
  return accept->find("text/csv") < std::min(accept->find("application/json"), accept->find("*/*"));
}

std::string RightsOf(const security::Identity& identity) {
  switch (identity.kind) {
    case security::IdentityKind::kAnonymous:
      return "anonymous";
    case security::IdentityKind::kSourceToken:
      return "source_token";
    case security::IdentityKind::kLocalOperator:
      return "local_operator";
    case security::IdentityKind::kAccount:
      break;
  }
  return identity.role ? std::string(security::NameOf(*identity.role)) : "none";
}

bool HoldsPersonal(const model::Dataset& dataset) {
  return std::any_of(dataset.columns.begin(), dataset.columns.end(),
                     [](const auto& column) { return column.personal; });
}

bool HoldsPersonal(const center::Center& center, std::string_view source_name) {
  const center::Source* source = center.FindSource(source_name);
  if (source == nullptr) return true;  // no longer declared: nobody can say what its bytes hold
  return std::any_of(source->mappings.begin(), source->mappings.end(), [&](const auto& mapping) {
    const model::Dataset* dataset = center.FindDataset(mapping.dataset);
    return dataset != nullptr && HoldsPersonal(*dataset);
  });
}

}  // namespace fansipan::http

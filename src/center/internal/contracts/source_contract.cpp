#include "center/internal/contracts/source_contract.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "center/connectors/http_pull.h"
#include "center/internal/contracts/control_totals.h"
#include "model/spelling/composing.h"
#include "model/value.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxMeasures = 50;

std::optional<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsPhone(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || c == '+' || c == ' ' || c == '.' || c == '-' || c == '(' ||
           c == ')';
  });
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t<>,;") == std::string_view::npos;
}

Contact ReadContact(const YamlNode& node, const YamlMap& source) {
  const YamlMap map(node, source.scope(), source.what() + ": 'contact'");
  map.Allow({"name", "phone", "email"});
  Contact contact;
  contact.name = map.Text("name", Need::kRequired);
  contact.phone = map.Text("phone", Need::kOptional);
  contact.email = map.Text("email", Need::kOptional);
  if (!IsPhone(contact.phone)) map.Report(*map.Find("phone"), "is no telephone number");
  if (!contact.email.empty() && !IsEmail(contact.email)) {
    map.Report(*map.Find("email"), "is no e-mail address");
  }
  if (!map.Has("phone") && !map.Has("email")) {
    map.ReportMissing("phone", "or 'email': how the contact is reached");
  }
  return contact;
}

std::optional<Cadence> ReadCadence(const YamlMap& source) {
  const YamlNode* node = source.FindText("cadence", Need::kOptional);
  if (node == nullptr) return std::nullopt;
  auto cadence = ParseCadence(node->text);
  if (!cadence) {
    source.Report(*node, "is '" + node->text +
                             "'; allowed: 'every 15m', 'daily at 07:00', 'working days at 07:00', "
                             "'monthly by 15'");
  }
  if (cadence && cadence->kind == Cadence::Kind::kWorkingDays && !source.Has("working_calendar")) {
    source.ReportMissing("working_calendar", "'cadence' counts its working days");
  }
  return cadence;
}

std::optional<VolumeBand> ReadVolume(const YamlMap& source, const Source& read) {
  const YamlNode* node = source.Find("volume");
  if (node == nullptr) return std::nullopt;
  if (read.http_pull && read.http_pull->paging != Paging::kNone) {
    source.Report(*node,
                  "is for an http_pull without paging: each page is a delivery of its own, and the "
                  "last one is always short");
    return std::nullopt;
  }
  if (node->kind == YamlNode::Kind::kText && node->text == "learnt") {
    return VolumeBand{.learnt = true, .least = 0, .most = 0};
  }
  if (node->kind != YamlNode::Kind::kMap) {
    source.Report(*node, "allowed: learnt, or {rows: 100..5000}");
    return std::nullopt;
  }
  const YamlMap map(*node, source.scope(), source.what() + ": 'volume'");
  map.Allow({"rows"});
  const YamlNode* rows = map.FindText("rows", Need::kRequired);
  if (rows == nullptr) return std::nullopt;
  const std::string_view text = rows->text;
  const std::size_t dots = text.find("..");
  const auto least = ParseCount(text.substr(0, dots));
  const auto most =
      dots == std::string_view::npos ? std::nullopt : ParseCount(text.substr(dots + 2));
  if (least && most && *least <= *most) {
    return VolumeBand{.learnt = false, .least = *least, .most = *most};
  }
  map.Report(*rows, "is '" + rows->text + "'; allowed: the least and the most, such as 100..5000");
  return std::nullopt;
}

SchemaWatch ReadSchema(const YamlMap& source, const base::TimeZone& zone) {
  SchemaWatch watch;
  const YamlNode* node = source.Find("schema");
  if (node == nullptr) return watch;
  const YamlMap map(*node, source.scope(), source.what() + ": 'schema'");
  map.Allow({"watch", "measures", "known_from"});
  watch.off = !map.Flag("watch", true);
  for (const YamlNode* name : map.Texts("measures", Need::kOptional, kMaxMeasures)) {
    watch.measures.push_back(model::Compose(name->text));
  }
  const YamlNode* from = map.FindText("known_from", Need::kOptional);
  if (from == nullptr) return watch;
  const auto moment = model::ParseValue(from->text, model::ColumnType::kTimestamp, 0, zone);
  if (moment.ok() && std::holds_alternative<base::Timestamp>(*moment)) {
    watch.known_from = std::get<base::Timestamp>(*moment);
  } else {
    map.Report(*from, "is '" + from->text + "'; allowed: a moment, such as 2026-03-01T00:00:00");
  }
  return watch;
}

}  // namespace

std::shared_ptr<const SourceContract> ReadSourceContract(const YamlMap& source, const Source& read,
                                                         const Draft& draft) {
  SourceContract contract;
  if (const YamlNode* node = source.Find("contact")) contract.contact = ReadContact(*node, source);
  contract.freshness = source.Duration("freshness");
  if (source.Has("freshness") && !source.Has("data_as_of")) {
    source.ReportMissing("data_as_of", "'freshness' is measured by it");
  }
  contract.cadence = ReadCadence(source);
  contract.volume = ReadVolume(source, read);
  contract.schema = ReadSchema(source, draft.center.time_zone);
  if (const YamlNode* node = source.Find("control_totals")) {
    contract.control_totals = ReadControlTotals(*node, source, read, draft);
  }
  if (contract == SourceContract()) return nullptr;
  return std::make_shared<const SourceContract>(std::move(contract));
}

}  // namespace fansipan::center

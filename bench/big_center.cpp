#include "bench/big_center.h"

#include <fmt/format.h>

#include "center/load.h"

namespace fansipan::bench {
namespace {

constexpr std::string_view kCenter = R"(name: big
title: {en: Big bench}
languages: [en]
time_zone: Asia/Ho_Chi_Minh
public:
  indicators: [received_cases, online_cases, finished_cases, on_time_cases, late_cases, open_cases,
               overdue_cases, fees_collected, mean_time, shortest_time, longest_time,
               procedures_used, on_time_rate, late_share, online_share, overdue_share]
)";

constexpr std::string_view kSources = R"(sources:
  cases:
    title: {en: Case system}
    owner: {en: Bench}
    connector: push
    format: csv
    csv:
      columns: [case_number, procedure_code, commune_code, agency_code, field, channel,
                service_level, applicant, payment, status, received_at, due_at, closed_at,
                updated_at, fee, processing_hours]
    mappings: {case: mappings/case.sql}
    data_as_of: case.updated_at
)";

constexpr std::string_view kDatasets = R"(datasets:
  case:
    title: {en: Case}
    kind: state
    key: [case_number]
    order: updated_at
    places:
      territory: {column: commune_code, codes: own}
      organisation: {column: agency_code, codes: own}
    columns:
      case_number: {type: text}
      procedure_code: {type: text}
      commune_code: {type: text}
      agency_code: {type: text}
      field: {type: text, dimension: true, one_of: [civil, land, construction, business, social, transport, education, other]}
      channel: {type: text, dimension: true, one_of: [counter, online, post]}
      service_level: {type: text, dimension: true, one_of: [full, partial]}
      applicant: {type: text, dimension: true, one_of: [citizen, business, agency]}
      payment: {type: text, dimension: true, one_of: [cash, online]}
      status: {type: text, one_of: [received, processing, supplement, finished, returned]}
      received_at: {type: timestamp}
      due_at: {type: timestamp}
      closed_at: {type: timestamp, optional: true}
      updated_at: {type: timestamp}
      fee: {type: decimal, scale: 0}
      processing_hours: {type: decimal, scale: 1, optional: true}
)";

constexpr std::string_view kIndicators = R"(measures:
  received: {dataset: case, flow: received_at, dimensions: [field, channel]}
  received_online: {dataset: case, flow: received_at, count: channel = 'online', dimensions: [field, channel]}
  finished: {dataset: case, flow: closed_at, dimensions: [field, applicant]}
  finished_on_time: {dataset: case, flow: closed_at, count: closed_at <= due_at, dimensions: [field, applicant]}
  finished_late: {dataset: case, flow: closed_at, count: closed_at > due_at, dimensions: [field, applicant]}
  open: {dataset: case, stock: {from: received_at, until: closed_at}, dimensions: [channel, service_level]}
  overdue: {dataset: case, stock: {from: due_at, until: closed_at}, dimensions: [channel, service_level]}
  fees: {dataset: case, flow: closed_at, sum: fee, dimensions: [payment, field]}
  processing_time: {dataset: case, flow: closed_at, average: processing_hours, dimensions: [field, applicant]}
  shortest: {dataset: case, flow: closed_at, minimum: processing_hours}
  longest: {dataset: case, flow: closed_at, maximum: processing_hours}
  procedures: {dataset: case, flow: received_at, distinct: procedure_code}
indicators:
)";

struct DeclaredIndicator {
  std::string_view name;
  std::string_view formula;
  std::string_view unit;
};
constexpr DeclaredIndicator kDeclared[] = {
    {"received_cases", "received", "case"},
    {"online_cases", "received_online", "case"},
    {"finished_cases", "finished", "case"},
    {"on_time_cases", "finished_on_time", "case"},
    {"late_cases", "finished_late", "case"},
    {"open_cases", "open", "case"},
    {"overdue_cases", "overdue", "case"},
    {"fees_collected", "fees", "vnd"},
    {"mean_time", "processing_time", "hour"},
    {"shortest_time", "shortest", "hour"},
    {"longest_time", "longest", "hour"},
    {"procedures_used", "procedures", "procedure"},
    {"on_time_rate", "100 * finished_on_time / finished", "percent"},
    {"late_share", "100 * finished_late / finished", "percent"},
    {"online_share", "100 * received_online / received", "percent"},
    {"overdue_share", "100 * overdue / open", "percent"},
};

std::string IndicatorsText() {
  std::string text(kIndicators);
  for (const auto& [name, formula, unit] : kDeclared) {
    text += fmt::format("  {}:\n    title: {{en: {}}}\n    formula: {}\n    unit_of_measure: {}\n",
                        name, name, formula, unit);
    if (unit != "percent") continue;
    text += fmt::format(
        "    decimals: 1\n    better: {}\n"
        "    thresholds: {{good: {}, watch: {}, basis: {{en: Bench}}}}\n",
        name.ends_with("rate") || name.starts_with("online") ? "higher" : "lower",
        name.ends_with("rate") || name.starts_with("online") ? 95 : 2,
        name.ends_with("rate") || name.starts_with("online") ? 90 : 5);
  }
  return text;
}

/// 24 figures: the first twelve by day over 30 days, the others and the rates by month over 12.
std::string PanelText() {
  std::string text = fmt::format(
      "panels:\n  {}:\n    title: {{en: Overview}}\n    tree: territory\n    items:\n", kPanelName);
  for (std::size_t i = 0; i < 12; ++i) {
    text += fmt::format("      - {{figure: {}, period: day, trend: 30}}\n", kDeclared[i].name);
  }
  for (std::size_t i = 4; i < 16; ++i) {
    text += fmt::format("      - {{figure: {}, period: month, trend: 12}}\n", kDeclared[i].name);
  }
  return text + "      - {breakdown: on_time_rate, period: month}\n";
}

}  // namespace

std::string CommuneCode(std::size_t number) { return fmt::format("C{:02}", number + 1); }
std::string AgencyCode(std::size_t number) { return fmt::format("A{:02}", number + 1); }

std::map<std::string, std::string, std::less<>> BigCenterFiles() {
  std::string units = "code,level,name,parent,valid_from\nP,province,Province,,2020-01-01\n";
  std::string codes = "system,code,unit,valid_from\nown,P,P,2020-01-01\n";
  for (std::size_t i = 0; i < kCommunes; ++i) {
    const std::string code = CommuneCode(i);
    units += fmt::format("{},commune,Commune {},P,2020-01-01\n", code, i + 1);
    codes += fmt::format("own,{},{},2020-01-01\n", code, code);
  }
  std::string agencies = "code,level,name,parent,valid_from\nO,office,Office,,2020-01-01\n";
  std::string agency_codes = "system,code,unit,valid_from\nown,O,O,2020-01-01\n";
  for (std::size_t i = 0; i < kAgencies; ++i) {
    const std::string code = AgencyCode(i);
    agencies += fmt::format("{},agency,Agency {},O,2020-01-01\n", code, i + 1);
    agency_codes += fmt::format("own,{},{},2020-01-01\n", code, code);
  }
  return {{"center.yaml", std::string(kCenter)},
          {"territory/units.csv", units},
          {"territory/codes.csv", codes},
          {"organisation/units.csv", agencies},
          {"organisation/codes.csv", agency_codes},
          {"systems/services/system.yaml", "title: {en: Services}\n"},
          {"systems/services/sources.yaml", std::string(kSources)},
          {"systems/services/datasets.yaml", std::string(kDatasets)},
          {"systems/services/indicators.yaml", IndicatorsText()},
          {"systems/services/panels.yaml", PanelText()},
          {"systems/services/mappings/case.sql", "SELECT * FROM raw\n"}};
}

base::Result<std::shared_ptr<const center::Center>> LoadBigCenter(
    const model::ExpressionParser& parser) {
  auto loaded = center::LoadCenterFiles(BigCenterFiles(), parser);
  if (loaded.center) return loaded.center;
  base::Error error{base::ErrorCode::kInvalidArgument, "center", "the bench's center has problems"};
  for (const auto& problem : loaded.problems) error.message += "\n" + ToText(problem);
  return error;
}

}  // namespace fansipan::bench

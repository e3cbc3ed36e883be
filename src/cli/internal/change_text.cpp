#include "cli/internal/change_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

std::string Joined(const nlohmann::json& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " + ") + word.get<std::string>();
  return text;
}

std::string Signed(const nlohmann::json& difference) {
  if (difference.is_null()) return "-";
  const auto text = difference.get<std::string>();
  return text.starts_with('-') || text == "0" ? text : "+" + text;
}

std::string ValueOf(const nlohmann::json& state) {
  return state.at("value").is_null() ? "no value (" + Show(state, "no_value_reason") + ")"
                                     : Show(state, "value");
}

}  // namespace

std::string DescribeChange(const nlohmann::json& change) {
  std::string text = fmt::format("{} of {} in {}: {} -> {} ({})\n", Show(change, "indicator"),
                                 change.at("unit").at("code").get<std::string>(),
                                 Show(change, "period"), ValueOf(change.at("before")),
                                 ValueOf(change.at("after")), Signed(change.at("difference")));
  std::vector<std::vector<std::string>> rows;
  for (const auto& step : change.at("steps")) {
    std::string parts;
    for (const auto& part : step.at("parts")) {
      parts += fmt::format("{}{} {} -> {}", parts.empty() ? "" : ", ", Show(part, "name"),
                           Show(part, "before"), Show(part, "after"));
    }
    const std::string aspects = Joined(step.at("aspects"));
    rows.push_back({Joined(step.at("causes")) + (aspects.empty() ? "" : " (" + aspects + ")"),
                    Signed(step.at("difference")), ValueOf(step.at("after")),
                    Show(step.at("after"), "judgement"), parts});
  }
  return text + FormatTable({"cause", "difference", "then", "judged", "parts"}, rows);
}

std::string DescribeAlarms(const nlohmann::json& list) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& alarm : list.at("items")) {
    const auto kind = Show(alarm, "kind");
    std::string what =
        Show(alarm.at("before"), "judgement") + " -> " + Show(alarm.at("after"), "judgement");
    if (kind == "correction") {
      what = fmt::format("corrected by {}, tolerated {}", Signed(alarm.at("corrected")),
                         Show(alarm, "tolerance"));
    }
    if (kind == "rank") {
      what = fmt::format("rank {} -> {} of {}", Show(alarm, "rank_before"),
                         Show(alarm, "rank_after"), Show(alarm, "ranked"));
    }
    rows.push_back({Show(alarm, "indicator"), alarm.at("unit").at("code").get<std::string>(),
                    Show(alarm, "period"), what, ValueOf(alarm.at("before")),
                    ValueOf(alarm.at("after"))});
  }
  return fmt::format("from {} to {}: {} alarms{}\n", Show(list, "from"), Show(list, "to"),
                     rows.size(), list.at("truncated").get<bool>() ? ", and more" : "") +
         FormatTable({"indicator", "unit", "period", "what", "before", "after"}, rows);
}

}  // namespace fansipan::cli

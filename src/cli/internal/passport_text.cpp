#include "cli/internal/passport_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

std::string Joined(const nlohmann::json& texts) {
  std::string joined;
  for (const auto& text : texts) {
    joined += (joined.empty() ? "" : ", ") + text.get<std::string>();
  }
  return joined.empty() ? "none" : joined;
}

std::string TitleOf(const nlohmann::json& thing, const char* member) {
  const auto& title = thing.at(member);
  if (title.is_string()) return title.get<std::string>();
  if (title.contains("en")) return title["en"].get<std::string>();
  return title.empty() ? "" : title.begin()->get<std::string>();
}

/// Of a figure broken down: the value of the dimension it stands for.
std::string DescribeDimension(const nlohmann::json& figure) {
  const auto found = figure.find("dimension");
  if (found == figure.end() || !found->is_object()) return "";
  return fmt::format("  {:<17} {}\n", Show(*found, "column"), Visible(Show(*found, "value")));
}

/// The period's text, and of a regime that is not the calendar what it is called, and when a report
/// for it falls due.
std::string DescribePeriod(const nlohmann::json& period) {
  std::string text = fmt::format("  period            {}", Show(period, "text"));
  if (Show(period, "regime") != "calendar") {
    text += fmt::format(" ({}; {})", TitleOf(period, "label"), TitleOf(period, "regime_title"));
  }
  text += "\n";
  if (const auto due = period.find("due_at"); due != period.end() && due->is_string()) {
    text += fmt::format("  report due        {} (days {})\n", Show(period, "due_at"),
                        Show(period, "due_coverage"));
  }
  return text;
}

/// What a reported figure shows, by whom it was stated, and how final it is.
std::string DescribeReported(const nlohmann::json& passport) {
  const auto reported = passport.find("reported");
  if (reported == passport.end() || !reported->is_object()) return "";
  const auto line = [&](const char* label, const char* member) {
    return reported->at(member).is_null()
               ? std::string()
               : fmt::format("  {:<17} {}\n", label, Visible(Show(*reported, member)));
  };
  return fmt::format("  vintage           {} ({})\n", Show(*reported, "vintage"),
                     TitleOf(*reported, "vintage_title")) +
         line("signed by", "signer") + line("note", "note") + line("stated at", "recorded_at") +
         fmt::format("  statements        {} (see --history)\n", Show(*reported, "statements"));
}

std::string DescribeComparisons(const nlohmann::json& passport) {
  std::string text;
  const auto comparisons = passport.find("comparisons");
  if (comparisons == passport.end()) return text;
  for (const auto& comparison : *comparisons) {
    text += fmt::format("  compared          {}\n", DescribeComparison(comparison));
  }
  return text;
}

std::string DescribeParts(const nlohmann::json& parts) {
  std::string text;
  for (const auto& part : parts) {
    text += fmt::format("  part              {} = {} ({} records)\n", Show(part, "name"),
                        Show(part, "value"), Show(part, "records"));
  }
  return text;
}

std::string DescribeContradictions(const nlohmann::json& passport) {
  const auto found = passport.find("contradicted_records");
  if (found == passport.end() || *found == 0) return "";
  return fmt::format(
      "  contradicted      {} records: source and center state different due dates\n",
      found->dump());
}

/// On another day's territory: by which rule of whom the figure was made, and what is missing.
std::string DescribeRestatement(const nlohmann::json& passport) {
  const auto found = passport.find("restatement");
  if (found == passport.end() || !found->is_object()) return "";
  std::string rule = Show(*found, "rule");
  if (!found->at("weight").is_null()) rule += " by " + Show(*found, "weight");
  if (!found->at("share").is_null()) rule += ", divided by " + Show(*found, "share");
  std::string text = fmt::format("  territory         {} ({})\n", Show(*found, "territory"), rule);
  for (const auto& unit : found->at("units")) {
    text += fmt::format("  made of           {} {}, share {}", Show(unit.at("unit"), "code"),
                        TitleOf(unit.at("unit"), "name"),
                        unit.at("share").is_null() ? "unknown" : Show(unit, "share"));
    if (!unit.at("value").is_null()) {
      text += fmt::format(", {} with weight {}", Show(unit, "value"), Show(unit, "weight"));
    }
    text += "\n";
  }
  for (const auto& gap : found->at("missing")) {
    text += fmt::format("  missing           of {} {}: {}{}\n", Show(gap.at("unit"), "code"),
                        TitleOf(gap.at("unit"), "name"), Show(gap, "reason"),
                        gap.at("name").is_null() ? "" : " " + Show(gap, "name"));
  }
  return text;
}

std::string DescribeSources(const nlohmann::json& sources) {
  std::string text;
  for (const auto& source : sources) {
    std::string why;
    for (const char* what : {"paused", "trouble"}) {
      if (source.at(what).is_null()) continue;
      why += fmt::format(", {} since {}: {}", what, Show(source.at(what), "since"),
                         Show(source.at(what), "reason"));
    }
    text +=
        fmt::format("  source            {} ({}, last sign of life {}{}{})\n", Show(source, "name"),
                    Show(source, "state"), Show(source, "last_sign_of_life"), why,
                    source.value("simulated", false) ? ", simulated" : "");
  }
  return text;
}

}  // namespace

std::string DescribeComparison(const nlohmann::json& comparison) {
  std::string text =
      fmt::format("{}: {}", Show(comparison, "check"), Show(comparison, "agreement"));
  if (!comparison.at("reason").is_null()) text += " (" + Show(comparison, "reason") + ")";
  text += fmt::format(", {} against {}", Show(comparison, "value"), Show(comparison, "other"));
  if (!comparison.at("difference").is_null()) {
    text += fmt::format(", difference {}, allowed {}", Show(comparison, "difference"),
                        Show(comparison, "allowed"));
  }
  std::string missing;
  for (const auto& unit : comparison.at("missing")) missing += " " + Show(unit, "code");
  return missing.empty() ? text : text + ", missing:" + missing;
}

std::string DescribeFigure(const nlohmann::json& figure) {
  const auto& passport = figure.at("passport");
  std::string value = Show(figure, "value");
  if (figure.at("value").is_null()) value += " (" + Show(figure, "no_value_reason") + ")";
  std::string judgement = Show(figure, "judgement");
  if (judgement == "not_judged") judgement += " (" + Show(figure, "not_judged_reason") + ")";
  return fmt::format("{}: {} {}\n", TitleOf(figure, "title"), value,
                     Show(figure, "unit_of_measure")) +
         fmt::format("  indicator         {}\n", Show(figure, "indicator")) +
         fmt::format("  unit              {} {}\n", Show(figure.at("unit"), "code"),
                     TitleOf(figure.at("unit"), "name")) +
         DescribeDimension(figure) + DescribePeriod(figure.at("period")) +
         fmt::format("  judgement         {}\n", judgement) +
         fmt::format("  trust marks       {}\n", Joined(figure.at("trust_marks"))) +
         fmt::format("  target            {}\n", Show(figure, "target")) +
         fmt::format("  formula           {}\n", Show(passport, "formula")) +
         DescribeReported(passport) + DescribeComparisons(passport) +
         DescribeParts(passport.at("parts")) + DescribeRestatement(passport) +
         fmt::format("  data as of        {}\n", Show(passport, "data_as_of")) +
         fmt::format("  received at       {}\n", Show(passport, "received_at")) +
         DescribeSources(passport.at("sources")) +
         fmt::format("  deliveries        {}\n", Show(passport, "deliveries")) +
         fmt::format("  records           {}\n", Show(passport, "records")) +
         DescribeContradictions(passport) +
         fmt::format("  fresh within      {} s of working time, now {} s\n",
                     Show(passport, "freshness_promise_seconds"), Show(passport, "age_seconds")) +
         fmt::format("  snapshot          sequence {}, {}, center {}\n",
                     Show(passport.at("snapshot"), "sequence"),
                     Show(passport.at("snapshot"), "tick"),
                     Show(passport.at("snapshot"), "center_revision"));
}

}  // namespace fansipan::cli

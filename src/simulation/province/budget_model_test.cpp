#include "simulation/province/budget_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/province/state_budget/office_days.h"
#include "simulation/province/state_budget/projects.h"
#include "simulation/province/state_budget/tables.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const base::Timestamp kNow = sys_days(2026y / 11 / 30) + hours(3);
const std::string kFolder = FANSIPAN_SAMPLE_CENTER "/systems/state_budget/";

const Province& SampleProvince() {
  static const Province province = [] {
    base::PosixFileSystem files;
    return Province{.places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
                    .zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value()};
  }();
  return province;
}

const budget::Projects& SampleProjects() {
  static const budget::Projects projects(SampleProvince().places, SampleProvince().seed);
  return projects;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Described(const SystemDelivery& delivery) {
  std::string text = delivery.source + " " + delivery.media_type + " " + delivery.file_name + " " +
                     std::to_string(delivery.at.time_since_epoch().count()) + " " +
                     std::to_string(delivery.rows) + "\n" + delivery.body;
  for (const auto& [name, value] : delivery.headers) text += name + ": " + value + "\n";
  return text;
}

std::vector<std::string> Described(const std::vector<SystemDelivery>& deliveries) {
  std::vector<std::string> texts;
  for (const SystemDelivery& delivery : deliveries) texts.push_back(Described(delivery));
  return texts;
}

/// The history of the sample province, made once.
const std::vector<SystemDelivery>& History() {
  static const std::vector<SystemDelivery> history = [] {
    const auto model = MakeBudgetModel(SampleProvince());
    return model->DeliveriesBetween(kNow - model->history(), kNow);
  }();
  return history;
}

TEST(BudgetModel, GivesTheSameDeliveriesForTheSameSeed) {
  const auto from = kNow - days(60);
  const auto first = Described(MakeBudgetModel(SampleProvince())->DeliveriesBetween(from, kNow));
  EXPECT_EQ(first, Described(MakeBudgetModel(SampleProvince())->DeliveriesBetween(from, kNow)));
  Province other = SampleProvince();
  other.seed = 2;
  EXPECT_NE(first, Described(MakeBudgetModel(other)->DeliveriesBetween(from, kNow)));
}

TEST(BudgetModel, GivesTheSameDeliveriesInPieces) {
  const auto model = MakeBudgetModel(SampleProvince());
  std::vector<std::string> pieces;
  for (base::Timestamp at = kNow - days(70); at < kNow; at += days(7)) {
    const auto piece = Described(model->DeliveriesBetween(at, at + days(7)));
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(pieces, Described(model->DeliveriesBetween(kNow - days(70), kNow)));
}

TEST(BudgetModel, KeepsItsHistorySmallAndInOrder) {
  std::size_t rows = 0;
  base::Timestamp last;
  for (const SystemDelivery& delivery : History()) {
    EXPECT_GE(delivery.at, last);
    EXPECT_GT(delivery.rows, 0U);
    last = delivery.at;
    rows += delivery.rows;
  }
  EXPECT_LT(History().size(), 200U);
  EXPECT_GT(rows, 5'000U);
  EXPECT_LT(rows, 25'000U);  // each becomes up to three records
}

TEST(BudgetModel, SendsInOfficeHoursOfTheMonthBehind) {
  for (const SystemDelivery& delivery : History()) {
    const auto local = SampleProvince().zone.ToLocal(delivery.at);
    const auto day = std::chrono::floor<days>(local);
    EXPECT_TRUE(budget::IsOfficeDay(day));
    EXPECT_GE(local - day, hours(7));
    EXPECT_LT(local - day, hours(17));
  }
}

TEST(BudgetModel, FeedsTheSourcesThatThePackDeclares) {
  const std::string declared = FileText(kFolder + "sources.yaml");
  const auto model = MakeBudgetModel(SampleProvince());
  std::set<std::string> sent;
  for (const SystemDelivery& delivery : History()) sent.insert(delivery.source);
  EXPECT_EQ(sent.size(), model->sources().size());
  for (const std::string& source : model->sources()) {
    EXPECT_NE(declared.find("\n  " + source + ":\n"), std::string::npos) << source;
    EXPECT_TRUE(sent.contains(source)) << source;
  }
}

TEST(BudgetModel, StatesTheMembersThatTheMappingReads) {
  const std::string sources = FileText(kFolder + "sources.yaml");
  const std::size_t list = sources.find("json: {columns: [");
  ASSERT_NE(list, std::string::npos);
  const std::string declared = sources.substr(list, sources.find(']', list) - list);
  std::set<std::string> seen;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != "agency_capital_reports") continue;
    std::istringstream lines(delivery.body);
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line); ++rows) {
      const nlohmann::json row = nlohmann::json::parse(line);
      for (const auto& [name, value] : row.items()) seen.insert(name);
    }
    EXPECT_EQ(delivery.headers.at("X-Total-Count"), std::to_string(rows));
  }
  EXPECT_EQ(seen.size(), 9U);
  for (const std::string& name : seen) {
    EXPECT_NE(declared.find(name), std::string::npos) << name;
    const std::string mapping = FileText(kFolder + "mappings/capital_statement.sql");
    EXPECT_NE(mapping.find(name), std::string::npos) << name;
  }
}

TEST(BudgetModel, WritesTheColumnsOfTheRecurrentTableThatTheMappingsRead) {
  const auto found = std::ranges::find(History(), "treasury_recurrent", &SystemDelivery::source);
  ASSERT_NE(found, History().end());
  const std::string mapping = FileText(kFolder + "mappings/recurrent_spending.sql") +
                              FileText(kFolder + "mappings/recurrent_estimate.sql");
  const std::size_t header = found->body.find("Mã định danh;");
  ASSERT_NE(header, std::string::npos);
  std::istringstream columns(found->body.substr(header, found->body.find('\n', header) - header));
  int count = 0;
  for (std::string column; std::getline(columns, column, ';'); ++count) {
    EXPECT_NE(mapping.find('"' + column + '"'), std::string::npos) << column;
  }
  EXPECT_EQ(count, 7);
  EXPECT_NE(found->body.find("\nTổng cộng;Số dòng: "), std::string::npos);
}

/// Every name in quotes of the mappings, and every column that the source declares, is one of them.
void ExpectRead(const std::vector<std::string>& columns, const std::string& source,
                const std::vector<std::string>& mappings) {
  const std::string sources = FileText(kFolder + "sources.yaml");
  const std::size_t begin = sources.find("columns: [", sources.find("\n  " + source + ":\n"));
  ASSERT_NE(begin, std::string::npos);
  std::string text = sources.substr(begin, sources.find(']', begin) - begin);
  for (const std::string& mapping : mappings) {
    text += FileText(kFolder + "mappings/" + mapping + ".sql");
  }
  std::size_t names = 0;
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at)) {
    const std::size_t end = text.find('"', at + 1);
    ASSERT_NE(end, std::string::npos);
    const std::string name = text.substr(at + 1, end - at - 1);
    EXPECT_NE(std::ranges::find(columns, name), columns.end()) << name;
    at = end + 1;
    ++names;
  }
  EXPECT_GT(names, 10U);
}

TEST(BudgetModel, WritesTheColumnsOfTheWorkbooksThatTheMappingsRead) {
  ExpectRead(budget::CapitalColumns(), "treasury_capital",
             {"capital_plan_line", "capital_payment", "capital_project"});
  ExpectRead(budget::RevenueColumns(), "treasury_revenue",
             {"revenue_collection", "revenue_estimate"});
}

TEST(BudgetModel, KeepsThePlanAtWhatWasAssigned) {
  for (const auto& [month, total] : {std::pair{2026y / 3, budget::InitialTotal(2026)},
                                     std::pair{2026y / 8, budget::AdjustedTotal(2026)}}) {
    budget::Tenths initial = 0;
    budget::Tenths adjusted = 0;
    for (const budget::PlanLine& line : SampleProjects().LinesOf(2026, month)) {
      if (line.fund == budget::Fund::kCarriedOver) continue;
      initial += line.initial;
      adjusted += line.adjusted;
    }
    EXPECT_EQ(initial, budget::InitialTotal(2026));
    EXPECT_EQ(adjusted, total);
  }
  // As targets.csv has them, in billion.
  const std::string targets = FileText(kFolder + "targets.csv");
  EXPECT_EQ(budget::AdjustedTotal(2026), 10'900 * 10'000);
  EXPECT_NE(targets.find("budget:2026,10900,2026-07-10"), std::string::npos);
}

TEST(BudgetModel, AddsUpDisbursementsMonthByMonth) {
  using Key = std::pair<std::string, budget::Fund>;
  std::map<Key, budget::Tenths> sums;
  for (auto month = 2026y / 1; month <= 2027y / 1; month += std::chrono::months(1)) {
    for (const budget::PlanLine& line : SampleProjects().LinesOf(2026, month)) {
      budget::Tenths& sum = sums[{line.project_code, line.fund}];
      sum += line.paid_in_month;
      ASSERT_EQ(sum, line.paid_to_date) << line.project_code;
      ASSERT_GE(line.paid_in_month, 0);
      ASSERT_LE(line.paid_to_date, line.adjusted);
      ASSERT_LE(line.allocated, line.adjusted);
    }
  }
  EXPECT_GT(sums.size(), 150U);
  EXPECT_LT(sums.size(), 600U);
}

/// Projects of which, when an extract of 2026 has come, the last disbursement is three months back.
std::set<std::string> StandingStill(const budget::Projects& of, std::chrono::year_month month) {
  const auto sent = budget::OfficeDay(month + std::chrono::months(1), 4);
  std::set<std::string> projects;
  for (const budget::PlanLine& line : of.LinesOf(2026, month)) {
    const auto last = line.last_paid_on.value_or(2026y / 2 / 1) + std::chrono::months(3);
    // Until the extract of the month behind it comes.
    if (std::chrono::local_days(last) <= sent + days(28)) projects.insert(line.project_code);
  }
  return projects;
}

TEST(BudgetModel, LetsOneProjectStandStillAndNoOther) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const budget::Projects projects(SampleProvince().places, seed);
    const std::set<std::string> autumn = StandingStill(projects, 2026y / 9);
    EXPECT_EQ(autumn.size(), 1U);
    for (const budget::PlanLine& line : projects.LinesOf(2026, 2026y / 9)) {
      if (!autumn.contains(line.project_code)) continue;
      EXPECT_EQ(line.commune_code, projects.StalledCommune(2026).code);
    }
    EXPECT_TRUE(StandingStill(projects, 2026y / 5).empty());
    EXPECT_TRUE(StandingStill(projects, 2026y / 12).empty());
  }
}

TEST(BudgetModel, TellsItsStories) {
  const auto model = MakeBudgetModel(SampleProvince());
  const auto stories = model->StoriesBetween(sys_days(2026y / 11 / 1), kNow);
  ASSERT_EQ(stories.size(), 3U);
  for (const PlantedStory& story : stories) {
    EXPECT_EQ(story.system, "state_budget");
    EXPECT_LT(story.from, story.until);
    const std::string indicators = FileText(kFolder + "indicators.yaml");
    EXPECT_NE(indicators.find("\n  " + story.indicator + ":\n"), std::string::npos);
  }
  EXPECT_TRUE(model->StoriesBetween(sys_days(2026y / 3 / 1), sys_days(2026y / 4 / 1)).empty());
}

TEST(BudgetModel, SendsTheShortExtractAgainWhole) {
  std::vector<const SystemDelivery*> october;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.file_name == "giai-ngan-kh2026-2026-10.xlsx") october.push_back(&delivery);
  }
  ASSERT_EQ(october.size(), 2U);
  EXPECT_EQ(october[0]->rows + 9, october[1]->rows);
  const auto lines = SampleProjects().LinesOf(2026, 2026y / 10);
  EXPECT_EQ(october[1]->body, budget::CapitalWorkbook(lines, 2026, 2026y / 10));
  // What is missing is of the plan carried over: the others agree with their owners.
  for (std::size_t i = lines.size() - 9; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].fund, budget::Fund::kCarriedOver);
  }
}

TEST(BudgetModel, LetsOneOwnerStateMoreThanTheTreasuryHas) {
  const std::string owner = SampleProjects().ContradictingOwner(2026);
  budget::Tenths booked = 0;
  for (const budget::PlanLine& line : SampleProjects().LinesOf(2026, 2026y / 9)) {
    const bool counts = line.fund != budget::Fund::kCarriedOver;
    if (line.agency_code == owner && counts) booked += line.paid_to_date;
  }
  std::string stated;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != "agency_capital_reports") continue;
    std::istringstream lines(delivery.body);
    for (std::string line; std::getline(lines, line);) {
      const nlohmann::json row = nlohmann::json::parse(line);
      const bool is_it = row["maCoQuan"] == owner && row["kyBaoCao"] == "09/2026";
      if (is_it) stated = row["giaiNganLuyKe"];
    }
  }
  ASSERT_FALSE(stated.empty());
  EXPECT_EQ(stated, budget::VietnameseText(budget::ShareOf(booked, 1.12)));
}

TEST(BudgetModel, WritesAmountsAsVietnameseTablesDo) {
  EXPECT_EQ(budget::VietnameseText(12'345'678), "1.234.567,8");
  EXPECT_EQ(budget::VietnameseText(9'990), "999,0");
  EXPECT_EQ(budget::VietnameseText(0), "0,0");
  EXPECT_EQ(budget::VietnameseText(-12'345), "-1.234,5");
}

}  // namespace
}  // namespace fansipan::simulation

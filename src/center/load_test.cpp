#include "center/load.h"

#include <gtest/gtest.h>

#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;
using testing::SampleCenter;

std::shared_ptr<const Center> Load(const Files& files) {
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  return outcome.center;
}

TEST(LoadCenter, ReadsTheCentersOwnDeclarations) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  EXPECT_EQ(center->name, "sample");
  EXPECT_EQ(center->title.at("en"), "Sample center");
  EXPECT_EQ(center->languages, (std::vector<std::string>{"vi", "en"}));
  EXPECT_EQ(center->time_zone.name(), "Asia/Ho_Chi_Minh");
  EXPECT_TRUE(center->IsPublic("on_time_rate"));
  EXPECT_FALSE(center->IsPublic("growth"));
  EXPECT_EQ(center->revision.size(), 16U);
  EXPECT_TRUE(center->files.contains("systems/services/tests/on_time.yaml"));
}

TEST(LoadCenter, LinksUnitsAndCodes) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const model::UnitTree& tree = center->territory;
  ASSERT_EQ(tree.size(), 4U);
  const auto sa_pa = tree.FindByCode("02647");
  ASSERT_TRUE(sa_pa.has_value());
  EXPECT_EQ(tree.Get(*sa_pa).full_name.at("vi"), "Phường Sa Pa");
  EXPECT_EQ(tree.Get(*sa_pa).full_name.at("en"), "Sa Pa");
  EXPECT_EQ(tree.Get(*sa_pa).parent, tree.root());
  const model::Date later = std::chrono::sys_days(std::chrono::year(2031) / 1 / 1);
  EXPECT_EQ(tree.Resolve("gso", "02647", later), tree.FindByCode("02650"));
  EXPECT_EQ(center->organisation.size(), 2U);
}

TEST(LoadCenter, ReadsWhatHappenedToUnitsAndWhatIsKnownOfThem) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const model::UnitTree& tree = center->territory;
  const auto day = [](int year) { return std::chrono::sys_days(std::chrono::year(year) / 1 / 1); };
  const model::UnitId gone = tree.FindByCode("02653").value();
  EXPECT_EQ(tree.FindStateOn(gone, day(2027))->name.at("vi"), "Mường Bo");
  EXPECT_EQ(tree.FindStateOn(gone, day(2028))->name.at("vi"), "Mường Hoa");
  EXPECT_EQ(tree.FindStateOn(gone, day(2030)), nullptr);
  EXPECT_EQ(tree.ChildrenOn(tree.root(), day(2029)).size(), 3U);
  EXPECT_EQ(tree.ChildrenOn(tree.root(), day(2030)).size(), 2U);
  const UnitHistory& history = center->HistoryOf(model::TreeKind::kTerritory);
  EXPECT_EQ(history.lineage.events().size(), 3U);
  EXPECT_EQ(history.lineage.Trace(gone, day(2026), day(2031)),
            (std::vector<model::Holding>{
                {tree.FindByCode("02647").value(), model::Decimal::Parse("0.4")},
                {tree.FindByCode("02650").value(), model::Decimal::Parse("0.6")}}));
  const auto* population = history.attributes.Find(gone, "population", day(2028));
  ASSERT_NE(population, nullptr);
  EXPECT_EQ(population->value, model::Decimal::FromInteger(5200));
  EXPECT_TRUE(center->HistoryOf(model::TreeKind::kOrganisation).lineage.events().empty());
  const auto* group = history.groupings.FindGroupOf("health", *tree.FindByCode("02647"), day(2027));
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->name.at("vi"), "Khu y tế Nam");
}

TEST(LoadCenter, ReadsHowDepartmentsWereMerged) {
  Files files = SampleCenter();
  files["organisation/units.csv"] =
      "code,level,name,name_en,parent,valid_from,valid_to\n"
      "H38,province,UBND tỉnh,People's committee,,2025-07-01,\n"
      "H38.01,department,Sở Nội vụ,Home affairs,H38,2025-07-01,2027-01-01\n"
      "H38.02,department,Sở Lao động,Labour,H38,2025-07-01,2027-01-01\n"
      "H38.03,department,Sở Nội vụ,Home affairs,H38,2027-01-01,\n"
      "H38.04,department,Ban Tổ chức lễ hội,Festival board,H38,2025-07-01,2027-01-01\n";
  files["organisation/codes.csv"] =
      "system,code,unit,valid_from,valid_to\n"
      "h38,000.00.15.H38,H38.01,2025-07-01,2027-01-01\n";
  files["organisation/events.csv"] =
      "day,kind,from,to,basis\n"
      "2027-01-01,merge,H38.01,H38.03,Nghị định\n"
      "2027-01-01,merge,H38.02,H38.03,Nghị định\n"
      "2027-01-01,end,H38.04,,Quyết định\n";
  const auto center = Load(files);
  ASSERT_NE(center, nullptr);
  const model::UnitTree& tree = center->organisation;
  const model::Date before = std::chrono::year(2026) / 12 / 31;
  const model::Date after = std::chrono::year(2027) / 1 / 1;
  const auto made_of = center->HistoryOf(model::TreeKind::kOrganisation)
                           .lineage.Trace(*tree.FindByCode("H38.03"), after, before);
  EXPECT_EQ(made_of.size(), 2U);
  EXPECT_EQ(tree.Resolve("h38", "000.00.15.H38", before), tree.FindByCode("H38.01"));
  EXPECT_EQ(tree.Resolve("h38", "000.00.15.H38", after), tree.FindByCode("H38.03"));
  EXPECT_EQ(tree.ChildrenOn(tree.root(), after).size(), 1U);
}

TEST(LoadCenter, ReadsHowATextIsWritten) {
  Files files = SampleCenter();
  std::string& sources = files.at("systems/services/sources.yaml");
  const std::string declared = "skip: 2, nulls: [\"..\"], columns: [a, b], byte_order_mark: true}";
  const std::size_t at = sources.find(declared);
  ASSERT_NE(at, std::string::npos);
  sources.replace(
      at, declared.size(),
      "quote: none, header_has: \"Mã hồ sơ\", ends_at: Tổng cộng}\n    encoding: tcvn3");
  const auto center = Load(files);
  ASSERT_NE(center, nullptr);
  const Source* source = center->FindSource("case_system");
  EXPECT_EQ(source->encoding, Encoding::kTcvn3);
  EXPECT_EQ(source->csv.quote, '\0');
  EXPECT_EQ(source->csv.header_has, "Mã hồ sơ");
  EXPECT_EQ(source->csv.ends_at, "Tổng cộng");
  EXPECT_EQ(center->FindSource("payments")->encoding, Encoding::kUtf8);
}

TEST(LoadCenter, ReadsSourcesWithTheirPromisesAndLimits) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const Source* source = center->FindSource("case_system");
  ASSERT_NE(source, nullptr);
  EXPECT_TRUE(source->push);
  EXPECT_EQ(source->folder, "cases");
  EXPECT_EQ(source->csv.delimiter, ';');
  EXPECT_EQ(source->csv.skip, 2U);
  EXPECT_EQ(source->silent_after, std::chrono::minutes(30));
  EXPECT_EQ(source->limits.payload_bytes, 64U << 20U);
  EXPECT_EQ(source->limits.worker_seconds, 60U);
  ASSERT_EQ(source->mappings.size(), 1U);
  EXPECT_EQ(source->mappings[0].file, "systems/services/mappings/case.sql");
  EXPECT_EQ(source->mappings[0].sql, "SELECT * FROM raw\n");
  const Source* payments = center->FindSource("payments");
  ASSERT_NE(payments, nullptr);
  EXPECT_FALSE(payments->folder.has_value());
  EXPECT_EQ(payments->format, Format::kJson);
  EXPECT_EQ(payments->json.records_at, "/items");
}

TEST(LoadCenter, ReadsDatasetsWithCheckedConditions) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const model::Dataset* dataset = center->FindDataset("case");
  ASSERT_NE(dataset, nullptr);
  EXPECT_EQ(dataset->kind, model::DatasetKind::kState);
  EXPECT_EQ(dataset->key, std::vector<std::size_t>{0});
  EXPECT_EQ(dataset->order, 1U);
  ASSERT_TRUE(dataset->withdrawn.has_value());
  ASSERT_EQ(dataset->rules.size(), 2U);
  // Midnight in the center's time zone, seven hours ahead of UTC.
  const auto* moment = std::get_if<base::Timestamp>(&dataset->rules[1].operands[1].literal);
  ASSERT_NE(moment, nullptr);
  EXPECT_EQ(model::ToText(model::Value(*moment)), "2019-12-31T17:00:00Z");
  ASSERT_TRUE(dataset->organisation.has_value());
  EXPECT_EQ(dataset->organisation->code_system, "h38");
}

TEST(LoadCenter, ReadsMeasuresAgainstTheirDataset) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const model::Measure* finished = center->FindMeasure("finished");
  ASSERT_NE(finished, nullptr);
  EXPECT_EQ(finished->dimensions, (std::vector<std::size_t>{8, 9}));
  EXPECT_FALSE(finished->condition.has_value());
  const model::Measure* fees = center->FindMeasure("fees");
  ASSERT_NE(fees, nullptr);
  EXPECT_EQ(fees->aggregate, model::Aggregate::kSum);
  EXPECT_EQ(fees->value, 11U);
  EXPECT_TRUE(fees->condition.has_value());
  const model::Measure* open = center->FindMeasure("open");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->kind, model::MeasureKind::kStock);
  EXPECT_EQ(open->from, 2U);
  EXPECT_EQ(open->until, 4U);
}

TEST(LoadCenter, ReadsIndicatorsAndPanels) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const model::Indicator* rate = center->FindIndicator("on_time_rate");
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(model::NamesIn(rate->formula),
            (std::vector<std::string>{"finished_on_time", "finished"}));
  ASSERT_TRUE(rate->thresholds.has_value());
  EXPECT_EQ(rate->thresholds->watch, model::Decimal(90, 0));
  ASSERT_EQ(rate->targets.size(), 3U);
  EXPECT_EQ(rate->targets[0].unit, "");
  EXPECT_EQ(rate->targets[1].period, "reporting:2026");
  EXPECT_EQ(rate->targets[2].unit, "15");
  EXPECT_EQ(rate->judged_from.at("finished"), model::Decimal(10, 0));
  EXPECT_EQ(rate->freshness, std::chrono::hours(1));
  const Panel* panel = center->FindPanel("services");
  ASSERT_NE(panel, nullptr);
  ASSERT_EQ(panel->items.size(), 3U);
  EXPECT_EQ(panel->items[0].trend_periods, 24U);
  EXPECT_EQ(panel->items[2].kind, "breakdown");
  EXPECT_EQ(center->FindPanel("departments")->tree, model::TreeKind::kOrganisation);
}

TEST(LoadCenter, ReadsRegimes) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  ASSERT_EQ(center->regimes.size(), 2U);
  const model::Regime& reporting = *center->regimes[0];
  EXPECT_EQ(reporting.name(), "reporting");
  EXPECT_EQ(reporting.basis().at("en"), "Decree");
  EXPECT_TRUE(reporting.FindKind("nine_months")->cumulative);
  EXPECT_EQ(reporting.FindKind("month")->due->working_days, 2);
  EXPECT_EQ(reporting.FindKind("nine_months")->due->working_days, 5);
  const auto period = center->ParsePeriod("school:2026-winter");
  ASSERT_TRUE(period.ok());
  EXPECT_EQ(model::LabelOf(*period).at("vi"), "Học kỳ I 2026-2027");
  EXPECT_EQ(period->kind->due, std::nullopt);
}

TEST(LoadCenter, ReadsTheRegimesThatPanelsShow) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  const Panel* reports = center->FindPanel("reports");
  EXPECT_EQ(reports->regime->name(), "reporting");
  ASSERT_EQ(reports->items.size(), 4U);
  EXPECT_EQ(reports->items[1].period->name, "nine_months");
  EXPECT_EQ(reports->items[2].regime->name(), "school");
  EXPECT_EQ(reports->items[2].period->name, "stage") << "the first kind where there is no month";
  EXPECT_EQ(reports->items[3].period, reports->regime->FindKind("month"));
  EXPECT_EQ(center->FindPanel("services")->regime, &model::Regime::Calendar());
}

TEST(LoadCenter, SaysWhenAReportFallsDue) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  // The sample's office works on Mondays and Fridays. The period ends on Sunday 14 June 2026.
  const auto due = center->DueAt(*center->ParsePeriod("reporting:2026-06"));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(model::ToText(model::Value(due->value)), "2026-06-19T04:30:00Z");
  EXPECT_EQ(due->coverage, model::Coverage::kDecided);
  EXPECT_FALSE(center->DueAt(*center->ParsePeriod("2026-06")).has_value());
}

TEST(LoadCenter, RevisionFollowsEveryByteOfEveryFile) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  EXPECT_EQ(Load(SampleCenter())->revision, center->revision);
  Files changed = SampleCenter();
  changed["systems/services/tests/on_time.yaml"] += " ";
  EXPECT_NE(Load(changed)->revision, center->revision);
  Files with_readme = SampleCenter();
  with_readme["systems/README.md"] = "about";
  EXPECT_EQ(Load(with_readme)->revision, center->revision);
}

TEST(LoadCenter, LoadsAgainFromTheFilesItKeeps) {
  const auto center = Load(SampleCenter());
  ASSERT_NE(center, nullptr);
  EXPECT_EQ(Load(center->files)->revision, center->revision);
}

}  // namespace
}  // namespace fansipan::center

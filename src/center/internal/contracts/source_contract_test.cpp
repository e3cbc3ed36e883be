#include "center/source_contract.h"

#include <gtest/gtest.h>

#include <string>

#include "center/difference.h"
#include "center/load.h"
#include "center/testing/loading.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::ProblemsOf;

constexpr std::string_view kAnchor = "json: {records_at: /items, columns: [id, paid_on, amount]}";

/// The sample center with further lines in the declaration of its source `payments`.
LoadOutcome Load(const std::string& lines) {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  const std::size_t at = sources.find(kAnchor);
  EXPECT_NE(at, std::string::npos);
  sources.insert(at + kAnchor.size(), "\n" + lines);
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

constexpr const char* kWhole =
    R"(    contact: {name: Bộ phận Một cửa, phone: "0214 3840 000", email: desk@example.vn}
    freshness: 26h
    data_as_of: payment.paid_on
    cadence: daily at 07:00
    volume: {rows: 100..5000}
    schema: {measures: [amount], known_from: "2026-03-01T00:00:00"}
    control_totals:
      rows: {header: X-Total-Count}
      counts: mapped
      period: {at: /meta/month}
      cleared_by: same_period
      decimal_mark: ",")";

TEST(SourceContract, IsReadWithEveryKey) {
  const LoadOutcome outcome = Load(kWhole);
  ASSERT_TRUE(outcome.center) << ProblemsOf(outcome);
  const SourceContract& contract = ContractOf(*outcome.center->FindSource("payments"));
  ASSERT_TRUE(contract.contact);
  EXPECT_EQ(contract.contact->email, "desk@example.vn");
  EXPECT_EQ(contract.freshness, base::Duration(std::chrono::hours(26)));
  ASSERT_TRUE(contract.cadence);
  EXPECT_EQ(ToText(*contract.cadence), "daily at 07:00");
  EXPECT_EQ(contract.volume, (VolumeBand{.learnt = false, .least = 100, .most = 5000}));
  EXPECT_TRUE(contract.schema.known_from);
  ASSERT_TRUE(contract.control_totals);
  EXPECT_EQ(contract.control_totals->rows->header, "x-total-count");
  EXPECT_TRUE(contract.control_totals->mapped_only);
  EXPECT_EQ(contract.control_totals->cleared_by, model::ClearedBy::kSamePeriod);
  EXPECT_EQ(contract.control_totals->decimal_mark, ',');
  EXPECT_EQ(PlacesOf(*contract.control_totals).size(), 2U);
}

TEST(SourceContract, IsEmptyWhenNothingIsDeclared) {
  const LoadOutcome outcome = Load("");
  ASSERT_TRUE(outcome.center) << ProblemsOf(outcome);
  EXPECT_FALSE(outcome.center->FindSource("payments")->contract);
  EXPECT_EQ(ContractOf(*outcome.center->FindSource("payments")), SourceContract());
}

TEST(SourceContract, IsRefusedWhereAPromiseCannotBeKept) {
  for (const auto* lines : {
           "    contact: {name: Desk}",
           "    contact: {name: Desk, email: nobody}",
           "    freshness: 26h",
           "    cadence: now and then",
           "    cadence: working days at 07:00",
           "    volume: {rows: 5000..100}",
           "    volume: some",
           "    schema: {known_from: soon}",
           "    control_totals: {}",
           "    control_totals: {rows: {footer: 2}}",
           "    control_totals: {rows: {at: meta}}",
           "    control_totals: {rows: {at: /a, header: b}}",
           "    control_totals: {rows: {call: \"https://example.vn/count\", at: /total}}",
           "    control_totals: {rows: {at: /total}, cleared_by: same_period}",
           "    control_totals: {sums: {payment.nothing: {at: /sum}}}",
           "    control_totals: {keys: {dataset: case, at: /keys}}",
       }) {
    const LoadOutcome outcome = Load(lines);
    EXPECT_FALSE(outcome.center) << lines;
    EXPECT_NE(ProblemsOf(outcome).find("payments"), std::string::npos)
        << lines << ": " << ProblemsOf(outcome);
  }
}

TEST(SourceContract, TakesNoTotalOfAHarvestThatComesInPages) {
  constexpr std::string_view kPush = "connector: push\n    format: json";
  for (const char* lines : {
           "control_totals: {rows: {at: /meta/total}}",
           "control_totals: {keys: {dataset: payment, at: /meta/keys}}",
           "control_totals: {rows: {header: X-Total-Count}}",
           "volume: learnt",
       }) {
    for (const bool paged : {true, false}) {
      const std::string paging =
          paged ? "paging: {by: cursor, parameter: cursor, next_at: /next}, " : "";
      testing::Files files = testing::SampleCenter();
      std::string& sources = files["systems/services/sources.yaml"];
      const std::size_t at = sources.find(kPush);
      ASSERT_NE(at, std::string::npos);
      sources.replace(at, kPush.size(),
                      "connector: http_pull\n    reach: [{host: registry.example.vn}]\n"
                      "    http_pull: {url: \"https://registry.example.vn/payments\", " +
                          paging + "every: 15m}\n    " + lines + "\n    format: json");
      const testing::PrattParser parser;
      const LoadOutcome outcome = LoadCenterFiles(std::move(files), parser);
      EXPECT_EQ(outcome.center == nullptr, paged) << lines << ": " << ProblemsOf(outcome);
    }
  }
}

TEST(SourceContract, ChecksPathsOfXml) {
  const auto problems = [](const std::string& totals) {
    testing::Files files = testing::SampleCenter();
    std::string& sources = files["systems/services/sources.yaml"];
    const std::size_t format = sources.find("    format: json");
    EXPECT_NE(format, std::string::npos);
    const std::size_t end = sources.find('\n', sources.find(kAnchor)) + 1;
    sources.replace(
        format, end - format,
        "    format: xml\n    xml: {records_at: /p:list/p:item, namespaces: {p: 'urn:p'}, "
        "columns: [id, paid_on, amount]}\n    control_totals: " +
            totals + "\n");
    const testing::PrattParser parser;
    return ProblemsOf(LoadCenterFiles(std::move(files), parser));
  };
  EXPECT_EQ(problems("{rows: {at: /p:list/p:count}, period: {at: /p:list/@day}}"), "");
  EXPECT_NE(problems("{rows: {at: /p:list}}"), "");
  EXPECT_NE(problems("{rows: {at: /q:list/q:count}}"), "");
  EXPECT_NE(problems("{rows: {at: /p:list/p:count}, period: {at: /p:other/p:day}}"), "");
}

TEST(SourceContract, ShowsInADifferenceOfCenters) {
  const LoadOutcome before = Load("");
  const LoadOutcome after = Load(kWhole);
  ASSERT_TRUE(before.center && after.center);
  EXPECT_FALSE(DescribeDifference(*before.center, *after.center).empty());
}

}  // namespace
}  // namespace fansipan::center

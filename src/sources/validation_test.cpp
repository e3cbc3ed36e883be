#include "sources/validation.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources {
namespace {

/// 2026-03-02, ten in the morning in Hà Nội.
const base::Timestamp kReceived{std::chrono::seconds{1'772'420'400}};

using Texts = std::vector<std::optional<std::string>>;
using model::Expression;

Expression Name(std::string name) {
  return {.kind = Expression::Kind::kName, .name = std::move(name)};
}
Expression Op(model::Operator operation, std::vector<Expression> operands) {
  return {.kind = Expression::Kind::kOperation,
          .operation = operation,
          .operands = std::move(operands)};
}
Expression Text(std::string text) { return {.literal = std::move(text)}; }

/// Columns of `case`: number (key), updated (order), due, person, channel, place.
model::Dataset CaseDataset() {
  model::Dataset dataset;
  dataset.name = "case";
  dataset.kind = model::DatasetKind::kState;
  dataset.columns = {
      {.name = "number"},
      {.name = "updated", .type = model::ColumnType::kTimestamp},
      {.name = "due", .type = model::ColumnType::kDate, .optional = true},
      {.name = "person", .type = model::ColumnType::kInteger, .optional = true, .personal = true},
      {.name = "channel", .optional = true, .one_of = {"counter", "online"}},
      {.name = "place", .optional = true}};
  dataset.key = {0};
  dataset.order = 1;
  dataset.territory = model::PlaceColumn{.column = 5, .code_system = "gso"};
  dataset.rules = {Op(model::Operator::kNotEqual, {Name("number"), Text("forbidden")})};
  return dataset;
}

/// Columns of `event`: id (key), kind; withdrawn when kind is 'cancel'.
model::Dataset EventDataset() {
  model::Dataset dataset;
  dataset.name = "event";
  dataset.kind = model::DatasetKind::kEvent;
  dataset.columns = {{.name = "id"}, {.name = "kind"}};
  dataset.key = {0};
  dataset.withdrawn = Op(model::Operator::kEqual, {Name("kind"), Text("cancel")});
  return dataset;
}

/// The day from which the code 15 means no unit.
const model::Date kEnded = std::chrono::sys_days{std::chrono::July / 1 / 2025};

center::Center TestCenter() {
  center::Center center;
  center.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
  center.datasets = {CaseDataset(), EventDataset()};
  center.territory = *model::UnitTree::Build(
      model::TreeKind::kTerritory, {{.code = "P", .level = "province"}},
      {{.system = "gso", .code = "10", .unit = model::UnitId{0}},
       {.system = "gso", .code = "15", .unit = model::UnitId{0}, .valid_to = kEnded}});
  return center;
}

center::Source TestSource() {
  center::Source source;
  source.name = "s";
  source.mappings = {{.dataset = "case"}, {.dataset = "event"}};
  return source;
}

/// Each candidate comes from the raw row of its own number.
ValidatedDelivery Judge(const std::string& dataset, const std::vector<Texts>& rows) {
  MappedDelivery mapped;
  DatasetCandidates candidates;
  candidates.dataset = dataset;
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    candidates.rows.push_back({.texts = {rows[i].begin(), rows[i].end()}, .raw_rows = {i + 1}});
    mapped.offsets.push_back(100ULL * i);
  }
  mapped.counts.raw_rows = rows.size();
  mapped.counts.mapped = rows.size();
  mapped.datasets.push_back(std::move(candidates));
  ValidatedDelivery delivery = Validate(std::move(mapped), TestCenter(), TestSource(), kReceived);
  const model::DeliveryCounts& counts = delivery.counts;
  EXPECT_EQ(counts.candidates, rows.size());
  EXPECT_EQ(counts.candidates,
            counts.accepted + counts.repeated + counts.in_conflict + counts.quarantined);
  EXPECT_EQ(counts.accepted, delivery.versions.size());
  EXPECT_EQ(counts.raw_rows, counts.mapped + counts.skipped + counts.refused);
  return delivery;
}

Texts Case(std::string number, std::string updated, std::optional<std::string> channel = {}) {
  return {std::move(number), std::move(updated), {}, {}, std::move(channel), {}};
}

constexpr const char* kMorning = "2026-01-02 08:00:00";
constexpr const char* kEvening = "2026-01-02 18:00:00";

TEST(Validate, SetsAsideWhatAFunctionOfTheMappingCouldNotRead) {
  const std::string number = internal::RefusedText(internal::NotWritten::kNumberWithComma, "1.5");
  const auto delivery = Judge("case", {{"K1", kMorning, {}, number, {}, {}},
                                       {number, kMorning, {}, {}, {}, {}},
                                       Case("K3", kMorning)});
  EXPECT_EQ(delivery.counts.accepted, 1U);
  ASSERT_EQ(delivery.quarantined.size(), 2U);
  EXPECT_EQ(delivery.quarantined[0].reason, "not_a_decimal");
  EXPECT_EQ(delivery.quarantined[0].column, "person");
  EXPECT_EQ(delivery.quarantined[0].value, "•••") << "a personal value is not shown";
  EXPECT_EQ(delivery.quarantined[1].column, "number") << "a column of type text takes it no more";
  EXPECT_EQ(delivery.quarantined[1].value, "1.5");
}

TEST(Validate, ReadsValuesByTheirTypesInTheCentersZone) {
  const auto delivery = Judge("case", {{"K1", kMorning, "2026-02-28", "79", "online", "10"}});
  ASSERT_EQ(delivery.versions.size(), 1U);
  const model::Version& version = delivery.versions[0];
  EXPECT_EQ(version.dataset, "case");
  EXPECT_EQ(model::ToText(version.values[1]), "2026-01-02T01:00:00Z");
  EXPECT_EQ(std::get<std::int64_t>(version.values[3]), 79);
  EXPECT_EQ(version.row, 1U);
  EXPECT_EQ(version.raw_rows, (std::vector<std::uint32_t>{1}));
  EXPECT_FALSE(version.withdrawn);
}

TEST(Validate, QuarantinesEachBadColumnWithItsReason) {
  const auto delivery = Judge("case", {Case("ok", kMorning),
                                       {"K1", "soon", "2026-02-30", "x79", "fax", "99"},
                                       {"", {}, {}, {}, {}, {}}});
  EXPECT_EQ(delivery.counts.quarantined, 2U);
  EXPECT_EQ(delivery.counts.accepted, 1U);
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : delivery.quarantined) found.emplace_back(entry.column, entry.reason);
  EXPECT_EQ(found,
            (std::vector<std::pair<std::string, std::string>>{{"updated", "not_a_timestamp"},
                                                              {"due", "impossible_date"},
                                                              {"person", "not_an_integer"},
                                                              {"channel", "not_allowed"},
                                                              {"place", "unknown_place"},
                                                              {"number", "missing_key"},
                                                              {"updated", "missing_value"}}));
  EXPECT_EQ(delivery.quarantined[0].value, "soon");
  EXPECT_EQ(delivery.quarantined[0].raw_row, 2U);
  EXPECT_EQ(delivery.quarantined[0].byte_offset, 100U);
}

TEST(Validate, NeverShowsPersonalValues) {
  const auto delivery = Judge("case", {{"K1", kMorning, {}, "secret", {}, {}}});
  ASSERT_EQ(delivery.quarantined.size(), 1U);
  EXPECT_EQ(delivery.quarantined[0].value, "•••");
  EXPECT_EQ(delivery.quarantined[0].message.find("secret"), std::string::npos);
}

TEST(Validate, CutsLongValuesBetweenCharacters) {
  std::string longer;
  for (int i = 0; i < 100; ++i) longer += "ế";
  const auto delivery = Judge("case", {Case("K1", longer)});
  ASSERT_EQ(delivery.quarantined.size(), 1U);
  EXPECT_EQ(delivery.quarantined[0].value.size(), 198U);
}

TEST(Validate, QuarantinesRowsThatBreakARule) {
  const auto delivery = Judge("case", {Case("forbidden", kMorning)});
  ASSERT_EQ(delivery.quarantined.size(), 1U);
  EXPECT_EQ(delivery.quarantined[0].reason, "rule_broken");
  EXPECT_NE(delivery.quarantined[0].message.find("forbidden"), std::string::npos);
}

TEST(Validate, KeepsTheFirstOfEqualRows) {
  const auto delivery = Judge(
      "case", {Case("K1", kMorning), Case("K2", kMorning), Case("K1", "2026-01-02T01:00:00Z")});
  EXPECT_EQ(delivery.counts.repeated, 1U);
  ASSERT_EQ(delivery.versions.size(), 2U);
  EXPECT_EQ(delivery.versions[0].row, 1U);
  EXPECT_TRUE(delivery.quarantined.empty());
}

TEST(Validate, TakesAnotherOrderForHistory) {
  const auto delivery =
      Judge("case", {Case("K1", kEvening, "online"), Case("K1", kMorning, "counter")});
  EXPECT_EQ(delivery.counts.accepted, 2U);
}

TEST(Validate, QuarantinesAllRowsInConflict) {
  const auto delivery =
      Judge("case", {Case("K1", kMorning, "online"), Case("K1", kEvening),
                     Case("K1", kMorning, "counter"), Case("K1", kMorning, "online")});
  EXPECT_EQ(delivery.counts.in_conflict, 3U);
  EXPECT_EQ(delivery.counts.accepted, 1U);
  ASSERT_EQ(delivery.quarantined.size(), 3U);
  EXPECT_EQ(delivery.quarantined[0].reason, "conflict");
  EXPECT_EQ(delivery.quarantined[0].value, "K1");
}

TEST(Validate, LetsAnEventsWithdrawalComeAfterIt) {
  const auto delivery = Judge("event", {{"E1", "cancel"}, {"E2", "made"}, {"E1", "made"}});
  ASSERT_EQ(delivery.counts.accepted, 3U);
  const model::Version& withdrawal = delivery.versions[0];
  const model::Version& event = delivery.versions[2];
  EXPECT_TRUE(withdrawal.withdrawn);
  EXPECT_FALSE(event.withdrawn);
  EXPECT_TRUE(model::Precedes(event, withdrawal, std::nullopt));
  EXPECT_EQ(withdrawal.raw_rows, (std::vector<std::uint32_t>{1}));
}

TEST(Validate, FindsEventsInConflict) {
  const auto delivery = Judge("event", {{"E1", "made"}, {"E1", "moved"}, {"E1", "cancel"}});
  EXPECT_EQ(delivery.counts.in_conflict, 2U);
  EXPECT_EQ(delivery.counts.accepted, 1U);
}

TEST(Validate, PutsUndecodableRowsFirst) {
  MappedDelivery mapped;
  model::QuarantinedRow refused;
  refused.raw_row = 1;
  refused.reason = "too_few_columns";
  mapped.refused.push_back(refused);
  mapped.counts.raw_rows = 1;
  mapped.counts.refused = 1;
  const auto delivery = Validate(std::move(mapped), TestCenter(), TestSource(), kReceived);
  ASSERT_EQ(delivery.quarantined.size(), 1U);
  EXPECT_EQ(delivery.quarantined[0].reason, "too_few_columns");
  EXPECT_EQ(delivery.counts.candidates, 0U);
}

/// The rule written plainly: for each row, look at all others.
model::DeliveryCounts CountPlainly(const std::vector<Texts>& rows) {
  model::DeliveryCounts counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool conflict = false;
    bool repeat = false;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (rows[k][0] != rows[i][0] || rows[k][1] != rows[i][1]) continue;
      conflict = conflict || rows[k] != rows[i];
      repeat = repeat || (k < i && rows[k] == rows[i]);
    }
    ++(conflict ? counts.in_conflict : repeat ? counts.repeated : counts.accepted);
  }
  return counts;
}

TEST(Validate, AgreesWithThePlainRuleOnAnyRows) {
  rc::check([] {
    const auto picks = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(0, 3), rc::gen::inRange(0, 2)));
    std::vector<Texts> rows;
    for (const auto& [key, order, channel] : picks) {
      rows.push_back(Case("K" + std::to_string(key),
                          "2026-01-0" + std::to_string(order + 1) + "T00:00:00Z",
                          channel == 0 ? "online" : "counter"));
    }
    const auto counts = Judge("case", rows).counts;
    const auto plain = CountPlainly(rows);
    RC_ASSERT(counts.accepted == plain.accepted);
    RC_ASSERT(counts.repeated == plain.repeated);
    RC_ASSERT(counts.in_conflict == plain.in_conflict);
  });
}

TEST(OldCodes, AreThoseThatHadEndedByTheRowsOwnDay) {
  const auto delivery =
      Judge("case", {
                        {"1", "2025-06-30T08:00:00+07:00", {}, {}, {}, "15"},
                        {"2", "2025-07-01T08:00:00+07:00", {}, {}, {}, "15"},
                        {"3", "2025-07-01T08:00:00+07:00", {}, {}, {}, "10"},
                        {"4", "2025-06-30T08:00:00+07:00", "2026-02-01", {}, {}, "15"},
                        {"5", "2025-06-30T08:00:00+07:00", "2027-02-01", {}, {}, "15"},
                        {"6", "2025-08-01T08:00:00+07:00", {}, {}, {}, {}},
                    });
  EXPECT_EQ(delivery.counts.accepted, 6U);
  EXPECT_EQ(delivery.old_codes, (model::OldCodes{2, kEnded}));
  EXPECT_FALSE(Judge("case", {{"1", "2025-06-30T08:00:00+07:00", {}, {}, {}, "15"}}).old_codes);
  EXPECT_FALSE(Judge("event", {{"1", "x"}}).old_codes);
}

}  // namespace
}  // namespace fansipan::sources

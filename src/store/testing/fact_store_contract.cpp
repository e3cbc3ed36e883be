#include "store/testing/fact_store_contract.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "store/testing/random_entries.h"

namespace fansipan::store {

using base::ErrorCode;
using model::Expression;
using model::Operator;
using model::Sequence;
using namespace std::string_literals;

namespace {

template <typename T>
ErrorCode CodeOf(const base::Result<T>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? ErrorCode::kInternal : result.error().code;
}

template <typename T>
T Get(base::Result<T> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  return result.ok() ? std::move(result).value() : T{};
}

model::Date Day(int day) {
  return std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::days(day - 1);
}

/// A case that was received at Hour(0), so that AllCases finds it.
model::Row Case(const std::string& number, std::int64_t revision = 1) {
  model::Row row = CaseRow(number, revision);
  row[kCaseReceived] = Hour(0);
  return row;
}

model::QuarantinedRow Bad(std::uint32_t row) {
  return {"case", row, 10U * row, "fee", "x\n'\";--", "not_a_decimal", "sửa lại"};
}

}  // namespace

void ExpectSame(const model::Version& actual, const model::Version& expected) {
  const testing::ScopedTrace trace(__FILE__, __LINE__, expected.sequence.value);
  EXPECT_EQ(actual.sequence, expected.sequence);
  EXPECT_EQ(actual.dataset, expected.dataset);
  EXPECT_EQ(actual.delivery, expected.delivery);
  EXPECT_EQ(actual.mapping_revision, expected.mapping_revision);
  EXPECT_EQ(actual.row, expected.row);
  EXPECT_EQ(actual.raw_rows, expected.raw_rows);
  EXPECT_EQ(actual.predecessor, expected.predecessor);
  EXPECT_EQ(actual.withdrawn, expected.withdrawn);
  EXPECT_EQ(actual.outranked, expected.outranked);
  ASSERT_EQ(actual.values.size(), expected.values.size());
  for (std::size_t index = 0; index < actual.values.size(); ++index) {
    EXPECT_EQ(actual.values[index].index(), expected.values[index].index()) << "column " << index;
    // As texts, so that 1.0 and 1.00 differ.
    EXPECT_EQ(model::ToText(actual.values[index]), model::ToText(expected.values[index]))
        << "column " << index;
  }
}

void ExpectSame(const std::vector<model::Version>& actual,
                const std::vector<model::Version>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t index = 0; index < actual.size(); ++index) {
    ExpectSame(actual[index], expected[index]);
  }
}

void ExpectSame(const model::Delivery& actual, const model::Delivery& expected) {
  const testing::ScopedTrace trace(__FILE__, __LINE__, expected.sequence.value);
  EXPECT_EQ(actual.sequence, expected.sequence);
  EXPECT_EQ(actual.source, expected.source);
  EXPECT_EQ(actual.received_at, expected.received_at);
  EXPECT_EQ(actual.recorded_at, expected.recorded_at);
  EXPECT_EQ(actual.archive_id, expected.archive_id);
  EXPECT_EQ(actual.payload_sha256, expected.payload_sha256);
  EXPECT_EQ(actual.payload_bytes, expected.payload_bytes);
  EXPECT_EQ(actual.format, expected.format);
  EXPECT_EQ(actual.file_name, expected.file_name);
  EXPECT_EQ(actual.idempotency_key, expected.idempotency_key);
  EXPECT_EQ(actual.data_as_of, expected.data_as_of);
  EXPECT_EQ(actual.mapping_revision, expected.mapping_revision);
  EXPECT_EQ(actual.replay_of, expected.replay_of);
  EXPECT_EQ(actual.counts, expected.counts);
  EXPECT_EQ(actual.outcome, expected.outcome);
  EXPECT_EQ(actual.refusal_reason, expected.refusal_reason);
  EXPECT_EQ(actual.refusal_message, expected.refusal_message);
}

void ExpectSame(const KeptQuarantine& actual, const KeptQuarantine& expected) {
  const testing::ScopedTrace trace(__FILE__, __LINE__, expected.id);
  EXPECT_EQ(actual.id, expected.id);
  EXPECT_EQ(actual.delivery, expected.delivery);
  EXPECT_EQ(actual.source, expected.source);
  EXPECT_EQ(actual.recorded_at, expected.recorded_at);
  EXPECT_EQ(actual.resolved_by, expected.resolved_by);
  EXPECT_EQ(actual.row.dataset, expected.row.dataset);
  EXPECT_EQ(actual.row.raw_row, expected.row.raw_row);
  EXPECT_EQ(actual.row.byte_offset, expected.row.byte_offset);
  EXPECT_EQ(actual.row.column, expected.row.column);
  EXPECT_EQ(actual.row.value, expected.row.value);
  EXPECT_EQ(actual.row.reason, expected.row.reason);
  EXPECT_EQ(actual.row.message, expected.row.message);
}

void FactStoreContract::SetUp() {
  place_ = GetParam().make_place();
  Reopen();
  ASSERT_TRUE(store_->Declare({CaseDataset()}).ok());
}

void FactStoreContract::Reopen() {
  store_.reset();
  auto opened = place_->Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  store_ = std::move(opened).value();
}

void FactStoreContract::Append(const JournalEntry& entry) {
  const base::Status appended = store_->Append({entry});
  ASSERT_TRUE(appended.ok()) << appended.error().message;
}

JournalEntry FactStoreContract::Deliver(const std::vector<model::Row>& rows,
                                        std::optional<Sequence> replay_of) {
  JournalEntry entry = history_.Deliver(rows, replay_of);
  Append(entry);
  return entry;
}

RecordQuery FactStoreContract::AllCases() const {
  RecordQuery query;
  query.dataset = "case";
  query.as_of = history_.last();
  query.kind = model::MeasureKind::kStock;
  query.from = kCaseReceived;
  query.before = Hour(10'000);
  return query;
}

std::string FactStoreContract::Find(const RecordQuery& query) {
  const auto page = store_->PageRecords(query);
  EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().message);
  if (!page.ok()) return "failed";
  std::vector<std::string> numbers;
  for (const model::Version& record : page->records) {
    numbers.push_back(model::ToText(record.values[kCaseNumber]));
  }
  std::sort(numbers.begin(), numbers.end());
  std::string found;
  for (const std::string& number : numbers) found += (found.empty() ? "" : " ") + number;
  return found;
}

std::string FactStoreContract::FindWhere(Expression condition) {
  RecordQuery query = AllCases();
  query.condition = std::move(condition);
  return Find(query);
}

// Tests of other parts link this library for its fakes and run no contract.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FactStoreContract);

TEST_P(FactStoreContract, StartsEmpty) {
  EXPECT_EQ(Get(store_->AppliedThrough()), 0U);
  EXPECT_EQ(Find(AllCases()), "");
  EXPECT_FALSE(Get(store_->FindVersion(Sequence{1})).has_value());
  EXPECT_FALSE(Get(store_->FindDelivery(Sequence{1})).has_value());
  EXPECT_TRUE(Get(store_->ListDeliveries({})).empty());
  EXPECT_TRUE(Get(store_->ListQuarantine({})).empty());
  EXPECT_TRUE(Get(store_->VersionsOfDelivery(Sequence{1})).empty());
}

TEST_P(FactStoreContract, GivesBackEveryValueAsItWas) {
  model::Row full = Case("Hồ sơ\0'\";--\xFF"s, std::numeric_limits<std::int64_t>::min());
  full[kCaseFinished] = Hour(5) + base::Duration(123'456);
  full[kCaseFiled] = Day(31);
  full[kCaseFee] = model::Decimal(-1'500, 3);
  full[kCasePages] = std::numeric_limits<std::int64_t>::max();
  full[kCaseUrgent] = false;
  full[kCaseChannel] = std::string();
  model::Row large = Case("large");
  const auto huge = std::numeric_limits<std::uint64_t>::max();
  large[kCaseFee] = model::Decimal(static_cast<model::Int128>(huge) * (huge / 2), 0);
  const JournalEntry entry = Deliver({full, CaseRow("empty", 2), large});
  ExpectSame(Get(store_->VersionsOfDelivery(Sequence{1})), entry.deliveries[0].versions);
  for (const model::Version& version : entry.deliveries[0].versions) {
    const auto found = Get(store_->FindVersion(version.sequence));
    ASSERT_TRUE(found.has_value());
    ExpectSame(*found, version);
  }
}

TEST_P(FactStoreContract, GivesBackEveryFieldOfAVersion) {
  JournalEntry entry = history_.Deliver({Case("a"), Case("a", 2)});
  model::Version& version = entry.deliveries[0].versions[1];
  version.row = 4'000'000'000;
  version.raw_rows = {7, 4'294'967'295};
  version.predecessor = Sequence{2};
  version.withdrawn = true;
  entry.deliveries[0].versions[0].raw_rows = {};
  Append(entry);
  ExpectSame(Get(store_->VersionsOfKey("case", {std::string("a")}, history_.last())),
             entry.deliveries[0].versions);
}

TEST_P(FactStoreContract, DeliveryThenMappingThenRowDecideAmongEqualOrders) {
  const JournalEntry first = Deliver({Case("a"), Case("a")});
  const Sequence original = first.deliveries[0].delivery.sequence;
  const JournalEntry second = Deliver({Case("a")});
  const JournalEntry replay = Deliver({Case("a")}, original);
  const auto versions = Get(store_->VersionsOfKey("case", {std::string("a")}, history_.last()));
  ASSERT_EQ(versions.size(), 4U);
  EXPECT_EQ(versions[0].sequence, first.deliveries[0].versions[0].sequence);
  EXPECT_EQ(versions[1].sequence, first.deliveries[0].versions[1].sequence);
  EXPECT_EQ(versions[2].sequence, replay.deliveries[0].versions[0].sequence);
  EXPECT_EQ(versions[3].sequence, second.deliveries[0].versions[0].sequence);
  const RecordPage page = Get(store_->PageRecords(AllCases()));
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].sequence, versions[3].sequence);
}

TEST_P(FactStoreContract, AMissingOrderStandsBeforeEveryOther) {
  model::Row missing = Case("a");
  missing[kCaseRevision] = model::Value();
  Deliver({Case("a", -5)});
  Deliver({missing});
  const RecordPage page = Get(store_->PageRecords(AllCases()));
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].values[kCaseRevision], model::Value(std::int64_t{-5}));
}

TEST_P(FactStoreContract, AWithdrawnRecordIsGoneUntilAHigherVersion) {
  Deliver({Case("a", 1), Case("b", 1)});
  JournalEntry entry = history_.Deliver({Case("a", 2)});
  entry.deliveries[0].versions[0].withdrawn = true;
  Append(entry);
  EXPECT_EQ(Find(AllCases()), "b");
  EXPECT_EQ(Get(store_->VersionsOfKey("case", {std::string("a")}, history_.last())).size(), 2U);
  Deliver({Case("a", 3)});
  EXPECT_EQ(Find(AllCases()), "a b");
}

TEST_P(FactStoreContract, AFlowCountsMomentsFromSinceToBefore) {
  for (int hour = 1; hour <= 4; ++hour) {
    model::Row row = Case("at" + std::to_string(hour));
    row[kCaseFinished] = Hour(hour);
    Deliver({row});
  }
  Deliver({Case("open")});
  RecordQuery query = AllCases();
  query.kind = model::MeasureKind::kFlow;
  query.from = kCaseFinished;
  query.since = Hour(2);
  query.before = Hour(4);
  EXPECT_EQ(Find(query), "at2 at3");
}

TEST_P(FactStoreContract, AStockCountsWhatHasEnteredAndNotLeft) {
  model::Row finished = Case("finished");
  finished[kCaseFinished] = Hour(3);
  model::Row later = Case("later");
  later[kCaseReceived] = Hour(4);
  Deliver({finished, Case("open"), later});
  RecordQuery query = AllCases();
  query.until = kCaseFinished;
  query.before = Hour(3);
  EXPECT_EQ(Find(query), "finished open");
  query.before = Hour(4);
  EXPECT_EQ(Find(query), "open");
  query.before = Hour(5);
  EXPECT_EQ(Find(query), "later open");
}

TEST_P(FactStoreContract, ADateStandsForItsLocalMidnight) {
  for (int day = 1; day <= 4; ++day) {
    model::Row row = Case("day" + std::to_string(day));
    row[kCaseFiled] = Day(day);
    Deliver({row});
  }
  for (const char* name : {"Asia/Ho_Chi_Minh", "America/Los_Angeles", "UTC"}) {
    RecordQuery query = AllCases();
    query.kind = model::MeasureKind::kFlow;
    query.from = kCaseFiled;
    auto zone = base::TimeZone::Find(name);
    ASSERT_TRUE(zone.ok());
    query.zone = *zone;
    query.since = query.zone.ToUtc(base::LocalTime(Day(2).time_since_epoch()));
    query.before = query.zone.ToUtc(base::LocalTime(Day(4).time_since_epoch()));
    EXPECT_EQ(Find(query), "day2 day3") << name;
    query.since += base::Duration(1);
    query.before += base::Duration(1);
    EXPECT_EQ(Find(query), "day3 day4") << name;
    query.since = base::Timestamp::min();
    query.before = base::Timestamp::max();
    EXPECT_EQ(Find(query), "day1 day2 day3 day4") << name;
  }
}

TEST_P(FactStoreContract, APlaceTakesCodesWhileTheyAreValid) {
  const auto at = [&](const std::string& number, model::Value code, int hour) {
    model::Row row = CaseRow(number, 1);
    row[kCaseReceived] = Hour(hour);
    row[kCasePlace] = std::move(code);
    return row;
  };
  Deliver({at("old", std::string("02647"), 1), at("old_late", std::string("02647"), 5),
           at("new", std::string("02650"), 6), at("other", std::string("9"), 6),
           at("none", model::Value(), 6), at("both", std::string("02999"), 2)});
  RecordQuery query = AllCases();
  query.place = PlaceFilter{kCasePlace, {}, false};
  EXPECT_EQ(Find(query), "");
  query.place->codes = {
      {"02647", Hour(0), Hour(5)}, {"02650", Hour(5), std::nullopt}, {"02999", Hour(0), Hour(5)}};
  EXPECT_EQ(Find(query), "both new old");
  query.place->or_missing = true;
  EXPECT_EQ(Find(query), "both new none old");
}

TEST_P(FactStoreContract, DimensionsCompareTexts) {
  model::Row online = Case("online");
  online[kCaseChannel] = std::string("online");
  online[kCaseUrgent] = true;
  model::Row upper = Case("upper");
  upper[kCaseChannel] = std::string("Online");
  upper[kCaseUrgent] = false;
  Deliver({online, upper, Case("none")});
  RecordQuery query = AllCases();
  query.dimensions = {{kCaseChannel, "online"}};
  EXPECT_EQ(Find(query), "online");
  query.dimensions = {{kCaseUrgent, "false"}};
  EXPECT_EQ(Find(query), "upper");
  query.dimensions = {{kCaseUrgent, "true"}, {kCaseChannel, "Online"}};
  EXPECT_EQ(Find(query), "");
}

TEST_P(FactStoreContract, ConditionsKnowUnknown) {
  model::Row five = Case("five");
  five[kCasePages] = std::int64_t{5};
  Deliver({five, Case("none")});
  const auto above = Operation(Operator::kGreater, {Name("pages"), Literal(std::int64_t{3})});
  EXPECT_EQ(FindWhere(above), "five");
  EXPECT_EQ(FindWhere(Operation(Operator::kNot, {above})), "");
  EXPECT_EQ(
      FindWhere(Operation(Operator::kOr, {above, Operation(Operator::kIsNull, {Name("fee")})})),
      "five none");
  EXPECT_EQ(FindWhere(Operation(Operator::kIsNotNull, {Name("pages")})), "five");
  EXPECT_EQ(FindWhere(Operation(Operator::kNotIn, {Name("pages"), Literal(std::int64_t{4})})),
            "five");
  const auto zero = Call("coalesce", {Name("pages"), Literal(std::int64_t{0})});
  EXPECT_EQ(FindWhere(Operation(Operator::kEqual, {zero, Literal(std::int64_t{0})})), "none");
}

TEST_P(FactStoreContract, NumbersCompareAndCalculateExactly) {
  model::Row small = Case("small");
  small[kCaseFee] = model::Decimal(10, 1);
  small[kCasePages] = std::int64_t{3};
  model::Row large = Case("large");
  large[kCaseFee] = model::Decimal(std::numeric_limits<std::int64_t>::max(), 18);
  large[kCasePages] = std::numeric_limits<std::int64_t>::max();
  Deliver({small, large});
  EXPECT_EQ(FindWhere(Operation(Operator::kEqual, {Name("fee"), Literal(model::Decimal(100, 2))})),
            "small");
  EXPECT_EQ(FindWhere(Operation(Operator::kGreater, {Name("fee"), Literal(std::int64_t{1})})),
            "large");
  // Beyond 64 bits, where doubles and whole numbers of the machine would fail.
  const auto next = Operation(Operator::kAdd, {Name("pages"), Literal(std::int64_t{1})});
  EXPECT_EQ(FindWhere(Operation(Operator::kGreater, {next, Name("pages")})), "large small");
  const auto third = Operation(Operator::kDivide, {Name("fee"), Name("pages")});
  EXPECT_EQ(
      FindWhere(Operation(Operator::kEqual, {third, Literal(model::Decimal(333'333'333'333, 12))})),
      "small");
  const auto by_zero = Operation(Operator::kDivide, {Name("fee"), Literal(std::int64_t{0})});
  EXPECT_EQ(FindWhere(Operation(Operator::kIsNull, {by_zero})), "large small");
  EXPECT_EQ(FindWhere(Operation(Operator::kIn,
                                {Operation(Operator::kNegate, {Name("fee")}),
                                 Literal(std::int64_t{7}), Literal(model::Decimal(-1'000, 3))})),
            "small");
}

TEST_P(FactStoreContract, TextComparesByBytesAndLowersVietnamese) {
  for (const char* channel : {"a", "B", "Ă", "QUẦY"}) {
    model::Row row = Case(channel);
    row[kCaseChannel] = std::string(channel);
    Deliver({row});
  }
  EXPECT_EQ(FindWhere(Operation(Operator::kLess, {Name("channel"), Literal(std::string("a"))})),
            "B QUẦY");
  EXPECT_EQ(FindWhere(Operation(Operator::kEqual,
                                {Call("lower", {Name("channel")}), Literal(std::string("quầy"))})),
            "QUẦY");
}

TEST_P(FactStoreContract, RefusesAConditionThatDoesNotFitTheDataset) {
  const auto number = Literal(std::int64_t{1});
  const std::vector<Expression> wrong = {
      Name("pages"),
      Operation(Operator::kEqual, {Name("nothing"), number}),
      Operation(Operator::kEqual, {Name("channel"), number}),
      Operation(Operator::kLess, {Name("filed_on"), Name("received_at")}),
      Operation(Operator::kAnd, {Name("urgent"), Name("pages")}),
      Operation(Operator::kEqual, {Operation(Operator::kAdd, {Name("channel"), number}), number}),
      Operation(Operator::kEqual, {Call("getenv", {Name("channel")}), Name("channel")}),
      Operation(Operator::kEqual, {Call("lower", {Name("pages")}), Name("channel")}),
      Operation(Operator::kEqual, {Call("coalesce", {Name("pages"), Name("channel")}), number})};
  for (const Expression& condition : wrong) {
    RecordQuery query = AllCases();
    query.condition = condition;
    EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kInvalidArgument);
  }
}

TEST_P(FactStoreContract, RefusesWhatIsOutsideOfTheQuerysLimits) {
  Deliver({Case("a")});
  const auto code_of = [&](auto change) {
    RecordQuery query = AllCases();
    change(query);
    return CodeOf(store_->PageRecords(query));
  };
  EXPECT_EQ(code_of([](RecordQuery& query) { query.dataset = "d1"; }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.limit = 0; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.limit = 1'001; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.from = kCaseColumns; }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.from = kCaseFee; }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.until = kCaseFee; }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) {
              query.dimensions = {{kCaseColumns, "x"}};
            }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) {
              query.place = PlaceFilter{kCaseFee, {}, false};
            }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([](RecordQuery& query) { query.deadline = std::chrono::milliseconds(0); }),
            ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(CodeOf(store_->VersionsOfKey("case", {}, Sequence{9})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(store_->VersionsOfKey("none", {}, Sequence{9})), ErrorCode::kNotFound);
  DeliveryQuery deliveries;
  deliveries.limit = 0;
  EXPECT_EQ(CodeOf(store_->ListDeliveries(deliveries)), ErrorCode::kInvalidArgument);
  QuarantineQuery quarantine;
  quarantine.limit = 1'001;
  EXPECT_EQ(CodeOf(store_->ListQuarantine(quarantine)), ErrorCode::kInvalidArgument);
}

TEST_P(FactStoreContract, NoTextOfARequestBecomesAQuery) {
  Deliver({Case("a")});
  for (const std::string& text : InjectionCorpus()) {
    RecordQuery query = AllCases();
    query.after = text;
    EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kInvalidArgument) << text;
    query.after.clear();
    query.dataset = text;
    EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kNotFound) << text;
    query = AllCases();
    query.dimensions = {{kCaseChannel, text}};
    EXPECT_EQ(Find(query), "");
    query = AllCases();
    query.place = PlaceFilter{kCasePlace, {{text, Hour(0), std::nullopt}}, false};
    EXPECT_EQ(Find(query), "");
    EXPECT_EQ(FindWhere(Operation(Operator::kEqual, {Name("channel"), Literal(text)})), "");
    query.place.reset();
    query.condition = Operation(Operator::kIsNull, {Name(text)});
    EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kInvalidArgument) << text;
    query.condition = Operation(Operator::kIsNull, {Call(text, {Name("channel")})});
    EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kInvalidArgument) << text;
    EXPECT_TRUE(Get(store_->VersionsOfKey("case", {text}, history_.last())).empty());
    EXPECT_TRUE(Get(store_->ListDeliveries({text, std::nullopt, 10})).empty());
    EXPECT_TRUE(Get(store_->ListQuarantine({std::nullopt, text, text, false, 0, 10})).empty());
  }
  EXPECT_EQ(Find(AllCases()), "a");
}

TEST_P(FactStoreContract, DeclaredNamesMayBeAnyText) {
  model::Dataset dataset = CaseDataset();
  dataset.name = "'; DROP TABLE meta; --\"";
  for (const std::string& name : InjectionCorpus()) {
    model::Column column;
    column.name = name;
    column.type = model::ColumnType::kText;
    dataset.columns.push_back(std::move(column));
  }
  ASSERT_TRUE(store_->Declare({dataset}).ok());
  history_.dataset() = dataset;
  model::Row row = Case("a");
  for (const std::string& text : InjectionCorpus()) row.emplace_back(text);
  const JournalEntry entry = Deliver({row});
  Reopen();
  RecordQuery query = AllCases();
  query.dataset = dataset.name;
  for (const std::string& name : InjectionCorpus()) {
    query.condition = Operation(Operator::kEqual, {Name(name), Literal(name)});
    EXPECT_EQ(Find(query), "a") << name;
  }
  ExpectSame(Get(store_->VersionsOfDelivery(Sequence{1})), entry.deliveries[0].versions);
}

TEST_P(FactStoreContract, EntriesComeInOrderWithoutAGap) {
  const JournalEntry first = history_.Deliver({Case("a")});
  const JournalEntry second = history_.Deliver({Case("b")});
  EXPECT_EQ(CodeOf(store_->Append({second})), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(store_->Append({first, first})), ErrorCode::kConflict);
  EXPECT_EQ(Get(store_->AppliedThrough()), 0U);
  EXPECT_TRUE(store_->Append({}).ok());
  ASSERT_TRUE(store_->Append({first, second}).ok());
  EXPECT_EQ(Get(store_->AppliedThrough()), 2U);
  EXPECT_EQ(CodeOf(store_->Append({second})), ErrorCode::kConflict);
  EXPECT_EQ(Find(AllCases()), "a b");
}

TEST_P(FactStoreContract, TakesEntriesWholeOrNotAtAll) {
  Deliver({Case("before")});
  JournalEntry good = history_.Deliver({Case("good")});
  good.deliveries[0].quarantined = {Bad(1)};
  JournalEntry wrong = history_.Deliver({Case("fine"), Case("wrong")});
  const model::Version kept = wrong.deliveries[0].versions[1];
  wrong.deliveries[0].versions[1].values[kCaseFee] = std::string("a text where a decimal must be");
  EXPECT_EQ(CodeOf(store_->Append({good, wrong})), ErrorCode::kInvalidArgument);
  wrong.deliveries[0].versions[1].values.pop_back();
  EXPECT_EQ(CodeOf(store_->Append({good, wrong})), ErrorCode::kInvalidArgument);
  wrong.deliveries[0].versions[1].dataset = "not in the entry";
  EXPECT_EQ(CodeOf(store_->Append({good, wrong})), ErrorCode::kInvalidArgument);
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(Get(store_->AppliedThrough()), 1U);
    EXPECT_EQ(Find(AllCases()), "before");
    EXPECT_EQ(Get(store_->ListDeliveries({})).size(), 1U);
    EXPECT_TRUE(Get(store_->ListQuarantine({})).empty());
    Reopen();
  }
  wrong.deliveries[0].versions[1] = kept;
  ASSERT_TRUE(store_->Append({good, wrong}).ok());
  EXPECT_EQ(Find(AllCases()), "before fine good wrong");
}

TEST_P(FactStoreContract, KeepsEverythingOverARestart) {
  JournalEntry entry = history_.Deliver({Case("a", 1), Case("a", 2), Case("b")});
  entry.deliveries[0].quarantined = {Bad(1), Bad(2)};
  Append(entry);
  Reopen();
  EXPECT_EQ(Get(store_->AppliedThrough()), 1U);
  EXPECT_EQ(Find(AllCases()), "a b");
  EXPECT_EQ(Get(store_->ListQuarantine({})).size(), 2U);
  ASSERT_TRUE(store_->Declare({CaseDataset()}).ok());
  JournalEntry next = history_.Deliver({Case("c")});
  next.deliveries[0].quarantined = {Bad(3)};
  Append(next);
  EXPECT_EQ(Find(AllCases()), "a b c");
  const auto quarantine = Get(store_->ListQuarantine({}));
  ASSERT_EQ(quarantine.size(), 3U);
  EXPECT_EQ(quarantine[2].id, quarantine[1].id + 1);
}

TEST_P(FactStoreContract, ColumnsThatComeGoAndComeBackKeepTheirValues) {
  model::Row with_fee = Case("a");
  with_fee[kCaseFee] = model::Decimal(150, 1);
  Deliver({with_fee});
  model::Dataset without = CaseDataset();
  without.columns.erase(without.columns.begin() + kCaseFee);
  model::Column added;
  added.name = "note";
  without.columns.push_back(added);
  ASSERT_TRUE(store_->Declare({without}).ok());
  ASSERT_TRUE(store_->Declare({without}).ok());
  history_.dataset() = without;
  model::Row noted = Case("b");
  noted.erase(noted.begin() + kCaseFee);
  noted.emplace_back(std::string("ghi chú"));
  Deliver({noted});
  RecordPage page = Get(store_->PageRecords(AllCases()));
  ASSERT_EQ(page.records.size(), 2U);
  ASSERT_EQ(page.records[1].values.size(), without.columns.size());
  EXPECT_TRUE(model::IsMissing(page.records[1].values.back()));
  EXPECT_EQ(page.records[0].values.back(), model::Value(std::string("ghi chú")));
  Reopen();
  ASSERT_TRUE(store_->Declare({CaseDataset()}).ok());
  page = Get(store_->PageRecords(AllCases()));
  EXPECT_EQ(page.records[1].values, with_fee);
  EXPECT_TRUE(model::IsMissing(page.records[0].values[kCaseFee]));
}

TEST_P(FactStoreContract, AColumnOfANewTypeStartsEmptyAndKeepsTheOldOne) {
  model::Row row = Case("a");
  row[kCasePages] = std::int64_t{12};
  Deliver({row});
  model::Dataset retyped = CaseDataset();
  retyped.columns[kCasePages].type = model::ColumnType::kText;
  ASSERT_TRUE(store_->Declare({retyped}).ok());
  history_.dataset() = retyped;
  model::Row text = Case("b");
  text[kCasePages] = std::string("twelve");
  Deliver({text});
  const RecordPage page = Get(store_->PageRecords(AllCases()));
  ASSERT_EQ(page.records.size(), 2U);
  EXPECT_TRUE(model::IsMissing(page.records[1].values[kCasePages]));
  EXPECT_EQ(page.records[0].values[kCasePages], model::Value(std::string("twelve")));
  ASSERT_TRUE(store_->Declare({CaseDataset()}).ok());
  EXPECT_EQ(Get(store_->PageRecords(AllCases())).records[1].values[kCasePages],
            model::Value(std::int64_t{12}));
}

TEST_P(FactStoreContract, TakesVersionsOfADatasetThatNoCenterDeclares) {
  model::Dataset later = CaseDataset();
  later.name = "later";
  history_.dataset() = later;
  const JournalEntry entry = Deliver({Case("a", 1), Case("a", 2)});
  ExpectSame(Get(store_->VersionsOfDelivery(Sequence{1})), entry.deliveries[0].versions);
  RecordQuery query = AllCases();
  query.dataset = "later";
  EXPECT_EQ(CodeOf(store_->PageRecords(query)), ErrorCode::kNotFound);
  ASSERT_TRUE(store_->Declare({later}).ok());
  EXPECT_EQ(Find(query), "a");
  EXPECT_EQ(Get(store_->PageRecords(query)).records[0].values[kCaseRevision],
            model::Value(std::int64_t{2}));
}

TEST_P(FactStoreContract, ListsDeliveriesFromTheNewest) {
  for (int index = 0; index < 5; ++index) {
    JournalEntry entry = history_.Deliver({});
    entry.deliveries[0].delivery.source = index % 2 == 0 ? "even" : "odd";
    entry.deliveries[0].delivery.received_at = Hour(index);
    Append(entry);
  }
  const auto sequences = [&](const DeliveryQuery& query) {
    std::vector<std::uint64_t> found;
    for (const auto& delivery : Get(store_->ListDeliveries(query))) {
      found.push_back(delivery.sequence.value);
    }
    return found;
  };
  EXPECT_EQ(sequences({}), (std::vector<std::uint64_t>{5, 4, 3, 2, 1}));
  EXPECT_EQ(sequences({"even", std::nullopt, 2}), (std::vector<std::uint64_t>{5, 3}));
  EXPECT_EQ(sequences({"even", Sequence{3}, 2}), (std::vector<std::uint64_t>{1}));

  JournalEntry center = history_.Deliver({});
  center.deliveries[0].delivery.source = std::string(model::kCenterSource);
  Append(center);
  Append(history_.Deliver({}, Sequence{2}));
  DeliveryQuery originals{.source = "", .before = std::nullopt, .originals_only = true};
  EXPECT_EQ(sequences(originals), (std::vector<std::uint64_t>{5, 4, 3, 2, 1}));
  originals.received_from = Hour(1);
  originals.received_before = Hour(3);
  EXPECT_EQ(sequences(originals), (std::vector<std::uint64_t>{3, 2}));
}

TEST_P(FactStoreContract, AReplayResolvesTheQuarantineOfItsOriginal) {
  JournalEntry original = history_.Deliver({Case("a")});
  original.deliveries[0].quarantined = {Bad(2), Bad(3)};
  JournalEntry other = history_.Deliver({});
  other.deliveries[0].quarantined = {Bad(9)};
  const Sequence original_sequence = original.deliveries[0].delivery.sequence;
  JournalEntry replay = history_.Deliver({Case("a")}, original_sequence);
  replay.deliveries[0].quarantined = {Bad(3)};
  // In one call, so that the rows to be resolved are not committed yet.
  ASSERT_TRUE(store_->Append({original, other, replay}).ok());

  QuarantineQuery query;
  query.delivery = original_sequence;
  auto open = Get(store_->ListQuarantine(query));
  ASSERT_EQ(open.size(), 1U);
  ExpectSame(open[0], {4, original_sequence, "case_system",
                       replay.deliveries[0].delivery.recorded_at, std::nullopt, Bad(3)});
  query.open_only = false;
  const auto all = Get(store_->ListQuarantine(query));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].resolved_by, replay.deliveries[0].delivery.sequence);
  EXPECT_EQ(all[1].resolved_by, replay.deliveries[0].delivery.sequence);
  EXPECT_EQ(all[2].resolved_by, std::nullopt);

  JournalEntry again = history_.Deliver({}, original_sequence);
  Append(again);
  EXPECT_EQ(Get(store_->ListQuarantine(query))[0].resolved_by, all[0].resolved_by);
  EXPECT_EQ(Get(store_->ListQuarantine(query))[2].resolved_by,
            again.deliveries[0].delivery.sequence);
  EXPECT_EQ(Get(store_->ListQuarantine({})).size(), 1U);
}

TEST_P(FactStoreContract, ListsQuarantineByPagesAndFilters) {
  JournalEntry entry = history_.Deliver({});
  for (std::uint32_t row = 1; row <= 5; ++row) entry.deliveries[0].quarantined.push_back(Bad(row));
  entry.deliveries[0].quarantined[4].dataset = "";
  Append(entry);
  QuarantineQuery query;
  query.limit = 2;
  std::vector<std::uint32_t> rows;
  for (int turn = 0; turn < 5; ++turn) {
    const auto page = Get(store_->ListQuarantine(query));
    for (const KeptQuarantine& kept : page) rows.push_back(kept.row.raw_row);
    if (page.empty()) break;
    query.after = page.back().id;
  }
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
  query = {};
  query.dataset = "case";
  EXPECT_EQ(Get(store_->ListQuarantine(query)).size(), 4U);
  query.source = "other";
  EXPECT_TRUE(Get(store_->ListQuarantine(query)).empty());

  const Sequence delivery = entry.deliveries[0].delivery.sequence;
  QuarantineQuery named;
  named.rows = {{delivery, "case", 2}, {delivery, "", 5}, {delivery, "case", 5}, {{999}, "", 1}};
  const auto found = Get(store_->ListQuarantine(named));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].row.raw_row, 2U);
  EXPECT_EQ(found[1].row.raw_row, 5U);
  named.rows.assign(kMaxRowsAskedFor + 1, {delivery, "case", 2});
  EXPECT_EQ(CodeOf(store_->ListQuarantine(named)), ErrorCode::kInvalidArgument);
}

TEST_P(FactStoreContract, TheLastDecisionOfARowSaysWhetherItIsOpen) {
  JournalEntry entry = history_.Deliver({});
  entry.deliveries[0].quarantined = {Bad(1), Bad(2), Bad(2)};
  entry.deliveries[0].quarantined[2].column = "other";
  const Sequence delivery = entry.deliveries[0].delivery.sequence;
  Append(entry);
  const auto decide = [&](model::QuarantineVerdict verdict, const std::string& reason) {
    JournalEntry decided = history_.Deliver({});
    const Sequence sequence = decided.LastSequence();
    decided.deliveries.clear();
    decided.decisions = {
        {sequence, {delivery, "case", 2}, verdict, reason, "quanly", decided.recorded_at}};
    Append(decided);
  };
  decide(model::QuarantineVerdict::kDiscarded, "a test");
  EXPECT_EQ(Get(store_->ListQuarantine({})).size(), 1U);
  QuarantineQuery all;
  all.open_only = false;
  all.raw_row = 2;
  const auto discarded = Get(store_->ListQuarantine(all));
  ASSERT_EQ(discarded.size(), 2U);
  EXPECT_EQ(discarded[0].decision.value().reason, "a test");
  decide(model::QuarantineVerdict::kReopened, "no test");
  EXPECT_EQ(Get(store_->ListQuarantine({})).size(), 3U);
  EXPECT_EQ(Get(store_->ListQuarantine(all))[1].decision.value().decided_by, "quanly");

  QuarantineQuery column;
  column.column = "other";
  EXPECT_EQ(Get(store_->ListQuarantine(column)).size(), 1U);
  const auto groups = Get(store_->SummariseQuarantine({}));
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].rows, 2U);
  EXPECT_EQ(groups[1].rows, 1U);
  EXPECT_EQ(groups[1].column, "other");
  EXPECT_EQ(groups[1].deliveries, 1U);
}

TEST_P(FactStoreContract, TakesWhateverAJournalMayHold) {
  RandomEntries random(7);
  std::vector<model::Delivery> deliveries;
  std::vector<JournalEntry> entries;
  for (int index = 0; index < 40; ++index) {
    entries.push_back(random.Next());
    for (const auto& committed : entries.back().deliveries) {
      deliveries.push_back(committed.delivery);
      deliveries.back().contract = model::WithoutProfile(std::move(deliveries.back().contract));
    }
  }
  for (std::size_t index = 0; index < entries.size(); index += 4) {
    const base::Status appended =
        store_->Append({entries.begin() + index, entries.begin() + index + 4});
    ASSERT_TRUE(appended.ok()) << appended.error().message;
  }
  Reopen();
  for (const model::Delivery& delivery : deliveries) {
    const auto found = Get(store_->FindDelivery(delivery.sequence));
    ASSERT_TRUE(found.has_value());
    ExpectSame(*found, delivery);
  }
  for (const auto& committed : entries.back().deliveries) {
    for (const model::Version& version : committed.versions) {
      const auto found = Get(store_->FindVersion(version.sequence));
      ASSERT_TRUE(found.has_value());
      ExpectSame(*found, version);
    }
  }
}

}  // namespace fansipan::store

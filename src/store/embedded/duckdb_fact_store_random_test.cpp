#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "base/testing/temporary_folder.h"
#include "store/embedded/duckdb_fact_store.h"
#include "store/testing/fact_store_contract.h"
#include "store/testing/fake_fact_store.h"

namespace fansipan::store {
namespace {

using model::ColumnType;
using model::Expression;
using model::Operator;
using model::Value;

/// Few different values of each kind, so that keys, orders and codes meet.
class RandomCases {
 public:
  explicit RandomCases(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Below(std::uint64_t limit) { return engine_() % limit; }
  bool OneIn(std::uint64_t times) { return Below(times) == 0; }

  Value RandomValue(ColumnType type) {
    static const std::vector<std::string> kTexts = {
        "", "a", "A", "ĐƯỜNG", "đường", "a'b", std::string("a\0b", 3), "\xFF"};
    switch (type) {
      case ColumnType::kText:
        return kTexts[Below(kTexts.size())];
      case ColumnType::kInteger:
        return OneIn(20) ? INT64_MAX : static_cast<std::int64_t>(Below(5)) - 2;
      case ColumnType::kDecimal:
        return model::Decimal(static_cast<std::int64_t>(Below(7)) - 3, static_cast<int>(Below(3)));
      case ColumnType::kBoolean:
        return OneIn(2);
      case ColumnType::kDate:
        return model::Date(std::chrono::floor<std::chrono::days>(Moment()));
      case ColumnType::kTimestamp:
        return Moment();
    }
    return {};
  }

  model::Row RandomRow(const std::vector<model::Column>& columns) {
    model::Row row;
    for (const model::Column& column : columns) {
      row.push_back(OneIn(5) ? Value() : RandomValue(column.type));
    }
    return row;
  }

  base::Timestamp Moment() {
    return Hour(static_cast<int>(Below(20)) * 6) + base::Duration(Below(2));
  }

  /// A condition that fits the columns.
  Expression RandomCondition(const std::vector<model::Column>& columns, int depth) {
    static const std::vector<Operator> kComparisons = {
        Operator::kEqual,       Operator::kNotEqual, Operator::kLess,
        Operator::kLessOrEqual, Operator::kGreater,  Operator::kGreaterOrEqual};
    if (depth > 0 && OneIn(2)) {
      if (OneIn(3)) return Operation(Operator::kNot, {RandomCondition(columns, depth - 1)});
      return Operation(OneIn(2) ? Operator::kAnd : Operator::kOr,
                       {RandomCondition(columns, depth - 1), RandomCondition(columns, depth - 1)});
    }
    const auto type = static_cast<ColumnType>(Below(6));
    if (OneIn(6)) {
      return Operation(OneIn(2) ? Operator::kIsNull : Operator::kIsNotNull,
                       {Scalar(columns, type, 2)});
    }
    if (OneIn(5)) {
      std::vector<Expression> operands = {Scalar(columns, type, 1)};
      for (std::uint64_t more = 1 + Below(4); more > 0; --more) {
        operands.push_back(Literal(RandomValue(type)));
      }
      return Operation(OneIn(2) ? Operator::kIn : Operator::kNotIn, std::move(operands));
    }
    return Operation(kComparisons[Below(kComparisons.size())],
                     {Scalar(columns, type, 2), Scalar(columns, type, 2)});
  }

 private:
  /// Numbers of both kinds may stand for each other.
  ColumnType Like(ColumnType type) {
    if (type != ColumnType::kInteger && type != ColumnType::kDecimal) return type;
    return OneIn(2) ? ColumnType::kInteger : ColumnType::kDecimal;
  }

  Expression Scalar(const std::vector<model::Column>& columns, ColumnType type, int depth) {
    static const std::vector<Operator> kArithmetic = {Operator::kAdd, Operator::kSubtract,
                                                      Operator::kMultiply, Operator::kDivide};
    const ColumnType wanted = Like(type);
    const bool number = wanted == ColumnType::kInteger || wanted == ColumnType::kDecimal;
    if (depth > 0 && number && OneIn(4)) {
      if (OneIn(4)) return Operation(Operator::kNegate, {Scalar(columns, type, depth - 1)});
      return Operation(kArithmetic[Below(kArithmetic.size())],
                       {Scalar(columns, type, depth - 1), Scalar(columns, type, depth - 1)});
    }
    if (depth > 0 && wanted == ColumnType::kText && OneIn(4)) {
      return Call("lower", {Scalar(columns, type, depth - 1)});
    }
    if (depth > 0 && OneIn(6)) {
      return Call("coalesce", {Scalar(columns, type, depth - 1), Scalar(columns, type, depth - 1)});
    }
    if (!OneIn(4)) {
      for (std::size_t turn = 0; turn < 20; ++turn) {
        const model::Column& column = columns[Below(columns.size())];
        if (column.type == wanted) return Name(column.name);
      }
    }
    return Literal(RandomValue(wanted));
  }

  std::mt19937_64 engine_;
};

class FactStoreHistories : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    auto opened = DuckDbFactStore::Open({folder_ / "facts"}, files_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    engine_ = std::move(opened).value();
    Declare();
  }

  void Declare() {
    ASSERT_TRUE(engine_->Declare({history_.dataset()}).ok());
    ASSERT_TRUE(oracle_.Declare({history_.dataset()}).ok());
  }

  void DeliverSome() {
    std::vector<JournalEntry> entries;
    for (std::uint64_t count = 1 + random_.Below(3); count > 0; --count) {
      std::vector<model::Row> rows;
      for (std::uint64_t row = random_.Below(12); row > 0; --row) {
        rows.push_back(random_.RandomRow(history_.dataset().columns));
      }
      const bool replay = random_.OneIn(4) && !originals_.empty();
      entries.push_back(history_.Deliver(
          rows,
          replay ? std::optional(originals_[random_.Below(originals_.size())]) : std::nullopt));
      CommittedDelivery& committed = entries.back().deliveries[0];
      if (!replay) originals_.push_back(committed.delivery.sequence);
      for (model::Version& version : committed.versions) version.withdrawn = random_.OneIn(6);
      for (std::uint64_t row = random_.Below(3); row > 0; --row) {
        committed.quarantined.push_back(
            {"case", static_cast<std::uint32_t>(row), row, "fee", "?", "not_a_decimal", ""});
      }
    }
    const base::Status appended = engine_->Append(entries);
    ASSERT_TRUE(appended.ok()) << appended.error().message;
    ASSERT_TRUE(oracle_.Append(entries).ok());
  }

  RecordQuery RandomQuery() {
    const auto moment_column = [&]() -> std::size_t {
      return kCaseReceived + random_.Below(kCaseFiled - kCaseReceived + 1);
    };
    RecordQuery query;
    query.dataset = "case";
    query.as_of.value =
        random_.OneIn(2) ? history_.last().value : random_.Below(history_.last().value + 1);
    query.kind = random_.OneIn(2) ? model::MeasureKind::kFlow : model::MeasureKind::kStock;
    query.from = moment_column();
    if (query.kind == model::MeasureKind::kStock && random_.OneIn(2)) query.until = moment_column();
    query.since = random_.OneIn(2) ? Hour(-1'000) : random_.Moment();
    query.before = random_.OneIn(2) ? Hour(1'000) : random_.Moment();
    if (random_.OneIn(2)) query.zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    if (random_.OneIn(2)) query.condition = random_.RandomCondition(history_.dataset().columns, 3);
    if (random_.OneIn(4)) {
      query.place = PlaceFilter{kCasePlace, {}, random_.OneIn(2)};
      for (std::uint64_t codes = random_.Below(5); codes > 0; --codes) {
        CodeSpan span{std::get<std::string>(random_.RandomValue(ColumnType::kText)),
                      random_.Moment(), std::nullopt};
        if (random_.OneIn(2)) span.until = random_.Moment();
        query.place->codes.push_back(std::move(span));
      }
    }
    if (random_.OneIn(4)) query.dimensions.emplace_back(kCaseUrgent, "true");
    if (random_.OneIn(5)) query.dimensions.emplace_back(kCaseChannel, "a");
    query.limit = 1 + random_.Below(7);
    return query;
  }

  /// Reads all pages of both; cursors of one mean nothing to the other.
  void ComparePages(RecordQuery query) {
    RecordQuery expected_query = query;
    std::uint64_t records = 0;
    do {
      const auto actual = engine_->PageRecords(query);
      ASSERT_TRUE(actual.ok()) << actual.error().message;
      const auto expected = oracle_.PageRecords(expected_query);
      ASSERT_TRUE(expected.ok()) << expected.error().message;
      ExpectSame(actual->records, expected->records);
      ASSERT_EQ(actual->next.empty(), expected->next.empty());
      records += actual->records.size();
      query.after = actual->next;
      expected_query.after = expected->next;
    } while (!query.after.empty());
    found_ += records;
  }

  void CompareKeysAndQuarantine() {
    for (int turn = 0; turn < 5; ++turn) {
      const model::Row key = {random_.RandomValue(ColumnType::kText)};
      const auto actual = engine_->VersionsOfKey("case", key, history_.last());
      ASSERT_TRUE(actual.ok()) << actual.error().message;
      ExpectSame(*actual, *oracle_.VersionsOfKey("case", key, history_.last()));
    }
    QuarantineQuery query;
    query.open_only = random_.OneIn(2);
    query.limit = 1'000;
    const auto actual = engine_->ListQuarantine(query);
    const auto expected = oracle_.ListQuarantine(query);
    ASSERT_TRUE(actual.ok() && expected.ok());
    ASSERT_EQ(actual->size(), expected->size());
    for (std::size_t index = 0; index < actual->size(); ++index) {
      ExpectSame((*actual)[index], (*expected)[index]);
    }
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  RandomCases random_{GetParam()};
  FactHistory history_{CaseDataset()};
  std::vector<model::Sequence> originals_;
  std::unique_ptr<FactStore> engine_;
  FakeFactStore oracle_;
  std::uint64_t found_ = 0;
};

TEST_P(FactStoreHistories, AreToldAsAPlainLookAtEveryRowTellsThem) {
  for (int round = 0; round < 8 && !HasFatalFailure(); ++round) {
    if (round == 4) {
      history_.dataset().order = kCaseFinished;
      history_.dataset().key = {kCaseNumber, kCasePages};
      Declare();
      history_.dataset().key = {kCaseNumber};
      Declare();
    }
    DeliverSome();
    CompareKeysAndQuarantine();
    for (int turn = 0; turn < 12 && !HasFatalFailure(); ++turn) {
      const testing::ScopedTrace trace(__FILE__, __LINE__, round * 100 + turn);
      const RecordQuery query = RandomQuery();
      if (query.condition) SCOPED_TRACE(model::ToText(*query.condition));
      ComparePages(query);
    }
  }
  EXPECT_GT(found_, 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FactStoreHistories, testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace fansipan::store

#include "store/testing/random_entries.h"

#include <limits>

namespace fansipan::store {
namespace {

constexpr std::uint64_t kColumnTypes = 6;

}  // namespace

JournalEntry RandomEntries::Next(std::size_t most_versions) {
  JournalEntry entry;
  entry.number = ++number_;
  recorded_at_ += base::Duration{static_cast<std::int64_t>(Below(1'000'000))};
  entry.recorded_at = recorded_at_;
  const std::uint64_t datasets = 1 + Below(3);
  for (std::uint64_t i = 0; i < datasets; ++i) entry.datasets.push_back(Dataset(i));
  const std::uint64_t deliveries = Below(4);
  for (std::uint64_t i = 0; i < deliveries; ++i) {
    CommittedDelivery committed;
    committed.delivery = Delivery();
    const std::uint64_t versions = Below(most_versions + 1);
    for (std::uint64_t row = 0; row < versions; ++row) {
      const auto& columns = entry.datasets[static_cast<std::size_t>(Below(datasets))];
      committed.versions.push_back(Version(columns, committed.delivery.sequence));
    }
    const std::uint64_t quarantined = Below(3);
    for (std::uint64_t row = 0; row < quarantined; ++row) {
      committed.quarantined.push_back(Quarantined());
    }
    entry.deliveries.push_back(std::move(committed));
  }
  if (Below(4) == 0) entry.centers.push_back({Text(), Text(), NextSequence()});
  if (Below(3) == 0) entry.life_signs.push_back({Text(), Moment(), NextSequence()});
  if (Below(3) == 0) entry.positions.push_back({Text(), "at " + Text()});
  if (Below(3) == 0) {
    entry.notes.push_back({Text(), static_cast<SourceCondition>(Below(kSourceConditions)), Toss(),
                           Moment(), Text(), Text(), Text(), NextSequence()});
  }
  if (Below(3) == 0) entry.decisions.push_back(Decision());
  return entry;
}

std::uint64_t RandomEntries::Below(std::uint64_t limit) { return engine_() % limit; }

std::string RandomEntries::Text() {
  std::string text(static_cast<std::size_t>(Below(24)), '\0');
  for (char& c : text) c = static_cast<char>(static_cast<std::uint8_t>(Below(256)));
  return text;
}

base::Timestamp RandomEntries::Moment() {
  return base::Timestamp{base::Duration{static_cast<std::int64_t>(engine_())}};
}

model::Sequence RandomEntries::NextSequence() {
  sequence_ += 1 + (Below(50) == 0 ? Below(1'000'000) : 0);
  return model::Sequence{sequence_};
}

model::Value RandomEntries::Value(model::ColumnType type) {
  if (Below(6) == 0) return {};
  const auto number = static_cast<std::int64_t>(Toss() ? engine_() : Below(1'000));
  switch (type) {
    case model::ColumnType::kText:
      return Text();
    case model::ColumnType::kInteger:
      return Below(20) == 0 ? std::numeric_limits<std::int64_t>::min() : number;
    case model::ColumnType::kDecimal: {
      const model::Int128 wide =
          (static_cast<model::Int128>(number) << 64) + static_cast<model::Int128>(engine_());
      return model::Decimal{Toss() ? wide : number, static_cast<int>(Below(19))};
    }
    case model::ColumnType::kBoolean:
      return Toss();
    case model::ColumnType::kDate:
      return model::Date{std::chrono::days{number % 4'000'000}};
    case model::ColumnType::kTimestamp:
      return Moment();
  }
  return {};
}

DatasetColumns RandomEntries::Dataset(std::size_t index) {
  DatasetColumns columns;
  columns.dataset = "dataset_" + std::to_string(index);
  const std::uint64_t count = Below(9);
  for (std::uint64_t i = 0; i < count; ++i) {
    columns.names.push_back("column_" + std::to_string(i));
    columns.types.push_back(static_cast<model::ColumnType>(Below(kColumnTypes)));
  }
  return columns;
}

model::Delivery RandomEntries::Delivery() {
  model::Delivery delivery;
  delivery.sequence = NextSequence();
  delivery.source = Text();
  delivery.received_at = Moment();
  delivery.recorded_at = recorded_at_;
  delivery.archive_id = Text();
  delivery.payload_sha256 = Text();
  delivery.payload_bytes = engine_();
  delivery.format = Text();
  delivery.file_name = Text();
  delivery.idempotency_key = Text();
  if (Toss()) delivery.data_as_of = Moment();
  delivery.mapping_revision.value = static_cast<std::uint32_t>(Below(5));
  if (Toss()) delivery.replay_of = model::Sequence{Below(sequence_)};
  delivery.counts = Counts();
  if (Toss()) {
    delivery.old_codes = model::OldCodes{
        Below(1'000), model::Date(std::chrono::days(static_cast<std::int64_t>(Below(40'000))))};
  }
  if (Toss()) delivery.contract = Contract();
  delivery.outcome = Text();
  delivery.refusal_reason = Text();
  delivery.refusal_message = Text();
  return delivery;
}

model::ContractFacts RandomEntries::Contract() {
  model::ContractFacts facts;
  if (Toss()) {
    model::ControlTotals& control = facts.control.emplace();
    control.outcome = static_cast<model::Reconciliation>(Below(3));
    control.cleared_by = static_cast<model::ClearedBy>(Below(3));
    control.period = Text();
    if (Toss()) control.rows_told = Below(1'000);
    control.rows_arrived = Below(1'000);
    control.rows_accepted = Below(1'000);
    const model::Decimal number(static_cast<std::int64_t>(Below(100'000)), 2);
    control.sums.push_back({Text(), Text(), number, std::nullopt, number});
    control.missing = Below(1'000);
    control.named.push_back({Text(), Text(), static_cast<std::uint32_t>(Below(100)), Text()});
  }
  if (Toss()) facts.profile.push_back({Text(), 20, 1, 2, 3, 4, 5, -1'500});
  if (Toss()) {
    facts.drift = {model::Sequence{Below(100)},
                   {{static_cast<model::ColumnChangeKind>(Below(7)), Text(), Text(), Text()}},
                   Toss() ? Below(100) : 0};
  }
  if (Toss()) facts.unusual_volume = {Below(1'000), Below(1'000), Below(1'000), Toss()};
  return facts;
}

model::DeliveryCounts RandomEntries::Counts() {
  model::DeliveryCounts counts;
  counts.raw_rows = engine_();
  counts.mapped = Below(1'000);
  counts.skipped = Below(1'000);
  counts.refused = Below(1'000);
  counts.candidates = Below(1'000);
  counts.accepted = Below(1'000);
  counts.repeated = Below(1'000);
  counts.in_conflict = Below(1'000);
  counts.quarantined = Below(1'000);
  return counts;
}

model::Version RandomEntries::Version(const DatasetColumns& columns, model::Sequence delivery) {
  model::Version version;
  version.sequence = NextSequence();
  version.dataset = columns.dataset;
  for (const model::ColumnType type : columns.types) version.values.push_back(Value(type));
  version.delivery = Toss() ? delivery : model::Sequence{Below(sequence_)};
  version.mapping_revision.value = static_cast<std::uint32_t>(engine_());
  version.row = static_cast<std::uint32_t>(Below(1'000));
  const std::uint64_t raw_rows = Below(4);
  for (std::uint64_t i = 0; i < raw_rows; ++i) {
    version.raw_rows.push_back(static_cast<std::uint32_t>(engine_()));
  }
  if (Toss()) version.predecessor = model::Sequence{Below(sequence_)};
  version.withdrawn = Below(5) == 0;
  version.outranked = Below(5) == 0;
  return version;
}

model::QuarantineDecision RandomEntries::Decision() {
  model::QuarantineDecision decision;
  decision.sequence = NextSequence();
  decision.row = {model::Sequence{Below(sequence_)}, Text(), static_cast<std::uint32_t>(engine_())};
  decision.verdict = static_cast<model::QuarantineVerdict>(1 + Below(3));
  decision.reason = "since " + Text();
  decision.decided_by = Text();
  decision.decided_at = Moment();
  return decision;
}

model::QuarantinedRow RandomEntries::Quarantined() {
  model::QuarantinedRow row;
  row.dataset = Text();
  row.raw_row = static_cast<std::uint32_t>(engine_());
  row.byte_offset = engine_();
  row.column = Text();
  row.value = Text();
  row.reason = Text();
  row.message = Text();
  return row;
}

}  // namespace fansipan::store

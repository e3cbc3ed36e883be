#include "server/testing/random_history.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/hash.h"

namespace fansipan::server::testing {
namespace {

constexpr std::uint64_t kRecords = 25;
constexpr std::int64_t kSpanHours = 24 * 12;

}  // namespace

base::Timestamp RandomHistory::NearStart(std::int64_t hours) {
  const auto minutes = static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(hours) * 60));
  return start_ + std::chrono::minutes(minutes) - std::chrono::hours(48);
}

model::Row RandomHistory::MakeRow(const model::Dataset& dataset) {
  static const std::vector<std::string> kCommunes = {"a", "b", "c"};
  static const std::vector<std::string> kAgencies = {"x", "y"};
  static const std::vector<std::string> kChannels = {"online", "counter", "post"};
  const auto missing_or = [&](model::Value value) {
    return Once(5) ? model::Value() : std::move(value);
  };
  model::Row row(dataset.columns.size());
  row[0] = static_cast<std::int64_t>(Below(kRecords));
  row[1] = dataset.columns[1].type == model::ColumnType::kTimestamp
               ? model::Value(start_ + std::chrono::hours(7 * Below(30)))
               : model::Value(static_cast<std::int64_t>(Below(6)));
  row[2] = missing_or(kCommunes[Below(kCommunes.size())]);
  row[3] = missing_or(kAgencies[Below(kAgencies.size())]);
  row[4] = NearStart(kSpanHours);
  row[5] = missing_or(NearStart(kSpanHours));
  row[6] = Once(2) ? model::Value() : model::Value(NearStart(kSpanHours));
  row[7] = missing_or(kChannels[Below(kChannels.size())]);
  row[8] = missing_or(model::Decimal(static_cast<std::int64_t>(Below(10'000)) - 500, 2));
  row[9] = Once(12);
  return row;
}

sources::PendingDelivery RandomHistory::Next(base::Timestamp now) {
  sources::PendingDelivery pending;
  pending.center_revision = center_->revision;
  pending.delivery.source = "careless";
  pending.delivery.received_at = now;
  pending.delivery.mapping_revision = {mapping_revision_};
  pending.delivery.outcome = "accepted";
  const std::uint64_t rows = Below(8);
  for (std::uint32_t row = 0; row < rows; ++row) {
    model::Version version;
    if (!sent_.empty() && Once(6)) {
      version = sent_[Below(sent_.size())];
    } else {
      const model::Dataset& dataset = center_->datasets[Below(center_->datasets.size())];
      version.dataset = dataset.name;
      version.values = MakeRow(dataset);
      version.withdrawn = std::get<bool>(version.values[9]);
    }
    version.row = row;
    version.raw_rows = {row + 1};
    version.mapping_revision = pending.delivery.mapping_revision;
    sent_.push_back(version);
    pending.versions.push_back(std::move(version));
  }
  pending.delivery.counts.raw_rows = rows;
  pending.delivery.counts.mapped = rows;
  pending.delivery.counts.candidates = rows;
  pending.delivery.counts.accepted = rows;
  return pending;
}

sources::PendingDelivery RandomHistory::Replay(const sources::RecordedDelivery& earlier,
                                               std::vector<model::Version> replaced,
                                               base::Timestamp now) {
  ++mapping_revision_;
  sources::PendingDelivery pending = Next(now);
  pending.delivery.source = earlier.delivery.source;
  pending.delivery.replay_of = earlier.delivery.replay_of.value_or(earlier.delivery.sequence);
  for (const model::Version& version : replaced) {
    if (Once(3)) continue;
    model::Version again = version;
    if (Once(3)) again.values[8] = model::Decimal(static_cast<std::int64_t>(Below(9'000)), 2);
    again.withdrawn = std::get<bool>(again.values[9]);
    again.mapping_revision = {mapping_revision_};
    again.predecessor.reset();
    again.row = static_cast<std::uint32_t>(pending.versions.size());
    pending.versions.push_back(std::move(again));
  }
  pending.replaced = std::move(replaced);
  return pending;
}

sources::PendingDelivery RandomHistory::ReplayFrom(store::Journal& journal,
                                                   const sources::RecordedDelivery& earlier,
                                                   base::Timestamp now) {
  const auto original = earlier.delivery.replay_of.value_or(earlier.delivery.sequence);
  std::vector<model::Version> replaced;
  const auto read = journal.Read(1, [&](const store::JournalEntry& entry) -> base::Status {
    for (const auto& committed : entry.deliveries) {
      for (const auto& version : committed.versions) {
        if (version.delivery == original) replaced.push_back(version);
      }
    }
    return {};
  });
  EXPECT_TRUE(read.ok());
  auto pending = Replay(earlier, std::move(replaced), now);
  pending.delivery.counts = {};
  pending.delivery.counts.candidates = pending.versions.size();
  pending.delivery.counts.accepted = pending.versions.size();
  return pending;
}

}  // namespace fansipan::server::testing

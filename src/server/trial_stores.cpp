#include "server/trial_stores.h"

#include <algorithm>
#include <utility>

#include "store/journal_reading.h"

namespace fansipan::server {
namespace {

/// The values in the columns of another declaration; a column that is new, or of another type, is
/// missing.
model::Row Aligned(model::Row values, const model::Dataset& from, const model::Dataset& to) {
  model::Row aligned(to.columns.size());
  for (std::size_t i = 0; i < to.columns.size(); ++i) {
    const auto known = std::ranges::find(from.columns, to.columns[i].name, &model::Column::name);
    if (known == from.columns.end() || known->type != to.columns[i].type) continue;
    const auto index = static_cast<std::size_t>(known - from.columns.begin());
    if (index < values.size()) aligned[i] = std::move(values[index]);
  }
  return aligned;
}

}  // namespace

base::Status TrialJournal::Append(const store::JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  // The committer tells its log of it.
  const base::Status over = patience_.Check();
  if (!over.ok()) return Annotate(over.error(), "the trial of a plan ends");
  FANSIPAN_RETURN_IF_ERROR(store::CheckFollows(entry, end_));
  for (const auto& committed : entry.deliveries) versions_ += committed.versions.size();
  if (versions_ > kMaxVersions) {
    return base::Error{base::ErrorCode::kTooLarge, "trial_too_large",
                       "the trial would change more than " + std::to_string(kMaxVersions) +
                           " records; plan with --no-figures and compare after applying"};
  }
  appended_.push_back(std::make_shared<const store::JournalEntry>(entry));
  end_ = {entry.number, std::max(end_.sequence, entry.LastSequence()), entry.recorded_at};
  return {};
}

std::vector<std::shared_ptr<const store::JournalEntry>> TrialJournal::AppendedFrom(
    std::uint64_t first) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const store::JournalEntry>> found;
  for (const auto& entry : appended_) {
    if (entry->number >= first) found.push_back(entry);
  }
  return found;
}

base::Status TrialJournal::Read(std::uint64_t first,
                                const std::function<base::Status(store::JournalEntry)>& visit) {
  const auto appended = AppendedFrom(first);
  FANSIPAN_RETURN_IF_ERROR(
      store::UnlessEnough(recorded_.Read(first, [&](store::JournalEntry entry) -> base::Status {
        FANSIPAN_RETURN_IF_ERROR(patience_.Check());
        return entry.number > recorded_end_.number ? store::Enough() : visit(std::move(entry));
      })));
  for (const auto& entry : appended) FANSIPAN_RETURN_IF_ERROR(visit(*entry));
  return {};
}

base::Status TrialJournal::ReadHeads(
    std::uint64_t first, const std::function<base::Status(const store::JournalHead&)>& visit) {
  const auto appended = AppendedFrom(first);
  FANSIPAN_RETURN_IF_ERROR(store::UnlessEnough(
      recorded_.ReadHeads(first, [&](const store::JournalHead& head) -> base::Status {
        FANSIPAN_RETURN_IF_ERROR(patience_.Check());
        return head.number > recorded_end_.number ? store::Enough() : visit(head);
      })));
  for (const auto& entry : appended) FANSIPAN_RETURN_IF_ERROR(visit(store::HeadOf(*entry)));
  return {};
}

store::JournalEnd TrialJournal::End() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

base::Status TrialFacts::Append(const std::vector<store::JournalEntry>&) {
  return base::Error{base::ErrorCode::kUnsupported, "trial", "a trial writes no facts"};
}

base::Result<std::vector<model::Version>> TrialFacts::VersionsOfDelivery(
    model::Sequence delivery, const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(auto versions, recorded_.VersionsOfDelivery(delivery, patience));
  std::vector<model::Version> told;
  for (model::Version& version : versions) {
    const model::Dataset* from = running_->FindDataset(version.dataset);
    const model::Dataset* to = next_->FindDataset(version.dataset);
    if (from == nullptr || to == nullptr || version.sequence > end_) continue;
    version.values = Aligned(std::move(version.values), *from, *to);
    told.push_back(std::move(version));
  }
  return told;
}

}  // namespace fansipan::server

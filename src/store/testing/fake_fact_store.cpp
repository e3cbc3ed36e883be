#include "store/testing/fake_fact_store.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <variant>

#include "store/testing/plain_condition.h"

namespace fansipan::store {
namespace {

base::Error Refuse(const std::string& what, std::string reason = "bad_query") {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), what};
}

bool HasType(const model::Value& value, model::ColumnType type) {
  return model::IsMissing(value) || static_cast<model::ColumnType>(value.index() - 1) == type;
}

model::Version LaidOut(const std::pair<model::Version, FakeFactStore::Cells>& kept,
                       const FakeFactStore::Dataset& dataset) {
  model::Version version = kept.first;
  version.values.clear();
  for (const model::Column& column : dataset.declared.columns) {
    const auto cell = kept.second.find({column.name, column.type});
    version.values.push_back(cell == kept.second.end() ? model::Value() : cell->second);
  }
  return version;
}

model::Row KeyOf(const model::Version& version, const FakeFactStore::Dataset& dataset) {
  model::Row key;
  for (const std::size_t column : dataset.declared.key) key.push_back(version.values[column]);
  return key;
}

struct KeyBefore {
  bool operator()(const model::Row& left, const model::Row& right) const {
    for (std::size_t index = 0; index < left.size(); ++index) {
      const auto order = model::Compare(left[index], right[index]);
      if (order != 0) return order < 0;
    }
    return false;
  }
};

bool StandsBefore(const model::Version& left, const model::Version& right,
                  const FakeFactStore::Dataset& dataset) {
  if (model::Precedes(left, right, dataset.declared.order)) return true;
  if (model::Precedes(right, left, dataset.declared.order)) return false;
  return left.sequence < right.sequence;
}

using Current = std::map<model::Row, model::Version, KeyBefore>;

/// The last version of each key, withdrawn ones too.
Current CurrentOf(const FakeFactStore::Dataset& dataset, model::Sequence as_of) {
  Current current;
  for (const auto& kept : dataset.versions) {
    if (kept.first.sequence > as_of) continue;
    model::Version version = LaidOut(kept, dataset);
    model::Row key = KeyOf(version, dataset);
    const auto found = current.find(key);
    if (found == current.end()) {
      current.emplace(std::move(key), std::move(version));
    } else if (StandsBefore(found->second, version, dataset)) {
      found->second = std::move(version);
    }
  }
  return current;
}

std::optional<base::Timestamp> MomentOf(const model::Value& value, const base::TimeZone& zone) {
  if (const auto* moment = std::get_if<base::Timestamp>(&value)) return *moment;
  if (const auto* date = std::get_if<model::Date>(&value)) {
    return zone.ToUtc(base::LocalTime(date->time_since_epoch()));
  }
  return std::nullopt;
}

bool IsInTime(const RecordQuery& query, const model::Row& row) {
  if (query.whole) return true;
  const auto from = MomentOf(row[query.from], query.zone);
  if (!from || *from >= query.before) return false;
  if (query.kind == model::MeasureKind::kFlow) return *from >= query.since;
  if (!query.until) return true;
  const auto until = MomentOf(row[*query.until], query.zone);
  return !until || *until >= query.before;
}

bool IsInPlace(const RecordQuery& query, const model::Row& row) {
  const auto* code = std::get_if<std::string>(&row[query.place->column]);
  if (code == nullptr) return query.place->or_missing;
  const auto from = MomentOf(row[query.from], query.zone);
  return std::any_of(
      query.place->codes.begin(), query.place->codes.end(), [&](const CodeSpan& span) {
        return span.code == *code && *from >= span.from && (!span.until || *from < *span.until);
      });
}

bool HasDimensions(const RecordQuery& query, const model::Row& row) {
  return std::all_of(query.dimensions.begin(), query.dimensions.end(), [&](const auto& dimension) {
    return !model::IsMissing(row[dimension.first]) &&
           model::ToText(row[dimension.first]) == dimension.second;
  });
}

base::Status CheckMoment(const FakeFactStore::Dataset& dataset, std::size_t column) {
  if (column >= dataset.declared.columns.size()) return Refuse("no such column");
  const model::ColumnType type = dataset.declared.columns[column].type;
  if (type == model::ColumnType::kDate || type == model::ColumnType::kTimestamp) return {};
  return Refuse("not a moment");
}

base::Status CheckQuery(const RecordQuery& query, const FakeFactStore::Dataset& dataset) {
  const auto& columns = dataset.declared.columns;
  if (!query.whole) FANSIPAN_RETURN_IF_ERROR(CheckMoment(dataset, query.from));
  if (query.until) FANSIPAN_RETURN_IF_ERROR(CheckMoment(dataset, *query.until));
  for (const auto& dimension : query.dimensions) {
    if (dimension.first >= columns.size()) return Refuse("no such column");
  }
  if (query.place && (query.place->column >= columns.size() ||
                      columns[query.place->column].type != model::ColumnType::kText)) {
    return Refuse("no column of codes");
  }
  if (query.condition) FANSIPAN_RETURN_IF_ERROR(CheckPlainCondition(*query.condition, columns));
  if (query.deadline <= std::chrono::milliseconds::zero()) {
    return base::Error{base::ErrorCode::kDeadlineExceeded, "", "the deadline has passed"};
  }
  return {};
}

base::Result<const FakeFactStore::Dataset*> GetDeclared(const FakeFactStore::Facts& facts,
                                                        const std::string& name) {
  const auto found = facts.datasets.find(name);
  if (found == facts.datasets.end() || !found->second.known_to_center) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_dataset", "no dataset " + name};
  }
  return &found->second;
}

bool Counts(const RecordQuery& query, const FakeFactStore::Dataset& dataset,
            const model::Version& version) {
  return !version.withdrawn && IsInTime(query, version.values) &&
         (!query.not_missing || !model::IsMissing(version.values[*query.not_missing])) &&
         (!query.place || IsInPlace(query, version.values)) &&
         HasDimensions(query, version.values) &&
         (!query.condition ||
          EvaluatePlain(*query.condition, dataset.declared.columns, version.values) == true);
}

/// Whose delivery the version came with: the last one before it.
bool IsByCenter(const FakeFactStore::Facts& facts, const model::Version& version) {
  const model::Delivery* with = nullptr;
  for (const model::Delivery& delivery : facts.deliveries) {
    const bool before = delivery.sequence < version.sequence;
    if (before && (with == nullptr || with->sequence < delivery.sequence)) with = &delivery;
  }
  return with != nullptr && with->source == model::kCenterSource;
}

VersionEffect EffectOf(const FakeFactStore::Facts& facts, const model::Version& version,
                       const model::Version* before) {
  if (version.withdrawn) return VersionEffect::kWithdrawn;
  if (before == nullptr) return VersionEffect::kArrived;
  if (before->delivery != version.delivery) return VersionEffect::kCorrected;
  const bool redefined = before->mapping_revision != version.mapping_revision ||
                         (before->row == version.row && IsByCenter(facts, version));
  return redefined ? VersionEffect::kRedefined : VersionEffect::kCorrected;
}

/// By a look at what was current before each version.
std::vector<model::Version> Changed(const RecordQuery& query, const FakeFactStore::Facts& facts,
                                    const FakeFactStore::Dataset& dataset) {
  std::vector<model::Version> found;
  for (const auto& kept : dataset.versions) {
    const model::Version version = LaidOut(kept, dataset);
    if (version.sequence <= query.changed->after || version.sequence > query.as_of) continue;
    const auto now = CurrentOf(dataset, version.sequence);
    const auto current = now.find(KeyOf(version, dataset));
    if (current == now.end() || current->second.sequence != version.sequence) continue;
    const auto earlier = CurrentOf(dataset, model::Sequence{version.sequence.value - 1});
    const auto was = earlier.find(KeyOf(version, dataset));
    const model::Version* before = was == earlier.end() ? nullptr : &was->second;
    if (EffectOf(facts, version, before) != query.changed->effect) continue;
    const bool counted = before != nullptr && Counts(query, dataset, *before);
    const bool counts = Counts(query, dataset, version);
    const bool other_value =
        query.not_missing && counts && counted &&
        version.values[*query.not_missing] != before->values[*query.not_missing];
    if (counts != counted || other_value) found.push_back(version);
  }
  return found;
}

std::vector<model::Version> Matching(const RecordQuery& query, const FakeFactStore::Facts& facts,
                                     const FakeFactStore::Dataset& dataset) {
  std::vector<model::Version> records;
  if (query.changed) {
    records = Changed(query, facts, dataset);
  } else {
    for (auto& [key, version] : CurrentOf(dataset, query.as_of)) {
      if (Counts(query, dataset, version)) records.push_back(version);
    }
  }
  std::sort(records.begin(), records.end(),
            [](const auto& left, const auto& right) { return left.sequence > right.sequence; });
  return records;
}

/// Where a page ended: its last record and what all pages are of.
struct Cursor {
  std::uint64_t before = 0;
  std::uint64_t as_of = 0;
};

std::string ToText(const Cursor& cursor) {
  return std::to_string(cursor.before) + ":" + std::to_string(cursor.as_of);
}

std::optional<Cursor> ParseCursor(const std::string& text) {
  Cursor cursor;
  const auto colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const char* middle = text.data() + colon;
  const char* end = text.data() + text.size();
  const auto before = std::from_chars(text.data(), middle, cursor.before);
  const auto as_of = std::from_chars(middle + 1, end, cursor.as_of);
  if (before.ptr != middle || as_of.ptr != end) return std::nullopt;
  return ToText(cursor) == text ? std::optional(cursor) : std::nullopt;
}

void DeclareFromEntry(FakeFactStore::Dataset& dataset, const DatasetColumns& columns) {
  if (dataset.known_to_center) return;
  dataset.declared.columns.clear();
  for (std::size_t index = 0; index < columns.names.size(); ++index) {
    model::Column column;
    column.name = columns.names[index];
    column.type = columns.types[index];
    dataset.declared.columns.push_back(std::move(column));
  }
}

base::Status AddVersion(FakeFactStore::Facts& facts, const JournalEntry& entry,
                        const model::Version& version) {
  const auto columns =
      std::find_if(entry.datasets.begin(), entry.datasets.end(),
                   [&](const auto& candidate) { return candidate.dataset == version.dataset; });
  if (columns == entry.datasets.end() || columns->names.size() != version.values.size()) {
    return Refuse("a version without its columns", "bad_entry");
  }
  FakeFactStore::Cells cells;
  for (std::size_t index = 0; index < version.values.size(); ++index) {
    if (!HasType(version.values[index], columns->types[index])) {
      return Refuse("a value of another type", "bad_entry");
    }
    cells[{columns->names[index], columns->types[index]}] = version.values[index];
  }
  facts.datasets[version.dataset].versions.emplace_back(version, std::move(cells));
  return {};
}

base::Status AddEntry(FakeFactStore::Facts& facts, const JournalEntry& entry) {
  if (entry.number != facts.applied + 1) {
    return base::Error{base::ErrorCode::kConflict, "number", "not the next entry"};
  }
  for (const DatasetColumns& columns : entry.datasets) {
    DeclareFromEntry(facts.datasets[columns.dataset], columns);
  }
  for (const CommittedDelivery& committed : entry.deliveries) {
    const model::Delivery& delivery = committed.delivery;
    facts.deliveries.push_back(delivery);
    facts.deliveries.back().contract = model::WithoutProfile(delivery.contract);
    const model::Sequence original = delivery.replay_of.value_or(delivery.sequence);
    for (KeptQuarantine& kept : facts.quarantine) {
      if (!delivery.replay_of || kept.delivery != original || kept.resolved_by) continue;
      kept.resolved_by = delivery.sequence;
    }
    for (const model::QuarantinedRow& row : committed.quarantined) {
      facts.quarantine.push_back({facts.quarantine.size() + 1, original, delivery.source,
                                  delivery.recorded_at, std::nullopt, row});
    }
    for (const model::Version& version : committed.versions) {
      FANSIPAN_RETURN_IF_ERROR(AddVersion(facts, entry, version));
    }
  }
  for (const model::QuarantineDecision& decision : entry.decisions) {
    facts.decisions[decision.row] = decision;
  }
  facts.applied = entry.number;
  return {};
}

/// All that a query asks for, whatever page it is of.
std::vector<KeptQuarantine> FindQuarantine(const FakeFactStore::Facts& facts,
                                           const QuarantineQuery& query) {
  const std::set<model::DeliveredRow> rows(query.rows.begin(), query.rows.end());
  std::vector<KeptQuarantine> found;
  for (KeptQuarantine kept : facts.quarantine) {
    const auto decision = facts.decisions.find({kept.delivery, kept.row.dataset, kept.row.raw_row});
    if (decision != facts.decisions.end()) kept.decision = decision->second;
    const bool discarded =
        kept.decision && kept.decision->verdict == model::QuarantineVerdict::kDiscarded;
    const bool wanted =
        (!query.delivery || kept.delivery == *query.delivery) &&
        (query.source.empty() || kept.source == query.source) &&
        (query.dataset.empty() || kept.row.dataset == query.dataset) &&
        (query.reason.empty() || kept.row.reason == query.reason) &&
        (!query.column || kept.row.column == *query.column) &&
        (!query.raw_row || kept.row.raw_row == *query.raw_row) &&
        (rows.empty() || rows.contains({kept.delivery, kept.row.dataset, kept.row.raw_row})) &&
        (!query.open_only || (!kept.resolved_by && !discarded));
    if (wanted) found.push_back(std::move(kept));
  }
  return found;
}

base::Status CheckLimit(std::size_t limit) {
  return limit >= 1 && limit <= 1'000 ? base::Status() : Refuse("1 to 1,000", "bad_limit");
}

}  // namespace

base::Status FakeFactStore::Declare(const std::vector<model::Dataset>& datasets, std::uint64_t) {
  const std::lock_guard lock(kept_->mutex);
  for (const model::Dataset& dataset : datasets) {
    Dataset& kept = kept_->facts.datasets[dataset.name];
    kept.declared = dataset;
    kept.known_to_center = true;
  }
  return {};
}

base::Status FakeFactStore::Append(const std::vector<JournalEntry>& entries) {
  const std::lock_guard lock(kept_->mutex);
  Facts next = kept_->facts;
  for (const JournalEntry& entry : entries) FANSIPAN_RETURN_IF_ERROR(AddEntry(next, entry));
  kept_->facts = std::move(next);
  return {};
}

base::Result<std::uint64_t> FakeFactStore::AppliedThrough() {
  const std::lock_guard lock(kept_->mutex);
  return kept_->facts.applied;
}

base::Result<RecordPage> FakeFactStore::PageRecords(const RecordQuery& query,
                                                    const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  FANSIPAN_ASSIGN_OR_RETURN(const Dataset* dataset, GetDeclared(kept_->facts, query.dataset));
  FANSIPAN_RETURN_IF_ERROR(CheckLimit(query.limit));
  FANSIPAN_RETURN_IF_ERROR(CheckQuery(query, *dataset));
  Cursor cursor{UINT64_MAX, query.as_of.value};
  if (!query.after.empty()) {
    const auto parsed = ParseCursor(query.after);
    if (!parsed) return Refuse("unknown cursor", "bad_cursor");
    cursor = *parsed;
  }
  RecordQuery pinned = query;
  pinned.as_of = std::min(query.as_of, model::Sequence{cursor.as_of});
  RecordPage page;
  page.as_of = pinned.as_of;
  for (model::Version& version : Matching(pinned, kept_->facts, *dataset)) {
    if (version.sequence.value >= cursor.before) continue;
    if (page.records.size() == query.limit) {
      page.next = ToText(Cursor{page.records.back().sequence.value, pinned.as_of.value});
      break;
    }
    page.records.push_back(std::move(version));
  }
  return page;
}

base::Result<std::vector<model::Version>> FakeFactStore::VersionsOfKey(
    const std::string& dataset, const model::Row& key, model::Sequence as_of,
    const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  FANSIPAN_ASSIGN_OR_RETURN(const Dataset* kept, GetDeclared(kept_->facts, dataset));
  if (key.size() != kept->declared.key.size()) return Refuse("another key", "bad_key");
  std::vector<model::Version> versions;
  for (const auto& candidate : kept->versions) {
    model::Version version = LaidOut(candidate, *kept);
    const model::Row other = KeyOf(version, *kept);
    if (version.sequence > as_of || KeyBefore()(other, key) || KeyBefore()(key, other)) continue;
    versions.push_back(std::move(version));
  }
  std::sort(versions.begin(), versions.end(),
            [&](const auto& left, const auto& right) { return StandsBefore(left, right, *kept); });
  const std::size_t spare = versions.size() - std::min(versions.size(), kMaxVersionsOfKey);
  versions.erase(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(spare));
  return versions;
}

base::Result<std::optional<model::Version>> FakeFactStore::FindVersion(
    model::Sequence sequence, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  for (const auto& [name, dataset] : kept_->facts.datasets) {
    for (const auto& kept : dataset.versions) {
      if (kept.first.sequence == sequence) return std::optional(LaidOut(kept, dataset));
    }
  }
  return std::optional<model::Version>();
}

base::Result<std::vector<model::Version>> FakeFactStore::VersionsOfDelivery(
    model::Sequence delivery, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  std::vector<model::Version> versions;
  for (const auto& [name, dataset] : kept_->facts.datasets) {
    for (const auto& kept : dataset.versions) {
      if (kept.first.delivery == delivery) versions.push_back(LaidOut(kept, dataset));
    }
  }
  std::sort(versions.begin(), versions.end(),
            [](const auto& left, const auto& right) { return left.sequence < right.sequence; });
  return versions;
}

base::Result<std::vector<model::Delivery>> FakeFactStore::ListDeliveries(
    const DeliveryQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  FANSIPAN_RETURN_IF_ERROR(CheckLimit(query.limit));
  std::vector<model::Delivery> found;
  for (const model::Delivery& delivery : kept_->facts.deliveries) {
    if (!query.source.empty() && delivery.source != query.source) continue;
    if (query.before && delivery.sequence >= *query.before) continue;
    if (query.received_from && delivery.received_at < *query.received_from) continue;
    if (query.received_before && delivery.received_at >= *query.received_before) continue;
    const bool is_original = !delivery.replay_of && delivery.source != model::kCenterSource;
    if (query.originals_only && !is_original) continue;
    found.push_back(delivery);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& left, const auto& right) { return left.sequence > right.sequence; });
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

base::Result<std::optional<model::Delivery>> FakeFactStore::FindDelivery(
    model::Sequence sequence, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  for (const model::Delivery& delivery : kept_->facts.deliveries) {
    if (delivery.sequence == sequence) return std::optional(delivery);
  }
  return std::optional<model::Delivery>();
}

base::Result<std::vector<KeptQuarantine>> FakeFactStore::ListQuarantine(
    const QuarantineQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  ++quarantine_questions_;
  FANSIPAN_RETURN_IF_ERROR(CheckLimit(query.limit));
  if (query.rows.size() > kMaxRowsAskedFor) return Refuse("at most 1,000 rows", "too_many_rows");
  std::vector<KeptQuarantine> page;
  for (KeptQuarantine& kept : FindQuarantine(kept_->facts, query)) {
    if (kept.id > query.after && page.size() < query.limit) page.push_back(std::move(kept));
  }
  return page;
}

base::Result<std::vector<QuarantineGroup>> FakeFactStore::SummariseQuarantine(
    const QuarantineQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  const std::lock_guard lock(kept_->mutex);
  FANSIPAN_RETURN_IF_ERROR(CheckLimit(query.limit));
  std::map<std::vector<std::string>, std::vector<KeptQuarantine>> alike;
  for (KeptQuarantine& kept : FindQuarantine(kept_->facts, query)) {
    alike[{kept.source, kept.row.dataset, kept.row.column, kept.row.reason}].push_back(kept);
  }
  std::vector<QuarantineGroup> groups;
  for (const auto& [names, rows] : alike) {
    QuarantineGroup group{names[0], names[1], names[2], names[3]};
    std::set<model::DeliveredRow> raw_rows;
    std::set<model::Sequence> deliveries;
    for (const KeptQuarantine& kept : rows) {
      raw_rows.insert({kept.delivery, "", kept.row.raw_row});
      deliveries.insert(kept.delivery);
    }
    group.rows = raw_rows.size();
    group.deliveries = deliveries.size();
    group.first_recorded_at = std::ranges::min(rows, {}, &KeptQuarantine::recorded_at).recorded_at;
    group.last_recorded_at = std::ranges::max(rows, {}, &KeptQuarantine::recorded_at).recorded_at;
    groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(groups, std::greater<>(), &QuarantineGroup::rows);
  if (groups.size() > query.limit) groups.resize(query.limit);
  return groups;
}

}  // namespace fansipan::store

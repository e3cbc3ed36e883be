#include "sources/internal/worker_result.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "center/source_contract.h"
#include "sources/contract/column_profiler.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kMagic = "FSWR1";
constexpr char kFailed = 'f';
constexpr char kLocated = 'l';
constexpr char kMapped = 'm';
constexpr char kDropped = 'd';
constexpr std::uint32_t kMissing = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kBuffer = 256U << 10U;
constexpr std::size_t kMaxMessage = 4000;

base::Error Damaged() {
  return {base::ErrorCode::kInvalidArgument, "worker_crashed",
          "the worker's result is damaged; the delivery was not taken"};
}

/// Reads numbers and texts; after the first that is not there, `sound()` is false and all are
/// empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename Number>
  Number Get() {
    Number number{};
    if (bytes_.size() < sizeof(Number)) {
      Break();
      return number;
    }
    std::memcpy(&number, bytes_.data(), sizeof(Number));
    bytes_.remove_prefix(sizeof(Number));
    return number;
  }

  std::string_view GetBytes(std::size_t count) {
    if (bytes_.size() < count) {
      Break();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  /// Texts from the worker are UTF-8 or the result is damaged.
  std::string_view GetText(std::uint32_t length) {
    const std::string_view text = GetBytes(length);
    if (!IsUtf8(text)) Break();
    return text;
  }
  std::string GetText() { return std::string(GetText(Get<std::uint32_t>())); }

  /// A count of things that take at least `each` bytes.
  std::uint64_t GetCount(std::uint64_t count, std::size_t each) {
    if (count > bytes_.size() / each) Break();
    return sound_ ? count : 0;
  }

  void Break() {
    sound_ = false;
    bytes_ = {};
  }
  bool sound() const { return sound_; }
  bool complete() const { return sound_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool sound_ = true;
};

/// What a profiler can have counted.
bool IsSound(const model::ColumnProfile& column) {
  if (column.name.size() > kMaxProfiledName || column.empty > column.cells) return false;
  const std::uint64_t formed =
      std::uint64_t{column.numbers} + column.day_first_dates + column.year_first_dates;
  if (formed > column.cells - column.empty) return false;
  const std::int64_t magnitude = column.magnitude.value_or(0);
  return magnitude >= -kMaxMagnitude && magnitude <= kMaxMagnitude;
}

std::vector<model::ColumnProfile> ReadProfile(Reader& reader) {
  constexpr std::size_t kSmallest = 29;
  std::vector<model::ColumnProfile> profile;
  const std::uint64_t count = reader.GetCount(reader.Get<std::uint32_t>(), kSmallest);
  if (count > kMaxProfiledColumns) reader.Break();
  for (std::uint64_t i = 0; i < count && reader.sound(); ++i) {
    model::ColumnProfile& column = profile.emplace_back();
    column.name = reader.GetText();
    for (std::uint32_t* number :
         {&column.cells, &column.empty, &column.numbers, &column.day_first_dates,
          &column.year_first_dates, &column.mean_length}) {
      *number = reader.Get<std::uint32_t>();
    }
    if (reader.Get<char>() != 0) column.magnitude = reader.Get<std::int32_t>();
    if (!IsSound(column)) reader.Break();
  }
  return profile;
}

void ReadTold(Reader& reader, std::size_t places, ToldTotals& told) {
  if (reader.Get<std::uint32_t>() != places) return reader.Break();
  for (std::size_t i = 0; i < places && reader.sound(); ++i) {
    const auto length = reader.Get<std::uint32_t>();
    std::optional<std::string>& text = told.texts.emplace_back();
    if (length == kMissing) continue;
    if (length > kMaxToldText) return reader.Break();
    text = std::string(reader.GetText(length));
  }
  told.keys_told = reader.Get<char>() != 0;
  const std::uint64_t keys = reader.GetCount(reader.Get<std::uint32_t>(), sizeof(std::uint32_t));
  if (keys > kMaxToldKeys) return reader.Break();
  for (std::uint64_t i = 0; i < keys && reader.sound(); ++i) told.keys.push_back(reader.GetText());
}

std::size_t PlacesOf(const WorkerJob& job) {
  const auto& totals = center::ContractOf(job.source).control_totals;
  return totals ? center::PlacesOf(*totals).size() : 0;
}

/// The error that a worker reported. Only codes that a bad delivery can cause are believed.
base::Error ReadFailure(Reader& reader) {
  const auto code = reader.Get<std::uint32_t>();
  base::Error error;
  error.reason = reader.GetText();
  error.message = std::string(CutUtf8(reader.GetText(), kMaxMessage));
  const auto known = static_cast<base::ErrorCode>(code);
  const bool believed =
      code <= static_cast<std::uint32_t>(base::ErrorCode::kInternal) &&
      (known == base::ErrorCode::kInvalidArgument || known == base::ErrorCode::kTooLarge ||
       known == base::ErrorCode::kNotFound);
  ReadProfile(reader);
  if (!reader.complete()) return Damaged();
  error.code = believed ? known : base::ErrorCode::kInternal;
  return error;
}

/// Reads what stands before the content, and the failure if it is one.
base::Status ReadStart(Reader& reader, char wanted) {
  if (reader.GetBytes(kMagic.size()) != kMagic) return Damaged();
  const char kind = reader.Get<char>();
  if (kind == kFailed) return ReadFailure(reader);
  if (kind != wanted) return Damaged();
  return {};
}

Candidate ReadCandidate(Reader& reader, std::size_t width) {
  Candidate row;
  const std::uint64_t count = reader.GetCount(reader.Get<std::uint32_t>(), sizeof(std::uint32_t));
  row.raw_rows.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) row.raw_rows.push_back(reader.Get<std::uint32_t>());
  row.texts.reserve(width);
  for (std::size_t i = 0; i < width && reader.sound(); ++i) {
    const auto length = reader.Get<std::uint32_t>();
    if (length == kMissing) {
      row.texts.emplace_back();
    } else {
      row.texts.emplace_back(reader.GetText(length));
    }
  }
  return row;
}

void ReadCandidates(Reader& reader, std::size_t width, std::uint64_t row_limit,
                    DatasetCandidates& candidates) {
  while (reader.sound()) {
    const char more = reader.Get<char>();
    if (more == 0) return;
    if (more != 1 || candidates.rows.size() >= row_limit) return reader.Break();
    candidates.rows.push_back(ReadCandidate(reader, width));
  }
}

void ReadRefused(Reader& reader, std::vector<model::QuarantinedRow>& refused) {
  constexpr std::size_t kSmallest = 28;
  const std::uint64_t count = reader.GetCount(reader.Get<std::uint32_t>(), kSmallest);
  for (std::uint64_t i = 0; i < count && reader.sound(); ++i) {
    model::QuarantinedRow row;
    row.raw_row = reader.Get<std::uint32_t>();
    row.byte_offset = reader.Get<std::uint64_t>();
    row.column = reader.GetText();
    row.value = reader.GetText();
    row.reason = reader.GetText();
    row.message = reader.GetText();
    refused.push_back(std::move(row));
  }
}

/// Recounts what the worker claims: its numbers must follow from its rows.
bool IsConsistent(const MappedDelivery& delivery) {
  const model::DeliveryCounts& counts = delivery.counts;
  std::vector<bool> seen(counts.raw_rows, false);
  for (const model::QuarantinedRow& row : delivery.refused) {
    if (row.raw_row == 0 || row.raw_row > counts.raw_rows || seen[row.raw_row - 1]) return false;
    seen[row.raw_row - 1] = true;
  }
  std::vector<bool> mapped(counts.raw_rows, false);
  for (const DatasetCandidates& dataset : delivery.datasets) {
    for (const Candidate& row : dataset.rows) {
      if (row.raw_rows.empty() || !std::is_sorted(row.raw_rows.begin(), row.raw_rows.end())) {
        return false;
      }
      for (const std::uint32_t number : row.raw_rows) {
        if (number == 0 || number > counts.raw_rows || seen[number - 1]) return false;
        mapped[number - 1] = true;
      }
    }
  }
  const auto count = static_cast<std::uint64_t>(std::count(mapped.begin(), mapped.end(), true));
  return count == counts.mapped && counts.refused == delivery.refused.size() &&
         counts.raw_rows - counts.refused - counts.mapped == counts.skipped;
}

}  // namespace

template <typename Number>
void WorkerResultWriter::Put(Number number) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, &number, sizeof(Number));
  buffer_.append(bytes, sizeof(Number));
}

void WorkerResultWriter::PutText(std::string_view text) {
  Put(static_cast<std::uint32_t>(text.size()));
  buffer_.append(text);
}

void WorkerResultWriter::FlushWhenFull() {
  if (buffer_.size() < kBuffer) return;
  if (status_.ok()) status_ = flush_(buffer_);
  buffer_.clear();
}

void WorkerResultWriter::Begin(char kind) {
  buffer_ = kMagic;
  buffer_ += kind;
}

void WorkerResultWriter::PutProfile(const std::vector<model::ColumnProfile>& profile) {
  Put(static_cast<std::uint32_t>(profile.size()));
  for (const model::ColumnProfile& column : profile) {
    PutText(column.name);
    for (const std::uint32_t number :
         {column.cells, column.empty, column.numbers, column.day_first_dates,
          column.year_first_dates, column.mean_length}) {
      Put(number);
    }
    Put(static_cast<char>(column.magnitude ? 1 : 0));
    if (column.magnitude) Put(*column.magnitude);
  }
}

void WorkerResultWriter::Beside(const std::vector<model::ColumnProfile>& profile,
                                const ToldTotals& told) {
  PutProfile(profile);
  Put(static_cast<std::uint32_t>(told.texts.size()));
  for (const auto& text : told.texts) Text(text);
  Put(static_cast<char>(told.keys_told ? 1 : 0));
  Put(static_cast<std::uint32_t>(told.keys.size()));
  for (const std::string& key : told.keys) {
    PutText(key);
    FlushWhenFull();
  }
}

void WorkerResultWriter::Failed(const base::Error& error,
                                const std::vector<model::ColumnProfile>& profile) {
  Begin(kFailed);
  Put(static_cast<std::uint32_t>(error.code));
  PutText(error.reason);
  PutText(error.message);
  PutProfile(profile);
}

void WorkerResultWriter::Located(const std::vector<RawRowSpan>& spans) {
  Begin(kLocated);
  Put(static_cast<std::uint32_t>(spans.size()));
  for (const RawRowSpan& span : spans) {
    Put(span.offset);
    Put(span.length);
    Put(span.line);
    FlushWhenFull();
  }
}

void WorkerResultWriter::Dropped(std::string_view payload) {
  Begin(kDropped);
  buffer_.append(payload);
}

void WorkerResultWriter::BeginMapped() { Begin(kMapped); }

void WorkerResultWriter::BeginRow(const std::vector<std::uint32_t>& raw_rows) {
  FlushWhenFull();
  Put(char{1});
  Put(static_cast<std::uint32_t>(raw_rows.size()));
  for (const std::uint32_t row : raw_rows) Put(row);
}

void WorkerResultWriter::Text(std::optional<std::string_view> text) {
  if (text) {
    PutText(*text);
  } else {
    Put(kMissing);
  }
}

void WorkerResultWriter::EndDataset() { Put(char{0}); }

void WorkerResultWriter::EndMapped(const model::DeliveryCounts& counts,
                                   const DecodedPayload& decoded) {
  Put(counts.raw_rows);
  Put(counts.mapped);
  Put(counts.skipped);
  Put(counts.refused);
  for (const RawRowSpan& span : decoded.rows) {
    Put(span.offset);
    FlushWhenFull();
  }
  Put(static_cast<std::uint32_t>(decoded.refused.size()));
  for (const model::QuarantinedRow& row : decoded.refused) {
    Put(row.raw_row);
    Put(row.byte_offset);
    PutText(row.column);
    PutText(row.value);
    PutText(row.reason);
    PutText(row.message);
    FlushWhenFull();
  }
}

base::Status WorkerResultWriter::Finish() {
  if (status_.ok()) status_ = flush_(buffer_);
  buffer_.clear();
  return status_;
}

base::Result<MappedDelivery> ParseMappedResult(std::string bytes, const WorkerJob& job) {
  MappedDelivery delivery;
  delivery.result = std::make_shared<const std::string>(std::move(bytes));
  Reader reader(*delivery.result);
  FANSIPAN_RETURN_IF_ERROR(ReadStart(reader, kMapped));
  for (std::size_t i = 0; i < job.source.mappings.size() && reader.sound(); ++i) {
    DatasetCandidates& candidates = delivery.datasets.emplace_back();
    candidates.dataset = job.source.mappings[i].dataset;
    const std::size_t width = job.targets[i].size();
    ReadCandidates(reader, width, RowLimit(job.source.limits, width), candidates);
  }
  model::DeliveryCounts& counts = delivery.counts;
  counts.raw_rows = reader.GetCount(reader.Get<std::uint64_t>(), sizeof(std::uint64_t));
  counts.mapped = reader.Get<std::uint64_t>();
  counts.skipped = reader.Get<std::uint64_t>();
  counts.refused = reader.Get<std::uint64_t>();
  for (std::uint64_t i = 0; i < counts.raw_rows && reader.sound(); ++i) {
    delivery.offsets.push_back(reader.Get<std::uint64_t>());
  }
  ReadRefused(reader, delivery.refused);
  delivery.profile = ReadProfile(reader);
  ReadTold(reader, PlacesOf(job), delivery.told);
  if (!reader.complete() || !IsConsistent(delivery)) return Damaged();
  return delivery;
}

std::vector<model::ColumnProfile> ParseFailedProfile(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.GetBytes(kMagic.size()) != kMagic || reader.Get<char>() != kFailed) return {};
  reader.Get<std::uint32_t>();
  reader.GetText();
  reader.GetText();
  auto profile = ReadProfile(reader);
  return reader.complete() ? profile : std::vector<model::ColumnProfile>();
}

base::Result<std::vector<RawRowSpan>> ParseLocatedResult(std::string_view bytes,
                                                         const WorkerJob& job) {
  Reader reader(bytes);
  FANSIPAN_RETURN_IF_ERROR(ReadStart(reader, kLocated));
  if (reader.Get<std::uint32_t>() != job.raw_rows.size()) return Damaged();
  std::vector<RawRowSpan> spans;
  for (std::size_t i = 0; i < job.raw_rows.size() && reader.sound(); ++i) {
    RawRowSpan& span = spans.emplace_back();
    span.offset = reader.Get<std::uint64_t>();
    span.length = reader.Get<std::uint64_t>();
    span.line = reader.Get<std::uint32_t>();
  }
  if (!reader.complete()) return Damaged();
  return spans;
}

base::Result<std::string> ParseDroppedResult(std::string bytes) {
  Reader reader(bytes);
  FANSIPAN_RETURN_IF_ERROR(ReadStart(reader, kDropped));
  bytes.erase(0, kMagic.size() + 1);
  return bytes;
}

}  // namespace fansipan::sources::internal

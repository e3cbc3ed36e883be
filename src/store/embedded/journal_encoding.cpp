#include "store/embedded/journal_encoding.h"

#include <algorithm>
#include <utility>

#include "store/embedded/internal/bytes.h"
#include "store/embedded/internal/head_encoding.h"

namespace fansipan::store {
namespace {

using internal::ByteReader;
using internal::ByteWriter;
using internal::ValueTag;

constexpr std::uint8_t kColumnTypes = 6;

base::Error Invalid(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "journal_entry", std::move(message)};
}

// Sequences stand as differences modulo 2^64, which any two numbers have.
void WriteDifference(ByteWriter& writer, std::uint64_t number, std::uint64_t from) {
  writer.Signed(static_cast<std::int64_t>(number - from));
}
std::uint64_t ReadDifference(ByteReader& reader, std::uint64_t from) {
  return from + static_cast<std::uint64_t>(reader.Signed());
}

bool HasType(const model::Value& value, model::ColumnType type) {
  switch (type) {
    case model::ColumnType::kText:
      return std::holds_alternative<std::string>(value);
    case model::ColumnType::kInteger:
      return std::holds_alternative<std::int64_t>(value);
    case model::ColumnType::kDecimal:
      return std::holds_alternative<model::Decimal>(value);
    case model::ColumnType::kBoolean:
      return std::holds_alternative<bool>(value);
    case model::ColumnType::kDate:
      return std::holds_alternative<model::Date>(value);
    case model::ColumnType::kTimestamp:
      return std::holds_alternative<base::Timestamp>(value);
  }
  return false;
}

// Writes one entry; the checks of each thing stand beside its writing.
class EntryEncoder {
 public:
  EntryEncoder(const JournalEntry& entry, std::string& payload)
      : entry_(entry), payload_(payload), start_(payload.size()), writer_(payload) {}

  base::Status Encode() {
    internal::WriteMoment(writer_, entry_.recorded_at);
    writer_.Varint(entry_.LastSequence().value);
    FANSIPAN_RETURN_IF_ERROR(Datasets());
    writer_.Varint(entry_.deliveries.size());
    for (const CommittedDelivery& committed : entry_.deliveries) {
      FANSIPAN_RETURN_IF_ERROR(Committed(committed));
    }
    internal::WriteCenters(writer_, entry_.centers);
    internal::WriteLifeSigns(writer_, entry_.life_signs);
    FANSIPAN_RETURN_IF_ERROR(CheckDecisions());
    internal::WriteAfterLifeSigns(writer_, entry_.positions, entry_.notes, entry_.decisions);
    return CheckSize();
  }

 private:
  base::Status CheckSize() const {
    if (payload_.size() - start_ <= kMaxEntryBytes) return {};
    return base::Error{base::ErrorCode::kTooLarge, "journal_entry",
                       "journal entry " + std::to_string(entry_.number) + " takes more than " +
                           std::to_string(kMaxEntryBytes) +
                           " bytes; commit its deliveries in several entries"};
  }

  base::Status CheckDecisions() const {
    for (const model::QuarantineDecision& decision : entry_.decisions) {
      if (!model::NameOf(decision.verdict).empty() && !decision.reason.empty()) continue;
      return Invalid("decision " + std::to_string(decision.sequence.value) +
                     " has no verdict or no reason");
    }
    return {};
  }

  base::Status Datasets() {
    writer_.Varint(entry_.datasets.size());
    for (std::size_t i = 0; i < entry_.datasets.size(); ++i) {
      const DatasetColumns& columns = entry_.datasets[i];
      if (FindDataset(columns.dataset) != i) {
        return Invalid("dataset " + columns.dataset + " stands twice in one journal entry");
      }
      if (columns.names.size() != columns.types.size() || columns.names.size() > kMaxEntryColumns) {
        return Invalid(
            "dataset " + columns.dataset + " has " + std::to_string(columns.names.size()) +
            " column names and " + std::to_string(columns.types.size()) +
            " types; both must be the same and at most " + std::to_string(kMaxEntryColumns));
      }
      writer_.Text(columns.dataset);
      writer_.Varint(columns.names.size());
      for (std::size_t column = 0; column < columns.names.size(); ++column) {
        writer_.Text(columns.names[column]);
        writer_.Byte(static_cast<std::uint8_t>(columns.types[column]));
      }
    }
    return {};
  }

  std::size_t FindDataset(std::string_view name) const {
    const auto found =
        std::find_if(entry_.datasets.begin(), entry_.datasets.end(),
                     [name](const DatasetColumns& columns) { return columns.dataset == name; });
    return static_cast<std::size_t>(found - entry_.datasets.begin());
  }

  base::Status Committed(const CommittedDelivery& committed) {
    internal::WriteDelivery(writer_, committed.delivery);
    writer_.Varint(committed.versions.size());
    std::uint64_t before = committed.delivery.sequence.value;
    for (const model::Version& version : committed.versions) {
      if (version.sequence.value <= before) {
        return Invalid("version " + std::to_string(version.sequence.value) + " of delivery " +
                       std::to_string(committed.delivery.sequence.value) +
                       " does not come after sequence " + std::to_string(before));
      }
      FANSIPAN_RETURN_IF_ERROR(Version(version, committed.delivery.sequence.value, before));
      before = version.sequence.value;
      FANSIPAN_RETURN_IF_ERROR(CheckSize());
    }
    writer_.Varint(committed.quarantined.size());
    for (const model::QuarantinedRow& row : committed.quarantined) Quarantined(row);
    return {};
  }

  base::Status Version(const model::Version& version, std::uint64_t delivery,
                       std::uint64_t before) {
    if (dataset_ >= entry_.datasets.size() ||
        entry_.datasets[dataset_].dataset != version.dataset) {
      dataset_ = FindDataset(version.dataset);
    }
    if (dataset_ >= entry_.datasets.size()) {
      return Invalid("version " + std::to_string(version.sequence.value) + " is of dataset " +
                     version.dataset + ", whose columns the journal entry does not list");
    }
    writer_.Varint(dataset_);
    WriteDifference(writer_, version.sequence.value, before);
    WriteDifference(writer_, version.delivery.value, delivery);
    writer_.Varint(version.mapping_revision.value);
    writer_.Varint(version.row);
    writer_.Byte(static_cast<std::uint8_t>((version.predecessor ? internal::kHasPredecessor : 0) |
                                           (version.withdrawn ? internal::kWithdrawn : 0) |
                                           (version.outranked ? internal::kOutranked : 0)));
    if (version.predecessor) {
      WriteDifference(writer_, version.predecessor->value, version.sequence.value);
    }
    writer_.Varint(version.raw_rows.size());
    for (const std::uint32_t raw_row : version.raw_rows) writer_.Varint(raw_row);
    return Values(version, entry_.datasets[dataset_]);
  }

  base::Status Values(const model::Version& version, const DatasetColumns& columns) {
    if (version.values.size() != columns.types.size()) {
      return Invalid("version " + std::to_string(version.sequence.value) + " has " +
                     std::to_string(version.values.size()) + " values, dataset " + columns.dataset +
                     " has " + std::to_string(columns.types.size()) + " columns");
    }
    for (std::size_t i = 0; i < columns.types.size(); ++i) {
      const model::Value& value = version.values[i];
      const bool fits = model::IsMissing(value) || HasType(value, columns.types[i]);
      if (!fits || !Value(value)) {
        return Invalid("version " + std::to_string(version.sequence.value) + ", column " +
                       columns.dataset + "." + columns.names[i] +
                       ": the value is not of the column's type");
      }
    }
    return {};
  }

  bool Value(const model::Value& value) {
    const auto tag = [this](ValueTag kind) { writer_.Byte(static_cast<std::uint8_t>(kind)); };
    if (const auto* text = std::get_if<std::string>(&value)) {
      tag(ValueTag::kText);
      writer_.Text(*text);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      tag(ValueTag::kInteger);
      writer_.Signed(*integer);
    } else if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
      if (decimal->scale() < 0 || decimal->scale() > model::Decimal::kMaxScale) return false;
      tag(ValueTag::kDecimal);
      writer_.Byte(static_cast<std::uint8_t>(decimal->scale()));
      writer_.Wide(decimal->unscaled());
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
      tag(*boolean ? ValueTag::kTrue : ValueTag::kFalse);
    } else if (const auto* date = std::get_if<model::Date>(&value)) {
      tag(ValueTag::kDate);
      writer_.Signed(date->time_since_epoch().count());
    } else if (const auto* moment = std::get_if<base::Timestamp>(&value)) {
      tag(ValueTag::kTimestamp);
      internal::WriteMoment(writer_, *moment);
    } else {
      tag(ValueTag::kMissing);
    }
    return true;
  }

  void Quarantined(const model::QuarantinedRow& row) {
    writer_.Text(row.dataset);
    writer_.Varint(row.raw_row);
    writer_.Varint(row.byte_offset);
    writer_.Text(row.column);
    writer_.Text(row.value);
    writer_.Text(row.reason);
    writer_.Text(row.message);
  }

  const JournalEntry& entry_;
  std::string& payload_;
  std::size_t start_;
  ByteWriter writer_;
  std::size_t dataset_ = 0;  // of the version written last; the next one is mostly of the same
};

// Reads one entry. The reader's first failure ends every loop.
class EntryDecoder {
 public:
  explicit EntryDecoder(std::string_view payload) : reader_(payload) {}

  base::Result<JournalEntry> Decode(std::uint64_t number) {
    JournalEntry entry;
    entry.number = number;
    entry.recorded_at = internal::ReadMoment(reader_);
    const std::uint64_t last_sequence = reader_.Varint();
    Repeat(entry.datasets, internal::kLeastDataset,
           [this, &entry] { return Dataset(entry.datasets); });
    Repeat(entry.deliveries, internal::kLeastDelivery,
           [this, &entry] { return Committed(entry.datasets); });
    entry.centers = internal::ReadCenters(reader_);
    entry.life_signs = internal::ReadLifeSigns(reader_);
    entry.positions = internal::ReadPositions(reader_);
    entry.notes = internal::ReadNotes(reader_);
    entry.decisions = internal::ReadDecisions(reader_);
    if (reader_.remaining() > 0) reader_.Fail("bytes follow the end of the entry");
    if (entry.LastSequence().value != last_sequence) {
      reader_.Fail("the stated last sequence is not that of the content");
    }
    if (!reader_.failed()) return entry;
    return base::Error{base::ErrorCode::kCorrupt, "journal_entry",
                       "journal entry " + std::to_string(number) + ", byte " +
                           std::to_string(reader_.offset()) + " of its content: " + reader_.what()};
  }

 private:
  template <typename Thing, typename Read>
  void Repeat(std::vector<Thing>& things, std::size_t least_bytes, const Read& read) {
    const std::size_t count = reader_.Count(least_bytes);
    for (std::size_t i = 0; i < count && !reader_.failed(); ++i) things.push_back(read());
  }

  DatasetColumns Dataset(const std::vector<DatasetColumns>& before) {
    DatasetColumns columns;
    columns.dataset = reader_.Text();
    for (const DatasetColumns& other : before) {
      if (other.dataset == columns.dataset) reader_.Fail("a dataset stands twice");
    }
    const std::size_t count = reader_.Count(internal::kLeastColumn);
    if (count > kMaxEntryColumns) reader_.Fail("a dataset has too many columns");
    for (std::size_t i = 0; i < count && !reader_.failed(); ++i) {
      columns.names.push_back(reader_.Text());
      const std::uint8_t type = reader_.Byte();
      if (type >= kColumnTypes) reader_.Fail("a column has an unknown type");
      columns.types.push_back(static_cast<model::ColumnType>(type % kColumnTypes));
    }
    return columns;
  }

  CommittedDelivery Committed(const std::vector<DatasetColumns>& datasets) {
    CommittedDelivery committed;
    committed.delivery = internal::ReadDelivery(reader_);
    const std::uint64_t delivery = committed.delivery.sequence.value;
    std::uint64_t before = delivery;
    Repeat(committed.versions, internal::kLeastVersion, [this, &datasets, &before, delivery] {
      model::Version version = Version(datasets, delivery, before);
      if (version.sequence.value <= before) reader_.Fail("a version's sequence does not ascend");
      before = version.sequence.value;
      return version;
    });
    Repeat(committed.quarantined, internal::kLeastQuarantined, [this] { return Quarantined(); });
    return committed;
  }

  model::Version Version(const std::vector<DatasetColumns>& datasets, std::uint64_t delivery,
                         std::uint64_t before) {
    model::Version version;
    const std::uint64_t dataset = reader_.Varint();
    version.sequence.value = ReadDifference(reader_, before);
    version.delivery.value = ReadDifference(reader_, delivery);
    version.mapping_revision.value = reader_.Varint32();
    version.row = reader_.Varint32();
    const std::uint8_t flags = internal::ReadFlags(
        reader_, internal::kHasPredecessor | internal::kWithdrawn | internal::kOutranked);
    if ((flags & internal::kHasPredecessor) != 0) {
      version.predecessor = model::Sequence{ReadDifference(reader_, version.sequence.value)};
    }
    version.withdrawn = (flags & internal::kWithdrawn) != 0;
    version.outranked = (flags & internal::kOutranked) != 0;
    Repeat(version.raw_rows, 1, [this] { return reader_.Varint32(); });
    if (dataset >= datasets.size()) reader_.Fail("a version is of a dataset that is not listed");
    if (reader_.failed()) return version;
    const DatasetColumns& columns = datasets[static_cast<std::size_t>(dataset)];
    version.dataset = columns.dataset;
    if (columns.types.size() > reader_.remaining()) reader_.Fail("the bytes end too early");
    for (const model::ColumnType type : columns.types) {
      if (reader_.failed()) break;
      version.values.push_back(Value(type));
    }
    return version;
  }

  model::Value Value(model::ColumnType type) {
    model::Value value;
    switch (static_cast<ValueTag>(reader_.Byte())) {
      case ValueTag::kMissing:
        return value;
      case ValueTag::kText:
        value = reader_.Text();
        break;
      case ValueTag::kInteger:
        value = reader_.Signed();
        break;
      case ValueTag::kDecimal: {
        const std::uint8_t scale = reader_.Byte();
        if (scale > model::Decimal::kMaxScale) reader_.Fail("a decimal has too many places");
        value = model::Decimal{reader_.Wide(), scale};
        break;
      }
      case ValueTag::kFalse:
        value = false;
        break;
      case ValueTag::kTrue:
        value = true;
        break;
      case ValueTag::kDate:
        value = model::Date{std::chrono::days{reader_.Signed()}};
        break;
      case ValueTag::kTimestamp:
        value = internal::ReadMoment(reader_);
        break;
    }
    if (!HasType(value, type)) reader_.Fail("a value is not of its column's type");
    return value;
  }

  model::QuarantinedRow Quarantined() {
    model::QuarantinedRow row;
    row.dataset = reader_.Text();
    row.raw_row = reader_.Varint32();
    row.byte_offset = reader_.Varint();
    row.column = reader_.Text();
    row.value = reader_.Text();
    row.reason = reader_.Text();
    row.message = reader_.Text();
    return row;
  }

  ByteReader reader_;
};

}  // namespace

base::Status EncodeEntry(const JournalEntry& entry, std::string& payload) {
  return EntryEncoder(entry, payload).Encode();
}

base::Result<JournalEntry> DecodeEntry(std::string_view payload, std::uint64_t number) {
  if (payload.size() > kMaxEntryBytes) {
    return base::Error{base::ErrorCode::kCorrupt, "journal_entry",
                       "journal entry " + std::to_string(number) + " is above the format's limit"};
  }
  return EntryDecoder(payload).Decode(number);
}

}  // namespace fansipan::store

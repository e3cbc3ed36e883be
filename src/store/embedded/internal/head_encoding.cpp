#include "store/embedded/internal/head_encoding.h"

#include <algorithm>
#include <vector>

#include "store/embedded/internal/contract_encoding.h"
#include "store/embedded/journal_encoding.h"

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kLeastHeadDelivery = 24;
constexpr std::size_t kLeastCenter = 3;
constexpr std::size_t kLeastLifeSign = 3;
constexpr std::size_t kLeastPosition = 3;
constexpr std::size_t kLeastNote = 8;
constexpr std::size_t kLeastDecision = 9;

constexpr std::uint8_t kHasDataAsOf = 1;
constexpr std::uint8_t kHasReplayOf = 2;
constexpr std::uint8_t kHasOldCodes = 4;
constexpr std::uint8_t kHasContract = 8;

constexpr std::uint8_t kBegins = 1;

// Passes over what stands between the deliveries of one entry.
class RowSkipper {
 public:
  explicit RowSkipper(ByteReader& reader) : reader_(reader) {}

  void Datasets() {
    const std::size_t count = reader_.Count(kLeastDataset);
    for (std::size_t i = 0; i < count && !reader_.failed(); ++i) {
      reader_.SkipText();
      const std::size_t columns = reader_.Count(kLeastColumn);
      if (columns > kMaxEntryColumns) reader_.Fail("a dataset has too many columns");
      for (std::size_t column = 0; column < columns && !reader_.failed(); ++column) {
        reader_.SkipText();
        reader_.Byte();
      }
      widths_.push_back(static_cast<std::uint16_t>(columns));
    }
  }

  void Rows() {
    const std::size_t versions = reader_.Count(kLeastVersion);
    for (std::size_t i = 0; i < versions && !reader_.failed(); ++i) Version();
    const std::size_t quarantined = reader_.Count(kLeastQuarantined);
    for (std::size_t i = 0; i < quarantined && !reader_.failed(); ++i) Quarantined();
  }

 private:
  void Version() {
    const std::uint64_t dataset = reader_.Varint();
    Varints(4);  // sequence, delivery, mapping revision, row
    if ((reader_.Byte() & kHasPredecessor) != 0) reader_.SkipVarint();
    Varints(reader_.Count(1));  // raw rows
    if (dataset >= widths_.size()) reader_.Fail("a version is of a dataset that is not listed");
    if (reader_.failed()) return;
    const std::size_t width = widths_[static_cast<std::size_t>(dataset)];
    for (std::size_t i = 0; i < width && !reader_.failed(); ++i) Value();
  }

  void Value() {
    switch (static_cast<ValueTag>(reader_.Byte())) {
      case ValueTag::kMissing:
      case ValueTag::kFalse:
      case ValueTag::kTrue:
        return;
      case ValueTag::kText:
        return reader_.SkipText();
      case ValueTag::kDecimal:
        reader_.Byte();
        return reader_.SkipVarint();
      case ValueTag::kInteger:
      case ValueTag::kDate:
      case ValueTag::kTimestamp:
        return reader_.SkipVarint();
    }
    reader_.Fail("a value is of no known type");
  }

  void Quarantined() {
    reader_.SkipText();
    Varints(2);
    for (int texts = 0; texts < 4; ++texts) reader_.SkipText();
  }

  void Varints(std::size_t count) {
    for (std::size_t i = 0; i < count && !reader_.failed(); ++i) reader_.SkipVarint();
  }

  ByteReader& reader_;
  std::vector<std::uint16_t> widths_;  // columns of each dataset of the entry
};

// `rows` is called where the rows of a delivery stand.
template <typename Rows>
std::vector<model::Delivery> ReadDeliveries(ByteReader& reader, std::size_t least_bytes,
                                            const Rows& rows) {
  std::vector<model::Delivery> deliveries;
  const std::size_t count = reader.Count(least_bytes);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    deliveries.push_back(ReadDelivery(reader));
    rows();
  }
  return deliveries;
}

base::Result<JournalHead> Finish(ByteReader& reader, JournalHead head) {
  head.centers = ReadCenters(reader);
  head.life_signs = ReadLifeSigns(reader);
  head.positions = ReadPositions(reader);
  head.notes = ReadNotes(reader);
  head.decisions = ReadDecisions(reader);
  if (reader.remaining() > 0) reader.Fail("bytes follow the end");
  if (!reader.failed()) return head;
  return base::Error{base::ErrorCode::kCorrupt, "journal_head",
                     "head of journal entry " + std::to_string(head.number) + ", byte " +
                         std::to_string(reader.offset()) + " of its content: " + reader.what()};
}

JournalHead ReadStart(ByteReader& reader, std::uint64_t number) {
  JournalHead head;
  head.number = number;
  head.recorded_at = ReadMoment(reader);
  head.last_sequence.value = reader.Varint();
  return head;
}

}  // namespace

void EncodeHead(const JournalHead& head, std::string& bytes) {
  ByteWriter writer(bytes);
  WriteMoment(writer, head.recorded_at);
  writer.Varint(head.last_sequence.value);
  writer.Varint(head.deliveries.size());
  for (const model::Delivery& delivery : head.deliveries) WriteDelivery(writer, delivery);
  WriteCenters(writer, head.centers);
  WriteLifeSigns(writer, head.life_signs);
  WriteAfterLifeSigns(writer, head.positions, head.notes, head.decisions);
}

base::Result<JournalHead> DecodeHead(std::string_view bytes, std::uint64_t number) {
  ByteReader reader(bytes);
  JournalHead head = ReadStart(reader, number);
  head.deliveries = ReadDeliveries(reader, kLeastHeadDelivery, [] {});
  return Finish(reader, std::move(head));
}

base::Result<JournalHead> DecodeEntryHead(std::string_view payload, std::uint64_t number) {
  ByteReader reader(payload);
  JournalHead head = ReadStart(reader, number);
  RowSkipper skipper(reader);
  skipper.Datasets();
  head.deliveries = ReadDeliveries(reader, kLeastDelivery, [&skipper] { skipper.Rows(); });
  return Finish(reader, std::move(head));
}

void WriteMoment(ByteWriter& writer, base::Timestamp moment) {
  writer.Signed(moment.time_since_epoch().count());
}

base::Timestamp ReadMoment(ByteReader& reader) {
  return base::Timestamp{base::Duration{reader.Signed()}};
}

std::uint8_t ReadFlags(ByteReader& reader, int known) {
  const std::uint8_t flags = reader.Byte();
  if ((flags & ~known) != 0) reader.Fail("an unknown flag is set");
  return flags;
}

void WriteDelivery(ByteWriter& writer, const model::Delivery& delivery) {
  writer.Varint(delivery.sequence.value);
  writer.Text(delivery.source);
  WriteMoment(writer, delivery.received_at);
  WriteMoment(writer, delivery.recorded_at);
  writer.Text(delivery.archive_id);
  writer.Text(delivery.payload_sha256);
  writer.Varint(delivery.payload_bytes);
  writer.Text(delivery.format);
  writer.Text(delivery.file_name);
  writer.Text(delivery.idempotency_key);
  writer.Byte(static_cast<std::uint8_t>(
      (delivery.data_as_of ? kHasDataAsOf : 0) | (delivery.replay_of ? kHasReplayOf : 0) |
      (delivery.old_codes ? kHasOldCodes : 0) | (delivery.contract ? kHasContract : 0)));
  if (delivery.data_as_of) WriteMoment(writer, *delivery.data_as_of);
  if (delivery.replay_of) writer.Varint(delivery.replay_of->value);
  if (delivery.old_codes) {
    writer.Varint(delivery.old_codes->rows);
    writer.Signed(delivery.old_codes->ended.time_since_epoch().count());
  }
  if (delivery.contract) WriteContract(writer, *delivery.contract);
  writer.Varint(delivery.mapping_revision.value);
  const model::DeliveryCounts& counts = delivery.counts;
  for (const std::uint64_t count :
       {counts.raw_rows, counts.mapped, counts.skipped, counts.refused, counts.candidates,
        counts.accepted, counts.repeated, counts.in_conflict, counts.quarantined}) {
    writer.Varint(count);
  }
  writer.Text(delivery.outcome);
  writer.Text(delivery.refusal_reason);
  writer.Text(delivery.refusal_message);
}

model::Delivery ReadDelivery(ByteReader& reader) {
  model::Delivery delivery;
  delivery.sequence.value = reader.Varint();
  delivery.source = reader.Text();
  delivery.received_at = ReadMoment(reader);
  delivery.recorded_at = ReadMoment(reader);
  delivery.archive_id = reader.Text();
  delivery.payload_sha256 = reader.Text();
  delivery.payload_bytes = reader.Varint();
  delivery.format = reader.Text();
  delivery.file_name = reader.Text();
  delivery.idempotency_key = reader.Text();
  const std::uint8_t flags =
      ReadFlags(reader, kHasDataAsOf | kHasReplayOf | kHasOldCodes | kHasContract);
  if ((flags & kHasDataAsOf) != 0) delivery.data_as_of = ReadMoment(reader);
  if ((flags & kHasReplayOf) != 0) delivery.replay_of = model::Sequence{reader.Varint()};
  if ((flags & kHasOldCodes) != 0) {
    const std::uint64_t rows = reader.Varint();
    delivery.old_codes = model::OldCodes{rows, model::Date{std::chrono::days{reader.Signed()}}};
  }
  if ((flags & kHasContract) != 0) delivery.contract = ReadContract(reader);
  delivery.mapping_revision.value = reader.Varint32();
  model::DeliveryCounts& counts = delivery.counts;
  for (std::uint64_t* count :
       {&counts.raw_rows, &counts.mapped, &counts.skipped, &counts.refused, &counts.candidates,
        &counts.accepted, &counts.repeated, &counts.in_conflict, &counts.quarantined}) {
    *count = reader.Varint();
  }
  delivery.outcome = reader.Text();
  delivery.refusal_reason = reader.Text();
  delivery.refusal_message = reader.Text();
  return delivery;
}

void WriteCenters(ByteWriter& writer, const std::vector<CenterChange>& centers) {
  writer.Varint(centers.size());
  for (const CenterChange& center : centers) {
    writer.Text(center.revision);
    writer.Text(center.archive_id);
    writer.Varint(center.sequence.value);
  }
}

std::vector<CenterChange> ReadCenters(ByteReader& reader) {
  std::vector<CenterChange> centers;
  const std::size_t count = reader.Count(kLeastCenter);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    CenterChange center;
    center.revision = reader.Text();
    center.archive_id = reader.Text();
    center.sequence.value = reader.Varint();
    centers.push_back(std::move(center));
  }
  return centers;
}

void WriteLifeSigns(ByteWriter& writer, const std::vector<LifeSign>& life_signs) {
  writer.Varint(life_signs.size());
  for (const LifeSign& sign : life_signs) {
    writer.Text(sign.source);
    WriteMoment(writer, sign.at);
    writer.Varint(sign.sequence.value);
  }
}

std::vector<LifeSign> ReadLifeSigns(ByteReader& reader) {
  std::vector<LifeSign> life_signs;
  const std::size_t count = reader.Count(kLeastLifeSign);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    LifeSign sign;
    sign.source = reader.Text();
    sign.at = ReadMoment(reader);
    sign.sequence.value = reader.Varint();
    life_signs.push_back(std::move(sign));
  }
  return life_signs;
}

namespace {

void WritePositions(ByteWriter& writer, const std::vector<SourcePosition>& positions) {
  writer.Varint(positions.size());
  for (const SourcePosition& position : positions) {
    writer.Text(position.source);
    writer.Text(position.position);
  }
}

void WriteNotes(ByteWriter& writer, const std::vector<SourceNote>& notes) {
  writer.Varint(notes.size());
  for (const SourceNote& note : notes) {
    writer.Text(note.source);
    writer.Byte(static_cast<std::uint8_t>(note.condition));
    writer.Byte(note.begins ? kBegins : 0);
    WriteMoment(writer, note.at);
    writer.Text(note.reason);
    writer.Text(note.message);
    writer.Text(note.by);
    writer.Varint(note.sequence.value);
  }
}

void WriteDecisions(ByteWriter& writer, const std::vector<model::QuarantineDecision>& decisions) {
  writer.Varint(decisions.size());
  for (const model::QuarantineDecision& decision : decisions) {
    writer.Varint(decision.sequence.value);
    writer.Varint(decision.row.delivery.value);
    writer.Text(decision.row.dataset);
    writer.Varint(decision.row.raw_row);
    writer.Byte(static_cast<std::uint8_t>(decision.verdict));
    writer.Text(decision.reason);
    writer.Text(decision.decided_by);
    WriteMoment(writer, decision.decided_at);
  }
}

}  // namespace

void WriteAfterLifeSigns(ByteWriter& writer, const std::vector<SourcePosition>& positions,
                         const std::vector<SourceNote>& notes,
                         const std::vector<model::QuarantineDecision>& decisions) {
  if (positions.empty() && notes.empty() && decisions.empty()) return;
  WritePositions(writer, positions);
  if (notes.empty() && decisions.empty()) return;
  WriteNotes(writer, notes);
  if (!decisions.empty()) WriteDecisions(writer, decisions);
}

std::vector<SourcePosition> ReadPositions(ByteReader& reader) {
  std::vector<SourcePosition> positions;
  if (reader.failed() || reader.remaining() == 0) return positions;
  const std::size_t count = reader.Count(kLeastPosition);
  if (count == 0 && reader.remaining() == 0) {
    reader.Fail("an empty list of positions is not written at the end");
  }
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    SourcePosition position;
    position.source = reader.Text();
    position.position = reader.Text();
    if (position.position.empty()) reader.Fail("a source's position is empty");
    const auto same = [&](const SourcePosition& other) { return other.source == position.source; };
    if (std::ranges::any_of(positions, same)) reader.Fail("a source has two positions");
    positions.push_back(std::move(position));
  }
  return positions;
}

std::vector<SourceNote> ReadNotes(ByteReader& reader) {
  std::vector<SourceNote> notes;
  if (reader.failed() || reader.remaining() == 0) return notes;
  const std::size_t count = reader.Count(kLeastNote);
  if (count == 0 && reader.remaining() == 0) {
    reader.Fail("an empty list of notes is not written at the end");
  }
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    SourceNote note;
    note.source = reader.Text();
    const std::uint8_t condition = reader.Byte();
    if (condition >= kSourceConditions) reader.Fail("a note is of an unknown condition");
    note.condition = static_cast<SourceCondition>(condition % kSourceConditions);
    note.begins = (ReadFlags(reader, kBegins) & kBegins) != 0;
    note.at = ReadMoment(reader);
    note.reason = reader.Text();
    note.message = reader.Text();
    note.by = reader.Text();
    note.sequence.value = reader.Varint();
    notes.push_back(std::move(note));
  }
  return notes;
}

std::vector<model::QuarantineDecision> ReadDecisions(ByteReader& reader) {
  std::vector<model::QuarantineDecision> decisions;
  if (reader.failed() || reader.remaining() == 0) return decisions;
  const std::size_t count = reader.Count(kLeastDecision);
  if (count == 0) reader.Fail("an empty list of decisions is not written");
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::QuarantineDecision decision;
    decision.sequence.value = reader.Varint();
    decision.row.delivery.value = reader.Varint();
    decision.row.dataset = reader.Text();
    decision.row.raw_row = reader.Varint32();
    decision.verdict = static_cast<model::QuarantineVerdict>(reader.Byte());
    if (model::NameOf(decision.verdict).empty()) reader.Fail("a decision has an unknown verdict");
    decision.reason = reader.Text();
    if (decision.reason.empty()) reader.Fail("a decision has no reason");
    decision.decided_by = reader.Text();
    decision.decided_at = ReadMoment(reader);
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

}  // namespace fansipan::store::internal

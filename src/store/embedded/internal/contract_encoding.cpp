#include "store/embedded/internal/contract_encoding.h"

namespace fansipan::store::internal {
namespace {

constexpr std::uint8_t kHasControl = 1;
constexpr std::uint8_t kHasDrift = 2;
constexpr std::uint8_t kHasVolume = 4;
constexpr std::uint8_t kHasMoreChanges = 8;

constexpr std::size_t kLeastSum = 3;
constexpr std::size_t kLeastMissing = 4;
constexpr std::size_t kLeastProfile = 8;
constexpr std::size_t kLeastChange = 4;

/// A byte that has one of `count` values.
template <typename Word>
Word ReadWord(ByteReader& reader, int count) {
  const std::uint8_t number = reader.Byte();
  if (number >= count) reader.Fail("a word of a contract is unknown");
  return reader.failed() ? Word{} : static_cast<Word>(number);
}

bool ReadFlag(ByteReader& reader) {
  const std::uint8_t flag = reader.Byte();
  if (flag > 1) reader.Fail("a flag is neither 0 nor 1");
  return flag == 1;
}

/// 0: nothing; else its scale and one more, then the digits.
void WriteDecimal(ByteWriter& writer, const std::optional<model::Decimal>& number) {
  writer.Byte(number ? static_cast<std::uint8_t>(number->scale() + 1) : 0);
  if (number) writer.Wide(number->unscaled());
}

std::optional<model::Decimal> ReadDecimal(ByteReader& reader) {
  const std::uint8_t scale = reader.Byte();
  if (scale == 0) return std::nullopt;
  if (scale > model::Decimal::kMaxScale + 1) reader.Fail("a decimal has too many decimals");
  const model::Int128 unscaled = reader.Wide();
  return model::Decimal(unscaled, reader.failed() ? 0 : scale - 1);
}

bool HasMoreChanges(const model::ContractFacts& facts) {
  return facts.drift && facts.drift->more > 0;
}

void WriteControl(ByteWriter& writer, const model::ControlTotals& control) {
  writer.Byte(static_cast<std::uint8_t>(control.outcome));
  writer.Byte(static_cast<std::uint8_t>(control.cleared_by));
  writer.Text(control.period);
  writer.Byte(control.rows_told ? 1 : 0);
  if (control.rows_told) writer.Varint(*control.rows_told);
  writer.Varint(control.rows_arrived);
  writer.Varint(control.rows_accepted);
  writer.Varint(control.sums.size());
  for (const model::ControlSum& sum : control.sums) {
    writer.Text(sum.dataset);
    writer.Text(sum.column);
    WriteDecimal(writer, sum.told);
    WriteDecimal(writer, sum.arrived);
    WriteDecimal(writer, sum.accepted);
  }
  writer.Varint(control.missing);
  writer.Varint(control.named.size());
  for (const model::MissingRow& row : control.named) {
    writer.Text(row.dataset);
    writer.Text(row.key);
    writer.Varint(row.raw_row);
    writer.Text(row.reason);
  }
}

void ReadSums(ByteReader& reader, std::vector<model::ControlSum>& sums) {
  const std::size_t count = reader.Count(kLeastSum + 2);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::ControlSum& sum = sums.emplace_back();
    sum.dataset = reader.Text();
    sum.column = reader.Text();
    sum.told = ReadDecimal(reader);
    sum.arrived = ReadDecimal(reader);
    sum.accepted = ReadDecimal(reader);
  }
}

void ReadNamed(ByteReader& reader, std::vector<model::MissingRow>& named) {
  const std::size_t count = reader.Count(kLeastMissing);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::MissingRow& row = named.emplace_back();
    row.dataset = reader.Text();
    row.key = reader.Text();
    row.raw_row = reader.Varint32();
    row.reason = reader.Text();
  }
}

model::ControlTotals ReadControl(ByteReader& reader) {
  model::ControlTotals control;
  control.outcome = ReadWord<model::Reconciliation>(reader, 3);
  control.cleared_by = ReadWord<model::ClearedBy>(reader, 3);
  control.period = reader.Text();
  if (ReadFlag(reader)) control.rows_told = reader.Varint();
  control.rows_arrived = reader.Varint();
  control.rows_accepted = reader.Varint();
  ReadSums(reader, control.sums);
  control.missing = reader.Varint();
  ReadNamed(reader, control.named);
  return control;
}

void WriteProfile(ByteWriter& writer, const std::vector<model::ColumnProfile>& profile) {
  writer.Varint(profile.size());
  for (const model::ColumnProfile& column : profile) {
    writer.Text(column.name);
    for (const std::uint32_t count :
         {column.cells, column.empty, column.numbers, column.day_first_dates,
          column.year_first_dates, column.mean_length}) {
      writer.Varint(count);
    }
    writer.Byte(column.magnitude ? 1 : 0);
    if (column.magnitude) writer.Signed(*column.magnitude);
  }
}

std::vector<model::ColumnProfile> ReadProfile(ByteReader& reader) {
  std::vector<model::ColumnProfile> profile;
  const std::size_t count = reader.Count(kLeastProfile);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::ColumnProfile& column = profile.emplace_back();
    column.name = reader.Text();
    for (std::uint32_t* number :
         {&column.cells, &column.empty, &column.numbers, &column.day_first_dates,
          &column.year_first_dates, &column.mean_length}) {
      *number = reader.Varint32();
    }
    if (!ReadFlag(reader)) continue;
    const std::int64_t magnitude = reader.Signed();
    if (magnitude != static_cast<std::int32_t>(magnitude)) reader.Fail("a magnitude is too large");
    column.magnitude = static_cast<std::int32_t>(magnitude);
  }
  return profile;
}

void WriteDrift(ByteWriter& writer, const model::SchemaDrift& drift) {
  writer.Varint(drift.reference.value);
  writer.Varint(drift.changes.size());
  for (const model::ColumnChange& change : drift.changes) {
    writer.Byte(static_cast<std::uint8_t>(change.kind));
    writer.Text(change.column);
    writer.Text(change.was);
    writer.Text(change.now);
  }
}

model::SchemaDrift ReadDrift(ByteReader& reader) {
  model::SchemaDrift drift;
  drift.reference.value = reader.Varint();
  const std::size_t count = reader.Count(kLeastChange);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::ColumnChange& change = drift.changes.emplace_back();
    change.kind = ReadWord<model::ColumnChangeKind>(reader, 7);
    change.column = reader.Text();
    change.was = reader.Text();
    change.now = reader.Text();
  }
  return drift;
}

}  // namespace

void WriteContract(ByteWriter& writer, const model::ContractFacts& facts) {
  writer.Byte(static_cast<std::uint8_t>(
      (facts.control ? kHasControl : 0) | (facts.drift ? kHasDrift : 0) |
      (facts.unusual_volume ? kHasVolume : 0) | (HasMoreChanges(facts) ? kHasMoreChanges : 0)));
  if (facts.control) WriteControl(writer, *facts.control);
  WriteProfile(writer, facts.profile);
  if (facts.drift) WriteDrift(writer, *facts.drift);
  if (HasMoreChanges(facts)) writer.Varint(facts.drift->more);
  if (!facts.unusual_volume) return;
  writer.Varint(facts.unusual_volume->rows);
  writer.Varint(facts.unusual_volume->least);
  writer.Varint(facts.unusual_volume->most);
  writer.Byte(facts.unusual_volume->learnt ? 1 : 0);
}

model::ContractFacts ReadContract(ByteReader& reader) {
  model::ContractFacts facts;
  const std::uint8_t flags = reader.Byte();
  if ((flags & ~(kHasControl | kHasDrift | kHasVolume | kHasMoreChanges)) != 0) {
    reader.Fail("an unknown flag of a contract is set");
  }
  if ((flags & kHasControl) != 0) facts.control = ReadControl(reader);
  facts.profile = ReadProfile(reader);
  if ((flags & kHasDrift) != 0) facts.drift = ReadDrift(reader);
  if ((flags & kHasMoreChanges) != 0) {
    const std::uint64_t more = reader.Varint();
    if (!facts.drift || more == 0) reader.Fail("a contract counts changes without a drift");
    if (facts.drift) facts.drift->more = more;
  }
  if ((flags & kHasVolume) == 0) return facts;
  model::UnusualVolume& volume = facts.unusual_volume.emplace();
  volume.rows = reader.Varint();
  volume.least = reader.Varint();
  volume.most = reader.Varint();
  volume.learnt = ReadFlag(reader);
  return facts;
}

std::string EncodeContract(const model::ContractFacts& facts) {
  std::string bytes;
  ByteWriter writer(bytes);
  WriteContract(writer, facts);
  return bytes;
}

std::optional<model::ContractFacts> DecodeContract(std::string_view bytes) {
  ByteReader reader(bytes);
  model::ContractFacts facts = ReadContract(reader);
  if (reader.failed() || reader.remaining() != 0) return std::nullopt;
  return facts;
}

}  // namespace fansipan::store::internal

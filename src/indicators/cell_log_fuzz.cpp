#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "indicators/cell_log_format.h"
#include "indicators/internal/index_snapshot.h"

namespace {

using namespace fansipan::indicators;

constexpr std::size_t kRowsOfTables = 100;

constexpr std::uint64_t kEndOfFile = 1'000'000;

CellLogBounds Bounds() { return {{0, 0, 1, 2}, 99, 0, kRowsOfTables, kRowsOfTables}; }

CellLayout Layout() {
  CellLayout layout;
  layout.Add(0, CellLayout::Keeps::kCount);
  layout.Add(0, CellLayout::Keeps::kSum);
  layout.Add(0, CellLayout::Keeps::kValues);
  return layout;
}

template <typename Decoded, typename Encode>
void CheckSame(const fansipan::base::Result<Decoded>& decoded, std::string_view payload,
               Encode encode) {
  if (!decoded.ok()) return;
  std::string encoded;
  encode(*decoded, encoded);
  if (encoded != payload) std::abort();
}

fansipan::model::Dataset Dataset() {
  fansipan::model::Dataset dataset;
  dataset.columns.resize(3);
  dataset.key = {1};
  return dataset;
}

void CheckRecords(std::string_view payload) {
  VersionHistory history;
  std::vector<CurrentIndex> indexes;
  indexes.emplace_back(Dataset(), history);
  auto read = ReadIndexRecords(payload, indexes);
  if (!read.ok() || !TakeIndexRecords(*std::move(read), indexes).ok()) return;
  std::string encoded;
  AppendIndexRecords(0, indexes[0], 0, payload.size() + 1, encoded);
  if (encoded != payload) std::abort();
  std::size_t visited = 0;
  const auto end = static_cast<CurrentIndex::RecordNumber>(indexes[0].size());
  indexes[0].ForEach(0, end, {0, 1, 2},
                     [&](auto, auto, const auto& values) { visited += values.size(); });
}

}  // namespace

// The first byte says what the rest is taken for. What decodes must encode to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view payload(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      CheckSame(DecodeRows(payload), payload, EncodeRows);
      break;
    case 1:
      CheckSame(DecodeBlock(payload, Bounds()), payload, EncodeBlock);
      break;
    case 2:
      CheckSame(DecodeSeal(payload, Bounds(), kEndOfFile), payload, EncodeSeal);
      break;
    case 3: {
      const CellLayout layout = Layout();
      CheckSame(
          CellChunk::Decode(layout, 0, {kRowsOfTables, kRowsOfTables}, payload), payload,
          [&](const CellChunk& chunk, std::string& bytes) { chunk.Encode(layout, 0, bytes); });
      break;
    }
    case 4:
      CheckRecords(payload);
      break;
    case 5:
      CheckSame(
          DecodeIndexEnd(payload), payload,
          [](const IndexSnapshotMark& mark, std::string& bytes) { bytes = EncodeIndexEnd(mark); });
      break;
    default:
      (void)CheckFileHeader(payload, kCellLogFile, {"fuzz", {}}).ok();
  }
  return 0;
}

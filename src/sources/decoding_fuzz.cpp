// Feeds arbitrary bytes to each decoder. The first byte chooses format and dialect.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sources/decoding.h"

namespace {

using fansipan::base::Status;
using namespace fansipan;

/// Touches every cell and checks what a decoder promises about its batches.
class Reading final : public sources::RawRowConsumer {
 public:
  Status Begin(const std::vector<std::string>& columns) override {
    width_ = columns.size();
    return {};
  }
  Status Take(const sources::RawBatch& batch) override {
    if (batch.width != width_ || batch.cells.size() != batch.rows.size() * width_) std::abort();
    for (const sources::RawCell& cell : batch.cells) {
      for (const char c : cell.text) sum_ = sum_ + static_cast<unsigned char>(c);
    }
    taken_ += batch.rows.size();
    return {};
  }
  std::size_t taken() const { return taken_; }

 private:
  std::size_t width_ = 0;
  std::size_t taken_ = 0;
  volatile std::uint64_t sum_ = 0;
};

center::Source SourceFor(std::uint8_t choice) {
  center::Source source;
  constexpr center::Format kFormats[] = {center::Format::kCsv, center::Format::kJson,
                                         center::Format::kNdjson, center::Format::kWorkbook};
  source.format = kFormats[choice % 4];
  source.workbook.range = (choice & 4U) != 0 ? "B2:C9" : "";
  source.workbook.header_rows = choice / 8U % 4U;
  source.workbook.header_has = (choice & 32U) != 0 ? "a" : "";
  source.workbook.ends_at = (choice & 64U) != 0 ? "b" : "";
  source.workbook.columns = {"a", "b"};
  source.csv.delimiter = (choice & 64U) != 0 ? ';' : ',';
  source.csv.header = (choice & 8U) == 0;
  if (!source.csv.header) source.csv.columns = {"a", "b"};
  source.csv.byte_order_mark = (choice & 16U) != 0;
  source.json.records_at = (choice & 32U) != 0 ? "/a/0" : "";
  source.json.columns = {"a", "b"};
  source.limits.depth = 8;
  return source;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view payload(reinterpret_cast<const char*>(data + 1), size - 1);
  Reading reading;
  const auto decoded = sources::Decode(payload, SourceFor(data[0]), reading);
  if (!decoded.ok()) return 0;
  if (decoded->rows.size() != reading.taken() + decoded->refused.size()) std::abort();
  std::uint64_t end = 0;
  for (const sources::RawRowSpan& row : decoded->rows) {
    if (row.offset < end || row.offset + row.length > payload.size()) std::abort();
    end = row.offset + row.length;
  }
  return 0;
}

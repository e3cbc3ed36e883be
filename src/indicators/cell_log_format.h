#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "indicators/cells.h"
#include "indicators/delta.h"
#include "model/record.h"
#include "model/value.h"

namespace fansipan::indicators {

// The bytes of a cell log's file, see docs/formats/cell_log.md. Pure; safe from any thread. What
// decodes encodes to the same bytes.

inline constexpr std::uint32_t kCellLogFormat = 2;
/// Raised whenever a release computes other deltas from the same versions and declarations.
inline constexpr std::uint32_t kCellLogRules = 1;
inline constexpr std::size_t kFileHeaderBytes = 112;
inline constexpr std::size_t kCellLogFrameHeadBytes = 5;
inline constexpr std::size_t kMaxCellLogFrameBytes = 1ULL << 30U;
inline constexpr std::size_t kMaxRevisionBytes = 63;

/// Whose file it is: that of one center's revision over one journal.
struct FileIdentity {
  std::string revision;       ///< at most kMaxRevisionBytes letters, digits, '-' and '_'
  base::Fingerprint journal;  ///< of something in the journal that no other journal has
};

/// What numbers in a log may stand for.
struct CellLogBounds {
  std::vector<std::uint32_t> set_of_measure;
  std::size_t territory_units = 0;
  std::size_t organisation_units = 0;
  std::size_t values = 0;
  std::size_t tuples = 0;
};

/// Everything that changed in the cells at one moment: by one group commit (then `sequence` is its
/// last one) or because deadlines passed (then it is the last one before). Never without deltas.
struct CellLogBlock {
  base::Timestamp at;
  model::Sequence sequence;
  std::vector<Delta> deltas;

  /// Written because time passed, not by a group commit.
  bool is_clock() const { return deltas.front().cause == Cause::kClock; }
};

/// What is known of a block without its deltas.
struct CellLogBlockHead {
  base::Timestamp at;
  model::Sequence sequence;
  std::uint64_t deltas = 0;
  bool is_clock = false;
};

/// Where the bytes of a chunk of cells stand.
struct SealedChunk {
  CellChunkKey key;
  std::uint64_t changes = 0;  ///< CellChunk::changes, which tells whether it is still the same
  std::uint64_t offset = 0;   ///< in the file
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;
};

/// All cells, rolled up, as the first `blocks` blocks of a log make them: chunks by key. Those that
/// had not changed stand where an earlier seal put them.
struct CellLogSeal {
  std::uint64_t blocks = 0;
  std::vector<SealedChunk> chunks;
};

/// The last two are those of an index snapshot's file.
enum class FrameKind : std::uint8_t {
  kRows = 1,
  kBlock = 2,
  kSeal = 3,
  kCells = 4,
  kRecords = 5,
  kIndexEnd = 6
};
enum class CellLogTable : std::uint8_t { kValues = 0, kTuples = 1 };

/// Rows of a table from id `first` up.
struct CellLogRows {
  CellLogTable table = CellLogTable::kValues;
  std::uint64_t first = 0;
  std::vector<model::Row> rows;
};

/// What the header tells besides the identity. `name` is what messages call the file.
struct FileFormat {
  std::string_view name;
  std::string_view magic;  ///< eight letters
  std::uint32_t format = 0;
};
inline constexpr FileFormat kCellLogFile{"cell log", "FSCELLOG", kCellLogFormat};

std::string EncodeFileHeader(const FileFormat& format, const FileIdentity& identity);
/// kCorrupt; kUnsupported: of a newer format; kConflict with reason other_file: of another center,
/// journal or way to compute.
base::Status CheckFileHeader(std::string_view bytes, const FileFormat& format,
                             const FileIdentity& identity);

void EncodeRows(const CellLogRows& rows, std::string& payload);
void EncodeBlock(const CellLogBlock& block, std::string& payload);
void EncodeSeal(const CellLogSeal& seal, std::string& payload);

/// All four: kCorrupt.
base::Result<CellLogRows> DecodeRows(std::string_view payload);
base::Result<CellLogBlock> DecodeBlock(std::string_view payload, const CellLogBounds& bounds);
base::Result<CellLogBlockHead> DecodeBlockHead(std::string_view payload);
/// Chunks must end before `end`, an offset in the file.
base::Result<CellLogSeal> DecodeSeal(std::string_view payload, const CellLogBounds& bounds,
                                     std::uint64_t end);

/// Appends head, payload and checksum to `bytes`; returns the checksum, which the next frame
/// continues from. That of kCells covers the head alone: its chunks have their own. The payload
/// must have at most kMaxCellLogFrameBytes.
std::uint32_t AppendFrame(FrameKind kind, std::string_view payload, std::uint32_t checksum,
                          std::string& bytes);

}  // namespace fansipan::indicators

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "center/center.h"
#include "model/record.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources {

/// What a mapping made of a raw row, as texts of the dataset's columns; a missing value is empty.
struct TrialCandidate {
  std::string dataset;
  std::vector<std::pair<std::string, std::string>> values;  ///< column and text, told ones only
};

/// One raw row on its way.
struct TrialRow {
  std::uint32_t raw_row = 0;  ///< 1-based
  RawRowSpan span;
  std::string raw;  ///< as people read it: UTF-8 of at most kMaxTrialRaw bytes of the payload
  std::vector<TrialCandidate> candidates;
  std::vector<model::QuarantinedRow> refused;  ///< what is wrong with it; empty: it is taken
};
inline constexpr std::size_t kMaxTrialRaw = 2000;

/// What a payload would become. Nothing of it is recorded; whether the center knows a row already
/// is not asked.
struct Trial {
  model::DeliveryCounts counts;
  std::optional<model::OldCodes> old_codes;
  std::string sheet;  ///< of a workbook, or layer of geodata, that was read
  /// The first rows, then the first of the refused ones behind them, each at most as many as asked.
  std::vector<TrialRow> rows;
  std::map<std::string, std::size_t> reasons;  ///< of refusals, with how often each
};

struct TrialJob {
  const center::Center* center = nullptr;
  const center::Source* source = nullptr;
  std::string payload;    ///< unpacked
  bool archived = false;  ///< it comes from the archive: what is not kept is out of it already
  base::Timestamp received_at;
  std::size_t rows = 10;
};

/// Decodes, maps and judges a payload as Intake would. Errors are those of MappingWorker::Map.
base::Result<Trial> Try(const TrialJob& job, MappingWorker& worker);

}  // namespace fansipan::sources

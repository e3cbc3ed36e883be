#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/time_zone.h"

namespace fansipan::simulation {

/// The national statuses of a case, with their numbers.
enum class CaseStatus {
  kNewlyRegistered = 1,
  kAccepted = 2,
  kNotAccepted = 3,
  kProcessing = 4,
  kSupplementRequested = 5,
  kFinancialObligationRequested = 6,
  kWithdrawn = 7,
  kStopped = 8,
  kProcessed = 9,
  kResultReturned = 10
};

enum class Channel { kCounter = 1, kOnline = 2, kPost = 3 };

/// What is wrong with a row that a careless system sends.
enum class Defect {
  kNone,
  kUnknownCommune,
  kImpossibleDate,
  kMissingKey,
  kUnknownStatus,
  kTextInFee
};
inline constexpr int kDefects = 5;

/// One version of a case as the case system sends it.
struct CaseRow {
  std::string case_number;
  std::string procedure_code;
  std::string field;
  std::string commune_code;
  std::string agency_code;
  Channel channel = Channel::kCounter;
  CaseStatus status = CaseStatus::kNewlyRegistered;
  base::Timestamp received_at;
  int working_days = 1;  ///< that the procedure gives it
  base::Timestamp due_at;
  std::optional<base::Timestamp> closed_at;
  base::Timestamp updated_at;  ///< grows from version to version of a case
  std::int64_t fee = 0;        ///< in đồng
  std::optional<bool> paid_online;
  int digitisation = 0;
  std::optional<int> satisfaction;
  Defect defect = Defect::kNone;

  bool operator==(const CaseRow&) const = default;
};

/// One JSON object a line, its members named as in the sample center's mapping. Times are RFC 3339
/// with the zone's offset; a missing value is null; a defect is written as it would come.
std::string EncodeNdjson(std::span<const CaseRow> rows, const base::TimeZone& zone);

}  // namespace fansipan::simulation

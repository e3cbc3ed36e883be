#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/strong_id.h"
#include "model/contracts/contract.h"
#include "model/value.h"

namespace fansipan::model {

/// Which text of a mapping produced a version: counts up per mapping with every change of its text.
using MappingRevision = base::StrongId<struct MappingRevisionTag, std::uint32_t>;

/// What follows from a change of the center itself is recorded as a delivery of this source, whose
/// payload is the center's archived text. No declared source has the name.
inline constexpr std::string_view kCenterSource = "center";

/// A record as one delivery told it. Never changed, never removed by later ones. Precedence among
/// versions of one key: (order, delivery, mapping_revision, row, sequence), compared in this order.
struct Version {
  Sequence sequence;
  std::string dataset;
  Row values;         ///< in the order of the dataset's columns
  Sequence delivery;  ///< the original delivery, also for a replay
  MappingRevision mapping_revision;
  std::uint32_t row = 0;                ///< ordinal among the delivery's candidates of this dataset
  std::vector<std::uint32_t> raw_rows;  ///< 1-based raw rows of the archived payload it came from
  std::optional<Sequence>
      predecessor;  ///< the version of the same key that it followed in precedence
  bool withdrawn = false;
  bool outranked = false;  ///< one that stands higher was known before it: it never was current
  bool operator==(const Version&) const = default;
};

/// How a new version stands to those of its key that were known before it.
struct Standing {
  std::optional<Sequence> predecessor;  ///< as in Version
  bool outranked = false;               ///< as in Version
  bool operator==(const Standing&) const = default;
};

/// Why a row is not a version. One row can be listed once for each bad column.
struct QuarantinedRow {
  std::string dataset;            ///< empty when the row could not be decoded at all
  std::uint32_t raw_row = 0;      ///< 1-based in the archived payload
  std::uint64_t byte_offset = 0;  ///< where the raw row begins, in the unpacked payload
  std::string column;             ///< empty when it is about the whole row
  std::string value;              ///< the offending text, at most 200 bytes, valid UTF-8
  std::string reason;             ///< e.g. not_a_timestamp, missing_key, unknown_place, conflict
  std::string message;            ///< for the person who must mend it
  bool operator==(const QuarantinedRow&) const = default;
};

/// Two balances that always hold:
/// raw_rows = mapped + skipped + refused; candidates = accepted + repeated + in_conflict +
/// quarantined.
struct DeliveryCounts {
  std::uint64_t raw_rows = 0;
  std::uint64_t mapped = 0;   ///< raw rows that at least one candidate came from
  std::uint64_t skipped = 0;  ///< raw rows that the mapping's declaration leaves out
  std::uint64_t refused = 0;  ///< raw rows that could not be decoded
  std::uint64_t candidates = 0;
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0;
  std::uint64_t in_conflict = 0;
  std::uint64_t quarantined = 0;
  bool operator==(const DeliveryCounts&) const = default;
};

/// Rows that named their place by a code that had ceased to mean a unit of its own.
struct OldCodes {
  std::uint64_t rows = 0;
  Date ended{};  ///< the earliest day on which one of the codes had ended
  bool operator==(const OldCodes&) const = default;
};

/// What was received at once from one source, and what became of it.
struct Delivery {
  Sequence sequence;
  std::string source;
  base::Timestamp received_at;  ///< when its last byte was here
  base::Timestamp recorded_at;  ///< when the journal took it; never decreases over sequences
  std::string archive_id;       ///< names the archived payload
  std::string payload_sha256;   ///< of the unpacked payload, hexadecimal
  std::uint64_t payload_bytes = 0;
  std::string format;                         ///< csv, json, ndjson
  std::string file_name;                      ///< of a dropped or fetched file
  std::string idempotency_key;                ///< push only, may be empty
  std::optional<base::Timestamp> data_as_of;  ///< latest moment the source's rows speak of
  MappingRevision mapping_revision;
  std::optional<Sequence> replay_of;  ///< set on a replay: the original delivery
  DeliveryCounts counts;
  std::optional<OldCodes> old_codes;      ///< of its sound rows
  std::optional<ContractFacts> contract;  ///< nothing: there is nothing to tell
  std::string outcome;                    ///< accepted, refused
  std::string refusal_reason;             ///< machine word when refused
  std::string refusal_message;
  bool operator==(const Delivery&) const = default;
};

/// True when `left` stands before `right` in the precedence of one key. `order` is the dataset's
/// order column, if any; without one the order of deliveries decides.
bool Precedes(const Version& left, const Version& right, std::optional<std::size_t> order);

}  // namespace fansipan::model

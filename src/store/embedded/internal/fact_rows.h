#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/fact_store.h"

namespace fansipan::store::internal {

/// Columns of a version that every dataset has; its values follow them.
inline constexpr idx_t kVersionFixedColumns = 8;

/// The columns of a SELECT that ReadVersion reads; `alias` stands before each ("v.").
std::string VersionSelection(std::string_view alias,
                             const std::vector<const PhysicalColumn*>& columns);
model::Version ReadVersion(const DuckDbRows& rows, const std::string& dataset,
                           const std::vector<const PhysicalColumn*>& columns);

/// The same for the tables `deliveries` and `quarantine`.
inline constexpr std::string_view kDeliverySelection =
    "sequence, source, received_at, recorded_at, archive_id, payload_sha256, payload_bytes, "
    "format, "
    "file_name, idempotency_key, data_as_of, mapping_revision, replay_of, raw_rows, mapped, "
    "skipped, "
    "refused, candidates, accepted, repeated, in_conflict, quarantined, outcome, refusal_reason, "
    "refusal_message, old_codes, codes_ended, contract";
model::Delivery ReadDelivery(const DuckDbRows& rows);

/// Quarantined rows, each with the last decision about its raw row and dataset.
inline constexpr std::string_view kDecidedQuarantine =
    "(SELECT q.*, d.sequence AS decision, d.verdict, d.decision_reason, d.decided_by, d.decided_at "
    "FROM quarantine q LEFT JOIN (SELECT * FROM decisions QUALIFY row_number() OVER (PARTITION BY "
    "delivery, dataset, raw_row ORDER BY sequence DESC) = 1) d ON d.delivery = q.delivery AND "
    "d.dataset = q.dataset AND d.raw_row = q.raw_row) decided";
inline constexpr std::string_view kQuarantineSelection =
    "id, delivery, source, recorded_at, resolved_by, dataset, raw_row, byte_offset, bad_column, "
    "bad_value, reason, message, decision, verdict, decision_reason, decided_by, decided_at";
KeptQuarantine ReadQuarantine(const DuckDbRows& rows);
/// Conditions on kDecidedQuarantine, but for `after`.
std::vector<std::string> QuarantinePieces(const QuarantineQuery& query, SqlParameters& parameters);

inline constexpr std::string_view kQuarantineGroupSelection =
    "source, dataset, bad_column, reason, count(DISTINCT struct_pack(d := delivery, r := "
    "raw_row))::UBIGINT, count(DISTINCT delivery)::UBIGINT, min(recorded_at), max(recorded_at)";
QuarantineGroup ReadQuarantineGroup(const DuckDbRows& rows);

}  // namespace fansipan::store::internal

#include "sources/quarantine/decision_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace fansipan::sources {
namespace {

using model::QuarantineVerdict;
using RowsOfDelivery = std::map<model::Sequence, std::vector<model::DeliveredRow>>;

base::Error Invalid(std::string reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
}

base::Status CheckReason(const std::string& reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Invalid("reason_missing", "a decision needs a reason, for whoever reads it later");
  }
  if (reason.size() <= kMaxDecisionReason) return {};
  return Invalid("reason_too_long",
                 fmt::format("a reason has at most {} bytes", kMaxDecisionReason));
}

bool IsDecided(const store::KeptQuarantine& kept) {
  return kept.decision && kept.decision->verdict != QuarantineVerdict::kReopened;
}

/// Each raw row once, with all entries about it that the query finds.
base::Result<std::map<model::DeliveredRow, std::vector<store::KeptQuarantine>>> FindRows(
    const BulkDecision& decision, const DecisionParts& parts, const base::Patience& patience) {
  store::QuarantineQuery query = decision.query;
  const bool reopens = decision.verdict == QuarantineVerdict::kReopened;
  query.open_only = !reopens;
  query.after = 0;
  query.limit = kMaxDecidedRows;
  std::map<model::DeliveredRow, std::vector<store::KeptQuarantine>> rows;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(auto page, parts.facts->ListQuarantine(query, patience));
    const bool is_last = page.size() < query.limit;
    if (!page.empty()) query.after = page.back().id;
    for (store::KeptQuarantine& kept : page) {
      if (reopens && !IsDecided(kept)) continue;
      const model::DeliveredRow row{kept.delivery, kept.row.dataset, kept.row.raw_row};
      rows[row].push_back(std::move(kept));
    }
    if (rows.size() > kMaxDecidedRows) {
      return Invalid("too_many_rows",
                     fmt::format("a decision is about at most {} rows at once; narrow the filter "
                                 "to one delivery or reason",
                                 kMaxDecidedRows));
    }
    if (is_last) return rows;
  }
}

base::Status CheckCount(const BulkDecision& decision, std::size_t found) {
  if (found == 0) {
    return base::Error{base::ErrorCode::kNotFound, "no_such_rows",
                       "no quarantined row is found so that could be decided about"};
  }
  if (!decision.count) {
    return base::Error{base::ErrorCode::kConflict, "count_missing",
                       fmt::format("there are {} such rows; say so with the count to decide about "
                                   "all of them",
                                   found)};
  }
  if (found == *decision.count) return {};
  return base::Error{base::ErrorCode::kConflict, "count_changed",
                     fmt::format("there are {} such rows now, not {}; look at them again", found,
                                 *decision.count)};
}

/// A filter may hide that the row has another fault, too: all that is open about it is looked at.
base::Status CheckAcceptable(const model::DeliveredRow& row, const DecisionParts& parts,
                             const base::Patience& patience) {
  store::QuarantineQuery query;
  query.delivery = row.delivery;
  query.dataset = row.dataset;
  query.raw_row = row.raw_row;
  query.limit = kMaxDecidedRows;
  FANSIPAN_ASSIGN_OR_RETURN(const auto faults, parts.facts->ListQuarantine(query, patience));
  for (const store::KeptQuarantine& fault : faults) {
    if (fault.row.dataset == row.dataset && model::IsAcceptable(fault.row.reason)) continue;
    return Invalid("not_acceptable",
                   fmt::format("row {} of delivery {} cannot be accepted: {}{} ({}); only values "
                               "that break a declared check (one_of, rules) can. Mend the mapping "
                               "or the source, or discard the row",
                               row.raw_row, row.delivery.value, fault.row.reason,
                               fault.row.column.empty() ? "" : " in column " + fault.row.column,
                               fault.row.dataset.empty() ? "no dataset" : fault.row.dataset));
  }
  return {};
}

/// Accepting, and taking that back, reads a delivery again; discarding does not.
base::Status CheckWork(const RowsOfDelivery& rows, QuarantineVerdict verdict) {
  if (verdict == QuarantineVerdict::kDiscarded || rows.size() <= kMaxReadAgain) return {};
  return Invalid("too_many_rows",
                 fmt::format("the rows are of {} deliveries; at most {} are read again at once, "
                             "narrow the filter",
                             rows.size(), kMaxReadAgain));
}

base::Status DecideOne(const BulkDecision& decision, const std::vector<model::DeliveredRow>& rows,
                       const DecisionParts& parts, DecidedRows& done) {
  std::vector<model::QuarantineDecision> decisions;
  decisions.reserve(rows.size());
  for (const model::DeliveredRow& row : rows) {
    decisions.push_back({{}, row, decision.verdict, decision.reason, decision.decided_by, {}});
  }
  auto report = parts.intake->Decide(std::move(decisions));
  if (!report.ok()) return report.error();
  done.rows += rows.size();
  ++done.deliveries;
  if (*report) ++done.read_again;
  return {};
}

/// How many of the accepted rows are in quarantine all the same.
base::Result<std::uint64_t> CountOpen(const std::vector<model::DeliveredRow>& rows,
                                      const DecisionParts& parts, const base::Patience& patience) {
  std::uint64_t open = 0;
  for (const model::DeliveredRow& row : rows) {
    store::QuarantineQuery query;
    query.delivery = row.delivery;
    query.dataset = row.dataset;
    query.raw_row = row.raw_row;
    query.limit = 1;
    FANSIPAN_ASSIGN_OR_RETURN(const auto left, parts.facts->ListQuarantine(query, patience));
    open += left.size();
  }
  return open;
}

/// What was decided before it is told with the error: it stays decided.
base::Error AfterSome(base::Error error, const DecidedRows& done) {
  if (done.rows == 0) return error;
  error.message +=
      fmt::format("; {} rows of {} deliveries are decided", done.rows, done.deliveries);
  return error;
}

base::Status DecideAll(const BulkDecision& decision, const RowsOfDelivery& rows,
                       const DecisionParts& parts, const base::Patience& patience,
                       DecidedRows& done) {
  for (const auto& [delivery, of_delivery] : rows) {
    FANSIPAN_RETURN_IF_ERROR(patience.Check());
    FANSIPAN_RETURN_IF_ERROR(DecideOne(decision, of_delivery, parts, done));
  }
  return parts.wait_for_facts(patience);
}

}  // namespace

base::Result<DecidedRows> Decide(const BulkDecision& decision, const DecisionParts& parts,
                                 const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(CheckReason(decision.reason));
  FANSIPAN_RETURN_IF_ERROR(parts.wait_for_facts(patience));
  FANSIPAN_ASSIGN_OR_RETURN(const auto found, FindRows(decision, parts, patience));
  FANSIPAN_RETURN_IF_ERROR(CheckCount(decision, found.size()));
  RowsOfDelivery rows;
  std::vector<model::DeliveredRow> all;
  for (const auto& [row, entries] : found) {
    if (decision.verdict == QuarantineVerdict::kAccepted) {
      FANSIPAN_RETURN_IF_ERROR(CheckAcceptable(row, parts, patience));
    }
    rows[row.delivery].push_back(row);
    all.push_back(row);
  }
  FANSIPAN_RETURN_IF_ERROR(CheckWork(rows, decision.verdict));
  DecidedRows done;
  const base::Status status = DecideAll(decision, rows, parts, patience, done);
  if (status.ok() && decision.verdict == QuarantineVerdict::kAccepted) {
    const auto open = CountOpen(all, parts, patience);
    if (!open.ok()) return AfterSome(open.error(), done);
    done.still_open = *open;
  }
  if (!status.ok()) return AfterSome(status.error(), done);
  return done;
}

}  // namespace fansipan::sources

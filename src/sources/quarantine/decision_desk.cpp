#include "sources/quarantine/decision_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

using model::QuarantineVerdict;
using RowsOfDelivery = std::map<model::Sequence, std::vector<model::DeliveredRow>>;
/// Each raw row once, with all entries about it that the query finds.
using FoundRows = std::map<model::DeliveredRow, std::vector<store::KeptQuarantine>>;

base::Error Invalid(std::string reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
}

base::Status CheckReason(const std::string& reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Invalid("reason_missing", "a decision needs a reason, for whoever reads it later");
  }
  if (internal::CountCharacters(reason) <= kMaxDecisionReason) return {};
  return Invalid("reason_too_long",
                 fmt::format("a reason has at most {} characters", kMaxDecisionReason));
}

bool IsDecided(const store::KeptQuarantine& kept) {
  return kept.decision && kept.decision->verdict != QuarantineVerdict::kReopened;
}

base::Result<FoundRows> FindRows(const BulkDecision& decision, const DecisionParts& parts,
                                 const base::Patience& patience) {
  store::QuarantineQuery query = decision.query;
  const bool reopens = decision.verdict == QuarantineVerdict::kReopened;
  query.open_only = !reopens;
  query.after = 0;
  query.limit = kMaxDecidedRows;
  FoundRows rows;
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

/// All that is open about the rows, by as few questions as the store allows.
base::Result<std::vector<store::KeptQuarantine>> FindOpen(
    const std::vector<model::DeliveredRow>& rows, const DecisionParts& parts,
    const base::Patience& patience) {
  static_assert(kMaxDecidedRows <= store::kMaxRowsAskedFor);
  store::QuarantineQuery query;
  query.rows = rows;
  query.limit = kMaxDecidedRows;
  std::vector<store::KeptQuarantine> open;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(auto page, parts.facts->ListQuarantine(query, patience));
    const bool is_last = page.size() < query.limit;
    if (!page.empty()) query.after = page.back().id;
    std::ranges::move(page, std::back_inserter(open));
    if (is_last) return open;
  }
}

/// A filter may hide that a row has another fault, too: all that is open about it is looked at.
base::Status CheckAcceptable(const std::vector<model::DeliveredRow>& rows,
                             const DecisionParts& parts, const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto faults, FindOpen(rows, parts, patience));
  for (const store::KeptQuarantine& fault : faults) {
    if (model::IsAcceptable(fault.row.reason)) continue;
    return Invalid("not_acceptable",
                   fmt::format("row {} of delivery {} cannot be accepted: {}{} ({}); only values "
                               "that break a declared check (one_of, rules) can. Mend the mapping "
                               "or the source, or discard the row",
                               fault.row.raw_row, fault.delivery.value, fault.row.reason,
                               fault.row.column.empty() ? "" : " in column " + fault.row.column,
                               fault.row.dataset.empty() ? "no dataset" : fault.row.dataset));
  }
  return {};
}

/// Whether the row comes to be taken in by the decision, or is taken out by it: either reads its
/// delivery again.
bool ChangesWhatIsTaken(const std::vector<store::KeptQuarantine>& entries,
                        QuarantineVerdict verdict) {
  const auto& standing = entries.front().decision;
  const bool is_accepted = standing && standing->verdict == QuarantineVerdict::kAccepted;
  return is_accepted != (verdict == QuarantineVerdict::kAccepted);
}

base::Status CheckWork(const FoundRows& found, QuarantineVerdict verdict) {
  std::set<model::Sequence> read_again;
  for (const auto& [row, entries] : found) {
    if (ChangesWhatIsTaken(entries, verdict)) read_again.insert(row.delivery);
  }
  if (read_again.size() <= kMaxReadAgain) return {};
  return Invalid("too_many_rows",
                 fmt::format("{} deliveries would have to be read again for these rows; at most {} "
                             "are at once, narrow the filter",
                             read_again.size(), kMaxReadAgain));
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
  FANSIPAN_ASSIGN_OR_RETURN(const auto left, FindOpen(rows, parts, patience));
  std::set<model::DeliveredRow> open;
  for (const store::KeptQuarantine& kept : left) {
    open.insert({kept.delivery, kept.row.dataset, kept.row.raw_row});
  }
  return open.size();
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
    rows[row.delivery].push_back(row);
    all.push_back(row);
  }
  FANSIPAN_RETURN_IF_ERROR(CheckWork(found, decision.verdict));
  if (decision.verdict == QuarantineVerdict::kAccepted) {
    FANSIPAN_RETURN_IF_ERROR(CheckAcceptable(all, parts, patience));
  }
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

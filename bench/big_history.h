#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/value.h"

namespace fansipan::bench {

/// One version of a case, as the case system would send it.
struct CaseRow {
  std::uint64_t key = 0;
  std::uint32_t procedure = 0;
  std::uint32_t commune = 0;
  std::uint32_t agency = 0;
  std::uint32_t field = 0;
  std::uint32_t channel = 0;
  std::uint32_t service_level = 0;
  std::uint32_t applicant = 0;
  std::uint32_t payment = 0;
  std::uint32_t status = 0;
  base::Timestamp received_at;
  base::Timestamp due_at;
  std::optional<base::Timestamp> closed_at;
  base::Timestamp updated_at;
  std::int64_t fee = 0;
};

std::string CaseNumber(std::uint64_t key);
/// In the order of the dataset's columns.
model::Row ToRow(const CaseRow& row);
inline constexpr char kCsvHeader[] =
    "case_number,procedure_code,commune_code,agency_code,field,channel,service_level,applicant,"
    "payment,status,received_at,due_at,closed_at,updated_at,fee,processing_hours\n";
void AppendCsv(const CaseRow& row, std::string& csv);

/// How much history there is, and when it was.
struct HistoryShape {
  std::uint64_t keys = 0;
  std::uint64_t deliveries = 0;
  base::Timestamp start;
  base::Timestamp end;

  /// Scale 1: ten million keys over three years before `end`, five versions each.
  static HistoryShape Of(double scale, base::Timestamp end);
};

/// The case system's history: each key is filed in the window of time of one delivery, goes on in
/// later ones, is closed mostly, and one row in five corrects a case of any age. Every row follows
/// from its key and delivery, so that two histories of one shape are the same. Safe from any
/// thread.
class BigHistory {
 public:
  explicit BigHistory(HistoryShape shape) : shape_(shape) {}

  const HistoryShape& shape() const { return shape_; }
  base::Timestamp StartOf(std::uint64_t delivery) const;
  base::Timestamp EndOf(std::uint64_t delivery) const { return StartOf(delivery + 1); }
  std::vector<CaseRow> Rows(std::uint64_t delivery) const;

  /// What comes after the history: `count` rows updated at `moment`, all of different keys, the
  /// share `fresh` of them filed just now. `batch` counts up from 0 and must not come twice.
  std::vector<CaseRow> NextRows(std::uint64_t batch, std::size_t count, base::Timestamp moment,
                                double fresh) const;

  /// The key's newest version at the end of the history, corrections aside.
  CaseRow LastOf(std::uint64_t key) const { return VersionAt(key, shape_.deliveries - 1); }
  /// A case filed just now in the commune.
  CaseRow NewCase(std::uint64_t number, std::uint32_t commune, base::Timestamp moment) const;

 private:
  std::uint64_t keys_per_delivery() const { return shape_.keys / shape_.deliveries; }
  std::uint64_t BirthOf(std::uint64_t key) const { return key / keys_per_delivery(); }
  base::Timestamp MomentIn(std::uint64_t delivery, std::uint64_t hash) const;
  CaseRow BaseOf(std::uint64_t key, base::Timestamp received_at) const;
  CaseRow VersionAt(std::uint64_t key, std::uint64_t delivery) const;

  const HistoryShape shape_;
};

}  // namespace fansipan::bench

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "center/center.h"
#include "center/source_contract.h"
#include "model/contracts/contract.h"
#include "model/record.h"
#include "sources/contract/told_totals.h"

namespace fansipan::sources {

struct Candidate;

/// Counts on the way of a delivery's candidates what is to be held against what its source told.
/// Costs nothing where the source declares no control totals. Belongs to one delivery; `source` and
/// `told` outlive it.
class ControlTally {
 public:
  ControlTally(const center::Source& source, const ToldTotals& told);

  /// The candidates and versions that follow are of this dataset.
  void Begin(const model::Dataset& dataset);
  void Arrived(const Candidate& candidate);
  /// It is set aside.
  void SetAside(const Candidate& candidate);
  void SetAside(const model::Version& version);
  /// It is sound: accepted, or known already.
  void Accepted(const model::Version& version);

  /// Nothing where the source declares no control totals. `counts` and `quarantined` are those of
  /// the delivery, as far as they are known; TakeBack brings in what became known later. What is
  /// told is held against what came and was accepted wherever it was told: a total that was not
  /// told hides no difference of another.
  std::optional<model::ControlTotals> Reconcile(
      const model::DeliveryCounts& counts,
      const std::vector<model::QuarantinedRow>& quarantined) const;

 private:
  struct Sum {
    std::size_t index = 0;   ///< among the declared ones
    std::size_t column = 0;  ///< of the dataset
  };
  void NoteSetAside(const std::vector<std::uint32_t>& raw_rows, std::string shown_key);
  void ForgetKey(const model::Row& values);
  std::string ShownKeyOf(const Candidate& candidate) const;
  std::uint64_t CountSetAside(const std::vector<model::QuarantinedRow>& quarantined) const;
  void NameSetAside(const std::vector<model::QuarantinedRow>& quarantined,
                    model::ControlTotals& totals) const;
  void NameNotSent(model::ControlTotals& totals) const;
  std::optional<std::string> NumberAt(std::size_t index) const;
  void ReadTold(model::ControlTotals& totals) const;
  bool IsAllTold(const model::ControlTotals& totals) const;

  const ToldTotals& told_;
  const center::ControlTotals* declared_ = nullptr;  ///< null: none
  const model::Dataset* dataset_ = nullptr;
  bool keeps_keys_ = false;       ///< the dataset's keys are told
  bool hides_told_keys_ = false;  ///< they are personal
  std::vector<Sum> sums_;         ///< of the dataset
  std::vector<model::ControlSum> totals_;
  std::vector<std::uint32_t> rows_set_aside_;             ///< raw rows of candidates, in any order
  std::map<std::uint32_t, std::string> shown_set_aside_;  ///< raw row → key, of those named at most
  std::unordered_set<std::string_view> expected_keys_;    ///< told, and of no candidate so far
};

/// Takes a version out of what was accepted, which the committer puts aside; sets the outcome anew.
/// `aside` tells of each raw row (1-based) of the delivery whether it is set aside, and learns
/// those of the version.
void TakeBack(const model::Version& version, const model::Dataset& dataset, std::string_view reason,
              std::vector<bool>& aside, model::ControlTotals& totals);

}  // namespace fansipan::sources

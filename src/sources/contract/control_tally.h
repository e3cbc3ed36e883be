#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "center/center.h"
#include "center/source_contract.h"
#include "model/contracts/contract.h"
#include "model/record.h"
#include "sources/contract/told_totals.h"

namespace fansipan::sources {

struct Candidate;

/// Counts on the way of a delivery's candidates what is to be held against what its source told.
/// Costs nothing where the source declares no control totals. Belongs to one delivery.
class ControlTally {
 public:
  explicit ControlTally(const center::Source& source);

  /// The candidates and versions that follow are of this dataset.
  void Begin(const model::Dataset& dataset);
  void Arrived(const Candidate& candidate);
  /// It is set aside.
  void SetAside(const Candidate& candidate);
  void SetAside(const model::Version& version);
  /// It is sound: accepted, or known already.
  void Accepted(const model::Version& version);

  /// Nothing where the source declares no control totals. `counts` and `quarantined` are those of
  /// the delivery, as far as they are known; Recount brings in what became known later.
  std::optional<model::ControlTotals> Reconcile(
      const ToldTotals& told, const model::DeliveryCounts& counts,
      const std::vector<model::QuarantinedRow>& quarantined) const;

 private:
  struct Sum {
    std::size_t index = 0;   ///< among the declared ones
    std::size_t column = 0;  ///< of the dataset
  };
  std::string KeyOf(const Candidate& candidate) const;
  std::string KeyOf(const model::Row& values) const;
  bool IsKeyPersonal() const;
  void NameSetAside(const std::vector<model::QuarantinedRow>& quarantined,
                    model::ControlTotals& totals) const;
  void NameNotSent(const ToldTotals& told, model::ControlTotals& totals) const;
  std::optional<std::string> NumberAt(const ToldTotals& told, std::size_t index) const;
  void ReadTold(const ToldTotals& told, model::ControlTotals& totals) const;
  bool IsAllTold(const ToldTotals& told, const model::ControlTotals& totals) const;

  const center::ControlTotals* declared_ = nullptr;  ///< null: none
  const model::Dataset* dataset_ = nullptr;
  bool keeps_keys_ = false;       ///< the dataset's keys are told
  bool hides_told_keys_ = false;  ///< they are personal
  std::vector<Sum> sums_;         ///< of the dataset
  std::vector<model::ControlSum> totals_;
  std::map<std::uint32_t, std::string> set_aside_;  ///< raw row → key
  std::set<std::string, std::less<>> accepted_keys_;
  std::set<std::string, std::less<>> set_aside_keys_;
};

/// Sets the outcome anew once the committer has put further rows aside.
void Recount(const std::vector<model::QuarantinedRow>& quarantined, model::ControlTotals& totals);

}  // namespace fansipan::sources

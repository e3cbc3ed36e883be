#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/province/state_budget/projects.h"

namespace fansipan::simulation::budget {

/// What an owner of projects states of a plan year until the end of a month.
struct OwnerStatement {
  std::string agency_code;
  std::chrono::year_month month;
  int plan_year = 0;
  Tenths paid_to_date = 0;
  Tenths expected = 0;  ///< to be disbursed by 31 January
  bool is_estimate = false;
  std::string signer;
  std::string note;
};

/// The statements of one plan year and month. Owners state what the treasury booked, but for the
/// one whose figures contradict it from September to November, and mends them in January.
class Statements {
 public:
  Statements(const Projects& projects, std::uint64_t seed) : projects_(projects), seed_(seed) {}

  /// What owners send first: some only an estimate yet.
  std::vector<OwnerStatement> First(int plan_year, std::chrono::year_month month) const;
  /// What follows two working days later: those of whom it was an estimate, and the Department of
  /// Finance's total for the province.
  std::vector<OwnerStatement> Second(int plan_year, std::chrono::year_month month) const;
  /// The months that the contradicting owner takes back.
  std::vector<OwnerStatement> Mended(int plan_year) const;

 private:
  std::vector<OwnerStatement> Reconciled(int plan_year, std::chrono::year_month month) const;
  std::uint64_t DrawsOf(std::string_view agency_code) const;
  bool IsEstimatedFirst(const OwnerStatement& statement) const;

  const Projects& projects_;
  std::uint64_t seed_;
};

/// NDJSON as the reporting portal sends it, all rows at one moment (`sent_at`, RFC 3339).
std::string EncodeStatements(std::span<const OwnerStatement> statements,
                             const std::string& sent_at);

}  // namespace fansipan::simulation::budget

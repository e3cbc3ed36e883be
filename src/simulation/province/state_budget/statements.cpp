#include "simulation/province/state_budget/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "simulation/internal/dice.h"
#include "simulation/province/state_budget/tables.h"

namespace fansipan::simulation::budget {

using internal::Dice;
using internal::MixSeeds;

namespace {

constexpr std::uint64_t kStatementDraws = 0xB0D6E70021U;
constexpr std::string_view kProvinceAgency = "000.00.00.H38";
/// What is stated of 100 that the treasury has.
constexpr double kOverstated = 1.12;

bool IsOverstated(int plan_year, std::chrono::year_month month) {
  const auto number = static_cast<unsigned>(month.month());
  return static_cast<int>(month.year()) == plan_year && number >= 9 && number <= 11;
}

}  // namespace

std::uint64_t Statements::DrawsOf(std::string_view agency_code) const {
  std::uint64_t draws = MixSeeds(seed_, kStatementDraws);
  for (const char c : agency_code) draws = MixSeeds(draws, static_cast<unsigned char>(c));
  return draws;
}

std::vector<OwnerStatement> Statements::Reconciled(int plan_year,
                                                   std::chrono::year_month month) const {
  std::map<std::string, OwnerStatement> owners;
  for (const PlanLine& line : projects_.LinesOf(plan_year, month)) {
    if (line.fund == Fund::kCarriedOver) continue;
    OwnerStatement& statement = owners[line.agency_code];
    statement.paid_to_date += line.paid_to_date;
    statement.expected += line.adjusted;
  }
  const std::string contradicting = projects_.ContradictingOwner(plan_year);
  std::vector<OwnerStatement> statements;
  for (auto& [code, statement] : owners) {
    statement.agency_code = code;
    statement.month = month;
    statement.plan_year = plan_year;
    statement.signer = code.ends_with(".99.H38") ? "Chủ tịch UBND" : "Thủ trưởng đơn vị";
    statement.expected = ShareOf(statement.expected, Dice(DrawsOf(code)).Spread(0.94, 1.0));
    if (code == contradicting && IsOverstated(plan_year, month)) {
      statement.paid_to_date = ShareOf(statement.paid_to_date, kOverstated);
    }
    statements.push_back(statement);
  }
  return statements;
}

bool Statements::IsEstimatedFirst(const OwnerStatement& statement) const {
  const auto step = static_cast<std::uint64_t>(StepOf(statement.plan_year, statement.month));
  return Dice(MixSeeds(DrawsOf(statement.agency_code), step)).Chance(0.15);
}

std::vector<OwnerStatement> Statements::First(int plan_year, std::chrono::year_month month) const {
  std::vector<OwnerStatement> statements = Reconciled(plan_year, month);
  for (OwnerStatement& statement : statements) {
    if (!IsEstimatedFirst(statement)) continue;
    statement.is_estimate = true;
    statement.paid_to_date = ShareOf(statement.paid_to_date, 0.996);
    statement.note = "Số ước, chưa đối chiếu với Kho bạc";
  }
  return statements;
}

std::vector<OwnerStatement> Statements::Second(int plan_year, std::chrono::year_month month) const {
  std::vector<OwnerStatement> statements = Reconciled(plan_year, month);
  OwnerStatement province{.agency_code = std::string(kProvinceAgency),
                          .month = month,
                          .plan_year = plan_year,
                          .signer = "Giám đốc Sở Tài chính"};
  for (const OwnerStatement& statement : statements) {
    province.paid_to_date += statement.paid_to_date;
    province.expected += statement.expected;
  }
  std::erase_if(statements, [&](const auto& statement) { return !IsEstimatedFirst(statement); });
  statements.push_back(province);
  return statements;
}

std::vector<OwnerStatement> Statements::Mended(int plan_year) const {
  const std::string contradicting = projects_.ContradictingOwner(plan_year);
  std::vector<OwnerStatement> mended;
  for (unsigned number = 9; number <= 11; ++number) {
    const auto month = std::chrono::year{plan_year} / std::chrono::month{number};
    for (OwnerStatement& statement : Reconciled(plan_year, month)) {
      if (statement.agency_code != contradicting) continue;
      statement.paid_to_date = ShareOf(statement.paid_to_date, 1 / kOverstated);
      statement.note = "Đính chính sau đối chiếu với Kho bạc";
      mended.push_back(statement);
    }
  }
  return mended;
}

std::string EncodeStatements(std::span<const OwnerStatement> statements,
                             const std::string& sent_at) {
  std::string text;
  for (const OwnerStatement& statement : statements) {
    text += fmt::format(
        R"({{"maCoQuan":"{}","kyBaoCao":"{}","namKeHoach":{},"giaiNganLuyKe":"{}","uocCaNam":"{}","mucDo":"{}","nguoiKy":"{}")",
        statement.agency_code, MonthText(statement.month), statement.plan_year,
        VietnameseText(statement.paid_to_date), VietnameseText(statement.expected),
        statement.is_estimate ? "uoc" : "doichieu", statement.signer);
    if (!statement.note.empty()) text += fmt::format(R"(,"ghiChu":"{}")", statement.note);
    text += fmt::format(",\"guiLuc\":\"{}\"}}\n", sent_at);
  }
  return text;
}

}  // namespace fansipan::simulation::budget

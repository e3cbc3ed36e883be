#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/internal/workbook_writer.h"
#include "simulation/province/statistics_text.h"

namespace fansipan::simulation::socio {

/// The yearly review of poor and near-poor households, commune by commune; before July 2025 of the
/// old communes. A pure function of the province.
class PovertyReviews {
 public:
  explicit PovertyReviews(const Province& province);

  static constexpr int kFirstYear = 2023;
  /// A sheet with a two-row header and the number of its rows below.
  internal::WorkbookSheet Sheet(int year, bool final, base::Timestamp sent) const;
  SystemDelivery Review(int year, bool final, base::Timestamp sent) const;
  /// The commune whose poor became more that year, while elsewhere they become fewer.
  std::string GrownPoorer(int year) const;

 private:
  struct Line {
    std::string code;
    std::int64_t reviewed = 0;
    std::int64_t poor = 0;
    std::int64_t near_poor = 0;
  };
  double RateOf(std::size_t commune, int year) const;
  Line LineOf(std::string code, std::int64_t reviewed, double rate, int year, bool final) const;
  std::vector<Line> LinesOf(std::size_t commune, int year, bool final) const;
  std::vector<Line> AllLines(int year, bool final) const;

  Province province_;
  std::vector<std::int64_t> households_;  ///< by commune
};

}  // namespace fansipan::simulation::socio

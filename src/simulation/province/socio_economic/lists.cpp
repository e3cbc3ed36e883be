#include "simulation/province/socio_economic/lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "simulation/internal/dice.h"
#include "simulation/province/commune_origins.h"
#include "simulation/province/inhabitants.h"
#include "simulation/province/socio_economic/reports.h"

namespace fansipan::simulation::socio {
namespace {

using internal::Dice;

constexpr std::string_view kRegisterHeader = "Mã xã;Kết quả;Từ ngày;Đến ngày;Quyết định;Cập nhật\n";
constexpr std::string_view kRankingHeader =
    "Chỉ số;Kỳ;Mã địa bàn;Năm công bố;Điểm;Hạng;Số tỉnh;Ngày công bố;Nguồn\n";
constexpr double kRecognised = 0.45;
constexpr double kAdvanced = 0.1;
constexpr double kRecognisedEachYear = 0.04;

/// At the merger: below kAdvanced of the advanced standard, below kRecognised of the standard, else
/// not yet; every year a share of kRecognisedEachYear more.
double PlaceOf(const Province& province, const Commune& commune) {
  Dice dice(SeedOf(province.seed, "new rural " + commune.code));
  return dice.Unit();
}

bool IsWard(const Commune& commune) {
  const CommuneOrigin* origin = FindOrigin(commune.code);
  return origin != nullptr && origin->ward;
}

SystemDelivery Table(std::string source, std::string file, std::string_view header) {
  SystemDelivery delivery;
  delivery.source = std::move(source);
  delivery.media_type = "text/csv";
  delivery.file_name = std::move(file);
  delivery.body = header;
  return delivery;
}

struct Ranking {
  std::string_view index;
  double low = 0;
  double high = 0;
  int decimals = 2;
};
constexpr auto kRankings = std::to_array<Ranking>(
    {{"PCI", 64, 70, 2}, {"PAPI", 41, 45, 2}, {"PAR Index", 85, 91, 2}, {"DTI", 0.7, 0.77, 4}});

std::string WithComma(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  std::ranges::replace(text, '.', ',');
  return text;
}

}  // namespace

SystemDelivery NewRuralRegister(const Province& province, base::Timestamp sent) {
  SystemDelivery delivery = Table("new_rural_register", "nong_thon_moi_2025.csv", kRegisterHeader);
  const std::string updated = DayAndTime(province.zone, sent);
  for (const Commune& commune : province.places.communes) {
    if (IsWard(commune)) continue;
    const double place = PlaceOf(province, commune);
    const bool reached = place < kRecognised;
    fmt::format_to(std::back_inserter(delivery.body), "{};{};01/07/2025;;{};{}\n", commune.code,
                   place < kAdvanced ? "nâng cao"
                   : reached         ? "đạt chuẩn"
                                     : "chưa đạt",
                   reached ? "Quyết định minh họa" : "", updated);
    ++delivery.rows;
  }
  return delivery;
}

SystemDelivery NewRuralRecognised(const Province& province, int year, base::Timestamp sent) {
  SystemDelivery delivery =
      Table("new_rural_register", fmt::format("nong_thon_moi_{}.csv", year), kRegisterHeader);
  const std::string updated = DayAndTime(province.zone, sent);
  const std::string day = fmt::format("20/12/{}", year);
  const double from = kRecognised + kRecognisedEachYear * (year - 2025);
  for (const Commune& commune : province.places.communes) {
    const double place = PlaceOf(province, commune);
    if (IsWard(commune) || place < from || place >= from + kRecognisedEachYear) continue;
    fmt::format_to(std::back_inserter(delivery.body),
                   "{0};chưa đạt;01/07/2025;{1};;{2}\n{0};đạt chuẩn;{1};;Quyết định minh họa;{2}\n",
                   commune.code, day, updated);
    delivery.rows += 2;
  }
  return delivery;
}

SystemDelivery PublishedRankings() {
  SystemDelivery delivery = Table("published_rankings", "xep_hang_da_cong_bo.csv", kRankingHeader);
  delivery.body +=
      "PAPI;2020;10;2021;42,96;27;63;14/04/2021;CECODES và UNDP\n"
      "PCI;2024;10;2025;68,56;23;63;06/05/2025;VCCI\n"
      "DTI;2024;15;2025;0,7167;14;34;21/10/2025;Bộ Khoa học và Công nghệ\n";
  delivery.rows = 3;
  return delivery;
}

SystemDelivery RankingEdition(const Province& province, std::string_view index, int year,
                              base::Timestamp sent) {
  const Ranking& ranking = *std::ranges::find(kRankings, index, &Ranking::index);
  Dice dice(SeedOf(internal::MixSeeds(province.seed, static_cast<std::uint64_t>(year)), index));
  std::string name(index);
  std::ranges::replace(name, ' ', '_');
  SystemDelivery delivery =
      Table("ranking_editions", fmt::format("{}_{}.csv", name, year - 1), kRankingHeader);
  const double score = dice.Spread(ranking.low, ranking.high);
  const std::int64_t place = dice.Between(7, 22);
  const std::string day = DayAndTime(province.zone, sent).substr(0, 10);
  delivery.body += fmt::format("{};{};15;{};{};{};34;{};Số liệu mô phỏng\n", index, year - 1, year,
                               WithComma(score, ranking.decimals), place, day);
  delivery.rows = 1;
  return delivery;
}

SystemDelivery PublishedGrowth(const base::TimeZone& zone, base::Timestamp sent) {
  const auto growth = [](std::string area, std::string period, double value, std::string note) {
    return Observation{.area = std::move(area),
                       .indicator = "GRDP_TOTAL_GROWTH",
                       .period = std::move(period),
                       .value = value,
                       .decimals = 2,
                       .status = 'E',
                       .unit = "PT",
                       .note = std::move(note)};
  };
  return SdmxMessage(
      "published_figures", "grdp_da_cong_bo.csv",
      {growth("10", "2024", 7.38, "Tỉnh ủy Lào Cai (CafeF 24/12/2024)"),
       growth("10", "2025-Q1", 5.56, "UBND tỉnh Lào Cai (Thương hiệu và Công luận 2025)"),
       growth("15", "2025", 8.5, "UBND tỉnh Lào Cai (TTXVN 05/01/2026)")},
      zone, {sent, ""});
}

}  // namespace fansipan::simulation::socio

#include "simulation/province/healthcare/facilities.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>

#include "simulation/internal/dice.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation::healthcare {
namespace {

using internal::Dice;
using internal::MixSeeds;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::weeks;

constexpr std::uint64_t kFacilitySeed = 0x666163696C697479;
constexpr const char* kProvinceCode = "15";
constexpr std::size_t kProvincialHospitals = 5;
constexpr std::size_t kPrivateHospitals = 1;
constexpr std::size_t kRegionalCenters = 16;
constexpr int kLeastForIntensiveCare = 100;
constexpr int kCrowdedWeeks = 13;
constexpr std::int64_t kFirstQuarterYear = 2025;  // its third quarter is the first after the merger

constexpr std::string_view kRegisterHeader =
    "ma_co_so,ten_co_so,loai,ma_xa,vi_do,kinh_do,giuong_ke_hoach,giuong_thuc_ke,bac_si,duoc_si,"
    "dieu_duong,nhan_luc,tu_ngay,den_ngay,cap_nhat_luc\n";
constexpr std::string_view kInsuranceHeader =
    "ma_don_vi,quy,muc_do,so_nguoi,nguoi_ky,ghi_chu,lap_luc\n";

int Rounded(double number) { return static_cast<int>(std::lround(number)); }

std::uint64_t CountOf(LocalDay day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

std::string_view NameOf(FacilityKind kind) {
  switch (kind) {
    case FacilityKind::kProvincialHospital:
      return "Bệnh viện tuyến tỉnh mô phỏng";
    case FacilityKind::kRegionalCenter:
      return "Trung tâm Y tế khu vực mô phỏng";
    case FacilityKind::kCommuneStation:
      return "Trạm Y tế mô phỏng";
    case FacilityKind::kPrivateHospital:
      return "Bệnh viện tư nhân mô phỏng";
  }
  return "";
}

/// "22,498890"; nothing when it is not known.
std::string CoordinateText(double degrees) {
  if (degrees == 0) return {};
  std::string text = fmt::format("{:.6f}", degrees);
  std::ranges::replace(text, '.', ',');
  return "\"" + text + "\"";
}

/// "12.345" as Vietnamese offices write it.
std::string ThousandsText(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ".");
  }
  return text;
}

LocalDay DateOf(std::int64_t year, unsigned month, unsigned day) {
  return LocalDay(std::chrono::year(static_cast<int>(year)) / std::chrono::month(month) /
                  std::chrono::day(day));
}

/// Fewer come at weekends and at Tết, more on Mondays.
double ComeOn(LocalDay day, FacilityKind kind) {
  if (IsTet(day)) return 0.3;
  const std::chrono::weekday weekday(day);
  if (weekday == std::chrono::Monday) return 1.2;
  const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
  if (!weekend) return 1;
  return kind == FacilityKind::kCommuneStation ? 0.2 : 0.45;
}

struct Treatment {
  int visits = 0;
  int insured = 0;
  int admissions = 0;
  int referrals = 0;
};

Treatment TreatmentOf(const Facility& facility, LocalDay day, Dice& dice) {
  const bool station = facility.kind == FacilityKind::kCommuneStation;
  const bool center = facility.kind == FacilityKind::kRegionalCenter;
  const double usual = station ? facility.people / 1'200 : facility.beds * (center ? 1.1 : 0.9);
  Treatment treatment;
  treatment.visits = Rounded(usual * ComeOn(day, facility.kind) * dice.Spread(0.85, 1.15));
  treatment.insured = Rounded(treatment.visits * dice.Spread(0.88, 0.95));
  treatment.admissions = station ? 0 : Rounded(treatment.visits * dice.Spread(0.1, 0.14));
  const double referred = station ? 0.08 : center ? 0.05 : 0.012;
  treatment.referrals = Rounded(treatment.visits * referred * dice.Spread(0.7, 1.3));
  return treatment;
}

}  // namespace

Facilities::Facilities(const Province& province)
    : seed_(MixSeeds(province.seed, kFacilitySeed)),
      places_(province.places),
      people_(InhabitantsOf(province)) {
  std::vector<std::size_t> by_people(places_.communes.size());
  std::iota(by_people.begin(), by_people.end(), std::size_t{0});
  std::ranges::stable_sort(by_people, std::greater<>(),
                           [&](std::size_t commune) { return people_[commune]; });
  AddHospitals(by_people);
  for (std::size_t i = 0; i < places_.communes.size(); ++i) {
    Add(FacilityKind::kCommuneStation, i, static_cast<int>(100 + i), 0);
  }
}

/// Hospitals in the two largest communes, medical centers evenly in the others.
void Facilities::AddHospitals(const std::vector<std::size_t>& by_people) {
  Dice dice(MixSeeds(seed_, 1));
  int number = 1;
  for (std::size_t i = 0; i < kProvincialHospitals + kPrivateHospitals; ++i) {
    const bool is_public = i < kProvincialHospitals;
    const std::size_t commune = by_people[i % std::min<std::size_t>(2, by_people.size())];
    const auto beds = static_cast<int>(is_public ? dice.Between(25, 70) : dice.Between(6, 10)) * 10;
    Add(is_public ? FacilityKind::kProvincialHospital : FacilityKind::kPrivateHospital, commune,
        number++, beds);
  }
  const std::size_t others = by_people.size() > 2 ? by_people.size() - 2 : 0;
  const std::size_t centers = std::min(kRegionalCenters, others);
  for (std::size_t i = 0; i < centers; ++i) {
    const auto beds = static_cast<int>(dice.Between(9, 22)) * 10;
    Add(FacilityKind::kRegionalCenter, by_people[2 + i * others / centers], number++, beds);
  }
}

void Facilities::Add(FacilityKind kind, std::size_t commune, int number, int beds) {
  Facility facility;
  facility.code = fmt::format("{}{:03}", kProvinceCode, number);
  facility.kind = kind;
  facility.name = fmt::format("{} {}", NameOf(kind), facility.code);
  facility.commune = commune;
  facility.people = static_cast<double>(people_[commune]);
  Dice dice(SeedOf(seed_, facility.code));
  facility.beds_planned = beds;
  facility.beds = Rounded(beds * dice.Spread(1.02, 1.2));
  const bool station = kind == FacilityKind::kCommuneStation;
  facility.doctors = station ? static_cast<int>(dice.Between(1, 3))
                             : Rounded(facility.beds * dice.Spread(0.22, 0.3));
  facility.pharmacists = station ? static_cast<int>(dice.Between(0, 1))
                                 : Rounded(facility.beds * dice.Spread(0.03, 0.06));
  facility.nurses = station ? static_cast<int>(dice.Between(3, 7))
                            : Rounded(facility.beds * dice.Spread(0.5, 0.65));
  const int treating = facility.doctors + facility.pharmacists + facility.nurses;
  facility.staff = Rounded(treating * dice.Spread(1.25, 1.5)) + 1;
  facilities_.push_back(std::move(facility));
}

const std::string& Facilities::CommuneOf(const Facility& facility) const {
  return places_.communes[facility.commune].code;
}

/// Medical centers of every fourth number got more beds on 1 January 2026.
Table Facilities::Register(LocalDay day) const {
  const LocalDay more_since = DateOf(2026, 1, 1);
  Table table{std::string(kRegisterHeader), 0};
  for (std::size_t i = 0; i < facilities_.size(); ++i) {
    const Facility& facility = facilities_[i];
    const Commune& place = places_.communes[facility.commune];
    const auto append = [&](int planned, int beds, LocalDay from, const std::string& until,
                            LocalDay told) {
      fmt::format_to(std::back_inserter(table.text),
                     "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{} 08:00\n", facility.code,
                     facility.name, static_cast<int>(facility.kind), place.code,
                     CoordinateText(place.latitude), CoordinateText(place.longitude), planned, beds,
                     facility.doctors, facility.pharmacists, facility.nurses, facility.staff,
                     DayText(from), until, DayText(told));
      ++table.rows;
    };
    const bool more = facility.kind == FacilityKind::kRegionalCenter && i % 4 == 0;
    if (!more || day < more_since) {
      append(facility.beds_planned, facility.beds, kMergerDay, "", kMergerDay);
      continue;
    }
    append(facility.beds_planned - 20, facility.beds - 20, kMergerDay, DayText(more_since),
           more_since);
    append(facility.beds_planned, facility.beds, more_since, "", more_since);
  }
  return table;
}

LocalDay Facilities::CrowdedSince(LocalDay day) {
  const auto blocks = (day - kStoriesFrom).count() / (7 * kCrowdedWeeks);
  return kStoriesFrom + weeks(blocks * kCrowdedWeeks);
}

const Facility* Facilities::FindCrowded(LocalDay day) const {
  if (day < kStoriesFrom) return nullptr;
  std::vector<const Facility*> centers;
  for (const Facility& facility : facilities_) {
    if (facility.kind == FacilityKind::kRegionalCenter) centers.push_back(&facility);
  }
  if (centers.empty()) return nullptr;
  return centers[MixSeeds(seed_, CountOf(CrowdedSince(day))) % centers.size()];
}

double Facilities::OccupancyOf(const Facility& facility, base::LocalTime hour) const {
  const LocalDay day = DayOf(hour);
  Dice usual(SeedOf(seed_, facility.code + "beds"));
  Dice of_day(MixSeeds(SeedOf(seed_, facility.code), CountOf(day)));
  const double level = FindCrowded(day) == &facility ? 1.2 : usual.Spread(0.7, 0.9);
  const double turn = 2 * std::numbers::pi * (hour - day) / hours(24);
  const double wave = 0.012 * std::sin(turn);
  if (FindCrowded(day) == &facility) return level + of_day.Spread(-0.03, 0.03) + wave;
  const double tet = IsTet(day) ? 0.65 : 1;
  return std::clamp(level * tet + of_day.Spread(-0.03, 0.03) + wave, 0.1, 0.98);
}

Table Facilities::BedsAt(base::LocalTime hour) const {
  Table table;
  for (const Facility& facility : facilities_) {
    if (facility.beds == 0) continue;
    const int used = Rounded(facility.beds * OccupancyOf(facility, hour));
    const int intensive = facility.beds < kLeastForIntensiveCare ? 0 : facility.beds / 16;
    const int intensive_used = std::min(intensive, Rounded(intensive * 0.8 * used / facility.beds));
    fmt::format_to(std::back_inserter(table.text),
                   R"({{"maCoSo":"{}","loaiCoSo":{},"maXa":"{}","ngay":"{}","thoiDiem":"{}",)"
                   R"("giuongMo":{},"giuongSuDung":{},"giuongHoiSuc":{},"giuongHoiSucSuDung":{}}})"
                   "\n",
                   facility.code, static_cast<int>(facility.kind), CommuneOf(facility),
                   IsoDay(DayOf(hour)), IsoMoment(hour), facility.beds, used, intensive,
                   intensive_used);
    ++table.rows;
  }
  return table;
}

Table Facilities::TreatedOn(LocalDay day, base::LocalTime sent) const {
  Table table;
  for (const Facility& facility : facilities_) {
    Dice dice(MixSeeds(SeedOf(seed_, facility.code + "visits"), CountOf(day)));
    const Treatment treatment = TreatmentOf(facility, day, dice);
    fmt::format_to(std::back_inserter(table.text),
                   R"({{"maCoSo":"{}","loaiCoSo":{},"maXa":"{}","ngay":"{}","luotKham":{},)"
                   R"("luotKhamBHYT":{},"luotNhapVien":{},"luotChuyenTuyen":{},"guiLuc":"{}"}})"
                   "\n",
                   facility.code, static_cast<int>(facility.kind), CommuneOf(facility), IsoDay(day),
                   treatment.visits, treatment.insured, treatment.admissions, treatment.referrals,
                   IsoMoment(sent));
    ++table.rows;
  }
  return table;
}

std::int64_t Facilities::InsuredIn(std::size_t commune, int quarter) const {
  Dice dice(SeedOf(seed_, places_.communes[commune].code + "insured"));
  const double coverage = std::min(0.995, dice.Spread(0.9, 0.98) + 0.002 * quarter);
  return std::llround(static_cast<double>(people_[commune]) * coverage);
}

/// A quarter is stated on the 10th of the next month, and once more, for good, on the 25th.
Table Facilities::InsuredBefore(LocalDay day) const {
  Table table{std::string(kInsuranceHeader), 0};
  for (int quarter = 0;; ++quarter) {
    const std::int64_t year = kFirstQuarterYear + (quarter + 2) / 4;
    const int number = (quarter + 2) % 4 + 1;
    const std::int64_t next_year = number == 4 ? year + 1 : year;
    const unsigned next_month = number == 4 ? 1U : static_cast<unsigned>(number) * 3 + 1;
    if (DateOf(next_year, next_month, 10) >= day) break;
    const auto state = [&](std::string_view vintage, unsigned on, std::int64_t less) {
      const std::string told = DayText(DateOf(next_year, next_month, on)) + " 10:00";
      const auto append = [&](const std::string& code, std::int64_t insured) {
        fmt::format_to(std::back_inserter(table.text), "{},Q{}/{},{},{},{},,{}\n", code, number,
                       year, vintage, ThousandsText(insured), "Giám đốc BHXH tỉnh (mô phỏng)",
                       told);
        ++table.rows;
      };
      std::int64_t all = 0;
      for (std::size_t i = 0; i < places_.communes.size(); ++i) {
        const std::int64_t insured = std::max<std::int64_t>(0, InsuredIn(i, quarter) - less);
        append(places_.communes[i].code, insured);
        all += insured;
      }
      append(kProvinceCode, all);
    };
    state("sơ bộ", 10, 5);
    if (DateOf(next_year, next_month, 25) < day) state("chính thức", 25, 0);
  }
  return table;
}

}  // namespace fansipan::simulation::healthcare

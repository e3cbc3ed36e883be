#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "simulation/province/healthcare/health_time.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::healthcare {

/// In the order of the columns of the weekly report.
enum class Disease : std::uint8_t {
  kCholera,
  kTyphoid,
  kDysentery,
  kHandFootMouth,
  kDengue,
  kMalaria,
  kEncephalitis,
  kMeasles,
  kDiphtheria,
  kPertussis,
  kMumps,
  kChickenpox,
  kInfluenza,
  kRabies,
  kAnthrax,
  kStreptococcusSuis,
  kOther
};
inline constexpr std::size_t kDiseases = 17;

/// Who reports: a commune of today, or one that was merged into it, with its share of the people.
struct Reporter {
  std::string code;
  double people = 0;
};

/// More people ill than usual, in three neighbouring communes: codes follow each other where
/// communes lie beside each other.
struct Outbreak {
  Disease disease = Disease::kMeasles;
  LocalDay first;  ///< a Monday
  int weeks = 0;
  std::size_t commune = 0;  ///< the first of the three
  int least = 0;            ///< cases a week in each of them
  int most = 0;
};

struct Table {
  std::string text;  ///< CSV with its header
  std::size_t rows = 0;
};

/// Weekly reports of notifiable diseases. Each is drawn from seed, code and week alone. Immutable.
class DiseaseWeeks {
 public:
  explicit DiseaseWeeks(const Province& province);

  /// The first Monday of the series.
  static LocalDay begin();
  std::size_t communes() const { return codes_.size(); }
  const std::string& CodeOf(std::size_t commune) const { return codes_[commune]; }
  /// What was reported on `day` of the week before.
  Table ReportedOn(LocalDay day) const;
  /// All weeks of every second commune, begun with `first`, that were reported before `day`.
  Table SeriesBefore(LocalDay day, std::size_t first) const;
  /// Those that go on in the week of `monday`.
  std::vector<Outbreak> OutbreaksIn(LocalDay monday) const;
  /// The communes of an outbreak.
  std::vector<std::size_t> CommunesOf(const Outbreak& outbreak) const;

 private:
  using Cases = std::array<int, kDiseases>;

  std::vector<Reporter> ReportersOf(std::size_t commune, LocalDay monday) const;
  void AppendWeek(std::size_t commune, LocalDay monday, Table& table) const;
  Cases DrawCases(const Reporter& reporter, LocalDay monday) const;
  void AddOutbreaks(std::size_t commune, LocalDay monday, double part, Cases& cases) const;
  /// When a reporter sends its week.
  base::LocalTime SentAt(const std::string& code, LocalDay monday) const;

  std::uint64_t seed_;
  std::vector<std::string> codes_;           ///< of today, sorted
  std::vector<std::vector<Reporter>> now_;   ///< by commune
  std::vector<std::vector<Reporter>> then_;  ///< before the merger
};

}  // namespace fansipan::simulation::healthcare

#include "simulation/province/healthcare_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulation/province/healthcare/disease_weeks.h"
#include "simulation/province/healthcare/facilities.h"
#include "simulation/province/healthcare/health_time.h"

namespace fansipan::simulation {
namespace {

using healthcare::Disease;
using healthcare::DiseaseWeeks;
using healthcare::Facilities;
using healthcare::Facility;
using healthcare::LocalDay;
using healthcare::Outbreak;
using healthcare::Table;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weeks;

constexpr const char* kSystem = "healthcare";
constexpr const char* kRows = "X-Total-Rows";
constexpr const char* kCsv = "text/csv";
constexpr const char* kNdjson = "application/x-ndjson";
// Two weeks hold both halves of the series, and all slow sources.
constexpr days kHistory{14};

/// What falls into the span asked for; bodies are made for that alone.
class Collector {
 public:
  Collector(const base::TimeZone& zone, base::Timestamp from, base::Timestamp until)
      : zone_(zone), from_(from), until_(until) {}

  /// `table` gives what is sent at the local time; nothing is sent that has no rows.
  template <typename Make>
  void Add(base::LocalTime local, SystemDelivery delivery, bool told, const Make& make) {
    delivery.at = zone_.ToUtc(local);
    if (delivery.at < from_ || delivery.at >= until_) return;
    Table table = make();
    if (table.rows == 0) return;
    delivery.body = std::move(table.text);
    delivery.rows = table.rows;
    if (told) delivery.headers[kRows] = std::to_string(table.rows);
    deliveries_.push_back(std::move(delivery));
  }

  std::vector<SystemDelivery> Take() {
    std::ranges::stable_sort(deliveries_, {}, &SystemDelivery::at);
    return std::move(deliveries_);
  }

 private:
  const base::TimeZone& zone_;
  base::Timestamp from_;
  base::Timestamp until_;
  std::vector<SystemDelivery> deliveries_;
};

SystemDelivery Of(const char* source, const char* media_type, std::string file_name = {}) {
  SystemDelivery delivery;
  delivery.source = source;
  delivery.media_type = media_type;
  delivery.file_name = std::move(file_name);
  return delivery;
}

class HealthcareModel final : public SystemModel {
 public:
  explicit HealthcareModel(const Province& province)
      : zone_(province.zone), diseases_(province), facilities_(province) {}

  std::vector<std::string> sources() const override {
    return {"disease_surveillance", "health_facility_register", "health_insurance_statement",
            "health_service_reports", "hospital_beds"};
  }
  base::Duration history() const override { return kHistory; }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    Collector collector(zone_, from, until);
    if (from >= until) return {};
    const LocalDay last = healthcare::DayOf(zone_.ToLocal(until));
    for (LocalDay day = healthcare::DayOf(zone_.ToLocal(from)); day <= last; day += days(1)) {
      if (healthcare::IsMonday(day)) AddWeek(day, collector);
      AddDay(day, collector);
    }
    return collector.Take();
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const auto add = [&](PlantedStory story) {
      const bool known = std::ranges::any_of(
          stories, [&](const PlantedStory& other) { return other.name == story.name; });
      if (!known && story.from < until && story.until > from) stories.push_back(std::move(story));
    };
    LocalDay monday = healthcare::DayOf(zone_.ToLocal(from));
    monday -= std::chrono::weekday(monday) - std::chrono::Monday;
    for (; zone_.ToUtc(base::LocalTime(monday)) < until; monday += weeks(1)) {
      for (const Outbreak& outbreak : diseases_.OutbreaksIn(monday)) add(StoryOf(outbreak));
      if (const Facility* crowded = facilities_.FindCrowded(monday)) {
        add(StoryOf(*crowded, Facilities::CrowdedSince(monday)));
      }
    }
    return stories;
  }

 private:
  /// Slow sources send all they have on Mondays, before work begins.
  void AddWeek(LocalDay day, Collector& collector) const {
    const std::string on = healthcare::IsoDay(day);
    collector.Add(day + hours(4),
                  Of("health_facility_register", kCsv, "danh-muc-co-so-" + on + ".csv"), true,
                  [&] { return facilities_.Register(day); });
    collector.Add(day + hours(4) + minutes(30),
                  Of("health_insurance_statement", kCsv, "bhyt-" + on + ".csv"), true,
                  [&] { return facilities_.InsuredBefore(day); });
    const auto half = static_cast<std::size_t>((day - healthcare::kMergerDay).count() / 7 % 2 != 0);
    collector.Add(day + hours(5) + minutes(30),
                  Of("disease_surveillance", kCsv, "chuoi-so-lieu-" + on + ".csv"), true,
                  [&] { return diseases_.SeriesBefore(day, half); });
  }

  void AddDay(LocalDay day, Collector& collector) const {
    for (int hour = 0; hour < 24; ++hour) {
      const base::LocalTime at = day + hours(hour) + minutes(5);
      collector.Add(at, Of("hospital_beds", kNdjson), false,
                    [&] { return facilities_.BedsAt(at - minutes(5)); });
    }
    const base::LocalTime morning = day + hours(6) + minutes(30);
    collector.Add(morning, Of("health_service_reports", kNdjson), true,
                  [&] { return facilities_.TreatedOn(day - days(1), morning); });
    collector.Add(
        day + hours(16) + minutes(30),
        Of("disease_surveillance", kCsv, "bao-cao-tuan-" + healthcare::IsoDay(day) + ".csv"), true,
        [&] { return diseases_.ReportedOn(day); });
  }

  PlantedStory StoryOf(const Outbreak& outbreak) const {
    const bool measles = outbreak.disease == Disease::kMeasles;
    const auto communes = diseases_.CommunesOf(outbreak);
    PlantedStory story;
    story.name = fmt::format("{}_outbreak_{}", measles ? "measles" : "dengue",
                             healthcare::IsoDay(outbreak.first));
    story.system = kSystem;
    story.indicator = measles ? "measles_excess" : "dengue_excess";
    story.unit = diseases_.CodeOf(communes[communes.size() / 2]);
    story.text = fmt::format(
        "More {} than in the same weeks of the years before, in the neighbouring communes {}, {} "
        "and {}",
        measles ? "measles" : "dengue", diseases_.CodeOf(communes[0]),
        diseases_.CodeOf(communes[1]), diseases_.CodeOf(communes[2]));
    story.from = zone_.ToUtc(base::LocalTime(outbreak.first));
    story.until = zone_.ToUtc(base::LocalTime(outbreak.first + weeks(outbreak.weeks)));
    return story;
  }

  PlantedStory StoryOf(const Facility& crowded, LocalDay since) const {
    PlantedStory story;
    story.name = "crowded_hospital_" + healthcare::IsoDay(since);
    story.system = kSystem;
    story.indicator = "bed_occupancy";
    story.unit = facilities_.CommuneOf(crowded);
    story.text = fmt::format(
        "The regional medical center {} keeps more than 110 % of its beds in "
        "use",
        crowded.code);
    story.from = zone_.ToUtc(base::LocalTime(since));
    story.until = zone_.ToUtc(base::LocalTime(since + weeks(13)));
    return story;
  }

  base::TimeZone zone_;
  DiseaseWeeks diseases_;
  Facilities facilities_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeHealthcareModel(const Province& province) {
  return std::make_unique<HealthcareModel>(province);
}

}  // namespace fansipan::simulation

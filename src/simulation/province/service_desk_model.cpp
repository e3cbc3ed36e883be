#include "simulation/province/service_desk_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/office_hours.h"
#include "simulation/province/service_desk/queue_day.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::LocalDay;
using internal::MixSeeds;
using service_desk::CounterPlace;
using service_desk::DayPlan;
using service_desk::Ticket;
using service_desk::TicketState;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kSource = "queue_system";
// As the sample center has them: the province, and its public administration center.
constexpr const char* kProvinceCode = "15";
constexpr const char* kCenterAgency = "000.00.16.H38";
constexpr double kCenterTickets = 140;
constexpr int kCenterCounters = 6;
constexpr double kMeanTickets = 7;
constexpr double kSmallAreaKm2 = 100;  // wards and towns: more people
constexpr double kTicketsForAStory = 9;
constexpr std::uint64_t kDeskSeed = 0x6465736B;
constexpr minutes kInterval{1};
constexpr base::Duration kClosing = hours(17) + minutes(30);

std::uint64_t NumberOf(LocalDay day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

/// A ticket as it was at a moment.
struct Version {
  base::Timestamp at;
  const Ticket* ticket = nullptr;
  const CounterPlace* place = nullptr;
  TicketState state = TicketState::kWaiting;
};

void AppendMoment(const base::TimeZone& zone, const std::optional<base::Timestamp>& moment,
                  const char* name, std::string& text) {
  if (!moment) {
    text += fmt::format(R"(,"{}":null)", name);
    return;
  }
  const base::LocalTime local = zone.ToLocal(*moment);
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(local - day)};
  const auto offset = std::chrono::duration_cast<minutes>(zone.OffsetAt(*moment)).count();
  text += fmt::format(R"(,"{}":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}")", name,
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), time.hours().count(),
                      time.minutes().count(), time.seconds().count(), offset < 0 ? '-' : '+',
                      std::abs(offset) / 60, std::abs(offset) % 60);
}

void AppendVersion(const Version& version, const base::TimeZone& zone, std::string& text) {
  const Ticket& ticket = *version.ticket;
  const bool is_called = version.state == TicketState::kCalled;
  const bool is_served = version.state == TicketState::kServed;
  const bool is_left = version.state == TicketState::kAbandoned;
  const std::optional<base::Timestamp> none;
  text += fmt::format(R"({{"maPhieu":"{}","maXa":"{}","maCoQuan":"{}")", ticket.number,
                      version.place->unit_code, version.place->agency_code);
  text += is_called || is_served ? fmt::format(R"(,"quay":"{:02}")", ticket.counter)
                                 : std::string(R"(,"quay":null)");
  text += fmt::format(R"(,"linhVuc":"{}","trangThai":{})", ticket.field,
                      static_cast<int>(version.state));
  AppendMoment(zone, ticket.issued_at, "capSoLuc", text);
  AppendMoment(zone, is_called || is_served ? ticket.called_at : none, "goiSoLuc", text);
  AppendMoment(zone, is_served ? ticket.served_at : none, "xongLuc", text);
  AppendMoment(zone, is_left ? ticket.abandoned_at : none, "boVeLuc", text);
  text += is_served && ticket.vote ? fmt::format(R"(,"danhGia":{})", *ticket.vote)
                                   : std::string(R"(,"danhGia":null)");
  AppendMoment(zone, version.at, "capNhatLuc", text);
  text += "}\n";
}

/// What is planted in a month.
struct MonthStories {
  LocalDay slow_morning;
  std::size_t slow_place = 0;
  LocalDay given_up_from;  // a Monday; until its Friday
  std::size_t given_up_place = 0;
};

class ServiceDeskModel : public SystemModel {
 public:
  explicit ServiceDeskModel(const Province& province)
      : seed_(MixSeeds(province.seed, kDeskSeed)),
        hours_(province.zone),
        live_from_(province.live_from) {
    places_.push_back({kProvinceCode, kCenterAgency, true, kCenterCounters, kCenterTickets});
    for (const Commune& commune : province.places.communes) AddCommune(commune);
  }

  std::vector<std::string> sources() const override { return {kSource}; }
  base::Duration history() const override { return days(30); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> deliveries;
    const auto first = std::chrono::floor<days>(hours_.zone().ToLocal(from - kInterval));
    const auto last = std::chrono::floor<days>(hours_.zone().ToLocal(until));
    for (LocalDay day = first; day <= last; day += days(1)) {
      if (service_desk::IsOpen(day)) AppendDay(day, deliveries);
    }
    std::erase_if(deliveries, [&](const SystemDelivery& delivery) {
      return delivery.at < from || delivery.at >= until;
    });
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const std::chrono::year_month_day begins{std::chrono::floor<days>(hours_.zone().ToLocal(from))};
    for (auto month = begins.year() / begins.month(); Utc(LocalDay{month / 1}) < until;
         month += std::chrono::months(1)) {
      for (PlantedStory& story : StoriesOf(month)) {
        if (story.from >= from && story.until <= until) stories.push_back(std::move(story));
      }
    }
    return stories;
  }

 private:
  base::Timestamp Utc(LocalDay day) const { return hours_.zone().ToUtc(base::LocalTime(day)); }

  void AddCommune(const Commune& commune) {
    Dice dice(MixSeeds(seed_, base::FingerprintOf(commune.code).low));
    const bool is_small = commune.area_km2 > 0 && commune.area_km2 < kSmallAreaKm2;
    const double tickets = kMeanTickets * dice.Spread(0.4, 1.5) * (is_small ? 2.2 : 0.9);
    places_.push_back({commune.code, commune.agency_code, false, tickets > 14 ? 3 : 2, tickets});
  }

  /// One of the communes with enough tickets to be judged.
  std::size_t PickPlace(Dice& dice) const {
    const auto last = static_cast<std::int64_t>(places_.size()) - 1;
    auto index = static_cast<std::size_t>(dice.Between(0, last));
    for (int tries = 0; tries < 200; ++tries) {
      const CounterPlace& place = places_[index];
      if (!place.is_center && place.tickets_a_day >= kTicketsForAStory) break;
      index = static_cast<std::size_t>(dice.Between(0, last));
    }
    return index;
  }

  MonthStories PlanMonth(std::chrono::year_month month) const {
    Dice dice(MixSeeds(seed_, NumberOf(LocalDay{month / 1}) + 1'000'000));
    MonthStories stories;
    stories.slow_morning = LocalDay{month / static_cast<unsigned>(dice.Between(2, 24))};
    while (!service_desk::IsOpen(stories.slow_morning)) stories.slow_morning += days(1);
    stories.slow_place = PickPlace(dice);
    stories.given_up_from = LocalDay{month / static_cast<unsigned>(dice.Between(2, 17))};
    while (std::chrono::weekday{stories.given_up_from} != std::chrono::Monday) {
      stories.given_up_from += days(1);
    }
    stories.given_up_place = PickPlace(dice);
    return stories;
  }

  std::vector<PlantedStory> StoriesOf(std::chrono::year_month month) const {
    const MonthStories plan = PlanMonth(month);
    const auto name = [&](const char* what) {
      return fmt::format("{}_{:04}_{:02}", what, static_cast<int>(month.year()),
                         static_cast<unsigned>(month.month()));
    };
    return {{name("slow_morning"), "service_desk", "desk_mean_waiting",
             places_[plan.slow_place].unit_code,
             "one counter is open for a crowd, and people wait for hours in one morning",
             Utc(plan.slow_morning), Utc(plan.slow_morning + days(1))},
            {name("tickets_given_up"), "service_desk", "desk_abandoned_share",
             places_[plan.given_up_place].unit_code,
             "calls come late for a week, and many leave before they are called",
             Utc(plan.given_up_from), Utc(plan.given_up_from + days(5))}};
  }

  std::vector<Ticket> TicketsAt(std::size_t place, LocalDay day, const MonthStories& plan) const {
    const std::uint64_t seed = MixSeeds(MixSeeds(seed_, NumberOf(day)), place);
    const bool is_in_week = day >= plan.given_up_from && day < plan.given_up_from + days(5);
    return service_desk::TicketsOfDay(
        places_[place],
        {day, seed, place == plan.slow_place && day == plan.slow_morning,
         place == plan.given_up_place && is_in_week},
        hours_);
  }

  /// All tickets of the province's places, by place.
  std::vector<std::vector<Ticket>> TicketsOn(LocalDay day) const {
    const std::chrono::year_month_day date{day};
    const MonthStories plan = PlanMonth(date.year() / date.month());
    std::vector<std::vector<Ticket>> tickets;
    tickets.reserve(places_.size());
    for (std::size_t place = 0; place < places_.size(); ++place) {
      tickets.push_back(TicketsAt(place, day, plan));
    }
    return tickets;
  }

  static void AppendVersions(const Ticket& ticket, const CounterPlace& place, bool only_last,
                             std::vector<Version>& versions) {
    if (!only_last) versions.push_back({ticket.issued_at, &ticket, &place, TicketState::kWaiting});
    if (ticket.abandoned_at) {
      versions.push_back({*ticket.abandoned_at, &ticket, &place, TicketState::kAbandoned});
      return;
    }
    if (!only_last) versions.push_back({*ticket.called_at, &ticket, &place, TicketState::kCalled});
    versions.push_back({*ticket.served_at, &ticket, &place, TicketState::kServed});
  }

  void AppendDay(LocalDay day, std::vector<SystemDelivery>& deliveries) const {
    const bool is_past = Utc(day + days(1)) <= live_from_;
    const auto tickets = TicketsOn(day);
    std::vector<Version> versions;
    for (std::size_t place = 0; place < tickets.size(); ++place) {
      for (const Ticket& ticket : tickets[place]) {
        AppendVersions(ticket, places_[place], is_past, versions);
      }
    }
    std::stable_sort(versions.begin(), versions.end(),
                     [](const Version& left, const Version& right) { return left.at < right.at; });
    for (const Version& version : versions) {
      const base::Timestamp at =
          is_past ? Utc(day) + kClosing : std::chrono::floor<minutes>(version.at) + kInterval;
      if (deliveries.empty() || deliveries.back().at != at) {
        deliveries.push_back({.at = at,
                              .source = kSource,
                              .media_type = "application/x-ndjson",
                              .file_name = {},
                              .body = {},
                              .rows = 0,
                              .headers = {}});
      }
      AppendVersion(version, hours_.zone(), deliveries.back().body);
      ++deliveries.back().rows;
    }
  }

  const std::uint64_t seed_;
  const internal::OfficeHours hours_;
  const base::Timestamp live_from_;
  std::vector<CounterPlace> places_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeServiceDeskModel(const Province& province) {
  return std::make_unique<ServiceDeskModel>(province);
}

}  // namespace fansipan::simulation

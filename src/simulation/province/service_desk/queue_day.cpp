#include "simulation/province/service_desk/queue_day.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulation/internal/dice.h"

namespace fansipan::simulation::service_desk {
namespace {

using internal::Dice;
using internal::LocalDay;
using internal::MixSeeds;
using internal::OfficeHours;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kCrowd = 20;
constexpr double kVoteShare = 0.35;
constexpr std::array<std::string_view, 8> kFields = {
    "certification", "civil_status", "land",      "social_protection",
    "business",      "education",    "transport", "construction"};
constexpr std::array<double, 8> kCommuneWeights = {34, 27, 14, 12, 7, 6, 0, 0};
constexpr std::array<double, 8> kCenterWeights = {5, 4, 26, 4, 20, 6, 24, 11};

struct ClosedDays {
  std::chrono::year_month_day first;
  int count = 1;
};

std::chrono::year_month_day On(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

/// Public holidays on weekdays, with the days exchanged for them.
const std::array<ClosedDays, 15>& Holidays() {
  static const std::array<ClosedDays, 15> holidays = {{{On(2025, 1, 1)},
                                                       {On(2025, 1, 27), 5},
                                                       {On(2025, 4, 7)},
                                                       {On(2025, 4, 30), 3},
                                                       {On(2025, 9, 1), 2},
                                                       {On(2026, 1, 1), 2},
                                                       {On(2026, 2, 16), 5},
                                                       {On(2026, 4, 27)},
                                                       {On(2026, 4, 30), 2},
                                                       {On(2026, 8, 31), 3},
                                                       {On(2027, 1, 1)},
                                                       {On(2027, 2, 5), 7},
                                                       {On(2027, 4, 16)},
                                                       {On(2027, 4, 30), 4},
                                                       {On(2027, 9, 2), 2}}};
  return holidays;
}

/// The queue of one place while its day is played. Used by one call.
class Queue {
 public:
  Queue(const CounterPlace& place, const DayPlan& plan, const OfficeHours& office)
      : place_(place), plan_(plan), hours_(office), dice_(plan.seed) {
    free_at_.assign(static_cast<std::size_t>(place.counters), At(minutes(7 * 60 + 30)));
  }

  std::vector<Ticket> Play() {
    std::vector<Ticket> tickets;
    for (const base::Timestamp issued : Arrivals()) {
      Ticket ticket;
      ticket.number = fmt::format("{}-{}-{:03}", place_.agency_code, DayText(), tickets.size() + 1);
      ticket.field = kFields[dice_.Pick(place_.is_center ? kCenterWeights : kCommuneWeights)];
      ticket.issued_at = issued;
      Serve(ticket);
      tickets.push_back(std::move(ticket));
    }
    return tickets;
  }

 private:
  base::Timestamp At(base::Duration time_of_day) const {
    return hours_.zone().ToUtc(base::LocalTime(plan_.day) + time_of_day);
  }

  std::string DayText() const {
    const std::chrono::year_month_day date{plan_.day};
    return fmt::format("{:02}{:02}{:02}", static_cast<int>(date.year()) % 100,
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }

  std::vector<base::Timestamp> Arrivals() {
    const double mean =
        place_.tickets_a_day * internal::FilingWeight(plan_.day) / 1.3 * dice_.Spread(0.8, 1.2);
    const int usual = static_cast<int>(mean + dice_.Unit());
    std::vector<base::Timestamp> arrivals;
    for (int i = 0; i < usual; ++i) {
      const base::LocalTime local = internal::PickFilingTime(plan_.day, Channel::kCounter, dice_);
      arrivals.push_back(hours_.zone().ToUtc(local));
    }
    for (int i = 0; plan_.has_slow_morning && i < kCrowd; ++i) {
      arrivals.push_back(At(hours(7) + minutes(30) + seconds(dice_.Between(0, 7200))));
    }
    std::sort(arrivals.begin(), arrivals.end());
    return arrivals;
  }

  bool IsSlow(base::Timestamp moment) const {
    return plan_.has_slow_morning && moment < At(hours(11) + minutes(30));
  }

  void Serve(Ticket& ticket) {
    const bool is_slow = IsSlow(ticket.issued_at);
    const auto end = is_slow ? free_at_.begin() + 1 : free_at_.end();
    const auto counter = std::min_element(free_at_.begin(), end);
    const seconds preparing(plan_.is_given_up ? dice_.Between(60, 600) : dice_.Between(20, 180));
    const seconds patience(is_slow             ? 36'000
                           : plan_.is_given_up ? dice_.Between(120, 600)
                                               : dice_.Between(1500, 5400));
    const base::Timestamp ready = std::max(ticket.issued_at + preparing, *counter);
    const base::Timestamp called = hours_.After(ready, seconds(1));
    const base::Timestamp closes = At(hours(17));
    const base::Timestamp leaves = hours_.After(ticket.issued_at, patience);
    if (leaves < called || called > closes) {
      ticket.abandoned_at = std::min(leaves, closes);
      return;
    }
    const double slowness = is_slow ? 1.8 : 1;
    const seconds takes(static_cast<std::int64_t>(dice_.Spread(180, 900) * slowness));
    ticket.counter = static_cast<int>(counter - free_at_.begin()) + 1;
    ticket.called_at = called;
    ticket.served_at = called + takes;
    *counter = *ticket.served_at + seconds(20);
    Vote(ticket);
  }

  void Vote(Ticket& ticket) {
    if (!dice_.Chance(kVoteShare)) return;
    const bool had_to_wait = hours_.Between(ticket.issued_at, *ticket.called_at) > minutes(30);
    constexpr std::array<double, 3> kUsual = {70, 27, 3};
    constexpr std::array<double, 3> kAngry = {20, 38, 42};
    ticket.vote = static_cast<int>(dice_.Pick(had_to_wait ? kAngry : kUsual)) + 1;
  }

  const CounterPlace& place_;
  const DayPlan& plan_;
  const OfficeHours& hours_;
  Dice dice_;
  std::vector<base::Timestamp> free_at_;  // by counter
};

}  // namespace

std::vector<Ticket> TicketsOfDay(const CounterPlace& place, const DayPlan& plan,
                                 const OfficeHours& office) {
  return Queue(place, plan, office).Play();
}

bool IsOpen(LocalDay day) {
  if (internal::IsWeekend(day)) return false;
  return std::none_of(Holidays().begin(), Holidays().end(), [&](const ClosedDays& closed) {
    const LocalDay first{closed.first};
    return day >= first && day < first + days(closed.count);
  });
}

}  // namespace fansipan::simulation::service_desk

#include "simulation/sensor_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <span>
#include <utility>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;

constexpr std::int64_t kRoundsLate = 3;

/// A measured quantity and how it goes through a day.
struct Quantity {
  std::string_view name;
  std::string_view unit;
  std::string_view drifted_unit;
  double drifted_scale = 1;
  double mean = 0;
  double daily = 0;  ///< how far the hour of the day moves it
  double noise = 0;
};

constexpr std::array kAir{
    Quantity{"pm25", "ug/m3", "mg/m3", 0.001, 35, 15, 6},
    Quantity{"pm10", "ug/m3", "mg/m3", 0.001, 60, 25, 10},
    Quantity{"temperature", "C", "F", 1, 22, 6, 0.5},
};
constexpr std::array kRain{Quantity{"rain", "mm", "cm", 0.1, 0, 0, 0.8}};
constexpr std::array kRiver{Quantity{"water_level", "m", "cm", 100, 4.5, 0.4, 0.05}};

constexpr std::array<std::string_view, 3> kKinds = {"air", "rain", "river"};

std::span<const Quantity> QuantitiesOf(std::size_t kind) {
  if (kind == 0) return kAir;
  if (kind == 1) return kRain;
  return kRiver;
}

std::string StationName(std::size_t station) {
  return fmt::format("sim-{}-{:03}", kKinds[station % kKinds.size()], station + 1);
}

std::string MomentText(base::Timestamp moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(moment - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

double ValueOf(const Quantity& quantity, base::Timestamp moment, Dice& dice) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const double turn = std::chrono::duration<double, std::ratio<86'400>>(moment - day).count();
  const double wave = std::sin(2 * std::numbers::pi * turn);
  const double noise = dice.Spread(-quantity.noise, quantity.noise);
  // Most of the time it does not rain.
  if (quantity.name == "rain") return dice.Chance(0.1) ? std::abs(noise) : 0;
  return std::max(0.0, quantity.mean + quantity.daily * wave + noise);
}

}  // namespace

/// One value of one station, and what goes wrong with it.
struct SensorNetwork::Reading {
  std::size_t station = 0;
  const Quantity* quantity = nullptr;
  std::int64_t round = 0;
  double value = 0;
  bool late = false;
  bool duplicated = false;
  bool reordered = false;
  bool truncated = false;
};

SensorNetwork::SensorNetwork(std::vector<std::string> communes, const SensorNetworkOptions& options)
    : communes_(std::move(communes)), options_(options) {}

std::int64_t SensorNetwork::RoundAt(base::Timestamp moment) const {
  return moment.time_since_epoch() / options_.interval;
}

base::Timestamp SensorNetwork::MomentOf(std::int64_t round) const {
  return base::Timestamp(options_.interval * round);
}

/// By station, each with its own draws: a station more changes no other.
std::vector<SensorNetwork::Reading> SensorNetwork::ReadingsOf(std::int64_t round) const {
  const SensorFaults& faults = options_.faults;
  std::vector<Reading> readings;
  const std::size_t silent = std::min(faults.silent, options_.stations);
  for (std::size_t station = silent; station < options_.stations; ++station) {
    Dice dice(MixSeeds(MixSeeds(options_.seed, station), static_cast<std::uint64_t>(round)));
    for (const Quantity& quantity : QuantitiesOf(station % kKinds.size())) {
      Reading reading{.station = station, .quantity = &quantity, .round = round};
      reading.value = ValueOf(quantity, MomentOf(round), dice);
      reading.late = dice.Chance(faults.late);
      reading.duplicated = dice.Chance(faults.duplicated);
      reading.reordered = dice.Chance(faults.reordered);
      reading.truncated = dice.Chance(faults.truncated);
      readings.push_back(reading);
    }
  }
  return readings;
}

std::string SensorNetwork::Payload(const Reading& reading) const {
  const Quantity& quantity = *reading.quantity;
  // The last stations: the first may be silent already.
  const bool drifted = reading.station + options_.faults.drifted >= options_.stations;
  const bool fahrenheit = drifted && quantity.drifted_unit == "F";
  const double scaled = fahrenheit ? reading.value * 1.8 + 32
                        : drifted  ? reading.value * quantity.drifted_scale
                                   : reading.value;
  const std::string text = fmt::format(
      R"({{"station":"{}","commune":{},"measured_at":"{}","{}":{:.4f},"unit":"{}"}})",
      StationName(reading.station), Quoted(communes_[reading.station % communes_.size()]),
      MomentText(MomentOf(reading.round)), drifted ? "reading" : "value", scaled,
      drifted ? quantity.drifted_unit : quantity.unit);
  return reading.truncated ? text.substr(0, text.size() / 2) : text;
}

std::vector<SensorMessage> SensorNetwork::Messages(std::int64_t round) const {
  std::vector<Reading> sent;
  const auto take = [&](std::int64_t of, bool late) {
    for (const Reading& reading : ReadingsOf(of)) {
      if (reading.late != late) continue;
      sent.push_back(reading);
      if (reading.reordered && sent.size() > 1) std::swap(sent.back(), sent[sent.size() - 2]);
      if (reading.duplicated) sent.push_back(reading);
    }
  };
  take(round, false);
  take(round - kRoundsLate, true);
  std::vector<SensorMessage> messages;
  messages.reserve(sent.size());
  for (const Reading& reading : sent) {
    messages.push_back(
        {fmt::format("province/{}/{}", StationName(reading.station), reading.quantity->name),
         Payload(reading)});
  }
  return messages;
}

}  // namespace fansipan::simulation
